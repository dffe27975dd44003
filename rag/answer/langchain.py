"""The archive for LangChain users: a retriever, and a Runnable that answers."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from typing import Any

from langchain_core.callbacks import (
    CallbackManagerForChainRun,
    CallbackManagerForRetrieverRun,
    dispatch_custom_event,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict

from rag.errors import BadQuestion
from rag.types import Answer, Done, Event, Filter, Hit, SearchResult, Turn

# What a chain takes: a question, or a mapping with `question`, `turns` and `filter`.
Asked = str | Mapping[str, Any]


class ArchiveRetriever(BaseRetriever):
    """The archive's search as a LangChain retriever.

    A document's text is the passage exactly as it stands; its metadata says where.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    find: Callable[..., SearchResult]
    k: int = 10
    filter: Filter | None = None

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [to_document(hit) for hit in self.find(query, self.k, self.filter).hits]


def to_document(hit: Hit) -> Document:
    """A hit as a LangChain document; the metadata are plain values."""
    passage = hit.passage
    head = passage.masthead
    return Document(
        id=passage.passage_id,
        page_content=passage.text,
        metadata={
            "article_id": head.article_id,
            "title": dict(head.title),
            "authors": list(head.authors),
            "date": head.published.isoformat(),
            "page": head.page,
            "source": head.source,
            "language": passage.language,
            "start": passage.start,
            "end": passage.end,
            "score": hit.score,
            "via": list(hit.via),
        },
    )


class AnsweringChain(Runnable[Asked, Answer]):
    """A Runnable from a question, alone or with the turns before it, to its `Answer`.

    Its input is a text, or a mapping with `question` and, where wanted, `turns` (each a `Turn` or a
    pair of question and answer, oldest first) and `filter`. `events` gives the typed events as they
    come. So does LangChain's own `astream_events`: each comes as a custom event named after its
    type (`TextAdded`, ...) while `invoke` runs.
    """

    def __init__(self, stream: Callable[..., Iterator[Event]]) -> None:
        self._stream = stream

    def invoke(self, input: Asked, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The answer to one question. Raises as `Archive.ask`."""
        return self._call_with_config(self._answer, input, config)

    def events(self, input: Asked) -> Iterator[Event]:
        """The answer as typed events, the last being `Done`. Closing it stops the model."""
        return self._stream(*_asked(input))

    def _answer(
        self, input: Asked, run_manager: CallbackManagerForChainRun, config: RunnableConfig
    ) -> Answer:
        answer = None
        events = self.events(input)
        try:
            for event in events:
                dispatch_custom_event(type(event).__name__, event, config=config)
                answer = event.answer if isinstance(event, Done) else None
        finally:
            if isinstance(events, Generator):
                events.close()
        if answer is None:
            raise TypeError("a stream of events ends with Done")
        return answer


def _asked(given: Asked) -> tuple[str, tuple[Turn, ...], Filter | None]:
    """Question, turns and filter of a chain's input. Raises BadQuestion for any other form."""
    if isinstance(given, str):
        return given, (), None
    shape = "give a text, or {question, turns, filter}"
    if not isinstance(given, Mapping) or not {"question"} <= set(given) <= _KEYS:
        raise BadQuestion("the chain was given no question", shape)
    question, wanted = given["question"], given.get("filter")
    if not isinstance(question, str) or not isinstance(wanted, Filter | None):
        raise BadQuestion("the question is no text, or the filter no Filter", shape)
    try:
        turns = tuple(t if isinstance(t, Turn) else Turn(*t) for t in given.get("turns") or ())
    except TypeError as error:
        raise BadQuestion(f"a turn is not a question and an answer: {error}", shape) from error
    if not all(isinstance(part, str) for turn in turns for part in (turn.question, turn.answer)):
        raise BadQuestion("a turn is not two texts", shape)
    return question, turns, wanted


_KEYS = {"question", "turns", "filter"}
