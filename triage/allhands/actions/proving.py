"""Proving that nothing is left of anybody whose helping time is over, and telling when it is."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from triage.allhands.proof import Proof, look_for_leftovers
from triage.audit.actions import Doer, record
from triage.notices.actions import end_alert, raise_alert

_CAUSE = "stood_down:left"
_TOLD = 50


def prove_stood_down(*, by: Doer, at: datetime) -> Proof:
    """Gives the proof and notes its counts in the record; what is left raises an alert with ids.

    The alert ends with the first proof that finds nothing.
    """
    proof = look_for_leftovers(at=at)
    left = {name: list(found[:_TOLD]) for name, found in proof.left.items()}
    counts = {name: len(found) for name, found in proof.left.items()}
    with transaction.atomic():
        detail = {"people": proof.people, "counts": counts, "left": left}
        record(action="proof.stood_down", by=by, at=at, detail=detail)
    if left:
        raise_alert(cause=_CAUSE, text=sentence(proof), at=at)
    else:
        end_alert(cause=_CAUSE, at=at)
    return proof


def sentence(proof: Proof) -> str:
    """Gives in words what was found, with the first few numbers of each kind."""
    names = {
        "logins": _("logins of people"),
        "people_with_role": _("the helper role of people"),
        "held_emails": _("emails"),
        "helping_times": _("helping times"),
        "links": _("join links"),
        "code_sheets": _("sheets of printed codes"),
    }
    found = "; ".join(
        f"{names[kind]} {', '.join(str(number) for number in numbers[:5])}"
        + (f" … ({len(numbers)})" if len(numbers) > 5 else "")
        for kind, numbers in proof.left.items()
    )
    return _("Helping is over, but something of it is left: %(found)s.") % {"found": found}
