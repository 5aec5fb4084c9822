"""What we know: the facts of an incident, and the briefing that quotes them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from triage.audit.actions import Doer, record
from triage.incidents import briefings, facts
from triage.incidents.actions.opening import Refused
from triage.incidents.briefings import PUBLIC_SECTIONS, Words
from triage.incidents.models import (
    Briefing,
    BriefingParagraph,
    Fact,
    FactVersion,
    Incident,
)
from triage.incidents.queries import fact_values, latest_briefing

Change = FactVersion.Change
State = FactVersion.State


def write_briefing(
    *,
    incident_id: int,
    paragraphs: Sequence[Words],
    user_id: int,
    by: Doer,
    at: datetime,
) -> Briefing:
    """Adds a version of the page that every helper reads first, and asks them to read it again.

    Raises Refused without any words, with a place nobody filled in, with a fact nobody has
    written down, with a public paragraph where none may be, and on a race.
    """
    _check_words(incident_id, paragraphs)
    last = latest_briefing(incident_id)
    try:
        with transaction.atomic():
            briefing = Briefing.objects.create(
                incident_id=incident_id,
                version=last.version + 1 if last else 1,
                by_id=user_id,
                at=at,
            )
            _add_paragraphs(briefing, paragraphs)
            must_read(incident_id=incident_id, note=_("The briefing has changed."))
            record(action="briefing.write", by=by, at=at, subject=briefing)
            return briefing
    except IntegrityError as error:
        raise Refused(
            _("Somebody saved the briefing a moment before you. Please look at theirs first.")
        ) from error


def _check_words(incident_id: int, paragraphs: Sequence[Words]) -> None:
    texts = [paragraph.text for paragraph in paragraphs]
    if not texts:
        raise Refused(_("A briefing needs some words."))
    if places := [place for text in texts for place in briefings.open_places(text)]:
        raise Refused(
            _("Please fill in or take out what still stands in brackets: %(places)s")
            % {"places": ", ".join(dict.fromkeys(places))}
        )
    if any(each.is_public and each.section not in PUBLIC_SECTIONS for each in paragraphs):
        raise Refused(_("What never to say and what to do are for helpers only."))
    if missing := facts.unknown_keys(texts, fact_values(incident_id)):
        raise Refused(
            _("There is no fact called “%(key)s”. Write the fact down first, or check its name.")
            % {"key": missing[0]}
        )


def _add_paragraphs(briefing: Briefing, paragraphs: Sequence[Words]) -> None:
    BriefingParagraph.objects.bulk_create(
        BriefingParagraph(
            briefing=briefing,
            position=position,
            section=paragraph.section,
            text=paragraph.text,
            is_public=paragraph.is_public,
        )
        for position, paragraph in enumerate(paragraphs, start=1)
    )


def must_read(*, incident_id: int, note: str) -> None:
    """Asks every helper to read `note`, one line, before their next email.

    Call it inside the transaction, and under the event, of the change it tells of.
    """
    Incident.objects.filter(pk=incident_id).update(
        reading_version=F("reading_version") + 1, reading_note=note[:300]
    )


def ask_fact(
    *,
    incident_id: int,
    key: str,
    question: str,
    user_id: int,
    by: Doer,
    at: datetime,
    value: str = "",
    source: str = "",
) -> Fact:
    """Writes down a question of the incident under a name, with what its owner proposes.

    Without a value it says that we do not know yet. Raises Refused for a name that is taken.
    """
    _check_source(value, source)
    try:
        with transaction.atomic():
            fact = Fact.objects.create(
                incident_id=incident_id, key=key, question=question, asked_at=at
            )
            _add_version(fact, 1, Change.FIRST, value, source, user_id, at)
            record(action="fact.ask", by=by, at=at, subject=fact)
            return fact
    except IntegrityError as error:
        raise Refused(_("There is a fact of this name already. Please change that one.")) from error


def change_fact(
    *,
    fact_id: int,
    seen_number: int,
    change: str,
    value: str,
    source: str,
    user_id: int,
    by: Doer,
    at: datetime,
) -> FactVersion:
    """Proposes another answer: more of the same (updated), or the former was wrong (contradicted).

    What is contradicted is quoted no more from this moment, and every helper reads of it before
    their next email. Raises Refused when somebody changed it since number `seen_number`.
    """
    _check_source(value, source)
    fact = Fact.objects.get(pk=fact_id)
    if FactVersion.objects.filter(fact=fact, number__gt=seen_number).exists():
        raise _changed_meanwhile()
    try:
        with transaction.atomic():
            version = _add_version(fact, seen_number + 1, change, value, source, user_id, at)
            if change == Change.CONTRADICTED:
                note = _("What we said was wrong: %(question)s Please do not say it any more.")
                must_read(incident_id=fact.incident_id, note=note % {"question": fact.question})
            detail = {"fact": fact.key, "number": version.number, "change": change}
            record(action="fact.change", by=by, at=at, subject=version, detail=detail)
            return version
    except IntegrityError as error:
        raise _changed_meanwhile() from error


def confirm_fact(*, version_id: int, user_id: int, by: Doer, at: datetime) -> FactVersion:
    """Lets a proposed answer hold, on a second person's word; raises Refused for its owner.

    When it contradicts what was said before, every helper reads the new words.
    """
    with transaction.atomic():
        version = FactVersion.objects.select_for_update().select_related("fact").get(pk=version_id)
        _check_may_confirm(version, user_id)
        version.state = State.CONFIRMED
        version.confirmed_by_id, version.confirmed_at = user_id, at
        version.save(update_fields=["state", "confirmed_by", "confirmed_at"])
        if version.change == Change.CONTRADICTED:
            note = f"{version.fact.question} {version.value}"
            must_read(incident_id=version.fact.incident_id, note=note)
        detail = {"fact": version.fact.key, "number": version.number}
        record(action="fact.confirm", by=by, at=at, subject=version, detail=detail)
    return version


def _check_source(value: str, source: str) -> None:
    if value and not source:
        raise Refused(_("Please say how we know this."))


def _check_may_confirm(version: FactVersion, user_id: int) -> None:
    if version.owner_id == user_id:
        raise Refused(_("You wrote this down yourself: somebody else confirms it."))
    newer = FactVersion.objects.filter(fact=version.fact_id, number__gt=version.number)
    if version.state != State.PROPOSED or newer.exists():
        raise _changed_meanwhile()


def _changed_meanwhile() -> Refused:
    return Refused(_("Somebody was a moment faster. Please look at what stands there now."))


def _add_version(
    fact: Fact, number: int, change: str, value: str, source: str, user_id: int, at: datetime
) -> FactVersion:
    return FactVersion.objects.create(
        fact=fact,
        number=number,
        value=value,
        state=State.PROPOSED if value else State.UNKNOWN,
        change=change,
        source=source,
        owner_id=user_id,
        at=at,
    )
