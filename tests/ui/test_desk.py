"""What the page shows after each event, without a browser: the desk over a real archive."""

import asyncio
from contextlib import closing
from dataclasses import replace
from types import SimpleNamespace

import gradio as gr
import pytest

from rag.archive import Archive
from rag.config import Settings
from ui.desk import Desk
from ui.notebook import Notebook
from ui.owner import OWNER
from ui.page import _begin
from ui.talk import Talk

EN = "Who is Liao Shigang?"
COPPER = "Why were copper basins donated?"
NONE = Talk()
FIELDS = ("quote", "", "", "", "", "")
WANG = gr.Request(request=SimpleNamespace(state=SimpleNamespace(**{OWNER: "wang"})))


@pytest.fixture(scope="module")
def seeds_archive(seeds_home, encoder):
    with Archive(Settings(home=seeds_home)) as opened:
        opened.encoder = encoder
        yield opened


@pytest.fixture
def desk(seeds_archive, tmp_path):
    with closing(Notebook(tmp_path)) as notebook:
        yield Desk(seeds_archive, notebook)


def ask(desk, question, talk=NONE, meanwhile=lambda talk: None, language="en"):
    """The last step of an answer; `meanwhile` sees the conversation after each."""

    async def steps():
        last = None
        told = f'{{"question": "{question}"}}'
        async for last in desk.ask(told, talk, language, *FIELDS, WANG):
            meanwhile(last[0])
        return last

    return asyncio.run(steps())


def test_an_answer_to_a_conversation_that_was_deleted_begins_a_new_one(desk):
    first, *_ = ask(desk, EN)
    desk._notebook.delete("wang", first.id)  # in another window
    second, log, _ = ask(desk, COPPER, first)
    assert "jb-skeleton" not in log
    assert second.id != first.id
    assert [each.kept for each in second.exchanges] == [0, 1]  # the first is kept no more
    (only,) = desk._notebook.load("wang", second.id).turns
    assert only.answer == second.exchanges[1].answer
    assert only.timeline == second.exchanges[1].timeline


@pytest.mark.parametrize(("language", "words"), [("en", "could not be kept"), ("zh", "没有保存")])
def test_an_answer_that_cannot_be_kept_is_shown_and_says_so(desk, language, words):
    first, *_ = ask(desk, EN)
    desk._notebook._db.execute("PRAGMA query_only = 1")  # as on a full disk
    for talk in (first, NONE):
        now, log, _ = ask(desk, COPPER, talk, language=language)
        assert "jb-skeleton" not in log
        assert words in log
        assert "readonly" in log
        assert (now.id, now.exchanges[-1].kept) == (talk.id, 0)
        assert now.exchanges[-1].answer.citations
    desk._notebook._db.execute("PRAGMA query_only = 0")
    assert ask(desk, COPPER, now)[0].exchanges[-1].kept == 1


def test_what_is_rated_while_another_answer_comes_stays_rated(desk):
    first, *_ = ask(desk, EN)
    pressed = []

    def press(talk):
        if not pressed:
            pressed.append(desk.rate('{"turn": 1, "thumb": "up"}', talk, "en", WANG))

    now, log, _ = ask(desk, COPPER, first, press)
    ((written, drawn),) = pressed
    assert written == gr.skip()  # the answer that comes writes the conversation
    assert 'aria-pressed="true"' in drawn
    assert now.exchanges[0].thumb == "up"
    assert 'aria-pressed="true"' in log
    # Nor does a comment take back a thumb that this page does not know of.
    then, _ = desk.rate('{"turn": 1, "comment": "fine"}', first, "en", WANG)
    assert (then.exchanges[0].thumb, then.exchanges[0].comment) == ("up", "fine")
    (kept,) = desk._notebook.load("wang", first.id).turns[:1]
    assert (kept.thumb, kept.comment) == ("up", "fine")


def test_a_rating_that_cannot_be_kept_is_told(desk):
    first, *_ = ask(desk, EN)
    desk._notebook.delete("wang", first.id)
    now, log = desk.rate('{"turn": 1, "thumb": "up"}', first, "en", WANG)
    assert "no such conversation" in log
    assert (now.exchanges[0].thumb, now.exchanges[0].kept) == (None, 0)


def test_the_end_of_an_answer_is_drawn_in_the_language_chosen_meanwhile(desk):
    talk, *_ = ask(desk, EN)
    talks, log, cards = desk.answered(talk, "zh", "", WANG)
    assert "1 答" in talks
    assert "理解为" in log
    assert "回答的出处" in cards
    stopped = replace(talk, exchanges=(replace(talk.exchanges[0], waiting=True),))
    assert desk.answered(stopped, "zh", "", WANG)[1:] == (gr.skip(), gr.skip())


def test_what_is_blank_is_not_asked(desk):
    told, box = _begin(" \n", "en")
    assert "stop_btn" not in box

    async def steps():
        return [each async for each in desk.ask(told, NONE, "en", *FIELDS, WANG)]

    assert asyncio.run(steps()) == []


def test_a_filter_that_cannot_be_read_is_told_in_the_pages_language(desk):
    assert "“昨天”不是日期（请写" in desk.chips(NONE, "zh", "quote", "昨天", "", "", "", "")
