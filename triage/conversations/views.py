"""The support team's inbox, and the parts of an email that need a wall around them."""

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from inbox.books import raw_store
from inbox.models import Attachment, Conversation, Message
from inbox.parsing import ExtractionError, extract_attachment
from triage.accounts.access import actor_of, check, for_some, requires
from triage.accounts.policy import Act
from triage.conversations import queries
from triage.notices.viewing import note_reveal, note_view

# The mail's own document: no script, no style, nothing from anywhere; only this site may frame it.
FRAMED_POLICY = (
    "default-src 'none'; img-src data:; style-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'self'; sandbox"
)
DOWNLOAD_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

Row = TypeVar("Row", bound=Model)


@require_GET
@requires(Act.EMAIL_BROWSE)
def inbox(request: HttpRequest) -> HttpResponse:
    """Lists conversations, the newest first."""
    before = request.GET.get("before", "")
    address = request.GET.get("from", "").replace("\0", "")  # PostgreSQL takes no NUL
    only_open = request.GET.get("show", "open") != "all"
    lines = queries.list_page(
        actor=actor_of(request),
        before_id=int(before) if before.isdecimal() else None,
        only_open=only_open,
        address=address,
    )
    shown = {
        "lines": lines,
        "address": address,
        "only_open": only_open,
        "full": len(lines) == queries.PAGE,
        "now": timezone.now(),
    }
    return render(request, "conversations/inbox.html", shown)


@require_GET
@for_some(Act.EMAIL_VIEW)
@never_cache
def show(request: HttpRequest, conversation_id: int) -> HttpResponse:
    """Shows one conversation to those who may read it."""
    rows = Conversation.objects.select_related("ticket__queue", "mailbox")
    conversation = get_object_or_404(rows, pk=conversation_id)
    _check(request, conversation)
    note_view(conversation=conversation, by=actor_of(request), at=timezone.now())
    page = queries.page_of(conversation)
    beside = queries.beside_of(conversation, actor=actor_of(request))
    return render(request, "conversations/conversation.html", {"page": page, "beside": beside})


@require_GET
@for_some(Act.EMAIL_VIEW)
@never_cache
@xframe_options_sameorigin
def html(request: HttpRequest, message_id: int) -> HttpResponse:
    """Gives the cleaned HTML of an email, for a sandboxed frame, under a policy of its own."""
    message = _of_conversation(request, Message.objects.all(), message_id, "conversation")
    _revealed(request, message.conversation, "original", message.pk)
    words = render_to_string("conversations/original.html", {"message": message})
    response = HttpResponse(words)
    response["Content-Security-Policy"] = FRAMED_POLICY
    response["Referrer-Policy"] = "no-referrer"
    return response


@require_GET
@for_some(Act.EMAIL_VIEW)
@never_cache
def attachment(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Hands out one attachment as a download, whatever its sender says it is."""
    rows = Attachment.objects.select_related("message")
    found = _of_conversation(request, rows, attachment_id, "message__conversation")
    _revealed(request, found.message.conversation, "attachment", found.pk)
    try:
        content = extract_attachment(raw_store().path(found.message.raw_sha256), found.part_index)
    except ExtractionError as error:
        return render(request, "conversations/unopened.html", {"problem": error}, status=422)
    return download(content, filename=found.filename)


def _of_conversation(request: HttpRequest, rows: QuerySet[Row], pk: int, conversation: str) -> Row:
    found = get_object_or_404(rows.select_related(f"{conversation}__ticket__queue"), pk=pk)
    owner: object = found
    for step in conversation.split("__"):
        owner = getattr(owner, step)
    assert isinstance(owner, Conversation)
    _check(request, owner)
    return found


def _revealed(
    request: HttpRequest, conversation: Conversation | None, part: str, part_id: int
) -> None:
    assert conversation is not None
    by, at = actor_of(request), timezone.now()
    note_reveal(conversation=conversation, part=part, part_id=part_id, by=by, at=at)


def _check(request: HttpRequest, conversation: Conversation) -> None:
    actor = actor_of(request)
    subject = queries.subject_of(conversation, actor=actor, at=timezone.now())
    check(request, Act.EMAIL_VIEW, subject)


def download(content: bytes, *, filename: str) -> HttpResponse:
    """Bytes from a stranger, as nothing but a file to save."""
    response = HttpResponse(content, content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, filename or "attachment")
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = DOWNLOAD_POLICY
    return response
