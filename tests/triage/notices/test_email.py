"""Mail from Muster itself goes through the outbox, ahead of every answer."""

import pytest
from django.core.mail import EmailMessage, send_mail
from pytest_django import Settings

from inbox.frozen import NotAnAddress
from inbox.models import OutboundMessage
from tests.factories.outbox import answer, sender

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _our_backend(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "triage.notices.email.OutboxBackend"


def test_django_mail_becomes_a_staff_mail_from_the_sending_mailbox():
    box = sender("smtp://127.0.0.1:1")
    assert send_mail("Your code", "Code: 1234", None, ["ann@example.org"]) == 1
    mail = OutboundMessage.objects.get()
    assert (mail.kind, mail.mailbox, mail.sender) == ("staff", box, "help@example.org")
    assert b"Auto-Submitted: auto-generated\r\n" in bytes(mail.content)
    assert b'From: "Muster" <help@example.org>\r\n' in bytes(mail.content)
    assert bytes(mail.content).endswith(b"\r\n\r\nCode: 1234\r\n")


def test_each_recipient_gets_a_mail_of_their_own():
    EmailMessage("x", "y", None, ["ann@example.org"], cc=["bob@example.org"]).send()
    recipients = OutboundMessage.objects.values_list("recipient", flat=True)
    assert set(recipients) == {"ann@example.org", "bob@example.org"}


def test_staff_mail_stands_before_answers_in_the_line():
    box = sender("smtp://127.0.0.1:1")
    send_mail("Your code", "1234", None, ["ann@example.org"])
    assert OutboundMessage.objects.get().priority < answer(box).priority


def test_a_mailbox_that_fails_is_passed_over():
    sender("smtp://127.0.0.1:1", "first@example.org", send_failing_since="2027-01-15T12:00Z")
    healthy = sender("smtp://127.0.0.1:1", "second@example.org")
    send_mail("Your code", "1234", None, ["ann@example.org"])
    assert OutboundMessage.objects.get().mailbox == healthy


def test_a_bad_address_is_the_callers_to_know():
    with pytest.raises(NotAnAddress):
        send_mail("Your code", "1234", None, ["ann"])
    assert send_mail("Your code", "1234", None, ["ann"], fail_silently=True) == 0
