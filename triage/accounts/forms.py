"""What an admin chooses for the whole installation."""

from django import forms
from django.utils.translation import gettext_lazy as _

from triage.accounts.ceremony import Size


class CeremonyForm(forms.Form):
    """How much ceremony: a small team, or a large company."""

    size = forms.ChoiceField(
        choices=[(Size.SMALL.value, _("A small team")), (Size.LARGE.value, _("A large company"))]
    )

    def size_chosen(self) -> Size:
        """Gives the choice of a valid form."""
        return Size(self.cleaned_data["size"])
