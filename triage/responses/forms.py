"""What writers and approvers fill in."""

from django import forms
from django.conf.locale import LANG_INFO
from django.utils.translation import gettext_lazy as _

from triage.responses.models import Response

_LANGUAGES = (
    *("en", "de", "es", "fr", "it", "nl", "pt", "pl", "sv", "da", "fi", "cs"),
    *("tr", "el", "ru", "uk", "ar", "he", "hi", "ja", "ko"),
)


class WordsForm(forms.Form):
    """The words of one version."""

    body = forms.CharField(
        label=_("The words"),
        max_length=6000,
        widget=forms.Textarea(attrs={"rows": 18}),
        help_text=_(
            "[[greeting]], [[own line]] and [[sign-off]] are filled by the helper; everything else "
            "is locked. {{update_page}} becomes the address of the page with what we know. "
            "Empty lines divide paragraphs."
        ),
    )


class AnswerForm(WordsForm):
    """A new answer with its first words."""

    field_order = ("name", "note", "label", "language", "is_holding", "body")
    name = forms.CharField(label=_("Name"), max_length=120)
    note = forms.CharField(label=_("When to choose it"), max_length=200, required=False)
    label = forms.ChoiceField(label=_("For emails about"), choices=Response.Label.choices)
    language = forms.ChoiceField(
        label=_("Language"),
        choices=[(code, LANG_INFO[code]["name_local"].capitalize()) for code in _LANGUAGES],
    )
    is_holding = forms.BooleanField(
        label=_("Only says that the email is in good hands; sent when it goes to a lane"),
        required=False,
    )


class ReturnForm(forms.Form):
    """What the writer should mend."""

    reason = forms.CharField(
        label=_("What should be mended?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
