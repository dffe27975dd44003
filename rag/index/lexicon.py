"""Keywords on disk: the one door to bm25s.

Like a vector store, a lexicon is written once and opened memory-mapped. bm25s (Lù 2024,
arXiv:2407.03618) stores the BM25 score of every term in every passage, so that a query adds a few
columns. The inverse document frequency in those scores is the lexicon's own; `scores` replaces it
by one counted over all lexicons of an archive, so that a small one added later ranks alike.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from rag.errors import LedgerError
from rag.types import Group

Scores = npt.NDArray[np.float32]
Rows = npt.NDArray[np.int32]


def idf(documents: int, frequency: int) -> float:
    """Inverse document frequency as Lucene has it: ln(1 + (N - n + 0.5) / (n + 0.5)) > 0."""
    return math.log(1 + (documents - frequency + 0.5) / (frequency + 0.5))


class Terms:
    """The terms of passages, as numbers into a vocabulary: they take little memory."""

    def __init__(self) -> None:
        self.vocabulary: dict[str, int] = {}
        self.passages: list[array[int]] = []

    def add(self, terms: Sequence[str]) -> None:
        """Takes in the next passage."""
        number = self.vocabulary
        # bm25s takes no empty corpus vocabulary: a passage of stop words alone is an empty row.
        numbers = (number.setdefault(term, len(number)) for term in terms or [""])
        self.passages.append(array("i", numbers))


class Lexicon:
    """The keyword index of the passages of one language."""

    def __init__(self, folder: Path) -> None:
        import bm25s

        model: Any = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        self.documents: int = model.scores["num_docs"]
        # Plain arrays over the mapped files: numpy's own class for those takes three times as long
        # to cut a column out.
        self._data: Scores = np.asarray(model.scores["data"])
        self._rows: Rows = np.asarray(model.scores["indices"])
        self._ends: npt.NDArray[np.int32] = np.asarray(model.scores["indptr"])
        self._vocabulary: dict[str, int] = model.vocab_dict

    @staticmethod
    def build(folder: Path, terms: Terms) -> None:
        """Writes the lexicon of the passages in `terms` (row i is passage i)."""
        import bm25s

        model: Any = bm25s.BM25(method="lucene", k1=1.2, b=0.75)
        model.index((terms.passages, terms.vocabulary), show_progress=False)
        model.save(str(folder), show_progress=False)

    def frequency(self, term: str) -> int:
        """In how many passages a term stands."""
        start, end = self._span(term)
        return end - start

    def scores(self, groups: Sequence[tuple[Group, float]]) -> Scores:
        """BM25 of every passage (documents,).

        Args:
            groups: what is looked for, each with its inverse document frequency. A group scores as
                the best of its terms in a passage does, each by its weight in the group.

        Raises:
            LedgerError: the files are not what they were when the lexicon was opened.
        """
        try:
            return self._scores(groups)
        except (OSError, ValueError, IndexError) as error:
            raise LedgerError(
                f"the keyword index fails: {error}", "run `jiubao rebuild`"
            ) from error

    def _scores(self, groups: Sequence[tuple[Group, float]]) -> Scores:
        total = np.zeros(self.documents, np.float32)
        best = np.zeros(self.documents, np.float32)
        for group, weight in groups:
            touched = []
            for term, share in group.items():
                rows, frequencies = self._column(term)
                if len(rows):
                    best[rows] = np.maximum(best[rows], frequencies * share)
                    touched.append(rows)
            for rows in touched:
                # Taken once: what another term of the group touched too is 0 by then.
                total[rows] += best[rows] * weight
                best[rows] = 0
        return total

    def _column(self, term: str) -> tuple[Rows, Scores]:
        """The passages a term stands in, and its saturated frequency there, in (0, 1)."""
        start, end = self._span(term)
        return self._rows[start:end], self._data[start:end] / idf(self.documents, end - start)

    def _span(self, term: str) -> tuple[int, int]:
        """Where a term's column begins and ends; nowhere, if there is none."""
        column = self._vocabulary.get(term) if term else None
        return (0, 0) if column is None else (int(self._ends[column]), int(self._ends[column + 1]))
