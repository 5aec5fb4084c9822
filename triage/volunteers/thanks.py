"""What a line of thanks for everybody may say: the warmth of it, nothing of the person."""

import re
from collections.abc import Collection

from django.utils.translation import gettext as _

LONGEST = 200
_WORD = re.compile(r"[^\W\d_]+")


def problem_with(text: str, *, names: Collection[str] = ()) -> str:
    """Gives why a line may not be shown, as a sentence; "" when it may.

    `names` are the names of the people it is about; each of their words counts.
    """
    words = {word.casefold() for word in _WORD.findall(text)}
    theirs = {word.casefold() for name in names for word in _WORD.findall(name) if len(word) > 1}
    if not words:
        return _("Please write the line of thanks.")
    if len(text) > LONGEST:
        return _("One line of up to %(most)d characters, please.") % {"most": LONGEST}
    if "@" in text or any(character.isdigit() for character in text):
        return _("No numbers and no addresses, please: nothing may lead to the person.")
    if words & theirs:
        return _("There is a name in it. Please leave it out.")
    return ""
