"""Adapter: files in the format of SQuAD 1.1 and 2.0, which CMRC 2018 and DRCD share, as cases.

Format: Rajpurkar et al., "SQuAD" (EMNLP 2016) and "Know What You Don't Know" (ACL 2018); Cui et
al., "A Span-Extraction Dataset for Chinese Machine Reading Comprehension" (EMNLP 2019). Fields
that these sets add of their own are passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, StringConstraints, ValidationError

from eval.cases import BadCases, Case, GoldQuote, first_problem
from rag.corpus.sentences import split_sentences
from rag.language import detect_language
from rag.types import Language, Span

_Filled = Annotated[str, StringConstraints(pattern=r"\S")]


class _Answer(BaseModel):
    text: _Filled
    answer_start: int


class _Question(BaseModel):
    id: _Filled | int
    question: _Filled
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Question]
    id: str | int = ""


class _Entry(BaseModel):
    paragraphs: list[_Paragraph]
    title: str = ""
    id: str | int = ""


class _File(BaseModel):
    data: list[_Entry]


def read_squad(path: Path, language: Language | None = None) -> list[Case]:
    """The questions of a file as cases.

    An article is named by its title, or else by the id of its entry or paragraph: lay the archive
    out as one file an article, named so. The sentences that hold the first answer are gold, those
    that hold another annotator's are acceptable. `is_impossible` becomes `absent`.

    Args:
        path: a JSON file.
        language: of questions and contexts; each context's own when not given.

    Raises:
        BadCases: the file cannot be read or is in another format, a question has no answer or
            comes twice, or an answer does not stand in its context. The message names the place.
    """
    try:
        entries = _File.model_validate_json(path.read_bytes()).data
    except OSError as error:
        raise BadCases(f"{path} cannot be read: {error.strerror}", "check the path") from error
    except ValidationError as error:
        raise BadCases(
            f"{path}: {first_problem(error)}", "the adapter reads the JSON of SQuAD 1.1 and 2.0"
        ) from error
    cases: dict[str, Case] = {}
    for place, article, context, question in _questions(entries):
        where = f"{path}: {place}"
        chosen = language or detect_language(context)
        case = _case(where, article, context, question, chosen)
        if case.id in cases:
            raise BadCases(f"{where}: the id {case.id!r} comes twice", "give each its own")
        cases[case.id] = case
    if not cases:
        raise BadCases(f"{path} holds no question", "check that it is the right file")
    return list(cases.values())


def _questions(entries: list[_Entry]) -> Iterator[tuple[str, str, str, _Question]]:
    """Each question with its place in the file, the name of its article, and its context."""
    for i, entry in enumerate(entries):
        for j, paragraph in enumerate(entry.paragraphs):
            article = entry.title.strip() or str(entry.id or paragraph.id)
            for k, question in enumerate(paragraph.qas):
                yield f"data.{i}.paragraphs.{j}.qas.{k}", article, paragraph.context, question


def _case(where: str, article: str, context: str, question: _Question, language: Language) -> Case:
    name, text = str(question.id), question.question.strip()
    if question.is_impossible:
        return Case(name, text, language, answerable=False, why_not="absent")
    if not question.answers:
        raise BadCases(f"{where}: no answer", "mark it `is_impossible` where the article has none")
    if not article:
        raise BadCases(f"{where}: its article has neither title nor id", "give it a title")
    gold, *others = [
        _sentences(article, context, language, _start(where, context, answer), len(answer.text))
        for answer in question.answers
    ]
    more = [quote for quotes in others for quote in quotes if quote not in gold]
    return Case(
        name,
        text,
        language,
        answerable=True,
        articles=(article,),
        gold=gold,
        acceptable=tuple(dict.fromkeys(more)),
        answers=tuple(dict.fromkeys(answer.text for answer in question.answers)),
    )


def _start(where: str, context: str, answer: _Answer) -> int:
    """Where the answer stands: as said, or nearest to there, for some sets count differently."""
    text, said = answer.text, answer.answer_start
    if said >= 0 and context.startswith(text, said):
        return said
    said = max(said, 0)
    around = (context.rfind(text, 0, said + len(text)), context.find(text, said))
    found = [at for at in around if at >= 0]
    if not found:
        message = f"{where}: {text[:60]!r} does not stand in the context"
        raise BadCases(message, "correct the answer")
    return min(found, key=lambda at: abs(at - said))


def _sentences(
    article: str, context: str, language: Language, start: int, length: int
) -> tuple[GoldQuote, ...]:
    """The sentences of the context that the range touches, as the archive will store them."""
    return tuple(
        GoldQuote(article, language, " ".join(context[first:last].split()))
        for first, last in _spans(context, language)
        if first < start + length and start < last
    )


@lru_cache(maxsize=1)
def _spans(context: str, language: Language) -> list[Span]:
    """The sentences of a context; a context's questions come one after the other."""
    return split_sentences(context, language)
