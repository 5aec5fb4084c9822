from datetime import timedelta

import pytest

from tests.factories import desk, people
from triage.accounts.models import User
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.incidents.actions import (
    Refused,
    bind_mailbox,
    note_told,
    open_incident,
    require_second_person,
    set_known_since,
    take_back_told,
    unbind_mailbox,
)
from triage.incidents.models import Incident, Told
from triage.incidents.queries import bound_queues, told
from triage.incidents.regulator import regulator_clock

pytestmark = pytest.mark.django_db
NOON = people.NOON
BY = Step("test")
HOUR = timedelta(hours=1)


@pytest.fixture
def ada() -> User:
    return people.person("ada")


@pytest.fixture
def incident() -> Incident:
    return people.incident("watch")


def tick(incident: Incident, ada: User, **more: object) -> Told:
    given: dict[str, object] = {"audience": "regulator", "told_at": NOON, "told_by": "Ada", **more}
    return note_told(incident_id=incident.pk, user_id=ada.pk, by=BY, at=NOON, **given)  # type: ignore[arg-type]


def test_we_know_since_now_unless_somebody_says_otherwise() -> None:
    assert open_incident(name="The breach", by=BY, at=NOON).known_since == NOON


def test_an_incident_may_have_been_known_before_it_is_opened() -> None:
    opened = open_incident(name="The breach", known_since=NOON - HOUR, by=BY, at=NOON)
    assert opened.known_since == NOON - HOUR


def test_nothing_is_known_before_its_time(incident: Incident) -> None:
    with pytest.raises(Refused, match="later than now"):
        set_known_since(incident_id=incident.pk, known_since=NOON + HOUR, by=BY, at=NOON)


def test_a_correction_stands_in_the_record_with_both_times(incident: Incident) -> None:
    set_known_since(incident_id=incident.pk, known_since=NOON - HOUR, by=BY, at=NOON)
    assert AuditEvent.objects.get().detail == {
        "from": NOON.isoformat(),
        "to": (NOON - HOUR).isoformat(),
    }


@pytest.mark.parametrize(
    ("hours", "left", "is_over"), [(0, 72, False), (71, 1, False), (72, 0, True), (99, 0, True)]
)
def test_the_clock_runs_72_hours(hours: int, left: int, is_over: bool) -> None:
    clock = regulator_clock(known_since=NOON, told_at=None, at=NOON + hours * HOUR)
    assert (clock.left, clock.is_over) == (left * HOUR, is_over)


@pytest.mark.parametrize(("hours", "was_late"), [(71, False), (73, True)])
def test_the_clock_stands_once_the_regulator_was_told(hours: int, was_late: bool) -> None:
    clock = regulator_clock(known_since=NOON, told_at=NOON + hours * HOUR, at=NOON + 200 * HOUR)
    assert (clock.is_over, clock.was_late) == (False, was_late)


def test_who_was_told_stands_in_order_of_time(incident: Incident, ada: User) -> None:
    tick(incident, ada, audience="press")
    tick(incident, ada, audience="staff", told_at=NOON - HOUR)
    assert [entry.audience for entry in told(incident.pk)] == ["staff", "press"]


def test_nothing_is_ticked_before_it_is_done(incident: Incident, ada: User) -> None:
    with pytest.raises(Refused, match="has been done"):
        tick(incident, ada, told_at=NOON + HOUR)


def test_a_mistake_stays_readable_and_is_taken_back_once(incident: Incident, ada: User) -> None:
    entry = tick(incident, ada)
    assert take_back_told(told_id=entry.pk, by=BY, at=NOON)
    assert not take_back_told(told_id=entry.pk, by=BY, at=NOON)
    assert told(incident.pk)[0].taken_back_by_name == "Muster"


def test_a_mailbox_is_bound_to_one_queue_while_the_incident_is_open(incident: Incident) -> None:
    box = desk.mailbox()
    for key in ("other", "data_concern"):
        bind_mailbox(incident_id=incident.pk, mailbox_id=box.pk, queue_key=key, by=BY, at=NOON)
    assert bound_queues() == {box.pk: "data_concern"}
    Incident.objects.update(level="closed", closed_at=NOON)
    assert bound_queues() == {}


def test_a_mailbox_is_set_free_once(incident: Incident) -> None:
    box = desk.mailbox()
    bind_mailbox(incident_id=incident.pk, mailbox_id=box.pk, queue_key="other", by=BY, at=NOON)
    free = {"incident_id": incident.pk, "mailbox_id": box.pk, "by": BY, "at": NOON}
    assert unbind_mailbox(**free)  # type: ignore[arg-type]
    assert not unbind_mailbox(**free)  # type: ignore[arg-type]


def correct(incident: Incident, ada: User) -> None:
    set_known_since(incident_id=incident.pk, known_since=NOON - HOUR, by=BY, at=NOON)


def bind(incident: Incident, ada: User) -> None:
    box = desk.mailbox()
    bind_mailbox(incident_id=incident.pk, mailbox_id=box.pk, queue_key="other", by=BY, at=NOON)


def require_two(incident: Incident, ada: User) -> None:
    require_second_person(incident_id=incident.pk, by=BY, at=NOON)


@pytest.mark.parametrize(
    ("act", "module"),
    [(tick, "telling"), (correct, "opening"), (bind, "opening"), (require_two, "opening")],
)
def test_when_the_record_cannot_be_written_nothing_is(
    incident: Incident, ada: User, act, module: str, monkeypatch: pytest.MonkeyPatch
) -> None:  # type: ignore[no-untyped-def]
    def broken(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(f"triage.incidents.actions.{module}.record", broken)
    with pytest.raises(OSError, match="disk full"):
        act(incident, ada)
    now = Incident.objects.get()
    assert (now.known_since, now.needs_second_person) == (NOON, False)
    assert not told(incident.pk)
    assert bound_queues() == {}
