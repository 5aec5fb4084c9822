"""What a helper is asked, and what a supervisor writes for practice."""

from typing import Any

from django import forms
from django.utils.text import format_lazy, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triage.volunteers.actions.reading import Signing
from triage.volunteers.languages import choices
from triage.volunteers.practice import Choice, Mail

MOST_CHOICES = 4


class OwnForm(forms.Form):
    """How a helper signs, and in which languages they answer."""

    shown_name = forms.CharField(
        label=gettext_lazy("First name that customers see"),
        max_length=60,
        help_text=gettext_lazy("Your own or another: it stands under your answers."),
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )
    department = forms.CharField(
        label=gettext_lazy("Your department (if you like)"),
        max_length=60,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )
    shows_department = forms.BooleanField(
        label=gettext_lazy("Name it under my answers: “Maya, Merchandising, helping out today”"),
        required=False,
    )
    languages = forms.MultipleChoiceField(
        label=gettext_lazy("Languages you answer in"),
        choices=choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Please choose at least one.")},
    )

    def signing(self) -> Signing:
        """Gives what was chosen."""
        return Signing(
            shown_name=self.cleaned_data["shown_name"],
            department=self.cleaned_data["department"],
            shows_department=self.cleaned_data["shows_department"],
            languages=self.cleaned_data["languages"],
            takes_furious=self.cleaned_data.get("takes_furious", False),
        )


class PromiseForm(OwnForm):
    """The same, with the one promise."""

    promise = forms.BooleanField(
        label=gettext_lazy(
            "I promise: what people write to us stays here. I copy nothing, keep nothing and tell "
            "nobody, today and later."
        ),
        error_messages={"required": gettext_lazy("It is the one thing we have to ask of you.")},
    )


class HelperForm(OwnForm):
    """The same for who helps already, with what they take."""

    takes_furious = forms.BooleanField(
        label=gettext_lazy("Give me more than two upset emails in a row, if they come"),
        required=False,
    )


class ChoiceForm(forms.Form):
    """What somebody would do about a practice mail."""

    choice = forms.IntegerField(
        min_value=0, error_messages={"required": gettext_lazy("Please choose one first.")}
    )


def _text(number: int) -> forms.CharField:
    label = format_lazy("{} {}", gettext_lazy("Choice"), number)
    return forms.CharField(label=label, max_length=300, required=False)


def _feedback() -> forms.CharField:
    return forms.CharField(
        label=gettext_lazy("What we say to whoever chooses it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class PracticeMailForm(forms.Form):
    """A practice mail as a supervisor writes it: two to four choices, one of them right."""

    sender = forms.CharField(label=gettext_lazy("From"), max_length=80)
    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=120)
    body = forms.CharField(
        label=gettext_lazy("What they write"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )

    text1 = _text(1)
    feedback1 = _feedback()
    text2 = _text(2)
    feedback2 = _feedback()
    text3 = _text(3)
    feedback3 = _feedback()
    text4 = _text(4)
    feedback4 = _feedback()
    right = forms.TypedChoiceField(
        label=gettext_lazy("Which one is right?"),
        choices=[(str(number), str(number)) for number in range(1, MOST_CHOICES + 1)],
        coerce=int,
    )

    def clean(self) -> dict[str, Any]:
        """Asks for two choices at least, each with its words, and for a right one among them."""
        given = super().clean() or {}
        filled = self._filled(given)
        if len(filled) < 2:
            raise forms.ValidationError(_("Two choices at least, please."))
        if any(not given.get(f"feedback{number}") for number in filled):
            raise forms.ValidationError(_("Every choice needs a kind word to whoever takes it."))
        if given.get("right") not in filled:
            raise forms.ValidationError(_("The right one must be among the choices."))
        return given

    def mail(self, *, key: str, lesson: str) -> Mail:
        """Gives the mail that was written."""
        given = self.cleaned_data
        return Mail(
            key=key or slugify(given["subject"])[:60] or "practice",
            lesson=lesson,
            sender=given["sender"],
            subject=given["subject"],
            body=given["body"],
            choices=tuple(
                Choice(
                    text=given[f"text{number}"],
                    feedback=given[f"feedback{number}"],
                    is_right=number == given["right"],
                )
                for number in self._filled(given)
            ),
        )

    @staticmethod
    def _filled(given: dict[str, Any]) -> list[int]:
        return [number for number in range(1, MOST_CHOICES + 1) if given.get(f"text{number}")]


def as_typed(mail: Mail) -> dict[str, object]:
    """Gives a mail as the form would have it."""
    typed: dict[str, object] = {
        "sender": mail.sender,
        "subject": mail.subject,
        "body": mail.body,
    }
    for number, choice in enumerate(mail.choices, start=1):
        typed[f"text{number}"], typed[f"feedback{number}"] = choice.text, choice.feedback
        if choice.is_right:
            typed["right"] = str(number)
    return typed
