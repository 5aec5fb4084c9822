import pytest

from tests.factories import people
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents import facts
from triage.incidents.actions import Refused, ask_fact, write_briefing
from triage.incidents.briefings import Words, open_places, paragraphs_of, texts_of
from triage.incidents.models import Briefing, Incident
from triage.incidents.queries import briefing_page, public_sections, words_of
from triage.incidents.skeleton import STARTER

pytestmark = pytest.mark.django_db
NOON = people.NOON
BY = Step("test")


@pytest.fixture
def ada() -> User:
    return people.person("ada")


@pytest.fixture
def incident() -> Incident:
    return people.incident("watch")


def write(incident: Incident, ada: User, **texts: str) -> Briefing:
    return write_briefing(
        incident_id=incident.pk, paragraphs=paragraphs_of(texts), user_id=ada.pk, by=BY, at=NOON
    )


def test_a_blank_line_parts_paragraphs_and_public_ones_come_first() -> None:
    assert paragraphs_of({"known": "one\r\n\r\n two ", "known_public": "three"}) == [
        Words(section="known", text="three", is_public=True),
        Words(section="known", text="one"),
        Words(section="known", text="two"),
    ]


def test_texts_and_paragraphs_are_two_ways_to_say_the_same() -> None:
    assert texts_of(paragraphs_of(STARTER)) == STARTER


def test_the_skeleton_has_something_for_every_section_and_places_to_fill_in() -> None:
    page = paragraphs_of(STARTER)
    assert {words.section for words in page} == {
        "happened",
        "known",
        "unknown",
        "never_say",
        "to_do",
    }
    assert open_places(STARTER["happened_public"])
    assert not open_places(STARTER["never_say"] + STARTER["to_do"])


def test_each_briefing_is_a_new_version_and_asks_to_be_read(incident: Incident, ada: User) -> None:
    write(incident, ada, happened="first")
    write(incident, ada, happened="second")
    page = briefing_page(incident.pk)
    assert page and page.version == 2
    assert [part.text for part in page.sections[0].paragraphs] == ["second"]
    assert Incident.objects.get().reading_version == 2


def test_sections_stand_in_reading_order_and_empty_ones_are_left_out(
    incident: Incident, ada: User
) -> None:
    write(incident, ada, to_do="Be kind.", happened="Somebody got in.")
    page = briefing_page(incident.pk)
    assert page and [section.title for section in page.sections] == ["What happened", "What to do"]


def test_only_public_paragraphs_reach_the_public(incident: Incident, ada: User) -> None:
    write(incident, ada, known="The supplier is Acme.", known_public="Names were read.")
    shown = str(public_sections(incident.pk))
    assert "Names were read." in shown
    assert "Acme" not in shown


def test_the_public_reads_the_newest_version_only(incident: Incident, ada: User) -> None:
    write(incident, ada, known_public="Cards are safe.")
    write(incident, ada, known="We are not sure about the cards.")
    assert public_sections(incident.pk) == ()


def test_a_place_that_nobody_filled_in_is_named(incident: Incident, ada: User) -> None:
    with pytest.raises(Refused, match=r"\[day\], \[time\]"):
        write(incident, ada, happened="On [day] at [time], that is [day].")


def test_a_fact_that_nobody_wrote_down_is_named(incident: Incident, ada: User) -> None:
    with pytest.raises(Refused, match="no fact called “when”"):
        write(incident, ada, happened="It began {{fact:when}}.")


def test_a_briefing_without_words_is_refused(incident: Incident, ada: User) -> None:
    with pytest.raises(Refused, match="some words"):
        write(incident, ada, happened=" \n ")


def test_what_never_to_say_is_never_public(incident: Incident, ada: User) -> None:
    words = [Words(section="never_say", text="The supplier.", is_public=True)]
    with pytest.raises(Refused, match="helpers only"):
        write_briefing(incident_id=incident.pk, paragraphs=words, user_id=ada.pk, by=BY, at=NOON)


def test_facts_are_filled_in_once(incident: Incident, ada: User) -> None:
    ask_fact(incident_id=incident.pk, key="when", question="When?", user_id=ada.pk, by=BY, at=NOON)
    write(incident, ada, happened="It began: {{fact:when}}.")
    page = briefing_page(incident.pk)
    assert page and page.sections[0].paragraphs[0].text == "It began: we do not know this yet."
    assert facts.fill("{{fact:a}} {{fact:b}}", {"a": "{{fact:b}}", "b": "2"}) == "{{fact:b}} 2"


def test_when_the_record_cannot_be_written_no_version_is_there(
    incident: Incident, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("triage.incidents.actions.knowing.record", broken)
    with pytest.raises(OSError, match="disk full"):
        write(incident, ada, happened="Somebody got in.")
    assert not Briefing.objects.exists()
    assert Incident.objects.get().reading_version == 0


def test_a_briefing_leaves_one_event_without_its_words(incident: Incident, ada: User) -> None:
    briefing = write(incident, ada, happened="Somebody got in.")
    assert "Somebody" not in str(AuditEvent.objects.values().get())
    assert words_of(briefing) == [Words(section="happened", text="Somebody got in.")]
