"""The ledger's tables, as numbered migrations; `PRAGMA user_version` tells how many have run."""

from __future__ import annotations

import sqlite3

from rag.errors import LedgerError

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

    -- What was ingested: one row a file, whether it could be read or not.
    CREATE TABLE sources (
        root TEXT NOT NULL,                 -- what the user named, absolute
        source TEXT NOT NULL,               -- the file's path below it
        sha256 TEXT NOT NULL,
        article_id TEXT,                    -- NULL while the file has never been read
        languages TEXT NOT NULL DEFAULT '', -- of the texts it holds, as 'zh en'
        error TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (root, source)
    ) WITHOUT ROWID;
    CREATE INDEX sources_article ON sources (article_id);

    CREATE TABLE articles (
        article_id TEXT PRIMARY KEY,
        published TEXT NOT NULL,
        page INTEGER,
        section TEXT NOT NULL,
        authors TEXT NOT NULL,              -- JSON list
        title TEXT NOT NULL,                -- JSON object by language
        source TEXT NOT NULL,
        pairs TEXT NOT NULL DEFAULT '[]',   -- JSON list of [zh start, end, en start, end, cosine]
        prepared TEXT NOT NULL              -- fingerprint of chunking and encoder
    ) WITHOUT ROWID;
    CREATE INDEX articles_published ON articles (published, page);
    CREATE INDEX articles_prepared ON articles (prepared);

    CREATE TABLE texts (
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
        language TEXT NOT NULL,
        role TEXT NOT NULL,
        title TEXT NOT NULL,
        subtitle TEXT NOT NULL,
        dateline TEXT NOT NULL,
        headings TEXT NOT NULL,             -- JSON list of [offset, text]
        credits TEXT NOT NULL,              -- JSON list
        body TEXT NOT NULL,
        PRIMARY KEY (article_id, language)
    );

    -- Keys only grow and are never used again: a segment of the index covers a range of them.
    CREATE TABLE passages (
        key INTEGER PRIMARY KEY AUTOINCREMENT,
        passage_id TEXT NOT NULL UNIQUE,
        article_id TEXT NOT NULL REFERENCES articles ON DELETE CASCADE,
        language TEXT NOT NULL,
        start INTEGER NOT NULL,
        "end" INTEGER NOT NULL,
        terms TEXT NOT NULL,                -- of the keyword index, separated by spaces
        vector BLOB NOT NULL                -- float16, little-endian, unit length
    );
    CREATE INDEX passages_article ON passages (article_id);

    -- Keys taken out since the index segment that holds them was written.
    CREATE TABLE removed (key INTEGER PRIMARY KEY);
    CREATE TRIGGER passage_removed AFTER DELETE ON passages
        BEGIN INSERT OR IGNORE INTO removed VALUES (old.key); END;
    """,
    """
    -- What each article's rows summed up to when they were written: a page of the file may go bad
    -- without SQLite's own check seeing it.
    CREATE TABLE seals (
        article_id TEXT PRIMARY KEY REFERENCES articles ON DELETE CASCADE,
        crc32 INTEGER NOT NULL
    ) WITHOUT ROWID;
    """,
)


def migrate(connection: sqlite3.Connection) -> None:
    """Brings a ledger to the newest schema, one migration a transaction.

    Raises:
        LedgerError: it was written by a newer jiubao.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > len(MIGRATIONS):
        raise LedgerError(
            f"the archive has ledger version {version}, this jiubao knows {len(MIGRATIONS)}",
            "upgrade jiubao, or take the articles over: `jiubao export FILE` with the newer one, "
            "`jiubao --home NEW import FILE` with this one",
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        try:
            connection.executescript(
                f"BEGIN IMMEDIATE;{script}PRAGMA user_version = {number};COMMIT;"
            )
        except sqlite3.Error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            # Another process may have done it while this one waited for the file.
            if connection.execute("PRAGMA user_version").fetchone()[0] < number:
                raise
