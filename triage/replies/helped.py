"""What a helper did for others, in numbers of their own; never beside those of somebody else."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import DurationField, ExpressionWrapper, F
from django.utils.translation import ngettext

from triage.replies.models import Reply

LONGEST_ANSWER = timedelta(minutes=60)
SHORTEST_ANSWER = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class Helped:
    """What one person did for others: answers, the people they went to, minutes given to them."""

    answers: int = 0
    people: int = 0
    minutes: int = 0

    def in_words(self) -> str:
        """Gives it as sentences to that person; "" for nothing yet."""
        if not self.answers:
            return ""
        sentences = (
            ngettext("You sent %(n)d answer.", "You sent %(n)d answers.", self.answers)
            % {"n": self.answers},
            ngettext("%(n)d person heard from you.", "%(n)d people heard from you.", self.people)
            % {"n": self.people},
            ngettext("You gave them %(n)d minute.", "You gave them %(n)d minutes.", self.minutes)
            % {"n": self.minutes},
        )
        return " ".join(sentences)


def helped_since(*, since: datetime, user_ids: Collection[int]) -> dict[int, Helped]:
    """Gives what each of these people did since then, by id; who did nothing is left out.

    The minutes of an answer run from its first kept word to Send: one at least, sixty at most.
    """
    took = ExpressionWrapper(F("released_at") - F("created_at"), output_field=DurationField())
    rows = (
        Reply.objects.filter(author_id__in=user_ids, released_at__gte=since)
        .values_list("author_id", "ticket_id")
        .annotate(took=took)
    )
    lengths: dict[int, list[timedelta]] = defaultdict(list)
    tickets: dict[int, set[int]] = defaultdict(set)
    for author_id, ticket_id, length in rows:
        lengths[author_id].append(min(max(length, SHORTEST_ANSWER), LONGEST_ANSWER))
        tickets[author_id].add(ticket_id)
    return {
        author_id: Helped(
            answers=len(each),
            people=len(tickets[author_id]),
            minutes=round(sum(each, timedelta()).total_seconds() / 60),
        )
        for author_id, each in lengths.items()
    }
