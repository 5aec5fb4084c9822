"""What supervisors fill in on the board."""

from collections.abc import Iterable

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from triage.queues.actions import Move
from triage.queues.queries import Person


class AnswerForm(forms.Form):
    """A supervisor's answer to a helper's question."""

    text = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


def moves_of(posted: QueryDict, people: Iterable[Person], open_ids: Iterable[int]) -> list[Move]:
    """Gives the moves that the ticked boxes ask for, for the people who were on the page.

    All boxes ticked means every open queue, which is what no choice means; so does none.
    """
    allowed = set(open_ids)
    shown = {int(user_id) for user_id in posted.getlist("person") if user_id.isdecimal()}
    moves = []
    for person in people:
        if person.user_id not in shown:
            continue
        ticked = {int(key) for key in posted.getlist(f"serves-{person.user_id}") if key.isdecimal()}
        lanes = set(person.queue_ids) - allowed
        chosen = (ticked & allowed) | lanes
        everything = ticked & allowed in (allowed, set()) and not lanes
        moves.append(Move(person.user_id, () if everything else tuple(sorted(chosen))))
    return moves
