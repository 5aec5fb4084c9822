"""Reading the briefing and giving the promise: what comes before the first email."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.accounts.actions import name_person
from triage.accounts.models import User
from triage.accounts.policy import FINISHING_STATES, Actor
from triage.audit.actions import Doer, record
from triage.incidents.models import Incident
from triage.incidents.queries import latest_briefing
from triage.volunteers.actions.standing import Refused
from triage.volunteers.models import BriefingReceipt, Enlistment, PracticeRound
from triage.volunteers.progress import next_state

State = Enlistment.State
# Who may acknowledge the briefing: on the way to helping, or helping already.
_READING = [State.CONFIRMED, State.BRIEFING, State.PRACTISING, *FINISHING_STATES]


@dataclass(frozen=True, kw_only=True)
class Signing:
    """How a helper signs, and which languages they answer in."""

    shown_name: str
    department: str = ""
    shows_department: bool = False
    languages: Sequence[str] = ()
    takes_furious: bool = False


def open_briefing(*, user_id: int, incident_id: int, by: Doer, at: datetime) -> bool:
    """Notes that somebody whose address is proven has the briefing before them; once is enough."""
    with transaction.atomic():
        part = Enlistment.objects.filter(
            user_id=user_id, incident_id=incident_id, state=State.CONFIRMED
        )
        if not part.update(state=State.BRIEFING):
            return False
        opened = Enlistment.objects.get(user_id=user_id, incident_id=incident_id)
        record(action="briefing.open", by=by, at=at, subject=opened)
    return True


def acknowledge_briefing(
    *, user_id: int, incident_id: int, by: Doer, at: datetime, seen: int | None = None
) -> Enlistment:
    """Notes that the person read the newest briefing; the promise or practice may come next.

    `seen` is the incident's reading_version that stood on their page: what changed after it they
    are asked to read again. Raises Enlistment.DoesNotExist when they have no helping time in this
    incident.
    """
    with transaction.atomic():
        part = Enlistment.objects.select_for_update().get(
            user_id=user_id, incident_id=incident_id, state__in=_READING
        )
        briefing = latest_briefing(incident_id)
        newest = Incident.objects.get(pk=incident_id).reading_version
        read = newest if seen is None else min(seen, newest)
        if briefing and read == newest:
            BriefingReceipt.objects.get_or_create(
                enlistment=part, briefing=briefing, defaults={"at": at}
            )
        part.state = part.state if part.state in FINISHING_STATES else next_state(part)
        part.read_version = max(part.read_version, read)
        part.save(update_fields=["state", "read_version"])
        detail = {"briefing": briefing.version if briefing else 0}
        record(action="briefing.acknowledge", by=by, at=at, subject=part, detail=detail)
    return part


def promise(
    *, user: User, incident_id: int, signing: Signing, by: Actor, at: datetime
) -> Enlistment:
    """Keeps the confidentiality promise and how the helper signs; practice or helping comes next.

    Who practised before goes on at once, with the trust earned then; so do the steady team's
    people in a small team. Raises Refused before the briefing is read, Enlistment.DoesNotExist
    without a helping time in this incident.
    """
    with transaction.atomic():
        part = Enlistment.objects.select_for_update().get(
            user=user, incident_id=incident_id, state__in=_READING
        )
        if not _has_read(part):
            raise Refused(_("Please read the briefing first."))
        _sign(part, user, signing, by=by, at=at)
        if part.promised_at is None:
            _take_over(part)
            part.promised_at = at
        if part.state not in FINISHING_STATES:
            part.state = State.READY if _skips_practice(by) else next_state(part)
        part.save(update_fields=["state", "promised_at", "practised_at", "trust", *_SIGNED])
        record(action="helper.promise", by=by, at=at, subject=part)
    return part


def sign_anew(*, user: User, signing: Signing, by: Actor, at: datetime) -> bool:
    """Changes how somebody signs and what they take; False without a part in the open incident."""
    with transaction.atomic():
        part = (
            Enlistment.objects.select_for_update(of=("self",))
            .filter(user=user, incident__closed_at__isnull=True, ended_at__isnull=True)
            .first()
        )
        if part is None:
            return False
        _sign(part, user, signing, by=by, at=at)
        part.save(update_fields=_SIGNED)
        record(action="helper.sign", by=by, at=at, subject=part)
    return True


_SIGNED = ["department", "shows_department", "languages", "takes_furious"]


def _sign(part: Enlistment, user: User, signing: Signing, *, by: Actor, at: datetime) -> None:
    if signing.shown_name != user.shown_name:
        name = user.name or signing.shown_name
        name_person(user=user, name=name, shown_name=signing.shown_name, by=by, at=at)
    part.department, part.shows_department = signing.department, signing.shows_department
    part.languages, part.takes_furious = list(signing.languages), signing.takes_furious


def _has_read(part: Enlistment) -> bool:
    briefing = latest_briefing(part.incident_id)
    return briefing is None or part.receipts.exists()


def _take_over(part: Enlistment) -> None:
    """Brings what the person earned in earlier incidents."""
    passed = PracticeRound.objects.filter(user_id=part.user_id, passed=True).order_by("-pk").first()
    before = (
        Enlistment.objects.filter(user_id=part.user_id, promised_at__isnull=False)
        .exclude(pk=part.pk)
        .order_by("-promised_at")
        .first()
    )
    part.practised_at = part.practised_at or (passed.finished_at if passed else None)
    part.trust = max(part.trust, before.trust) if before else part.trust


def _skips_practice(by: Actor) -> bool:
    return by.has("support") and by.ceremony.support_skips_practice
