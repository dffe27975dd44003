"""The notebook: conversations kept on the server, each seen by its owner alone.

One SQLite file beside the ledger. It holds what cannot be made again, so it is never a part of
the archive's index, and no question of one owner reads a row of another's.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

from rag.errors import JiubaoError, NotFound
from rag.index.database import connect
from rag.language import fold
from rag.romanise import simplified
from rag.types import Answer, Filter
from ui import kept
from ui.exchange import Timeline
from ui.kept import Conversation, Format, Kept, Thumb
from ui.mistakes import Mistake

__all__ = ["Conversation", "Format", "Kept", "Notebook", "Rated", "Summary", "Thumb"]

FILE = "conversations.sqlite"
LONGEST_NAME = 120  # characters
LONGEST_COMMENT = 4_000  # characters

# Numbered; `PRAGMA user_version` tells how many have run. Never edit one that was released.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE conversations (
        id TEXT PRIMARY KEY,
        owner TEXT NOT NULL,
        name TEXT NOT NULL,       -- '' until the first question or a rename
        updated TEXT NOT NULL     -- UTC, ISO 8601
    ) WITHOUT ROWID;
    CREATE INDEX conversations_owner ON conversations (owner, updated);

    CREATE TABLE turns (
        conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
        turn INTEGER NOT NULL,    -- from 1
        answer TEXT NOT NULL,     -- JSON, see kept.py
        words TEXT NOT NULL,      -- question and answer, folded, to be searched
        thumb TEXT CHECK (thumb IN ('up', 'down')),
        comment TEXT NOT NULL DEFAULT '',
        PRIMARY KEY (conversation, turn)
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE turns ADD COLUMN wanted TEXT;    -- JSON, NULL where it was not kept
    ALTER TABLE turns ADD COLUMN timeline TEXT;  -- JSON, NULL where there is none
    """,
)


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list: `updated` is UTC, `turns` counts its answers."""

    id: str
    name: str
    updated: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class Rated:
    """An answer that a reader has rated or commented on."""

    conversation: str
    turn: int
    kept: Kept


Rows: TypeAlias = "list[tuple[Any, ...]]"
Summaries: TypeAlias = list[Summary]
Ratings: TypeAlias = list[Rated]


class Notebook:
    """The conversations of all who use one archive. May be used from several threads."""

    def __init__(self, home: Path) -> None:
        """Opens the file in the archive's folder `home`, made where there is none.

        Raises:
            JiubaoError: it is damaged, from a newer jiubao, or cannot be written.
        """
        self._lock = threading.RLock()
        path = home / FILE
        try:
            home.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)  # what people ask is theirs
            self._db = connect(path, "NORMAL")
            _migrate(self._db)
        except (sqlite3.Error, OSError) as error:
            raise JiubaoError(
                f"the conversations in {path} cannot be opened: {error}",
                "check the disk and the folder's rights; move the file away to begin anew",
            ) from error

    def close(self) -> None:
        """Closes the file; the object is of no use afterwards."""
        with self._lock:
            self._db.close()

    def begin(self, owner: str) -> str:
        """A new, empty conversation of `owner`; its id, which nobody can guess."""
        identity = secrets.token_urlsafe(16)
        with self._writing():
            self._db.execute(
                "INSERT INTO conversations VALUES (?, ?, '', ?)", (identity, owner, _now())
            )
        return identity

    def list(self, owner: str, search: str = "") -> Summaries:
        """The owner's conversations that have an answer, the latest first.

        Args:
            search: only those whose name, questions or answers hold it; script, width and case
                do not count.
        """
        rows = self._all(
            "SELECT id, name, updated, count(turn), group_concat(words, char(10)) FROM "
            "conversations JOIN turns ON conversation = id WHERE owner = ? GROUP BY id "
            "ORDER BY updated DESC, id",
            (owner,),
        )
        wanted = _folded(search.strip())
        return [
            Summary(identity, name, datetime.fromisoformat(updated), turns)
            for identity, name, updated, turns, words in rows
            if wanted in words or wanted in _folded(name)
        ]

    def load(self, owner: str, identity: str) -> Conversation:
        """A whole conversation.

        Raises:
            NotFound: the owner has none of that id.
        """
        name = self._name(owner, identity)
        rows = self._all(
            "SELECT answer, thumb, comment, wanted, timeline FROM turns "
            "WHERE conversation = ? ORDER BY turn",
            (identity,),
        )
        return Conversation(identity, name, tuple(_kept(*row) for row in rows))

    def append(
        self, owner: str, identity: str, answer: Answer, wanted: Filter | None = None
    ) -> int:
        """Adds an answer, and names an unnamed conversation by its question; the turn, from 1.

        Args:
            wanted: the filter beside its question.

        Raises:
            NotFound: the owner has no conversation of that id.
        """
        written = kept.dump(answer)
        words = _folded(f"{answer.question.text}\n{answer.text}")
        with self._writing():
            name = self._name(owner, identity) or _name(answer.question.text)
            ((last,),) = self._all(
                "SELECT coalesce(max(turn), 0) FROM turns WHERE conversation = ?", (identity,)
            )
            self._db.execute(
                "INSERT INTO turns (conversation, turn, answer, words, wanted) "
                "VALUES (?, ?, ?, ?, ?)",
                (
                    identity,
                    last + 1,
                    written,
                    kept.storable(words),
                    None if wanted is None else kept.dump(wanted),
                ),
            )
            self._db.execute(
                "UPDATE conversations SET name = ?, updated = ? WHERE id = ?",
                (kept.storable(name), _now(), identity),
            )
        return int(last) + 1

    def illustrate(self, owner: str, identity: str, turn: int, timeline: Timeline) -> None:
        """Keeps the timeline that is shown under an answer.

        Raises:
            NotFound: the owner has no such conversation, or it has no such turn.
        """
        self._change(
            "UPDATE turns SET timeline = ? WHERE turn = ? AND conversation IN "
            "(SELECT id FROM conversations WHERE id = ? AND owner = ?)",
            (kept.dump(timeline), turn, identity, owner),
        )

    def rename(self, owner: str, identity: str, name: str) -> None:
        """Gives a conversation another name, of one line.

        Raises:
            BadQuestion: the name is blank.
            NotFound: the owner has no conversation of that id.
        """
        if not _name(name):
            raise Mistake("no_name")
        self._change(
            "UPDATE conversations SET name = ? WHERE id = ? AND owner = ?",
            (kept.storable(_name(name)), identity, owner),
        )

    def delete(self, owner: str, identity: str) -> None:
        """Forgets a conversation with its answers and their ratings.

        Raises:
            NotFound: the owner has none of that id.
        """
        self._change("DELETE FROM conversations WHERE id = ? AND owner = ?", (identity, owner))

    def rate(
        self, owner: str, identity: str, turn: int, thumb: Thumb | None, comment: str = ""
    ) -> None:
        """Keeps what a reader thinks of an answer, in the place of what was thought before.

        Args:
            turn: of the conversation, from 1.
            thumb: `up`, `down`, or None to take it back.

        Raises:
            BadQuestion: the comment is too long.
            NotFound: the owner has no such conversation, or it has no such turn.
        """
        if len(comment) > LONGEST_COMMENT:
            raise Mistake("long_comment", len(comment), LONGEST_COMMENT)
        self._change(
            "UPDATE turns SET thumb = ?, comment = ? WHERE turn = ? AND conversation IN "
            "(SELECT id FROM conversations WHERE id = ? AND owner = ?)",
            (thumb, kept.storable(comment.strip()), turn, identity, owner),
        )

    def ratings(self, owner: str, identity: str) -> Mapping[int, tuple[Thumb | None, str]]:
        """Thumb and comment of each turn of a conversation; empty where the owner has none of
        that id."""
        rows = self._all(
            "SELECT turn, thumb, comment FROM turns JOIN conversations ON conversation = id "
            "WHERE id = ? AND owner = ?",
            (identity, owner),
        )
        return {turn: (thumb, comment) for turn, thumb, comment in rows}

    def export(self, owner: str, identity: str, format: Format, newspaper: str) -> str:
        """A conversation as a text to keep; see `kept.export`.

        Raises:
            NotFound: the owner has none of that id.
        """
        return kept.export(self.load(owner, identity), format, newspaper)

    def feedback(self) -> Ratings:
        """Every answer with a thumb or a comment, whoever gave it, in the order of their ids."""
        rows = self._all(
            "SELECT conversation, turn, answer, thumb, comment, wanted, timeline FROM turns "
            "WHERE thumb IS NOT NULL OR comment <> '' ORDER BY conversation, turn"
        )
        return [Rated(identity, turn, _kept(*row)) for identity, turn, *row in rows]

    def _name(self, owner: str, identity: str) -> str:
        rows = self._all(
            "SELECT name FROM conversations WHERE id = ? AND owner = ?", (identity, owner)
        )
        if not rows:
            raise _missing()
        return str(rows[0][0])

    def _all(self, sql: str, values: Sequence[Any] = ()) -> Rows:
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def _change(self, sql: str, values: Sequence[Any]) -> None:
        with self._writing():
            if not self._db.execute(sql, values).rowcount:
                raise _missing()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """All writes within, or none."""
        with self._lock:
            try:
                self._db.execute("BEGIN IMMEDIATE")
                yield
                self._db.execute("COMMIT")
            except sqlite3.Error as error:
                raise JiubaoError(
                    f"the conversation could not be kept: {error}", "free space on the disk"
                ) from error
            finally:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")


def _migrate(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise JiubaoError(
            f"the conversations have version {version}, this jiubao knows {len(MIGRATIONS)}",
            "upgrade jiubao",
        )
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        connection.executescript(f"BEGIN;{script}PRAGMA user_version = {number};COMMIT;")


def _missing() -> NotFound:
    # The same words whether it is another's or nobody's: an id tells nothing.
    return NotFound("there is no such conversation", "it may have been deleted")


def _kept(
    answer: str, thumb: Thumb | None, comment: str, wanted: str | None, timeline: str | None
) -> Kept:
    return Kept(
        kept.load(Answer, answer),
        thumb,
        comment,
        kept.load(Filter, wanted) if wanted else None,
        kept.load(Timeline, timeline) if timeline else None,
    )


def _name(text: str) -> str:
    """A text on one line, cut to the length of a name."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST_NAME else f"{line[: LONGEST_NAME - 1]}…"


def _folded(text: str) -> str:
    return fold(simplified(text))


def _now() -> str:
    return datetime.now(UTC).isoformat()
