"""The open incident and what belongs to it."""

from triage.incidents.models import Briefing, Incident, StatusUpdate


def current() -> Incident | None:
    """Gives the incident that is open now; None on a calm day."""
    return Incident.objects.filter(closed_at__isnull=True).first()


def latest_briefing(incident_id: int) -> Briefing | None:
    """Gives the briefing's newest version; None while nobody has written one."""
    return Briefing.objects.filter(incident_id=incident_id).order_by("-version").first()


def updates(incident_id: int) -> list[StatusUpdate]:
    """Gives what the public page says, newest first."""
    return list(StatusUpdate.objects.filter(incident_id=incident_id).order_by("-at", "-pk"))
