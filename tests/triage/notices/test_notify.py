"""Somebody hears of trouble once per cause, and again until they have seen it."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from pytest_django import Settings

from inbox.models import Mailbox, OutboundMessage
from tests.factories.desk import actor, minutes, user
from tests.factories.outbox import NOON, answer, sender
from triage.audit.models import AuditEvent
from triage.classification.models import SorterModel
from triage.classification.sorting import models_folder
from triage.notices.actions import NotAllowed, end_alert, raise_alert, see_alert
from triage.notices.jobs import notify
from triage.notices.models import Alert

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _sorter_and_people() -> None:
    SorterModel.objects.create(version="v1", trained_at=NOON, is_active=True, activated_at=NOON)
    (models_folder() / "v1").mkdir(parents=True, exist_ok=True)
    user("Sam", "supervisor", "admin")
    user("Ada", "admin")
    user("Ann", "support")


@pytest.fixture
def box() -> Mailbox:
    return sender("smtp://127.0.0.1:1", imap_url="imap://h@127.0.0.1:1", last_heard_at=NOON)


def failing(box: Mailbox, *, since_minutes: float = 2) -> None:
    box.failing_since = NOON - minutes(since_minutes)
    box.failure = "imap.example.org:993 refused the user name or the password."
    box.save()


def notify_and_send(at: datetime) -> None:
    notify(at=at)
    sent = {"state": OutboundMessage.State.SENT, "sent_at": at, "due_at": None}
    OutboundMessage.objects.update(**sent)


def told() -> list[str]:
    mails = OutboundMessage.objects.filter(kind=OutboundMessage.Kind.STAFF).order_by("pk")
    return list(mails.values_list("recipient", flat=True))


def test_when_all_is_well_nobody_hears_anything(box: Mailbox):
    assert notify(at=NOON) == 0
    assert told() == []


def test_a_mailbox_that_fails_for_a_minute_is_told_to_supervisors_and_admins_once(box: Mailbox):
    failing(box)
    assert notify(at=NOON) == 2
    assert notify(at=NOON) == 0
    alert = Alert.objects.get()
    assert alert.cause == f"mailbox:{box.pk}:imap"
    assert "15 January 2027, 11:58 UTC" in alert.text
    assert "refused the user name" in alert.text
    assert told() == ["sam@example.org", "ada@example.org"]


def test_a_short_hiccup_is_told_to_nobody(box: Mailbox):
    failing(box, since_minutes=0.5)
    assert notify(at=NOON) == 0


def test_an_unseen_alert_is_told_again_every_15_minutes(box: Mailbox):
    failing(box)
    for minute in range(46):
        notify_and_send(NOON + minutes(minute))
    assert Alert.objects.get().tellings == 4
    assert len(told()) == 8


def test_a_seen_alert_is_told_no_more_and_stays_until_it_is_over(box: Mailbox):
    failing(box)
    notify_and_send(NOON)
    alert = Alert.objects.get()
    assert see_alert(alert_id=alert.pk, by=actor("Sam", "supervisor"), at=NOON)
    assert not see_alert(alert_id=alert.pk, by=actor("Ada", "admin"), at=NOON)
    notify(at=NOON + minutes(20))
    assert len(told()) == 2
    assert Alert.objects.get().over_at is None


def test_an_alert_is_over_when_its_cause_is_and_a_new_one_is_raised_the_next_time(box: Mailbox):
    failing(box)
    notify(at=NOON)
    Mailbox.objects.update(failing_since=None)
    notify(at=NOON + minutes(1))
    assert Alert.objects.get().over_at == NOON + minutes(1)
    failing(box)
    notify(at=NOON + minutes(2))
    assert Alert.objects.count() == 2
    actions = AuditEvent.objects.order_by("pk").values_list("action", flat=True)
    assert list(actions) == ["alert.raise", "alert.end", "alert.raise"]


def test_an_alert_raised_elsewhere_ends_where_it_was_raised(box: Mailbox):
    raise_alert(cause="disk", text="The disk is nearly full.", at=NOON)
    notify(at=NOON)
    assert Alert.objects.get().over_at is None
    assert end_alert(cause="disk", at=NOON)
    assert not end_alert(cause="disk", at=NOON)


def test_the_same_cause_twice_is_one_alert_with_the_newest_words():
    first = raise_alert(cause="disk", text="2 GB left.", at=NOON)
    second = raise_alert(cause="disk", text="1 GB left.", at=NOON)
    assert first == second
    assert Alert.objects.get().text == "1 GB left."


def test_an_outgoing_server_that_fails_is_told(box: Mailbox):
    Mailbox.objects.update(send_failing_since=NOON - minutes(2), send_failure="No.")
    notify(at=NOON)
    assert Alert.objects.get().cause == f"mailbox:{box.pk}:smtp"


def test_a_mailbox_that_nobody_looks_into_is_told(box: Mailbox):
    notify(at=NOON + minutes(11))
    assert Alert.objects.get().cause == f"mailbox:{box.pk}:silent"


def test_a_missing_sorter_is_told():
    SorterModel.objects.update(is_active=False)
    notify(at=NOON)
    assert Alert.objects.get().cause == "sorter:missing"


def test_an_unknown_answer_is_told_once_no_proof_is_looked_for_any_more(box: Mailbox):
    mail = answer(box)
    OutboundMessage.objects.filter(pk=mail.pk).update(state="unknown", due_at=NOON)
    assert notify(at=NOON) == 0
    OutboundMessage.objects.filter(pk=mail.pk).update(due_at=None)
    notify(at=NOON)
    assert Alert.objects.get().cause == "outbox:unknown"


def test_mail_that_should_long_have_left_is_told(box: Mailbox):
    answer(box, due_at=NOON - timedelta(minutes=11))
    notify(at=NOON)
    assert Alert.objects.get().cause == "outbox:stuck"


def test_helpers_cannot_take_an_alert():
    alert = raise_alert(cause="disk", text="2 GB left.", at=NOON)
    with pytest.raises(NotAllowed):
        see_alert(alert_id=alert.pk, by=actor("Ann", "support"), at=NOON)


class Channel(BaseHTTPRequestHandler):
    """A chat channel that keeps what is posted to it."""

    posted: list[dict[str, str]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.posted.append(json.loads(body))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def channel(settings: Settings) -> Iterator[list[dict[str, str]]]:
    Channel.posted = []
    server = HTTPServer(("127.0.0.1", 0), Channel)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    settings.MUSTER_ALERT_WEBHOOK = f"http://127.0.0.1:{server.server_port}/hook"
    yield Channel.posted
    server.shutdown()
    server.server_close()
    thread.join()


def test_an_alert_is_posted_to_the_webhook(box: Mailbox, channel: list[dict[str, str]]):
    failing(box)
    notify(at=NOON)
    [posted] = channel
    assert posted["cause"] == f"mailbox:{box.pk}:imap"
    assert "help@example.org takes in no email" in posted["text"]
    assert posted["url"].endswith("/board/")


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "file:///etc/passwd", "nonsense"])
def test_a_webhook_that_does_not_work_keeps_nobody_from_the_mail(
    box: Mailbox, settings: Settings, url: str
):
    settings.MUSTER_ALERT_WEBHOOK = url
    failing(box)
    assert notify(at=NOON) == 2
    assert len(told()) == 2
