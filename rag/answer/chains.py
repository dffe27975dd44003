"""A link of a chain -> the chain. Pure.

The newspapers say of several things in turn what they have in common: 小组不能解决的，由车间解决；
车间不能解决的，由工厂解决. Such links are sentences to those that search and align
(`rag/corpus/sentences.py`), but to a reader one statement: what a link leaves out stands in the one
before it.
"""

from __future__ import annotations

import re

from rag.corpus.sentences import paragraph_sentences
from rag.language import words
from rag.types import Language, Span

# Words of the shorter of two links that the other has as well, where they say the same.
_SHARED = 0.5
# Characters of a chain that is quoted whole; in a longer one what was asked for is lost.
_LONGEST: dict[Language, int] = {"zh": 120, "en": 400}
_GOES_ON = re.compile(r"[;；][\s”’\"'」』）)]*$")


def whole_chain(body: str, language: Language, span: Span) -> Span:
    """From the first to the last of the links that a span is one of; the span where it is none,
    or the chain is too long to quote."""
    sentences, inside = paragraph_sentences(body, language, span)
    if not inside:
        return span
    texts = [body[sentence.start : sentence.end] for sentence in sentences]
    first, last = inside[0], inside[-1]
    while first > 0 and _linked(texts[first - 1], texts[first]):
        first -= 1
    while last + 1 < len(texts) and _linked(texts[last], texts[last + 1]):
        last += 1
    chain = Span(min(span.start, sentences[first].start), max(span.end, sentences[last].end))
    return chain if chain.end - chain.start <= _LONGEST[language] else span


def _linked(text: str, following: str) -> bool:
    if not _GOES_ON.search(text):
        return False
    one, other = set(words(text)), set(words(following))
    return len(one & other) >= _SHARED * min(len(one), len(other)) > 0
