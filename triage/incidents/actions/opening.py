"""Opening an incident: its name, since when we know, its mailboxes, how many switch it on."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from triage.accounts.queries import ceremony
from triage.audit.actions import Doer, record
from triage.incidents.models import Incident, IncidentMailbox

LONGEST_NAME = 120


class Refused(Exception):
    """What was asked cannot be done; the message says why, in words for the person."""


def open_incident(
    *,
    name: str,
    by: Doer,
    at: datetime,
    known_since: datetime | None = None,
    needs_second_person: bool = False,
) -> Incident:
    """Opens an incident at level watch; raises Refused without a name or beside an open one.

    `known_since`, when we came to know, is now unless said otherwise, and never later. In a large
    company two people switch on and close whatever is said here.
    """
    name, known_since = name.strip(), known_since or at
    if known_since > at:
        raise Refused(_("We cannot have known it later than now."))
    if not 0 < len(name) <= LONGEST_NAME:
        raise Refused(
            _("Give the incident a name of up to %(count)d characters.") % {"count": LONGEST_NAME}
        )
    try:
        with transaction.atomic():
            incident = Incident.objects.create(
                name=name,
                slug=_free_slug(name),
                opened_at=at,
                known_since=known_since,
                level_since=at,
                needs_second_person=needs_second_person or ceremony().needs_quorum,
            )
            record(action="incident.open", by=by, at=at, subject=incident)
            return incident
    except IntegrityError as error:
        raise Refused(_("An incident is open already. Close it first.")) from error


def _free_slug(name: str) -> str:
    stem = slugify(name)[:50] or "incident"
    taken = set(Incident.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    free = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return stem if stem not in taken else next(slug for slug in free if slug not in taken)


def set_known_since(*, incident_id: int, known_since: datetime, by: Doer, at: datetime) -> None:
    """Corrects when we came to know of it; raises Refused for a time that is yet to come."""
    if known_since > at:
        raise Refused(_("We cannot have known it later than now."))
    with transaction.atomic():
        incident = Incident.objects.select_for_update().get(pk=incident_id)
        before, incident.known_since = incident.known_since, known_since
        incident.save(update_fields=["known_since"])
        detail = {"from": before.isoformat(), "to": known_since.isoformat()}
        record(action="incident.known_since", by=by, at=at, subject=incident, detail=detail)


def require_second_person(*, incident_id: int, by: Doer, at: datetime) -> bool:
    """Lets two people switch on and close from now on; False when it was so before.

    There is no way back: whoever could take it off alone would not need a second person.
    """
    with transaction.atomic():
        alone = Incident.objects.filter(pk=incident_id, needs_second_person=False)
        if not alone.update(needs_second_person=True):
            return False
        incident = Incident.objects.get(pk=incident_id)
        record(action="incident.require_second_person", by=by, at=at, subject=incident)
    return True


def bind_mailbox(
    *, incident_id: int, mailbox_id: int, queue_key: str, by: Doer, at: datetime
) -> IncidentMailbox:
    """Lets emails to a mailbox come straight to one of the incident's queues; again: another queue.

    It holds for what arrives from now on, as long as the incident is open.
    """
    with transaction.atomic():
        bound, _is_new = IncidentMailbox.objects.update_or_create(
            incident_id=incident_id,
            mailbox_id=mailbox_id,
            defaults={"queue_key": queue_key},
            create_defaults={"queue_key": queue_key, "bound_at": at},
        )
        detail = {"mailbox": mailbox_id, "queue": queue_key}
        record(action="incident.bind_mailbox", by=by, at=at, subject=bound, detail=detail)
    return bound


def unbind_mailbox(*, incident_id: int, mailbox_id: int, by: Doer, at: datetime) -> bool:
    """Lets a mailbox's emails be sorted like all others again; False when they were."""
    with transaction.atomic():
        rows = IncidentMailbox.objects.filter(incident_id=incident_id, mailbox_id=mailbox_id)
        if not rows.delete()[0]:
            return False
        incident = Incident.objects.get(pk=incident_id)
        detail = {"mailbox": mailbox_id}
        record(action="incident.unbind_mailbox", by=by, at=at, subject=incident, detail=detail)
    return True
