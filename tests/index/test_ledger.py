"""The ledger: what goes in comes out, sources are counted, and a failure leaves nothing."""

from __future__ import annotations

import sqlite3
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from rag.errors import LedgerError
from rag.index.ledger import FILE, Ledger
from rag.index.packing import Prepared
from rag.types import Article, Passage

Make = Callable[..., Article]
Cut = Callable[[Article], list[Prepared]]
Fill = Callable[..., list[Article]]


def put(ledger: Ledger, article: Article, passages: list[Prepared], root: str = "/in") -> None:
    head = article.masthead
    languages = [text.language for text in article.texts]
    with ledger.transaction():
        ledger.put_source(root, head.source, "hash", head.article_id, languages)
        ledger.put_article(article, passages, "print")


def passages_at(article: Article, cuts: list[tuple[int, int]]) -> list[Prepared]:
    """Passages of its original at these offsets."""
    head, body = article.masthead, article.original.body
    return [
        Prepared(
            Passage(f"{head.article_id}.zh.{n}", head, "zh", start, end, body[start:end]),
            ["x"],
            np.ones(4, np.float32) / 2,
        )
        for n, (start, end) in enumerate(cuts)
    ]


def test_an_article_comes_out_as_it_went_in(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(3, ("zh", "en"))
    prepared = passages_of(article)
    put(ledger, article, prepared)
    name = article.masthead.article_id
    assert ledger.article(name) == article
    assert ledger.article_ids() == [name]
    assert ledger.mastheads([name, "no such"]) == {name: article.masthead}
    assert ledger.passages([1, 2, 3]) == {1: prepared[0].passage, 2: prepared[1].passage}
    rows = list(ledger.rows(0, 2))
    assert [(r.key, r.language, r.published, r.page) for r in rows] == [
        (1, "zh", date(1957, 1, 4), 4),
        (2, "en", date(1957, 1, 4), 4),
    ]
    assert [row.terms for row in rows] == [item.terms for item in prepared]
    for row, item in zip(rows, prepared, strict=True):
        assert row.vector == pytest.approx(item.vector, abs=1e-3)
        assert np.array_equal(ledger.vectors([row.key])[row.key], row.vector)


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@example("𠮷野家的职工👷🏽‍♀️说：é 是 e\u0301。\ufeff\u200b")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_passage_is_the_characters_at_its_offsets(
    ledger: Ledger, make_article: Make, words: str
) -> None:
    """SQLite counts as Python does, past the basic plane and in what it may fold."""
    body = f"首{words}尾{words}"
    article = make_article(1)
    article = replace(article, texts=(replace(article.original, body=body),))
    cuts = [(0, 1), (1, len(words) + 1), (len(words), len(body)), (len(body) - 1, len(body))]
    put(ledger, article, passages_at(article, cuts))
    found = ledger.all_passages()
    assert [(passage.start, passage.end) for passage in found] == cuts
    assert [passage.text for passage in found] == [body[start:end] for start, end in cuts]


def test_the_passages_of_a_long_article_do_not_cost_a_body_each(
    ledger: Ledger, make_article: Make
) -> None:
    article = make_article(1)
    body = "钢铁工人提前完成了全年的生产任务。二十" * 8_000
    article = replace(article, texts=(replace(article.original, body=body),))
    step = len(body) // 400
    put(ledger, article, passages_at(article, [(n, n + step) for n in range(0, len(body), step)]))
    tracemalloc.start()
    try:
        found = ledger.all_passages()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert "".join(passage.text for passage in found) == body
    assert peak < 10 * sys.getsizeof(body)


def test_what_it_holds_is_counted(ledger: Ledger, fill: Fill) -> None:
    assert ledger.period() is None
    assert ledger.last_key() == 0
    fill(ledger, [0, 1])
    fill(ledger, [364, 365], ("zh", "en"))
    assert ledger.counts() == {"articles": 4, "passages": 6, "sources": 4, "failed": 0}
    assert ledger.languages() == {"zh": 4, "en": 2}
    assert ledger.years() == {1957: 3, 1958: 1}
    assert ledger.period() == (date(1957, 1, 1), date(1958, 1, 1))
    assert ledger.last_key() == 6
    assert ledger.count_passages(2, 5) == 3
    assert ledger.misplaced_passages() == []
    assert ledger.check() == []


def test_an_article_written_again_takes_the_place_of_the_old_one(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1)
    put(ledger, article, passages_of(article))
    longer = make_article(1, words="煤炭和钢铁")
    put(ledger, longer, passages_of(longer))
    assert ledger.article(article.masthead.article_id) == longer
    assert ledger.passages([1]) == {}
    assert ledger.passages([2])[2].text == longer.original.body
    assert ledger.removed_keys().tolist() == [1]


def test_an_article_from_two_files_survives_the_loss_of_one(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1, source="b.txt")
    put(ledger, article, passages_of(article))
    name = article.masthead.article_id
    with ledger.transaction():
        ledger.put_source("/other", "a.txt", "hash", name, ["zh"])
        ledger.name_source(name)
    assert ledger.counts()["sources"] == 2
    assert ledger.article(name).masthead.source == "a.txt"
    with ledger.transaction():
        ledger.remove_source("/other", "a.txt")
    assert ledger.article(name) == article
    with ledger.transaction():
        ledger.remove_source("/in", "b.txt")
    assert ledger.article(name) is None
    assert ledger.counts() == {"articles": 0, "passages": 0, "sources": 0, "failed": 0}


def test_a_translation_goes_with_the_only_file_that_holds_it(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1, ("zh", "en"), source="both.txt")
    put(ledger, article, passages_of(article))
    name = article.masthead.article_id
    with ledger.transaction():
        ledger.put_source("/in", "zh.txt", "hash", name, ["zh"])
        ledger.name_source(name)
    assert ledger.article(name).masthead.source == "both.txt"
    with ledger.transaction():
        ledger.remove_source("/in", "both.txt")
    left = ledger.article(name)
    assert [text.language for text in left.texts] == ["zh"]
    assert left.pairs == ()
    assert left.masthead.title == {"zh": "zh 1"}
    assert left.masthead.source == "zh.txt"
    assert ledger.languages() == {"zh": 1}
    assert {p.language for p in ledger.passages([1, 2]).values()} == {"zh"}


def test_forgetting_a_file_that_is_not_known_does_nothing(ledger: Ledger, fill: Fill) -> None:
    fill(ledger, [1])
    with ledger.transaction():
        ledger.remove_source("/in", "no such.txt")
    assert ledger.counts()["articles"] == 1


def test_a_failure_keeps_the_article_and_is_cleared(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1)
    put(ledger, article, passages_of(article))
    with ledger.transaction():
        ledger.put_failure("/in", "1.txt", "other hash", "it is empty")
        ledger.put_failure("/in", "2.txt", "hash", "no date")
    assert [(f.source, f.error) for f in ledger.failures()] == [
        ("1.txt", "it is empty"),
        ("2.txt", "no date"),
    ]
    assert ledger.article(article.masthead.article_id) == article
    assert (ledger.counts()["sources"], ledger.counts()["failed"]) == (0, 2)
    put(ledger, article, passages_of(article))
    assert [f.source for f in ledger.failures()] == ["2.txt"]
    with ledger.transaction():
        ledger.remove_source("/in", "2.txt")
    assert ledger.failures() == []


def test_sources_are_listed_by_what_was_ingested(ledger: Ledger) -> None:
    with ledger.transaction():
        for root, source in (("/b", "1"), ("/a", "2"), ("/a", "1")):
            ledger.put_failure(root, source, "hash", "why")
    assert [(s.root, s.source) for s in ledger.sources()] == [("/a", "1"), ("/a", "2"), ("/b", "1")]
    assert [s.source for s in ledger.sources("/a")] == ["1", "2"]
    assert ledger.source("/a", "3") is None


def test_authors_are_compared_without_case_or_spaces(ledger: Ledger, fill: Fill) -> None:
    fill(ledger, range(1, 7))
    assert ledger.keys_by_author("liao  yongXiang").tolist() == [5]
    assert ledger.keys_by_author("廖永祥").tolist() == [5]
    assert ledger.keys_by_author("Liao").tolist() == []


def test_more_keys_than_one_statement_takes(ledger: Ledger, fill: Fill) -> None:
    fill(ledger, range(1200))
    assert len(ledger.passages(range(1, 1201))) == 1200
    assert len(list(ledger.rows(0, 1200))) == 1200
    assert [row.key for row in ledger.rows(10, 13)] == [11, 12, 13]


def test_keys_are_never_used_again(ledger: Ledger, fill: Fill) -> None:
    fill(ledger, [1, 2])
    with ledger.transaction():
        ledger.remove_source("/in", "2.txt")
    fill(ledger, [3])
    assert [row.key for row in ledger.rows(0, 99)] == [1, 3]
    assert ledger.removed_keys().tolist() == [2]
    ledger.forget_removed(1, 2)
    assert ledger.removed_keys().tolist() == []


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_a_transaction_that_fails_leaves_nothing(
    ledger: Ledger, make_article: Make, passages_of: Cut, error: type[BaseException]
) -> None:
    article = make_article(1)

    def fail() -> None:
        with ledger.transaction():
            ledger.put_source("/in", "1.txt", "hash", article.masthead.article_id, ["zh"])
            ledger.put_article(article, passages_of(article), "print")
            raise error

    with pytest.raises(error):
        fail()
    assert ledger.counts() == {"articles": 0, "passages": 0, "sources": 0, "failed": 0}
    put(ledger, article, passages_of(article))
    assert ledger.counts()["articles"] == 1


def test_an_error_of_sqlite_is_told_with_what_to_do(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1)
    twice = passages_of(article) * 2  # passage ids are unique
    with pytest.raises(LedgerError, match="run the command again"), ledger.transaction():
        ledger.put_article(article, twice, "print")
    assert ledger.counts()["articles"] == 0


def test_a_new_ledger_waits_for_a_process_that_makes_it(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    waiting = threading.Timer(0.3, lambda: other.execute("ROLLBACK"))
    waiting.start()
    Ledger(tmp_path).close()
    waiting.join()
    other.close()


def test_a_ledger_that_stays_locked_is_told_as_such(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.index.database._PATIENCE", 0.1)
    other = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(LedgerError, match="let the other program finish"):
        Ledger(tmp_path)
    other.close()


def test_settings_last(ledger: Ledger, tmp_path: Path) -> None:
    assert ledger.meta("encoder") is None
    ledger.set_meta("encoder", "one")
    ledger.set_meta("encoder", "two")
    ledger.close()
    again = Ledger(tmp_path / "home")
    assert again.meta("encoder") == "two"
    again.close()


def test_passages_out_of_place_are_found(
    ledger: Ledger, make_article: Make, passages_of: Cut
) -> None:
    article = make_article(1)
    (item,) = passages_of(article)
    wrong = replace(item, passage=replace(item.passage, end=10_000))
    put(ledger, article, [wrong])
    assert ledger.misplaced_passages() == [item.passage.passage_id]


def test_articles_prepared_otherwise_are_found(ledger: Ledger, fill: Fill) -> None:
    (article,) = fill(ledger, [1])
    assert ledger.stale_articles("model:16|chunks|cutter") == {}
    stale = ledger.stale_articles("another")
    assert stale == {article.masthead.article_id: "model:16|chunks|cutter"}


def test_the_version_changes_when_another_writes(ledger: Ledger, tmp_path: Path) -> None:
    before = ledger.version()
    other = Ledger(tmp_path / "home")
    other.set_meta("a", "b")
    other.close()
    assert ledger.version() != before


@pytest.fixture
def damaged(tmp_path: Path) -> Iterator[Callable[[str], None]]:
    def run(sql: str) -> None:
        Ledger(tmp_path).close()
        with sqlite3.connect(tmp_path / FILE) as connection:
            connection.execute(sql)
        connection.close()

    return run


def test_a_newer_ledger_is_refused(tmp_path: Path, damaged: Callable[[str], None]) -> None:
    damaged("PRAGMA user_version = 999")
    with pytest.raises(LedgerError, match=r"version 999.*upgrade jiubao"):
        Ledger(tmp_path)


def test_a_file_that_is_no_ledger_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"not a database, but somebody's notes" * 99)
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(tmp_path)
    assert (tmp_path / FILE).read_bytes() == before


def test_a_home_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("")
    with pytest.raises(LedgerError, match="cannot be opened"):
        Ledger(tmp_path / "home")
