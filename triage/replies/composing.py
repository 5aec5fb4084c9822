"""What an answer is made of: the approved version, the person's own lines, and a few names."""

from collections.abc import Mapping

from django.utils.translation import override, pgettext

from inbox.models import Conversation
from triage.accounts.models import User
from triage.replies.greetings import first_name
from triage.responses import blocks
from triage.responses.models import ResponseVersion


def signed_name(author: User) -> str:
    """Gives the first name that customers see under an answer."""
    return author.shown_name or author.name.split(" ")[0] or pgettext("signature", "The team")


def variables_of(conversation: Conversation, author: User) -> dict[str, str]:
    """Gives what may stand in an answer as {{name}}: nothing that the customer could not see."""
    return {
        "customer_name": first_name(conversation.customer_name),
        "helper_name": signed_name(author),
    }


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
    return blocks.render(parts, slots, variables_of(conversation, author))


def suggested(conversation: Conversation, author: User, *, language: str) -> dict[str, str]:
    """Gives how the slots are filled before the person types: greeting and sign-off."""
    name = first_name(conversation.customer_name)
    with override(language or "en"):
        greeting = (
            pgettext("greeting", "Hi %(name)s,") % {"name": name}
            if name
            else pgettext("greeting", "Hi there,")
        )
        return {"greeting": greeting, "sign-off": signed_name(author)}
