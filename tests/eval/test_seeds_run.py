"""The cases on the seeds through the gates; and four broken systems, each caught by its gate."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eval.gates import check, load_gates
from eval.measured import MeasuredArchive
from eval.measures import TIMED, numbers
from eval.records import ANSWERS, Run, load_run
from eval.run import Plan, Step, evaluate, timed_every
from eval.summary import document, summarise
from rag.answer.cite import MARK, cite
from rag.answer.quoting import quote_lines
from rag.answer.verify import verify
from rag.answer.wording import REFUSED
from rag.archive import Archive
from rag.corpus.sentences import split_sentences
from rag.types import Answer, Done, Event, Language, Span

# The run over all cases is made by whichever test comes first.
pytestmark = pytest.mark.timeout(900)


def test_the_seeds_pass_every_gate(seeds_run: Run) -> None:
    summary = summarise(seeds_run, load_gates(["always", "seeds"]))
    assert summary.faults == ()
    assert [(c.gate.measure, c.gate.cell, c.estimate) for c in summary.crossed] == []
    assert len(seeds_run.records) == 360


def test_no_sentence_is_shown_that_nothing_carries(seeds_run: Run) -> None:
    assert [r.case.id for r in seeds_run.records if r.unsupported] == []


def test_a_run_is_kept_as_it_was(seeds_run: Run, run_folder: Path) -> None:
    assert load_run(run_folder) == seeds_run


def test_the_first_case_does_not_tell_how_long_a_run_takes() -> None:
    """It waits for whatever is loaded once."""
    assert Step(1, 111, 0.0).seconds_left is None
    # Ten cases in five seconds behind the first: a hundred more take fifty.
    assert Step(11, 111, 5.0).rate == 2
    assert Step(11, 111, 5.0).seconds_left == 50
    assert Step(1, 1, 0.0).seconds_left is None


def test_the_same_settings_give_the_same_numbers(
    seeds_run: Run, archive: Archive, tmp_path: Path
) -> None:
    # Near misses hang on the article of the case they come from, which is not among the few.
    cases = [record.case for record in seeds_run.records if not record.case.change][::9]
    steps: list[Step] = []
    runs = []
    for name in ("once", "again"):
        with MeasuredArchive(archive) as measured:
            steps.clear()
            runs.append(evaluate(measured, Plan(cases, "seeds"), tmp_path / name, steps.append))
    once, again = runs
    assert [untimed(r) for r in again.records] == [untimed(r) for r in once.records]
    gates = load_gates(["always"])
    one, other = (document(summarise(run, gates)) for run in (once, again))
    assert one["numbers"] == other["numbers"]
    assert one["cases"] == other["cases"]
    assert not {row["measure"] for row in one["numbers"]} & set(TIMED)
    assert [(step.done, step.total) for step in steps] == [
        (n, len(cases)) for n in range(1, len(cases) + 1)
    ]


def test_what_is_done_is_kept_when_a_run_breaks_off(
    seeds_run: Run, measured: MeasuredArchive, tmp_path: Path
) -> None:
    def stop(step: Step) -> None:
        if step.done == 3:
            raise KeyboardInterrupt

    cases = [record.case for record in seeds_run.records[:9]]
    with pytest.raises(KeyboardInterrupt):
        evaluate(measured, Plan(cases, "seeds"), tmp_path, stop)
    kept = load_run(tmp_path)
    assert [record.case for record in kept.records] == cases[:3]


def test_about_a_hundred_cases_are_timed(seeds_run: Run) -> None:
    timed = [record.case.language for record in seeds_run.records if record.timings_ms]
    assert len(timed) == 120
    assert timed.count("zh") == timed.count("en")
    assert [timed_every(n) for n in (1, 99, 200, 360, 1224)] == [1, 1, 3, 3, 13]


@pytest.mark.parametrize(
    "told",
    [
        {"zh": "{day:%Y}年，{stem}？", "en": "{stem} in {day:%Y}?"},
        {"zh": "{day:%Y}年{day.month}月，{stem}？", "en": "In {day:%B %Y}, {stem}?"},
        {"zh": "五十年代的人民日报上，{stem}？", "en": "In the 1950s, {stem}?"},
        {
            "zh": "你好，据人民日报报道，{stem}？谢谢！",
            "en": "Hello! According to the People's Daily, {stem}? Please cite your sources.",
        },
    ],
)
def test_what_is_said_around_a_question_costs_no_answer(
    seeds_run: Run, archive: Archive, told: Mapping[Language, str]
) -> None:
    days = {p.masthead.source.rpartition("/")[2]: p.masthead.published for p in archive.passages()}
    answered = [
        record
        for record in seeds_run.records
        if record.reply.citations
        and len(record.case.articles) == 1
        and not re.search(r"\d{4}", record.case.question)
    ][::4]
    same = 0
    for record in answered:
        case = record.case
        stem, day = case.question.rstrip("?？"), days[case.articles[0]]
        answer = archive.ask(told[case.language].format(stem=stem, day=day))
        quoted = [citation.quote.text for citation in answer.citations]
        same += quoted == [citation.quote.text for citation in record.reply.citations]
    assert len(answered) >= 40
    assert same / len(answered) >= 0.95


def untimed(record: Any) -> Any:
    return replace(record, timings_ms={})


# -- broken systems


class Broken(MeasuredArchive):
    """An archive whose answers are spoilt on their way out."""

    spoil: Callable[[Broken, Answer], Answer]

    def stream(self, *args: Any, **options: Any) -> Iterator[Event]:
        for event in super().stream(*args, **options):
            yield Done(self.spoil(event.answer)) if isinstance(event, Done) else event


class Shuffled(Broken):
    """Every mark stands at another quote's place, or for another quote."""

    def spoil(self, answer: Answer) -> Answer:
        marks = [citation.mark for citation in answer.citations]
        turned = dict(zip(marks, [*marks[1:], *marks[:1]], strict=True))
        text = MARK.sub(lambda match: f"[{turned[int(match[1])]}]", answer.text)
        return replace(answer, text=text)


class OffByOne(Broken):
    """Every quote begins and ends one character late."""

    def spoil(self, answer: Answer) -> Answer:
        moved = [
            replace(c, quote=replace(c.quote, start=c.quote.start + 1, end=c.quote.end + 1))
            for c in answer.citations
        ]
        return replace(answer, citations=tuple(moved))


class AlwaysAnswers(Broken):
    """What would be refused is answered by the first sentence of the best passage."""

    def spoil(self, answer: Answer) -> Answer:
        if answer.state != "refused" or not answer.hits:
            return answer
        passage = answer.hits[0].passage
        start, end = split_sentences(passage.text, passage.language)[0]
        span = Span(passage.start + start, passage.start + end)
        article = self.article(passage.masthead.article_id)
        citations = (cite(1, article, passage.language, span),)
        text = quote_lines(citations)
        return replace(
            answer, state="complete", text=text, citations=citations,
            verdicts=verify(text, citations),
        )  # fmt: skip


class AlwaysRefuses(Broken):
    """Nothing is answered."""

    def spoil(self, answer: Answer) -> Answer:
        text = REFUSED[answer.language]
        return replace(answer, state="refused", text=text, citations=(), verdicts=())


@pytest.fixture(scope="session")
def some(seeds_run: Run) -> Run:
    """A sixth of the run, both languages of each question."""
    pairs = list(dict.fromkeys(record.case.pair for record in seeds_run.records))[::6]
    kept = tuple(record for record in seeds_run.records if record.case.pair in pairs)
    return replace(seeds_run, records=kept)


def spoilt(kind: type[Broken], sound: Run, archive: Archive, folder: Path) -> Run:
    with kind(archive) as broken:
        return evaluate(broken, Plan([r.case for r in sound.records], "some"), folder)


def crossed(run: Run, *measures: str) -> list[str]:
    gates = [g for g in load_gates(["always", "seeds"]) if g.measure in measures]
    assert len(gates) >= len(measures)
    return [c.gate.measure for c in check(numbers(run.records), gates) if not c.passed]


def test_shuffled_marks_are_caught(seeds_run: Run, archive: Archive, tmp_path: Path) -> None:
    several = tuple(r for r in seeds_run.records if len(r.reply.citations) > 1)
    sound = replace(seeds_run, records=several[:12])
    bad = spoilt(Shuffled, sound, archive, tmp_path)
    assert crossed(sound, "unsupported shown") == []
    assert crossed(bad, "unsupported shown") == ["unsupported shown"]
    assert all(record.unsupported for record in bad.records)


def test_quotes_off_by_one_are_caught(some: Run, archive: Archive, tmp_path: Path) -> None:
    bad = spoilt(OffByOne, some, archive, tmp_path)
    summary = summarise(bad, [])
    assert not summary.passed
    assert all(": quote: [" in fault for fault in summary.faults)
    assert {r.case.id for r in bad.records if r.faults} == {
        r.case.id for r in bad.records if r.reply.citations
    }


def test_always_answering_is_caught(some: Run, archive: Archive, tmp_path: Path) -> None:
    bad = spoilt(AlwaysAnswers, some, archive, tmp_path)
    gates = ("false answers, near miss", "false answers, out of scope")
    assert crossed(bad, *gates) == list(gates)
    assert crossed(some, "false answers, out of scope") == []
    assert summarise(bad, []).faults == ()


def test_always_refusing_is_caught(some: Run, archive: Archive, tmp_path: Path) -> None:
    bad = spoilt(AlwaysRefuses, some, archive, tmp_path)
    gates = ("coverage", "citation recall")
    assert crossed(some, "coverage") == []
    assert sorted(crossed(bad, *gates)) == sorted(gates)
    assert crossed(bad, "citation precision") == ["citation precision"]  # nothing to measure
    assert summarise(bad, []).faults == ()


def test_the_file_of_answers_is_a_line_a_case(seeds_run: Run, run_folder: Path) -> None:
    lines = (run_folder / ANSWERS).read_text("utf-8").splitlines()
    ids: Sequence[str] = [json.loads(line)["case"]["id"] for line in lines]
    assert ids == [record.case.id for record in seeds_run.records]
