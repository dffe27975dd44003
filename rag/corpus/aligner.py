"""Pair the sentences of an article with those of its translation.

A monotone path through both texts, found by dynamic programming over the beads of W. Gale and
K. Church, "A Program for Aligning Sentences in Bilingual Corpora" (Computational Linguistics
19(1), 1993): one to one, one to two, two to one, and sentences that nothing answers. A bead costs
what its two sides' vectors differ by, as in B. Thompson and P. Koehn, "Vecalign" (EMNLP 2019),
and Gale and Church's length ratio settles which neighbour a short sentence joins.

The cosines of E5 crowd between 0.75 and 0.95 and lean towards their own language and the article's
subject. So each text's mean vector is taken out first: the sentences of one article then spread
over the whole range, which is what the margin of M. Artetxe and H. Schwenk (ACL 2019) is for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rag.types import Language, Pair, Span

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float32]

# Costs are per sentence covered: 0 for the same vector, about 1 for sentences without relation.
SKIP_COST = 0.93
"""A sentence left alone: cheaper than a pair without relation."""
MERGE_COST = 0.03
"""More for a bead of three sentences, so that two merge only to some gain."""
FOREIGN_BELOW = 0.3
FOREIGN_WEIGHT = 0.5
"""More for a bead of three by what its weaker sentence falls short of that cosine: the mean of a
true translation and a stranger still resembles the original."""
LENGTH_WEIGHT = 0.045
"""For each standard deviation by which the lengths miss the article's own ratio."""
LENGTH_VARIANCE = 6.8
"""Variance of the length ratio for each code point (Gale and Church 1993)."""
LONGEST_DEVIATION = 5.0
MEAN_PRIOR = 0.5
"""Sentences that the mean is shrunk by: a lone sentence must not be centred on itself."""

MOST_CELLS = 4_000_000
"""Pairs of sentences weighed at once: 2,000 of each side, some 150 MB."""

_BEADS = ((1, 1), (1, 2), (2, 1))
_ZH_ALONE, _EN_ALONE = len(_BEADS), len(_BEADS) + 1


@dataclass(frozen=True, slots=True)
class _Units:
    """One text's sentences, taken one by one or two by two."""

    count: int
    vectors: Matrix
    """Row i is the unit vector of the unit that ends with sentence i."""
    first: Matrix
    """Row i is the vector of that unit's first sentence."""
    last: Matrix
    """Row i is the vector of its last, sentence i."""
    lengths: Vector
    exists: npt.NDArray[np.bool_]
    """Whether the unit that ends with sentence i exists: its sentences share a paragraph."""


def align(  # noqa: PLR0917 -- two texts, each a body, its sentences and their vectors
    zh_body: str,
    zh: Sequence[Span],
    en_body: str,
    en: Sequence[Span],
    zh_vectors: Matrix,
    en_vectors: Matrix,
) -> tuple[Pair, ...]:
    """Pair two texts' sentences, in order.

    Args:
        zh_body: the Chinese body, of which `zh` are the sentences in order.
        zh: their spans.
        en_body: the English body, of which `en` are the sentences in order.
        en: their spans.
        zh_vectors: shape (len(zh), d), unit rows of any float type; row i encodes sentence i.
        en_vectors: shape (len(en), d), likewise.

    Returns:
        Pairs in the order of both texts. Every sentence is in exactly one; two of one side are
        joined only within a paragraph; one that nothing answers stands alone, with None opposite
        and similarity 0.0. Time and memory grow with len(zh) x len(en), up to `MOST_CELLS`; texts
        beyond are cut in two where half of each is read, which no newspaper article comes near.

    Raises:
        ValueError: the vectors' shapes do not fit the sentences.
    """
    if len(zh_vectors) != len(zh) or len(en_vectors) != len(en):
        raise ValueError(
            f"{len(zh)} and {len(en)} sentences do not fit "
            f"{len(zh_vectors)} and {len(en_vectors)} vectors"
        )
    if not zh or not en:
        return (*(Pair(span, None, 0.0) for span in zh), *(Pair(None, span, 0.0) for span in en))
    if len(zh) * len(en) > MOST_CELLS and min(len(zh), len(en)) > 1:
        i, j = _middle(zh), _middle(en)
        return (
            *align(zh_body, zh[:i], en_body, en[:j], zh_vectors[:i], en_vectors[:j]),
            *align(zh_body, zh[i:], en_body, en[j:], zh_vectors[i:], en_vectors[j:]),
        )
    zh_units = _units(zh_body, zh, _centred(zh_vectors))
    en_units = _units(en_body, en, _centred(en_vectors))
    ratio = float(en_units[0].lengths.sum() / zh_units[0].lengths.sum())
    costs = [
        _bead(zh_units[zh_count - 1], en_units[en_count - 1], ratio)
        for zh_count, en_count in _BEADS
    ]
    zh_raw, en_raw = _units(zh_body, zh, zh_vectors), _units(en_body, en, en_vectors)
    pairs: list[Pair] = []
    for step, i, j in _path(costs, len(zh), len(en)):
        if step == _ZH_ALONE:
            pairs.append(Pair(zh[i], None, 0.0))
        elif step == _EN_ALONE:
            pairs.append(Pair(None, en[j], 0.0))
        else:
            zh_count, en_count = _BEADS[step]
            cosine = float(zh_raw[zh_count - 1].vectors[i] @ en_raw[en_count - 1].vectors[j])
            pair = Pair(_covered(zh, i, zh_count), _covered(en, j, en_count), min(1.0, cosine))
            pairs.append(pair)
    return tuple(pairs)


def counterpart(pairs: Sequence[Pair], language: Language, span: Span) -> Span | None:
    """What says the same in the other language as `span`: all sentences paired with it."""
    answering: list[Span] = []
    for pair in pairs:
        here, there = (pair.zh, pair.en) if language == "zh" else (pair.en, pair.zh)
        if here and there and here.overlap(span):
            answering.append(there)
    if not answering:
        return None
    return Span(min(s.start for s in answering), max(s.end for s in answering))


def _middle(spans: Sequence[Span]) -> int:
    """The sentence that the second half of a text begins with, at least one before it."""
    half = (spans[0].start + spans[-1].end) // 2
    return min(max(1, bisect_left([span.start for span in spans], half)), len(spans) - 1)


def _covered(spans: Sequence[Span], last: int, count: int) -> Span:
    return Span(spans[last - count + 1].start, spans[last].end)


def _centred(vectors: Matrix) -> Matrix:
    """Unit rows without what all of them share."""
    rows = np.asarray(vectors, dtype=np.float32)
    apart = rows - rows.sum(axis=0) / np.float32(len(rows) + MEAN_PRIOR)
    norms = np.linalg.norm(apart, axis=1, keepdims=True)
    return np.asarray(apart / np.maximum(norms, 1e-6), dtype=np.float32)


def _units(body: str, spans: Sequence[Span], vectors: Matrix) -> tuple[_Units, _Units]:
    """A text's sentences one by one, and two by two (their length-weighted mean)."""
    single = np.asarray(vectors, dtype=np.float32)
    lengths = np.array([end - start for start, end in spans], dtype=np.float32)
    weighted = single * lengths[:, None]
    double = weighted.copy()
    double[1:] += weighted[:-1]
    double /= np.maximum(np.linalg.norm(double, axis=1, keepdims=True), np.float32(1e-9))
    joined = lengths.copy()
    joined[1:] += lengths[:-1]
    before = np.roll(single, 1, axis=0)  # row 0 has none before it, and its double does not exist
    together = [
        i > 0 and "\n" not in body[spans[i - 1].end : span.start] for i, span in enumerate(spans)
    ]
    return (
        _Units(1, single, single, single, lengths, np.ones(len(spans), dtype=np.bool_)),
        _Units(
            2,
            double,
            before,
            single,
            joined,
            np.array(together, dtype=np.bool_),
        ),
    )


def _bead(zh: _Units, en: _Units, ratio: float) -> Matrix:
    """Cost of every pair of units of the two sides; infinite where one of them does not exist."""
    expected = ratio * zh.lengths[:, None]
    lengths = en.lengths[None, :]
    spread = np.sqrt(LENGTH_VARIANCE * (expected + lengths) / 2)
    deviation = np.minimum(np.abs(lengths - expected) / spread, LONGEST_DEVIATION)
    cost = 1.0 - zh.vectors @ en.vectors.T + LENGTH_WEIGHT * deviation
    covered = zh.count + en.count
    if covered > 2:
        weaker = np.minimum(zh.first @ en.first.T, zh.last @ en.last.T)
        cost += MERGE_COST + FOREIGN_WEIGHT * np.maximum(0.0, FOREIGN_BELOW - weaker)
    cost *= covered
    cost[~(zh.exists[:, None] & en.exists[None, :])] = np.inf
    return np.asarray(cost, dtype=np.float32)


def _path(costs: Sequence[Matrix], rows: int, columns: int) -> list[tuple[int, int, int]]:
    """The cheapest path, as steps with the last sentence of each side that they cover.

    Row by row; within a row the chain of lone English sentences is a running minimum.
    """
    best = np.full((rows + 1, columns + 1), np.inf, dtype=np.float64)
    steps = np.full((rows + 1, columns + 1), _EN_ALONE, dtype=np.int8)
    walked = SKIP_COST * np.arange(columns + 1)
    best[0] = walked
    for i in range(1, rows + 1):
        row, step = best[i], steps[i]
        row[:] = best[i - 1] + SKIP_COST
        step[:] = _ZH_ALONE
        for number, (zh_count, en_count) in enumerate(_BEADS):
            if i < zh_count or columns < en_count:
                continue
            reached = best[i - zh_count, :-en_count] + costs[number][i - 1, en_count - 1 :]
            better = reached < row[en_count:]
            row[en_count:][better] = reached[better]
            step[en_count:][better] = number
        level = np.minimum.accumulate(row - walked) + walked
        step[level < row - 1e-9] = _EN_ALONE
        row[:] = level
    return _walk_back(steps, rows, columns)


def _walk_back(steps: npt.NDArray[np.int8], i: int, j: int) -> list[tuple[int, int, int]]:
    path: list[tuple[int, int, int]] = []
    while i or j:
        step = int(steps[i, j])
        path.append((step, i - 1, j - 1))
        zh_count, en_count = (*_BEADS, (1, 0), (0, 1))[step]
        i, j = i - zh_count, j - en_count
    return path[::-1]
