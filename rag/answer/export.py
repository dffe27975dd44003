"""Answer -> a text to keep: Markdown, BibTeX, GB/T 7714 notes, Chicago notes. Pure.

Every format carries, for each citation, the quote, the date, the page where it is known, and the
query that opens the article at the quote. JSON is what `ask --json` prints.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from rag.answer.references import (
    bibtex,
    chicago,
    fold_space,
    gbt7714,
    labelled,
    one_line,
    permalink,
)
from rag.types import Answer, Citation, Language, Masthead, State, Support, Verdict

Format = Literal["markdown", "bibtex", "gbt7714", "chicago"]


@dataclass(frozen=True, slots=True)
class _Words:
    """What an export says in its own words."""

    sources: str
    file: str
    support: dict[Support, str]
    states: dict[State, str]
    reference: Callable[[Masthead, str], str]


_WORDS: dict[Language, _Words] = {
    "zh": _Words(
        sources="出处",
        file="文件",
        support={"partial": "部分有据", "unsupported": "无据"},
        states={
            "degraded": "模型未能作答，以上直接引用档案原句。",
            "truncated": "回答未写完：以上只是其中一部分。",
            "failed": "未能作答。",
        },
        reference=gbt7714,
    ),
    "en": _Words(
        sources="Sources",
        file="File",
        support={"partial": "partly supported", "unsupported": "not supported"},
        states={
            "degraded": "The model could not answer: this is what the archive itself says.",
            "truncated": "The answer stopped early: this is only a part of it.",
            "failed": "No answer could be given.",
        },
        reference=chicago,
    ),
}


def export(answer: Answer, form: Format, newspaper: str) -> str:
    """An answer in one of the formats, ending in a line feed.

    Args:
        form: `markdown` is the whole answer with its verdicts and sources; the others are its
            citations alone, and empty where it has none.
        newspaper: the newspaper's name, as the settings give it.
    """
    if form == "markdown":
        return _markdown(answer, newspaper)
    if form == "bibtex":
        return bibtex(answer.citations, newspaper)
    if form == "gbt7714":
        return "".join(
            _note(f"[{each.mark}] {gbt7714(each.masthead, newspaper)}", each, "zh")
            for each in answer.citations
        )
    return "".join(
        _note(f"{each.mark}. {chicago(each.masthead, newspaper)}", each, "en")
        for each in answer.citations
    )


def escape_markdown(text: str) -> str:
    """Text that CommonMark, GitHub's dialect and Pandoc's show as it is, line by line.

    Every character that can begin a construct is escaped: brackets, so that there is no link and
    no image; angle brackets and ampersands, so that there is no HTML; what makes a bare address
    a link; and what makes a line a heading, a list or a rule. Lines lose their indentation.
    """
    return "\n".join(line.strip(" ") for line in _escape(text).split("\n"))


def _escape(text: str) -> str:
    return "\n".join(_escape_line(fold_space(line)) for line in re.split(r"\r\n?|\n", text))


def _escape_line(line: str) -> str:
    line = re.sub(r"[\\`*_{}\[\]<>#|~$&@^]", r"\\\g<0>", line)
    line = re.sub(r":(?=//)|(?<=www)\.", r"\\\g<0>", line, flags=re.I)
    line = re.sub(r"^( ?\d+)([.)])", r"\1\\\2", line)
    return re.sub(r"^( ?)([-+=:%])", r"\1\\\2", line)


def _note(reference: str, citation: Citation, language: Language) -> str:
    """A reference, and indented under it what is quoted and where to open it."""
    quotes = [f"{role}: “{one_line(side.text)}”" for role, side in labelled(citation, language)]
    return "\n    ".join([reference, *quotes, permalink(citation)]) + "\n"


def _markdown(answer: Answer, newspaper: str) -> str:
    words = _WORDS[answer.language]
    body = _judged(answer.text, answer.verdicts, words).split("\n")
    parts = [f"# {_line(answer.question.text)}", *filter(None, (p.strip(" ") for p in body))]
    if answer.state in words.states:
        parts.append(f"*{words.states[answer.state]}*")
    if answer.citations:
        parts.append(f"## {words.sources}")
    for citation in answer.citations:
        parts += _source(citation, answer.language, newspaper)
    return "\n\n".join(parts) + "\n"


def _source(citation: Citation, language: Language, newspaper: str) -> Iterator[str]:
    """The paragraphs that stand for one citation."""
    words = _WORDS[language]
    yield f"**\\[{citation.mark}\\]** {_line(words.reference(citation.masthead, newspaper))}"
    for role, side in labelled(citation, language):
        quoted = escape_markdown(side.text).replace("\n", "\n>\n> ")
        yield f"> **{role}**\n>\n> {quoted}"
    link = permalink(citation)  # percent-encoded: nothing in it can end the link
    yield f"[{_line(link)}]({link}) · {words.file}: {_line(citation.masthead.source)}"


def _line(text: str) -> str:
    return escape_markdown(one_line(text))


def _judged(text: str, verdicts: Sequence[Verdict], words: _Words) -> str:
    """Escaped text; each sentence that is not fully supported is followed by saying so."""
    shown, done, at = "", 0, 0
    for verdict in verdicts:
        start = text.find(verdict.sentence, at) if verdict.sentence else -1
        if start < 0:
            continue
        at = start + len(verdict.sentence)
        if verdict.support != "supported":
            why = f": {_line(verdict.reason)}" if verdict.reason else ""
            shown += f"{_escape(text[done:at])} *({words.support[verdict.support]}{why})* "
            done = at
    return shown + _escape(text[done:])
