"""While sending is paused no answer leaves; mail to our own staff does."""

import pytest

from inbox import deliveries
from inbox.models import OutboundMessage
from inbox.outbox import pause, pause_all, resume_all
from tests.factories import outbox
from tests.factories.mail import NOON

pytestmark = pytest.mark.django_db


def due() -> list[str]:
    return sorted(deliveries.ready(NOON).values_list("kind", flat=True))


def test_a_pause_holds_answers_and_lets_staff_mail_go() -> None:
    box = outbox.sender("smtp://127.0.0.1:2525")
    outbox.answer(box, due_at=NOON)
    staff = outbox.answer(box, due_at=NOON)
    OutboundMessage.objects.filter(pk=staff.pk).update(kind=OutboundMessage.Kind.STAFF)
    assert pause_all(by_name="Sam", at=NOON)
    assert due() == ["staff"]
    assert resume_all(by_name="Sam", at=NOON)
    assert due() == ["answer", "staff"]


def test_a_mail_that_is_to_be_tried_again_is_held_too() -> None:
    again = outbox.answer(outbox.sender("smtp://127.0.0.1:2525"), due_at=NOON)
    OutboundMessage.objects.filter(pk=again.pk).update(state=OutboundMessage.State.SENDING)
    pause_all(by_name="Sam", at=NOON)
    assert due() == []


def test_pausing_twice_is_one_pause() -> None:
    assert [pause_all(by_name=name, at=NOON) for name in ("Sam", "Ada")] == [True, False]
    found = pause()
    assert found
    assert found.paused_by_name == "Sam"
    assert [resume_all(by_name="Sam", at=NOON) for _ in range(2)] == [True, False]
    assert pause() is None
