"""Question -> hits: one candidate list for each language of the archive, fused and ranked."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from rag.errors import BadQuestion
from rag.index.encoder import Encoder
from rag.index.index import Candidates, Index
from rag.retrieve.fusion import Weights, fuse, load_weights
from rag.retrieve.question import understand
from rag.retrieve.terms import term_groups
from rag.types import Filter, Hit, Language, SearchResult

Leg = Literal["dense", "keyword", "fused"]
# Passages asked of each leg and language: enough that the fused top ten is not cut short.
CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one archive."""

    index: Index
    encoder: Encoder

    def search(
        self, text: str, k: int = 10, wanted: Filter | None = None, leg: Leg = "fused"
    ) -> SearchResult:
        """The `k` best passages, each article's two texts counted once.

        Args:
            text: the question, in Chinese or English.
            wanted: only passages that satisfy it; what nothing satisfies finds nothing.
            leg: rank by one leg alone, for measuring.

        Raises:
            BadQuestion: the question is empty or too long, or `k` is less than 1.
        """
        if k < 1:
            raise BadQuestion(f"k is {k}", "ask for at least one hit")
        wanted = wanted or Filter()
        start = time.perf_counter()
        question = understand(text, wanted, self.index.first_day)
        wanted = replace(wanted, period=question.period)
        vector = self.encoder.encode_queries([question.text])[0]
        encoded = time.perf_counter()
        scored: list[tuple[float, int, tuple[str, ...]]] = []
        for language in self.index.languages:
            if wanted.language in (None, language):
                groups = term_groups(question, language)
                found = self.index.candidates(language, vector, groups, max(k, CANDIDATES), wanted)
                scores = _score(found, load_weights()[question.language, language], leg)
                scored += zip(scores.tolist(), found.keys.tolist(), found.proposed_by, strict=True)
        # Equal scores in the order of the archive, so that the same question ranks the same.
        scored.sort(key=lambda item: (-item[0], item[1]))
        hits = self._hits(scored, k, wanted.language or question.language)
        done = time.perf_counter()
        timings = {"encode": (encoded - start) * 1e3, "search": (done - encoded) * 1e3}
        return SearchResult(question, hits, timings)

    def _hits(
        self, scored: list[tuple[float, int, tuple[str, ...]]], k: int, asked: Language
    ) -> tuple[Hit, ...]:
        """The best `k`; what an article says in the language asked in stands for both its texts."""
        best = scored[: 2 * (k + CANDIDATES)]
        passages = self.index.passages([key for _, key, _ in best])
        both = self.index.articles_in(
            asked, {p.masthead.article_id for p in passages.values() if p.language != asked}
        )
        hits: list[Hit] = []
        for score, key, via in best:
            passage = passages.get(key)
            if passage is None or (
                passage.language != asked and passage.masthead.article_id in both
            ):
                continue
            hits.append(Hit(passage, round(score, 6), len(hits) + 1, via))
            if len(hits) == k:
                break
        return tuple(hits)


def _score(found: Candidates, weights: Weights, leg: Leg) -> npt.NDArray[np.float32]:
    if leg == "dense":
        return found.cosine
    if leg == "keyword":
        return found.keyword
    return fuse(found.cosine, found.keyword, weights)
