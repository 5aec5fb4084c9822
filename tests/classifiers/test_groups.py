import random

from classifiers import dataset
from classifiers.dataset import Example
from classifiers.groups import group
from classifiers.prediction import Mail

ASKED = "I was told my card number may have been stolen. Do I have to block the card now?"
WORRIED = "My grandson says everyone's birthdays are on the internet. Is mine among them?"
LATE = "The blue lamp that I ordered in May has not arrived, where is it?"


def mails(*bodies: str) -> list[Mail]:
    return [Mail(str(number), "", body) for number, body in enumerate(bodies)]


def test_the_same_words_are_one_group_named_after_the_first() -> None:
    assert group(mails(LATE, ASKED, LATE, ASKED)) == [0, 1, 0, 1]


def test_greetings_capitals_and_typing_slips_do_not_part_a_group() -> None:
    slipped = ASKED.replace("number", "nubmer").replace("stolen", "stoeln")
    greeted = f"Dear team,\n\n{ASKED}\n\nKind regards"
    assert group(mails(ASKED, ASKED.upper(), slipped, greeted)) == [0, 0, 0, 0]


def test_different_questions_stay_apart() -> None:
    assert group(mails(ASKED, WORRIED, LATE)) == [0, 1, 2]


def test_emails_without_words_stay_alone() -> None:
    assert group(mails("", ASKED, "", "?!")) == [0, 1, 2, 3]
    assert group([]) == []


def test_a_quoted_notice_does_not_make_two_questions_alike() -> None:
    notice = "\n\nOn Monday, Muster wrote:\n" + "> We are sorry to tell you of an incident.\n" * 9
    assert group(mails(WORRIED + notice, LATE + notice)) == [0, 1]


def test_a_storm_of_variants_is_parted_by_question() -> None:
    own, draw = dataset.load_own()[:80], random.Random(7)
    asked = [draw.randrange(len(own)) for _ in range(600)]
    founders = group([_varied(str(n), own[k], draw) for n, k in enumerate(asked)])
    together = [(a, b) for a in range(600) for b in range(a) if founders[a] == founders[b]]
    alike = [(a, b) for a in range(600) for b in range(a) if asked[a] == asked[b]]
    right = sum(asked[a] == asked[b] for a, b in together)
    assert right / len(together) >= 0.99
    assert right / len(alike) >= 0.90


def _varied(identity: str, one: Example, draw: random.Random) -> Mail:
    words = [_slip(word, draw) for word in one.body.split(" ")]
    body = " ".join(words)
    if draw.random() < 0.5:
        body = f"Hello,\n\n{body}\n\nBest wishes"
    return Mail(identity, one.subject if draw.random() < 0.7 else "", body, is_new_text=True)


def _slip(word: str, draw: random.Random) -> str:
    if len(word) < 5 or draw.random() > 0.1:
        return word
    at = draw.randrange(len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
