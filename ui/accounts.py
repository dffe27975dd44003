"""Users and their passwords: a file of hashed lines, and how often a wrong one may be tried.

A line is `name:scrypt$N$r$p$salt$hash`, made by `jiubao password NAME`. Method: scrypt, RFC 7914.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import re
import secrets
import stat
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from rag.errors import BadQuestion, JiubaoError

SHORTEST, LONGEST = 10, 1_000  # characters of a password
WINDOW = 15 * 60.0  # seconds in which failed sign-ins count together

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_COST, _BLOCK, _LANES = 2**15, 8, 1  # 32 MiB and about a tenth of a second
_MEMORY = 96 * 1024**2  # bytes that scrypt may take


@dataclass(frozen=True, slots=True)
class Hashed:
    """A password as it is kept: scrypt's three costs, the salt, and what comes of them."""

    cost: int
    block: int
    lanes: int
    salt: bytes
    digest: bytes

    @classmethod
    def make(cls, password: str) -> Hashed:
        """A password hashed with a fresh salt."""
        salt = secrets.token_bytes(16)
        return cls(_COST, _BLOCK, _LANES, salt, _scrypt(password, _COST, _BLOCK, _LANES, salt))

    @classmethod
    def read(cls, text: str) -> Hashed:
        """What `str` of one wrote.

        Raises:
            ValueError: it is something else, or would take more memory than is allowed.
        """
        method, cost, block, lanes, salt, digest = text.split("$")
        read = cls(int(cost), int(block), int(lanes), _bytes(salt), _bytes(digest))
        if method != "scrypt" or len(read.digest) != 32 or len(read.salt) < 16:
            raise ValueError("no scrypt hash")
        if read.cost < 2**14 or 128 * read.cost * read.block * read.lanes > _MEMORY // 2:
            raise ValueError("costs out of bounds")
        return read

    def __str__(self) -> str:
        costs = f"{self.cost}${self.block}${self.lanes}"
        return f"scrypt${costs}${_text(self.salt)}${_text(self.digest)}"

    def fits(self, password: str) -> bool:
        """Whether it is the hash of that password; takes as long either way."""
        tried = _scrypt(password, self.cost, self.block, self.lanes, self.salt)
        return hmac.compare_digest(tried, self.digest)


class Accounts:
    """The users of a server. May be used from several threads."""

    def __init__(self, users: Mapping[str, Hashed]) -> None:
        self._users = dict(users)
        self._nobody = Hashed(_COST, _BLOCK, _LANES, secrets.token_bytes(16), bytes(32))

    @classmethod
    def load(cls, path: Path) -> Accounts:
        """The accounts in a file: a line each; empty lines and those after `#` are passed over.

        Raises:
            JiubaoError: it cannot be read, others may read it, it names nobody, or a line is none.
        """
        users: dict[str, Hashed] = {}
        lines = [line.strip() for line in _private_text(path).splitlines()]
        for number, line in enumerate(lines, 1):
            if not line or line.startswith("#"):
                continue
            name, _, hashed = line.partition(":")
            try:
                check_name(name)
                if name in users:
                    raise ValueError("twice")
                users[name] = Hashed.read(hashed)
            except (BadQuestion, ValueError, binascii.Error) as error:
                raise JiubaoError(
                    f"{path}:{number}: not a user's line, or one that was given before",
                    "`jiubao password NAME` prints one",
                ) from error
        if not users:
            raise JiubaoError(f"{path} names no user", f"jiubao password NAME >> {path}")
        return cls(users)

    def __contains__(self, name: object) -> bool:
        return name in self._users

    def stamp(self, name: str) -> str:
        """What changes with a user's password, and does not tell it."""
        return hashlib.sha256(self._users[name].digest).hexdigest()[:16]

    def check(self, name: str, password: str) -> bool:
        """Whether that is the user's password. An unknown name takes as long as a wrong one."""
        known = self._users.get(name)
        if len(password) > LONGEST:
            return False
        return (known or self._nobody).fits(password) and known is not None


class Attempts:
    """Counts failed sign-ins, and says when there were too many of them.

    Args:
        clock: seconds that only grow; another one for tests.
    """

    LIMITS = (5, 20, 50)
    """Failures in `WINDOW` of one name from one address, from one address, of one name."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def begin(self, name: str, address: str) -> float:
        """Seconds until the next try is heard, 0 where this one is.

        One that is heard counts as failed until `succeeded`: if only failures were counted, any
        number of tries made at the same time would be heard.
        """
        with self._lock:
            now = self._clock()
            self._forget(now)
            keys = _keys(name, address)
            limits = zip(keys, self.LIMITS, strict=True)
            wait = max(self._left(key, limit, now) for key, limit in limits)
            if wait == 0:
                for key in keys:
                    self._failures[key].append(now)
            return wait

    def succeeded(self, name: str, address: str) -> None:
        """Takes back what `begin` counted: the password was right."""
        with self._lock:
            for key in _keys(name, address):
                if failures := self._failures.get(key):
                    failures.pop()
                    if not failures:
                        del self._failures[key]

    def _left(self, key: tuple[str, str], limit: int, now: float) -> float:
        recent = [at for at in self._failures.get(key, ()) if at > now - WINDOW]
        return recent[-limit] + WINDOW - now if len(recent) >= limit else 0.0

    def _forget(self, now: float) -> None:
        for key in list(self._failures):
            if self._failures[key][-1] <= now - WINDOW:
                del self._failures[key]


def make_line(name: str, password: str) -> str:
    """The line of a user for the file, without a line feed.

    Raises:
        BadQuestion: the name cannot be one, or the password is too short or too long.
    """
    check_name(name)
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadQuestion(
            f"the password has {len(password):,} characters", f"give {SHORTEST} to {LONGEST:,}"
        )
    return f"{name}:{Hashed.make(password)}"


def check_name(name: str) -> None:
    """Raises BadQuestion where a user cannot be called that."""
    if not _NAME.fullmatch(name) or name.startswith("browser-"):
        raise BadQuestion(
            f"{name!r} cannot be a user's name", "use up to 64 of A-Z, a-z, 0-9, `.`, `_` and `-`"
        )


def _keys(name: str, address: str) -> tuple[tuple[str, str], ...]:
    return (name, address), ("", address), (name, "")


def _private_text(path: Path) -> str:
    try:
        with path.open(encoding="utf-8") as file:
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & (stat.S_IRWXG | stat.S_IRWXO):
                raise JiubaoError(f"{path} may be read by others", f"chmod 600 {path}")
            return file.read()
    except (OSError, UnicodeDecodeError) as error:
        raise JiubaoError(
            f"the users in {path} cannot be read: {error}", "give a file of `jiubao password` lines"
        ) from error


def _scrypt(password: str, cost: int, block: int, lanes: int, salt: bytes) -> bytes:
    return hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=salt, n=cost, r=block, p=lanes, maxmem=_MEMORY, dklen=32,
    )  # fmt: skip


def _text(value: bytes) -> str:
    return base64.b64encode(value).decode("ascii")


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
