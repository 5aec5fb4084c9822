"""What somebody who joins is asked."""

from django import forms
from django.utils.translation import gettext_lazy as _


class JoinForm(forms.Form):
    """Name and address of somebody who comes by a link."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your email address"),
        help_text=_("We mail a code there, so that we know it is you."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
