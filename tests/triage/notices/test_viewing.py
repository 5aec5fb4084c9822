"""Who opened which email is in the record; who opens too many is slowed, and supervisors hear."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import desk, people
from triage.audit.models import AuditEvent
from triage.audit.pace import HELPERS_OPEN
from triage.notices.models import Alert
from triage.notices.viewing import TooFast, check_pace, end_calm, note_view
from triage.queues.models import Question

pytestmark = pytest.mark.django_db
NOON = people.NOON


def conversations(number: int) -> list[int]:
    return [desk.ticket().conversation_id for _ in range(number)]


def test_reading_an_email_is_one_event_an_hour(client: Client) -> None:
    client.force_login(people.person("sue"))
    (email,) = conversations(1)
    for _ in range(3):
        assert client.get(f"/inbox/{email}/").status_code == 200
    event = AuditEvent.objects.get(action="email.view")
    assert (event.subject_kind, event.subject_id, event.detail) == ("conversation", str(email), {})


def test_after_an_hour_it_is_noted_again() -> None:
    by, conversation = desk.actor("Sue"), desk.ticket().conversation
    for minutes in (0, 59, 61):
        note_view(conversation=conversation, by=by, at=NOON + timedelta(minutes=minutes))
    assert AuditEvent.objects.filter(action="email.view").count() == 2


def test_a_supervisor_who_reads_a_question_is_in_the_record(client: Client) -> None:
    asked = Question.objects.create(
        ticket=desk.ticket(), asked_by=desk.user("Eve"), text="May I?", asked_at=timezone.now()
    )
    client.force_login(people.person("sam"))
    client.get(f"/board/questions/{asked.pk}/")
    assert AuditEvent.objects.filter(action="email.view").count() == 1


def test_who_opens_more_than_one_can_read_is_slowed_and_told_of(client: Client) -> None:
    client.force_login(people.person("sue"))
    *read, one_more = conversations(HELPERS_OPEN + 1)
    for email in read:
        assert client.get(f"/inbox/{email}/").status_code == 200
    page = client.get(f"/inbox/{one_more}/")
    assert page.status_code == 429
    assert "take a few minutes" in page.content.decode()
    assert client.get(f"/inbox/{read[0]}/").status_code == 200  # what was open may be read on
    assert "Sue opened very many emails" in Alert.objects.get().text


def test_the_same_limit_holds_for_helping_the_next_person(client: Client) -> None:
    sue = people.person("sue")
    by = people.actor_for(sue, at=timezone.now())
    for _ in range(HELPERS_OPEN):
        note_view(conversation=desk.ticket().conversation, by=by, at=timezone.now())
    client.force_login(sue)
    assert client.post("/desk/next/").status_code == 429


def test_ten_minutes_later_it_is_open_again() -> None:
    by = desk.actor("Sue")
    for _ in range(HELPERS_OPEN):
        note_view(conversation=desk.ticket().conversation, by=by, at=NOON)
    with pytest.raises(TooFast):
        check_pace(by=by, at=NOON + timedelta(minutes=9))
    check_pace(by=by, at=NOON + timedelta(minutes=11))


def test_an_alert_that_was_seen_ends_so_that_the_next_haste_is_told() -> None:
    by = desk.actor("Sue")
    for _ in range(HELPERS_OPEN):
        note_view(conversation=desk.ticket().conversation, by=by, at=NOON)
    with pytest.raises(TooFast):
        check_pace(by=by, at=NOON)
    Alert.objects.update(seen_at=NOON, seen_by_id=by.id)
    assert end_calm(at=NOON + timedelta(minutes=30)) == 0
    assert end_calm(at=NOON + timedelta(hours=1)) == 1
