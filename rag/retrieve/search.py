"""Question -> hits: one candidate list for each language of the archive, fused and ranked."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Self

import numpy as np
import numpy.typing as npt

from rag.errors import BadQuestion, ModelError
from rag.index.encoder import Encoded, Encoder
from rag.index.index import Candidates, Index
from rag.index.remember import RememberingEncoder
from rag.retrieve.calibrate import calibration
from rag.retrieve.close import MOST, Reader
from rag.retrieve.fusion import fuse, load_weights
from rag.retrieve.question import told, understand, within, without_period
from rag.retrieve.rerank import KeepOrder, Reranker
from rag.retrieve.terms import by_name, groups_in
from rag.retrieve.translated import Scored, together
from rag.retrieve.wordings import in_all_wordings, wordings
from rag.types import Filter, Hit, Language, Pair, Passage, Period, Question, SearchResult

log = logging.getLogger("jiubao")

Vectors = npt.NDArray[np.float32]
Leg = Literal["dense", "keyword", "fused"]
# Passages asked of each leg and language: enough that the fused top ten is not cut short.
CANDIDATES = 50
# What a passage gains that was printed in the year of which it is asked, where that does not
# filter; 1 is what a typical answer scores. Chosen on dev questions: docs/retrieval.md.
PRINTED = 0.2


@dataclass(frozen=True, slots=True)
class Searcher:
    """Searches one archive."""

    index: Index
    encoder: Encoder
    reranker: Reranker = field(default_factory=KeepOrder)

    def search(
        self,
        text: str,
        k: int = 10,
        wanted: Filter | None = None,
        leg: Leg = "fused",
        across: str = "",
    ) -> SearchResult:
        """The `k` best passages, each article's two texts counted once.

        Args:
            text: the question, in Chinese or English.
            wanted: only passages that satisfy it; what nothing satisfies finds nothing.
            leg: rank by one leg alone, for measuring; such hits are not read again.
            across: the question in the other language, where known: texts in that are searched by
                both.

        Raises:
            BadQuestion: the question is empty or too long, or `k` is less than 1.
        """
        if k < 1:
            raise BadQuestion(f"k is {k}", "ask for at least one hit")
        wanted = wanted or Filter()
        start = time.perf_counter()
        question = understand(text, wanted, self.index.first_day, across)
        wanted = replace(wanted, period=question.period)
        matter = without_period(question)
        asked = self._encode(matter)
        encoded = time.perf_counter()
        # Never fewer than are read again, so that `k` does not change their order.
        enough = max(k, MOST, self.reranker.depth)
        scored, down = self._scored(matter, asked, wanted, enough, leg)
        hits = self._hits(scored, matter, wanted.language, leg)[:enough]
        if leg == "fused":
            if asked:
                hits = Reader(matter, asked, self.index, self.encoder).settle(hits)
            hits = self.reranker.rerank(matter, hits)
        done = time.perf_counter()
        timings = {"encode": (encoded - start) * 1e3, "search": (done - encoded) * 1e3}
        return SearchResult(question, hits[:k], timings, down)

    def remembering(self) -> Self:
        """The same search for one question, of which its encoder then reads nothing twice."""
        return replace(self, encoder=RememberingEncoder(self.encoder))

    def _encode(self, question: Question) -> dict[str, Encoded]:
        """The wordings of a question, encoded, by their texts; empty where they cannot be."""
        texts = filter(None, (question.text, question.across))
        try:
            return {text: self.encoder.encode_query_tokens(text) for text in texts}
        except ModelError as error:
            log.warning("searching without the dense leg: %s", error)
            return {}

    def _scored(
        self, question: Question, asked: Mapping[str, Encoded], wanted: Filter, k: int, leg: Leg
    ) -> tuple[list[Scored], tuple[str, ...]]:
        """Every candidate with its score, and the legs that were down."""
        scored: list[Scored] = []
        down: set[str] = set()
        for language in self.index.languages:
            # What is not asked for may speak for its translation.
            if leg != "fused" and wanted.language not in (None, language):
                continue
            lists: list[list[Scored]] = []
            for wording in wordings(question, language):
                vector = asked[wording.text].vector if asked else None
                groups = groups_in(wording, language, self.index)
                near = self._moved(vector, wording.language, language)
                found = self.index.candidates(language, near, groups, max(k, CANDIDATES), wanted)
                named = by_name(wording, language, groups, self.index)
                scores = self._scores(found, vector, (wording.language, language), leg, named)
                rows = zip(scores.tolist(), found.keys.tolist(), found.proposed_by, strict=True)
                lists.append([Scored._make(row) for row in rows])
                down.update(found.down)
            scored += in_all_wordings(lists)
        return scored, tuple(sorted(down))

    def _moved(self, vector: Vectors | None, asked: Language, found: Language) -> Vectors | None:
        """The question's vector, if it has one, where its answers in a language are near."""
        return None if vector is None else calibration(self.encoder).moved(vector, asked, found)

    def _scores(
        self,
        found: Candidates,
        vector: Vectors | None,
        pair: tuple[Language, Language],
        leg: Leg,
        named: float,
    ) -> Vectors:
        if leg == "keyword":
            return found.keyword
        dense = None
        if vector is not None:
            measure = calibration(self.encoder).similarity
            dense = measure(vector, found.vectors, *pair)
        if leg == "dense":
            return np.zeros(len(found.keys), np.float32) if dense is None else dense
        return fuse(dense, found.keyword, load_weights()[pair], named)

    def _hits(
        self, scored: Sequence[Scored], question: Question, wanted: Language | None, leg: Leg
    ) -> tuple[Hit, ...]:
        """Candidates as hits, one text of a translated article: that in the language wanted or
        asked."""
        asked = question.language
        passages = self.index.passages([one.key for one in scored])
        if leg == "fused" and (period := told(question)):
            scored = [_printed_in(period, one, passages.get(one.key)) for one in scored]
        pairs: Mapping[str, Sequence[Pair]] = {}
        if len(self.index.languages) > 1:
            articles = {passage.masthead.article_id for passage in passages.values()}
            pairs, texts = self.index.translated(articles)
            if leg == "fused":
                scored, passages = together(scored, texts, pairs, asked), passages | texts
        shown = wanted or asked
        hits: list[Hit] = []
        # Equal scores in the order of the archive, so that the same question ranks the same.
        for score, key, via in sorted(scored, key=lambda one: (-one.score, one.key)):
            passage = passages.get(key)
            if passage and (
                passage.language == shown
                or (wanted is None and passage.masthead.article_id not in pairs)
            ):
                hits.append(Hit(passage, round(score, 6), len(hits) + 1, via))
        return tuple(hits)


def _printed_in(period: Period, one: Scored, passage: Passage | None) -> Scored:
    """A candidate with what it gains if it was printed in a period."""
    if passage is None or not within(passage.masthead.published, period):
        return one
    return one._replace(score=one.score + PRINTED)
