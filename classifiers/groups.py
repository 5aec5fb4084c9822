"""Look-alikes: which emails say the same in nearly the same words.

MinHash proposes (Broder 1997), the cosine of character TF-IDF confirms. Emails are taken in their
order and never move again: each joins the group it is most like, or founds one.
"""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classifiers.features import pieces
from classifiers.prediction import Mail
from classifiers.scoring import Floats, Ids
from classifiers.text import Reading, own_words, sentences

LIKENESS = 0.6
"""The cosine from which on two emails count as the same question."""

NEW_FACE = 0.85
"""Members less like their group's known faces than this become a face of it themselves."""

MOST_FACES = 8
MOST_COMPARED = 16
BANDS = 24
ROWS = 2
CHUNK = 256

Signatures = NDArray[np.uint32]


def group(mails: Sequence[Mail], *, seed: int = 0) -> list[int]:
    """For each email the place of the first one of its group; an empty email stays alone."""
    readings = [_reading(one) for one in mails]
    vectors = _vectors(readings)
    return _assign(vectors, _band_keys(_signatures(vectors, seed)))


def _reading(mail: Mail) -> Reading:
    text = own_words(mail.subject, mail.body, mail.html, is_new_text=mail.is_new_text)
    return Reading(sentences(text))


def _vectors(readings: Sequence[Reading]) -> sparse.csr_array:
    """Character TF-IDF of the emails, a row of length 1 each (empty emails: of length 0)."""
    numbers: dict[str, int] = {}
    of_word: dict[str, Ids] = {}
    rows = [_piece_numbers(reading, numbers, of_word) for reading in readings]
    ends = np.cumsum([0, *map(len, rows)])
    ones = np.ones(ends[-1])
    shape = (len(rows), max(1, len(numbers)))
    counts = sparse.csr_array((ones, np.concatenate([*rows, ends[:0]]), ends), shape=shape)
    counts.sum_duplicates()
    holds = np.bincount(counts.indices, minlength=shape[1])
    rarity = np.log((1 + len(rows)) / (1 + holds)) + 1
    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    length = np.sqrt(counts.multiply(counts).sum(axis=1))
    counts.data /= np.repeat(length, np.diff(counts.indptr))
    return counts


def _piece_numbers(reading: Reading, numbers: dict[str, int], of_word: dict[str, Ids]) -> Ids:
    found = []
    for word in (word for part in reading.sentences for word in part.words):
        if word not in of_word:
            known = [numbers.setdefault(piece, len(numbers)) for piece in pieces(word)]
            of_word[word] = np.array(known, dtype=np.int64)
        found.append(of_word[word])
    return np.concatenate(found) if found else np.zeros(0, dtype=np.int64)


def _signatures(vectors: sparse.csr_array, seed: int) -> Signatures:
    """MinHash signatures: for each hash function the smallest hash of a row's pieces."""
    random = np.random.default_rng(seed)
    hashes = random.integers(0, 2**32, (vectors.shape[1], BANDS * ROWS), dtype=np.uint32)
    signatures = np.zeros((vectors.shape[0], BANDS * ROWS), dtype=np.uint32)
    filled = np.flatnonzero(np.diff(vectors.indptr))
    for start in range(0, len(filled), CHUNK):
        rows = filled[start : start + CHUNK]
        first, last = vectors.indptr[rows[0]], vectors.indptr[rows[-1] + 1]
        chosen = hashes[vectors.indices[first:last]]
        signatures[rows] = np.minimum.reduceat(chosen, vectors.indptr[rows] - first)
    return signatures


def _band_keys(signatures: Signatures) -> list[list[tuple[int, int]]]:
    """For each email the buckets it falls into; two emails in one bucket are worth comparing."""
    bands = signatures.reshape(len(signatures), BANDS, ROWS).astype(np.uint64)
    joined = (bands[:, :, 0] << np.uint64(32)) | bands[:, :, 1]
    return [list(enumerate(row)) for row in joined.tolist()]


def _assign(vectors: sparse.csr_array, keys: Sequence[Sequence[tuple[int, int]]]) -> list[int]:
    """The founder of each email's group, in one pass over the emails in their order."""
    founders: list[int] = []
    scratch = np.zeros(vectors.shape[1])
    faces: dict[int, int] = {}
    buckets: dict[tuple[int, int], list[int]] = {}
    for number, bands in enumerate(keys):
        met = Counter(face for band in bands for face in buckets.get(band, ()))
        proposed = [face for face, _ in met.most_common(MOST_COMPARED)]
        likeness, face = _most_like(vectors, number, proposed, scratch)
        founder = founders[face] if likeness >= LIKENESS else number
        founders.append(founder)
        is_empty = vectors.indptr[number] == vectors.indptr[number + 1]
        if not is_empty and likeness < NEW_FACE and faces.get(founder, 0) < MOST_FACES:
            faces[founder] = faces.get(founder, 0) + 1
            for band in bands:
                buckets.setdefault(band, []).append(number)
    return founders


def _most_like(
    vectors: sparse.csr_array, number: int, proposed: Sequence[int], scratch: Floats
) -> tuple[float, int]:
    """The likest of the proposed emails and its cosine; `scratch` is all zeros, and stays so."""
    if not proposed:
        return 0.0, number
    own = slice(vectors.indptr[number], vectors.indptr[number + 1])
    scratch[vectors.indices[own]] = vectors.data[own]
    spans = [slice(vectors.indptr[face], vectors.indptr[face + 1]) for face in proposed]
    cosines = [float(scratch[vectors.indices[at]] @ vectors.data[at]) for at in spans]
    scratch[vectors.indices[own]] = 0.0
    best = max(range(len(proposed)), key=cosines.__getitem__)
    return cosines[best], proposed[best]
