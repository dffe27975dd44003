"""Passages: offsets, sizes, paragraphs and headings; then properties on all the data."""

from __future__ import annotations

import tarfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rag.corpus.chunker import SHORT_PARAGRAPH, Counter, chunk, context
from rag.corpus.reader import read_article
from rag.corpus.sentences import split_sentences
from rag.index.encoder import Encoder
from rag.types import Article, Heading, Language, Masthead, Passage, Text

SHARED = Path(__file__).parents[3] / "shared"
SEEDS = Path(__file__).parents[2] / "seeds"


def characters(texts: Sequence[str]) -> list[int]:
    """A counter for which a whole costs more than its parts: the gaps count."""
    return [len(text) for text in texts]


def framed(texts: Sequence[str]) -> list[int]:
    """A counter that adds two tokens to every text, as models do."""
    return [len(text) + 2 for text in texts]


def article(body: str, language: Language = "zh", headings: tuple[Heading, ...] = ()) -> Article:
    masthead = Masthead(
        "1959-11-24.p2.0a1b2c3d4e", {"zh": "题"}, (), date(1959, 11, 24), 2, "", "a.txt"
    )
    return Article(masthead, (Text(language, "original", "题", body, headings=headings),))


def cut(body: str, max_tokens: int, **others: object) -> list[str]:
    made = article(body, **others)  # type: ignore[arg-type]
    return [passage.text for passage in chunk(made, made.original, characters, max_tokens)]


def check(made: Article, text: Text, count: Counter, most: int) -> list[Passage]:
    passages = chunk(made, text, count, most)
    at = 0
    for passage in passages:
        assert at <= passage.start < passage.end
        assert not text.body[at : passage.start].strip()
        assert text.body[passage.start : passage.end] == passage.text == passage.text.strip()
        assert passage.masthead is made.masthead
        assert passage.passage_id.endswith(f".{text.language}.{passage.start}-{passage.end}")
        crossed = {h.offset for h in text.headings} & set(range(passage.start + 1, passage.end))
        assert not crossed
        at = passage.end
    assert not text.body[at:].strip()
    counts = count([passage.text for passage in passages]) if passages else []
    assert all(n <= most or len(p.text) == 1 for n, p in zip(counts, passages, strict=True))
    return passages


def test_a_paragraph_is_a_passage() -> None:
    first, second = "甲" * 60 + "。" + "乙" * 60 + "。", "丙" * 80 + "。"
    assert cut(f"{first}\n{second}", 200) == [first, second]


def test_a_long_paragraph_is_cut_evenly_between_sentences() -> None:
    body = "".join(character * 39 + "。" for character in "甲乙丙丁戊己")
    assert [len(text) for text in cut(body, 200)] == [120, 120]
    assert [len(text) for text in cut(body, 120)] == [120, 120]
    assert [len(text) for text in cut(body, 90)] == [80, 80, 80]


def test_short_paragraphs_are_joined_to_the_next_and_the_last_to_the_one_before() -> None:
    short, long = "短。", "长" * SHORT_PARAGRAPH + "。"
    assert cut(f"{short}\n{short}\n{long}\n{long}", 300) == [f"{short}\n{short}\n{long}", long]
    assert cut(f"{long}\n{long}\n{short}", 300) == [long, f"{long}\n{short}"]
    assert cut(f"{short}\n{long}", 50) == [short, long]


def test_nothing_is_joined_across_a_heading() -> None:
    body = "短。\n短。\n短。"
    assert cut(body, 300, headings=(Heading(3, "小标题"),)) == ["短。", "短。\n短。"]
    assert cut(body, 300, headings=(Heading(3, "一"), Heading(6, "二"))) == ["短。"] * 3


def test_a_sentence_that_is_too_long_is_cut_at_a_clause_a_space_or_anywhere() -> None:
    clauses = "，".join("工人们干劲十足地生产" for _ in range(6)) + "。"
    assert all(text.endswith(("，", "。")) for text in cut(clauses, 40))
    words = " ".join(["production"] * 20) + "."
    assert all(text.strip(".").split()[-1] == "production" for text in cut(words, 60))
    assert cut("字" * 100, 30) == ["字" * 25] * 4
    assert cut("字，", 1) == ["字", "，"]


def test_tokens_added_to_every_text_are_not_summed() -> None:
    made = article("一二三。四五六。七八九。" * 3)
    assert [len(p.text) for p in chunk(made, made.original, framed, 38)] == [36]
    assert [len(p.text) for p in chunk(made, made.original, framed, 37)] == [20, 16]


def test_tokens_are_counted_in_batches() -> None:
    calls: list[int] = []

    def counting(texts: Sequence[str]) -> list[int]:
        calls.append(len(texts))
        return characters(texts)

    made = article("\n".join("一句话，两句话。" * 20 for _ in range(50)))
    chunk(made, made.original, counting, 100)
    assert len(calls) == 2


def test_nothing_makes_no_passage_and_no_budget_is_an_error() -> None:
    assert cut("", 10) == cut(" \n ", 10) == []
    with pytest.raises(ValueError, match="max_tokens"):
        cut("字。", 0)


def test_context_carries_title_and_nearest_heading_above() -> None:
    made = article("首段。\n次段。\n末段。", headings=(Heading(4, "甲"), Heading(8, "乙")))
    first, second, third = chunk(made, made.original, characters, 50)
    assert context(first, made.original) == "题\n首段。"
    assert context(second, made.original) == "题 甲\n次段。"
    assert context(third, made.original) == "题 乙\n末段。"
    assert context(first, Text("zh", "original", "", "首段。")) == "首段。"


BODIES = st.lists(
    st.sampled_from(
        [*'。！？；，、“”（）".!? \n字', "工人", "work ", "3.5", "U.S. ", "……", "甲乙丙丁戊己庚辛"]
    ),
    max_size=80,
).map("".join)


@settings(max_examples=200, deadline=None)
@given(
    BODIES,
    st.sampled_from(["zh", "en"]),
    st.sampled_from([characters, framed]),
    st.integers(3, 80),
    st.sets(st.integers(0, 9), max_size=3),
)
def test_properties_hold_on_any_text(
    body: str, language: Language, count: Counter, most: int, headed: set[int]
) -> None:
    starts = [i for i in range(1, len(body)) if body[i - 1] == "\n"]
    headings = tuple(Heading(start, "题") for n, start in enumerate(starts) if n in headed)
    made = article(body, language, headings)
    check(made, made.original, count, most)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    return Encoder.load("bundled")


def whole_sentences(made: Article, count: Counter, most: int) -> None:
    """All properties, and no passage cuts a sentence that fits."""
    for text in made.texts:
        passages = check(made, text, count, most)
        edges = {passage.start for passage in passages}
        sentences = split_sentences(text.body, text.language)
        counts = count([text.body[start:end] for start, end in sentences])
        for (start, end), tokens in zip(sentences, counts, strict=True):
            assert tokens > most or not edges & set(range(start + 1, end))


@pytest.mark.parametrize("most", [64, 256])
def test_properties_hold_on_the_seeds(encoder: Encoder, most: int) -> None:
    for path in sorted(SEEDS.glob("*.txt")):
        whole_sentences(read_article(path.read_bytes(), path.name), encoder.count_tokens, most)


@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared")
def test_properties_hold_on_the_bench(encoder: Encoder) -> None:
    bench = SHARED / "bench"
    sources = [
        p.read_bytes() for p in sorted((bench / "xquad").rglob("*")) if p.suffix in {".md", ".txt"}
    ]
    with tarfile.open(bench / "news-zh-20k.tar.xz") as news:
        for member in news:
            if member.isfile() and (taken := news.extractfile(member)) is not None:
                sources.append(taken.read())
            if len(sources) == 1000:
                break
    for data in sources:
        whole_sentences(read_article(data, "bench"), encoder.count_tokens, 200)
