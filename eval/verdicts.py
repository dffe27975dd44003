"""Measures verification on translated sentences, true and with one slot changed:
`python -m eval.verdicts`.

A statement is a sentence of the seeds' translation, cited to the original sentence alone, and the
other way round. Then one number, listed name or negation of it is changed. Prints how many are
supported, partial and unsupported; a changed statement that is supported is printed whole.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import starmap
from pathlib import Path
from tempfile import TemporaryDirectory

from rag import Archive
from rag.answer.cite import quote
from rag.answer.claims import split_claims
from rag.answer.verify import verify
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.numerals import find_numerals
from rag.retrieve.calibrate import likenesses
from rag.types import LANGUAGES, Article, Citation, Language, Verdict

_SEEDS = Path(__file__).resolve().parents[1] / "seeds"
# Each name becomes the next one; none of the seeds' own places stands for another.
_NAMES: dict[Language, dict[str, str]] = {
    "zh": {
        "天津": "沈阳", "重庆": "武汉", "嘉兴": "绍兴", "红桥": "和平", "云南": "山西",
        "廖世刚": "王大明", "太原": "长沙", "唐山": "昆明", "新华社": "路透社", "华北": "西北",
    },
    "en": {
        "Tianjin": "Shenyang", "Chongqing": "Wuhan", "Jiaxing": "Shaoxing", "Hongqiao": "Heping",
        "Yunnan": "Shanxi", "Liao Shigang": "Wang Daming", "Taiyuan": "Changsha",
        "Tangshan": "Kunming", "North China": "Northwest China",
    },
}  # fmt: skip
_VERBS_ZH = ("实现", "提出", "完成", "召开", "提高", "出现", "组织", "解决")
_VERBS_EN = ("have", "has", "was", "were", "is", "must", "will")
_NEGATED: dict[Language, tuple[tuple[str, str], ...]] = {
    "zh": (
        ("没有", ""), ("不能", "能"), ("未", ""),
        *((verb, "没有" + verb) for verb in _VERBS_ZH),
        ("必须", "不必"), ("可以", "不能"),
    ),
    "en": (
        (" could not ", " could "), (" did not ", " did "), (" not ", " "),
        *((f" {verb} ", f" {verb} not ") for verb in _VERBS_EN),
        (" can ", " cannot "),
    ),
}  # fmt: skip


def main() -> int:
    """Prints the counts; 1 where the encoder cannot be loaded."""
    try:
        with TemporaryDirectory() as folder:
            archive = Archive.open(settings=load_settings(home=Path(folder) / "home"))
            archive.ingest([_SEEDS])
            names = sorted({passage.masthead.article_id for passage in archive.passages()})
            for said in LANGUAGES:
                _measure(archive, [archive.article(name) for name in names], said)
            archive.close()
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    return 0


def _measure(archive: Archive, articles: Sequence[Article], said: Language) -> None:
    held: Language = "en" if said == "zh" else "zh"
    pairs = [pair for article in articles for pair in _pairs(article, said, held)]
    kinds = {
        "true": pairs,
        "number": [(m, c) for s, c in pairs for m in _numbers(s)],
        "name": [(m, c) for s, c in pairs for m in _replaced(s, tuple(_NAMES[said].items()))],
        "negation": [(m, c) for s, c in pairs for m in _replaced(s, _NEGATED[said])],
    }

    cosines = partial(likenesses, archive.encoder)

    def judge(statement: str, citation: Citation) -> Verdict:
        whole = " ".join(statement.split())
        return verify(f"{whole}[1]", [citation], cosines)[0]

    for kind, rows in kinds.items():
        verdicts = list(starmap(judge, rows))
        counts = Counter(verdict.support for verdict in verdicts)
        print(f"{said} on {held}, {kind}: {len(rows)} {dict(counts)}")  # noqa: T201
        for verdict in verdicts:
            if kind != "true" and verdict.support == "supported":
                print(f"    {verdict.sentence}")  # noqa: T201


def _pairs(article: Article, said: Language, held: Language) -> Iterator[tuple[str, Citation]]:
    """Each sentence with the citation of its original (or translation) alone."""
    for pair in article.pairs:
        spans = {"zh": pair.zh, "en": pair.en}
        mine, theirs = spans[said], spans[held]
        if mine and theirs and _is_one(quote(article, said, mine).text):
            cited = Citation(1, article.masthead, quote(article, held, theirs), None)
            yield quote(article, said, mine).text, cited


def _is_one(text: str) -> bool:
    """Whether it is one statement: a mark behind two is none of the first."""
    return len(split_claims(" ".join(text.split()))) == 1


def _numbers(statement: str) -> Iterator[str]:
    """The statement with each of its numbers changed, one at a time."""
    for numeral in find_numerals(statement):
        if not numeral.ordinal:
            yield f"{statement[: numeral.start]}7,919{statement[numeral.end :]}"


def _replaced(statement: str, changes: Sequence[tuple[str, str]]) -> Iterator[str]:
    """The statement with the first thing found changed."""
    for old, new in changes:
        if re.search(re.escape(old), statement):
            yield statement.replace(old, new, 1)
            return


if __name__ == "__main__":
    sys.exit(main())
