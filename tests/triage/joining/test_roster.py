from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from inbox.models import OutboundMessage
from tests.factories import people
from triage.accounts.models import User
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.joining import roster
from triage.queues.models import Queue
from triage.volunteers.actions import end_all
from triage.volunteers.models import Enlistment
from triage.volunteers.queries import actor_for

QUEUES = {"password reset": 2, "password_reset": 2, "other": 4, "everything else": 4}
LIST = """email,name,department,language,queues
nina@example.com,Nina Ek,Logistics,en,"Password reset; Everything else"
OLAF@example.com,Olaf Berg,,de,
"""


def read(text: str) -> roster.Roster:
    return roster.read(text, queues=QUEUES, languages=("en", "de"))


def test_a_list_is_read_by_the_names_of_its_columns() -> None:
    nina, olaf = read(LIST).people
    assert (nina.name, nina.department, nina.queue_ids) == ("Nina Ek", "Logistics", (2, 4))
    assert (olaf.email, olaf.language, olaf.line) == ("olaf@example.com", "de", 3)


def test_columns_may_be_few_and_in_any_order_and_divided_by_semicolons() -> None:
    (nina,) = read("Name;EMAIL\nEk, Nina;nina@example.com\n").people
    assert (nina.name, nina.email) == ("Ek, Nina", "nina@example.com")


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("nobody,Nina,,,", "Line 2: “nobody” is not an email address."),
        (",Nina,,,", "Line 2: the email address is missing."),
        ("n@example.com,,,xx,", "Line 2: “xx” is not a language code such as en or de."),
        ("n@example.com,,,,Legal", "Line 2: there is no open queue “Legal”."),
        ("n@example.com,,,,,more", "Line 2: it has more fields than line 1 has columns."),
        (f"n@example.com,{'x' * 121},,,", "Line 2: the name is longer than 120 signs."),
        ("n@example.com,,,,\nN@example.com,,,,", "Line 3: n@example.com stands in line 2 already."),
    ],
)
def test_each_mistake_is_a_sentence_with_its_line(row: str, sentence: str) -> None:
    assert read(f"email,name,department,language,queues\n{row}\n").mistakes == (sentence,)


def test_the_line_is_right_below_a_field_of_several_lines() -> None:
    (mistake,) = read('email,name\nn@example.com,"Nina\nEk"\nwrong,\n').mistakes
    assert mistake.startswith("Line 4:")


@pytest.mark.parametrize("text", ["", "\n\n", "name\nNina\n", "email,email\na@example.com,\n"])
def test_a_list_without_usable_columns_says_what_line_one_needs(text: str) -> None:
    assert read(text).mistakes[0].startswith("Line 1")


def test_a_list_of_nobody_says_so() -> None:
    assert read("email\n\n").mistakes == ("The list names nobody below its first line.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_the_file_may_come_from_any_spreadsheet(encoding: str) -> None:
    assert "Åsa Müller" in roster.decode("email,name\na@b.example,Åsa Müller\n".encode(encoding))


@pytest.fixture
def incident(client: Client) -> Incident:
    client.force_login(people.person("ada"))
    return people.incident()


def upload(client: Client, text: str) -> Any:
    return client.post("/all-hands/list/", {"file": SimpleUploadedFile("list.csv", text.encode())})


def bring(client: Client, text: str = LIST) -> str:
    """Looks at the list and invites its people; gives the page that follows."""
    given = upload(client, text).context["text_form"].initial["text"]
    answer = client.post("/all-hands/list/invite/", {"text": given}, follow=True)
    return str(answer.content.decode())


@pytest.mark.django_db
def test_looking_at_a_list_invites_nobody_yet(client: Client, incident: Incident) -> None:
    page = upload(client, LIST).content.decode()
    assert "The list names 2 people" in page
    assert not Enlistment.objects.exists()


@pytest.mark.django_db
def test_everybody_is_invited_and_mailed_once(client: Client, incident: Incident) -> None:
    assert "2 people are invited" in bring(client)
    assert "2 were invited before" in bring(client)
    nina = Enlistment.objects.get(user__email="nina@example.com")
    assert (nina.state, nina.department, nina.languages) == ("invited", "Logistics", ["en"])
    chosen = Queue.objects.filter(pk__in=nina.queue_ids).values_list("key", flat=True)
    assert set(chosen) == {"password_reset", "other"}
    assert OutboundMessage.objects.count() == 2
    assert AuditEvent.objects.filter(action="roster.import").count() == 2


@pytest.mark.django_db
def test_a_list_with_a_mistake_brings_nobody(client: Client, incident: Incident) -> None:
    answer = upload(client, LIST + "wrong,,,,\n")
    assert answer.status_code == 422
    assert "Line 4: “wrong” is not an email address." in answer.content.decode()
    client.post("/all-hands/list/invite/", {"text": LIST + "wrong,,,,\n"})
    assert not Enlistment.objects.exists()


@pytest.mark.django_db
def test_who_came_back_keeps_what_they_learned(client: Client, incident: Incident) -> None:
    bring(client)
    Enlistment.objects.update(trust=2)
    ada = actor_for(User.objects.get(email="ada@example.com"), at=timezone.now())
    end_all(incident=incident, by=ada, at=timezone.now())
    assert "2 people are invited" in bring(client)
    assert set(Enlistment.objects.values_list("state", "trust")) == {("invited", 2)}


@pytest.mark.django_db
def test_when_one_mail_cannot_be_queued_nobody_is_invited(
    client: Client, incident: Incident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("triage.joining.actions.record", broken)
    with pytest.raises(RuntimeError):
        bring(client)
    assert not Enlistment.objects.exists()
    assert not OutboundMessage.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_far_too_large_is_refused(client: Client, incident: Incident) -> None:
    answer = upload(client, "email\n" + "x" * 500_001)
    assert "larger than a list of people can be" in answer.content.decode()
