"""The index opened for reading: what the retrieving room may ask of it.

A question is put to one language at a time. Both legs propose passages, and every passage
proposed gets both scores, so that they can be weighed against each other.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from threading import Lock

import numpy as np
import numpy.typing as npt

from rag.corpus.aligner import counterpart
from rag.errors import IndexMismatch, LedgerError
from rag.index.ledger import Ledger
from rag.index.lexicon import Lexicon, idf
from rag.index.packing import pack_day, unpack_day
from rag.index.segments import REBUILD, Column, Segment, read_catalog
from rag.index.service import Service
from rag.types import LANGUAGES, Filter, Group, Language, Pair, Passage

Keys = npt.NDArray[np.int64]
Scores = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

log = logging.getLogger("jiubao")

# Up to so many passages behind a filter, the cosines of all are computed: exact, and no slower than
# asking Chroma for enough neighbours to find them among.
EXACT = 8_000
# So many vectors of passages behind filters are kept for the next questions: 49 MB at the most. A
# filter counts as 500 at the least, so that there are not too many of them to look through.
KEPT = 4 * EXACT
_AT_LEAST = 500


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages of one language proposed for a question; arrays of one length.

    `vectors` (n, dimension) are of unit length; `keyword` is BM25 as a share of what a passage
    could reach at best, in [0, 1); `proposed_by` names for each passage the legs that proposed it;
    `down` the legs that could not be asked.
    """

    keys: Keys
    vectors: Scores
    keyword: Scores
    proposed_by: tuple[tuple[str, ...], ...]
    down: tuple[str, ...] = ()


class Index:
    """All segments of an archive's index, with the ledger they came from."""

    def __init__(
        self, folder: Path, ledger: Ledger, fingerprint: str, service: Service | None = None
    ) -> None:
        """Opens the index in `folder`.

        Raises:
            IndexMismatch: it was made with another encoder, chunking or tokenizer.
            LedgerError: a file is damaged.
        """
        catalog = read_catalog(folder)
        if catalog and catalog.segments and catalog.fingerprint != fingerprint:
            raise IndexMismatch(
                f"the index was made with {catalog.fingerprint}, not {fingerprint}", REBUILD
            )
        self._ledger = ledger
        self.catalog = catalog
        self.segments = [
            Segment(folder, entry, service) for entry in (catalog.segments if catalog else ())
        ]
        # Keys and vectors of what the last filters let through, by column: questions come several
        # to a filter, and from several readers.
        self._behind: dict[tuple[int, Filter], tuple[Keys, Scores]] = {}
        self._keeping = Lock()
        removed = ledger.removed_keys()
        self._there = {
            id(column): ~np.isin(column.keys, removed)
            for segment in self.segments
            for column in segment.columns.values()
        }

    def close(self) -> None:
        """Lets go of all files."""
        for segment in self.segments:
            segment.close()

    @property
    def languages(self) -> tuple[Language, ...]:
        """Languages with passages, the more frequent first."""
        return tuple(sorted(self.sizes, key=lambda language: -self.sizes[language]))

    @cached_property
    def sizes(self) -> Mapping[Language, int]:
        """Passages of each language, those of articles removed since among them."""
        sizes: dict[Language, int] = {}
        for segment in self.segments:
            for language, column in segment.columns.items():
                sizes[language] = sizes.get(language, 0) + len(column.keys)
        return sizes

    @cached_property
    def first_day(self) -> date | None:
        """The day of the oldest article, None in an empty index."""
        columns = [column for segment in self.segments for column in segment.columns.values()]
        days = [int(column.published.min()) for column in columns if len(column.published)]
        return unpack_day(min(days)) if days else None

    @cached_property
    def lacking(self) -> frozenset[Language]:
        """Languages in which some of the articles have no text."""
        articles, texts = self._ledger.counts()["articles"], self._ledger.languages()
        return frozenset(each for each in LANGUAGES if texts.get(each, 0) < articles)

    def candidates(
        self,
        language: Language,
        vector: Scores | None,
        groups: Sequence[Group],
        k: int,
        wanted: Filter | None = None,
    ) -> Candidates:
        """Up to `k` passages from each leg, with what both legs need to score them.

        A leg whose store fails is left out, and named.

        Args:
            vector: the question's (dimension,); None where it could not be encoded.
            groups: the question's words, each with the terms that may stand for it.
            wanted: only passages that satisfy it; one that none satisfies finds nothing.
        """
        wanted = wanted or Filter()
        authored = self._ledger.keys_by_author(wanted.author) if wanted.author else None
        weighted = self.weigh(language, groups)
        best = sum(weight for _, weight in weighted) or 1.0
        dense: dict[int, float] = {}
        keyword: dict[int, float] = {}
        matching: list[tuple[Keys, Scores]] = []
        down = set() if vector is not None else {"dense"}
        for segment in self.segments:
            column = segment.columns.get(language)
            if column is None:
                continue
            mask = self._mask(column, wanted, authored)
            if vector is not None:
                try:
                    dense |= self._nearest(segment, language, vector, k, wanted=wanted, mask=mask)
                except LedgerError as error:
                    _report(down, "dense", error)
            try:
                scores = column.lexicon.scores(weighted) / best
            except LedgerError as error:
                _report(down, "keyword", error)
                continue
            rows = _top(scores, mask, k)
            keyword |= dict(zip(column.keys[rows].tolist(), scores[rows].tolist(), strict=True))
            matching.append((column.keys, scores))
        dense, keyword = _best(dense, k), _best(keyword, k)
        vectors = self._ledger.vectors(list(dict.fromkeys([*dense, *keyword])))
        keys = np.array(list(vectors), np.int64)
        return Candidates(
            keys,
            np.stack(list(vectors.values())) if vectors else np.empty((0, 0), np.float32),
            _scores_of(keys, matching),
            tuple(
                tuple(n for n, leg in (("dense", dense), ("keyword", keyword)) if key in leg)
                for key in keys.tolist()
            ),
            tuple(sorted(down)),
        )

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Passages by key, those that are still there."""
        return self._ledger.passages(keys)

    def pairs(self, article_ids: Iterable[str]) -> dict[str, tuple[Pair, ...]]:
        """The sentence pairs of those of the articles that have two texts."""
        return self._ledger.pairs(article_ids)

    def translated(
        self, article_ids: Iterable[str]
    ) -> tuple[dict[str, tuple[Pair, ...]], dict[int, Passage]]:
        """Those of the articles that have two texts: their pairs, and all their passages."""
        pairs = self.pairs(article_ids)
        return pairs, self._ledger.passages(self._ledger.keys_of(pairs))

    def across(self, passage: Passage) -> Passage | None:
        """What the other text of its article says in place of a passage, None where there is none:
        no passage of the index, but a span of sentences."""
        article = self._ledger.article(passage.masthead.article_id)
        if article is None:
            return None
        span = counterpart(article.pairs, passage.language, passage.span)
        text = next((text for text in article.texts if text.language != passage.language), None)
        if text is None or span is None:
            return None
        name = f"{article.masthead.article_id}.{text.language}.{span.start}-{span.end}"
        said = text.body[span.start : span.end]
        return Passage(name, article.masthead, text.language, *span, said)

    def weigh(self, language: Language, groups: Sequence[Group]) -> list[tuple[Group, float]]:
        """Each group with its inverse document frequency among the passages of a language.

        A group is taken to stand in as many passages as its terms do together, each by its share,
        so that a word with a common translation weighs little.
        """
        lexicons = self._lexicons(language)
        documents = sum(lexicon.documents for lexicon in lexicons)

        def frequency(group: Group) -> int:
            together = sum(
                share * lexicon.frequency(term)
                for term, share in group.items()
                for lexicon in lexicons
            )
            return min(round(together), documents)

        return [(group, idf(documents, frequency(group))) for group in groups]

    def has(self, language: Language, groups: Iterable[Group]) -> list[bool]:
        """For each group, whether any passage of a language has one of its terms."""
        lexicons = self._lexicons(language)
        return [
            any(lexicon.frequency(term) for term in group for lexicon in lexicons)
            for group in groups
        ]

    def _lexicons(self, language: Language) -> list[Lexicon]:
        return [s.columns[language].lexicon for s in self.segments if language in s.columns]

    def _mask(self, column: Column, wanted: Filter, authored: Keys | None) -> Mask:
        mask = self._there[id(column)]
        if wanted.period and wanted.period.start:
            mask = mask & (column.published >= pack_day(wanted.period.start))
        if wanted.period and wanted.period.end:
            mask = mask & (column.published <= pack_day(wanted.period.end))
        if wanted.page is not None:
            mask = mask & (column.page == wanted.page)
        if authored is not None:
            mask = mask & np.isin(column.keys, authored)
        return mask

    def _nearest(
        self,
        segment: Segment,
        language: Language,
        vector: Scores,
        k: int,
        *,
        wanted: Filter,
        mask: Mask,
    ) -> dict[int, float]:
        """Keys and cosines of the passages nearest to a question among those allowed."""
        allowed, total = int(np.count_nonzero(mask)), len(mask)
        column = segment.columns[language]
        if not allowed:
            return {}
        if allowed < total and allowed <= EXACT:
            keys, vectors = self._let_through(column, wanted, mask)
            cosines = (vectors @ vector).tolist() if len(keys) else []
            return _best(dict(zip(keys.tolist(), cosines, strict=True)), k)
        # Ask for more than is wanted, by the share that the filter lets through.
        ask = min(total, k * total // allowed + (k if allowed < total else 0))
        while True:
            rows, cosines = segment.store.query(language, vector, ask)
            good = mask[rows]
            if good.sum() >= min(k, allowed) or ask >= total:
                rows, cosines = rows[good][:k], cosines[good][:k]
                return dict(zip(column.keys[rows].tolist(), cosines.tolist(), strict=True))
            ask = min(total, ask * 4)

    def _let_through(self, column: Column, wanted: Filter, mask: Mask) -> tuple[Keys, Scores]:
        """Keys (n,) and vectors (n, dimension) of the passages that a filter lets through."""
        name = id(column), wanted
        with self._keeping:
            known = self._behind.pop(name, None)
        if known is None:
            found = self._ledger.vectors(column.keys[mask].tolist())
            # All of them may have been removed since the index was opened.
            vectors = np.stack(list(found.values())) if found else np.empty((0, 0), np.float32)
            known = np.array(list(found), np.int64), vectors
        with self._keeping:
            self._behind[name] = known  # the last to be let go of
            while sum(max(len(keys), _AT_LEAST) for keys, _ in self._behind.values()) > KEPT:
                self._behind.pop(next(iter(self._behind)))
        return known


def _report(down: set[str], leg: str, error: LedgerError) -> None:
    if leg not in down:
        log.warning("searching without the %s leg: %s", leg, error)
    down.add(leg)


def _scores_of(keys: Keys, columns: Sequence[tuple[Keys, Scores]]) -> Scores:
    """The scores of passages, 0 for those that no column holds."""
    result = np.zeros(len(keys), np.float32)
    for column, scores in columns:
        rows = np.searchsorted(column, keys)
        held = column[np.minimum(rows, len(column) - 1)] == keys
        result[held] = scores[rows[held]]
    return result


def _top(scores: Scores, mask: Mask, k: int) -> Keys:
    """Rows of the `k` highest positive scores among those allowed."""
    # A question's words stand in few passages of many: only those are put in order.
    rows = np.flatnonzero(scores)
    rows = rows[mask[rows]]
    return rows[np.argpartition(-scores[rows], k)[:k]] if k < len(rows) else rows


def _best(scores: dict[int, float], k: int) -> dict[int, float]:
    """The `k` highest, equal ones by key, so that the order never depends on the segments."""
    return dict(sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:k])
