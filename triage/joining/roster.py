"""Reading a list of people from a spreadsheet: every mistake is named by its line, none guessed."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

COLUMNS = ("email", "name", "department", "language", "queues")
MOST_PEOPLE = 1_000
_LONGEST = {"name": 120, "department": 60}


@dataclass(frozen=True, kw_only=True)
class Invitee:
    """One person of the list, as they will be invited."""

    line: int
    email: str
    name: str = ""
    department: str = ""
    language: str = ""
    queue_ids: tuple[int, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roster:
    """What a list says: the people, or what is wrong with it; never a part of each."""

    people: tuple[Invitee, ...] = ()
    mistakes: tuple[str, ...] = ()


@dataclass
class _Reading:
    """The people and mistakes found so far."""

    people: list[Invitee] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)


def decode(raw: bytes) -> str:
    """Gives the text of an uploaded file: UTF-8, or what older spreadsheets write."""
    for encoding in ("utf-8-sig", "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("latin-1")


def read(text: str, *, queues: Mapping[str, int], languages: Iterable[str]) -> Roster:
    """Gives the people of a comma- or semicolon-separated list whose first line names its columns.

    `queues` maps a queue's name and key, in lower case, to its id; `languages` are the codes known.
    """
    try:
        rows = list(_rows(text))
    except csv.Error:
        return Roster(mistakes=(_("This is not a table that can be read. Please save it as CSV."),))
    head = [cell.strip().lower() for cell in (rows[0][1] if rows else [])]
    wrong = _mistakes_of_head(head)
    if wrong:
        return Roster(mistakes=tuple(wrong))
    reading, known = _Reading(), frozenset(languages)
    for line, cells in rows[1:]:
        if any(cell.strip() for cell in cells):
            _read_row(reading, line, head, cells, queues, known)
    return _finished(reading)


def _finished(reading: _Reading) -> Roster:
    if reading.mistakes:
        return Roster(mistakes=tuple(reading.mistakes))
    if not reading.people:
        return Roster(mistakes=(_("The list names nobody below its first line."),))
    if len(reading.people) > MOST_PEOPLE:
        return Roster(
            mistakes=(
                _("The list names more than %(most)s people. Please bring it in parts.")
                % {"most": MOST_PEOPLE},
            )
        )
    return Roster(people=tuple(reading.people))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Gives each row with the number of the line on which it begins."""
    first = text.partition("\n")[0]
    delimiter = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    before = 0
    for cells in reader:
        yield before + 1, cells
        before = reader.line_num


def _mistakes_of_head(head: Sequence[str]) -> list[str]:
    columns = ", ".join(COLUMNS)
    if "email" not in head:
        return [
            _("Line 1 must name the columns, and one of them must be email. Known: %(columns)s.")
            % {"columns": columns}
        ]
    wrong = [
        _("Line 1: there is no column “%(name)s”. Known: %(columns)s.")
        % {"name": name[:40], "columns": columns}
        for name in head
        if name and name not in COLUMNS
    ]
    twice = sorted({name for name in head if name and head.count(name) > 1})
    return wrong + [
        _("Line 1: the column “%(name)s” stands there twice.") % {"name": name} for name in twice
    ]


def _read_row(
    reading: _Reading,
    line: int,
    head: Sequence[str],
    cells: Sequence[str],
    queues: Mapping[str, int],
    languages: frozenset[str],
) -> None:
    said = dict(zip(head, (" ".join(cell.split()) for cell in cells), strict=False))
    email = said.get("email", "").lower()
    wrong = [
        *_mistakes_of_length(head, cells),
        *_mistakes_of_email(email, reading.lines),
        *_mistakes_of_words(said, languages),
    ]
    chosen, unknown = _queues(said.get("queues", ""), queues)
    wrong += [_("there is no open queue “%(name)s”") % {"name": name[:40]} for name in unknown]
    reading.mistakes += [
        _("Line %(line)s: %(mistake)s.") % {"line": line, "mistake": mistake} for mistake in wrong
    ]
    reading.lines.setdefault(email, line)
    if not wrong:
        reading.people.append(
            Invitee(
                line=line,
                email=email,
                name=said.get("name", ""),
                department=said.get("department", ""),
                language=said.get("language", "").lower(),
                queue_ids=chosen,
            )
        )


def _mistakes_of_length(head: Sequence[str], cells: Sequence[str]) -> Iterator[str]:
    if any(cell.strip() for cell in cells[len(head) :]):
        yield _("it has more fields than line 1 has columns")


def _mistakes_of_email(email: str, lines: Mapping[str, int]) -> Iterator[str]:
    if not email:
        yield _("the email address is missing")
        return
    if email in lines:
        yield _("%(email)s stands in line %(line)s already") % {
            "email": email,
            "line": lines[email],
        }
    try:
        validate_email(email)
    except ValidationError:
        yield _("“%(email)s” is not an email address") % {"email": email[:80]}


def _mistakes_of_words(said: Mapping[str, str], languages: frozenset[str]) -> Iterator[str]:
    language = said.get("language", "").lower()
    if language and language not in languages:
        yield _("“%(code)s” is not a language code such as en or de") % {"code": language[:20]}
    for name, most in _LONGEST.items():
        if len(said.get(name, "")) > most:
            yield _("the %(column)s is longer than %(most)s signs") % {"column": name, "most": most}


def _queues(words: str, queues: Mapping[str, int]) -> tuple[tuple[int, ...], list[str]]:
    names = [name.strip() for name in words.replace("|", ";").replace(",", ";").split(";")]
    names = [name for name in names if name]
    known = {queues[name.lower()] for name in names if name.lower() in queues}
    return tuple(sorted(known)), [name for name in names if name.lower() not in queues]
