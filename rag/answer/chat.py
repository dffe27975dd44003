"""Question -> answer, step by step: search -> find evidence -> cite -> verify.

An answer without a model quotes the archive: one to three sentences, in the question's language
where their article has it, else in the original, each with its counterpart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from rag.answer.cite import cite, counterpart
from rag.answer.evidence import READ, Evidence, choose, find_evidence
from rag.answer.verify import verify
from rag.answer.wording import NOT_IN_YOUR_LANGUAGE, REFUSED
from rag.retrieve.search import Searcher
from rag.types import (
    Answer,
    Article,
    Citation,
    CitationsReady,
    Done,
    Event,
    Filter,
    HitsFound,
    Language,
    Span,
    TextAdded,
    Turn,
    VerdictsReady,
)

QUOTING = "quote"
SHOWN = 10  # hits beside the answer


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one archive by quoting it."""

    searcher: Searcher
    article: Callable[[str], Article]

    def stream(
        self, text: str, turns: Sequence[Turn] = (), wanted: Filter | None = None
    ) -> Iterator[Event]:
        """The answer as events, the last being `Done`.

        Args:
            turns: of the conversation so far; not read yet by an answer without a model.
            wanted: only passages that satisfy it.

        Raises:
            BadQuestion: the question is empty or too long.
        """
        start = time.perf_counter()
        result = self.searcher.search(text, SHOWN, wanted)
        question, hits = result.question, result.hits
        yield HitsFound(hits)
        found = time.perf_counter()
        evidence = find_evidence(question, hits[:READ], self.searcher.index, self.searcher.encoder)
        citations = self._cite(choose(evidence), question.language)
        quoted = quote_lines(citations)
        answer = _introduce(citations, question.language) + quoted
        yield TextAdded(answer)
        yield CitationsReady(citations)
        verdicts = verify(quoted, citations)
        yield VerdictsReady(verdicts)
        done = time.perf_counter()
        timings = {
            **result.timings_ms,
            "evidence": (done - found) * 1e3,
            "total": (done - start) * 1e3,
        }
        yield Done(
            Answer(
                question,
                question.language,
                "complete" if citations else "refused",
                answer,
                citations,
                verdicts,
                hits,
                QUOTING,
                timings,
            )
        )

    def _cite(self, evidence: Sequence[Evidence], asked: Language) -> tuple[Citation, ...]:
        """Citations in reading order, marked from 1, none twice."""
        places = dict.fromkeys(self._place(item, asked) for item in evidence)
        articles = {article_id: self.article(article_id) for article_id, _, _ in places}
        order = sorted(places, key=lambda place: (articles[place[0]].masthead.published, *place))
        return tuple(
            cite(mark, articles[article_id], language, span)
            for mark, (article_id, language, span) in enumerate(order, 1)
        )

    def _place(self, item: Evidence, asked: Language) -> tuple[str, Language, Span]:
        """Where to quote from: the question's language if the article has the sentence in it."""
        passage = item.hit.passage
        article_id = passage.masthead.article_id
        if passage.language != asked:
            across = counterpart(self.article(article_id), passage.language, item.span)
            if across:
                return article_id, asked, across
        return article_id, passage.language, item.span


def quote_lines(citations: Sequence[Citation]) -> str:
    """A quotation a line, each with its mark."""
    return "\n".join(f"“{citation.quote.text}”[{citation.mark}]" for citation in citations)


def _introduce(citations: Sequence[Citation], asked: Language) -> str:
    """What stands above the quotations: that there are none, or that they are not translated."""
    if not citations:
        return REFUSED[asked]
    if all(citation.quote.language != asked for citation in citations):
        return NOT_IN_YOUR_LANGUAGE[asked] + "\n"
    return ""
