"""Articles and passages made by hand, for the parts that need no encoder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest

from rag.index.ledger import Ledger
from rag.index.packing import Prepared
from rag.types import Article, Heading, Language, Masthead, Pair, Passage, Span, Text

DIMENSION = 16
FINGERPRINT = "model:16|chunks|cutter"

Fill = Callable[..., list[Article]]


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    """An empty ledger."""
    opened = Ledger(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def make_article() -> Callable[..., Article]:
    """Makes an article by number, in the languages given; number n is printed n days on."""

    def make(
        number: int, languages: Sequence[Language] = ("zh",), source: str = "", words: str = "钢铁"
    ) -> Article:
        day = date(1957, 1, 1) + timedelta(days=number)
        bodies: dict[Language, str] = {
            "zh": f"第{number}号工厂生产{words}。次句。",
            "en": f"Factory {number} makes {words}. Second sentence.",
        }
        texts = tuple(
            Text(
                language, "translation" if language == "en" and len(languages) > 1 else "original",
                f"{language} {number}", bodies[language], "副题", "新华社电",
                (Heading(0, "小标题"),), ("（原载）",),
            )
            for language in languages
        )  # fmt: skip
        pairs = (Pair(Span(0, 4), Span(0, 9), 0.875), Pair(Span(5, 8), None, 0.0))
        head = Masthead(
            f"{day}.p{number % 4 + 1}.{number:010x}",
            {text.language: text.title for text in texts},
            ("廖永祥", "Liao Yongxiang") if number % 5 == 0 else (),
            day, number % 4 + 1, "专栏", source or f"{number}.txt",
        )  # fmt: skip
        return Article(head, texts, pairs if len(texts) == 2 else ())

    return make


@pytest.fixture(scope="session")
def passages_of() -> Callable[[Article], list[Prepared]]:
    """Makes one passage of each of an article's texts, with a vector drawn by its id."""

    def make(article: Article) -> list[Prepared]:
        made = []
        for text in article.texts:
            name = f"{article.masthead.article_id}.{text.language}.0-{len(text.body)}"
            vector = np.random.default_rng(list(name.encode())).normal(size=DIMENSION)
            terms = text.body.lower().replace(".", "").split() if text.language == "en" else None
            made.append(
                Prepared(
                    Passage(
                        name, article.masthead, text.language, 0, len(text.body), text.body
                    ),
                    terms or list(text.body),
                    (vector / np.linalg.norm(vector)).astype(np.float32),
                )
            )  # fmt: skip
        return made

    return make


@pytest.fixture(scope="session")
def fill(
    make_article: Callable[..., Article], passages_of: Callable[[Article], list[Prepared]]
) -> Fill:
    """Writes articles by number into a ledger, each from a file of its own."""

    def write(
        ledger: Ledger, numbers: Sequence[int], languages: Sequence[Language] = ("zh",)
    ) -> list[Article]:
        made = [make_article(number, languages) for number in numbers]
        with ledger.transaction():
            for article in made:
                head = article.masthead
                ledger.put_source("/in", head.source, "hash", head.article_id, languages)
                ledger.put_article(article, passages_of(article), FINGERPRINT)
        return made

    return write
