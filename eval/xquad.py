"""Adapter: the XQuAD benchmark, laid out as an archive with questions in two languages.

A passage is relevant when it comes from the question's article and its text, white space folded,
contains the `window` of the passage's language (the gold answer with a few characters around it).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from eval.cases import Case, GoldQuote
from rag.errors import NotFound
from rag.types import LANGUAGES, Language, Masthead, Passage

QUESTIONS = "questions.dev.jsonl"
CELLS: tuple[tuple[Language, Language], ...] = (
    ("zh", "zh"),
    ("en", "en"),
    ("en", "zh"),
    ("zh", "en"),
)


@dataclass(frozen=True, slots=True)
class XquadQuestion:
    """A question of the benchmark; an unanswerable one's article is not in the corpora."""

    id: str
    article: str
    answerable: bool
    question: Mapping[Language, str]
    answer: Mapping[Language, str]
    window: Mapping[Language, str]


def default_folder() -> Path:
    """Where the benchmark lies: `shared/bench/xquad` beside the project's folder."""
    return Path(__file__).resolve().parents[2] / "shared" / "bench" / "xquad"


def load_questions(folder: Path) -> list[XquadQuestion]:
    """The dev questions.

    Raises:
        NotFound: the benchmark is not there.
    """
    path = folder / QUESTIONS
    if not path.exists():
        raise NotFound(f"there is no {path}", "the benchmark is not part of the project: place it")
    fields = ("id", "article", "answerable", "question", "answer", "window")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    return [XquadQuestion(**{name: row[name] for name in fields}) for row in rows]


def article_of(head: Masthead) -> str:
    """What the benchmark calls an article that was taken in: the stem of its file."""
    return PurePosixPath(head.source).stem


def is_relevant(question: XquadQuestion, passage: Passage) -> bool:
    """Whether a passage holds the answer."""
    window = folded(question.window[passage.language])
    return article_of(passage.masthead) == question.article and window in folded(passage.text)


def gold_offset(question: XquadQuestion, passage: Passage) -> int:
    """Where in a relevant passage's text the answer begins."""
    window = folded(question.window[passage.language])
    inside = max(window.find(folded(question.answer[passage.language])), 0)
    wanted = folded(passage.text).index(window) + inside
    # Folding shortens runs of white space: count characters of the text until as many are folded.
    seen, in_space = -1, True
    for offset, character in enumerate(passage.text):
        seen += not (character.isspace() and in_space)
        in_space = character.isspace()
        if seen == wanted:
            return offset
    raise ValueError(f"{passage.passage_id} does not hold the answer of {question.id}")


def relevant_ids(question: XquadQuestion, passages: Iterable[Passage]) -> set[str]:
    """Ids of the relevant passages of a corpus."""
    return {passage.passage_id for passage in passages if is_relevant(question, passage)}


def cases(
    questions: Iterable[XquadQuestion],
    languages: Sequence[Language] = LANGUAGES,
    texts: Sequence[Language] = LANGUAGES,
) -> list[Case]:
    """Each question as a case in each of `languages`, paired where there are two.

    Gold is the window in each language of `texts`, those that the archive holds; it is a piece of
    a sentence or of two. An article is named by its stem, which its file has in every corpus.
    """
    return [
        Case(
            id=f"{question.id}.{language}",
            question=question.question[language],
            language=language,
            pair=question.id if len(languages) > 1 else None,
            **_substance(question, language, texts),
        )
        for question in questions
        for language in languages
    ]


def _substance(
    question: XquadQuestion, language: Language, texts: Sequence[Language]
) -> dict[str, Any]:
    """The fields of a case that say what answers it, or that nothing does."""
    if not question.answerable:
        return {"answerable": False, "why_not": "absent"}
    return {
        "answerable": True,
        "articles": (question.article,),
        "gold": tuple(GoldQuote(question.article, each, question.window[each]) for each in texts),
        "answers": (question.answer[language],),
    }


def folded(text: str) -> str:
    """`text` with every run of white space as one space."""
    return " ".join(text.split())
