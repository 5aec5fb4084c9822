"""Login codes on paper: how they look, how they are read, and how little of them is kept.

A code is a serial of four signs, by which its row is found, and a secret of eight. Its letters
and digits cannot be taken for one another, on paper or over the phone.
"""

import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

SIGNS = "ACDEFHJKMNPRTWXY3479"
_SERIAL, _SECRET = 4, 8


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A code as somebody typed it, in its two parts."""

    serial: str
    secret: str


def read(text: str) -> Typed | None:
    """Gives the parts of a typed code, whatever its case and gaps; None when it cannot be one."""
    signs = "".join(sign for sign in text.upper() if sign.isalnum())
    if len(signs) != _SERIAL + _SECRET or not set(signs) <= set(SIGNS):
        return None
    return Typed(serial=signs[:_SERIAL], secret=signs[_SERIAL:])


def shown(serial: str, secret: str) -> str:
    """Gives a code as it is printed, in three groups of four."""
    signs = serial + secret
    return "-".join(signs[start : start + 4] for start in range(0, len(signs), 4))


def new_serials(count: int, *, taken: Collection[str]) -> list[str]:
    """Gives so many fresh serials; none of them is among those that are taken."""
    found: set[str] = set()
    while len(found) < count:
        serial = "".join(secrets.choice(SIGNS) for _ in range(_SERIAL))
        if serial not in taken:
            found.add(serial)
    return sorted(found)


def secret_of(serial: str, *, nonce: str) -> str:
    """Gives a code's secret again, for printing it.

    It is derived with SECRET_KEY, as a join link's is, so that the database alone opens no door.
    """
    digest = salted_hmac("muster.volunteers.printed", f"{serial}:{nonce}", algorithm="sha256")
    number = int.from_bytes(digest.digest())
    signs = []
    for _ in range(_SECRET):
        number, place = divmod(number, len(SIGNS))
        signs.append(SIGNS[place])
    return "".join(signs)


def hash_of(typed: Typed) -> str:
    """Gives what the database keeps; keyed, since a code is short enough to try them all."""
    told = f"{typed.serial}:{typed.secret}"
    return salted_hmac("muster.volunteers.printed.kept", told, algorithm="sha256").hexdigest()
