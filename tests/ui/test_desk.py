"""What the page shows after each event, without a browser: the desk over a real archive."""

import asyncio
from contextlib import closing
from types import SimpleNamespace

import gradio as gr
import pytest

from rag.archive import Archive
from rag.config import Settings
from ui.desk import Desk
from ui.notebook import Notebook
from ui.owner import OWNER
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
