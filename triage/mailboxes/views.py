"""The mailboxes and their health, and the mail that was set aside."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from inbox.books import raw_store
from inbox.mailboxes import MailboxError
from inbox.models import Arrival, Mailbox
from inbox.rawstore import RawError
from triage.accounts.access import actor_of, requires
from triage.accounts.policy import Act, may
from triage.mailboxes import actions, queries
from triage.mailboxes.forms import DailyLimitForm, MailboxForm, PasswordForm, ReasonForm

_RAW_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"


@require_GET
@requires(Act.MAILBOX_VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Shows every mailbox: does it work, and where its emails stand."""
    shown = {
        "mailboxes": queries.health(),
        "may_change": may(actor_of(request), Act.MAILBOX_CHANGE),
        "now": timezone.now(),
    }
    return render(request, "mailboxes/index.html", shown)


@requires(Act.MAILBOX_CHANGE)
def add(request: HttpRequest) -> HttpResponse:
    """Takes a mailbox into service once both its servers have answered."""
    form = MailboxForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and form.begin is not None:
        given = {key: form.cleaned_data[key] for key in ("address", "imap_url", "smtp_url")}
        try:
            actions.add_mailbox(
                **given,
                password=form.cleaned_data["password"],
                begin=form.begin,
                by=actor_of(request),
                at=timezone.now(),
            )
            return _told(request, _("The mailbox is in service."), back=back_to(request))
        except MailboxError as error:
            form.add_error(None, str(error))
    return render(request, "mailboxes/add.html", {"form": form})


@requires(Act.MAILBOX_CHANGE)
def password(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Keeps a new password; the next try uses it."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id, kind=Mailbox.Kind.SERVER)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.change_password(
            mailbox_id=mailbox.pk,
            password=form.cleaned_data["password"],
            by=actor_of(request),
            at=timezone.now(),
        )
        return _told(request, _("The new password is kept and will be used from now on."))
    return render(request, "mailboxes/password.html", {"form": form, "mailbox": mailbox})


@requires(Act.MAILBOX_CHANGE)
def daily_limit(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Notes how many emails a mailbox may send a day, for the steps to all-hands mode."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id, kind=Mailbox.Kind.SERVER)
    first = {"daily_send_limit": mailbox.daily_send_limit}
    form = DailyLimitForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        actions.set_daily_limit(
            mailbox_id=mailbox.pk,
            daily_send_limit=form.cleaned_data["daily_send_limit"],
            by=actor_of(request),
            at=timezone.now(),
        )
        return _told(request, _("It is noted."))
    return render(request, "mailboxes/daily_limit.html", {"form": form, "mailbox": mailbox})


@require_POST
@requires(Act.MAILBOX_CHANGE)
def watch(request: HttpRequest, mailbox_id: int) -> HttpResponse:
    """Pauses a mailbox or takes it up again."""
    mailbox = get_object_or_404(Mailbox, pk=mailbox_id, kind=Mailbox.Kind.SERVER)
    watched = request.POST.get("watched") == "1"
    actions.set_watched(
        mailbox_id=mailbox.pk, watched=watched, by=actor_of(request), at=timezone.now()
    )
    return _told(request, _("The mailbox is in service.") if watched else _("It is paused."))


def back_to(request: HttpRequest) -> str:
    """Gives the page of ours that asked for a new mailbox, such as the steps to all-hands mode."""
    asked = request.GET.get("back", "")
    ours = url_has_allowed_host_and_scheme(
        asked, {request.get_host()}, require_https=request.is_secure()
    )
    return asked if ours else "mailboxes:index"


def _told(request: HttpRequest, words: str, *, back: str = "mailboxes:index") -> HttpResponse:
    messages.success(request, words)
    return redirect(back)


@require_GET
@requires(Act.SET_ASIDE_DECIDE)
def set_aside(request: HttpRequest) -> HttpResponse:
    """Lists the mail that nobody could read: why, and what can be done."""
    before = request.GET.get("before", "")
    put_away = request.GET.get("show") == "away"
    rows = queries.set_aside(
        before_id=int(before) if before.isdecimal() else None, put_away=put_away
    )
    full = len(rows) == queries.PAGE
    shown = {"rows": rows, "put_away": put_away, "full": full, "form": ReasonForm()}
    return render(request, "mailboxes/set_aside.html", shown)


@require_GET
@requires(Act.SET_ASIDE_DECIDE)
@never_cache
def raw(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Hands out a mail that was set aside, byte by byte, as nothing but a file to save."""
    states = [Arrival.State.QUARANTINED, Arrival.State.DISCARDED]
    arrival = get_object_or_404(Arrival, pk=arrival_id, state__in=states)
    try:
        content = raw_store().read(arrival.raw_sha256)
    except RawError:
        messages.error(request, _("The raw email cannot be found on this machine."))
        return redirect("mailboxes:set_aside")
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, f"email-{arrival.pk}.eml")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = _RAW_POLICY
    return response


@require_POST
@requires(Act.SET_ASIDE_DECIDE)
def replay(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Puts one mail back in line to be read anew."""
    arrival = get_object_or_404(Arrival, pk=arrival_id)
    count = actions.replay(arrival_ids=[arrival.pk], by=actor_of(request), at=timezone.now())
    words = ngettext("%(n)s email will be read anew.", "%(n)s emails will be read anew.", count)
    messages.success(request, words % {"n": count})
    return redirect("mailboxes:set_aside")


@require_POST
@requires(Act.SET_ASIDE_DECIDE)
def discard(request: HttpRequest, arrival_id: int) -> HttpResponse:
    """Puts one mail away, for a reason."""
    arrival = get_object_or_404(Arrival, pk=arrival_id)
    reason = request.POST.get("reason", "").replace("\0", "")  # PostgreSQL takes no NUL
    try:
        actions.discard(
            arrival_ids=[arrival.pk], reason=reason, by=actor_of(request), at=timezone.now()
        )
        messages.success(request, _("It is put away. Its raw email is kept."))
    except actions.ReasonMissingError as error:
        messages.error(request, str(error))
    return redirect("mailboxes:set_aside")
