"""What articles begin with: the answer where all there is of a time, or on a name, is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from rag.answer.ground import Ground, ground, headline_of, whole_of
from rag.answer.naming import Named, names_of
from rag.answer.passages import Place
from rag.answer.standing import name_stands
from rag.corpus.sentences import split_sentences
from rag.language import words
from rag.retrieve.question import asked_for_all, told, within
from rag.types import Article, Hit, Question, Span, Text

MOST = 5  # articles


def openings(
    question: Question, hits: Sequence[Hit], article: Callable[[str], Article]
) -> list[Place]:
    """Where an article of the hits begins that a question asks for; none where it asks for
    something else. Of a time those on the first pages go first; on a name those with it in their
    headlines, and the first sentence that has it is taken.

    Args:
        question: to the point, without the period it filters by. A year that does not filter is
            taken for when they were printed.
        article: gives an article by its id.
    """
    topic, period = asked_for_all(question.text), told(question)
    if topic is None or not (topic or period or question.period):
        return []
    ids = dict.fromkeys(
        hit.passage.masthead.article_id
        for hit in hits
        if period is None or within(hit.passage.masthead.published, period)
    )
    found = [article(each) for each in ids]
    names: Sequence[Named] = ()
    if topic:
        names = _only_names(topic, names_of(question.text, question.language))
        found = [each for each in found if names and _named(names, whole_of(each))]
        found.sort(key=lambda each: not _named(names, headline_of(each)))
    else:
        found.sort(key=lambda each: (each.masthead.page is None, each.masthead.page or 0))
    opened: dict[str, Place] = {}
    for each in found:
        text = each.text(question.language) or each.original
        span = _opening(text, names)
        if span and len(opened) < MOST:  # newspapers print what agencies send them: none twice
            said = text.body[span.start : span.end]
            opened.setdefault(said, (each.masthead.article_id, text.language, span))
    return list(opened.values())


def _only_names(topic: str, names: Iterable[Named]) -> list[Named]:
    """The names a topic consists of; none where it says more, which a sentence may answer."""
    held = [name for name in names if name.text in topic]
    for name in held:
        topic = topic.replace(name.text, " ")
    return [] if words(topic) else held


def _named(names: Iterable[Named], held: Ground) -> bool:
    return all(name_stands(name, held) for name in names)


def _opening(text: Text, names: Sequence[Named]) -> Span | None:
    """The first sentence of a text that has the names, or its first one."""
    sentences = split_sentences(text.body, text.language)
    naming = (
        span
        for span in sentences
        if _named(names, ground(((text.language, text.body[span.start : span.end]),), date.max))
    )
    return next(naming, sentences[0] if sentences else None)
