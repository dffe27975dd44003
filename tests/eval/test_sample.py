"""Known-item cases: what is asked stands in the archive, and what is held out is not found."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from eval.cases import BadCases, load_cases
from eval.gold import Locator
from eval.load import read_cases
from eval.measured import MeasuredArchive
from eval.observe import reply_of
from eval.run import Plan, evaluate
from eval.sample import sample_cases
from rag.archive import Archive
from rag.errors import NotFound


def test_cases_are_of_the_archive(archive: Archive) -> None:
    cases = sample_cases(archive, 12)
    answerable = [case for case in cases if case.answerable]
    assert list(Locator.of(archive).problems(cases)) == []
    assert len({case.pair or case.id for case in cases}) == 12
    assert {case.language for case in answerable} == {"zh", "en"}
    for case in answerable:
        own = [quote.text for quote in case.gold if quote.language == case.language]
        assert case.answers[0] in own[0]
        assert case.answers[0] not in case.question
    for case in cases:
        assert case.question.endswith("？" if case.language == "zh" else "?")


def test_a_quarter_is_held_out(archive: Archive) -> None:
    cases = sample_cases(archive, 12)
    held = {case.pair or case.id for case in cases if not case.answerable}
    assert len(held) == 3
    assert all(bool(case.held_out) != case.answerable for case in cases)


def test_the_same_seed_gives_the_same_cases(archive: Archive) -> None:
    assert sample_cases(archive, 9, seed=4) == sample_cases(archive, 9, seed=4)
    assert sample_cases(archive, 9, seed=4) != sample_cases(archive, 9, seed=5)


def test_cases_can_be_run_and_written(
    measured: MeasuredArchive, archive: Archive, tmp_path: Path
) -> None:
    cases = sample_cases(archive, 8)
    run = evaluate(measured, Plan(cases, "sample"), tmp_path)
    assert [record.faults for record in run.records] == [()] * len(cases)
    for record in run.records:
        if record.case.held_out:
            (article,) = record.case.held_out
            assert not any(hit.startswith(article) for hit in record.reply.hits)
            assert all(s.place.article_id != article for s in record.evidence)


def test_what_is_held_out_is_not_found(measured: MeasuredArchive) -> None:
    question = "廖世刚在1959年实现了多少项技术革新？"
    before = reply_of(measured.ask(question))
    article = before.citations[0].quote.place.article_id
    with measured.without(frozenset([article])):
        found = measured.search(question)
        held = measured.ask(question)
        assert [hit.rank for hit in found] == list(range(1, 11))
        assert article not in {hit.passage.masthead.article_id for hit in found}
        assert article not in {c.masthead.article_id for c in held.citations}
    assert reply_of(measured.ask(question)) == before


def test_a_reprint_is_no_item(make_archive: Any, seeds: Path, tmp_path: Path) -> None:
    """A sentence that two articles have is asked of neither."""
    archive = make_archive("double")
    folder = tmp_path / "papers"
    folder.mkdir()
    source = next(iter(sorted(seeds.glob("*.txt")))).read_text("utf-8")
    (folder / "a.txt").write_text(source, "utf-8")
    (folder / "b.txt").write_text(source.replace("1959-11-24", "1960-11-24"), "utf-8")
    archive.ingest([folder])
    assert archive.status().articles == 2
    with pytest.raises(BadCases, match="states a number"):
        sample_cases(archive, 4)


def test_an_archive_without_numbers_is_said(make_archive: Any) -> None:
    with pytest.raises(BadCases, match="states a number"):
        sample_cases(make_archive("empty"), 4)


def test_cases_come_from_files_and_folders(archive: Archive, shared: Path, tmp_path: Path) -> None:
    assert len(read_cases(None, archive)) == 360
    bench = read_cases(shared / "bench" / "xquad", archive)
    assert len(bench) == 1224
    squad = tmp_path / "set.json"
    squad.write_text("{}")
    with pytest.raises(BadCases, match="SQuAD"):
        read_cases(squad, archive)
    lines = tmp_path / "cases.jsonl"
    lines.write_text('{"id": "1", "question": "？", "language": "zh", "answerable": false, '
                     '"why_not": "absent", "held_out": ["a"]}')  # fmt: skip
    assert read_cases(lines, archive) == load_cases(lines)
    with pytest.raises(NotFound):
        read_cases(tmp_path, archive)


def test_cases_that_do_not_fit_the_archive_are_refused(
    measured: MeasuredArchive, tmp_path: Path
) -> None:
    lines = tmp_path / "cases.jsonl"
    lines.write_text('{"id": "1", "question": "？", "language": "zh", "answerable": false, '
                     '"why_not": "absent", "held_out": ["nowhere"]}')  # fmt: skip
    with pytest.raises(BadCases, match="holds no article 'nowhere'"):
        evaluate(measured, Plan(load_cases(lines), "mine"), tmp_path / "run")
    assert not (tmp_path / "run").exists()
