"""Which answers there are, which may be used, and what the pages about them show."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from triage.incidents.queries import current
from triage.responses import blocks
from triage.responses.models import Response, ResponseVersion

State = ResponseVersion.State
# The one predicate of what may reach a customer; whoever composes or sends asks it again.
USABLE = Q(state=State.APPROVED, approved_by__isnull=False, response__paused_at__isnull=True)


def is_usable(version: ResponseVersion) -> bool:
    """Tells whether this version may be sent now, as the database knows it this moment."""
    return ResponseVersion.objects.filter(USABLE, pk=version.pk).exists()


def usable(*, label: str, language: str) -> list[ResponseVersion]:
    """Gives every version that may be sent, the fitting ones first, each with its response.

    Their language comes first, whatever it is about: who writes in it can be understood. Then the
    same label, then by name.
    """
    versions = ResponseVersion.objects.filter(USABLE, response__is_holding=False)
    versions = versions.select_related("response")
    return sorted(
        versions,
        key=lambda version: (
            version.response.language != language,
            version.response.label != label,
            version.response.name,
        ),
    )


def holding_answer(*, language: str) -> ResponseVersion | None:
    """Gives the holding answer in this language, else in English; None when none is approved."""
    usable_ones = ResponseVersion.objects.filter(
        USABLE, response__is_holding=True, response__language__in=[language, "en"]
    ).select_related("response")
    return min(usable_ones, key=lambda version: version.response.language != language, default=None)


@dataclass(frozen=True, kw_only=True)
class Shelf:
    """One answer in the list: what is used now, and what waits for a second person."""

    response: Response
    approved: ResponseVersion | None
    waiting: ResponseVersion | None
    draft: ResponseVersion | None


def library() -> list[Shelf]:
    """Gives all answers with their versions that matter, in three statements at most."""
    newest: dict[tuple[int, str], ResponseVersion] = {}
    open_states = [State.APPROVED, State.IN_REVIEW, State.DRAFT]
    for version in ResponseVersion.objects.filter(state__in=open_states).order_by("number"):
        newest[version.response_id, version.state] = version
    return [
        Shelf(
            response=response,
            approved=newest.get((response.pk, State.APPROVED)),
            waiting=newest.get((response.pk, State.IN_REVIEW)),
            draft=newest.get((response.pk, State.DRAFT)),
        )
        for response in Response.objects.order_by("label", "language", "name")
    ]


def versions_of(response_id: int) -> Sequence[ResponseVersion]:
    """Gives every version of one answer, newest first, with the people behind it."""
    return list(
        ResponseVersion.objects.filter(response_id=response_id)
        .select_related("author", "approved_by", "returned_by")
        .order_by("-number")
    )


@dataclass(frozen=True, kw_only=True)
class ShownPart:
    """A piece of a version as the approver reads it: locked words, or an example in a slot."""

    text: str
    slot: str


def preview(version: ResponseVersion) -> tuple[ShownPart, ...]:
    """Gives the letter as a customer would read it, with examples in the slots."""
    incident = current()
    page = f"/incident/{incident.slug}/" if incident else "/incident/…/"
    names = {
        "customer_name": "Dana",
        "helper_name": "Maya",
        "update_page": f"{settings.MUSTER_BASE_URL}{page}",
    }
    examples = {
        "greeting": _("Hi Dana,"),
        "own line": _("(here one line in the helper’s own words, or none)"),
        "sign-off": "Maya",
    }
    return tuple(
        ShownPart(text=blocks.fill(part.text, names), slot="")
        if isinstance(part, blocks.Locked)
        else ShownPart(text=examples[part.name], slot=str(part.label))
        for part in blocks.parse(version.body)
    )
