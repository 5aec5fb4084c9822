"""Which queue an email waits in: pure rules over what the sorter said and what stands in it.

The sorter chooses by label; a few plain phrases outrank it, because a lawyer, a journalist, a
thief or a person in danger must not wait among the others. The phrases are narrow on purpose: an
email wrongly in a lane is read by the few, an email wrongly outside is still read by someone who
can hand it on.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from triage.queues.models import HandOverReason, PassReason, Urgency

UNSORTED = "unsorted"
SAFETY = "safety"
READ_CHARACTERS = 20_000  # a risk is in what people say first, and a long mail costs time

_PHRASES: dict[str, tuple[str, ...]] = {
    "safety": (
        r"\bkill(?:ing)? my ?self\b",
        r"\bend(?:ing)? my (?:own )?life\b",
        r"\b(?:want|going|ready) to die\b(?! for\b)",
        r"\bsuicid(?:e|al)\b",
        r"\bi(?:'ll| will| am going to|'m going to) (?:kill|hurt|stab|shoot) "
        r"(?:you|him|her|them)\b",
        r"\b(?:he|she|they) (?:will|is going to|are going to) (?:kill|hurt) me\b",
        r"\bbomb (?:threat|in your)\b",
        r"\bmich umbringen\b|\bnicht mehr leben\b|\bselbstmord\b",
        r"\bquitarme la vida\b|\bsuicid(?:arme|io)\b",
        r"\bme suicider\b|\bmettre fin à mes jours\b",
    ),
    "security": (
        r"\b(?:i|we) (?:have|hold|got|stole|took|downloaded) (?:all )?(?:of )?your "
        r"(?:customers?'?s?'? |whole |entire |full )?(?:data(?:base)?|records|files|source code)\b",
        r"\b(?:pay|send|transfer)\b.{0,40}\d.{0,20}\b(?:bitcoins?|btc|monero|xmr)\b",
        r"\b(?:publish|leak|sell|release) (?:all )?(?:of )?(?:your|the) "
        r"(?:customers?'? )?(?:data(?:base)?|records)\b",
        r"\b(?:found|report(?:ing)?|disclos(?:e|ing)) an? (?:\w+ ){0,2}(?:vulnerability|exploit)\b",
        r"\bresponsible disclosure\b|\bbug bounty\b",
    ),
    "legal": (
        r"\bmy (?:lawyer|attorney|solicitor)s?\b",
        r"\b(?:class action|cease and desist|subpoena)\b",
        r"\b(?:we|i) (?:represent|act (?:for|on behalf of)) .{0,60}\bclient\b",
        r"\b(?:take|taking|begin|start) legal action\b|\bsue you\b|\bsee you in court\b",
        r"\bdata protection (?:authority|commissioner|officer of)\b",
        r"\bsupervisory authority\b|\battorney general\b|\binformation commissioner\b",
        r"\b(?:article|art\.?) (?:15|17|33|34|82)\b.{0,40}\bgdpr\b|\bsubject access request\b",
        r"\bmein(?:en|em)? (?:rechts)?anwalt\b|\bmi abogad[oa]\b|\bmon avocate?\b",
        r"\bdsgvo\b.{0,40}\bauskunft\b|\bcnil\b",
    ),
    "press": (
        r"\bi(?:'m| am) (?:a |an |the )?(?:\w+ ){0,2}(?:journalist|reporter|correspondent)\b",
        r"\b(?:journalist|reporter|correspondent|editor) (?:at|for|with) (?:the )?\w",
        r"\b(?:press|media) (?:inquiry|enquiry|request)\b|\brequest for comment\b",
        r"\b(?:writing|running|publishing) (?:a|an|our) (?:story|article|piece)\b",
    ),
}
_RISKS = [
    (lane, re.compile("|".join(phrases), re.IGNORECASE | re.DOTALL))
    for lane, phrases in _PHRASES.items()
]

# Where an email goes when a person hands it on; the others stay where they are.
PASSED_TO = {
    PassReason.ACCESS: "support",
    PassReason.DANGEROUS: SAFETY,
}

# Where an email goes when somebody hands it over, by the reason they chose.
HANDED_TO = {
    HandOverReason.ACCOUNT: "support",
    HandOverReason.WEAKNESS: "security",
    HandOverReason.LAWYER: "legal",
    HandOverReason.RIGHTS: "legal",
    HandOverReason.JOURNALIST: "press",
    HandOverReason.DANGER: "safety",
}


@dataclass(frozen=True, kw_only=True)
class Route:
    """Where an email goes: the key of its queue and, when a phrase decided, the words found."""

    queue_key: str
    words: str = ""

    @property
    def by_risk(self) -> bool:
        """Tells whether a phrase decided rather than the sorter."""
        return bool(self.words)

    @property
    def urgency(self) -> Urgency:
        """Gives what goes before every promise: danger to people, then any other risk."""
        if not self.by_risk:
            return Urgency.NORMAL
        return Urgency.DANGER if self.queue_key == SAFETY else Urgency.RISK


def risk_of(text: str) -> Route | None:
    """Gives the lane that a phrase in the text calls for; danger to people comes first."""
    read = text[:READ_CHARACTERS]
    for lane, pattern in _RISKS:
        found = pattern.search(read)
        if found:
            return Route(queue_key=lane, words=" ".join(found.group().split())[:60])
    return None


def route(
    *, label: str, confident: bool, subject: str, text: str, otherwise: str = UNSORTED
) -> Route:
    """Gives where a person's email waits: a risk's lane, its label's queue, or `otherwise`.

    That is "Not sure yet", but for emails to a mailbox of the open incident: theirs is its queue.
    """
    risk = risk_of(f"{subject}\n{text}")
    if risk is not None:
        return risk
    return Route(queue_key=label if confident else otherwise)


def promised_at(*, received_at: datetime, at: datetime, promise_minutes: int) -> datetime:
    """Gives when a person is promised an answer; a server's clock that runs ahead gains nothing."""
    return min(received_at, at) + timedelta(minutes=promise_minutes)
