"""Practice: the shipped mails, five at a time, four right, as often as needed."""

import threading
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.factories import people
from triage.accounts.models import User
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.volunteers import actions
from triage.volunteers.actions import NotAllowed, Refused
from triage.volunteers.models import Enlistment, PracticeMail, PracticeRound
from triage.volunteers.practice import draw, is_enough, shipped
from triage.volunteers.queries import actor_for
from triage.volunteers.shelf import practice_mail, shelf

NOON = people.NOON


def test_twenty_mails_ship_each_with_one_right_choice_and_a_word_to_every_choice() -> None:
    assert len(shipped()) == 20
    for key, mail in shipped().items():
        assert 3 <= len(mail.choices) <= 4, key
        assert sum(choice.is_right for choice in mail.choices) == 1, key
        assert all(len(choice.feedback.split()) >= 8 for choice in mail.choices), key


def test_the_right_one_is_in_no_place_more_than_half_of_the_time() -> None:
    places = [
        next(place for place, choice in enumerate(mail.choices) if choice.is_right)
        for mail in shipped().values()
    ]
    assert max(places.count(place) for place in set(places)) <= 10


def test_a_round_has_one_of_each_lesson_danger_always() -> None:
    for person in range(50):
        keys = draw(shipped().values(), seen={}, seed=str(person))
        lessons = {shipped()[key].lesson for key in keys}
        assert lessons == {"danger", "feelings", "tricks", "others", "limits"}


def test_people_get_different_rounds_and_the_same_person_the_same() -> None:
    rounds = {draw(shipped().values(), seen={}, seed=str(person)) for person in range(20)}
    assert len(rounds) > 10
    assert draw(shipped().values(), seen={}, seed="7") == draw(
        shipped().values(), seen={}, seed="7"
    )


def test_another_round_brings_new_ones() -> None:
    first = draw(shipped().values(), seen={}, seed="1")
    second = draw(shipped().values(), seen=dict.fromkeys(first, 1), seed="2")
    assert not set(first) & set(second)


@pytest.mark.parametrize(("right", "enough"), [(5, True), (4, True), (3, False), (0, False)])
def test_four_of_five_are_enough(right: int, enough: bool) -> None:
    assert is_enough(right, of=5) is enough


@pytest.fixture
def incident() -> Incident:
    return people.incident(at=timezone.now())


@pytest.fixture
def ann(client: Client, incident: Incident) -> User:
    user = people.person("ann")
    people.helper(user, incident, state="practising", at=timezone.now())
    client.force_login(user)
    return user


@pytest.mark.django_db
@pytest.mark.parametrize(("wrong", "then"), [(0, "ready"), (1, "ready"), (2, "practising")])
def test_enough_right_makes_ready(ann: User, wrong: int, then: str) -> None:
    assert people.practised(ann, wrong=wrong).passed is (then == "ready")
    part = Enlistment.objects.get()
    assert part.state == then
    assert (part.practised_at is not None) is (then == "ready")


@pytest.mark.django_db
def test_one_may_try_as_often_as_needed_and_the_rounds_are_kept(ann: User) -> None:
    people.practised(ann, wrong=5)
    people.practised(ann, wrong=3)
    people.practised(ann)
    passed = PracticeRound.objects.order_by("number").values_list("number", "passed")
    assert list(passed) == [(1, False), (2, False), (3, True)]
    assert Enlistment.objects.get().state == "ready"


@pytest.mark.django_db
def test_the_first_choice_counts(ann: User) -> None:
    by = actor_for(ann, at=NOON)
    actions.begin_round(by=by, at=NOON)
    first = actions.choose(number=1, choice=0, by=by, at=NOON)
    assert actions.choose(number=1, choice=1, by=by, at=NOON) == first
    assert AuditEvent.objects.filter(action="practice.answer").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("number", "choice"), [(0, 0), (6, 0), (1, 9), (1, -1)])
def test_what_is_no_choice_is_refused(ann: User, number: int, choice: int) -> None:
    by = actor_for(ann, at=NOON)
    actions.begin_round(by=by, at=NOON)
    with pytest.raises(Refused):
        actions.choose(number=number, choice=choice, by=by, at=NOON)


@pytest.mark.django_db
def test_a_choice_unrecorded_is_no_choice(ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError("the record cannot be written")

    by = actor_for(ann, at=NOON)
    going = actions.begin_round(by=by, at=NOON)
    monkeypatch.setattr("triage.volunteers.actions.practising.record", broken)
    with pytest.raises(RuntimeError):
        actions.choose(number=1, choice=0, by=by, at=NOON)
    assert not going.answers.exists()


@pytest.mark.django_db(transaction=True)
def test_two_tabs_begin_one_round() -> None:
    by = actor_for(people.person("ann"), at=NOON)
    begun: list[int] = []

    def begin() -> None:
        try:
            begun.append(actions.begin_round(by=by, at=NOON).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(begun)) == 1 and len(begun) == 4


@pytest.mark.django_db
def test_each_choice_gets_its_kind_word_at_once(client: Client, ann: User) -> None:
    assert client.post("/practice/", follow=True).redirect_chain[-1][0] == "/practice/1/"
    mail = practice_mail(PracticeRound.objects.get().keys[0])
    wrong = next(place for place, choice in enumerate(mail.choices) if not choice.is_right)
    page = client.post("/practice/1/", {"choice": wrong}, follow=True)
    shown = page.context["page"]
    assert (shown.choice, shown.right.is_right) == (mail.choices[wrong], True)
    assert "Look at it once more" in page.content.decode()


@pytest.mark.django_db
def test_nothing_chosen_is_asked_again(client: Client, ann: User) -> None:
    client.post("/practice/")
    answer = client.post("/practice/1/", {})
    assert answer.status_code == 422
    assert "Please choose one first." in answer.content.decode()


@pytest.mark.django_db
def test_before_any_round_and_after_it_the_page_says_what_comes_next(
    client: Client, ann: User
) -> None:
    assert "Five emails to practise on" in client.get("/practice/").content.decode()
    people.practised(ann, wrong=3)
    assert "Nearly there" in client.get("/practice/").content.decode()
    people.practised(ann)
    assert "You are ready" in client.get("/practice/").content.decode()


WRITTEN = {
    "sender": "Olga P.",
    "subject": "Where is my parcel",
    "body": "It should be here.",
    "text1": "Ask a pro.",
    "feedback1": "Yes.",
    "text2": "Close it.",
    "feedback2": "It waits for an answer.",
    "right": "1",
}


@pytest.fixture
def sam(client: Client, incident: Incident) -> User:
    user = people.person("sam")
    client.force_login(user)
    return user


@pytest.mark.django_db
def test_a_supervisor_writes_one_and_changes_a_shipped_one(client: Client, sam: User) -> None:
    client.post("/practice/mails/new/", WRITTEN)
    client.post("/practice/mails/worried-parent/", WRITTEN)
    assert practice_mail("where-is-my-parcel").sender == "Olga P."
    assert practice_mail("worried-parent").subject == "Where is my parcel"
    found = {each.mail.key: each for each in shelf()}
    assert len(found) == 21
    assert found["worried-parent"].is_changed
    assert AuditEvent.objects.filter(action="practice_mail.write").count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"text2": "", "feedback2": ""}, "Two choices at least"),
        ({"feedback1": ""}, "needs a kind word"),
        ({"right": "3"}, "must be among the choices"),
    ],
)
def test_half_a_practice_mail_is_not_kept(
    client: Client, sam: User, change: dict[str, str], why: str
) -> None:
    answer = client.post("/practice/mails/new/", {**WRITTEN, **change})
    assert answer.status_code == 422
    assert why in answer.content.decode()
    assert not PracticeMail.objects.exists()


@pytest.mark.django_db
def test_one_left_out_comes_to_nobody_and_five_always_stay(client: Client, sam: User) -> None:
    for key in list(shipped())[:15]:
        client.post(f"/practice/mails/{key}/switch/", {"use": "no"})
    last = list(shipped())[15]
    page = client.post(f"/practice/mails/{last}/switch/", {"use": "no"}, follow=True)
    assert "Five practice emails must stay." in page.content.decode()
    going = people.practised(people.person("bob"))
    assert set(going.keys) == set(list(shipped())[15:])


@pytest.mark.django_db
def test_only_a_supervisor_decides_about_practice_mails(ann: User) -> None:
    by = actor_for(ann, at=NOON)
    with pytest.raises(NotAllowed):
        actions.write_practice_mail(mail=shipped()["lawyer"], by=by, at=NOON)
    with pytest.raises(NotAllowed):
        actions.switch_practice_mail(key="lawyer", is_on=False, by=by, at=NOON)


@pytest.mark.django_db
def test_the_shelf_costs_few_queries(
    client: Client, sam: User, django_assert_max_num_queries: Any
) -> None:
    client.get("/practice/mails/")
    with django_assert_max_num_queries(12):
        client.get("/practice/mails/")
