"""One case put to an archive -> a record of everything that came back."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from eval.cases import Case
from eval.checks import faults
from eval.gold import Locator
from eval.measured import MeasuredArchive
from eval.records import Cited, Gold, Place, Record, Reply, Sentence, Shown
from rag.answer.choose import surest
from rag.answer.evidence import Evidence, find_evidence
from rag.answer.verify import verify
from rag.answer.wording import without_lead
from rag.archive import Model
from rag.retrieve.calibrate import likenesses
from rag.retrieve.search import Leg
from rag.types import (
    Answer,
    Citation,
    Done,
    Filter,
    Hit,
    HitsFound,
    Language,
    Question,
    Quote,
    TextAdded,
    Verdict,
)

# Passages ranked of each search that is measured.
DEPTH = 10
LEGS: tuple[Leg, ...] = ("fused", "dense")
_KEPT = 4_000  # texts; with the vectors of their tokens some 300 MB


@dataclass(frozen=True, slots=True)
class Observer:
    """Puts cases to one archive, through one model.

    Args:
        family: of each answerable case's id, and of what was derived from it.
    """

    archive: MeasuredArchive
    locator: Locator
    model: Model
    families: Mapping[str, str]

    def observe(self, case: Case, timed: bool = True) -> Record:
        """Asks a case, then looks at the answer, and searches each language for it.

        Raises what asking raises; a question that cannot be asked is a fault of the cases.

        Args:
            timed: take the time; else what was encoded for earlier cases is not encoded again,
                and the record has no times.
        """
        memory = self.archive.memory
        if timed or memory.known > _KEPT:
            memory.forget()
        with self.archive.without(self.locator.ids(case.held_out)):
            answer, timings = self._ask(case.question)
            evidence = self._evidence(answer.question, answer.hits)
            gold = self.locator.locate(case)
            return Record(
                case,
                self.families.get(case.id, case.pair or case.id),
                gold,
                reply_of(answer),
                self._rankings(answer.question, gold),
                tuple(map(_sentence, evidence[:3])),
                surest(evidence) if evidence else None,
                self._unsupported(answer),
                faults(answer, self.archive.article),
                timings if timed else {},
                sum(self.archive.encoder.count_tokens([answer.text])),
            )

    def _ask(self, question: str) -> tuple[Answer, dict[str, float]]:
        """The answer, and milliseconds to what a reader waits for."""
        start = time.perf_counter()
        timings: dict[str, float] = {}
        for event in self.archive.stream(question, model=self.model):
            passed = (time.perf_counter() - start) * 1e3
            if isinstance(event, HitsFound):
                timings.setdefault("evidence", passed)
            elif isinstance(event, TextAdded):
                timings.setdefault("first_text", passed)
            elif isinstance(event, Done):
                return event.answer, timings | {"done": passed}
        raise TypeError("a stream of events ends with Done")

    def _evidence(self, question: Question, hits: Sequence[Hit]) -> list[Evidence]:
        """The sentences of the first hits as the answer weighed them, the likeliest first."""
        searcher = self.archive.searcher()
        return find_evidence(question, hits, searcher.index, searcher.encoder)

    def _rankings(self, asked: Question, gold: Gold) -> dict[str, tuple[str, ...]]:
        """Passage ids of a search in each language that holds gold, by each leg."""
        return {
            f"{language}/{leg}": self._ranking(asked, language, leg)
            for language in gold.passages
            for leg in LEGS
        }

    def _ranking(self, asked: Question, language: Language, leg: Leg) -> tuple[str, ...]:
        across = asked.across if leg == "fused" else ""
        search = self.archive.searcher().search
        found = search(asked.text, DEPTH, Filter(language=language), leg, across)
        return tuple(hit.passage.passage_id for hit in found.hits)

    def _unsupported(self, answer: Answer) -> tuple[Verdict, ...]:
        """Sentences of an answer that its citations do not carry, as checked anew.

        The checks are those of `rag/answer/verify.py`, put to the text as it is shown: what an
        answer says of itself is not believed.
        """
        if answer.state in ("refused", "failed"):
            return ()  # what a refusal found instead it quotes, and `faults` looks at quotes
        text = without_lead(answer.text, answer.language)
        verdicts = verify(text, answer.citations, partial(likenesses, self.archive.encoder))
        return tuple(verdict for verdict in verdicts if verdict.support == "unsupported")


def families(cases: Sequence[Case]) -> dict[str, str]:
    """What each case hangs on, by its id: its first article, or that of the case it comes from."""
    own = {case.id: case.articles[0] for case in cases if case.articles}
    derived = {
        case.id: own[case.derived_from]
        for case in cases
        if case.derived_from and case.derived_from in own
    }
    held_out = {case.id: case.held_out[0] for case in cases if case.held_out}
    return own | derived | held_out


def reply_of(answer: Answer) -> Reply:
    """An answer as a run keeps it."""
    return Reply(
        answer.state,
        answer.text,
        answer.model,
        answer.note,
        tuple(_cited(citation) for citation in answer.citations),
        answer.verdicts,
        tuple(hit.passage.passage_id for hit in answer.hits),
    )


def _sentence(item: Evidence) -> Sentence:
    passage = item.hit.passage
    place = Place(passage.masthead.article_id, passage.language, *item.span)
    return Sentence(place, item.text, item.margin)


def _cited(citation: Citation) -> Cited:
    head, quote, across = citation.masthead, citation.quote, citation.counterpart
    title = head.title.get(quote.language) or next(iter(head.title.values()), "")
    page = f", p. {head.page}" if head.page else ""
    return Cited(
        citation.mark,
        f"{title} ({head.published.isoformat()}{page}; {head.source})",
        _shown(head.article_id, quote),
        _shown(head.article_id, across) if across else None,
    )


def _shown(article_id: str, quote: Quote) -> Shown:
    place = Place(article_id, quote.language, quote.start, quote.end)
    return Shown(place, quote.role, quote.text)
