"""Question -> answer, step by step: stand alone -> search -> find evidence -> cite -> verify.

An answer without a model quotes the archive: one to three sentences, in the question's language
where their article has it, else in the original, each with its counterpart. With a model, the
same evidence is what the model may use, and its every statement is checked before it is shown.
Where the evidence is not there, no model is asked.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from rag.answer.chains import whole_chain
from rag.answer.cite import cite
from rag.answer.compose import Composed, compose
from rag.answer.evidence import Evidence, choose, find_evidence
from rag.answer.followup import StandAlone, stand_alone
from rag.answer.model import ChatModel
from rag.answer.nearmiss import Missing, guard
from rag.answer.passages import Place, number
from rag.answer.sides import both_sides
from rag.answer.verify import verify
from rag.answer.wording import HOW_TO_ASK, NOT_IN_YOUR_LANGUAGE, REFUSED, Note, note, untold
from rag.answer.wording import nearest as found_instead
from rag.corpus.aligner import counterpart
from rag.errors import ModelFailed
from rag.retrieve.calibrate import likenesses
from rag.retrieve.matter import asks_nothing
from rag.retrieve.question import without_period
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
    Question,
    SearchResult,
    State,
    TextAdded,
    Turn,
    Verdict,
    VerdictsReady,
)

QUOTING = "quote"
SHOWN = 10  # hits beside the answer
GIVEN = 8  # sentences that may answer, given to a model with their neighbours


@dataclass(frozen=True, slots=True)
class Written:
    """An answer but for what the search says of it."""

    state: State
    text: str
    citations: tuple[Citation, ...]
    verdicts: tuple[Verdict, ...]
    model: str = QUOTING
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one archive: by quoting it, or through a language model."""

    searcher: Searcher
    article: Callable[[str], Article]
    model: ChatModel | None = None

    def stream(
        self, text: str, turns: Sequence[Turn] = (), wanted: Filter | None = None
    ) -> Iterator[Event]:
        """The answer as events, the last being `Done`. Closing it stops the model.

        Args:
            turns: of the conversation so far; a follow-up is made to stand alone by them.
            wanted: only passages that satisfy it.

        Raises:
            BadQuestion: the question is empty or too long.
        """
        start = time.perf_counter()
        alone = stand_alone(text, turns, self.model)
        condensed = time.perf_counter()
        result = self.searcher.search(alone.text, SHOWN, wanted)
        idle = asks_nothing(text)
        if idle:
            result = replace(result, hits=())
        yield HitsFound(result.hits)
        timings = dict(result.timings_ms)
        if alone.changed:
            timings["standalone"] = (condensed - start) * 1e3
        if idle:
            draft = Written("refused", HOW_TO_ASK[result.question.language], (), ())
            yield TextAdded(draft.text)
        else:
            draft = yield from self._write(result, alone.failure, timings, start)
        yield CitationsReady(draft.citations)
        yield VerdictsReady(draft.verdicts)
        timings["total"] = (time.perf_counter() - start) * 1e3
        yield Done(_answer(result, alone, text, draft, timings))

    def _write(
        self,
        result: SearchResult,
        failure: ModelFailed | None,
        timings: dict[str, float],
        start: float,
    ) -> Generator[TextAdded, None, Written]:
        """The text of the answer as it comes; returns all of it. `timings` are filled in.

        Args:
            failure: of the model, before it was asked for the answer.
            start: of the whole, in seconds of the performance counter.
        """
        found = time.perf_counter()
        index, encoder = self.searcher.index, self.searcher.encoder
        evidence = find_evidence(result.question, result.hits, index, encoder)
        question = without_period(result.question)
        answering: Sequence[Evidence] = choose(evidence)
        sides = None
        if answering:
            sides = both_sides(question, result.hits, index, encoder, self.article)
            answering = answering if sides is None else sides.found
        guarded = guard(question, answering, evidence, self.article)
        chosen = guarded.chosen
        if self.model is None or not chosen:
            draft = self._quote(chosen, result.question.language)
            if chosen and sides and sides.untold:
                draft = replace(draft, note=untold(sides.untold, result.question.language))
            if guarded.nearest:
                draft = self._near_miss(guarded.nearest, guarded.missing, result.question.language)
            yield TextAdded(draft.text)
            timings["evidence"] = (time.perf_counter() - found) * 1e3
            return draft
        timings["evidence"] = (time.perf_counter() - found) * 1e3
        asked = time.perf_counter()
        replying = self._compose(self.model, result.question, evidence, chosen, failure)
        try:
            while True:
                event = next(replying)
                timings.setdefault("first_text", (time.perf_counter() - start) * 1e3)
                yield event
        except StopIteration as stop:
            reply: Written = stop.value
        finally:
            replying.close()
        timings["model"] = (time.perf_counter() - asked) * 1e3
        return reply

    def _compose(
        self,
        model: ChatModel,
        question: Question,
        evidence: Sequence[Evidence],
        chosen: Sequence[Evidence],
        failure: ModelFailed | None,
    ) -> Generator[TextAdded, None, Written]:
        """The model's statements that hold; the quoted answer where there are none."""
        language = question.language
        items = (*chosen, *evidence[:GIVEN])
        places = list(dict.fromkeys(self._place(item, language) for item in items))
        numbered = number(places, self.article)
        if failure or not numbered:
            composed = Composed(language, numbered, failure=failure)
        else:
            fewer = number(places[: len(places) // 2], self.article)
            composed = yield from compose(model, question, numbered, fewer, self._check)
        why = str(composed.failure) if composed.failure else ""
        if composed.text:
            kind: Note | None = "broke_off" if why else "struck" if composed.struck else None
            return Written(
                "truncated" if why else "complete",
                composed.text,
                composed.citations,
                tuple(composed.verdicts),
                model.name,
                note(kind, language, model.name, why, composed.struck) if kind else "",
            )
        quoted = self._quote(chosen, language)
        yield TextAdded(quoted.text)
        return replace(
            quoted,
            state="degraded",
            verdicts=(*composed.verdicts, *quoted.verdicts),
            note=note(_reason(composed), language, model.name, why),
        )

    def _check(self, statement: str, citations: Sequence[Citation]) -> tuple[Verdict, ...]:
        """The verdicts of a statement in a model's words."""
        return verify(statement, citations, partial(likenesses, self.searcher.encoder))

    def _quote(self, chosen: Sequence[Evidence], asked: Language) -> Written:
        """The answer in the archive's words: the sentences chosen, or that there are none."""
        citations = self._cite(chosen, asked)
        quoted = quote_lines(citations)
        return Written(
            "complete" if citations else "refused",
            _introduce(citations, asked) + quoted,
            citations,
            verify(quoted, citations),
        )

    def _near_miss(self, nearest: Evidence, missing: Sequence[Missing], asked: Language) -> Written:
        """That the archive does not say, and what it says of something near."""
        citations = self._cite([nearest], asked)
        quoted = quote_lines(citations)
        line = found_instead(citations[0].masthead, asked, missing)
        gap = "" if asked == "zh" else " "
        text = f"{REFUSED[asked]}{gap}{line}\n{quoted}"
        return Written("refused", text, citations, verify(quoted, citations))

    def _cite(self, evidence: Sequence[Evidence], asked: Language) -> tuple[Citation, ...]:
        """Citations in reading order, marked from 1, none twice."""
        places = dict.fromkeys(self._whole(self._place(item, asked)) for item in evidence)
        articles = {article_id: self.article(article_id) for article_id, _, _ in places}
        order = sorted(places, key=lambda place: (articles[place[0]].masthead.published, *place))
        return tuple(
            cite(mark, articles[article_id], language, span)
            for mark, (article_id, language, span) in enumerate(order, 1)
        )

    def _place(self, item: Evidence, asked: Language) -> Place:
        """Where to quote from: the question's language if the article has the sentence in it."""
        passage = item.hit.passage
        article_id = passage.masthead.article_id
        if passage.language != asked:
            across = counterpart(self.article(article_id).pairs, passage.language, item.span)
            if across:
                return article_id, asked, across
        return article_id, passage.language, item.span

    def _whole(self, place: Place) -> Place:
        """The chain that a place is a link of, and all that a translation makes of the sentences of
        which it holds a part: where it cuts one in two, either half says less than was printed."""
        article_id, language, span = place
        article = self.article(article_id)
        if text := article.text(language):
            span = whole_chain(text.body, language, span)
        original = article.original.language
        printed = counterpart(article.pairs, language, span) if original != language else None
        said = counterpart(article.pairs, original, printed) if printed else None
        return article_id, language, said or span


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


def _reason(composed: Composed) -> Note:
    """Why nothing of a reply is shown."""
    if composed.failure:
        return "failed"
    if not composed.numbered:
        return "withheld"
    if composed.declined:
        return "declined"
    return "unsupported" if composed.verdicts else "empty"


def _answer(
    result: SearchResult, alone: StandAlone, text: str, draft: Written, timings: dict[str, float]
) -> Answer:
    """The whole answer. What was asked stays what it is, whatever was searched for."""
    question = result.question
    if alone.changed:
        question = replace(question, text=" ".join(text.split()))
    return Answer(
        question,
        question.language,
        draft.state,
        draft.text,
        draft.citations,
        draft.verdicts,
        result.hits,
        draft.model,
        timings,
        alone.text if alone.changed else "",
        draft.note,
    )
