import pytest

from classifiers.labels import TONES, TOPICS
from classifiers.prediction import Mail, Prediction, Sorter


def sort(sorter: Sorter, body: str, subject: str = "") -> Prediction:
    return sorter.predict([Mail("1", subject, body)])[0]


@pytest.mark.parametrize(
    ("body", "label"),
    [
        ("I forgot my password and the reset link never arrives, please help.", "password_reset"),
        ("Was my passport number among the data that was stolen in the breach?", "data_concern"),
        ("Your driver threw the box over the fence. Disgraceful, I am furious.", "angry"),
        ("Thank you so much, your colleague Mira was wonderful and so patient!", "praise"),
        ("Ich habe mein Passwort vergessen und komme nicht mehr in mein Konto.", "password_reset"),
        ("¿Mis datos están afectados por el robo de datos de la semana pasada?", "data_concern"),
        ("J'ai oublié mon mot de passe, je n'arrive plus à me connecter.", "password_reset"),
    ],
)
def test_a_plain_email_gets_its_label(sorter: Sorter, body: str, label: str) -> None:
    assert sort(sorter, body).label == label


def test_both_questions_are_answered_with_probabilities(sorter: Sorter) -> None:
    found = sort(sorter, "You leaked my card number. Shame on you, I am furious!")
    assert (found.topic, found.tone, found.label) == ("data_concern", "angry", "data_concern")
    for names in (TOPICS, TONES):
        assert sum(found.probabilities[name] for name in names) == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("body", ["", "   \n\n", "?!…", "\ufffd\ufffd\ufffd\ufffd"])
def test_nothing_to_read_is_left_to_a_person(sorter: Sorter, body: str) -> None:
    found = sort(sorter, body)
    assert (found.label, found.confident, found.reasons) == ("other", False, ())


@pytest.mark.parametrize(
    ("language", "body"),
    [
        ("ru", "Здравствуйте, я забыл пароль и не могу войти в свой аккаунт, помогите."),
        ("it", "Ho dimenticato la password e non riesco più ad accedere al mio conto, aiuto."),
    ],
)
def test_a_language_never_learned_is_left_to_a_person(
    sorter: Sorter, language: str, body: str
) -> None:
    found = sort(sorter, body)
    assert found.language == language
    assert not found.confident


def test_a_praise_with_a_complaint_in_it_is_left_to_a_person(sorter: Sorter) -> None:
    body = "Thank you all so much, wonderful, wonderful team, I love you! It broke, sadly."
    found = sort(sorter, body)
    assert found.label != "praise" or not found.confident


def test_the_reasons_are_words_of_the_email(sorter: Sorter) -> None:
    found = sort(sorter, "Hello there, kindly RESET my Password today")
    assert "password" in found.reasons
    assert set(found.reasons) <= {"hello", "there", "kindly", "reset", "my", "password", "today"}


def test_only_a_certainty_above_the_labels_threshold_is_confident(sorter: Sorter) -> None:
    found = sort(sorter, "I forgot my password and the reset link never arrives.")
    threshold = sorter.thresholds["password_reset"]
    assert found.confident == (found.probabilities["password_reset"] >= threshold)
    assert found.confident


def test_a_quoted_notice_and_a_signature_change_nothing(sorter: Sorter) -> None:
    plain = sort(sorter, "Thank you so much, your team was wonderful to me today!")
    quoted = sort(
        sorter,
        "Thank you so much, your team was wonderful to me today!\n\n-- \nAnn Example\nHead of Data"
        "\n\nOn Mon, 3 Feb 2025 at 10:00, Muster <help@example.org> wrote:\n"
        "> We are sorry: your password and card number were stolen in a data breach.\n",
        subject="Re: Data breach",
    )
    assert (quoted.label, quoted.probabilities) == (plain.label, plain.probabilities)


def test_no_emails_give_no_predictions(sorter: Sorter) -> None:
    assert sorter.predict([]) == []
