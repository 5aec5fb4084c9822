"""A letter to all our own people leaves once to each, after login codes and before answers."""

from datetime import timedelta

import pytest

from inbox.models import OutboundMessage
from tests.factories import people
from tests.factories.outbox import answer, sender
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.notices.actions import write_to_staff
from triage.notices.models import Notice, Recipient
from triage.notices.staff import deliveries, write_letters

pytestmark = pytest.mark.django_db
NOON = people.NOON


@pytest.fixture
def notice() -> Notice:
    row = write("ann@example.com", "BOB@example.com", "bob@example.com")
    assert row
    return row


def write(*addresses: str, key: str = "one") -> Notice | None:
    user = people.User.objects.filter(name="Ada").first() or people.person("ada")
    incident = people.Incident.objects.first() or people.incident("watch")
    return write_to_staff(
        incident_id=incident.pk,
        subject="Please read first",
        text="Dear colleagues,",
        addresses=addresses,
        sent_key=key,
        user_id=user.pk,
        by=Step("test"),
        at=NOON,
    )


def test_each_address_gets_one_letter_whatever_its_case(notice: Notice) -> None:
    box = sender("smtp://127.0.0.1:1")
    assert write_letters(at=NOON) == 2
    assert write_letters(at=NOON + timedelta(hours=1)) == 0
    mails = OutboundMessage.objects.all()
    assert {mail.recipient.lower() for mail in mails} == {"ann@example.com", "bob@example.com"}
    assert all(mail.mailbox == box for mail in mails)


def test_letters_stand_between_login_codes_and_answers(notice: Notice) -> None:
    box = sender("smtp://127.0.0.1:1")
    write_letters(at=NOON)
    assert 0 < OutboundMessage.objects.first().priority < answer(box).priority  # type: ignore[union-attr]


def test_the_same_form_sent_twice_is_one_letter(notice: Notice) -> None:
    assert write("eve@example.com") is None
    assert Recipient.objects.count() == 2
    assert AuditEvent.objects.filter(action="notice.staff").count() == 1


def test_without_a_mailbox_that_sends_letters_wait(
    notice: Notice, settings: pytest.MonkeyPatch
) -> None:
    settings.DEFAULT_FROM_EMAIL = "nobody"  # type: ignore[attr-defined]
    assert write_letters(at=NOON) == 0
    assert Recipient.objects.filter(due_at__isnull=False).count() == 2
    sender("smtp://127.0.0.1:1")
    assert write_letters(at=NOON + timedelta(minutes=3)) == 2


def test_how_far_the_letter_is(notice: Notice) -> None:
    sender("smtp://127.0.0.1:1")
    write_letters(at=NOON)
    first = OutboundMessage.objects.order_by("pk").first()
    OutboundMessage.objects.filter(pk=first.pk).update(  # type: ignore[union-attr]
        state="sent", sent_at=NOON, due_at=None
    )
    (now,) = deliveries(notice.incident_id)
    assert (now.people, now.sent, now.queued, now.failed) == (2, 1, 1, 0)
    OutboundMessage.objects.exclude(pk=first.pk).update(state="bounced", due_at=None)  # type: ignore[union-attr]
    (now,) = deliveries(notice.incident_id)
    assert (now.sent, now.queued, now.failed) == (1, 0, 1)


def test_when_the_record_cannot_be_written_no_letter_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("triage.notices.actions.record", broken)
    with pytest.raises(OSError, match="disk full"):
        write("ann@example.com")
    assert not Notice.objects.exists()
