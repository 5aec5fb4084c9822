"""Join links: who holds one may ask to help, as long as the link is open."""

import hashlib
from base64 import urlsafe_b64encode
from datetime import datetime

from django.core import signing
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from triage.incidents.models import Incident
from triage.volunteers.models import Enlistment, EnlistmentLink

_SECRET_BYTES = 18
_INVITATION = "muster.volunteers.invitation"


class LinkClosed(Exception):
    """This link lets nobody in; the message says why, in words for the person who opened it."""


class OutsideDomains(LinkClosed):
    """The address is outside the link's mail domains: an admin has to say yes first."""


def secret_of(link: EnlistmentLink) -> str:
    """Gives the link's secret again, for the admin's page.

    It is derived with SECRET_KEY, so that the database alone opens no door. After SECRET_KEY was
    changed the links that are out still work, but what this gives no longer opens them.
    """
    told = f"{link.pk}:{link.incident_id}:{link.created_at.timestamp()}"
    digest = salted_hmac("muster.volunteers.link", told, algorithm="sha256").digest()
    return urlsafe_b64encode(digest[:_SECRET_BYTES]).decode()


def hash_of(secret: str) -> str:
    """Gives what the database keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def open_link(*, secret: str, at: datetime) -> EnlistmentLink:
    """Gives the link with this secret; raises LinkClosed when it is unknown or over."""
    link = (
        EnlistmentLink.objects.select_related("incident")
        .filter(secret_sha256=hash_of(secret))
        .first()
    )
    if link is None:
        raise LinkClosed(
            _("This link is not known here. Perhaps a letter was lost: please open it once more.")
        )
    check_open(link, at=at)
    return link


def check_open(link: EnlistmentLink, *, at: datetime) -> None:
    """Raises LinkClosed when the link was withdrawn, has run out, or helping is over."""
    check_wanted(link.incident)
    if link.withdrawn_at is not None:
        raise LinkClosed(_("This link is no longer in use. Please ask for the new one."))
    if link.expires_at <= at:
        raise LinkClosed(_("This link has run out. Please ask for a new one."))


def check_wanted(incident: Incident) -> None:
    """Raises LinkClosed when the incident takes no more helpers."""
    if incident.level in {Incident.Level.RECOVERY, Incident.Level.CLOSED}:
        raise LinkClosed(_("The rush is over, and no more helpers are needed. Thank you."))


def is_used_up(link: EnlistmentLink) -> bool:
    """Tells whether as many people came by this link as it was made for."""
    return link.uses >= link.max_uses


def check_address(link: EnlistmentLink, *, email: str) -> None:
    """Raises OutsideDomains for an address outside the link's mail domains, if it has any."""
    domain = email.rpartition("@")[2].lower()
    if link.allowed_domains and domain not in link.allowed_domains:
        raise OutsideDomains(
            _("Please use your work address, ending in %(domains)s.")
            % {"domains": ", ".join(f"@{name}" for name in link.allowed_domains)}
        )


def invitation_token(part: Enlistment) -> str:
    """Gives the signed word in a personal link; it names the invitation and opens nothing alone."""
    return signing.dumps(part.pk, salt=_INVITATION)


def invitation(token: str, *, at: datetime) -> Enlistment:
    """Gives the invitation that a personal link names; raises LinkClosed when it is over.

    Somebody who joined already finds their part again: they log in by the same link.
    """
    part = Enlistment.objects.select_related("incident", "user").filter(pk=_named(token)).first()
    if part is None:
        raise LinkClosed(
            _("This link is not known here. Perhaps a letter was lost: please open it once more.")
        )
    check_wanted(part.incident)
    if part.state == Enlistment.State.ENDED or part.until <= at:
        raise LinkClosed(_("This invitation has run out. Please ask for a new one."))
    return part


def _named(token: str) -> int:
    try:
        return int(signing.loads(token, salt=_INVITATION))
    except (signing.BadSignature, TypeError, ValueError):
        return 0
