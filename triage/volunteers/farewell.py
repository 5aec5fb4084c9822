"""The kind word for somebody whose helping time is over, even after their login is gone.

A signed cookie remembers only that this browser once helped; it opens nothing.
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from triage.accounts.policy import Actor
from triage.accounts.queries import lead_name
from triage.accounts.shared import is_shared
from triage.volunteers.models import Enlistment

COOKIE = "muster_helped"
_SALT = "muster.volunteers.farewell"
_KEPT_SECONDS = 30 * 24 * 3600


@dataclass(frozen=True)
class Farewell:
    """What the page for a former helper needs: with whom their words are safe, what they did."""

    lead_name: str
    answers: int = 0
    people: int = 0
    minutes: int = 0


def remember(request: HttpRequest, response: HttpResponse, actor: Actor) -> None:
    """Lets this browser know, without any right, that this person helps."""
    if actor.helping is None or _helper_id(request) == actor.id or is_shared(request):
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(actor.id, salt=_SALT),
        max_age=_KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def farewell_for(request: HttpRequest, actor: Actor | None) -> Farewell | None:
    """Gives the farewell when this person, or this browser's last helper, is done helping.

    None for anybody with a standing role, for strangers, and while the helping time runs.
    """
    if actor is not None and actor.roles - {"volunteer"}:
        return None
    user_id = actor.id if actor else _helper_id(request)
    if user_id is None or not _is_over(user_id):
        return None
    return Farewell(lead_name(), *_numbers(user_id))


def held_back_by(request: HttpRequest, actor: Actor | None) -> str:
    """Gives whom a helper who was stopped should talk to, also once their login is gone.

    "" for everybody else.
    """
    user_id = actor.id if actor else _helper_id(request)
    if user_id is None or not _is_held_back(user_id, actor):
        return ""
    return lead_name() or _("the team")


def _is_held_back(user_id: int, actor: Actor | None) -> bool:
    if actor is not None:
        return actor.helping is not None and actor.helping.state == Enlistment.State.SUSPENDED
    held = Enlistment.objects.filter(user_id=user_id, state=Enlistment.State.SUSPENDED)
    return held.filter(incident__closed_at__isnull=True).exists()


def _numbers(user_id: int) -> tuple[int, ...]:
    """Answers, people and minutes of the last helping time."""
    parts = Enlistment.objects.filter(user_id=user_id).order_by("-pk")
    last = parts.values_list("answers_sent", "people_helped", "minutes_helped").first()
    return tuple(number or 0 for number in last or ())


def _helper_id(request: HttpRequest) -> int | None:
    try:
        user_id = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_KEPT_SECONDS)
    except signing.BadSignature:
        return None
    return user_id if isinstance(user_id, int) else None


def _is_over(user_id: int) -> bool:
    last = (
        Enlistment.objects.filter(user_id=user_id)
        .order_by("-pk")
        .values_list("state", "until", "incident__closed_at")
        .first()
    )
    if last is None:
        return False
    state, until, closed_at = last
    return state == Enlistment.State.ENDED or until <= timezone.now() or closed_at is not None
