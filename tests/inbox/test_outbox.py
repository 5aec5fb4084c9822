"""A mail is a row first, leaves once, and its end is known."""

from datetime import timedelta
from pathlib import Path

import pytest

from inbox import deliveries, outbox, sending
from inbox.deliveries import Overtaken
from inbox.models import DeliveryAttempt, Mailbox, OutboundMessage
from inbox.outbox import queue_mail, resolve_unknown, send, withdraw
from inbox.smtp import NoAnswer, Patience, Phase
from tests.factories.outbox import NOON, answer, seconds, sender
from tests.servers.dovecot import ImapUser
from tests.servers.smtp_sink import (
    HangUp,
    RecordingSmtpServer,
    Refuse,
    Reset,
    Silence,
    Stage,
)

pytestmark = pytest.mark.django_db(transaction=True)
State = OutboundMessage.State


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect=0.5, answer=0.5, dot=0.5))


@pytest.fixture
def box(smtp_server: RecordingSmtpServer) -> Mailbox:
    return sender(smtp_server.url)


def fresh(mail: OutboundMessage) -> OutboundMessage:
    return OutboundMessage.objects.get(pk=mail.pk)


def attempts(mail: OutboundMessage) -> list[tuple[str, str]]:
    rows = DeliveryAttempt.objects.filter(outbound=mail).order_by("number")
    return list(rows.values_list("phase", "result"))


def test_a_due_mail_leaves_with_exactly_its_bytes(box: Mailbox, smtp_server: RecordingSmtpServer):
    mail = answer(box)
    assert send(at=NOON) == 1
    [received] = smtp_server.mails
    assert received.content == bytes(mail.content)
    assert (received.sender, received.recipients) == ("help@example.org", ("dana@example.net",))
    assert fresh(mail).state == State.SENT
    assert fresh(mail).sent_at is not None
    assert fresh(mail).settle_due_at is not None
    assert attempts(mail) == [("dot", "sent")]


def test_nothing_due_is_nothing_done(box: Mailbox, smtp_server: RecordingSmtpServer):
    answer(box, due_at=NOON + seconds(20))
    assert send(at=NOON) == 0
    assert smtp_server.connections == 0


def test_a_sent_mail_is_not_sent_again(box: Mailbox, smtp_server: RecordingSmtpServer):
    answer(box)
    send(at=NOON)
    assert send(at=NOON + timedelta(days=1)) == 0
    assert len(smtp_server.mails) == 1


def test_a_batch_leaves_over_one_connection_staff_mail_first(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    for number in range(3):
        answer(box, recipient=f"p{number}@example.net")
    answer(box, kind=OutboundMessage.Kind.STAFF, recipient="ada@example.org")
    assert send(at=NOON) == 4
    first, *_rest = smtp_server.mails
    assert first.recipients == ("ada@example.org",)
    assert smtp_server.connections == 1


def test_within_the_undo_window_a_mail_can_be_taken_back(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    mail = answer(box, due_at=NOON + seconds(20))
    assert withdraw(outbound_id=mail.pk, at=NOON + seconds(19))
    assert not withdraw(outbound_id=mail.pk, at=NOON + seconds(19))
    assert send(at=NOON + seconds(30)) == 0
    assert fresh(mail).state == State.WITHDRAWN


def test_after_the_undo_window_it_is_too_late(box: Mailbox):
    mail = answer(box, due_at=NOON + seconds(20))
    assert not withdraw(outbound_id=mail.pk, at=NOON + seconds(20))
    assert fresh(mail).state == State.QUEUED


def test_a_claimed_mail_cannot_be_taken_back_by_a_slow_clock(box: Mailbox):
    mail = answer(box, due_at=NOON + seconds(20))
    deliveries.claim(box, at=NOON + seconds(21))
    assert not withdraw(outbound_id=mail.pk, at=NOON)


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.AFTER_DOT])
def test_a_passing_no_is_tried_again_with_the_same_bytes(
    box: Mailbox, smtp_server: RecordingSmtpServer, stage: Stage
):
    smtp_server.misbehave(stage, Refuse(451, "later please"), times=1)
    mail = answer(box)
    send(at=NOON)
    assert smtp_server.mails == []
    assert send(at=NOON + seconds(5)) == 0
    send(at=NOON + seconds(60))
    assert [received.content for received in smtp_server.mails] == [bytes(mail.content)]
    assert [result for _phase, result in attempts(mail)] == ["retry", "sent"]


@pytest.mark.parametrize("stage", [Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.AFTER_DOT])
def test_a_final_no_rejects_the_mail_with_the_servers_words(
    box: Mailbox, smtp_server: RecordingSmtpServer, stage: Stage
):
    smtp_server.misbehave(stage, Refuse(550, "5.1.1 nobody of that name"), times=1)
    mail = answer(box)
    send(at=NOON)
    assert send(at=NOON + timedelta(days=1)) == 0
    assert fresh(mail).state == State.REJECTED
    assert fresh(mail).server_words == "550 5.1.1 nobody of that name"
    assert fresh(mail).settle_due_at is not None


def test_who_is_put_off_for_a_day_is_rejected(box: Mailbox, smtp_server: RecordingSmtpServer):
    smtp_server.misbehave(Stage.RCPT, Refuse(451, "mailbox full"))
    mail = answer(box)
    at = NOON
    while fresh(mail).due_at:
        at = max(at, fresh(mail).due_at)
        send(at=at)
    assert timedelta(hours=24) < at - NOON < timedelta(hours=25)
    assert fresh(mail).state == State.REJECTED
    assert fresh(mail).attempts < 120


@pytest.mark.parametrize("behaviour", [Reset(), HangUp(), Silence(), Refuse(421, "busy")])
@pytest.mark.parametrize("stage", [Stage.BANNER, Stage.MAIL, Stage.RCPT, Stage.DATA])
def test_trouble_before_the_dot_delays_the_mailbox_and_loses_nothing(
    box: Mailbox, smtp_server: RecordingSmtpServer, stage: Stage, behaviour: Reset
):
    smtp_server.misbehave(stage, behaviour, times=1)
    mail = answer(box)
    send(at=NOON)
    box.refresh_from_db()
    assert box.send_failing_since is not None
    assert box.send_failure
    send(at=NOON + seconds(60))
    box.refresh_from_db()
    assert box.send_failing_since is box.send_retry_at is None
    assert box.send_failure == ""
    assert len(smtp_server.mails) == 1
    assert fresh(mail).state == State.SENT


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("behaviour", [Reset(), HangUp(), Silence()])
def test_silence_after_the_dot_is_unknown_and_never_sent_again(
    box: Mailbox, smtp_server: RecordingSmtpServer, behaviour: Reset, kept: bool
):
    smtp_server.misbehave(Stage.AFTER_DOT, behaviour, times=1, keeps_mail=kept)
    mail = answer(box)
    send(at=NOON)
    for minute in range(20):
        send(at=NOON + timedelta(minutes=minute))
    assert fresh(mail).state == State.UNKNOWN
    assert fresh(mail).settle_due_at is not None
    assert len(smtp_server.mails) == kept


def test_a_wrong_password_is_tried_ever_more_rarely():
    with RecordingSmtpServer(credentials={"help": "right"}) as sink:
        box = sender(f"smtp://help@127.0.0.1:{sink.port}", password="wrong")
        for _ in range(5):
            answer(box)
        at = NOON
        while at < NOON + timedelta(hours=1):
            send(at=at)
            at += seconds(5)
        box.refresh_from_db()
        assert "did not accept the user name or password" in box.send_failure
        assert sink.connections < 25
        assert DeliveryAttempt.objects.count() < 25


def test_mails_that_wait_for_a_failing_mailbox_go_out_when_it_works(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    smtp_server.misbehave(Stage.BANNER, Refuse(554, "no service"))
    mails = [answer(box) for _ in range(3)]
    for minute in range(10):
        send(at=NOON + timedelta(minutes=minute))
    smtp_server.behave()
    send(at=NOON + timedelta(minutes=20))
    assert len(smtp_server.mails) == 3
    assert {fresh(mail).state for mail in mails} == {State.SENT}


def test_a_kept_connection_that_the_server_ends_is_opened_again_at_once(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    smtp_server.misbehave(Stage.QUIT, Refuse(500))
    answer(box), answer(box)
    original = smtp_server.record

    def once(mail: object) -> None:
        original(mail)  # type: ignore[arg-type]
        smtp_server.misbehave(Stage.MAIL, Refuse(421, "enough for one call"), times=1)

    smtp_server.record = once  # type: ignore[method-assign]
    send(at=NOON)
    box.refresh_from_db()
    assert len(smtp_server.mails) == 2
    assert box.send_failing_since is None


def test_one_mailbox_that_does_not_answer_delays_no_other(
    monkeypatch: pytest.MonkeyPatch, smtp_server: RecordingSmtpServer
):
    monkeypatch.setattr(sending, "PATIENCE", Patience(connect=3, answer=3, dot=3))
    with RecordingSmtpServer() as mute:
        mute.misbehave(Stage.BANNER, Silence())
        answer(sender(mute.url, "press@example.org"))
        for number in range(3):
            answer(sender(smtp_server.url, f"help{number}@example.org"))
        send(at=NOON)
    stamps = [mail.received_at for mail in smtp_server.mails]
    assert len(stamps) == 3
    sent = OutboundMessage.objects.filter(state=State.SENT)
    assert all(mail.sent_at - NOON < seconds(2) for mail in sent if mail.sent_at)


def test_a_worker_that_died_before_the_dot_leaves_a_mail_that_is_sent(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    mail = answer(box)
    claimed = deliveries.claim(box, at=NOON)
    assert claimed is not None
    deliveries.enter(deliveries.open_attempt(claimed, at=NOON), Phase.CONTENT)
    assert send(at=NOON + timedelta(minutes=4)) == 0
    assert send(at=NOON + timedelta(minutes=6)) == 1
    assert len(smtp_server.mails) == 1
    assert attempts(mail) == [("content", "retry"), ("dot", "sent")]


def test_a_worker_that_died_after_the_dot_leaves_an_unknown_mail(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    mail = answer(box)
    claimed = deliveries.claim(box, at=NOON)
    assert claimed is not None
    deliveries.enter(deliveries.open_attempt(claimed, at=NOON), Phase.DOT)
    send(at=NOON + timedelta(minutes=6))
    assert fresh(mail).state == State.UNKNOWN
    assert attempts(mail) == [("dot", "unknown")]
    assert smtp_server.mails == []


def test_a_worker_that_wakes_up_late_may_not_go_on(box: Mailbox):
    answer(box)
    slow = deliveries.claim(box, at=NOON)
    assert slow is not None
    attempt = deliveries.open_attempt(slow, at=NOON)
    quick = deliveries.claim(box, at=NOON + timedelta(minutes=6))
    assert quick is not None
    deliveries.open_attempt(quick, at=NOON + timedelta(minutes=6))
    with pytest.raises(Overtaken):
        deliveries.enter(attempt, Phase.DOT)
    with pytest.raises(Overtaken):
        deliveries.open_attempt(slow, at=NOON + timedelta(minutes=6))


def test_a_late_yes_of_the_server_is_proof(box: Mailbox):
    mail = answer(box)
    claimed = deliveries.claim(box, at=NOON)
    assert claimed is not None
    attempt = deliveries.open_attempt(claimed, at=NOON)
    deliveries.enter(attempt, Phase.DOT)
    deliveries.claim(box, at=NOON + timedelta(minutes=6))
    assert fresh(mail).state == State.UNKNOWN
    deliveries.mark_sent(attempt, "250 taken", at=NOON + timedelta(minutes=7))
    assert fresh(mail).state == State.SENT


def unknown(box: Mailbox) -> OutboundMessage:
    mail = answer(box)
    claimed = deliveries.claim(box, at=NOON)
    assert claimed is not None
    attempt = deliveries.open_attempt(claimed, at=NOON)
    deliveries.mark_unknown(attempt, NoAnswer("silence"), at=NOON)
    return mail


def test_a_person_says_that_an_unknown_mail_went_out(box: Mailbox):
    mail = unknown(box)
    assert resolve_unknown(outbound_id=mail.pk, went_out=True, at=NOON)
    assert not resolve_unknown(outbound_id=mail.pk, went_out=False, at=NOON)
    assert fresh(mail).state == State.SENT


def test_a_person_says_that_an_unknown_mail_did_not_go_out_and_it_is_sent_as_it_was(
    box: Mailbox, smtp_server: RecordingSmtpServer
):
    mail = unknown(box)
    assert resolve_unknown(outbound_id=mail.pk, went_out=False, at=NOON)
    send(at=NOON)
    assert smtp_server.mails[0].content == bytes(mail.content)
    assert fresh(mail).state == State.SENT


@pytest.fixture
def answering_box(smtp_server: RecordingSmtpServer, imap_user: ImapUser) -> Mailbox:
    return sender(
        smtp_server.url,
        imap_user.address,
        imap_url=imap_user.url,
        kind=Mailbox.Kind.SERVER,
        password=imap_user.password,
    )


def test_a_sent_answer_is_copied_to_the_sent_folder_once(
    answering_box: Mailbox, imap_user: ImapUser
):
    mail = answer(answering_box)
    send(at=NOON)
    OutboundMessage.objects.filter(pk=mail.pk).update(copy_due_at=NOON)
    send(at=NOON)
    assert imap_user.mails("Sent") == [bytes(mail.content)]
    assert fresh(mail).copy_due_at is None


def test_staff_mail_is_not_copied(answering_box: Mailbox, imap_user: ImapUser):
    answer(answering_box, kind=OutboundMessage.Kind.STAFF)
    send(at=NOON)
    assert imap_user.mails("Sent") == []


def test_a_copy_that_fails_changes_nothing_about_the_sending(
    answering_box: Mailbox, imap_user: ImapUser, smtp_server: RecordingSmtpServer
):
    Mailbox.objects.update(sent_folder="There is none")
    mail = answer(answering_box)
    send(at=NOON)
    assert fresh(mail).state == State.SENT
    copy_due_at = fresh(mail).copy_due_at
    assert copy_due_at is not None
    assert copy_due_at > NOON
    Mailbox.objects.update(sent_folder="")
    send(at=NOON + timedelta(hours=1))
    assert imap_user.mails("Sent") == [bytes(mail.content)]
    assert len(smtp_server.mails) == 1


def test_an_unknown_mail_found_in_the_sent_folder_was_sent(
    answering_box: Mailbox, imap_user: ImapUser
):
    mail = unknown(answering_box)
    imap_user.deliver(bytes(mail.content), folder="Sent")
    send(at=NOON + seconds(1))
    assert fresh(mail).state == State.SENT
    assert fresh(mail).server_words == "Found in the Sent folder."
    assert len(imap_user.mails("Sent")) == 1


def test_an_unknown_mail_without_proof_waits_for_a_person_after_15_minutes(
    answering_box: Mailbox, smtp_server: RecordingSmtpServer
):
    mail = unknown(answering_box)
    for minute in range(17):
        send(at=NOON + timedelta(minutes=minute))
    assert fresh(mail).state == State.UNKNOWN
    assert fresh(mail).due_at is None
    assert send(at=NOON + timedelta(days=1)) == 0
    assert smtp_server.mails == []


def test_staff_mail_from_before_there_was_a_mailbox_goes_out_with_the_first(
    smtp_server: RecordingSmtpServer,
):
    answer(None, kind=OutboundMessage.Kind.STAFF)
    assert send(at=NOON) == 0
    sender(smtp_server.url)
    assert send(at=NOON) == 1
    assert len(smtp_server.mails) == 1


def test_an_answer_to_imported_mail_goes_out_through_a_mailbox_that_can_send(
    smtp_server: RecordingSmtpServer,
):
    imported = Mailbox.objects.create(address="import", kind="import", created_at=NOON)
    box = sender(smtp_server.url)
    assert answer(imported).mailbox == box


def test_an_answer_from_before_its_mailbox_could_send_goes_out_with_the_first_that_can(
    smtp_server: RecordingSmtpServer,
):
    shop = Mailbox.objects.create(address="shop@example.org", kind="import", created_at=NOON)
    mail = answer(shop)
    assert send(at=NOON) == 0
    sender(smtp_server.url)
    assert send(at=NOON) == 1
    assert smtp_server.mails[0].sender == "help@example.org"
    assert fresh(mail).state == State.SENT


def test_without_any_address_of_ours_nothing_is_queued():
    imported = Mailbox.objects.create(address="import", kind="import", created_at=NOON)
    with pytest.raises(outbox.NoSender):
        answer(imported)


def test_a_mail_to_no_address_is_refused_before_it_is_a_row(box: Mailbox):
    with pytest.raises(ValueError, match="No email can be sent"):
        answer(box, recipient="dana@example.net\r\nRCPT TO:<eve@example.com>")
    assert not OutboundMessage.objects.exists()


def test_the_bytes_of_a_row_are_what_its_hash_says(box: Mailbox, tmp_path: Path):
    import hashlib

    mail = fresh(answer(box))
    assert hashlib.sha256(bytes(mail.content)).hexdigest() == mail.content_sha256


def test_answers_and_automatic_mails_are_told_apart(box: Mailbox):
    assert b"Auto-Submitted" not in bytes(answer(box).content)
    automatic = queue_mail(
        mailbox=box, conversation=None, recipient="ada@example.org", sender_name="Muster",
        subject="Your code", text="123", in_reply_to="", references=[],
        kind=OutboundMessage.Kind.STAFF, due_at=NOON, at=NOON, auto_submitted=True,
    )  # fmt: skip
    assert b"Auto-Submitted: auto-generated\r\n" in bytes(automatic.content)
