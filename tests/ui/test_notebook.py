"""Conversations: kept exactly, seen by their owner alone, exported, and made into cases."""

import json
import sqlite3
import threading
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter
from ui_values import ATTACK, CITATION, COUNTERPART, MASTHEAD, QUOTE, answer

from eval.cases import Case, load_cases
from eval.gold import Locator
from rag.errors import BadQuestion, JiubaoError, NotFound
from rag.types import (
    Answer,
    Citation,
    Filter,
    Hit,
    Masthead,
    Passage,
    Period,
    Question,
    Quote,
    Verdict,
)
from ui import kept, notebook
from ui.exchange import Timeline
from ui.feedback import feedback_cases
from ui.kept import ENDINGS
from ui.notebook import FILE, Notebook

# All that text may be, short of halves of characters.
TEXT = st.text(st.characters(codec="utf-8"), max_size=20)
LANGUAGE = st.sampled_from(["zh", "en"])
NUMBER = st.floats(allow_nan=False)
ROLE = st.sampled_from(["original", "translation"])
QUOTES = st.builds(Quote, LANGUAGE, ROLE, TEXT, st.integers(0), st.integers(0))
MASTHEADS = st.builds(
    Masthead,
    TEXT,
    st.dictionaries(LANGUAGE, TEXT),
    st.lists(TEXT, max_size=3).map(tuple),
    st.dates(),
    st.none() | st.integers(),
    TEXT,
    TEXT,
)
PASSAGES = st.builds(Passage, TEXT, MASTHEADS, LANGUAGE, st.integers(), st.integers(), TEXT)
PERIODS = st.none() | st.builds(Period, st.none() | st.dates(), st.none() | st.dates())
TEXTS = st.lists(TEXT, max_size=3).map(tuple)
ANSWERS = st.builds(
    Answer,
    st.builds(Question, TEXT, LANGUAGE, PERIODS, TEXTS, TEXTS),
    LANGUAGE,
    st.sampled_from(["complete", "refused", "degraded", "truncated", "failed"]),
    TEXT,
    st.lists(
        st.builds(Citation, st.integers(), MASTHEADS, QUOTES, st.none() | QUOTES), max_size=2
    ).map(tuple),
    st.lists(
        st.builds(Verdict, TEXT, st.sampled_from(["supported", "partial", "unsupported"]), TEXT),
        max_size=2,
    ).map(tuple),
    st.lists(st.builds(Hit, PASSAGES, NUMBER, st.integers(), TEXTS), max_size=2).map(tuple),
    TEXT,
    st.dictionaries(TEXT, NUMBER, max_size=2),
    TEXT,
    TEXT,
)


@pytest.fixture
def book(tmp_path):
    opened = Notebook(tmp_path)
    yield opened
    opened.close()


def started(book, owner="me", *answers) -> str:
    identity = book.begin(owner)
    for each in answers or (answer(),):
        book.append(owner, identity, each)
    return identity


@given(ANSWERS)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_whatever_an_answer_holds_is_restored_exactly(whole):
    restored = kept.load(Answer, kept.dump(whole))
    assert restored == whole
    assert repr(restored) == repr(whole)  # of the same types, too


def test_a_real_answer_survives_a_restart(archive, tmp_path):
    whole = archive.ask("Who is Liao Shigang?")
    first = Notebook(tmp_path)
    identity = started(first, "me", whole)
    first.close()
    second = Notebook(tmp_path)
    assert second.load("me", identity).turns[0].answer == whole
    second.close()


def test_halves_of_characters_do_not_keep_an_answer_from_being_kept(book):
    identity = started(book, "me", answer(text="half \ud800 of one", note="\udfff"))
    assert book.load("me", identity).turns[0].answer.text == "half \ufffd of one"


def test_a_conversation_begins_nameless_and_takes_its_first_question_s_name(book):
    identity = book.begin("me")
    assert book.list("me") == []
    assert book.load("me", identity) == kept.Conversation(identity, "", ())
    assert book.append("me", identity, answer()) == 1
    assert book.append("me", identity, answer(text="else")) == 2
    (summary,) = book.list("me")
    assert (summary.id, summary.name, summary.turns) == (identity, "How many?", 2)
    assert summary.updated.tzinfo is not None


def test_a_name_is_one_line_and_not_blank(book):
    identity = started(book)
    book.rename("me", identity, " 红桥区\n 的 事 ")
    assert book.load("me", identity).name == "红桥区 的 事"
    with pytest.raises(BadQuestion, match="blank"):
        book.rename("me", identity, " \n")
    book.rename("me", identity, "长" * 500)
    assert len(book.load("me", identity).name) == notebook.LONGEST_NAME


def test_the_latest_conversation_comes_first(book):
    old, new = started(book), started(book)
    assert [each.id for each in book.list("me")] == [new, old]
    book.append("me", old, answer())
    assert [each.id for each in book.list("me")] == [old, new]


@pytest.mark.parametrize("sought", ["廖世剛", "ＬＩＡＯ", "liao", "名前", "", "  "])
def test_conversations_are_found_by_name_question_and_answer(book, sought):
    about = replace(answer().question, text="廖世刚是谁？")
    identity = started(book, "me", answer(question=about, text="Liao Shigang is …"))
    book.rename("me", identity, "名前 100%")
    assert [each.id for each in book.list("me", sought)] == [identity]


@pytest.mark.parametrize("sought", ["%", "_", "nobody", "'; DROP TABLE turns; --"])
def test_a_search_is_for_characters_not_for_patterns(book, sought):
    started(book)
    assert book.list("me", sought) == []
    assert len(book.list("me")) == 1


def test_nobody_reaches_another_s_conversation(book):
    mine = started(book, "me")
    assert book.list("you") == []
    for reach in (
        lambda: book.load("you", mine),
        lambda: book.append("you", mine, answer()),
        lambda: book.rename("you", mine, "x"),
        lambda: book.delete("you", mine),
        lambda: book.rate("you", mine, 1, "up"),
        lambda: book.illustrate("you", mine, 1, Timeline()),
        lambda: book.export("you", mine, "json", "人民日报"),
        lambda: book.load("me", "nothing"),
        lambda: book.rate("me", mine, 2, "up"),
    ):
        with pytest.raises(NotFound, match="no such conversation"):
            reach()
    assert book.load("me", mine).turns == (kept.Kept(answer(), None, ""),)


def test_what_is_deleted_is_gone_with_its_answers(book, tmp_path):
    identity = started(book)
    book.delete("me", identity)
    with pytest.raises(NotFound):
        book.load("me", identity)
    with sqlite3.connect(tmp_path / FILE) as db:
        assert db.execute("SELECT count(*) FROM turns").fetchone() == (0,)


def test_a_rating_is_kept_changed_and_taken_back(book):
    identity = started(book)
    book.rate("me", identity, 1, "down", "  too short ")
    assert book.load("me", identity).turns[0] == kept.Kept(answer(), "down", "too short")
    book.rate("me", identity, 1, None)
    assert book.feedback() == []
    with pytest.raises(BadQuestion, match="characters"):
        book.rate("me", identity, 1, "up", "x" * 5_000)


def test_a_turn_keeps_its_filter_and_its_timeline(book):
    wanted = Filter(Period(date(1959, 1, 1), None), page=2, language="zh", author="廖世刚")
    shown = Timeline({1958: (MASTHEAD,), 1959: (MASTHEAD, replace(MASTHEAD, page=None))})
    identity = book.begin("me")
    book.append("me", identity, answer(), wanted)
    book.append("me", identity, answer(), Filter())
    book.illustrate("me", identity, 1, shown)
    assert book.load("me", identity).turns == (
        kept.Kept(answer(), wanted=wanted, timeline=shown),
        kept.Kept(answer(), wanted=Filter()),
    )


def test_conversations_of_the_version_before_come_back(tmp_path):
    with sqlite3.connect(tmp_path / FILE) as db:
        db.executescript(notebook.MIGRATIONS[0])
        db.execute("INSERT INTO conversations VALUES ('id', 'me', 'n', '2026-01-01T00:00:00Z')")
        db.execute(
            "INSERT INTO turns (conversation, turn, answer, words) VALUES ('id', 1, ?, '')",
            (kept.dump(answer()),),
        )
        db.execute("PRAGMA user_version = 1")
    opened = Notebook(tmp_path)
    assert opened.load("me", "id").turns == (kept.Kept(answer()),)
    opened.close()


def test_ids_cannot_be_guessed(book):
    ids = {book.begin("me") for _ in range(50)}
    assert len(ids) == 50
    assert all(len(each) >= 22 for each in ids)


def test_threads_write_side_by_side_and_lose_nothing(book):
    identity = book.begin("me")
    threads = [
        threading.Thread(target=lambda: [book.append("me", identity, answer()) for _ in range(5)])
        for _ in range(8)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(book.load("me", identity).turns) == 40


def test_two_processes_may_open_it_and_only_the_user_may_read_it(book, tmp_path):
    other = Notebook(tmp_path)
    identity = started(other)
    assert book.load("me", identity).name == "How many?"
    other.close()
    assert (tmp_path / FILE).stat().st_mode & 0o077 == 0


def test_a_file_of_a_newer_version_or_a_damaged_one_is_refused(tmp_path):
    Notebook(tmp_path).close()
    with sqlite3.connect(tmp_path / FILE) as db:
        db.execute("PRAGMA user_version = 99")
    with pytest.raises(JiubaoError, match="version 99"):
        Notebook(tmp_path)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / FILE).write_bytes(b"no database" * 100)
    with pytest.raises(JiubaoError, match="cannot be opened"):
        Notebook(tmp_path / "bad")


@pytest.mark.parametrize("form", list(ENDINGS))
def test_every_export_carries_quote_and_date_of_each_citation_once(book, form):
    other = replace(
        CITATION,
        masthead=replace(MASTHEAD, article_id="1958-01-02.p1.00", published=date(1958, 1, 2)),
    )
    identity = started(book, "me", answer(), answer(), answer(citations=(other,), text="Else.[1]"))
    text = book.export("me", identity, form, "人民日报")
    assert text.endswith("\n")
    assert QUOTE.text.rstrip(".") in text
    for year in ("1959", "1958"):
        assert year in text
    times = text.count(COUNTERPART.text)
    assert times == (3 if form in ("markdown", "json") else 2)


def test_a_conversation_in_json_says_what_ask_says_and_what_readers_thought(book):
    identity = started(book)
    book.rate("me", identity, 1, "up", "好")
    document = json.loads(book.export("me", identity, "json", "人民日报"))
    assert document["name"] == "How many?"
    (turn,) = document["turns"]
    assert (turn["question"], turn["state"], turn["thumb"], turn["comment"]) == (
        "How many?", "complete", "up", "好",
    )  # fmt: skip


def test_a_hostile_name_is_text_in_markdown(book):
    identity = started(book)
    book.rename("me", identity, ATTACK)
    first = book.export("me", identity, "markdown", "人民日报").splitlines()[0]
    assert "\\<script\\>" in first
    assert "!\\[x\\](" in first


def test_an_empty_conversation_exports_to_next_to_nothing(book):
    identity = book.begin("me")
    assert book.export("me", identity, "bibtex", "人民日报") == ""
    assert json.loads(book.export("me", identity, "json", "人民日报"))["turns"] == []


def test_praised_answers_become_cases_that_load_and_stand_in_the_archive(book, archive, tmp_path):
    english = archive.ask("Who is Liao Shigang?")
    refused = archive.ask("What did Mao say at Lushan in 1959?")
    assert (english.state, refused.state) == ("complete", "refused")
    identity = started(book, "me", english, refused, answer(), english)
    for turn, thumb in enumerate(("up", "up", "down", "up"), 1):
        book.rate("me", identity, turn, thumb)
    good, absent = cases = feedback_cases(book)
    assert isinstance(good, Case)
    assert (good.question, good.language, good.answerable) == ("Who is Liao Shigang?", "en", True)
    assert {quote.language for quote in good.gold} == {"zh", "en"}
    assert (absent.answerable, absent.why_not) == (False, "absent")
    assert list(Locator.of(archive).problems(cases)) == []
    assert "me" not in {part for case in cases for part in case.id.split("-")}
    file = tmp_path / "cases.jsonl"
    rows = (TypeAdapter(Case).dump_json(case, exclude_defaults=True) for case in cases)
    file.write_bytes(b"\n".join(rows))
    assert load_cases(file) == cases


def test_an_answer_that_is_not_whole_or_not_praised_is_no_case(book):
    identity = started(book, "me", answer(state="degraded"), answer(), answer(citations=()))
    book.rate("me", identity, 1, "up")
    book.rate("me", identity, 2, None, "hm")
    book.rate("me", identity, 3, "up")
    assert len(book.feedback()) == 3
    assert feedback_cases(book) == []


def test_a_refusal_among_what_a_filter_left_is_no_case(book):
    refused = answer(state="refused", citations=())
    identity = book.begin("me")
    for turn, wanted in enumerate((Filter(page=9), Filter()), 1):
        book.append("me", identity, refused, wanted)
        book.rate("me", identity, turn, "up")
    (case,) = feedback_cases(book)
    assert not case.answerable
