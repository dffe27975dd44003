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

from rag.answer.across import Across, put_across
from rag.answer.choose import choose
from rag.answer.compose import Composed, compose
from rag.answer.evidence import Evidence, find_evidence
from rag.answer.followup import StandAlone, stand_alone
from rag.answer.model import ChatModel
from rag.answer.nearmiss import Missing, guard
from rag.answer.openings import openings
from rag.answer.passages import Place, number
from rag.answer.quoting import cite_places, quote_lines
from rag.answer.sides import both_sides
from rag.answer.verify import verify
from rag.answer.wording import (
    AMONG,
    HOW_TO_ASK,
    NOT_IN_YOUR_LANGUAGE,
    OF_ANOTHER_TIME,
    REFUSED,
    Note,
    note,
    untold,
)
from rag.answer.wording import nearest as found_instead
from rag.corpus.aligner import counterpart
from rag.errors import ModelFailed
from rag.language import detect_language
from rag.retrieve.calibrate import likenesses
from rag.retrieve.matter import asks_nothing, to_the_point
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
    Period,
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
class Basis:
    """What an answer may rest on: the sentences that answer, best first, and what else a model is
    given beside them; where none answers, the nearest sentence and what is `missing` from it.
    `lead` is said above the quotations, `note` below."""

    chosen: Sequence[Place]
    beside: Sequence[Place] = ()
    lead: str = ""
    note: str = ""
    nearest: Place | None = None
    missing: Sequence[Missing] = ()


@dataclass(frozen=True, slots=True)
class Answerer:
    """Answers questions from one archive: by quoting it, or through a language model, which also
    puts them into the archive's other language where it `translates`."""

    searcher: Searcher
    article: Callable[[str], Article]
    model: ChatModel | None = None
    translates: bool = True

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
        idle = asks_nothing(text)
        across = Across() if idle or alone.failure else self._across(alone.text, wanted)
        put = time.perf_counter()
        result = self.searcher.search(alone.text, SHOWN, wanted, across=across.text)
        basis, found = None, time.perf_counter()
        if idle:
            result = replace(result, hits=())
        elif result.question.period and not (wanted and wanted.period):
            result, basis = self._of_any_time(result, wanted, across)
        read = time.perf_counter()
        yield HitsFound(result.hits)
        timings = {**result.timings_ms, "evidence": (read - found) * 1e3}
        if alone.changed:
            timings["standalone"] = (condensed - start) * 1e3
        if across.text:
            timings["across"] = (put - condensed) * 1e3
        if idle:
            draft = Written("refused", HOW_TO_ASK[result.question.language], (), ())
            yield TextAdded(draft.text)
        else:
            failure = alone.failure or across.failure
            draft = yield from self._write(result, basis, failure, timings, start)
        yield CitationsReady(draft.citations)
        yield VerdictsReady(draft.verdicts)
        timings["total"] = (time.perf_counter() - start) * 1e3
        yield Done(_answer(result, alone, text, draft, timings))

    def _across(self, text: str, wanted: Filter | None) -> Across:
        """The question in the other language, where a model can put it so and some of what may be
        found is in that language alone."""
        if self.model is None or not self.translates:
            return Across()
        matter = to_the_point(text)
        asked = detect_language(matter)
        needed = asked in self.searcher.index.lacking and not (wanted and wanted.language == asked)
        return put_across(matter, self.model) if needed else Across()

    def _of_any_time(
        self, result: SearchResult, wanted: Filter | None, across: Across
    ) -> tuple[SearchResult, Basis]:
        """What was found, and what an answer may rest on. Where nothing answers that was printed in
        the period which the question names, papers of another day may tell of it: of what July came
        to those of August do."""
        basis = self._basis(result)
        if basis.chosen:
            return result, basis
        whenever = replace(wanted or Filter(), period=Period())
        text = result.question.text
        wider = self.searcher.search(text, SHOWN, whenever, across=across.text)
        wider = replace(wider, question=replace(wider.question, period=None))
        told = self._basis(wider)
        lead = f"{OF_ANOTHER_TIME[result.question.language]}\n"
        return (wider, replace(told, lead=lead)) if told.chosen else (result, basis)

    def _write(
        self,
        result: SearchResult,
        basis: Basis | None,
        failure: ModelFailed | None,
        timings: dict[str, float],
        start: float,
    ) -> Generator[TextAdded, None, Written]:
        """The text of the answer as it comes; returns all of it. `timings` are filled in.

        Args:
            basis: what it may rest on, where that is known already.
            failure: of the model, before it was asked for the answer.
            start: of the whole, in seconds of the performance counter.
        """
        if basis is None:
            found = time.perf_counter()
            basis = self._basis(result)
            timings["evidence"] = (time.perf_counter() - found) * 1e3
        if self.model is None or not basis.chosen:
            draft = self._quote(basis, result.question.language)
            yield TextAdded(draft.text)
            return draft
        asked = time.perf_counter()
        replying = self._compose(self.model, result.question, basis, failure)
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

    def _basis(self, result: SearchResult) -> Basis:
        """What the hits hold that an answer may rest on."""
        language = result.question.language
        question = without_period(result.question)
        if opened := openings(question, result.hits, self.article):
            return Basis(opened, lead=AMONG[language])
        index, encoder = self.searcher.index, self.searcher.encoder
        evidence = find_evidence(result.question, result.hits, index, encoder)
        answering: Sequence[Evidence] = choose(evidence)
        sides = None
        if answering:
            sides = both_sides(
                question, answering, result.hits, index, encoder, article=self.article
            )
            answering = answering if sides is None else sides.found
        guarded = guard(question, answering, evidence, self.article)
        return Basis(
            [self._place(item, language) for item in guarded.chosen],
            [self._place(item, language) for item in evidence[:GIVEN]],
            note=untold(sides.untold, language) if sides and sides.untold else "",
            nearest=self._place(guarded.nearest, language) if guarded.nearest else None,
            missing=guarded.missing,
        )

    def _compose(
        self,
        model: ChatModel,
        question: Question,
        basis: Basis,
        failure: ModelFailed | None,
    ) -> Generator[TextAdded, None, Written]:
        """The model's statements that hold; the quoted answer where there are none."""
        language = question.language
        places = list(dict.fromkeys((*basis.chosen, *basis.beside)))
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
        quoted = self._quote(basis, language)
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

    def _quote(self, basis: Basis, asked: Language) -> Written:
        """The answer in the archive's words: the sentences chosen, or that there are none and what
        is said of something near."""
        citations = cite_places(basis.chosen or filter(None, [basis.nearest]), self.article)
        quoted = quote_lines(citations)
        if not citations:
            lead = REFUSED[asked]
        elif not basis.chosen:
            gap = "" if asked == "zh" else " "
            line = found_instead(citations[0].masthead, asked, basis.missing)
            lead = f"{REFUSED[asked]}{gap}{line}\n"
        else:
            lead = basis.lead + _untranslated(citations, asked)
        state: State = "complete" if basis.chosen else "refused"
        note = basis.note if basis.chosen else ""
        return Written(state, lead + quoted, citations, verify(quoted, citations), note=note)

    def _place(self, item: Evidence, asked: Language) -> Place:
        """Where to quote from: the question's language if the article has the sentence in it."""
        passage = item.hit.passage
        article_id = passage.masthead.article_id
        if passage.language != asked:
            across = counterpart(self.article(article_id).pairs, passage.language, item.span)
            if across:
                return article_id, asked, across
        return article_id, passage.language, item.span


def _untranslated(citations: Sequence[Citation], asked: Language) -> str:
    """What stands above quotations of which none is in the language asked in."""
    if any(citation.quote.language == asked for citation in citations):
        return ""
    return NOT_IN_YOUR_LANGUAGE[asked] + "\n"


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
