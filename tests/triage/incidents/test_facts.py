import pytest

from tests.factories import people
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents import facts
from triage.incidents.actions import Refused, ask_fact, change_fact, confirm_fact
from triage.incidents.facts import Version
from triage.incidents.models import FactVersion, Incident
from triage.incidents.queries import fact_values

pytestmark = pytest.mark.django_db
NOON = people.NOON
BY = Step("test")
UNKNOWN = "we do not know this yet"


def version(number: int, state: str, value: str = "", change: str = "updated") -> Version:
    return Version(number=number, state=state, value=value, change=change)


@pytest.mark.parametrize(
    ("versions", "said"),
    [
        ([], UNKNOWN),
        ([version(1, "proposed", "Monday")], UNKNOWN),
        ([version(1, "confirmed", "Monday")], "Monday"),
        ([version(1, "confirmed", "Monday"), version(2, "proposed", "Monday, 9:00")], "Monday"),
        ([version(1, "confirmed", "Monday"), version(2, "confirmed", "Tuesday")], "Tuesday"),
        ([version(1, "confirmed", "Monday"), version(2, "unknown")], UNKNOWN),
        (
            [version(1, "confirmed", "Monday"), version(2, "proposed", "Friday", "contradicted")],
            UNKNOWN,
        ),
    ],
)
def test_what_is_quoted_is_what_holds_now(versions: list[Version], said: str) -> None:
    assert facts.value_of(versions) == said


@pytest.fixture
def incident() -> Incident:
    return people.incident("watch")


@pytest.fixture
def ada() -> User:
    return people.person("ada")


@pytest.fixture
def monday(incident: Incident, ada: User) -> FactVersion:
    """A fact that Ada wrote down and Leo confirmed."""
    fact = ask_fact(
        incident_id=incident.pk,
        key="when",
        question="When did it begin?",
        value="Monday",
        source="The log of the login server.",
        user_id=ada.pk,
        by=BY,
        at=NOON,
    )
    leo = people.person("leo")
    return confirm_fact(version_id=fact.versions.get().pk, user_id=leo.pk, by=BY, at=NOON)


def change(of: FactVersion, ada: User, value: str, kind: str, seen: int = 1) -> FactVersion:
    return change_fact(
        fact_id=of.fact_id,
        seen_number=seen,
        change=kind,
        value=value,
        source="The log." if value else "",
        user_id=ada.pk,
        by=BY,
        at=NOON,
    )


def value() -> str:
    return fact_values(Incident.objects.get().pk)["when"]


def test_a_fact_holds_once_a_second_person_confirmed_it(monday: FactVersion) -> None:
    assert value() == "Monday"


def test_nobody_confirms_what_they_wrote_down(incident: Incident, ada: User) -> None:
    fact = ask_fact(
        incident_id=incident.pk,
        key="when",
        question="When?",
        value="Monday",
        source="The log.",
        user_id=ada.pk,
        by=BY,
        at=NOON,
    )
    with pytest.raises(Refused, match="somebody else"):
        confirm_fact(version_id=fact.versions.get().pk, user_id=ada.pk, by=BY, at=NOON)


def test_an_update_leaves_the_older_words_until_it_is_confirmed(
    monday: FactVersion, ada: User
) -> None:
    change(monday, ada, "Monday, 9:00", "updated")
    assert value() == "Monday"
    assert Incident.objects.get().reading_version == 0


def test_a_contradiction_is_out_of_every_text_at_once_and_helpers_read_of_it(
    monday: FactVersion, ada: User
) -> None:
    change(monday, ada, "Friday", "contradicted")
    incident = Incident.objects.get()
    assert value() == UNKNOWN
    assert incident.reading_version == 1
    assert "When did it begin?" in incident.reading_note


def test_the_new_words_are_read_too_once_they_are_confirmed(monday: FactVersion, ada: User) -> None:
    friday = change(monday, ada, "Friday", "contradicted")
    sam = people.person("sam")
    confirm_fact(version_id=friday.pk, user_id=sam.pk, by=BY, at=NOON)
    incident = Incident.objects.get()
    assert value() == "Friday"
    assert (incident.reading_version, incident.reading_note) == (2, "When did it begin? Friday")


def test_who_saw_an_older_version_changes_nothing(monday: FactVersion, ada: User) -> None:
    change(monday, ada, "Friday", "updated")
    with pytest.raises(Refused, match="a moment faster"):
        change(monday, ada, "Sunday", "updated")


def test_only_the_newest_proposal_is_confirmed_and_only_once(
    monday: FactVersion, ada: User
) -> None:
    first = change(monday, ada, "Friday", "updated")
    change(monday, ada, "Sunday", "updated", seen=2)
    with pytest.raises(Refused):
        confirm_fact(version_id=first.pk, user_id=people.person("sam").pk, by=BY, at=NOON)
    with pytest.raises(Refused):
        confirm_fact(version_id=monday.pk, user_id=User.objects.get(name="Sam").pk, by=BY, at=NOON)


def test_a_value_needs_its_source(monday: FactVersion, ada: User) -> None:
    with pytest.raises(Refused, match="how we know"):
        change_fact(
            fact_id=monday.fact_id,
            seen_number=1,
            change="updated",
            value="Friday",
            source="",
            user_id=ada.pk,
            by=BY,
            at=NOON,
        )


def test_a_name_is_given_once(monday: FactVersion, incident: Incident, ada: User) -> None:
    with pytest.raises(Refused, match="already"):
        ask_fact(incident_id=incident.pk, key="when", question="?", user_id=ada.pk, by=BY, at=NOON)


def test_the_record_tells_of_a_fact_without_its_words(monday: FactVersion, ada: User) -> None:
    change(monday, ada, "Friday", "contradicted")
    events = AuditEvent.objects.order_by("pk")
    assert [event.action for event in events] == ["fact.ask", "fact.confirm", "fact.change"]
    assert "Friday" not in str(list(events.values()))
