import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from inbox.models import OutboundMessage
from tests.factories import desk, people
from triage.accounts.models import User
from triage.audit.models import AuditEvent
from triage.incidents.models import Incident
from triage.joining.actions import enter_by_code
from triage.notices.email import queue_staff_mail
from triage.volunteers import printed
from triage.volunteers.links import LinkClosed
from triage.volunteers.models import CodeSheet, Enlistment, PrintedCode

pytestmark = pytest.mark.django_db


@pytest.fixture
def ada() -> User:
    return people.person("ada")


@pytest.fixture
def incident() -> Incident:
    return people.incident()


@pytest.fixture
def sheet(ada: User, incident: Incident) -> CodeSheet:
    return people.sheet(incident, ada)


def come_in(client: Client, code: str, name: str = "Nina Ek") -> str:
    """Types the code and gives the page that follows."""
    return client.post("/code/", {"code": code, "name": name}, follow=True).content.decode()


def test_a_code_and_a_name_lead_to_the_briefing(client: Client, sheet: CodeSheet) -> None:
    page = come_in(client, people.codes(sheet)[0])
    part = Enlistment.objects.get()
    assert "Read this first" in page
    assert (part.state, part.user.name, part.user.shown_name) == ("briefing", "Nina Ek", "Nina")


def test_case_and_gaps_do_not_matter(client: Client, sheet: CodeSheet) -> None:
    code = people.codes(sheet)[0].replace("-", " ").lower()
    assert "Read this first" in come_in(client, code)


def test_a_code_works_once(client: Client, sheet: CodeSheet) -> None:
    code = people.codes(sheet)[0]
    come_in(client, code)
    assert "has been used already" in come_in(Client(), code, "Olga")
    assert Enlistment.objects.count() == 1


def test_a_newcomer_says_a_name_and_the_code_waits_for_it(client: Client, sheet: CodeSheet) -> None:
    code = people.codes(sheet)[0]
    assert "tell us your name" in come_in(client, code, "")
    assert "Read this first" in come_in(client, code, "Nina")


def test_no_mail_is_ever_queued_to_somebody_without_mail(client: Client, sheet: CodeSheet) -> None:
    come_in(client, people.codes(sheet)[0])
    address = Enlistment.objects.get().user.email
    assert address.endswith(".invalid")
    assert queue_staff_mail(recipient=address, subject="x", text="x", at=people.NOON) is None
    Client().post("/login/code/", {"email": address})
    assert not OutboundMessage.objects.exists()


def test_they_begin_where_the_sheet_says(client: Client, ada: User, incident: Incident) -> None:
    client.force_login(ada)
    queue = desk.queue("other")
    wishes = {"count": 2, "hours": 4, "queues": [queue.pk], "language": "de", "note": "Night shift"}
    client.post("/all-hands/printed-codes/new/", wishes)
    come_in(Client(), people.codes(CodeSheet.objects.get())[0])
    part = Enlistment.objects.get()
    assert part.languages == ["de"]
    assert [row.queue for row in part.user.queue_memberships.all()] == [queue]


@pytest.mark.parametrize("change", ["expires_at", "withdrawn_at"])
def test_a_sheet_that_is_over_lets_nobody_in(client: Client, sheet: CodeSheet, change: str) -> None:
    CodeSheet.objects.update(**{change: timezone.now() - timedelta(minutes=1)})
    assert "no longer in use" in come_in(client, people.codes(sheet)[0])


def test_closing_a_sheet_is_done_once(client: Client, ada: User, sheet: CodeSheet) -> None:
    client.force_login(ada)
    for _ in range(2):
        client.post(f"/all-hands/printed-codes/{sheet.pk}/close/")
    assert AuditEvent.objects.filter(action="code_sheet.withdraw").count() == 1


def test_nobody_comes_in_once_the_rush_is_over(client: Client, sheet: CodeSheet) -> None:
    Incident.objects.update(level="recovery", recovery_at=None)
    assert "no more helpers are needed" in come_in(client, people.codes(sheet)[0])


def test_only_keyed_hashes_are_kept(sheet: CodeSheet) -> None:
    kept = str(list(PrintedCode.objects.values())) + str(list(CodeSheet.objects.values()))
    secrets = [code.replace("-", "")[4:] for code in people.codes(sheet)]
    assert not any(secret in kept for secret in secrets)


def test_one_who_guesses_at_a_code_is_stopped_there_and_nowhere_else(
    client: Client, sheet: CodeSheet
) -> None:
    mine, other, _ = people.codes(sheet)
    for number in range(6):
        page = come_in(client, f"{mine[:5]}AAAA-AAA{'ACDEFH'[number]}")
    assert "tried too often" in page
    assert "tried too often" in come_in(client, mine)
    assert "Read this first" in come_in(Client(), other)


@pytest.mark.parametrize("typed", ["", "short", "OOOO-OOOO-OOOO", "A" * 40, "\0", "²²²²²²²²²²²²"])
def test_what_is_no_code_is_told_so_kindly(client: Client, sheet: CodeSheet, typed: str) -> None:
    assert printed.read(typed) is None
    assert client.post("/code/", {"code": typed, "name": "Nina"}).status_code == 200


def test_somebody_known_logs_in_by_a_lent_code(client: Client, ada: User) -> None:
    people.person("sam")
    client.force_login(ada)
    client.post("/all-hands/printed-codes/lend/", {"email": "SAM@example.com"})
    sam = Client()
    answer = sam.post("/code/", {"code": people.codes(CodeSheet.objects.get())[0]}, follow=True)
    assert answer.redirect_chain[-1][0] == "/board/"
    assert OutboundMessage.objects.get().recipient == "sam@example.com"
    assert AuditEvent.objects.filter(action="code_sheet.make").count() == 1
    assert not Enlistment.objects.exists()


def test_a_code_for_a_stranger_is_not_lent(client: Client, ada: User) -> None:
    client.force_login(ada)
    answer = client.post("/all-hands/printed-codes/lend/", {"email": "nobody@example.com"})
    assert answer.status_code == 422
    assert not CodeSheet.objects.exists()


def test_the_sheet_shows_each_code_with_a_picture(
    client: Client, ada: User, sheet: CodeSheet
) -> None:
    client.force_login(ada)
    page = client.get(f"/all-hands/printed-codes/{sheet.pk}/").content.decode()
    assert all(code in page for code in people.codes(sheet))
    assert page.count("data:image/svg+xml") == 3
    assert "127.0.0.1:8000/code/" in page


def test_without_its_record_a_code_stays_unused(
    sheet: CodeSheet, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("triage.volunteers.actions.printing.record", broken)
    with pytest.raises(RuntimeError):
        enter_by_code(typed=printed.read(people.codes(sheet)[0]), name="Nina", at=timezone.now())
    assert not Enlistment.objects.exists()
    assert not PrintedCode.objects.exclude(used_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_type_one_code_at_once_one_comes_in() -> None:
    sheet = people.sheet(people.incident(), people.person("ada"))
    typed, results = printed.read(people.codes(sheet)[0]), []

    def come() -> None:
        try:
            enter_by_code(typed=typed, name="Nina", at=timezone.now())
            results.append("in")
        except LinkClosed:
            results.append("told")
        finally:
            connection.close()

    threads = [threading.Thread(target=come) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["in"] + ["told"] * 5
    assert Enlistment.objects.count() == 1
