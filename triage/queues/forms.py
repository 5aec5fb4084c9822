"""What is chosen for people before they come: where they begin, and in which language."""

from django import forms
from django.utils.text import capfirst
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from inbox.language import LANGUAGES
from triage.queues.models import Queue


def language_choices() -> list[tuple[str, str]]:
    """Gives the languages Muster can tell apart, by name in the reader's language."""
    named = [(code, str(capfirst(_name(code)))) for code in LANGUAGES]
    return [("", str(_("Any language"))), *sorted(named, key=lambda pair: pair[1])]


def _name(code: str) -> str:
    known = {"zh": "zh-hans"}.get(code, code)  # Django names Chinese by its script
    return str(get_language_info(known)["name_translated"])


class BeginningForm(forms.Form):
    """The queues and the language in which newcomers begin; nothing chosen means any."""

    queues = forms.TypedMultipleChoiceField(
        label=_("They begin with"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Nothing ticked: with every queue that is open."),
    )
    language = forms.ChoiceField(label=_("They answer in"), required=False)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        queues, language = self.fields["queues"], self.fields["language"]
        assert isinstance(queues, forms.TypedMultipleChoiceField)
        assert isinstance(language, forms.ChoiceField)
        open_queues = Queue.objects.filter(kind=Queue.Kind.OPEN).order_by("position")
        queues.choices = list(open_queues.values_list("pk", "name"))
        language.choices = language_choices()

    def clean_language(self) -> list[str]:
        """Gives the languages as they are kept: one code, or none for any."""
        code = str(self.cleaned_data["language"])
        return [code] if code else []
