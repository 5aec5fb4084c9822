"""Lines of thanks: the warmth of it, nothing of the person."""

import pytest

from tests.factories import people
from triage.audit.models import AuditEvent
from triage.volunteers.actions import NotAllowed, Refused, pick_thanks
from triage.volunteers.models import ThankYou
from triage.volunteers.queries import actor_for, thank_you_lines
from triage.volunteers.thanks import problem_with

NOON = people.NOON


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "write the line"),
        ("Thanks from dana@customer.example", "No numbers and no addresses"),
        ("Order 12 is here, thank you", "No numbers and no addresses"),
        ("Love, dana", "There is a name in it"),
        ("Thank you! " * 30, "One line"),
    ],
)
def test_a_line_that_leads_to_the_person_is_refused(text: str, why: str) -> None:
    assert why in problem_with(text, names=["Dana Rivers"])


def test_a_warm_line_is_fine() -> None:
    assert problem_with("You wrote at midnight, and I could sleep.", names=["Dana Rivers"]) == ""


@pytest.mark.django_db
def test_helpers_see_what_a_supervisor_picked_newest_first() -> None:
    incident, sam = people.incident(), actor_for(people.person("sam"), at=NOON)
    for text in ("I can sleep again.", "So kind, so fast."):
        pick_thanks(incident_id=incident.pk, text=text, by=sam, at=NOON)
    assert thank_you_lines(incident_id=incident.pk) == ("So kind, so fast.", "I can sleep again.")
    assert AuditEvent.objects.filter(action="thanks.pick").count() == 2


@pytest.mark.django_db
def test_a_line_with_details_is_not_kept_and_only_supervisors_pick() -> None:
    incident, sam = people.incident(), actor_for(people.person("sam"), at=NOON)
    with pytest.raises(Refused):
        pick_thanks(incident_id=incident.pk, text="Call me: 555", by=sam, at=NOON)
    with pytest.raises(NotAllowed):
        pick_thanks(
            incident_id=incident.pk,
            text="Thank you all.",
            by=actor_for(people.person("ann"), at=NOON),
            at=NOON,
        )
    assert not ThankYou.objects.exists()
