"""What admins and supervisors fill in about mailboxes and mail that was set aside."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from inbox.mailboxes import MailboxError, Opening, opening, try_smtp


def _secret_field() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=500,
    )


class MailboxForm(forms.Form):
    """A new mailbox; `clean` logs in to both servers, so a valid form is one that works."""

    address = forms.EmailField(label=_("Email address"), max_length=254)
    imap_url = forms.CharField(
        label=_("Server for incoming email"),
        max_length=500,
        help_text=_("Such as imaps://help@example.org@imap.example.org:993"),
    )
    smtp_url = forms.CharField(
        label=_("Server for outgoing email"),
        max_length=500,
        help_text=_("Such as smtp+starttls://help@example.org@smtp.example.org:587"),
    )
    password = _secret_field()
    start = forms.ChoiceField(
        label=_("Take in"),
        choices=[
            ("now", _("only emails from now on")),
            ("day", _("emails since a day")),
            ("all", _("every email that is there")),
        ],
    )
    day = forms.DateField(
        label=_("Since"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    begin: Opening | None = None

    def clean(self) -> dict[str, Any]:
        """Tries both servers and finds where to begin."""
        given = super().clean() or {}
        if given.get("start") == "day" and not given.get("day"):
            self.add_error("day", _("Please choose the day."))
        if not self.errors:
            self._try(given)
        return given

    def _try(self, given: dict[str, Any]) -> None:
        try:
            self.begin = opening(
                given["imap_url"],
                given["password"],
                start_at=_moment(given),
                from_now=given["start"] == "now",
            )
            try_smtp(given["smtp_url"], given["password"], address=given["address"])
        except MailboxError as error:
            self.add_error(None, str(error))


def _moment(given: dict[str, Any]) -> datetime | None:
    if given["start"] == "all":
        return None
    if given["start"] == "now":
        return timezone.now()
    return datetime.combine(given["day"], time(), UTC)


class PasswordForm(forms.Form):
    """A new password for a mailbox."""

    password = _secret_field()


class DailyLimitForm(forms.Form):
    """How many emails the provider lets a mailbox send a day."""

    daily_send_limit = forms.IntegerField(
        label=_("Emails it may send a day"),
        required=False,
        min_value=1,
        max_value=100_000_000,
        help_text=_("Your provider says how many. Empty: you do not know, or there is no limit."),
    )


class ReasonForm(forms.Form):
    """Why a mail that was set aside needs nothing more."""

    reason = forms.CharField(label=_("Why nothing more is needed"), max_length=300)
