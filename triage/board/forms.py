"""What supervisors fill in on the board."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from triage.queues.actions import Move
from triage.queues.models import Queue
from triage.queues.queries import Person

MOST_PEOPLE = 10_000


class AnswerForm(forms.Form):
    """A supervisor's answer to a helper's question."""

    text = forms.CharField(
        label=_("Your answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class ClearByForm(forms.Form):
    """A time of day by which everything should be answered."""

    by = forms.TimeField(
        label=_("Everything answered by"), widget=forms.TimeInput(attrs={"type": "time"})
    )

    def moment(self, at: datetime) -> datetime:
        """Gives the next moment at which the clock says so, in the server's zone."""
        local = timezone.localtime(at)
        chosen = self.cleaned_data["by"]
        found = local.replace(hour=chosen.hour, minute=chosen.minute, second=0, microsecond=0)
        return found if found > local else found + timedelta(days=1)


class MoveForm(forms.Form):
    """So many people from one queue to another."""

    giver = forms.TypedChoiceField(label=_("From"), coerce=int)
    taker = forms.TypedChoiceField(label=_("To"), coerce=int)
    people = forms.IntegerField(
        label=_("How many people"), min_value=1, max_value=MOST_PEOPLE, initial=1
    )

    def __init__(self, *args: object, queues: Iterable[object], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        choices = [(queue.id, queue.name) for queue in queues]  # type: ignore[attr-defined]
        for name in ("giver", "taker"):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = choices


class PeopleForm(forms.Form):
    """How many people belong to a queue: the least, and the wanted number."""

    min_people = forms.IntegerField(
        label=_("At least"),
        min_value=0,
        max_value=MOST_PEOPLE,
        help_text=_("Proposals never leave fewer people here."),
    )
    target_people = forms.IntegerField(
        label=_("Wanted"),
        min_value=0,
        max_value=MOST_PEOPLE,
        required=False,
        help_text=_("Empty: as many as it needs to be clear in time."),
    )

    @staticmethod
    def of(queue: Queue) -> dict[str, int | None]:
        """Gives what is kept of a queue now."""
        return {"min_people": queue.min_people, "target_people": queue.target_people}


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
