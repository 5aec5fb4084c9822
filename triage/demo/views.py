"""The Outbox: what the demo has sent, readable by everybody who can reach this machine's loopback.

Nobody has to log in, because the login codes of newcomers are among these mails.
"""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from triage.accounts.access import public
from triage.demo import outbox, place


@public
def mails(request: HttpRequest) -> HttpResponse:
    """Lists the mails, newest first."""
    return render(request, "demo/outbox.html", {"mails": outbox.newest(_folder())})


@public
def mail(request: HttpRequest, identifier: str) -> HttpResponse:
    """Shows one mail: its words, its headers, and every byte as text."""
    return render(request, "demo/mail.html", {"mail": _find(identifier)})


def _find(identifier: str) -> outbox.SentMail:
    found = outbox.one(_folder(), identifier)
    if found is None:
        raise Http404
    return found


def _folder() -> Path:
    return place.outbox(Path(settings.MUSTER_DATA_DIR))
