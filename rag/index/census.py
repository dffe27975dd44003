"""What a ledger holds, counted, and proved to be what was written."""

from __future__ import annotations

import zlib
from datetime import date

from rag.errors import LedgerError
from rag.index.database import Database, unpacking

# Everything that is kept of an article.
_SEALED = (
    "SELECT published, page, section, authors, title, source, pairs, prepared FROM articles "
    "WHERE article_id = ?",
    "SELECT root, source, sha256, languages, error FROM sources WHERE article_id = ? "
    "ORDER BY root, source",
    "SELECT language, role, title, subtitle, dateline, headings, credits, body FROM texts "
    "WHERE article_id = ? ORDER BY language",
    'SELECT key, passage_id, language, start, "end", terms, vector FROM passages '
    "WHERE article_id = ? ORDER BY key",
)


class Census(Database):
    """A ledger's file with what can be said of all of it."""

    def counts(self) -> dict[str, int]:
        """Articles, passages, sources and failed sources."""
        tables = {
            "articles": "articles",
            "passages": "passages",
            "sources": "sources WHERE error = ''",
            "failed": "sources WHERE error != ''",
        }
        return {
            name: self._all(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608
            for name, table in tables.items()
        }

    def languages(self) -> dict[str, int]:
        """Texts by language."""
        return dict(
            self._all("SELECT language, count(*) FROM texts GROUP BY language ORDER BY 2 DESC")
        )

    def years(self) -> dict[int, int]:
        """Articles by year of publication, in order."""
        sql = "SELECT substr(published, 1, 4), count(*) FROM articles GROUP BY 1 ORDER BY 1"
        with unpacking():
            return {int(year): count for year, count in self._all(sql)}

    def period(self) -> tuple[date, date] | None:
        """The first and last day of publication, None in an empty archive."""
        first, last = self._all("SELECT min(published), max(published) FROM articles")[0]
        with unpacking():
            return (date.fromisoformat(first), date.fromisoformat(last)) if first else None

    # -- proof

    def seal(self, article_id: str) -> None:
        """Notes the checksum of an article as it stands, with its files, texts and passages."""
        self._all(
            "INSERT OR REPLACE INTO seals (article_id, crc32) "
            "SELECT article_id, ?2 FROM articles WHERE article_id = ?1",
            (article_id, self._checksum(article_id)),
        )

    def seal_missing(self) -> int:
        """Seals the articles that a jiubao before seals wrote; how many."""
        sealed = "SELECT article_id FROM seals"
        sql = f"SELECT article_id FROM articles WHERE article_id NOT IN ({sealed})"  # noqa: S608
        unsealed = [row[0] for row in self._all(sql)]
        with self.transaction():
            for article_id in unsealed:
                self.seal(article_id)
        return len(unsealed)

    def broken_seals(self) -> list[str]:
        """Ids of articles that are not what was written; those never sealed are taken as good."""
        found = []
        for article_id, crc in self._all("SELECT article_id, crc32 FROM seals ORDER BY article_id"):
            try:
                whole = self._checksum(article_id) == crc
            except LedgerError:
                whole = False
            if not whole:
                found.append(article_id)
        return found

    def _checksum(self, article_id: str) -> int:
        value = 0
        for sql in _SEALED:
            for row in self._all(sql, (article_id,)):
                value = zlib.crc32(repr(row).encode("utf-8", "surrogatepass"), value)
        return value

    def misplaced_passages(self) -> list[str]:
        """Ids of passages whose offsets lie outside their text, or that have no text."""
        sql = (
            "SELECT p.passage_id FROM passages p LEFT JOIN texts t USING (article_id, language) "
            "WHERE t.body IS NULL OR p.start < 0 OR p.end <= p.start OR p.end > length(t.body)"
        )
        return [row[0] for row in self._all(sql)]

    def lone_articles(self) -> list[str]:
        """Ids of articles that no file holds, or that have no text or no passage."""
        sql = (
            "SELECT article_id FROM articles WHERE article_id NOT IN "
            "(SELECT article_id FROM sources WHERE article_id IS NOT NULL) "
            "OR article_id NOT IN (SELECT article_id FROM texts) "
            "OR article_id NOT IN (SELECT article_id FROM passages)"
        )
        return [row[0] for row in self._all(sql)]

    def lost_articles(self) -> list[str]:
        """Files, by name, whose article is not there."""
        sql = (
            "SELECT source FROM sources WHERE article_id IS NOT NULL "
            "AND article_id NOT IN (SELECT article_id FROM articles)"
        )
        return [row[0] for row in self._all(sql)]
