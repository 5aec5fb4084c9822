"""Opening an incident."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents.models import Incident

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

    `known_since`, when we came to know, is now unless said otherwise, and never later.
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
                needs_second_person=needs_second_person,
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
