import re

import pytest
from django.test import Client

from tests.factories import desk, people
from triage.accounts.models import User
from triage.allhands.announcements import (
    SOCIAL_LENGTH,
    Sources,
    announcements,
    letter_to_staff,
)
from triage.allhands.cautions import Readiness, cautions
from triage.audit.actions import Step
from triage.incidents.actions import ask_fact, confirm_fact, write_briefing
from triage.incidents.briefings import paragraphs_of
from triage.incidents.models import FactVersion, Told
from triage.notices.models import Notice, Recipient

pytestmark = pytest.mark.django_db
NOON = people.NOON
BY = Step("test")
WELL = {
    "mailboxes": 1,
    "failing": (),
    "queues_without_answer": (),
    "supervisors": 1,
    "has_briefing": True,
    "briefed": 3,
    "staff_told": True,
    "waiting": 1840,
    "sends_a_day": None,
}


def keys(**changed: object) -> list[str]:
    return [caution.key for caution in cautions(Readiness(**{**WELL, **changed}))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, []),
        ({"mailboxes": 0}, ["no_mailbox"]),
        ({"failing": ("help@example.org",)}, ["mailbox_failing"]),
        ({"queues_without_answer": ("Praise",)}, ["queue_without_answer"]),
        ({"supervisors": 0}, ["no_supervisor"]),
        ({"has_briefing": False}, ["no_briefing"]),
        ({"briefed": 0}, ["nobody_briefed"]),
        ({"staff_told": False}, ["staff_not_told"]),
        ({"sends_a_day": 2000}, ["sending_capacity"]),
        ({"sends_a_day": 10_000}, []),
        ({"waiting": 10, "sends_a_day": 2000}, []),
    ],
)
def test_what_is_not_as_it_should_be_is_said(
    changed: dict[str, object], expected: list[str]
) -> None:
    assert keys(**changed) == expected


def test_sending_capacity_is_said_in_numbers() -> None:
    (caution,) = cautions(Readiness(**{**WELL, "sends_a_day": 2000}))  # type: ignore[arg-type]
    assert caution.text == "This account may send 2,000 a day; 1,840 people wait: add a relay."


def words(**more: object) -> Sources:
    given: dict[str, object] = {
        "name": "Unauthorised access",
        "page": "https://help.example.org/incident/access/",
        "reply_address": "help@example.org",
        "join_address": "https://help.example.org/join/abc/",
        "happened": ("On Monday somebody got in.",),
        "known": ("Names were read.",),
        "unknown": ("Who it was.",),
        "newest_update": "",
        "facts": (("How many people?", "About 4,000"),),
        **more,
    }
    return Sources(**given)  # type: ignore[arg-type]


def test_all_places_say_the_same_and_name_the_page() -> None:
    said = announcements(words())
    for text in (said.phone, said.web_form, said.social):
        assert "Names were read." in text
        assert "help.example.org/incident/access/" in text


def test_the_phone_is_told_no_scheme_and_no_line_breaks() -> None:
    assert "://" not in announcements(words()).phone
    assert "\n" not in announcements(words()).phone


def test_a_social_profile_takes_what_fits() -> None:
    social = announcements(words(known=("Names were read. " * 40,))).social
    assert len(social) <= SOCIAL_LENGTH
    assert "…" in social
    assert social.endswith("https://help.example.org/incident/access/")


def test_before_anything_is_public_we_are_looking_into_it() -> None:
    empty = announcements(words(happened=(), known=(), unknown=()))
    assert all("We are looking into it" in text for text in (empty.phone, empty.social))


def test_the_letter_carries_facts_the_public_words_in_full_and_the_link() -> None:
    text = letter_to_staff(words()).text
    for part in ("How many people? About 4,000", "Who it was.", "/join/abc/", "On Monday"):
        assert part in text


@pytest.fixture
def ada(client: Client) -> User:
    user = people.person("ada")
    client.force_login(user)
    return user


def send(client: Client) -> None:
    form = client.get("/all-hands/letter/").context["form"]
    filled = {name: form[name].value() for name in ("subject", "text", "sent_key")}
    for _click in range(2):
        client.post("/all-hands/letter/", filled)


def test_a_double_click_is_one_letter_to_everybody_and_one_tick(client: Client, ada: User) -> None:
    people.incident("watch")
    people.person("bob")
    send(client)
    assert Recipient.objects.count() == 2
    told = Told.objects.get()
    assert (told.audience, told.is_elsewhere, Notice.objects.count()) == ("staff", False, 1)


def test_the_letter_quotes_confirmed_facts_and_public_paragraphs_only(
    client: Client, ada: User
) -> None:
    incident = people.incident("watch")
    fact = ask_fact(
        incident_id=incident.pk,
        key="when",
        question="When did it begin?",
        value="Monday",
        source="The log.",
        user_id=ada.pk,
        by=BY,
        at=NOON,
    )
    version = FactVersion.objects.get(fact=fact)
    confirm_fact(version_id=version.pk, user_id=people.person("sam").pk, by=BY, at=NOON)
    texts = {"known_public": "It began on {{fact:when}}.", "known": "The supplier is Acme."}
    write_briefing(
        incident_id=incident.pk, paragraphs=paragraphs_of(texts), user_id=ada.pk, by=BY, at=NOON
    )
    text = client.get("/all-hands/letter/").context["form"]["text"].value()
    assert "When did it begin? Monday" in text
    assert "It began on Monday." in text
    assert "Acme" not in text
    assert "It began on Monday." in client.get("/all-hands/words/").content.decode()


@pytest.mark.parametrize("audience", ["staff", "customers", "regulator"])
def test_told_elsewhere_is_ticked_with_time_and_shown(
    client: Client, ada: User, audience: str
) -> None:
    people.incident("watch")
    client.post("/all-hands/told/", {"audience": audience, "how": "By phone"})
    entry = Told.objects.get()
    assert (entry.told_by, entry.is_elsewhere) == ("Ada", True)
    assert "By phone" in client.get("/all-hands/told/").content.decode()
    client.post(f"/all-hands/told/{entry.pk}/take-back/")
    assert "Written down by mistake" in client.get("/all-hands/told/").content.decode()


def test_the_page_says_when_customers_knew_first(client: Client, ada: User) -> None:
    people.incident("watch")
    client.post("/all-hands/told/", {"audience": "customers"})
    page = client.get("/all-hands/").content.decode()
    assert "Customers know, and your own people have not been told before them." in page


def test_a_time_to_come_is_told_back(client: Client, ada: User) -> None:
    people.incident("watch")
    answer = client.post("/all-hands/told/", {"audience": "press", "told_at": "2999-01-01T12:00"})
    assert "once it has been done" in answer.content.decode()


def test_a_mailbox_is_bound_from_the_page(client: Client, ada: User) -> None:
    incident, box = people.incident("watch"), desk.mailbox()
    queue = desk.queue("data_concern")
    client.post("/all-hands/mailboxes/", {"mailbox": box.pk, "queue": queue.pk})
    assert incident.bound.get().queue_key == "data_concern"
    assert "Data concern" in client.get("/all-hands/").content.decode()
    client.post(f"/all-hands/mailboxes/{box.pk}/unbind/")
    assert not incident.bound.exists()


def test_facts_are_written_by_one_and_confirmed_by_another(client: Client, ada: User) -> None:
    people.incident("watch")
    given = {"key": "when", "question": "When?", "value": "Monday", "source": "The log."}
    client.post("/all-hands/facts/", given)
    version = FactVersion.objects.get()
    assert client.post(f"/all-hands/facts/versions/{version.pk}/confirm/").status_code == 403
    client.force_login(people.person("leo"))
    client.post(f"/all-hands/facts/versions/{version.pk}/confirm/")
    page = client.get("/all-hands/facts/").content.decode()
    assert "Ada wrote it, Leo confirmed it" in page
    assert re.search(r"\{\{fact:when\}\}", page)


def test_since_when_we_know_is_corrected_from_the_page(client: Client, ada: User) -> None:
    incident = people.incident("watch")
    client.post("/all-hands/known-since/", {"known_since": "2026-11-20T09:30"})
    incident.refresh_from_db()
    assert incident.known_since.isoformat() == "2026-11-20T09:30:00+00:00"
    answer = client.post("/all-hands/known-since/", {"known_since": "2999-01-01T09:30"})
    assert (answer.status_code, "later than now" in answer.content.decode()) == (409, True)


def test_two_people_are_asked_for_from_the_page(client: Client, ada: User) -> None:
    incident = people.incident("watch")
    assert "Nobody else can be reached?" not in client.get("/all-hands/").content.decode()
    client.post("/all-hands/two-people/")
    incident.refresh_from_db()
    assert incident.needs_second_person
    assert "Nobody else can be reached?" in client.get("/all-hands/").content.decode()


def test_a_supervisor_writes_the_briefing_and_a_helper_does_not(client: Client) -> None:
    people.incident("watch")
    client.force_login(people.person("sam"))
    answer = client.post("/all-hands/briefing/", {"happened": "Somebody got in."})
    assert answer["Location"] == "/briefing/"
    client.force_login(people.person("leo"))
    assert client.get("/all-hands/briefing/").status_code == 403
