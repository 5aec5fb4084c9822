"""Everything that changes an answer: typed, sent, taken back, read by a colleague first."""

from triage.replies.actions.answering import (
    UNDO_WINDOW,
    SavedDraft,
    TooLate,
    decide_unknown,
    save_draft,
    submit,
    undo,
)
from triage.replies.actions.holding import acknowledge
from triage.replies.actions.releasing import (
    AlreadyDecided,
    AnswerWithdrawn,
    NewMail,
    NoAddress,
)
from triage.replies.actions.reviews import (
    ApprovedAtOnce,
    BeingRead,
    NeedsReason,
    approve,
    approve_unedited,
    begin_holds,
    open_next,
    put_down,
    return_,
    send_unread,
    set_review_mode,
)

__all__ = [
    "UNDO_WINDOW",
    "AlreadyDecided",
    "AnswerWithdrawn",
    "ApprovedAtOnce",
    "BeingRead",
    "NeedsReason",
    "NewMail",
    "NoAddress",
    "SavedDraft",
    "TooLate",
    "acknowledge",
    "approve",
    "approve_unedited",
    "begin_holds",
    "decide_unknown",
    "open_next",
    "put_down",
    "return_",
    "save_draft",
    "send_unread",
    "set_review_mode",
    "submit",
    "undo",
]
