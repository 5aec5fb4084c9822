"""Joining by a link or by a colleague's word, and the end of everybody's helping time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from triage.accounts.actions import create_user
from triage.accounts.models import RoleGrant, User
from triage.audit.actions import Doer, Step, record
from triage.incidents.models import Incident
from triage.volunteers import links
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import CodeSheet, Enlistment, EnlistmentLink

# Standing down ends helping; this is only the outer bound when nobody stands down.
LONGEST_HELP = timedelta(days=14)
State = Enlistment.State


@dataclass(frozen=True, kw_only=True)
class Left:
    """Who was helping until everybody's time was ended."""

    user_ids: tuple[int, ...]
    links_withdrawn: int


def make_link(
    *,
    incident_id: int,
    max_uses: int,
    expires_at: datetime,
    user_id: int,
    by: Doer,
    at: datetime,
    allowed_domains: Sequence[str] = (),
    queue_ids: Sequence[int] = (),
    languages: Sequence[str] = (),
    note: str = "",
) -> EnlistmentLink:
    """Makes a link by which up to `max_uses` people join; `links.secret_of` gives its secret.

    Who comes by it begins in these queues and answers in these languages; none means any.
    """
    with transaction.atomic():
        link = EnlistmentLink.objects.create(
            incident_id=incident_id,
            secret_sha256=links.hash_of(uuid4().hex),  # until the row has the id it is made from
            note=note,
            allowed_domains=[domain.lower().lstrip("@") for domain in allowed_domains],
            queue_ids=list(queue_ids),
            languages=list(languages),
            max_uses=max_uses,
            expires_at=expires_at,
            created_by_id=user_id,
            created_at=at,
        )
        link.secret_sha256 = links.hash_of(links.secret_of(link))
        link.save(update_fields=["secret_sha256"])
        record(action="link.make", by=by, at=at, subject=link, detail={"max_uses": max_uses})
    return link


def withdraw_link(*, link_id: int, by: Doer, at: datetime) -> bool:
    """Closes a link for good; False when it was closed before."""
    with transaction.atomic():
        open_links = EnlistmentLink.objects.filter(pk=link_id, withdrawn_at__isnull=True)
        if not open_links.update(withdrawn_at=at):
            return False
        record(action="link.withdraw", by=by, at=at, subject=EnlistmentLink.objects.get(pk=link_id))
    return True


def join(*, link: EnlistmentLink, email: str, at: datetime) -> User:
    """Gives the person who asks to join by this link, created at need; opens nothing yet.

    A code mailed to the address comes next, then `confirm`. Raises OutsideDomains for a newcomer
    whose address the link does not allow, LinkClosed for a link used up, or for someone whose
    time ended after the link was made.
    """
    links.check_open(link, at=at)
    part = Enlistment.objects.filter(incident=link.incident_id, user__email__iexact=email).first()
    if part is None or part.state == State.ENDED:
        links.check_address(link, email=email)
    _check_place(link, part)
    if part is not None:
        return part.user
    user = create_user(email=email, by=Step("join"), at=at)
    with transaction.atomic():
        part, is_new = Enlistment.objects.get_or_create(
            user=user,
            incident_id=link.incident_id,
            defaults={"link": link, "until": at + LONGEST_HELP, "joined_at": at},
        )
        if is_new:
            record(action="helper.invite", by=Step("join"), at=at, subject=part)
    return user


def confirm(
    *, user_id: int, by: Doer, at: datetime, link_id: int | None = None, operation_id: str = ""
) -> Enlistment | None:
    """Counts the person in once their address is proven: the briefing comes next.

    None when they were counted in before. Without a link it is a colleague's invitation that
    counts. Raises LinkClosed when the link closed or filled up meanwhile, or nobody invited them.
    """
    with transaction.atomic():
        link = _open(link_id, at=at) if link_id is not None else None
        part = _part(user_id, link)
        if part is not None and part.state not in {State.INVITED, State.ENDED}:
            return None
        if link is not None:
            _check_place(link, part)
            _take_place(link)
            incident_id = link.incident_id
        elif part is not None and part.state == State.INVITED:
            links.check_wanted(part.incident)
            incident_id = part.incident_id
        else:
            raise LinkClosed(_("No invitation for this address is open. Please ask for a link."))
        part = _begin(part, link=link, user_id=user_id, incident_id=incident_id, at=at)
        detail = {"link": link_id}
        record(
            action="helper.join",
            by=by,
            at=at,
            subject=part,
            detail=detail,
            operation_id=operation_id,
        )
    return part


def _open(link_id: int, *, at: datetime) -> EnlistmentLink:
    link = EnlistmentLink.objects.select_related("incident").get(pk=link_id)
    links.check_open(link, at=at)
    return link


def _part(user_id: int, link: EnlistmentLink | None) -> Enlistment | None:
    """Gives this person's part in the link's incident, else in the one that is open."""
    parts = Enlistment.objects.select_for_update(of=("self",)).select_related("incident")
    if link is None:
        return parts.filter(user_id=user_id, incident__closed_at=None).first()
    return parts.filter(user_id=user_id, incident=link.incident_id).first()


def _check_place(link: EnlistmentLink, part: Enlistment | None) -> None:
    if part is not None and part.state not in {State.INVITED, State.ENDED}:
        return
    ended_at = part.ended_at if part else None
    if ended_at is not None and link.created_at <= ended_at:
        raise LinkClosed(
            _("Your helping time has ended. Thank you. To help again you need a new link.")
        )
    if links.is_used_up(link):
        raise _used_up()


def _take_place(link: EnlistmentLink) -> None:
    free = EnlistmentLink.objects.filter(pk=link.pk, uses__lt=F("max_uses"))
    if not free.update(uses=F("uses") + 1):
        raise _used_up()


def _used_up() -> LinkClosed:
    return LinkClosed(
        _("As many people as this link was made for have joined. Please ask for a new one.")
    )


def _begin(
    part: Enlistment | None,
    *,
    link: EnlistmentLink | None,
    user_id: int,
    incident_id: int,
    at: datetime,
) -> Enlistment:
    """Gives the part anew; what somebody learned, and what was chosen for them by name, stays."""
    begun: dict[str, object] = {
        "state": State.CONFIRMED,
        "joined_at": at,
        "until": at + LONGEST_HELP,
        "ended_at": None,
        "ended_by_name": "",
    }
    if link is not None:
        begun["link"] = link
        begun["queue_ids"] = (part.queue_ids if part else None) or link.queue_ids
        begun["languages"] = (part.languages if part else None) or link.languages
    made, _is_new = Enlistment.objects.update_or_create(
        user_id=user_id, incident_id=incident_id, defaults=begun
    )
    return made


def enlist(
    *, user_id: int, incident_id: int, by: Doer, at: datetime, operation_id: str = ""
) -> Enlistment | None:
    """Makes somebody a ready helper on the word of whoever runs this; None when they had a part.

    For people whom an operator brings in and has briefed in person. Whose helping time has ended
    stays out: a new link is the only way back.
    """
    with transaction.atomic():
        part, is_new = Enlistment.objects.get_or_create(
            user_id=user_id,
            incident_id=incident_id,
            defaults={
                "state": State.READY,
                "until": at + LONGEST_HELP,
                "joined_at": at,
                "read_version": Incident.objects.get(pk=incident_id).reading_version,
            },
        )
        if not is_new:
            return None
        record(action="helper.enlist", by=by, at=at, subject=part, operation_id=operation_id)
    return part


def end_all(*, incident: Incident, by: Doer, at: datetime, operation_id: str = "") -> Left:
    """Ends everybody's helping time in this incident, its links and codes; gives who left."""
    with transaction.atomic():
        active = Enlistment.objects.select_for_update().filter(
            incident=incident, ended_at__isnull=True
        )
        user_ids = tuple(active.values_list("user_id", flat=True))
        Enlistment.objects.filter(incident=incident, ended_at__isnull=True).update(
            state=State.ENDED, ended_at=at, ended_by_name=by.name
        )
        withdrawn = EnlistmentLink.objects.filter(
            incident=incident, withdrawn_at__isnull=True
        ).update(withdrawn_at=at)
        sheets = _withdraw_sheets(incident, user_ids, at=at)
        record(
            action="helper.end_all",
            by=by,
            at=at,
            subject=incident,
            detail={"count": len(user_ids), "links": withdrawn, "sheets": sheets},
            operation_id=operation_id,
        )
    return Left(user_ids=user_ids, links_withdrawn=withdrawn)


def _withdraw_sheets(incident: Incident, user_ids: Sequence[int], *, at: datetime) -> int:
    """Withdraws the incident's printed codes, and those of people for whom it was all they did."""
    staying = RoleGrant.objects.filter(user_id__in=user_ids).exclude(role=RoleGrant.Role.VOLUNTEER)
    theirs = Q(person_id__in=user_ids) & ~Q(person_id__in=staying.values("user_id"))
    sheets = CodeSheet.objects.filter(Q(incident=incident) | theirs, withdrawn_at__isnull=True)
    return sheets.update(withdrawn_at=at)
