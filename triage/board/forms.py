"""What supervisors fill in on the board."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from classifiers.labels import LABELS as SORTER_LABELS
from triage.classification.models import Classification
from triage.queues.actions import Chosen, Deed, Move
from triage.queues.forms import language_choices
from triage.queues.models import Queue
from triage.queues.queries import Person
from triage.responses.models import Response

MOST_PEOPLE = 10_000
Tone, Topic = Classification.Tone, Classification.Topic
# What a person may say that emails are about: the topic and tone that follow from one label.
DEED_OF = {
    "password_reset": (Topic.PASSWORD_RESET.value, Tone.NEUTRAL.value),
    "data_concern": (Topic.DATA_CONCERN.value, Tone.NEUTRAL.value),
    "angry": (Topic.OTHER.value, Tone.ANGRY.value),
    "praise": (Topic.OTHER.value, Tone.PRAISE.value),
    "other": (Topic.OTHER.value, Tone.NEUTRAL.value),
}
_NAMES = dict(Response.Label.choices)
LABELS = [(label, _NAMES[label]) for label in SORTER_LABELS]
TONES = [
    (Tone.ANGRY.value, _("Upset")),
    (Tone.PRAISE.value, _("Praise")),
    (Tone.NEUTRAL.value, _("Neutral")),
]


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


class SelectionForm(forms.Form):
    """Which emails, and what becomes of them: another queue, or another label."""

    queue = forms.ModelChoiceField(
        label=_("Emails that wait in"), queryset=Queue.objects.all(), empty_label=None
    )
    label = forms.ChoiceField(
        label=_("About"), required=False, choices=[("", _("anything")), *LABELS]
    )
    tone = forms.ChoiceField(
        label=_("In which tone"),
        required=False,
        choices=[("", _("any")), *TONES],
    )
    language = forms.ChoiceField(label=_("In which language"), required=False)
    older_than_minutes = forms.IntegerField(
        label=_("Waiting for at least (minutes)"),
        required=False,
        min_value=1,
        max_value=60 * 24 * 365,
    )
    to_queue = forms.ModelChoiceField(
        label=_("Move them to"),
        queryset=Queue.objects.all(),
        required=False,
        empty_label=_("(leave them where their label belongs)"),
    )
    new_label = forms.ChoiceField(
        label=_("Or say what they are about"), required=False, choices=[("", "—"), *LABELS]
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        language = self.fields["language"]
        assert isinstance(language, forms.ChoiceField)
        language.choices = language_choices()

    def clean(self) -> dict[str, Any]:
        """Refuses both deeds at once, none, and a move to where the emails are."""
        fields = self.cleaned_data
        to_queue, new_label = fields.get("to_queue"), fields.get("new_label")
        if bool(to_queue) == bool(new_label):
            raise forms.ValidationError(_("Please choose a queue or a label, one of the two."))
        if to_queue and to_queue == fields.get("queue"):
            raise forms.ValidationError(_("They are in this queue already."))
        return fields

    def chosen(self) -> Chosen:
        """Gives which emails are meant."""
        fields = self.cleaned_data
        return Chosen(
            queue_id=fields["queue"].pk,
            label=fields["label"],
            tone=fields["tone"],
            language=fields["language"],
            older_than_minutes=fields["older_than_minutes"],
        )

    def deed(self) -> Deed:
        """Gives what becomes of them."""
        to_queue = self.cleaned_data["to_queue"]
        if to_queue:
            return Deed(to_queue_id=to_queue.pk)
        topic, tone = DEED_OF[self.cleaned_data["new_label"]]
        return Deed(topic=topic, tone=tone)


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
