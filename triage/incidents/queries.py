"""The open incident and what belongs to it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from triage.incidents import facts
from triage.incidents.briefings import PUBLIC_SECTIONS, Section, Words
from triage.incidents.models import (
    Briefing,
    BriefingParagraph,
    Fact,
    FactVersion,
    Incident,
    IncidentMailbox,
    LevelRequest,
    StatusUpdate,
    Told,
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


@dataclass(frozen=True, kw_only=True)
class ShownFact:
    """A fact as its page shows it: what is quoted now, and what waits for a second person."""

    id: int
    key: str
    question: str
    value: str
    holds: FactVersion | None
    proposed: FactVersion | None
    newest_number: int

    @property
    def quote(self) -> str:
        """Gives how a text quotes it."""
        return f"{{{{fact:{self.key}}}}}"


def shown_facts(incident_id: int) -> list[ShownFact]:
    """Gives every fact of the incident with its versions that matter, in two statements."""
    facts_of = Fact.objects.filter(incident_id=incident_id).prefetch_related(
        Prefetch(
            "versions",
            FactVersion.objects.order_by("number").select_related("owner", "confirmed_by"),
        )
    )
    return [_shown_fact(fact) for fact in facts_of.order_by("key")]


def _shown_fact(fact: Fact) -> ShownFact:
    rows = {row.number: row for row in fact.versions.all()}
    versions = [_version(row) for row in rows.values()]
    holds = facts.holding(versions)
    newest = rows[max(rows)]
    return ShownFact(
        id=fact.pk,
        key=fact.key,
        question=fact.question,
        value=facts.value_of(versions),
        holds=rows[holds.number] if holds else None,
        proposed=newest if newest.state == FactVersion.State.PROPOSED else None,
        newest_number=newest.number,
    )


def _version(row: FactVersion) -> facts.Version:
    return facts.Version(number=row.number, state=row.state, change=row.change, value=row.value)


def fact_values(incident_id: int) -> dict[str, str]:
    """Gives the words that hold now for every fact of the incident, by its key."""
    versions: dict[str, list[facts.Version]] = defaultdict(list)
    for row in FactVersion.objects.filter(fact__incident_id=incident_id).select_related("fact"):
        versions[row.fact.key].append(_version(row))
    return {key: facts.value_of(those) for key, those in versions.items()}


def updates(incident_id: int) -> list[StatusUpdate]:
    """Gives what the public page says, newest first."""
    return list(StatusUpdate.objects.filter(incident_id=incident_id).order_by("-at", "-pk"))


def told(incident_id: int) -> list[Told]:
    """Gives who was told and when, in that order, with what was written down by mistake."""
    return list(Told.objects.filter(incident_id=incident_id).order_by("told_at", "pk"))


def open_request(incident: Incident) -> LevelRequest | None:
    """Gives the change that one person asked for and another may confirm; None without any."""
    return (
        LevelRequest.objects.filter(
            incident=incident, ended_at__isnull=True, version=incident.version
        )
        .select_related("asked_by")
        .first()
    )


def bound_mailboxes(incident_id: int) -> list[IncidentMailbox]:
    """Gives the mailboxes whose emails belong to the incident, with their rows."""
    rows = IncidentMailbox.objects.filter(incident_id=incident_id).select_related("mailbox")
    return list(rows.order_by("mailbox__address"))


def bound_queues() -> dict[int, str]:
    """Gives the queue's key for each mailbox that is bound to the open incident, by its id."""
    rows = IncidentMailbox.objects.filter(incident__closed_at__isnull=True)
    return dict(rows.values_list("mailbox_id", "queue_key"))
