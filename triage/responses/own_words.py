"""What people may not put into their own words: pure checks that name what they found."""

import re
from urllib.parse import urlsplit

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
# Mail programs turn these into links by themselves, also without http.
_LINK = re.compile(
    r"""
    [a-z][a-z0-9+.-]{1,20}://\S+
    | \bwww\.\S+
    | \b(?:mailto|tel):\S+
    | [^\s@]+@[^\s@]+\.\w{2,}
    | \b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|biz|io|co|app|dev|shop|site|online|link|xyz|top
        |me|tv|eu|de|at|ch|uk|fr|es|it|nl|pl|ru|cn|us)\b(?:[/?:]\S*)?
    """,
    re.IGNORECASE | re.VERBOSE,
)
_DIGITS = re.compile(r"(?<!\d)\d(?:[ \-.]?\d){12,18}(?!\d)")


def tidy(text: str, *, multiline: bool) -> str:
    """Gives the text without control and direction characters, spaces trimmed at every line.

    Without `multiline` it becomes one line.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = [" ".join(_CONTROL.sub(" ", line).split()) for line in lines]
    if not multiline:
        return " ".join(line for line in kept if line)
    return re.sub(r"\n{3,}", "\n\n", "\n".join(kept)).strip()


def foreign_links(text: str, *, base_url: str = "") -> list[str]:
    """Gives the web and email addresses in it that do not lead to our own site."""
    found = [match.group().rstrip(".,;:!?)”\"'") for match in _LINK.finditer(text)]
    return [link for link in found if not (base_url and _is_ours(link, base_url))]


def card_numbers(text: str) -> list[str]:
    """Gives the runs of 13 to 19 digits that pass the check digit of payment cards."""
    runs = [re.sub(r"\D", "", match.group()) for match in _DIGITS.finditer(text)]
    return [run for run in runs if _passes_luhn(run)]


def _is_ours(link: str, base_url: str) -> bool:
    try:
        theirs, ours = urlsplit(link), urlsplit(base_url)
    except ValueError:
        return False
    return bool(ours.netloc) and (theirs.scheme, theirs.netloc) == (ours.scheme, ours.netloc)


def _passes_luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812-1, annex B; a row of equal digits is no card."""
    doubled = [sum(divmod(int(digit) * 2, 10)) for digit in digits[-2::-2]]
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0 and len(set(digits)) > 1
