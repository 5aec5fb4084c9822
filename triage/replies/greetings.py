"""What we call people: pure rules that rather say nothing than something wrong."""

import re

_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]{0,29}(?:[-'’][^\W\d_]{1,20})?")
_NO_NAMES = (
    " admin administrator billing contact customer customers enquiries guest hello help hi info "
    "inquiries it mail mailer mailer-daemon marketing me mr mrs ms no-reply noreply office online "
    "orders postmaster private sales service shop support team test the undisclosed unknown user "
    "webmaster herr frau señor señora monsieur madame dr prof sir madam "
)

# In the language of the answer, not of the screen: the customer reads it.
_GREETINGS = {
    "en": ("Hi {name},", "Hi there,"),
    "de": ("Hallo {name},", "Guten Tag,"),
    "es": ("Hola, {name}:", "Hola:"),
    "fr": ("Bonjour {name},", "Bonjour,"),
}


def greeting(full_name: str, *, language: str) -> str:
    """Gives the first line of an answer in its language, with the name only when it is clear."""
    named, unnamed = _GREETINGS.get(language, _GREETINGS["en"])
    name = first_name(full_name)
    return named.format(name=name) if name else unnamed


def greetings_for(full_name: str) -> frozenset[str]:
    """Gives every greeting of ours that fits this person, in any of our languages."""
    return frozenset(
        line
        for language in _GREETINGS
        for line in (greeting(full_name, language=language), greeting("", language=language))
    )


def first_name(full_name: str) -> str:
    """Gives the name to greet a customer by, or "" when it is not clear: never an address."""
    name = " ".join(full_name.split())
    if not name or "@" in name or any(sign.isdigit() for sign in name):
        return ""
    if "," in name:  # "Miller, Dana"
        family, _, given = name.partition(",")
        name = given.strip() or family
    first = name.split(" ")[0]
    if len(first) < 2 or not _NAME.fullmatch(first) or f" {first.lower()} " in _NO_NAMES:
        return ""
    return first.title() if first.isupper() or first.islower() else first


def short_name(full_name: str) -> str:
    """Gives first name and initial, such as "Dana R.", for screens where others may look on."""
    words = full_name.split()
    if len(words) < 2 or "@" in full_name:
        return full_name
    return f"{words[0]} {words[-1][0]}."
