"""What we call people: pure rules that rather say nothing than something wrong."""

import re

_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]{0,29}(?:[-'’][^\W\d_]{1,20})?\.?", re.UNICODE)
_NO_NAMES = frozenset(
    [
        "admin",
        "administrator",
        "billing",
        "contact",
        "customer",
        "customers",
        "enquiries",
        "guest",
        "hello",
        "help",
        "hi",
        "info",
        "inquiries",
        "it",
        "mail",
        "mailer",
        "mailer-daemon",
        "marketing",
        "me",
        "mr",
        "mrs",
        "ms",
        "no-reply",
        "noreply",
        "office",
        "online",
        "orders",
        "postmaster",
        "private",
        "sales",
        "service",
        "shop",
        "support",
        "team",
        "test",
        "the",
        "undisclosed",
        "unknown",
        "user",
        "webmaster",
        "herr",
        "frau",
        "señor",
        "señora",
        "monsieur",
        "madame",
        "dr",
        "prof",
        "sir",
        "madam",
    ]
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
    if len(first) < 2 or not _NAME.fullmatch(first) or first.rstrip(".").lower() in _NO_NAMES:
        return ""
    if first.isupper() or first.islower():
        first = first.title()
    return "" if first.endswith(".") else first


def short_name(full_name: str) -> str:
    """Gives first name and initial, such as "Dana R.", for screens where others may look on."""
    words = full_name.split()
    if len(words) < 2 or "@" in full_name:
        return full_name
    return f"{words[0]} {words[-1][0]}."
