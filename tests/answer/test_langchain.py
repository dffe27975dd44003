"""The archive as LangChain sees it."""

from __future__ import annotations

import asyncio

import pytest
from fakes import ScriptedModel
from langchain_core.callbacks import BaseCallbackHandler

from rag.archive import Archive
from rag.errors import BadQuestion
from rag.types import Answer, Done, HitsFound, TextAdded, Turn

WHO = "Who is Liao Shigang?"


def test_retriever_gives_passages_with_their_place(archive: Archive) -> None:
    first, *rest = archive.as_retriever(k=3).invoke("Who is Liao Shigang?")
    assert len(rest) == 2
    passage = archive.search("Who is Liao Shigang?", 1)[0].passage
    assert first.page_content == passage.text
    assert first.id == passage.passage_id
    assert first.metadata["date"] == "1959-06-05"
    assert first.metadata["title"]["zh"].startswith("重庆钢铁公司")
    body = archive.article(first.metadata["article_id"]).text("en").body
    assert body[first.metadata["start"] : first.metadata["end"]] == first.page_content


def test_chain_answers_and_composes(archive: Archive) -> None:
    chain = archive.as_runnable()
    answer = chain.invoke("Who is Liao Shigang?")
    assert isinstance(answer, Answer)
    assert answer.state == "complete"
    shout = chain | (lambda answer: answer.text.upper())
    assert shout.invoke("Who is Liao Shigang?") == answer.text.upper()


def test_chain_streams_typed_events(archive: Archive) -> None:
    *_, last = archive.as_runnable().events("Who is Liao Shigang?")
    assert isinstance(last, Done)


@pytest.mark.parametrize("turn", [Turn(WHO, "x"), (WHO, "x"), [WHO, "x"]])
def test_chain_takes_the_turns_before(archive: Archive, turn) -> None:
    asked = {"question": "What did he realize?", "turns": [turn]}
    answer = archive.as_runnable().invoke(asked)
    assert answer.standalone == "What did Liao Shigang realize?"
    assert answer.text == archive.ask(answer.standalone).text


@pytest.mark.parametrize(
    "given",
    [{}, {"turns": []}, {"question": 3}, {"question": WHO, "k": 3}, 7, ["x"],
     {"question": WHO, "turns": [("a", "b", "c")]}, {"question": WHO, "turns": 5},
     {"question": WHO, "turns": [(1, 2)]}, {"question": WHO, "filter": "1959"}],
)  # fmt: skip
def test_chain_says_what_it_takes(archive: Archive, given) -> None:
    with pytest.raises(BadQuestion, match="give a text"):
        archive.as_runnable().invoke(given)


def test_chain_asks_the_model_it_was_given(archive: Archive) -> None:
    model = ScriptedModel(["Nothing of this holds."])
    answer = archive.as_runnable(model).invoke(WHO)
    assert answer.state == "degraded"
    assert len(model.asked) == 1


def test_events_come_to_callbacks_while_the_chain_runs(archive: Archive) -> None:
    seen: list[tuple[str, object]] = []

    class Handler(BaseCallbackHandler):
        def on_custom_event(self, name, data, **kwargs):
            seen.append((name, data))

    answer = archive.as_runnable().invoke(WHO, {"callbacks": [Handler()]})
    names = [name for name, _ in seen]
    assert names == ["HitsFound", "TextAdded", "CitationsReady", "VerdictsReady", "Done"]
    assert seen[0][1] == HitsFound(answer.hits)
    assert seen[1][1] == TextAdded(answer.text)
    assert seen[-1][1] == Done(answer)


def test_langchains_own_event_stream_carries_them(archive: Archive) -> None:
    async def collect() -> list[str]:
        chain = archive.as_runnable()
        events = chain.astream_events(WHO, version="v2")
        return [event["name"] async for event in events if event["event"] == "on_custom_event"]

    names = asyncio.run(collect())
    assert names == ["HitsFound", "TextAdded", "CitationsReady", "VerdictsReady", "Done"]


def test_closing_the_events_closes_the_model(archive: Archive) -> None:
    model = ScriptedModel(["Liao Shigang is an expert [1].\n", "More.\n", "And more."])
    events = archive.as_runnable(model).events(WHO)
    for _ in range(2):
        next(events)
    events.close()
    assert model.closed == 1
