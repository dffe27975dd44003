"""What articles begin with: the answer where all there is of a time or on somebody is asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from rag.answer.ground import whole_of
from rag.answer.naming import Named, names_of
from rag.answer.passages import Place
from rag.answer.standing import name_stands
from rag.corpus.sentences import split_sentences
from rag.language import words
from rag.retrieve.matter import asks_for_news, topic_of
from rag.retrieve.periods import read_period
from rag.retrieve.question import told, within
from rag.types import Article, Hit, Language, Question

MOST = 5  # articles


def openings(
    question: Question, hits: Sequence[Hit], article: Callable[[str], Article]
) -> list[Place]:
    """Where an article of the hits begins that a question asks for; none where it asks for
    something else. Of a time those on the first pages go first, else the best hits.

    Args:
        question: to the point, without the period it filters by. A year that does not filter is
            taken for when they were printed.
        article: gives an article by its id.
    """
    reading = read_period(question.text)
    asked, period = (reading.rest if reading.period else question.text), told(question)
    ids = dict.fromkeys(
        hit.passage.masthead.article_id
        for hit in hits
        if period is None or within(hit.passage.masthead.published, period)
    )
    found = [article(each) for each in ids]
    if topic := topic_of(asked):
        names = _only_names(topic, question.language)
        found = [each for each in found if names and _names_all(each, names)]
    elif (period or question.period) and asks_for_news(asked):
        found.sort(key=lambda each: (each.masthead.page is None, each.masthead.page or 0))
    else:
        return []
    places = (_opening(each, question.language) for each in found[:MOST])
    return [place for place in places if place]


def _only_names(topic: str, language: Language) -> list[Named]:
    """The names a topic consists of; none where it says more, which a sentence may answer."""
    names = names_of(topic, language)
    rest = topic
    for name in names:
        rest = rest.replace(name.text, " ")
    return [] if words(rest) else names


def _names_all(article: Article, names: Sequence[Named]) -> bool:
    held = whole_of(article)
    return all(name_stands(name, held) for name in names)


def _opening(article: Article, asked: Language) -> Place | None:
    """The first sentence of an article, in the language asked in where there is one."""
    text = article.text(asked) or article.original
    sentences = split_sentences(text.body, text.language)
    return (article.masthead.article_id, text.language, sentences[0]) if sentences else None
