"""What the words to all sides are made of, read from the incident; and our own people."""

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from inbox.models import Mailbox
from triage.accounts.addresses import can_get_mail
from triage.accounts.models import User
from triage.allhands.announcements import Sources
from triage.incidents.briefings import Section
from triage.incidents.models import Incident
from triage.incidents.queries import (
    ShownSection,
    bound_mailboxes,
    public_sections,
    shown_facts,
    updates,
)
from triage.volunteers.links import secret_of
from triage.volunteers.models import EnlistmentLink


def sources(incident: Incident, *, at: datetime) -> Sources:
    """Gives everything that may be said of the incident now."""
    sections = {section.key: _texts(section) for section in public_sections(incident.pk)}
    newest = updates(incident.pk)[:1]
    confirmed = [fact for fact in shown_facts(incident.pk) if fact.holds is not None]
    return Sources(
        name=incident.name,
        page=_address(reverse("public:incident", args=[incident.slug])),
        reply_address=_reply_address(incident),
        join_address=_join_address(incident, at=at),
        happened=sections.get(Section.HAPPENED, ()),
        known=sections.get(Section.KNOWN, ()),
        unknown=sections.get(Section.UNKNOWN, ()),
        newest_update=newest[0].text if newest else "",
        facts=tuple((fact.question, fact.value) for fact in confirmed),
    )


def staff_addresses() -> list[str]:
    """Gives the addresses of all our own people: everybody who may log in and can get mail."""
    people = User.objects.filter(is_active=True).order_by("pk").values_list("email", flat=True)
    return [address for address in people if can_get_mail(address)]


def _texts(section: ShownSection) -> tuple[str, ...]:
    return tuple(paragraph.text for paragraph in section.paragraphs)


def _address(path: str) -> str:
    return f"{settings.MUSTER_BASE_URL}{path}"


def _reply_address(incident: Incident) -> str:
    bound = bound_mailboxes(incident.pk)
    if bound:
        return bound[0].mailbox.address
    first = Mailbox.objects.filter(is_active=True, kind=Mailbox.Kind.SERVER).order_by("pk").first()
    return first.address if first else ""


def _join_address(incident: Incident, *, at: datetime) -> str:
    open_links = EnlistmentLink.objects.filter(
        incident=incident, withdrawn_at__isnull=True, expires_at__gt=at
    )
    link = open_links.order_by("-pk").first()
    return _address(reverse("joining:join", args=[secret_of(link)])) if link else ""
