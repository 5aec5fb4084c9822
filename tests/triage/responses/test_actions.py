"""Two people stand behind every answer, and its words never change."""

import pytest
from django.db import IntegrityError, transaction

from tests.factories.desk import NOON, actor
from triage.audit.models import AuditEvent
from triage.responses import blocks
from triage.responses.actions import (
    NotAllowed,
    NotInThatState,
    NotSound,
    OwnWords,
    approve_version,
    create_response,
    load_starters,
    pause_response,
    resume_response,
    retire_version,
    return_version,
    submit_version,
    write_version,
)
from triage.responses.models import Response, ResponseVersion
from triage.responses.queries import is_usable, library, usable
from triage.responses.starters import LANGUAGES, starters

pytestmark = pytest.mark.django_db
BODY = "[[greeting]]\n\nIt was not reached.\n\n[[own line]]\n\nWith care,\n[[sign-off]]\n"


def response(name: str = "Card not reached", label: str = "data_concern", language: str = "en"):
    return create_response(
        name=name, label=label, language=language, by=actor("Sam", "supervisor"), at=NOON
    )


def waiting(of: Response | None = None, *, author: str = "Sam") -> ResponseVersion:
    by = actor(author, "supervisor", "approver")
    version = write_version(response_id=(of or response()).pk, body=BODY, by=by, at=NOON)
    return submit_version(version_id=version.pk, by=by, at=NOON)


def approved(of: Response | None = None) -> ResponseVersion:
    return approve_version(version_id=waiting(of).pk, by=actor("Leo", "approver"), at=NOON)


def test_a_version_is_usable_only_after_a_second_person_approved_it():
    version = waiting()
    assert not is_usable(version)
    approve_version(version_id=version.pk, by=actor("Leo", "approver"), at=NOON)
    assert is_usable(version)


def test_nobody_approves_their_own_words():
    version = waiting(author="Leo")
    with pytest.raises(OwnWords):
        approve_version(version_id=version.pk, by=actor("Leo", "approver"), at=NOON)


def test_the_database_itself_refuses_an_author_as_approver():
    version = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseVersion.objects.filter(pk=version.pk).update(
            state="approved", approved_by_id=version.author_id, approved_at=NOON
        )


def test_the_database_itself_refuses_an_approved_version_without_an_approver():
    version = waiting()
    with pytest.raises(IntegrityError), transaction.atomic():
        ResponseVersion.objects.filter(pk=version.pk).update(state="approved")


@pytest.mark.parametrize("role", ["support", "supervisor", "admin", "volunteer"])
def test_only_approvers_approve(role: str):
    version = waiting()
    with pytest.raises(NotAllowed):
        approve_version(version_id=version.pk, by=actor("Bob", role), at=NOON)


def test_a_draft_cannot_be_approved_unasked():
    draft = write_version(
        response_id=response().pk, body=BODY, by=actor("Sam", "supervisor"), at=NOON
    )
    with pytest.raises(NotInThatState):
        approve_version(version_id=draft.pk, by=actor("Leo", "approver"), at=NOON)


def test_a_new_approved_version_replaces_the_former_one():
    first = approved()
    second = approved(first.response)
    first.refresh_from_db()
    assert (first.state, second.state) == ("superseded", "approved")
    assert not is_usable(first)
    assert second.number == first.number + 1


def test_the_former_version_is_used_until_the_new_one_is_approved():
    first = approved()
    waiting(first.response)
    assert is_usable(first)


def test_a_returned_version_is_a_draft_with_the_reason():
    version = waiting()
    return_version(version_id=version.pk, reason="Too\nlong", by=actor("Leo", "approver"), at=NOON)
    version.refresh_from_db()
    assert (version.state, version.returned_reason) == ("draft", "Too long")


def test_a_retired_version_is_used_no_more():
    version = approved()
    retire_version(version_id=version.pk, by=actor("Leo", "approver"), at=NOON)
    assert not is_usable(version)
    assert usable(label="data_concern", language="en") == []


def test_words_with_a_mistake_become_no_version():
    with pytest.raises(NotSound, match="sing-off"):
        write_version(
            response_id=response().pk,
            body="Hello [[sing-off]]",
            by=actor("Sam", "supervisor"),
            at=NOON,
        )


def test_helpers_write_no_answers():
    with pytest.raises(NotAllowed):
        create_response(
            name="x", label="other", language="en", by=actor("Ann", "volunteer"), at=NOON
        )


def test_each_decision_stands_in_the_record_once():
    version = approved()
    retire_version(version_id=version.pk, by=actor("Leo", "approver"), at=NOON)
    assert list(AuditEvent.objects.order_by("pk").values_list("action", flat=True)) == [
        "response.create", "response.write", "response.submit", "response.approve",
        "response.retire",
    ]  # fmt: skip


def test_when_the_record_cannot_be_written_nothing_is_approved(monkeypatch: pytest.MonkeyPatch):
    version = waiting()

    def fail(**_: object) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr("triage.responses.actions.record", fail)
    with pytest.raises(RuntimeError):
        approve_version(version_id=version.pk, by=actor("Leo", "approver"), at=NOON)
    version.refresh_from_db()
    assert version.state == "in_review"


def test_answers_in_their_language_come_first_and_of_those_the_best_fit():
    other = approved(response("Where to look", "other", "en"))
    german = approved(response("Karte", "data_concern", "de"))
    exact = approved(response("Card", "data_concern", "en"))
    waiting(response("Not yet", "data_concern", "en"))
    assert usable(label="data_concern", language="en") == [exact, other, german]


def test_two_answers_of_one_name_get_keys_of_their_own():
    assert [response().key, response().key] == ["card-not-reached-en", "card-not-reached-en-2"]


def test_the_shipped_answers_come_in_approved_and_once():
    people = {"by_author": actor("Sam", "supervisor"), "by_approver": actor("Leo", "approver")}
    count = load_starters(**people, at=NOON)
    assert (
        count == len(list(starters())) == ResponseVersion.objects.filter(state="approved").count()
    )
    assert load_starters(**people, at=NOON) == 0
    assert AuditEvent.objects.values("operation_id").distinct().count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_a_shipped_answer_for_every_label(language: str):
    labels = {starter.label for starter in starters() if starter.language == language}
    assert labels == set(Response.Label.values)


@pytest.mark.parametrize("starter", list(starters()), ids=lambda starter: starter.key)
def test_every_shipped_answer_can_be_sent(starter):
    names = {"update_page": "https://m.example/incident/x/", "helper_name": "Maya"}
    slots = {"greeting": "Hi Dana,", "sign-off": "Maya"}
    text = blocks.render(blocks.parse(starter.body), slots, names)
    assert text.startswith("Hi Dana,")
    assert text.endswith("Maya\n")
    assert "[[" not in text
    assert "{{" not in text


def test_the_list_needs_two_statements(django_assert_num_queries):
    for number in range(5):
        approved(response(f"Answer {number}"))
    with django_assert_num_queries(2):
        assert len(library()) == 5


def test_a_paused_answer_is_not_usable_until_it_is_resumed():
    version, sam = approved(), actor("Sam", "supervisor")
    assert pause_response(response_id=version.response_id, by=sam, at=NOON)
    assert not is_usable(version)
    assert usable(label="data_concern", language="en") == []
    assert not pause_response(response_id=version.response_id, by=sam, at=NOON)
    assert resume_response(response_id=version.response_id, by=sam, at=NOON)
    assert is_usable(version)


def test_who_only_writes_pauses_nothing():
    with pytest.raises(NotAllowed):
        pause_response(response_id=approved().response_id, by=actor("Sue", "support"), at=NOON)
