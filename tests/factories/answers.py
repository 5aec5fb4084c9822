"""Approved answers, for whoever has to send one."""

from tests.factories.desk import NOON, user
from triage.responses.models import Response, ResponseVersion

BODY = (
    "[[greeting]]\n\nI am sorry for the worry. Your full card number was not reached.\n\n"
    "[[own line]]\n\nWith care,\n[[sign-off]]\n"
)


def approved(
    name: str = "Full card number not reached",
    *,
    label: str = "data_concern",
    language: str = "en",
    body: str = BODY,
) -> ResponseVersion:
    """An answer that leo wrote and lea approved."""
    response = Response.objects.create(
        key=name.lower().replace(" ", "-"), name=name, label=label, language=language
    )
    return ResponseVersion.objects.create(
        response=response,
        number=1,
        state=ResponseVersion.State.APPROVED,
        body=body,
        author=user("Leo", "approver"),
        written_at=NOON,
        submitted_at=NOON,
        approved_by=user("Lea", "approver"),
        approved_at=NOON,
    )
