"""Where an email waits: by label, unless a plain phrase calls for a lane."""

import pytest

from tests.factories.desk import NOON, minutes
from triage.queues.routing import promised_at, risk_of, route


@pytest.mark.parametrize(
    ("text", "lane"),
    [
        ("You will hear from my lawyer on Monday.", "legal"),
        ("I have filed this with the data protection authority.", "legal"),
        ("This is a subject access request under the GDPR.", "legal"),
        ("Ich habe meinen Anwalt eingeschaltet.", "legal"),
        ("I am a reporter for the Morning Post.", "press"),
        ("We are running a story about your breach tonight.", "press"),
        ("I have all your customer data, pay 3 bitcoin by Friday.", "security"),
        ("We found a critical vulnerability in your login page.", "security"),
        ("I want to die, everything is gone.", "safety"),
        ("I will kill you for this.", "safety"),
        ("Ich will nicht mehr leben.", "safety"),
    ],
)
def test_plain_phrases_call_for_a_lane(text, lane):
    found = risk_of(text)
    assert found is not None
    assert found.queue_key == lane
    assert found.words.lower() in " ".join(text.lower().split())


@pytest.mark.parametrize(
    "text",
    [
        "You are killing me with these passwords, haha.",
        "I would die for your customer service, thank you!",
        "This is not legal advice but please hurry.",
        "Do you have my data? Did they take all your customer records?",
        "I read a story in the press about you.",
        "I am worried sick about my card number.",
        "My lawyerly friend says hello.",
        "Can I still pay with bitcoin in your shop?",
        "The article on your help page is wrong.",
        "",
    ],
)
def test_ordinary_worry_stays_with_everybody(text):
    assert risk_of(text) is None


def test_danger_to_a_person_outranks_a_lawyer():
    found = risk_of("My lawyer knows. I am going to kill myself.")
    assert found is not None
    assert found.queue_key == "safety"


def test_a_confident_label_leads_to_its_queue():
    assert route(label="praise", confident=True, subject="", text="").queue_key == "praise"


def test_an_unsure_label_leads_to_not_sure_yet():
    assert route(label="praise", confident=False, subject="", text="").queue_key == "unsorted"


def test_a_risk_in_the_subject_counts():
    assert route(label="other", confident=True, subject="Media inquiry", text="").by_risk


def test_a_huge_email_is_read_only_at_its_beginning():
    assert risk_of("a " * 100_000 + "my lawyer") is None


def test_a_server_whose_clock_runs_ahead_gains_nobody_a_better_place():
    promise = promised_at(received_at=NOON + minutes(500), at=NOON, promise_minutes=120)
    assert promise == NOON + minutes(120)


def test_an_old_email_is_promised_from_when_it_came():
    promise = promised_at(received_at=NOON - minutes(500), at=NOON, promise_minutes=120)
    assert promise == NOON - minutes(380)
