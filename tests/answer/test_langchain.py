"""The archive as LangChain sees it."""

from __future__ import annotations

from rag.archive import Archive
from rag.types import Answer, Done


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
