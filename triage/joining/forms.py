"""What somebody who joins is asked, and what the admin fills in to let people in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from triage.accounts.models import User
from triage.joining import roster
from triage.queues.forms import BeginningForm

_LARGEST_BYTES = 500_000


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


class CodeForm(forms.Form):
    """A code from a printed sheet, and the name of who holds it."""

    code = forms.CharField(
        label=_("Code on your paper"),
        max_length=40,
        help_text=_("Twelve letters and digits. Gaps and small letters do not matter."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        required=False,
        help_text=_("For your colleagues. Not needed when the paper has your name on it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class SheetForm(BeginningForm):
    """How many codes to print, for how long, and where the people who use them begin."""

    count = forms.IntegerField(label=_("How many codes"), min_value=1, max_value=200, initial=20)
    hours = forms.IntegerField(
        label=_("Good for how many hours"), min_value=1, max_value=336, initial=48
    )
    note = forms.CharField(label=_("For whom"), required=False, max_length=120)
    field_order = ("count", "hours", "note", "queues", "language")


class LendForm(forms.Form):
    """Somebody known here whose own login is down."""

    email = forms.EmailField(label=_("Their email address"))

    def clean_email(self) -> User:
        """Gives the person with this address."""
        person = User.objects.filter(
            email__iexact=self.cleaned_data["email"], is_active=True
        ).first()
        if person is None:
            raise forms.ValidationError(_("Nobody here has this address."))
        return person


class ListForm(forms.Form):
    """A file with a list of people."""

    file = forms.FileField(
        label=_("The list, as a CSV file"),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv"}),
    )

    def clean_file(self) -> str:
        """Gives the text of the file."""
        file = self.cleaned_data["file"]
        if file.size > _LARGEST_BYTES:
            raise forms.ValidationError(_("This file is larger than a list of people can be."))
        return roster.decode(file.read())


class ListTextForm(forms.Form):
    """The list once more, as it was looked at."""

    text = forms.CharField(max_length=_LARGEST_BYTES, widget=forms.HiddenInput, strip=False)
