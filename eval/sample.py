"""Known-item cases from an archive itself: what it holds is known, so what to find is too.

A sentence that states a number is drawn, the number is taken out and asked for in the sentence's
own words; where the article has a translation, the same is asked in the other language. A quarter
of the questions are about articles that are held out while they are asked, so that nothing answers
them. After Azzopardi, de Rijke and Balog, "Building simulated queries for known-item topics" (SIGIR
2007). Such questions are easier than people's: they share their words with the article.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from eval.cases import BadCases, Case, GoldQuote
from rag.archive import Archive
from rag.corpus.sentences import split_sentences
from rag.numerals import Numeral, find_numerals
from rag.types import Article, Language, Passage, Span, Text

HELD_OUT = 4  # one question in so many
_ASKED: dict[Language, str] = {"zh": "多少", "en": "how many"}
_LENGTHS: dict[Language, tuple[int, int]] = {"zh": (12, 120), "en": (40, 400)}
_LEAST: dict[Language, int] = {"zh": 14, "en": 50}  # code points of a question
_CLAUSE = re.compile(r"(?<=[，；：。！？,;:])\s*(?!\d)")
_EDGES = " \t\n，；：。！？、,;:.!?…“”‘’\"'（）()—"
# A number before one of these, or after one, is a date, a clock, a name or part of a list.
_NO_COUNT_AFTER = re.compile(
    r"\s?(?:[年月日号时点届版路厂]|车间|多?[到至]|to\b|st\b|nd\b|rd\b|th\b|o'clock|s\b|[-/–、])",
    re.I,
)
_NO_COUNT_BEFORE = re.compile(
    r"(?:第|[-/–、]|No\. ?|(?:Workshop|January|February|March|April|May|June|July|August|September"
    r"|October|November|December|in|since|of|the) )$"
)
# What a number is bounded by; the question asks for the number alone.
_BOUND = re.compile(
    r"(?:\b(?:more than|over|nearly|about|almost|some|the|these) |(?<![最附])近|[约达这])+$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Fact:
    """A sentence of an article in each of its languages, and the question made of each."""

    article: Article
    quotes: tuple[GoldQuote, ...]
    questions: tuple[tuple[Language, str, Numeral], ...]


def sample_cases(archive: Archive, number: int, seed: int = 0) -> list[Case]:
    """Up to `number` questions, each in every language its article has.

    The same archive, number and seed give the same cases. An article gives one question as long
    as there are others; a quarter of them is held out of the archive when its question is asked.

    Raises:
        BadCases: no sentence of the archive can be asked about.
    """
    rng = random.Random(seed)  # noqa: S311 - for drawing, not for secrets
    passages = archive.passages()
    ids = sorted({passage.masthead.article_id for passage in passages})
    rng.shuffle(ids)
    facts = [_facts(archive.article(each), rng) for each in ids[: 20 * number]]
    chosen: list[_Fact] = []
    while len(chosen) < number and any(facts):
        for own in facts:
            fact = next((f for f in _drained(own) if not _elsewhere(f, passages)), None)
            if fact and len(chosen) < number:
                chosen.append(fact)
    if not chosen:
        raise BadCases(
            "no sentence of the archive states a number that can be asked for",
            "write cases of your own, see docs/cases.md",
        )
    return [
        case
        for place, fact in enumerate(chosen, start=1)
        for case in _cases(fact, f"sample-{place:04}", held_out=place % HELD_OUT == 0)
    ]


def _drained(facts: list[_Fact]) -> Iterator[_Fact]:
    while facts:
        yield facts.pop()


def _cases(fact: _Fact, pair: str, held_out: bool) -> Iterator[Case]:
    article = fact.article.masthead.article_id
    for language, question, numeral in fact.questions:
        yield Case(
            f"{pair}.{language}",
            question,
            language,
            answerable=not held_out,
            kind="how_many",
            pair=pair if len(fact.questions) > 1 else None,
            why_not="absent" if held_out else None,
            held_out=(article,) if held_out else (),
            articles=() if held_out else (article,),
            gold=() if held_out else fact.quotes,
            answers=() if held_out else _answers(numeral),
        )


def _answers(numeral: Numeral) -> tuple[str, ...]:
    """The number as it stands, and in figures."""
    figures = (str(numeral.value),) if numeral.value.denominator == 1 else ()
    return tuple(dict.fromkeys((numeral.text, *figures)))


def _facts(article: Article, rng: random.Random) -> list[_Fact]:
    """What can be asked of an article, in an order drawn by lot."""
    text = article.original
    spans = split_sentences(text.body, text.language)
    rng.shuffle(spans)
    return [fact for span in spans if (fact := _fact(article, text, span))]


def _fact(article: Article, text: Text, span: Span) -> _Fact | None:
    sentence = text.body[span.start : span.end]
    asked = _question(sentence, text.language)
    if asked is None:
        return None
    name = article.masthead.article_id
    quotes = [GoldQuote(name, text.language, sentence)]
    questions = [(text.language, *asked)]
    across = _translated(article, text.language, span)
    if across:
        quotes.append(GoldQuote(name, *across))
        there = _question(across[1], across[0], asked[1])
        if there:
            questions.append((across[0], *there))
    return _Fact(article, tuple(quotes), tuple(questions))


def _translated(article: Article, language: Language, span: Span) -> tuple[Language, str] | None:
    """The sentence in the other language, where the two are paired one to one."""
    for pair in article.pairs:
        here, there = (pair.zh, pair.en) if language == "zh" else (pair.en, pair.zh)
        other: Language = "en" if language == "zh" else "zh"
        text = article.text(other)
        if here == span and there and text:
            return other, text.body[there.start : there.end]
    return None


def _question(
    sentence: str, language: Language, wanted: Numeral | None = None
) -> tuple[str, Numeral] | None:
    """A question for a number of the sentence, and that number; for one like `wanted` if given."""
    shortest, longest = _LENGTHS[language]
    if not shortest <= len(sentence) <= longest:
        return None
    for numeral in find_numerals(sentence):
        if not _countable(numeral, sentence):
            continue
        if wanted is None or numeral.value == wanted.value:
            return _cloze(sentence, numeral, language), numeral
    return None


def _countable(numeral: Numeral, sentence: str) -> bool:
    before, after = sentence[: numeral.start], sentence[numeral.end :]
    return (
        numeral.value >= 2
        and not (numeral.ordinal or numeral.unit)
        and not _NO_COUNT_AFTER.match(after)
        and not _NO_COUNT_BEFORE.search(before[-12:])
    )


def _cloze(sentence: str, numeral: Numeral, language: Language) -> str:
    """The clause around the number, with its neighbours until it is long enough, as a question."""
    cuts = [0, *(match.start() for match in _CLAUSE.finditer(sentence)), len(sentence)]
    end = next(cut for cut in cuts if cut >= numeral.end)
    starts = [cut for cut in cuts if cut <= numeral.start]
    least = _LEAST[language]
    start = next((cut for cut in reversed(starts) if end - cut >= least), 0)
    end = next((cut for cut in cuts if cut >= end and cut - start >= least), end)
    before = _BOUND.sub("", sentence[start : numeral.start])
    asked = f"{before}{_ASKED[language]}{sentence[numeral.end : end]}".strip(_EDGES)
    return asked + ("？" if language == "zh" else "?")


def _elsewhere(fact: _Fact, passages: Sequence[Passage]) -> bool:
    """Whether another article has the same sentence: a reprint would answer as well."""
    own = fact.article.masthead.article_id
    return any(
        fact.quotes[0].text in passage.text
        for passage in passages
        if passage.masthead.article_id != own
    )
