"""What a colleague says of an answer they read, and how a supervisor wants answers read."""

from django import forms
from django.utils.translation import gettext_lazy as _

from triage.replies.models import Review, ReviewMode
from triage.replies.reviewing import TO_MEND

_NOTE = {"rows": 2}


class ApproveForm(forms.Form):
    """Let it go, with a kind word if there is one."""

    praise = forms.BooleanField(label=_("Tell them: kind and clear"), required=False)
    note = forms.CharField(
        label=_("A line to its writer"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_NOTE),
    )

    @property
    def reason(self) -> Review.Reason | None:
        """Gives the praise, once the form is valid."""
        return Review.Reason.KIND_CLEAR if self.cleaned_data["praise"] else None


class ReturnForm(forms.Form):
    """Give it back with what should be mended."""

    reason = forms.ChoiceField(
        label=_("What should be mended?"),
        choices=[(reason.value, reason.label) for reason in TO_MEND],
        widget=forms.RadioSelect,
    )
    hint = forms.CharField(
        label=_("What would help them"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs=_NOTE),
    )


class ModeForm(forms.Form):
    """How answers are read before they go."""

    mode = forms.ChoiceField(
        label=_("Before an answer goes"), choices=ReviewMode.Mode.choices, widget=forms.RadioSelect
    )
    sample_every = forms.TypedChoiceField(
        label=_("Of experienced helpers’ answers, read"),
        coerce=int,
        choices=[
            (0, _("none")),
            (50, _("one in 50")),
            (20, _("one in 20")),
            (5, _("one in 5")),
            (1, _("every one with a line of their own")),
        ],
    )
