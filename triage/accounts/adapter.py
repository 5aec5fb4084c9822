"""How allauth behaves in Muster: nobody signs up, kind sentences, our own login mail."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from triage.accounts.addresses import client_address
from triage.accounts.models import User


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth brings no types
    """Answers the questions that allauth asks of a project."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This login has been closed. Please ask your admin."),
        "email_password_mismatch": _(
            "That email address and password do not fit together. "
            "You can also have a code mailed to you."
        ),
        "enter_current_password": _("Please type your current password."),
        "incorrect_code": _("That is not the code we sent. Please look again."),
        "incorrect_password": _("That is not your password. Please try again."),
        "too_many_login_attempts": _(
            "That was tried too often. Please wait a few minutes, then try again."
        ),
        "rate_limited": _("That was a little fast. Please wait a minute, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Says no: people come by a link or are created by an admin."""
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        """Gives the address that the wide limits count by."""
        return client_address(
            peer=request.META.get("REMOTE_ADDR") or "local",  # a Unix socket has none
            forwarded=request.headers.get("X-Forwarded-For", ""),
            trusted=settings.MUSTER_TRUSTED_PROXIES,
        )

    def render_mail(
        self,
        template_prefix: str,
        email: str,
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """Gives the mail in our own words, kept in templates/emails/."""
        own = template_prefix.replace("account/email/", "emails/")
        rendered: EmailMessage = super().render_mail(own, email, context, headers)
        return rendered

    def add_message(
        self, request: HttpRequest, level: int, *args: object, **kwargs: object
    ) -> None:
        """Lets through what went wrong; what went well is plain from the page itself."""
        if level >= messages.WARNING:
            super().add_message(request, level, *args, **kwargs)

    def reauthenticate(self, user: User, password: str) -> bool:
        """Tells whether this is the person's password; guesses count against the login limit."""
        return bool(self.authenticate(self.request, email=user.email, password=password) == user)

    def is_reauthentication_required(self, *, app: str, **kwargs: object) -> bool:
        """Tells whether to ask again who one is, before a second factor is changed.

        Not of somebody who has just logged in: that was the question.
        """
        records = get_authentication_records(self.request, self.request.user)
        last = max((record["at"] for record in records), default=0.0)
        return bool(time.time() - last >= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)
