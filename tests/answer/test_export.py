"""Exports: as written by hand in `tests/gold/export`, and safe whatever an article holds."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from pybtex.database import BibliographyData, parse_string

from rag.answer.export import Format, escape_markdown, export
from rag.answer.references import (
    bibtex,
    chicago,
    escape_tex,
    gbt7714,
    newspaper_name,
    one_line,
    permalink,
)
from rag.types import Answer, Citation, Language, Masthead, Question, Quote, Role, Verdict
from ui import jsonout

GOLD = Path(__file__).parents[1] / "gold" / "export"
SUFFIXES = {"markdown": "md", "bibtex": "bib", "gbt7714": "gbt7714", "chicago": "chicago"}
PEOPLES_DAILY = "人民日报"

ARTICLE = Masthead(
    "1959-11-24.p2.0123456789",
    {"zh": "上下齐动手　大小一齐抓  “天津”红桥区", "en": "Top & Bottom Work Together"},
    ("舒倜", "Shu Ti"),
    date(1959, 11, 24),
    2,
    "",
    "seeds/000_1bca.txt",
)
# Printed again a week later, on a page that is not known, without its author.
REPRINT = Masthead(
    "1959-12-01.p0.abcdef0123",
    {"zh": "上下齐动手"},
    (),
    date(1959, 12, 1),
    None,
    "",
    "reprint.txt",
)


def quoted(text: str, start: int = 0, language: Language = "zh", role: Role = "original") -> Quote:
    return Quote(language, role, text, start, start + len(text))


CITATIONS = (
    Citation(
        1,
        ARTICLE,
        quoted("More than 200,000 were made.", 10, "en", "translation"),
        quoted("提出二十多万件。", 4),
    ),
    Citation(2, ARTICLE, quoted("号召“人人投入”。\n1. 第一段", 20), None),
    Citation(3, REPRINT, quoted("质量提高5%，成本{降低}$3 #1_a。"), None),
)
LINES = (
    "“More than 200,000 were made.”[1]",
    "It rose by 5%, all said.[3]",
    "See ![x](http://evil.example/x.png) <b>now</b>.",
)
ANSWER = Answer(
    Question("How many *proposals* were made?", "en"),
    "en",
    "complete",
    "\n".join(LINES),
    CITATIONS,
    (
        Verdict(LINES[0], "supported", "quoted word for word"),
        Verdict(LINES[1], "partial", "not a quotation: only marks and numbers were checked"),
        Verdict(LINES[2], "unsupported", "cites nothing"),
    ),
    (),
    "quote",
)

# What each format gives a meaning to, beside any character at all.
SIGNS = "\\`*_{}[]()<>#+-.!|~&$%^@\"':/=“” \n\r\t\x00\x1b\x85\u202e\u2028\u3000\xa0\ud800汉a1"
RUNS = ["](", "![", "```", "---", "===", "1.", "http://a.b", "www.a.b", "&amp;", "&#42;", "<br>"]
RUNS += ["${", "{{", "$$", "\\\\", " and ", "@book{", "\\input{x}", "\n    ", "\n- ", "\n> "]
NASTY = st.sampled_from([*SIGNS, *RUNS])
TEXTS = st.lists(NASTY | st.text(max_size=5), max_size=12).map("".join)


def hostile(text: str) -> Answer:
    """An answer in which every free text is `text`."""
    masthead = replace(ARTICLE, title={"zh": text, "en": text}, authors=(text,), source=text)
    cited = tuple(
        Citation(mark, masthead, quoted(text), quoted(text, 0, "en", "translation"))
        for mark in (1, 2)
    )
    return replace(
        ANSWER,
        question=Question(text, "en"),
        text=text,
        citations=cited,
        verdicts=(Verdict(text, "unsupported", text),),
    )


@pytest.mark.parametrize("form", get_args(Format))
def test_the_answer_is_exported_as_written_by_hand(form: Format) -> None:
    wanted = (GOLD / f"answer.{SUFFIXES[form]}").read_text("utf-8")
    assert export(ANSWER, form, PEOPLES_DAILY) == wanted


@pytest.mark.parametrize("form", ["bibtex", "gbt7714", "chicago"])
def test_a_refusal_has_no_references(form: Format) -> None:
    refused = replace(ANSWER, state="refused", text="The archive does not say.", citations=())
    assert export(refused, form, PEOPLES_DAILY) == ""
    assert "The archive does not say." in export(refused, "markdown", PEOPLES_DAILY)
    assert "Sources" not in export(refused, "markdown", PEOPLES_DAILY)


@pytest.mark.parametrize(
    ("state", "words"),
    [("degraded", "could not answer"), ("truncated", "stopped early"), ("failed", "No answer")],
)
def test_only_a_complete_answer_looks_complete(state: Any, words: str) -> None:
    assert words in export(replace(ANSWER, state=state), "markdown", PEOPLES_DAILY)
    assert words not in export(ANSWER, "markdown", PEOPLES_DAILY)


def test_a_chinese_answer_is_exported_in_chinese() -> None:
    text = export(replace(ANSWER, language="zh", state="truncated"), "markdown", PEOPLES_DAILY)
    for words in (
        "## 出处",
        "**译文**",
        "文件: ",
        "人民日报, 1959-11-24(2)",
        "回答未写完",
        "(无据: ",
    ):
        assert words in text
    assert "November" not in text


@pytest.mark.parametrize(
    ("authors", "standard", "note"),
    [
        ((), "题[N]. ", "“题” [Title], "),
        (("石在",), "石在. 题[N]. ", "石在, “题” [Title], "),
        (("Shi Zai",), "Shi Zai. 题[N]. ", "Shi Zai, “题” [Title], "),
        (
            ("陈新海", "石在", "Chen Xinhai", "Shi Zai"),
            "陈新海, 石在. 题[N]. ",
            "Chen Xinhai 陈新海 and Shi Zai 石在, “题” [Title], ",
        ),
        # Scripts that do not match name by name are not put together by guessing.
        (("陈新海", "石在", "Shi Zai"), "陈新海, 石在. 题[N]. ", "Shi Zai, “题” [Title], "),
        (("甲", "乙", "丙"), "甲, 乙, 丙. 题[N]. ", "甲, 乙, and 丙, “题” [Title], "),
        (("甲", "乙", "丙", "丁"), "甲, 乙, 丙, 等. 题[N]. ", "甲 et al., “题” [Title], "),
    ],
)
def test_authors_in_one_script_and_both(authors: tuple[str, ...], standard: str, note: str) -> None:
    masthead = replace(ARTICLE, title={"zh": "题", "en": "Title"}, authors=authors)
    assert gbt7714(masthead, PEOPLES_DAILY) == f"{standard}人民日报, 1959-11-24(2)."
    assert chicago(masthead, PEOPLES_DAILY) == (
        f"{note}People's Daily (Renmin ribao), November 24, 1959, 2."
    )


def test_an_article_in_english_alone_is_named_in_english() -> None:
    authors = ("A B", "C D", "E F", "G H")
    masthead = replace(REPRINT, title={"en": "Are You There?"}, authors=authors)
    assert gbt7714(masthead, PEOPLES_DAILY) == (
        "A B, C D, E F, et al. Are You There?[N]. People's Daily (Renmin ribao), 1959-12-01."
    )
    assert chicago(masthead, PEOPLES_DAILY) == (
        "A B et al., “Are You There?,” People's Daily (Renmin ribao), December 1, 1959."
    )


def test_a_newspaper_keeps_the_name_it_is_given() -> None:
    assert newspaper_name("人民日报", "zh") == "人民日报"
    assert newspaper_name("人民日报", "en") == "People's Daily (Renmin ribao)"
    assert newspaper_name("厂报", "en") == newspaper_name("厂报", "zh") == "厂报"


def test_a_permalink_counts_in_the_original() -> None:
    place = "?article=1959-11-24.p2.0123456789"
    assert permalink(CITATIONS[0]) == f"{place}&from=4&to=12"
    assert permalink(replace(CITATIONS[0], counterpart=None)) == place
    odd = replace(CITATIONS[1], masthead=replace(ARTICLE, article_id="a&b=c) d\n"))
    assert permalink(odd) == "?article=a%26b%3Dc%29+d%0A&from=20&to=36"


# -- Markdown

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@given(TEXTS)
def test_escaped_markdown_shows_the_text_and_nothing_else(text: str) -> None:
    tokens = MARKDOWN.parse(escape_markdown(text))
    assert {token.type for token in tokens} <= {"paragraph_open", "inline", "paragraph_close"}
    children = [child for token in tokens for child in token.children or ()]
    assert {child.type for child in children} <= {"text", "softbreak"}
    shown = "\n".join(
        "".join(child.content or "\n" for child in token.children or ())
        for token in tokens
        if token.type == "inline"
    )
    lines = [one_line(line) for line in re.split(r"\r\n?|\n", text)]
    assert [line.strip() for line in shown.split("\n") if line.strip()] == [
        line.strip() for line in lines if line.strip()
    ]


@given(TEXTS)
def test_a_markdown_export_links_to_its_articles_alone(text: str) -> None:
    tokens = MARKDOWN.parse(export(hostile(text), "markdown", text))
    inline = [child for token in tokens for child in token.children or ()]
    links = {child.attrs["href"] for child in inline if child.type == "link_open"}
    place = f"?article={ARTICLE.article_id}"
    assert links == {f"{place}&from=0&to={len(text)}"}
    types = {token.type for token in [*tokens, *inline]}
    assert not types & {"image", "html_inline", "html_block", "fence", "code_block", "table_open"}
    assert sum(token.type == "heading_open" for token in tokens) == 2


@pytest.mark.parametrize(
    "bare", ["http://evil.example", "HTTPS://evil.example", "www.evil.example"]
)
def test_a_bare_address_is_no_link_to_a_dialect_that_links_them(bare: str) -> None:
    assert not re.search(r"https?://|www\.", escape_markdown(f"see {bare}"), re.I)


def test_sentences_keep_the_space_between_them() -> None:
    text = "One is so.[1] Two is so.[2] Three is not. Four is so.[2]"
    verdicts = tuple(
        Verdict(sentence, support, "")
        for sentence, support in [
            ("One is so.[1]", "supported"),
            ("Two is so.[2]", "supported"),
            ("Three is not.", "unsupported"),
            ("Four is so.[2]", "supported"),
        ]
    )
    shown = export(replace(ANSWER, text=text, verdicts=verdicts), "markdown", PEOPLES_DAILY)
    wanted = r"One is so.\[1\] Two is so.\[2\] Three is not. *(not supported)*  Four is so.\[2\]"
    assert shown.split("\n")[2] == wanted


# -- BibTeX

COMMANDS = {
    r"{\textbackslash}": "\\",
    r"{\textbraceleft}": "{",
    r"{\textbraceright}": "}",
    r"{\textasciicircum}": "^",
    r"{\textasciitilde}": "~",
    **{f"\\{character}": character for character in "$&#%_"},
}
COMMAND = re.compile("|".join(map(re.escape, COMMANDS)))


def as_tex_prints(value: str) -> str:
    return COMMAND.sub(lambda match: COMMANDS[match[0]], value)


def bare(text: str) -> str:
    """Without white space, which BibTeX folds in its own way."""
    return "".join(one_line(text).split())


def parsed(text: str) -> BibliographyData:
    return parse_string(text, "bibtex")


@given(TEXTS)
def test_escaped_tex_is_balanced_and_says_the_same(text: str) -> None:
    escaped = escape_tex(text)
    depth = 0
    for character in escaped:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0
    assert as_tex_prints(escaped) == one_line(text)
    assert not set("\\{}$&#%_^~") & set(COMMAND.sub("", escaped))


@given(TEXTS)
def test_bibtex_reads_back_as_it_was(text: str) -> None:
    data = parsed(bibtex(hostile(text).citations, text))
    assert list(data.entries) == [ARTICLE.article_id]
    entry = data.entries[ARTICLE.article_id]
    read = {name: bare(as_tex_prints(value)) for name, value in entry.fields.items()}
    assert read["annote"].count(f"“{bare(text)}”") >= 4
    if bare(text):
        (author,) = entry.persons["author"]
        assert bare(as_tex_prints(str(author)[1:-1])) == bare(text)
        assert bare(as_tex_prints(entry.fields["title"][1:-1])) == bare(text)
        assert read["titleaddon"] == f"[{bare(text)}]"
        assert read["journal"] == bare(text)
    assert set(entry.fields) <= {
        "title", "titleaddon", "journal", "entrysubtype", "year", "month", "day", "pages", "annote",
    }  # fmt: skip


def test_an_article_cited_twice_is_one_entry_and_a_reprint_another() -> None:
    data = parsed(bibtex(CITATIONS, PEOPLES_DAILY))
    assert list(data.entries) == [ARTICLE.article_id, REPRINT.article_id]
    assert "pages" not in data.entries[REPRINT.article_id].fields
    assert "author" not in data.entries[REPRINT.article_id].persons


# -- notes and JSON


@given(TEXTS, st.sampled_from(["gbt7714", "chicago"]))
def test_no_text_can_forge_a_note(text: str, form: Format) -> None:
    lines = export(hostile(text), form, PEOPLES_DAILY).splitlines()
    assert len(lines) == 8
    for number, line in enumerate(lines):
        assert line.startswith("    ") == (number % 4 != 0)
        assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line)


@given(TEXTS)
def test_any_text_comes_back_from_json(text: str) -> None:
    document = json.loads(jsonout.dumps(jsonout.answer_document(hostile(text))))
    assert document["question"] == document["answer"] == text
    for citation in document["citations"]:
        assert citation["title"] == {"zh": text, "en": text}
        assert citation["authors"] == [text]
        assert citation["quote"]["text"] == citation["counterpart"]["text"] == text
