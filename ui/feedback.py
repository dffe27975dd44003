"""What readers praised, as evaluation cases (docs/cases.md)."""

from __future__ import annotations

import hashlib

from eval.cases import Case, GoldQuote
from rag.answer.cite import MARK
from rag.types import Citation, Quote
from ui.notebook import Notebook, Rated


def feedback_cases(notebook: Notebook) -> list[Case]:
    """A case for each question whose answer was given a thumb up, the first such answer's.

    A complete answer gives its quotes as gold; a refusal says that the archive does not. A thumb
    down says that an answer is wrong, not what is right: it makes no case.
    """
    cases: dict[str, Case] = {}
    for each in notebook.feedback():
        case = _case(each) if each.kept.thumb == "up" else None
        if case:
            cases.setdefault(case.question, case)
    return list(cases.values())


def _case(rated: Rated) -> Case | None:
    answer = rated.kept.answer
    question = answer.standalone or answer.question.text
    # The conversation's id opens it: a case must not give it away.
    told = hashlib.sha256(f"{rated.conversation} {rated.turn}".encode()).hexdigest()[:12]
    identity = f"feedback-{told}"
    if answer.state == "refused":
        if rated.kept.wanted:  # refused among what the filter left, which the case would not know
            return None
        return Case(identity, question, answer.language, False, why_not="absent")
    if answer.state != "complete" or not answer.citations:
        return None
    return Case(
        identity,
        question,
        answer.language,
        True,
        articles=tuple(dict.fromkeys(each.masthead.article_id for each in answer.citations)),
        gold=tuple(dict.fromkeys(quote for each in answer.citations for quote in _gold(each))),
        answers=(MARK.sub("", answer.text).strip(),),
    )


def _gold(citation: Citation) -> list[GoldQuote]:
    """The sentence cited, and the same in the other language where the article has it."""
    sides: list[Quote | None] = [citation.quote, citation.counterpart]
    article = citation.masthead.article_id
    return [GoldQuote(article, side.language, side.text) for side in sides if side]
