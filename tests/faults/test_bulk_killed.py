"""SIGKILL between two batches of a bulk move: nothing is lost and nothing is done twice."""

import json

import pytest

from tests.installation import Installation

pytestmark = [pytest.mark.live, pytest.mark.timeout(300)]

ARRANGE = """
from tests.factories import desk
from triage.queues import bulk
from triage.queues.actions import Chosen, Deed, freeze, start_bulk
for _ in range(bulk.BATCH + 5):
    desk.ticket()
sam = desk.actor("Sam", "supervisor")
chosen = Chosen(queue_id=desk.queue().pk)
made = freeze(chosen=chosen, deed=Deed(to_queue_id=desk.queue("praise").pk), by=sam, at=desk.NOON)
start_bulk(bulk_id=made.pk, by=sam, at=desk.NOON)
"""
# What a dead process had claimed is due again two minutes later; here those pass at once.
MOVE = """
from django.core.management import call_command
from tests.factories import desk
from triage.queues.models import BulkMove
BulkMove.objects.filter(due_at__isnull=False).update(due_at=desk.NOON)
call_command("work", once=True, steps=["move"])
"""
BOOKS = """
import json
from triage.audit.models import AuditEvent
from triage.queues.counters import reconcile
from triage.queues.models import BulkMove, BulkMoveItem, Ticket
moves = AuditEvent.objects.filter(action="emails.move")
print(json.dumps({
    "state": BulkMove.objects.get().state,
    "done": BulkMoveItem.objects.filter(state="done").count(),
    "moved": Ticket.objects.filter(queue__key="praise").count(),
    "told": sum(event.detail["count"] for event in moves),
    "numbers_agree": reconcile() == (),
}))
"""


def shell(installation: Installation, *codes: str) -> str:
    return installation.manage("shell", "-v0", "-c", "".join(codes))


@pytest.mark.parametrize("point", ["before_commit", "after_commit"])
def test_a_kill_between_batches_loses_nothing_and_does_nothing_twice(
    installation: Installation, point: str
) -> None:
    shell(installation, ARRANGE)
    installation.killed_at(f"move.{point}", "work", "--once", "--steps", "move")
    assert json.loads(shell(installation, MOVE, BOOKS)) == {
        "state": "done",
        "done": 205,
        "moved": 205,
        "told": 205,
        "numbers_agree": True,
    }
