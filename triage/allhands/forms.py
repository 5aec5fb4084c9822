"""What the admin fills in on the way to all-hands mode."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import formats, timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from inbox.models import Mailbox
from triage.allhands.leftovers import NAMES
from triage.incidents.briefings import Section
from triage.incidents.models import FactVersion, Incident, Told
from triage.queues.forms import BeginningForm
from triage.queues.models import Queue
from triage.queues.routing import UNSORTED

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


def _moment(label: object, *, required: bool = False) -> forms.DateTimeField:
    """A day and a time in the server's zone, which stands beside it."""
    return forms.DateTimeField(
        label=label,  # type: ignore[arg-type]
        required=required,
        help_text=_zone,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


_zone = lazy(lambda: _("Time zone: %(zone)s") % {"zone": timezone.localtime().tzname()}, str)()


class OpenForm(forms.Form):
    """The name of a new incident, since when we know of it, and how many people switch it."""

    name = forms.CharField(
        label=gettext_lazy("What happened, in a few words"),
        max_length=120,
        help_text=gettext_lazy("Helpers and the public read it: plain words, no blame."),
    )
    known_since = _moment(gettext_lazy("Known since, if not just now"))
    needs_second_person = forms.BooleanField(
        label=gettext_lazy("Two people switch on and close"),
        required=False,
        help_text=gettext_lazy("One asks, another one confirms. It stays so for this incident."),
    )


class KnownSinceForm(forms.Form):
    """When we came to know of it."""

    known_since = _moment(gettext_lazy("Known since"), required=True)


def _usual_queue() -> Queue | None:
    return Queue.objects.filter(key="data_concern").first()


class BindForm(forms.Form):
    """A mailbox whose emails belong to the incident, and the queue they come to."""

    mailbox = forms.ModelChoiceField(
        Mailbox.objects.filter(is_active=True).order_by("address"),
        label=gettext_lazy("Mailbox"),
        empty_label=None,
    )
    queue = forms.ModelChoiceField(
        Queue.objects.filter(kind=Queue.Kind.OPEN).exclude(key=UNSORTED),
        label=gettext_lazy("Its emails come to"),
        empty_label=None,
        initial=_usual_queue,
    )


class LevelForm(forms.Form):
    """A change of the level, and the version of the incident the person saw."""

    version = forms.IntegerField(widget=forms.HiddenInput)


class StepForm(LevelForm):
    """A quiet step to another level."""

    to_level = forms.ChoiceField(choices=Incident.Level.choices)


class ExtendForm(LevelForm):
    """For how many hours longer."""

    hours = forms.IntegerField(min_value=1, max_value=24)


class AloneForm(LevelForm):
    """Why one person does alone what needs two; empty: a second one is asked."""

    alone_because = forms.CharField(
        label=gettext_lazy("Nobody else can be reached? Say why you do it alone"),
        required=False,
        max_length=300,
        help_text=gettext_lazy("It is written down, and everybody in charge is told."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class CloseForm(AloneForm):
    """A name typed under the list of what is left, whose counts come back as they were shown."""

    signature = forms.CharField(
        label=gettext_lazy("Your name, as a signature under this list"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def signed(self) -> dict[str, int]:
        """Gives the counts that stood above the signature."""
        shown = {name: str(self.data.get(f"left_{name}", "")) for name in NAMES}
        return {name: int(count) for name, count in shown.items() if count.isdecimal()}


class ToldForm(forms.Form):
    """Somebody was told: who, when, by whom and how."""

    audience = forms.ChoiceField(label=gettext_lazy("Who"), choices=Told.Audience.choices)
    told_at = _moment(gettext_lazy("When"))
    told_by = forms.CharField(label=gettext_lazy("By whom"), required=False, max_length=120)
    how = forms.CharField(
        label=gettext_lazy("How"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("Such as: by phone, by our mail provider, at the morning meeting."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    back = forms.ChoiceField(
        choices=[("allhands:show", ""), ("", "")], required=False, widget=forms.HiddenInput
    )

    def given(self, *, at: datetime, name: str) -> dict[str, Any]:
        """Gives what was filled in; without a time it was now, without a name it was `name`."""
        words = {key: self.cleaned_data[key] for key in ("audience", "how", "note")}
        told_at, told_by = self.cleaned_data["told_at"], self.cleaned_data["told_by"]
        return {**words, "told_at": told_at or at, "told_by": told_by or name}


class FactForm(forms.Form):
    """A question of the incident under a name, and its answer if we know it."""

    key = forms.SlugField(
        label=gettext_lazy("Name"),
        max_length=40,
        help_text=gettext_lazy("Short, such as when or people-affected: texts quote it by this."),
    )
    question = forms.CharField(label=gettext_lazy("Question"), max_length=200)
    value = forms.CharField(
        label=gettext_lazy("Answer"),
        required=False,
        max_length=500,
        help_text=gettext_lazy("As it will stand in a sentence. Empty: we do not know yet."),
    )
    source = forms.CharField(label=gettext_lazy("How we know"), required=False, max_length=300)


class ChangeFactForm(forms.Form):
    """Another answer, and whether the former was true or wrong."""

    seen_number = forms.IntegerField(max_value=10_000, widget=forms.HiddenInput)
    change = forms.ChoiceField(
        choices=[
            (FactVersion.Change.UPDATED.value, gettext_lazy("We know more; what we said was true")),
            (FactVersion.Change.CONTRADICTED.value, gettext_lazy("What we said was wrong")),
        ]
    )
    value = forms.CharField(required=False, max_length=500)
    source = forms.CharField(required=False, max_length=300)

    def first_error(self) -> str:
        """Gives what is wrong with it, for a form that stands among many."""
        return str(next(iter(self.errors.values()))[0])


class LetterForm(forms.Form):
    """The letter to our own people."""

    subject = forms.CharField(label=gettext_lazy("Subject"), max_length=200)
    text = forms.CharField(
        label=gettext_lazy("Letter"), max_length=20000, widget=forms.Textarea(attrs={"rows": 22})
    )
    sent_key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class SwitchOnForm(AloneForm):
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
    never_say = _long(_HELPERS, required=False, rows=10)
    to_do = _long(_HELPERS, required=False, rows=13)

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
