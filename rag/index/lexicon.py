"""Keywords on disk: the one door to bm25s.

Like a vector store, a lexicon is written once and opened memory-mapped. bm25s (Lù 2024,
arXiv:2407.03618) stores the BM25 score of every term in every passage, so that a query adds a few
columns. The inverse document frequency in those scores is the lexicon's own; `scores` replaces it
by one counted over all lexicons of an archive, so that a small one added later ranks alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]


def idf(documents: int, frequency: int) -> float:
    """Inverse document frequency as Lucene has it: ln(1 + (N - n + 0.5) / (n + 0.5)) > 0."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


class Lexicon:
    """The keyword index of the passages of one language."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        model: Any = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        self.documents: int = model.scores["num_docs"]
        self._data = model.scores["data"]
        self._rows = model.scores["indices"]
        self._ends = model.scores["indptr"]
        self._vocabulary: dict[str, int] = model.vocab_dict

    @staticmethod
    def build(folder: Path, passages: Sequence[Sequence[str]]) -> None:
        """Writes the lexicon of passages given as their terms (row i is passage i)."""
        import bm25s

        model: Any = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        # bm25s takes no empty corpus vocabulary: a passage of stop words alone is an empty row.
        model.index([list(terms) or [""] for terms in passages], show_progress=False)
        model.save(str(folder), show_progress=False)

    def frequency(self, term: str) -> int:
        """In how many passages a term stands."""
        column = self._vocabulary.get(term)
        return 0 if column is None else int(self._ends[column + 1] - self._ends[column])

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """BM25 of every passage (documents,): the sum over terms, each with the idf given."""
        total = np.zeros(self.documents, np.float32)
        for term, weight in weights.items():
            column = self._vocabulary.get(term)
            if column is None:
                continue
            start, end = int(self._ends[column]), int(self._ends[column + 1])
            scale = weight / idf(self.documents, end - start)
            total[self._rows[start:end]] += self._data[start:end] * scale
        return total
