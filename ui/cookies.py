"""Signed cookies: what the server wrote and nobody else can write."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from pathlib import Path

from rag.errors import JiubaoError

KEY_FILE = "cookies.key"
LONGEST = 512  # characters of a cookie that are looked at


class Signer:
    """Signs short texts with a key of 32 bytes (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.label = hashlib.sha256(b"label" + key).hexdigest()[:8]
        """Tells apart the cookies of two servers on one host: a browser does not mind the port."""

    @classmethod
    def in_folder(cls, home: Path) -> Signer:
        """With the key kept in the archive's folder, made where there is none.

        Raises:
            JiubaoError: it cannot be read or written.
        """
        path = home / KEY_FILE
        try:
            home.mkdir(parents=True, exist_ok=True)
            if not path.exists():
                with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as new:
                    new.write(secrets.token_bytes(32))
            key = path.read_bytes()
        except OSError as error:
            raise JiubaoError(
                f"{path} cannot be used: {error.strerror}", "check the disk"
            ) from error
        if len(key) != 32:
            raise JiubaoError(f"{path} is damaged", "delete it: browsers then begin anew")
        return cls(key)

    def sign(self, purpose: str, text: str) -> str:
        """The cookie that says `text`."""
        written = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
        return f"{written}.{self._mac(purpose, written)}"

    def read(self, purpose: str, cookie: str) -> str | None:
        """What a cookie says, None where it was not signed here and for this purpose."""
        written, _, mac = cookie[:LONGEST].partition(".")
        if not hmac.compare_digest(mac.encode(), self._mac(purpose, written).encode()):
            return None
        try:
            return base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
        except (binascii.Error, ValueError):
            return None

    def _mac(self, purpose: str, written: str) -> str:
        return hmac.new(self._key, f"{purpose}.{written}".encode(), hashlib.sha256).hexdigest()
