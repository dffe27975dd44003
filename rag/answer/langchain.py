"""The archive for LangChain users: a retriever, and a Runnable that answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableConfig
from pydantic import ConfigDict

from rag.types import Answer, Event, Filter, Hit, SearchResult


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


class AnsweringChain(Runnable[str, Answer]):
    """A Runnable from a question to its `Answer`; `events` streams the typed events instead."""

    def __init__(
        self, ask: Callable[[str], Answer], stream: Callable[[str], Iterator[Event]]
    ) -> None:
        self._ask = ask
        self.events = stream

    def invoke(self, input: str, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The answer to one question."""
        return self._call_with_config(self._ask, input, config)
