"""What people choose about lanes: who is in one, and why an email goes there or back."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from triage.accounts.models import User
from triage.queues.lanes import Lane
from triage.queues.models import HandBackReason, HandOverReason


class HandOverForm(forms.Form):
    """Why an email goes to a lane; the reason says to which."""

    reason = forms.ChoiceField(choices=HandOverReason.choices)
    word = forms.BooleanField(required=False)


class HandBackForm(forms.Form):
    """Why a lane gives an email back."""

    reason = forms.ChoiceField(choices=HandBackReason.choices)


class NoteForm(forms.Form):
    """A note of the lane."""

    text = forms.CharField(max_length=4000)


class ExportForm(forms.Form):
    """Whether a note leaves in an export."""

    in_export = forms.BooleanField(required=False)


class LaneForm(forms.Form):
    """The people of one lane and its clock."""

    members = forms.TypedMultipleChoiceField(
        label=_("Members"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    named = forms.TypedChoiceField(
        label=_("Named person"), coerce=int, required=False, empty_value=None
    )
    stand_in = forms.TypedChoiceField(
        label=_("Stand-in"), coerce=int, required=False, empty_value=None
    )
    promise_minutes = forms.IntegerField(
        label=_("Minutes until a first word"), min_value=5, max_value=10_080
    )

    def __init__(self, *args: object, people: Sequence[User], lane: Lane, **more: object) -> None:
        more.setdefault("prefix", f"lane-{lane.id}")
        more.setdefault("initial", _as_it_is(lane))
        super().__init__(*args, **more)  # type: ignore[arg-type]
        choices = [(person.pk, person.get_full_name()) for person in people]
        nobody = ("", _("Nobody yet: supervisors are given its emails"))
        self.fields["members"].choices = choices  # type: ignore[attr-defined]
        self.fields["named"].choices = [nobody, *choices]  # type: ignore[attr-defined]
        self.fields["stand_in"].choices = [("", _("Nobody yet")), *choices]  # type: ignore[attr-defined]


def _as_it_is(lane: Lane) -> dict[str, object]:
    return {
        "members": [member.pk for member in lane.members],
        "named": lane.named.pk if lane.named else "",
        "stand_in": lane.stand_in.pk if lane.stand_in else "",
        "promise_minutes": lane.promise_minutes,
    }
