"""What is left of people whose helping time is over: when all is well, nothing."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from triage.accounts.models import RoleGrant, Session
from triage.allhands.leaving import who_stop_answering, with_no_other_role
from triage.queues.models import Ticket
from triage.volunteers.models import CodeSheet, Enlistment, EnlistmentLink

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, kw_only=True)
class Proof:
    """How many people's time is over, and the ids of everything that should have ended with it.

    `logins` and `people_with_role` are ids of people; a session's own key is never told.
    """

    people: int
    logins: tuple[int, ...]
    people_with_role: tuple[int, ...]
    held_emails: tuple[int, ...]
    helping_times: tuple[int, ...]
    links: tuple[int, ...]
    code_sheets: tuple[int, ...]

    @property
    def left(self) -> dict[str, tuple[int, ...]]:
        """Gives what was found, by kind; empty when everything has ended."""
        kinds = {name: found for name, found in asdict(self).items() if name != "people"}
        return {name: found for name, found in kinds.items() if found}


def look_for_leftovers(*, at: datetime) -> Proof:
    """Looks for every right of somebody whose helping time is over, in seven statements.

    Who works here on any day keeps login and role; the support team keeps its emails too. Who
    helps again in another incident is not over.
    """
    over = _over(at)
    gone = list(
        Enlistment.objects.filter(over)
        .exclude(user__in=Enlistment.objects.exclude(over).values("user"))
        .order_by("user_id")
        .values_list("user_id", flat=True)
        .distinct()
    )
    leavers, closed = with_no_other_role(gone), Q(incident__closed_at__isnull=False)
    return Proof(
        people=len(gone),
        logins=_logins(leavers, at=at),
        people_with_role=tuple(_helpers_by_role(gone).values_list("user_id", flat=True)),
        held_emails=_held(who_stop_answering(gone)),
        helping_times=_ids(Enlistment.objects.filter(closed).exclude(state="ended")),
        links=_ids(EnlistmentLink.objects.filter(closed, withdrawn_at=None, expires_at__gt=at)),
        code_sheets=_ids(
            CodeSheet.objects.filter(
                closed | Q(person__in=leavers), withdrawn_at=None, expires_at__gt=at
            )
        ),
    )


def _over(at: datetime) -> Q:
    return Q(state=Enlistment.State.ENDED) | Q(until__lte=at) | Q(incident__closed_at__isnull=False)


def _logins(user_ids: list[int], *, at: datetime) -> tuple[int, ...]:
    rows = Session.objects.filter(user_id__in=user_ids, expire_date__gt=at)
    found = rows.order_by("user_id").values_list("user_id", flat=True).distinct()
    return tuple(user_id for user_id in found if user_id is not None)


def _helpers_by_role(user_ids: list[int]) -> "QuerySet[RoleGrant]":
    rows = RoleGrant.objects.filter(user_id__in=user_ids, role=RoleGrant.Role.VOLUNTEER)
    return rows.order_by("user_id")


def _held(user_ids: list[int]) -> tuple[int, ...]:
    return _ids(Ticket.objects.filter(holder__in=user_ids))


def _ids(rows: "QuerySet[Row]") -> tuple[int, ...]:
    return tuple(rows.order_by("pk").values_list("pk", flat=True))
