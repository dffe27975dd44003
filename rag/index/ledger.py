"""The ledger: sources, articles, pairs, passages and vectors in SQLite. It is the truth.

Everything else in an archive can be made again from it. One connection serves all threads of a
process behind a lock; another process may read while one writes (write-ahead log).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt

from rag.errors import LedgerError
from rag.index.census import Census
from rag.index.database import BACK, unpacking
from rag.index.packing import (
    Prepared,
    Row,
    pack_pair,
    pack_passage,
    pack_text,
    unpack_masthead,
    unpack_pair,
    unpack_text,
    unpack_vector,
)
from rag.types import Article, Language, Masthead, Pair, Passage

FILE = "ledger.sqlite"

Keys = npt.NDArray[np.int64]
Vectors = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as the ledger knows it."""

    root: str
    source: str
    sha256: str
    article_id: str | None
    error: str
    languages: str = ""
    """Of the texts it holds, as `zh en`."""


class Ledger(Census):
    """The ledger of the archive in `home`, made where there is none."""

    def __init__(self, home: Path) -> None:
        """Opens the ledger.

        Raises:
            LedgerError: the file is damaged, or from a newer jiubao, or cannot be written; or it
                is gone, and there is an index that was made from it.
        """
        path = home / FILE
        empty = not path.exists() or path.stat().st_size == 0
        if empty and (home / "index" / "catalog.json").exists():
            # SQLite would make an empty ledger of it, and the next command an empty index.
            raise LedgerError(
                f"the archive's ledger {path} is gone, though its index is there",
                f"{BACK}; to begin anew, delete {home / 'index'}",
            )
        super().__init__(path)

    # -- sources

    def source(self, root: str, source: str) -> Source | None:
        """A file by what was ingested and its path below it."""
        found = self._sources("WHERE root = ? AND source = ?", (root, source))
        return found[0] if found else None

    def sources(self, root: str | None = None) -> list[Source]:
        """All files, or those of one ingested path, in order."""
        where, values = ("WHERE root = ?", (root,)) if root is not None else ("", ())
        return self._sources(f"{where} ORDER BY root, source", values)

    def sources_of(self, article_id: str) -> list[Source]:
        """The files that hold an article, in order."""
        return self._sources("WHERE article_id = ? ORDER BY root, source", (article_id,))

    def failures(self) -> list[Source]:
        """Files that could not be read when last seen."""
        return self._sources("WHERE error != '' ORDER BY root, source", ())

    def _sources(self, clause: str, values: Sequence[str]) -> list[Source]:
        columns = "root, source, sha256, article_id, error, languages"
        sql = f"SELECT {columns} FROM sources {clause}"  # noqa: S608
        return [Source(*row) for row in self._all(sql, values)]

    def put_failure(self, root: str, source: str, sha256: str, error: str) -> None:
        """Notes that a file could not be read. What it held before stays in the archive."""
        self._all(
            "INSERT INTO sources (root, source, sha256, error) VALUES (?, ?, ?, ?) "
            "ON CONFLICT DO UPDATE SET sha256 = excluded.sha256, error = excluded.error",
            (root, source, sha256, error),
        )
        known = self.source(root, source)
        if known and known.article_id:
            self.seal(known.article_id)

    def put_source(
        self, root: str, source: str, sha256: str, article_id: str, languages: Iterable[Language]
    ) -> None:
        """Notes which article a file holds, and in which languages."""
        self._all(
            "INSERT OR REPLACE INTO sources VALUES (?, ?, ?, ?, ?, '')",
            (root, source, sha256, article_id, " ".join(languages)),
        )

    def remove_source(self, root: str, source: str) -> None:
        """Forgets a file, and of its article every text that no other file holds."""
        known = self.source(root, source)
        self._all("DELETE FROM sources WHERE root = ? AND source = ?", (root, source))
        if known is None or known.article_id is None:
            return
        article_id = known.article_id
        rest = self._all("SELECT languages FROM sources WHERE article_id = ?", (article_id,))
        if not rest:
            self._all("DELETE FROM articles WHERE article_id = ?", (article_id,))
            return
        held = {language for (languages,) in rest for language in languages.split()}
        for (language,) in self._all(
            "SELECT language FROM texts WHERE article_id = ?", (article_id,)
        ):
            if language not in held:
                clause = "WHERE article_id = ? AND language = ?"
                self._all(f"DELETE FROM texts {clause}", (article_id, language))  # noqa: S608
                self._all(f"DELETE FROM passages {clause}", (article_id, language))  # noqa: S608
                self._all(
                    "UPDATE articles SET pairs = '[]', title = json_remove(title, '$.' || ?2) "
                    "WHERE article_id = ?1",
                    (article_id, language),
                )
        self.name_source(article_id)

    def languages_held(self, article_id: str, without: tuple[str, str]) -> set[str]:
        """Languages in which files other than `without` (root, source) hold an article."""
        sql = "SELECT root, source, languages FROM sources WHERE article_id = ?"
        rows = self._all(sql, (article_id,))
        return {
            language
            for root, source, languages in rows
            if (root, source) != without
            for language in languages.split()
        }

    def name_source(self, article_id: str) -> None:
        """Settles the file an article is cited from: that with most of its texts, then by name.

        What is written of an article ends with this: it is sealed as it stands.
        """
        self._all(
            "UPDATE articles SET source = (SELECT source FROM sources WHERE article_id = ?1 "
            "ORDER BY length(languages) DESC, source, root LIMIT 1) WHERE article_id = ?1",
            (article_id,),
        )
        self.seal(article_id)

    # -- articles

    def put_article(self, article: Article, passages: Sequence[Prepared], prepared: str) -> None:
        """Writes an article whole, in place of what was there under its id.

        Its source must have been put before: the masthead names the best of an article's files.
        """
        head = article.masthead
        self._all("DELETE FROM articles WHERE article_id = ?", (head.article_id,))
        self._all(
            "INSERT INTO articles VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                head.article_id,
                head.published.isoformat(),
                head.page,
                head.section,
                json.dumps(head.authors, ensure_ascii=False),
                json.dumps(dict(head.title), ensure_ascii=False),
                head.source,
                json.dumps([pack_pair(pair) for pair in article.pairs]),
                prepared,
            ),
        )
        with self._lock:
            self._db.executemany(
                "INSERT INTO texts VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [pack_text(head.article_id, text) for text in article.texts],
            )
            self._db.executemany(
                "INSERT INTO passages (passage_id, article_id, language, start, end, terms, vector)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [pack_passage(item) for item in passages],
            )
        self.name_source(head.article_id)

    def article(self, article_id: str) -> Article | None:
        """An article by its id."""
        heads = self.mastheads([article_id])
        if article_id not in heads:
            return None
        texts = self._all(
            "SELECT language, role, title, subtitle, dateline, headings, credits, body FROM texts "
            "WHERE article_id = ? ORDER BY role",
            (article_id,),
        )
        pairs = self._all("SELECT pairs FROM articles WHERE article_id = ?", (article_id,))
        with unpacking():
            return Article(
                heads[article_id],
                tuple(unpack_text(row) for row in texts),
                tuple(unpack_pair(pair) for pair in json.loads(pairs[0][0])),
            )

    def mastheads(self, article_ids: Iterable[str]) -> dict[str, Masthead]:
        """Mastheads by id, those that are there."""
        sql = (
            "SELECT article_id, title, authors, published, page, section, source FROM articles "
            "WHERE article_id IN ({})"
        )
        with unpacking():
            return {row[0]: unpack_masthead(row) for row in self._in(sql, set(article_ids))}

    def article_ids(self, day: date | None = None) -> list[str]:
        """Every article, or those of one day's paper, by date and page."""
        where, values = ("WHERE published = ?", (day.isoformat(),)) if day else ("", ())
        sql = f"SELECT article_id FROM articles {where} ORDER BY published, page, article_id"  # noqa: S608
        return [row[0] for row in self._all(sql, values)]

    def pairs(self, article_ids: Iterable[str]) -> dict[str, tuple[Pair, ...]]:
        """The pairs of those of the articles that have two texts."""
        sql = (
            "SELECT article_id, pairs FROM articles JOIN texts USING (article_id) "
            "WHERE article_id IN ({}) GROUP BY article_id HAVING count(*) > 1"
        )
        with unpacking():
            found = self._in(sql, set(article_ids))
            return {name: tuple(map(unpack_pair, json.loads(pairs))) for name, pairs in found}

    def stale_articles(self, prepared: str) -> dict[str, str]:
        """Articles whose passages were made with another encoder, chunking or index terms, each
        with the fingerprint of those."""
        sql = "SELECT article_id, prepared FROM articles WHERE prepared != ? ORDER BY article_id"
        return dict(self._all(sql, (prepared,)))

    # -- passages

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """Passages by key, those that are still there."""
        # Cut by SQLite, lest every passage of a long article brings the whole body with it. It
        # counts code points, up to a NUL, which no text here holds.
        sql = (
            "SELECT p.key, p.passage_id, p.article_id, p.language, p.start, p.end, "
            "substr(t.body, p.start + 1, p.end - p.start) "
            "FROM passages p JOIN texts t USING (article_id, language) WHERE p.key IN ({})"
        )
        rows = list(self._in(sql, map(int, keys)))
        heads = self.mastheads(row[2] for row in rows)
        with unpacking():
            return {
                key: Passage(passage_id, heads[article], language, start, end, text)
                for key, passage_id, article, language, start, end, text in rows
                if article in heads  # a removal may come between the two questions
            }

    def keys_of(self, article_ids: Iterable[str]) -> list[int]:
        """Keys of the passages of articles."""
        sql = "SELECT key FROM passages WHERE article_id IN ({})"
        return [row[0] for row in self._in(sql, article_ids)]

    def all_passages(self) -> list[Passage]:
        """Every passage, by key."""
        keys = [row[0] for row in self._all("SELECT key FROM passages ORDER BY key")]
        return list(self.passages(keys).values())

    def vectors(self, keys: Sequence[int]) -> dict[int, Vectors]:
        """Vectors by key, those that are still there."""
        sql = "SELECT key, vector FROM passages WHERE key IN ({})"
        with unpacking():
            return {key: unpack_vector(blob) for key, blob in self._in(sql, map(int, keys))}

    def rows(self, after: int, upto: int) -> Iterator[Row]:
        """What an index is built from: passages with `after < key <= upto`, by key."""
        sql = (
            "SELECT p.key, p.language, a.published, a.page, p.terms, p.vector FROM passages p "
            "JOIN articles a USING (article_id) WHERE p.key > ? AND p.key <= ? "
            "ORDER BY p.key LIMIT 2000"
        )
        while batch := self._all(sql, (after, upto)):
            for key, language, published, page, terms, blob in batch:
                with unpacking():
                    row = Row(
                        key, language, date.fromisoformat(published), page,
                        terms.split(), unpack_vector(blob),
                    )  # fmt: skip
                yield row
            after = batch[-1][0]

    def last_key(self) -> int:
        """The highest key ever given to a passage, 0 in an empty archive."""
        rows = self._all("SELECT seq FROM sqlite_sequence WHERE name = 'passages'")
        return int(rows[0][0]) if rows else 0

    def keys(self, after: int, upto: int) -> dict[str, set[int]]:
        """Keys of the passages with `after < key <= upto`, by language."""
        found: dict[str, set[int]] = {}
        for key, language in self._all(
            "SELECT key, language FROM passages WHERE key > ? AND key <= ?", (after, upto)
        ):
            found.setdefault(language, set()).add(key)
        return found

    def count_passages(self, after: int, upto: int) -> int:
        """Passages with `after < key <= upto`."""
        sql = "SELECT count(*) FROM passages WHERE key > ? AND key <= ?"
        return int(self._all(sql, (after, upto))[0][0])

    def removed_keys(self) -> Keys:
        """Keys that a segment of the index may hold and the archive does not, in order."""
        rows = self._all("SELECT key FROM removed ORDER BY key")
        return np.array([row[0] for row in rows], np.int64)

    def forget_removed(self, after: int, upto: int) -> None:
        """Says that no segment holds the removed keys of this range any more."""
        self._all("DELETE FROM removed WHERE key > ? AND key <= ?", (after, upto))

    def keys_by_author(self, author: str) -> Keys:
        """Keys of the passages of articles by an author, compared without case or spaces."""
        wanted = _plain(author)
        ids = [
            article_id
            for article_id, authors in self._all(
                "SELECT article_id, authors FROM articles WHERE authors != '[]'"
            )
            if wanted in {_plain(name) for name in json.loads(authors)}
        ]
        return np.array(sorted(self.keys_of(ids)), np.int64)


def _plain(name: str) -> str:
    return "".join(name.split()).casefold()
