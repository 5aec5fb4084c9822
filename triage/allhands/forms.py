"""What the admin fills in on the way to all-hands mode."""

from datetime import datetime, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from triage.incidents.briefings import Section
from triage.queues.forms import BeginningForm

_EVENING = 20


def recovery_choices(at: datetime) -> list[tuple[str, str]]:
    """Gives the times at which all-hands mode may end by itself, in the server's zone."""
    local = timezone.localtime(at)
    evening = local.replace(hour=_EVENING, minute=0, second=0, microsecond=0)
    days = [evening + timedelta(days=number) for number in (1, 0, 2, 3, 6)]
    return [(day.isoformat(), _in_words(day, local)) for day in days if day > local]


def _in_words(day: datetime, today: datetime) -> str:
    away = (day.date() - today.date()).days
    clock = f"{day:%H:%M} {day.tzname()}"
    if away == 0:
        return _("Today %(time)s") % {"time": clock}
    if away == 1:
        return _("Tomorrow %(time)s") % {"time": clock}
    return f"{formats.date_format(day, 'l j F')} {clock}"


class OpenForm(forms.Form):
    """The name of a new incident."""

    name = forms.CharField(
        label=gettext_lazy("What happened, in a few words"),
        max_length=120,
        help_text=gettext_lazy("Helpers and the public read it: plain words, no blame."),
    )


class LevelForm(forms.Form):
    """A change of the level, and the version of the incident the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class SwitchOnForm(LevelForm):
    """The last step: until when, and the incident's name typed as a promise to have thought."""

    recovery_at = forms.ChoiceField(label=gettext_lazy("Moves to recovery"))
    confirmation = forms.CharField(
        label=gettext_lazy("Type the incident name to confirm"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: object, name: str, at: datetime, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.name = name
        choice = self.fields["recovery_at"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = recovery_choices(at)
        self.fields["confirmation"].widget.attrs["placeholder"] = name

    def clean_confirmation(self) -> str:
        """Gives the typed name; it must be the incident's, whatever the case."""
        typed = str(self.cleaned_data["confirmation"])
        if " ".join(typed.split()).casefold() != " ".join(self.name.split()).casefold():
            raise ValidationError(_("Please type “%(name)s”.") % {"name": self.name})
        return typed

    def clean_recovery_at(self) -> datetime:
        """Gives the chosen time."""
        return datetime.fromisoformat(self.cleaned_data["recovery_at"])


class LinkForm(BeginningForm):
    """How many may join by a link, from where, for how long, and where they begin."""

    max_uses = forms.IntegerField(
        label=gettext_lazy("For how many people"), min_value=1, max_value=5000, initial=50
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Open for how many hours"), min_value=1, max_value=336, initial=48
    )
    domains = forms.CharField(
        label=gettext_lazy("Only addresses at"),
        required=False,
        help_text=gettext_lazy(
            "Such as example.com, example.org. You are asked about anybody else. "
            "Empty: any address."
        ),
    )
    note = forms.CharField(label=gettext_lazy("For whom"), required=False, max_length=120)
    field_order = ("max_uses", "hours", "domains", "note", "queues", "language")

    def clean_domains(self) -> list[str]:
        """Gives the mail domains, without @ and in lower case."""
        parts = str(self.cleaned_data["domains"]).replace(",", " ").split()
        return [part.lower().lstrip("@") for part in parts]


def _long(
    label: object, *, required: bool = True, rows: int = 4, help_text: object = ""
) -> forms.CharField:
    return forms.CharField(
        label=label,  # type: ignore[arg-type]
        required=required,
        max_length=8000,
        help_text=help_text,  # type: ignore[arg-type]
        widget=forms.Textarea(attrs={"rows": rows}),
    )


class BriefingForm(forms.Form):
    """The one page every helper reads first; what everybody may read has a box of its own.

    A blank line parts paragraphs.
    """

    _EVERYBODY = gettext_lazy("For everybody, also on the public page")
    _HELPERS = gettext_lazy("For helpers only")
    happened_public = _long(_EVERYBODY, required=False)
    happened = _long(_HELPERS, required=False)
    known_public = _long(_EVERYBODY, required=False)
    known = _long(_HELPERS, required=False)
    unknown_public = _long(_EVERYBODY, required=False)
    unknown = _long(_HELPERS, required=False)
    never_say = _long(_HELPERS, required=False, rows=7)
    to_do = _long(_HELPERS, required=False, rows=7)

    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """Gives each section's heading with its boxes, in reading order."""
        return [
            (
                str(section.label),
                [self[name] for name in self.fields if name.removesuffix("_public") == section],
            )
            for section in Section
        ]


class UpdateForm(forms.Form):
    """One entry for the public page."""

    text = _long(gettext_lazy("New entry"), rows=5)
