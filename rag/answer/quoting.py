"""Sentences that answer -> quotations with their citations, in reading order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rag.answer.chains import whole_chain
from rag.answer.cite import cite
from rag.answer.passages import Place
from rag.corpus.aligner import counterpart
from rag.types import Article, Citation


def cite_places(chosen: Iterable[Place], article: Callable[[str], Article]) -> tuple[Citation, ...]:
    """Citations in reading order, marked from 1, none twice.

    Args:
        article: gives an article by its id.
    """
    places = dict.fromkeys(_whole(place, article(place[0])) for place in chosen)
    articles = {article_id: article(article_id) for article_id, _, _ in places}
    order = sorted(places, key=lambda place: (articles[place[0]].masthead.published, *place))
    return tuple(
        cite(mark, articles[article_id], language, span)
        for mark, (article_id, language, span) in enumerate(order, 1)
    )


def quote_lines(citations: Sequence[Citation]) -> str:
    """A quotation a line, each with its mark."""
    return "\n".join(f"“{citation.quote.text}”[{citation.mark}]" for citation in citations)


def _whole(place: Place, article: Article) -> Place:
    """The chain that a place is a link of, and all that a translation makes of the sentences of
    which it holds a part: where it cuts one in two, either half says less than was printed."""
    article_id, language, span = place
    if text := article.text(language):
        span = whole_chain(text.body, language, span)
    original = article.original.language
    printed = counterpart(article.pairs, language, span) if original != language else None
    said = counterpart(article.pairs, original, printed) if printed else None
    return article_id, language, said or span
