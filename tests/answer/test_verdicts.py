"""Verdicts on the hand-written table, with the real encoder, and what must hold of any."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from fakes import WatchedEncoder
from hypothesis import given, settings
from hypothesis import strategies as st
from verdict_table import FALSE, QUOTES, TRUE

from rag.answer.claims import split_claims
from rag.answer.verify import LONGEST, MOST_COMPARED, load_least_similarity, verify
from rag.numerals import find_numerals
from rag.types import Citation, Language, Masthead, Quote, Verdict

Similarity = Callable[[Sequence[tuple[str, str]]], Sequence[float]]


def citation(name: str, mark: int = 1) -> Citation:
    """The citation a row names; with a side, of that side alone."""
    side, _, key = name.rpartition(":")
    published, zh, en = QUOTES[key]
    head = Masthead(f"{published}.p2.0123456789", {"zh": "题"}, (), published, 2, "", "a.txt")
    original = Quote("zh", "original", zh, 0, len(zh))
    translated = Quote("en", "translation", en, 0, len(en))
    quote, other = (original, translated) if side != "en" else (translated, original)
    return Citation(mark, head, quote, None if side else other)


def alike(pairs: Sequence[tuple[str, str]]) -> list[float]:
    """Every pair as near as can be: nearness alone must carry nothing."""
    return [1.0] * len(pairs)


@pytest.fixture(scope="session")
def cosines(encoder: WatchedEncoder) -> Similarity:
    """The real encoder's."""

    def measure(pairs: Sequence[tuple[str, str]]) -> list[float]:
        one = encoder.encode_passages([statement for statement, _ in pairs])
        other = encoder.encode_passages([quote for _, quote in pairs])
        products: list[float] = np.sum(one * other, axis=1).tolist()
        return products

    return measure


def judge(name: str, statement: str, similarity: Similarity | None) -> Verdict:
    (verdict,) = verify(f"{statement}[1]", [citation(name)], similarity)
    return verdict


@pytest.mark.parametrize(("name", "statement"), FALSE)
def test_a_false_statement_is_never_supported(name: str, statement: str) -> None:
    verdict = judge(name, statement, alike)
    assert verdict.support != "supported", verdict.reason
    assert verdict.reason


def test_most_true_paraphrases_are_supported(cosines: Similarity) -> None:
    found = [judge(name, statement, cosines).support for name, statement in TRUE]
    assert len(found) >= 40
    assert found.count("supported") >= 0.75 * len(found)
    assert found.count("unsupported") <= 0.05 * len(found)


def test_the_table_is_large_enough() -> None:
    assert len(FALSE) >= 60
    assert len(TRUE) + len(FALSE) >= 120


@pytest.mark.parametrize(
    "name", [f"{side}{name}" for side in ("", "zh:", "en:") for name in QUOTES]
)
def test_a_quotation_is_supported(name: str) -> None:
    quote = citation(name).quote.text
    assert judge(name, f"“{quote}”", None).support == "supported"
    assert judge(name, quote, None).reason == "quoted word for word"


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(QUOTES)), st.sampled_from(["zh", "en"]), st.data())
def test_any_other_number_in_a_quotation_is_not_supported(
    name: str, side: str, data: st.DataObject
) -> None:
    cited = citation(f"{side}:{name}")
    quote, year = cited.quote.text, cited.masthead.published.year
    numerals = find_numerals(quote)
    if not numerals:
        return
    numeral = data.draw(st.sampled_from(numerals))
    known = {n.value for n in find_numerals(quote)} | {year}  # October 24 was in October 1959
    other = data.draw(st.integers(61, 99_999).filter(lambda n: n not in known))
    changed = quote[: numeral.start] + str(other) + quote[numeral.end :]
    for statement in (changed, f"“{changed}”"):
        assert judge(f"{side}:{name}", statement, alike).support != "supported"


def test_the_year_of_the_newspaper_is_no_number_of_things() -> None:
    said = citation("en:liao").quote.text
    changed = said.replace("more than 60", "more than 1959")
    assert changed != said
    assert judge("en:liao", changed, alike).support == "unsupported"


def test_nearness_is_needed() -> None:
    name, statement = TRUE[0]
    assert judge(name, statement, alike).support == "supported"
    assert judge(name, statement, lambda pairs: [0.1] * len(pairs)).support == "partial"
    assert judge(name, statement, lambda pairs: [float("nan")] * len(pairs)).support == "partial"
    assert judge(name, statement, None).support == "partial"


def test_bounds_are_there_for_each_pair_of_languages() -> None:
    least = load_least_similarity()
    languages: tuple[Language, ...] = ("zh", "en")
    assert {*least} == {(said, held) for said in languages for held in languages}
    assert all(0.5 < bound < 1 for bound in least.values())


def test_what_no_one_quote_carries_is_partial() -> None:
    both = [citation("girls", 1), citation("profit", 2)]
    text = (
        "367 people were named Clever Girls, and thirteen factories in Jiaxing completed their "
        "profit plans ahead of schedule."
    )
    assert verify(f"{text}[1][2]", both, alike)[0].support == "partial"
    assert (
        verify("367 people were named Clever Girls.[1][2]", both, alike)[0].support == "supported"
    )


@pytest.mark.parametrize(
    ("statement", "support"),
    [
        ("The newspaper of 24 November 1959 reported more than 200,000 suggestions.", "supported"),
        ("On 24 November 1959 employees made more than 200,000 suggestions.", "partial"),
        ("On 25 November 1959 it reported more than 200,000 suggestions.", "unsupported"),
        ("The newspaper reported more than 200,000 suggestions on page 2.", "supported"),
        ("The newspaper reported more than 200,000 suggestions on page 3.", "unsupported"),
    ],
)  # fmt: skip
def test_the_masthead_says_when_it_was_published(statement: str, support: str) -> None:
    assert judge("hongqiao", statement, alike).support == support


def test_part_of_a_denied_sentence_does_not_affirm_it() -> None:
    assert judge("zh:workshop", "“增加工人”", alike).support != "supported"


def test_relative_dates_are_read_from_the_newspapers_day() -> None:
    statement = "廖世刚在1959年第一季度实现六十多项重大技术革新。"
    assert judge("zh:liao", statement, alike).support == "supported"
    earlier = statement.replace("1959", "1958")
    assert judge("zh:liao", earlier, alike).support == "unsupported"


def test_a_statement_too_long_to_check_is_not_supported() -> None:
    assert judge("hongqiao", "innovation " * LONGEST, alike).support == "unsupported"


def test_an_enormous_answer_gets_a_verdict_for_each_statement() -> None:
    text = "The district's employees put forward 300,000 suggestions. [1]\n" * 3_000
    assert len(verify(text, [citation("hongqiao")], alike)) == 3_000
    true = f"{TRUE[0][1]} [1]\n" * (MOST_COMPARED + 1)
    verdicts = verify(true, [citation("hongqiao")], alike)
    assert [v.support for v in verdicts] == ["supported"] * MOST_COMPARED + ["partial"]


_PIECES = [
    "[1]",
    "[7]",
    "“",
    "”",
    "-",
    "。",
    ".",
    "�",
    "12,",
    "第",
    "not",
    "【2】",
    "[99999999]",
    "%",
    "\n",
]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from([*(statement for _, statement in (*TRUE, *FALSE)), *_PIECES])
        | st.text(max_size=12),
        max_size=8,
    ).map("".join)
)  # fmt: skip
def test_one_verdict_a_statement_and_no_failure(text: str) -> None:
    cited = [citation("liao", 1), citation("zh:profit", 2)]
    quoted = [q.text for c in cited for q in (c.quote, c.counterpart) if q]
    verdicts = verify(text, cited, alike)
    assert [v.sentence for v in verdicts] == [c.sentence for c in split_claims(text, quoted)]
    assert all(verdict.reason and "\n" not in verdict.reason for verdict in verdicts)
