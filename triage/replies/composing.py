"""What an answer is made of: the approved version, the person's own lines, and a few names."""

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from inbox.models import Conversation
from triage.accounts.models import User
from triage.incidents.queries import current
from triage.replies.greetings import first_name, greeting, greetings_for
from triage.replies.reviewing import OwnWords
from triage.responses import blocks
from triage.responses.models import ResponseVersion
from triage.volunteers.queries import department_of


def signed_name(author: User) -> str:
    """Gives the first name that customers see under an answer."""
    return author.shown_name or author.name.split(" ")[0] or pgettext("signature", "The team")


def sign_off(author: User) -> str:
    """Gives what stands under an answer: the first name, and the department of who wants it named.

    The From line has the first name alone.
    """
    return _signed(author, department_of(author.pk))


def _signed(author: User, department: str) -> str:
    if not department:
        return signed_name(author)
    words = _("%(name)s, %(department)s, helping out today")
    return words % {"name": signed_name(author), "department": department}


def variables_of(
    conversation: Conversation, author: User, *, update_page: str = ""
) -> dict[str, str]:
    """Gives what may stand in an answer as {{name}}: nothing that the customer could not see.

    The address of the update page is looked up unless it is given.
    """
    return {
        "customer_name": first_name(conversation.customer_name),
        "helper_name": signed_name(author),
        "update_page": update_page or current_update_page(),
    }


def update_page_of(slug: str) -> str:
    """Gives the address of the page with what we know: the incident's, on a calm day our own."""
    return f"{settings.MUSTER_BASE_URL}{f'/incident/{slug}/' if slug else '/'}"


def current_update_page() -> str:
    """Gives that address as it is now, in one statement."""
    incident = current()
    return update_page_of(incident.slug if incident else "")


def text_of(
    version: ResponseVersion,
    slots: Mapping[str, str],
    conversation: Conversation,
    *,
    author_id: int,
) -> str:
    """Gives the text that leaves: locked words as approved, slots as typed; raises BlockError."""
    author = User.objects.get(pk=author_id)
    parts = blocks.parse(version.body)
    names = variables_of(conversation, author)
    return blocks.render(parts, slots, names, base_url=settings.MUSTER_BASE_URL)


def suggested(
    conversation: Conversation, author: User, *, language: str, department: str | None = None
) -> dict[str, str]:
    """Gives how the slots are filled before the person types: greeting and sign-off.

    The department they want named is looked up unless it is given.
    """
    if department is None:
        department = department_of(author.pk)
    return {
        "greeting": greeting(conversation.customer_name, language=language),
        "sign-off": _signed(author, department),
    }


def own_words(slots: Mapping[str, str], conversation: Conversation, author: User) -> OwnWords:
    """Gives what of an answer its writer put in: a line of their own, a greeting of their own."""
    ours = greetings_for(conversation.customer_name)
    greeting_kept = slots.get("greeting", "").strip() in {"", *ours}
    name_kept = slots.get("sign-off", "").strip() in {"", signed_name(author), sign_off(author)}
    return OwnWords(
        has_own_line=bool(slots.get("own line", "").strip()),
        is_edited=not (greeting_kept and name_kept),
    )
