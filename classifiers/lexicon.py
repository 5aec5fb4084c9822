"""What words mean, in four languages: the signs that a small training set cannot learn alone."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from classifiers.concepts import CONCEPTS
from classifiers.text import Sentence, fold, split_elisions

_NEGATORS = (
    "not no never dont doesnt didnt isnt wasnt arent werent wont cant cannot couldnt wouldnt "
    "shouldnt hasnt havent hadnt without nothing nobody neither nor hardly barely nicht kein "
    "keine keinen keiner nie niemals ohne nichts sin nunca jamas nada ni ne pas jamais sans "
    "aucun aucune rien na nai nest netait nen "
)

NEGATORS = frozenset(_NEGATORS.split())

NEGATED = {
    "joy": ("no_joy", "bad"),
    "good": ("no_good", "bad"),
    "bad": ("no_bad",),
    "affected": ("not_affected",),
    "thanks": ("no_thanks",),
}
"""What a concept turns into within four words after a negator."""

COMPLAINTS = frozenset(
    {"fury", "bad", "leaving", "again", "blame", "worry", "no_joy", "no_good", "no_thanks"}
    | {"anger_mark", "breach", "fraud", "locked"}
)
"""Concepts that a real praise does without."""

_COURTESY = "greeting"
"""A concept whose words mean nothing else: "good" in "good morning" praises nobody."""

SPEAKS = "speaks"
"""A sign of every sentence: beside it a lone concept weighs less, and saying nothing shows."""

_FEELINGS = frozenset({"joy", "good", "bad", "fury", "thanks"})
"""In a phrase of these no word counts alone: "not happy" holds nothing happy."""

_REACH = 4
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})

Word = tuple[str, bool]
"""A folded word, and whether it is only the beginning of one."""

_Entry = tuple[tuple[Word, ...], str]


def concepts(words: Sequence[str]) -> Iterator[tuple[int, str]]:
    """The concepts of a sentence's folded words, each with the place where it begins."""
    negated_until = courtesy_until = phrase_until = -1
    for place, word in enumerate(words):
        for rest, concept in _entries(word):
            if place <= (phrase_until if concept in _FEELINGS else courtesy_until):
                continue
            if rest and not _follows(words, place + 1, rest):
                continue
            if concept == _COURTESY:
                courtesy_until = phrase_until = place + len(rest)
            elif concept in _FEELINGS and rest:
                phrase_until = place + len(rest)
            is_negated = place <= negated_until and not rest
            meant = NEGATED.get(concept, (concept,)) if is_negated else (concept,)
            yield from ((place, name) for name in meant)
        if word in NEGATORS:
            negated_until = place + _REACH


def has_complaint(sentences: Sequence[Sentence]) -> bool:
    """Whether any sentence holds a word that a real praise does without."""
    return any(found in COMPLAINTS for part in sentences for _, found in concepts(part.words))


def signs(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The signs of a sentence by name, each with the place of the word that gives it.

    A sign is a concept or the way it was said.
    """
    yield 0, SPEAKS
    yield from concepts(sentence.words)
    yield from ((0, manner) for manner in _manners(sentence))


def _manners(sentence: Sentence) -> Iterator[str]:
    if sentence.exclamations:
        yield "exclaims"
    if sentence.exclamations > 2:
        yield "exclaims_much"
    if sentence.questions:
        yield "asks"
    if sentence.questions > 1:
        yield "asks_much"
    if sentence.shouted > 1:
        yield "shouts"


def _follows(words: Sequence[str], place: int, rest: tuple[Word, ...]) -> bool:
    for wanted, is_stem in rest:
        if place >= len(words):
            return False
        found = words[place]
        if not (found.startswith(wanted) if is_stem else found == wanted):
            return False
        place += 1
    return True


@lru_cache(maxsize=65_536)
def _entries(word: str) -> tuple[_Entry, ...]:
    """What may begin with this word: the rest of each entry, and its concept."""
    exact, stems = _compiled()
    found = list(exact.get(word, ()))
    for length in range(2, len(word) + 1):
        found += stems.get(word[:length], ())
    return tuple(sorted(found, key=lambda entry: (entry[1] != _COURTESY, -len(entry[0]))))


@lru_cache(maxsize=1)
def _compiled() -> tuple[dict[str, list[_Entry]], dict[str, list[_Entry]]]:
    exact: dict[str, list[_Entry]] = {}
    stems: dict[str, list[_Entry]] = {}
    for concept, listed in CONCEPTS.items():
        for first, *rest in sorted(set(_listed(listed))):
            begins = stems if first[1] else exact
            begins.setdefault(first[0], []).append((tuple(rest), concept))
    return exact, stems


def _listed(listed: str) -> Iterator[tuple[Word, ...]]:
    for entry in listed.split(","):
        for spelling in {entry, entry.translate(_UMLAUTS)}:
            words = split_elisions(spelling).split()
            yield tuple((fold(word.rstrip("*")), word.endswith("*")) for word in words)
