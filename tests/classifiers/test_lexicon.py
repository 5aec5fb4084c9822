import pytest

from classifiers.lexicon import SPEAKS, has_complaint, signs
from classifiers.text import sentences


def meant(text: str) -> set[str]:
    return {sign for part in sentences(text) for _, sign in signs(part)} - {SPEAKS}


@pytest.mark.parametrize(
    "text",
    [
        "I forgot my password",
        "Passwort vergessen",
        "He olvidado la contraseña",
        "mot de passe oublié",
    ],
)
def test_a_concept_is_the_same_in_four_languages(text: str) -> None:
    assert {"secret", "renew"} <= meant(text)


def test_umlauts_are_understood_however_they_are_typed() -> None:
    assert meant("zurücksetzen") == meant("zuruecksetzen") == meant("zurucksetzen") == {"renew"}


def test_a_negated_praise_is_a_complaint() -> None:
    assert "joy" not in meant("I am not at all happy")
    assert {"no_joy", "bad"} <= meant("I am not at all happy")
    assert "joy" in meant("I am happy")


def test_a_phrase_says_more_than_its_words() -> None:
    assert meant("It could not be happier") == {"joy"}
    assert "good" not in meant("Good morning")


def test_a_complaint_is_found_in_any_sentence() -> None:
    assert has_complaint(sentences("Lovely shop. Shame about the data breach."))
    assert not has_complaint(sentences("Lovely shop, thank you so much!"))


def test_each_sign_stands_where_its_word_stands() -> None:
    (part,) = sentences("Dear team, my passport was stolen")
    places = {sign: part.words[place] for place, sign in signs(part) if sign != SPEAKS}
    assert places == {"personal": "passport", "fraud": "stolen"}
