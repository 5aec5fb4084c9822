"""A machine's mail is known as one, and a person's mail is never taken for one."""

import pytest

from inbox.autoreply import Evidence, judge


def evidence(
    subject: str = "Help", sender: str = "ann@customer.example", **fields: str
) -> Evidence:
    named = {name.replace("_", "-"): [value] for name, value in fields.items()}
    return Evidence(fields=named, from_address=sender, subject=subject)


@pytest.mark.parametrize(
    "fields",
    [
        {"auto_submitted": "auto-replied"},
        {"auto_submitted": "Auto-Generated; owner-email=x"},
        {"auto_submitted": "auto-notified (by cron)"},
        {"precedence": "auto_reply"},
        {"x_autoreply": "yes"},
        {"x_autorespond": "out"},
        {"return_path": "<>"},
    ],
)
def test_a_reply_by_a_machine_says_so_in_its_header(fields: dict[str, str]) -> None:
    judgement = judge(evidence(**fields))
    assert (judgement.kind, judgement.automatic) == ("auto_reply", True)


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Help",
        "Auto: Help",
        "Out of Office: back on Monday",
        "Abwesenheitsnotiz: Urlaub",
        "Automatische Antwort: Hilfe",
        "Réponse automatique : Aide",
        "Respuesta automática: Ayuda",
        "Risposta automatica: Aiuto",
        "Resposta automática: Ajuda",
        "Automatisch antwoord: Hulp",
        "Autosvar: Hjälp",
        "Automatyczna odpowiedź: Pomoc",
    ],
)
def test_or_in_its_subject(subject: str) -> None:
    assert judge(evidence(subject)).kind == "auto_reply"


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "Help",
        "Re: Automatic reply",
        "Autos kaufen",
        "Undeliverable parcel",
        "Your automatic reply is wrong",
    ],
)
def test_a_person_is_a_person_who_may_get_an_acknowledgement(subject: str) -> None:
    judgement = judge(evidence(subject, auto_submitted="no", return_path="<ann@customer.example>"))
    assert (judgement.kind, judgement.automatic) == ("person", False)


@pytest.mark.parametrize(
    "fields",
    [
        {"precedence": "bulk"},
        {"precedence": "Junk"},
        {"precedence": "list"},
        {"x_auto_response_suppress": "All"},
        {"x_loop": "support@shop.example"},
        {"sender": "noreply@other.example"},
        {"sender": "do-not-reply+x@other.example"},
        {"sender": "bounces-12@other.example"},
        {"sender": ""},
    ],
)
def test_in_doubt_it_is_a_person_whom_nothing_answers_by_itself(fields: dict[str, str]) -> None:
    judgement = judge(evidence(**fields))
    assert (judgement.kind, judgement.automatic) == ("person", True)


def test_a_name_that_only_begins_like_a_machine_s_is_a_person_s() -> None:
    assert not judge(evidence(sender="norepley.ann@customer.example")).automatic


@pytest.mark.parametrize("field", ["list_id", "list_unsubscribe", "list_post"])
def test_list_traffic_is_a_list(field: str) -> None:
    judgement = judge(evidence(**{field: "<mailto:news@other.example>"}))
    assert (judgement.kind, judgement.automatic) == ("list", True)


@pytest.mark.parametrize(
    ("subject", "sender", "is_bounce"),
    [
        ("Undelivered Mail Returned to Sender", "mailer-daemon@mx.example", True),
        ("Mail delivery failed: returning message", "postmaster@mx.example", True),
        ("Unzustellbar: Hilfe", "postmaster@mx.example", True),
        ("Undeliverable: Help", "ann@customer.example", False),
        ("Your mailbox is nearly full", "postmaster@mx.example", False),
    ],
)
def test_a_bounce_without_a_report_needs_sender_and_subject(
    subject: str, sender: str, is_bounce: bool
) -> None:
    assert (judge(evidence(subject, sender)).kind == "bounce") is is_bounce


@pytest.mark.parametrize(
    ("action", "kind"),
    [
        ("failed", "bounce"),
        ("Failed (final)", "bounce"),
        ("delayed", "auto_reply"),
        ("delivered", "auto_reply"),
        ("relayed", "auto_reply"),
    ],
)
def test_a_delivery_report_is_a_bounce_only_when_it_failed(action: str, kind: str) -> None:
    status = (
        f"Reporting-MTA: dns;x\n\nFinal-Recipient: rfc822; Ann@Customer.example\nAction: {action}"
    )
    judgement = judge(Evidence(fields={}, statuses=[status], content_type="multipart/report"))
    assert (judgement.kind, judgement.automatic) == (kind, True)


def test_a_bounce_names_the_mail_and_the_people_it_speaks_of() -> None:
    judgement = judge(
        Evidence(
            fields={"in-reply-to": ["<other@shop.example>"]},
            report_type="delivery-status",
            statuses=["Action: failed\nFinal-Recipient: rfc822;Ann@Customer.example"],
            returned=[{"message-id": ["<out1@shop.example>"]}],
        )
    )
    assert judgement.bounce_of == ["out1@shop.example"]
    assert judgement.bounce_recipients == ["ann@customer.example"]


def test_a_report_that_names_thousands_is_read_in_part() -> None:
    status = "Action: failed\n" + "".join(
        f"Final-Recipient: rfc822;p{n}@x.example\n" for n in range(9_000)
    )
    judgement = judge(Evidence(fields={}, report_type="delivery-status", statuses=[status]))
    assert len(judgement.bounce_recipients) == 50
