"""Everything that changes a helper's time: joining, reading, and the end of it."""

from triage.volunteers.actions.inviting import ask_to_join, decide_request, invite
from triage.volunteers.actions.joining import (
    Left,
    confirm,
    end_all,
    enlist,
    join,
    make_link,
    withdraw_link,
)
from triage.volunteers.actions.practising import (
    begin_round,
    choose,
    switch_practice_mail,
    write_practice_mail,
)
from triage.volunteers.actions.printing import make_sheet, secret_of, use_code, withdraw_sheet
from triage.volunteers.actions.reading import (
    Signing,
    acknowledge_briefing,
    open_briefing,
    promise,
    sign_anew,
)
from triage.volunteers.actions.standing import (
    NotAllowed,
    Refused,
    begin,
    come_back,
    count_review,
    pause,
    resume,
    set_trust,
    suspend,
    take_break,
)
from triage.volunteers.actions.thanking import note_numbers, pick_thanks

__all__ = [
    "Left",
    "NotAllowed",
    "Refused",
    "Signing",
    "acknowledge_briefing",
    "ask_to_join",
    "begin",
    "begin_round",
    "choose",
    "come_back",
    "confirm",
    "count_review",
    "decide_request",
    "end_all",
    "enlist",
    "invite",
    "join",
    "make_link",
    "make_sheet",
    "note_numbers",
    "open_briefing",
    "pause",
    "pick_thanks",
    "promise",
    "resume",
    "secret_of",
    "set_trust",
    "sign_anew",
    "suspend",
    "switch_practice_mail",
    "take_break",
    "use_code",
    "withdraw_link",
    "withdraw_sheet",
    "write_practice_mail",
]
