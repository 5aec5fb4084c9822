"""Kind words of customers, from which a supervisor picks a line of thanks for everybody."""

import re
from dataclasses import dataclass

from triage.classification.models import Classification
from triage.queues.models import Queue
from triage.volunteers.thanks import LONGEST

SHOWN = 12
_SENTENCE = re.compile(r"[^.!?\n]+[.!?]*")
_GREETING = re.compile(
    r"^(dear|hi|hello|hey|hallo|liebe[sr]?|hola|bonjour)\b.{0,40}$", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class KindWords:
    """The first sentence of one email of praise, to be edited: nothing may lead to the person."""

    message_id: int
    customer_name: str
    sentence: str


def first_sentence(text: str) -> str:
    """Gives the first sentence that says something, in one line of at most 200 characters."""
    for found in _SENTENCE.findall(text[:2000]):
        sentence = " ".join(found.split())
        if len(sentence) >= 12 and not _GREETING.match(sentence.rstrip(" ,!.")):
            return sentence[:LONGEST]
    return ""


def kind_words() -> tuple[KindWords, ...]:
    """Gives the first sentences of the latest emails of praise outside the lanes."""
    rows = (
        Classification.objects.filter(
            tone=Classification.Tone.PRAISE,
            message__conversation__ticket__queue__kind=Queue.Kind.OPEN,
        )
        .select_related("message__conversation")
        .order_by("-pk")[:SHOWN]
    )
    found = (
        KindWords(
            message_id=row.message_id,
            customer_name=row.message.conversation.customer_name,
            sentence=first_sentence(row.message.new_text or row.message.text),
        )
        for row in rows
    )
    return tuple(words for words in found if words.sentence)


def name_of(message_id: int) -> tuple[str, ...]:
    """Gives the names that must not stand in a line about this email."""
    row = Classification.objects.filter(message_id=message_id, tone=Classification.Tone.PRAISE)
    found = row.values_list("message__conversation__customer_name", "message__from_name").first()
    return tuple(name for name in found or () if name)
