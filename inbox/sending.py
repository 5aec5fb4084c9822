"""One round of sending: every mailbox on its own line, none waiting for another."""

import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

from django.db import connections

from inbox import deliveries, sent_folder
from inbox.deliveries import Overtaken
from inbox.failpoints import failpoint
from inbox.frozen import mail_address
from inbox.mailboxes import MailboxError, password_of
from inbox.models import DeliveryAttempt, Mailbox, OutboundMessage
from inbox.smtp import (
    Connection,
    Envelope,
    NoAnswer,
    Patience,
    Phase,
    Refused,
    ServerTrouble,
    WrongSmtpUrl,
    parse_smtp_url,
)

PATIENCE = Patience()
# A round ends after this, however much is left, so that the other steps get their turn.
ROUND_SECONDS = 20.0


def serve(mailboxes: Sequence[Mailbox], *, at: datetime) -> int:
    """Sends, copies and proves what is due in these mailboxes; gives how many mails that were.

    Several are served side by side, each in a thread with a database connection of its own.
    """
    clock = _Clock(at)
    if len(mailboxes) == 1:
        return _serve(mailboxes[0], clock)
    return _SideBySide(mailboxes, clock).run()


class _Clock:
    """The step's time, moving on while the step runs."""

    def __init__(self, at: datetime) -> None:
        self._at, self._started = at, time.monotonic()

    @property
    def elapsed(self) -> float:
        return time.monotonic() - self._started

    def now(self) -> datetime:
        return self._at + timedelta(seconds=self.elapsed)


class _SideBySide:
    """A round over several mailboxes, each in a thread, until none has anything to do."""

    def __init__(self, mailboxes: Sequence[Mailbox], clock: _Clock) -> None:
        self._mailboxes, self._clock = mailboxes, clock
        self._busy: set[int] = set()
        self._done: list[int] = []
        self._errors: list[Exception] = []

    def run(self) -> int:
        threads = [
            threading.Thread(target=self._keep_serving, args=[one]) for one in self._mailboxes
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self._errors:
            raise self._errors[0]
        return sum(self._done)

    def _keep_serving(self, mailbox: Mailbox) -> None:
        """While another mailbox waits for its server, this one goes on looking for due mail."""
        try:
            while True:
                self._busy.add(mailbox.pk)
                done = _serve(mailbox, self._clock)
                self._busy.discard(mailbox.pk)
                self._done.append(done)
                if not self._busy or (done and self._clock.elapsed > ROUND_SECONDS):
                    return
                time.sleep(0.2)
                mailbox.refresh_from_db()
        except Exception as error:  # noqa: BLE001 - raised again in the thread of the step
            self._errors.append(error)
        finally:
            self._busy.discard(mailbox.pk)
            connections.close_all()


def _serve(mailbox: Mailbox, clock: _Clock) -> int:
    done = _drain(mailbox, clock)
    done += sent_folder.copy_sent(mailbox, at=clock.now())
    return done + sent_folder.prove_unknown(mailbox, at=clock.now())


def _drain(mailbox: Mailbox, clock: _Clock) -> int:
    """Sends this mailbox's due mails over one kept connection, until its server has trouble."""
    done = 0
    line = _Line(mailbox, clock)
    try:
        while line.works and clock.elapsed < ROUND_SECONDS:
            outbound = deliveries.claim(mailbox, at=clock.now())
            if outbound is None:
                break
            failpoint("send.after_claim")
            line.send(outbound)
            done += 1
    finally:
        line.close()
    return done


class _Line:
    """The way out of one mailbox during one round."""

    def __init__(self, mailbox: Mailbox, clock: _Clock) -> None:
        self.works = True
        self._mailbox, self._clock = mailbox, clock
        self._connection: Connection | None = None
        self._delivered = 0

    def send(self, outbound: OutboundMessage) -> None:
        """Tries once to send a claimed mail, and writes how it ended."""
        with suppress(Overtaken):
            attempt = deliveries.open_attempt(outbound, at=self._clock.now())
            failpoint("send.after_attempt")
            try:
                words = self._deliver(attempt)
            except Refused as refusal:
                deliveries.mark_refused(attempt, refusal, at=self._clock.now())
            except NoAnswer as silence:
                deliveries.mark_unknown(attempt, silence, at=self._clock.now())
                self._note_trouble(str(silence))
            except ServerTrouble as trouble:
                self._put_off(attempt, trouble)
            else:
                failpoint("send.before_sent")
                deliveries.mark_sent(attempt, words, at=self._clock.now())
                failpoint("send.after_sent")
                self._delivered += 1
                deliveries.note_working(self._mailbox)

    def close(self) -> None:
        """Hangs up."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _deliver(self, attempt: DeliveryAttempt) -> str:
        enter = partial(deliveries.enter, attempt)
        outbound = attempt.outbound
        if self._connection is None or not self._connection.is_open:
            enter(Phase.CONNECT)
            self._delivered = 0
            self._connection = _connect(self._mailbox)
        failpoint("send.after_connect")
        mail = Envelope(
            mail_address(self._mailbox.address), outbound.recipient, bytes(outbound.content)
        )
        return self._connection.deliver(mail, enter=enter)

    def _put_off(self, attempt: DeliveryAttempt, trouble: ServerTrouble) -> None:
        """Tries again later; at once when a server only ended a connection that had worked."""
        now = self._clock.now()
        if self._delivered and attempt.phase in {Phase.ENVELOPE}:
            deliveries.mark_unsent(attempt, trouble, due_at=now, at=now)
            self._delivered = 0
            return
        retry_at = self._note_trouble(trouble.words)
        if attempt.phase != Phase.CONNECT:
            # Perhaps this very mail breaks the connection: the others go first.
            retry_at = max(retry_at, now + timedelta(seconds=15 * attempt.number))
        deliveries.mark_unsent(attempt, trouble, due_at=retry_at, at=now)

    def _note_trouble(self, words: str) -> datetime:
        self.works = False
        return deliveries.note_trouble(self._mailbox, words, at=self._clock.now())


def _connect(mailbox: Mailbox) -> Connection:
    try:
        server = parse_smtp_url(
            mailbox.smtp_url,
            password=password_of(mailbox),
            hello=mail_address(mailbox.address).rpartition("@")[2],
        )
    except (WrongSmtpUrl, MailboxError) as error:
        raise ServerTrouble(str(error)) from error
    return Connection(server, PATIENCE)
