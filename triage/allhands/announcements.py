"""The same words everywhere: phone, web form, social profiles and our own people. Pure.

All of them are made from what everybody may read and from the facts, so that nobody types a
number twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

SOCIAL_LENGTH = 280


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What the words are made of; the three sections are public paragraphs as they read now.

    `facts` are questions with their confirmed answers. Addresses may be "" when there is none.
    """

    name: str
    page: str
    reply_address: str
    join_address: str
    happened: tuple[str, ...]
    known: tuple[str, ...]
    unknown: tuple[str, ...]
    newest_update: str
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Announcements:
    """The words for each place."""

    phone: str
    web_form: str
    social: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """The letter to our own people before an admin has changed a word of it."""

    subject: str
    text: str


def announcements(of: Sources) -> Announcements:
    """Gives the words to copy."""
    return Announcements(phone=_phone(of), web_form=_web_form(of), social=_social(of))


def letter_to_staff(of: Sources) -> Letter:
    """Gives the letter: the facts, the public words in full, the link to join."""
    parts = [
        _("Dear colleagues,"),
        _("you hear this from us before anybody else does: %(name)s.") % {"name": of.name},
        _listed(_("What we know for certain:"), [f"{ask} {say}" for ask, say in of.facts]),
        _titled(_("What we tell the public, word for word:"), _public_words(of)),
        _("It stands, and changes, here: %(page)s") % {"page": of.page},
        _("Please say nothing more than this outside, and send journalists to the press lane."),
        _joining(of),
        _("Thank you. Nobody has to be quick; everybody who writes to us gets an answer."),
    ]
    return Letter(
        subject=_("Please read first: %(name)s") % {"name": of.name}, text=_together(parts)
    )


def _phone(of: Sources) -> str:
    write = _("You can also write to %(address)s: we answer every single email.")
    parts = [
        _("Thank you for calling."),
        _("If you call because of this, %(name)s, here is what we know.") % {"name": of.name},
        " ".join((*of.happened, *of.known)) or of.newest_update or _looking(),
        _("The newest words are on our page, %(page)s.") % {"page": of.page.split("://")[-1]},
        write % {"address": of.reply_address} if of.reply_address else "",
    ]
    return " ".join(part for part in parts if part)


def _web_form(of: Sources) -> str:
    return _together(
        [
            _("Do you write because of this: %(name)s?") % {"name": of.name},
            _public_words(of),
            _("The newest words, with date and time: %(page)s") % {"page": of.page},
            _("We answer every single email. Please write once: a second one waits no less."),
        ]
    )


def _social(of: Sources) -> str:
    said = next(iter((*of.known, *of.happened)), "") or of.newest_update or _looking()
    rest = _("The newest words: %(page)s") % {"page": of.page}
    room = SOCIAL_LENGTH - len(f"{of.name}:  {rest}")
    return f"{of.name}: {_shortened(said, room)} {rest}"


def _public_words(of: Sources) -> str:
    sections = [
        _titled(_("What happened"), "\n\n".join(of.happened)),
        _titled(_("What we know"), "\n\n".join(of.known)),
        _titled(_("What we do not know yet"), "\n\n".join(of.unknown)),
    ]
    return _together(sections) or of.newest_update or _looking()


def _joining(of: Sources) -> str:
    if not of.join_address:
        return ""
    words = _(
        "If you can help to answer, join here: %(address)s It takes a quarter of an hour: a code "
        "by mail, one page to read, a few emails to practise on."
    )
    return words % {"address": f"{of.join_address}\n"}


def _looking() -> str:
    return _("We are looking into it and will say more as soon as we know more.")


def _titled(title: str, text: str) -> str:
    return f"{title}\n{text}" if text else ""


def _listed(title: str, lines: Sequence[str]) -> str:
    return "\n".join([title, *(f"- {line}" for line in lines)]) if lines else ""


def _together(parts: Sequence[str]) -> str:
    return "\n\n".join(part for part in parts if part)


def _shortened(text: str, room: int) -> str:
    """The text on one line; cut at a word with an ellipsis when it is longer than `room`."""
    line = " ".join(text.split())
    if len(line) <= room:
        return line
    return f"{line[: max(0, room - 1)].rpartition(' ')[0].rstrip(',;:')}…"
