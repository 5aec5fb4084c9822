"""What is counted in an email: words, pieces of words, and signs of what is meant."""

from collections.abc import Callable, Iterator
from functools import lru_cache

from classifiers.lexicon import signs
from classifiers.text import Reading, Sentence

SHORTEST_PIECE = 3
LONGEST_PIECE = 5


def words(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The words and pairs of neighbours of a sentence, each with the place of its first word."""
    yield from enumerate(sentence.words)
    yield from pairs(sentence)


def pairs(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The pairs of neighbouring words, each with the place of the first."""
    neighbours = zip(sentence.words, sentence.words[1:], strict=False)
    yield from enumerate(f"{one} {two}" for one, two in neighbours)


def characters(sentence: Sentence) -> Iterator[tuple[int, str]]:
    """The pieces of every word of a sentence, each with the place of the word."""
    for place, word in enumerate(sentence.words):
        yield from ((place, piece) for piece in pieces(word))


@lru_cache(maxsize=65_536)
def pieces(word: str) -> tuple[str, ...]:
    """The runs of 3 to 5 letters of a word, with its edges, so that typing slips cost little."""
    edged = f" {word} "
    return tuple(
        edged[start : start + length]
        for length in range(SHORTEST_PIECE, LONGEST_PIECE + 1)
        for start in range(len(edged) - length + 1)
    )


BLOCKS: dict[str, Callable[[Sentence], Iterator[tuple[int, str]]]] = {
    "words": words,
    "characters": characters,
    "signs": signs,
}
"""The three kinds of features, each weighed and normalised on its own."""


def counted(block: str, reading: Reading) -> list[str]:
    """Every feature of one kind in the email, as often as it stands there."""
    return [name for part in reading.sentences for _, name in BLOCKS[block](part)]
