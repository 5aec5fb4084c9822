"""The open incident and what belongs to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from triage.incidents import facts
from triage.incidents.briefings import PUBLIC_SECTIONS, Section, Words
from triage.incidents.models import (
    Briefing,
    BriefingParagraph,
    FactVersion,
    Incident,
    StatusUpdate,
)


def current() -> Incident | None:
    """Gives the incident that is open now; None on a calm day."""
    return Incident.objects.filter(closed_at__isnull=True).first()


def latest_briefing(incident_id: int) -> Briefing | None:
    """Gives the briefing's newest version; None while nobody has written one."""
    return Briefing.objects.filter(incident_id=incident_id).order_by("-version").first()


@dataclass(frozen=True, kw_only=True)
class ShownParagraph:
    """One paragraph as it reads now, facts filled in."""

    text: str
    is_public: bool


@dataclass(frozen=True, kw_only=True)
class ShownSection:
    """One section of the briefing with its heading; never without a paragraph."""

    key: str
    title: str
    paragraphs: tuple[ShownParagraph, ...]


@dataclass(frozen=True, kw_only=True)
class BriefingPage:
    """The page that every helper reads: its version, and its sections in reading order."""

    version: int
    at: datetime
    sections: tuple[ShownSection, ...]


def briefing_page(incident_id: int) -> BriefingPage | None:
    """Gives the newest briefing as helpers read it now; None while there is none.

    Internal and public paragraphs together, facts at the value that holds now; three statements.
    """
    briefing = latest_briefing(incident_id)
    if briefing is None:
        return None
    paragraphs = list(BriefingParagraph.objects.filter(briefing=briefing))
    values = fact_values(incident_id)
    return BriefingPage(
        version=briefing.version, at=briefing.at, sections=_sections(paragraphs, values)
    )


def public_sections(incident_id: int) -> tuple[ShownSection, ...]:
    """Gives what everybody may read of the newest briefing; nothing internal is even loaded."""
    newest = Briefing.objects.filter(incident_id=incident_id).order_by("-version").values("pk")[:1]
    paragraphs = list(
        BriefingParagraph.objects.filter(
            briefing__in=newest, is_public=True, section__in=PUBLIC_SECTIONS
        )
    )
    return _sections(paragraphs, fact_values(incident_id)) if paragraphs else ()


def _sections(
    paragraphs: list[BriefingParagraph], values: dict[str, str]
) -> tuple[ShownSection, ...]:
    together: dict[str, list[ShownParagraph]] = defaultdict(list)
    for row in paragraphs:
        shown = ShownParagraph(text=facts.fill(row.text, values), is_public=row.is_public)
        together[row.section].append(shown)
    return tuple(
        ShownSection(
            key=section.value,
            title=str(section.label),
            paragraphs=tuple(together[section.value]),
        )
        for section in Section
        if section.value in together
    )


def words_of(briefing: Briefing) -> list[Words]:
    """Gives a briefing's paragraphs as they were typed, to write the next version from."""
    return [
        Words(section=row.section, text=row.text, is_public=row.is_public)
        for row in briefing.paragraphs.all()
    ]


def fact_values(incident_id: int) -> dict[str, str]:
    """Gives the words that hold now for every fact of the incident, by its key."""
    versions: dict[str, list[facts.Version]] = defaultdict(list)
    rows = FactVersion.objects.filter(fact__incident_id=incident_id)
    for key, number, state, change, value in rows.values_list(
        "fact__key", "number", "state", "change", "value"
    ):
        versions[key].append(facts.Version(number=number, state=state, change=change, value=value))
    return {key: facts.value_of(those) for key, those in versions.items()}


def updates(incident_id: int) -> list[StatusUpdate]:
    """Gives what the public page says, newest first."""
    return list(StatusUpdate.objects.filter(incident_id=incident_id).order_by("-at", "-pk"))
