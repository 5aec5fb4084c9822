"""An email that was stored becomes one person's place in a queue, or has ended by itself."""

import pytest
from django.db import DatabaseError

from inbox.models import Message
from tests.factories import desk, people
from tests.factories.desk import NOON, minutes
from triage.audit.actions import Step
from triage.audit.models import AuditEvent
from triage.classification.models import Classification
from triage.incidents.actions import bind_mailbox
from triage.intake import triage
from triage.queues import counters, routing
from triage.queues.models import Outcome, Ticket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _queues() -> None:
    desk.queue()


def due(**more):
    return desk.message(due_at=NOON, **more)


def test_an_email_waits_where_the_sorter_says(sorter):
    sorter.says("password_reset")
    message = due()
    assert triage(at=NOON) == 1
    ticket = Ticket.objects.get(conversation=message.conversation)
    assert (ticket.queue.key, ticket.state) == ("password_reset", "open")


def test_the_promise_counts_from_when_the_email_came_in(sorter):
    sorter.says("password_reset")
    due(received_at=NOON - minutes(30))
    triage(at=NOON)
    assert Ticket.objects.get().promise_at == NOON + minutes(90)


def test_an_email_is_taken_over_once(sorter):
    due()
    assert (triage(at=NOON), triage(at=NOON + minutes(60))) == (1, 0)
    assert AuditEvent.objects.filter(action="message.triage").count() == 1


def test_what_the_sorter_is_not_sure_of_waits_in_not_sure_yet(sorter):
    sorter.says("praise", confident=False)
    due()
    triage(at=NOON)
    assert Ticket.objects.get().queue.key == "unsorted"


def bound(key="data_concern", level="watch"):
    """The open incident, to whose queue emails to our mailbox come."""
    incident = people.incident(level)
    bind_mailbox(
        incident_id=incident.pk,
        mailbox_id=desk.mailbox().pk,
        queue_key=key,
        by=Step("test"),
        at=NOON,
    )


def test_emails_to_a_mailbox_of_the_incident_never_wait_in_not_sure_yet(sorter):
    bound()
    sorter.says("praise", confident=False)
    due()
    triage(at=NOON)
    assert Ticket.objects.get().queue.key == "data_concern"


def test_a_sure_label_and_a_risk_outrank_the_mailbox_of_the_incident(sorter):
    bound()
    sorter.says("password_reset")
    sure = due()
    risky = due(new_text="You will hear from my lawyer.")
    triage(at=NOON)
    assert Ticket.objects.get(conversation=sure.conversation).queue.key == "password_reset"
    assert Ticket.objects.get(conversation=risky.conversation).queue.key == "legal"


def test_once_the_incident_is_closed_its_mailboxes_are_as_all_others(sorter):
    bound(level="closed")
    sorter.says("praise", confident=False)
    due()
    triage(at=NOON)
    assert Ticket.objects.get().queue.key == "unsorted"


def test_without_a_model_every_email_waits_in_not_sure_yet():
    due()
    triage(at=NOON)
    assert Ticket.objects.get().queue.key == "unsorted"
    assert not Classification.objects.get().confident


def test_an_email_on_which_the_sorter_fails_delays_no_other(sorter):
    sorter.says("praise")
    poison, other = due(), due()
    sorter.fails_on(poison)
    triage(at=NOON)
    assert Ticket.objects.get(conversation=poison.conversation).queue.key == "unsorted"
    assert Ticket.objects.get(conversation=other.conversation).queue.key == "praise"


def test_an_email_that_breaks_the_pipeline_delays_only_itself(sorter, monkeypatch):
    route = routing.route

    def fails_on_one(*, text, **more):
        if text == "poison":
            raise ValueError
        return route(text=text, **more)

    monkeypatch.setattr(routing, "route", fails_on_one)
    poison, other = due(new_text="poison"), due()
    triage(at=NOON)
    assert Ticket.objects.get().conversation_id == other.conversation_id
    poison.refresh_from_db()
    assert poison.due_at is not None


@pytest.mark.parametrize("kind", ["bounce", "auto_reply"])
def test_machine_mail_ends_by_itself(kind):
    message = due(kind=kind)
    triage(at=NOON)
    assert Outcome.objects.get(message=message).kind == "machine"
    assert not Ticket.objects.exists()


def test_list_mail_goes_to_a_person(sorter):
    due(kind="list")
    triage(at=NOON)
    assert Ticket.objects.count() == 1


def test_two_emails_of_one_conversation_are_one_place_in_line(sorter):
    first = due(received_at=NOON - minutes(10))
    due(of=first.conversation)
    triage(at=NOON)
    assert Ticket.objects.get().opened_at == NOON - minutes(10)


def test_a_new_email_in_a_waiting_conversation_keeps_the_older_place(sorter):
    ticket = desk.ticket("praise")
    due(of=ticket.conversation, received_at=NOON + minutes(30))
    triage(at=NOON + minutes(30))
    before = ticket.promise_at
    ticket.refresh_from_db()
    assert (ticket.promise_at, ticket.queue.key) == (before, "praise")


def test_a_new_email_opens_a_closed_conversation_and_nothing_of_before_counts(sorter):
    sorter.says("angry")
    ticket = desk.ticket("praise", promise_at=NOON - minutes(600))
    Ticket.objects.filter(pk=ticket.pk).update(state="closed", closed_at=NOON, lapses=2)
    due(of=ticket.conversation, received_at=NOON)
    triage(at=NOON)
    ticket.refresh_from_db()
    assert (ticket.state, ticket.queue.key, ticket.lapses) == ("open", "angry", 0)
    assert (ticket.opened_at, ticket.closed_at) == (NOON, None)


def test_a_new_email_while_an_answer_is_on_its_way_waits_for_its_end(sorter):
    ticket = desk.ticket()
    Ticket.objects.filter(pk=ticket.pk).update(state="answering")
    due(of=ticket.conversation)
    triage(at=NOON)
    ticket.refresh_from_db()
    assert ticket.state == "answering"


def test_words_of_danger_outrank_the_sorter(sorter):
    sorter.says("praise")
    due(new_text="Thank you for nothing. I want to die.")
    triage(at=NOON)
    assert Ticket.objects.get().queue.key == "safety"


def test_an_email_of_a_lawyer_moves_a_waiting_conversation_and_keeps_its_place(sorter):
    ticket = desk.ticket("other")
    due(of=ticket.conversation, new_text="You will hear from my lawyer.")
    triage(at=NOON)
    before = ticket.promise_at
    ticket.refresh_from_db()
    assert (ticket.queue.key, ticket.promise_at) == ("legal", before)
    assert counters.reconcile() == ()


def test_a_corrected_email_moves_its_conversation(sorter):
    sorter.says("praise")
    message = due()
    triage(at=NOON)
    Classification.objects.update(label="angry", version=2)
    Message.objects.filter(pk=message.pk).update(due_at=NOON)
    triage(at=NOON)
    assert (Ticket.objects.get().queue.key, Ticket.objects.get().routed_version) == ("angry", 2)
    assert counters.reconcile() == ()


def test_correcting_an_old_email_opens_nothing(sorter):
    message = due()
    triage(at=NOON)
    Ticket.objects.update(state="closed", closed_at=NOON)
    Message.objects.filter(pk=message.pk).update(due_at=NOON)
    triage(at=NOON)
    assert Ticket.objects.get().state == "closed"


def test_a_batch_that_cannot_be_recorded_did_not_happen_and_is_due_again(monkeypatch):
    message = due()

    def fail(**_event):
        raise DatabaseError

    with monkeypatch.context() as patch:
        patch.setattr("triage.intake.record", fail)
        triage(at=NOON)
    assert not Ticket.objects.exists()
    assert triage(at=NOON + minutes(1)) == 0
    assert triage(at=NOON + minutes(3)) == 1
    assert Ticket.objects.get().conversation_id == message.conversation_id


def test_the_number_of_statements_does_not_grow_with_the_batch(
    sorter, django_assert_max_num_queries, django_assert_num_queries
):
    due()
    triage(at=NOON)  # makes the line in which the others wait
    counts = []
    for size in (5, 70):
        for number in range(size):
            due(kind="bounce" if number % 5 == 0 else "person")
        with django_assert_max_num_queries(30) as seen:
            triage(at=NOON)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_counters_say_what_the_tickets_say(sorter):
    sorter.says("praise")
    for _ in range(7):
        due()
    triage(at=NOON)
    assert counters.reconcile() == ()
    praise = desk.queue("praise").pk
    assert counters.read(at=NOON)[praise, "came_in"] == 7
