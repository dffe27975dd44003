"""Calibrates how near a statement has to be to its quote: `python -m eval.similarity`.

True pairs are the aligned sentences of the seeds and of the bilingual XQuAD articles; in one
language, a sentence and its longest clause. False pairs are a sentence and another of the same
article. The least cosine admitted is the 2nd percentile of the true pairs. Writes
`rag/answer/similarity.toml` and prints what share of the false pairs each bound keeps out.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from eval.xquad import CELLS, default_folder
from rag import Archive
from rag.answer.verify import FILE
from rag.config import load_settings
from rag.errors import JiubaoError
from rag.language import by_languages
from rag.types import Article, Language

# Share of the true pairs that the bound may refuse.
_REFUSED = 0.02
_CLAUSE = re.compile(r"[，,；;：:]\s*")
_SHORTEST: dict[Language, int] = {"zh": 8, "en": 30}
_SEEDS = Path(__file__).resolve().parents[1] / "seeds"


def main() -> int:
    """Calibrates and writes; 1 where the benchmark is not there."""
    try:
        with TemporaryDirectory() as folder:
            archive = Archive.open(settings=load_settings(home=Path(folder) / "home"))
            archive.ingest([_SEEDS, default_folder() / "bilingual"])
            names = sorted({passage.masthead.article_id for passage in archive.passages()})
            articles = [archive.article(name) for name in names]
            least = calibrate(archive, articles)
            archive.close()
    except JiubaoError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1
    head = "# Calibrated by `python -m eval.similarity`: least cosine, statement-quote.\n[least]\n"
    FILE.write_text(head + "".join(f"{k} = {v}\n" for k, v in least.items()), "utf-8")
    return 0


def aligned(article: Article) -> list[dict[Language, str]]:
    """The sentences of an article that answer each other, one to one."""
    zh, en = article.text("zh"), article.text("en")
    if not zh or not en:
        return []
    return [
        {"zh": zh.body[pair.zh.start : pair.zh.end], "en": en.body[pair.en.start : pair.en.end]}
        for pair in article.pairs
        if pair.zh and pair.en
    ]


def calibrate(archive: Archive, articles: Sequence[Article]) -> dict[str, float]:
    """The bounds by pair of languages."""
    least = {}
    groups = [pairs for article in articles if len(pairs := aligned(article)) > 1]
    for said, held in CELLS:
        true, false = [], []
        for pairs in groups:
            rows = [(_said(pair[said], said, held), pair[held]) for pair in pairs]
            one = archive.encoder.encode_passages([statement for statement, _ in rows])
            other = archive.encoder.encode_passages([quote for _, quote in rows])
            cosines = one @ other.T
            true += np.diag(cosines).tolist()
            false += cosines[~np.eye(len(rows), dtype=bool)].tolist()
        bound = round(float(np.quantile(true, _REFUSED)), 3)
        pair = by_languages(said, held)
        least[pair] = bound
        kept = float(np.mean(np.array(false) < bound))
        print(f"{pair}: {bound} ({len(true)} pairs; keeps out {kept:.1%} of the others)")  # noqa: T201
    return least


def _said(sentence: str, said: Language, held: Language) -> str:
    """The sentence, or in its own language its longest clause."""
    if said != held:
        return sentence
    clauses = [part for part in _CLAUSE.split(sentence) if len(part) >= _SHORTEST[said]]
    return max(clauses, key=len, default=sentence)


if __name__ == "__main__":
    sys.exit(main())
