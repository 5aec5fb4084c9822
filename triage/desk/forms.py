"""What arrives from the answer page: read here once, checked by the actions."""

from dataclasses import dataclass

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from triage.classification.models import Classification
from triage.desk.pulse import OpenPage
from triage.queues.models import Outcome, PassReason

SLOT_PREFIX = "slot-"
MOST_HUSHED = 50


@dataclass(frozen=True, kw_only=True)
class Written:
    """What a person has on their page: the chosen answer and what they wrote into its slots."""

    ticket_id: int
    version_id: int | None
    slots: dict[str, str]
    submit_key: str
    seen_message_id: int | None
    asks_review: bool = False

    @property
    def has_own_words(self) -> bool:
        """Tells whether something of their own stands there: not greeting and sign-off alone."""
        return bool(self.slots.get("own line", "").strip())


def written(posted: QueryDict) -> Written | None:
    """Gives what the page holds; None when it names no email (a stale or hand-made form)."""
    ticket_id = _number(posted.get("email"))
    if ticket_id is None:
        return None
    return Written(
        ticket_id=ticket_id,
        version_id=_number(posted.get("answer")),
        slots={
            _text(name).removeprefix(SLOT_PREFIX): _text(value)[:2000]
            for name, value in posted.items()
            if name.startswith(SLOT_PREFIX)
        },
        submit_key=_text(posted.get("submit_key", ""))[:64],
        seen_message_id=_number(posted.get("seen")),
        asks_review="asks_review" in posted,
    )


def open_page(asked: QueryDict) -> OpenPage | None:
    """Gives what an open page says it shows; None when it names no email."""
    ticket_id = _number(asked.get("email"))
    if ticket_id is None:
        return None
    return OpenPage(
        ticket_id=ticket_id,
        message_id=_number(asked.get("seen")) or 0,
        version_id=_number(asked.get("answer")),
        solved=_number(asked.get("solved")) or 0,
        hushed=_text(asked.get("hushed", "")).split()[:MOST_HUSHED],
    )


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def _text(posted: object) -> str:
    """PostgreSQL takes no NUL, and nobody types one."""
    return str(posted).replace("\0", "")


class PassOnForm(forms.Form):
    """Why somebody hands an email on; nobody asks further."""

    email = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        label=_("What makes it hard?"), choices=PassReason.choices, widget=forms.RadioSelect
    )


class AskForm(forms.Form):
    """A question to an experienced colleague."""

    email = forms.IntegerField(widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Your question"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class NoAnswerForm(forms.Form):
    """Why an email needs no answer: the closed list."""

    email = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.ChoiceField(
        choices=[
            (Outcome.Reason.ADVERTISING, _("It is advertising")),
            (Outcome.Reason.NOT_FOR_US, _("It is meant for somebody else")),
            (Outcome.Reason.DOUBLE, _("They sent the same twice")),
            (Outcome.Reason.ASKED_US_NOT_TO, _("They ask us not to answer")),
            (Outcome.Reason.NO_WAY_TO_REACH, _("There is no way to reach them")),
        ]
    )


class LabelForm(forms.Form):
    """What an email is really about, and how it sounds."""

    email = forms.IntegerField(widget=forms.HiddenInput)
    topic = forms.ChoiceField(choices=Classification.Topic.choices)
    tone = forms.ChoiceField(choices=Classification.Tone.choices)
