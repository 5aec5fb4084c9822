"""Everything that changes who waits, who holds what and how an email ends."""

from triage.queues.actions.arrivals import Arrived, Opened, open_tickets
from triage.queues.actions.beginning import begin_in
from triage.queues.actions.bulk import AlreadyBegun, Chosen, Deed, NothingChosen, freeze
from triage.queues.actions.bulk import drop as drop_bulk
from triage.queues.actions.bulk import start as start_bulk
from triage.queues.actions.bulk import undo as undo_bulk
from triage.queues.actions.claims import (
    NotAllowed,
    NotHeld,
    Refused,
    claim_next,
    give_back,
    leave,
    release,
    renew,
    return_all_of,
    return_lapsed,
)
from triage.queues.actions.danger import raise_danger
from triage.queues.actions.handing_on import (
    AlreadyAnswered,
    NothingWritten,
    answer_question,
    ask_a_pro,
    pass_on,
)
from triage.queues.actions.lanes import (
    AlreadyThere,
    NothingWaits,
    SamePerson,
    hand_back,
    hand_to_lane,
    set_lane,
    set_note_in_export,
    write_note,
)
from triage.queues.actions.outcomes import (
    end_as_machine_mail,
    finish,
    mark_undeliverable,
    no_reply_needed,
    open_again,
    start_answering,
)
from triage.queues.actions.pausing import (
    TargetBelowMinimum,
    pause_queue,
    resume_queue,
    set_people,
)
from triage.queues.actions.steering import (
    LaneIsClosed,
    Moved,
    NobodyToMove,
    NothingToUndo,
    move_people,
    rebalance,
    set_queues,
    undo_rebalance,
)
from triage.queues.actions.taking_over import HoldsAnother, NobodyHoldsIt, take_over
from triage.queues.models import PassReason
from triage.queues.rebalancing import Move

__all__ = [
    "AlreadyAnswered",
    "AlreadyBegun",
    "AlreadyThere",
    "Arrived",
    "Chosen",
    "Deed",
    "HoldsAnother",
    "LaneIsClosed",
    "Move",
    "Moved",
    "NobodyHoldsIt",
    "NobodyToMove",
    "NotAllowed",
    "NotHeld",
    "NothingChosen",
    "NothingToUndo",
    "NothingWaits",
    "NothingWritten",
    "Opened",
    "PassReason",
    "Refused",
    "SamePerson",
    "TargetBelowMinimum",
    "answer_question",
    "ask_a_pro",
    "begin_in",
    "claim_next",
    "drop_bulk",
    "end_as_machine_mail",
    "finish",
    "freeze",
    "give_back",
    "hand_back",
    "hand_to_lane",
    "leave",
    "mark_undeliverable",
    "move_people",
    "no_reply_needed",
    "open_again",
    "open_tickets",
    "pass_on",
    "pause_queue",
    "raise_danger",
    "rebalance",
    "release",
    "renew",
    "resume_queue",
    "return_all_of",
    "return_lapsed",
    "set_lane",
    "set_note_in_export",
    "set_people",
    "set_queues",
    "start_answering",
    "start_bulk",
    "take_over",
    "undo_bulk",
    "undo_rebalance",
    "write_note",
]
