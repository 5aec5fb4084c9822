from classifiers.text import MAX_CHARACTERS, fold, is_reply, own_words, read, sentences


def words(text: str) -> list[tuple[str, ...]]:
    return [part.words for part in sentences(text)]


def test_case_accents_apostrophes_and_stretched_letters_do_not_matter() -> None:
    assert fold("CAN'T") == fold("can’t") == "cant"
    assert fold("Réinitialiser") == "reinitialiser"
    assert fold("soooooo") == "soo"
    assert fold("4711") == fold("12") == "0"


def test_a_french_article_does_not_hide_its_word() -> None:
    assert words("J'ai perdu l'accès") == [("jai", "perdu", "acces")]


def test_links_addresses_and_sums_are_only_kinds_of_words() -> None:
    read_words = words("See https://a.example/b or write to ann@example.org about $12.50")
    assert read_words == [
        ("see", "xlink", "or", "write", "to", "xaddress", "about", "xmoney"),
    ]


def test_a_hard_wrapped_line_is_one_sentence_and_a_paragraph_is_not() -> None:
    wrapped = "I have been a customer of yours for eleven years and I cannot\nget in today"
    assert len(sentences(wrapped)) == 1
    assert len(sentences("Hello\nI cannot get in")) == 2


def test_how_it_was_said_is_counted_by_sentence() -> None:
    first, second = sentences("WHAT IS GOING ON?! Please tell me.")
    assert (first.exclamations, first.questions, first.shouted) == (1, 1, 2)
    assert (second.exclamations, second.questions, second.shouted) == (0, 0, 0)


def test_the_subject_of_an_answer_is_not_this_persons_words() -> None:
    assert is_reply("AW: Important notice about your data")
    assert is_reply("Fwd: hello") and not is_reply("Reset my password")
    assert own_words("Re: Data breach", "Thank you!", is_new_text=True) == "Thank you!"
    assert own_words("Locked out", "Help", is_new_text=True) == "Locked out\n\nHelp"


def test_quotes_and_signatures_of_a_raw_body_are_cut() -> None:
    body = "Where is my parcel?\n\nOn Monday, Muster wrote:\n> Your card number was stolen.\n"
    assert "stolen" not in own_words("", body)
    assert "parcel" in own_words("", body)


def test_a_body_that_is_only_html_is_read() -> None:
    assert own_words("", "", "<p>I <b>cannot</b> log in</p>") == "I cannot log in"


def test_a_given_language_is_believed_and_an_absent_one_detected() -> None:
    assert read("", "ok", language="fr-CA").language == "fr"
    german = "Ich kann mich seit gestern nicht mehr in mein Konto einloggen."
    assert read("", german).language == "de"


def test_what_cannot_be_decoded_is_not_read() -> None:
    assert sentences("\ufffd\ufffdx\ufffd y\ufffd") == ()
    assert sentences(" \n\t…!? ") == ()


def test_a_huge_email_is_read_up_to_a_limit() -> None:
    long = read("", "word " * 1_000_000, language="en", is_new_text=True)
    assert sum(len(part.words) for part in long.sentences) <= MAX_CHARACTERS / 5
