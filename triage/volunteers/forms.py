"""What a helper is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ReadyForm(forms.Form):
    """How a helper signs, given together with the word that the briefing was read."""

    shown_name = forms.CharField(
        label=_("First name that customers see"),
        max_length=60,
        help_text=_("Your own or another: it stands under your answers."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
