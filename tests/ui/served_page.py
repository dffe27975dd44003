"""What the tests of the server share: the page served for real, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from rag.archive import Archive
from rag.config import Settings
from ui.accounts import make_line
from ui.serve import Serving, served

EN = "Who is Liao Shigang?"
PASSWORDS = {"wang": "correct horse battery", "li": "another long password"}
CHROMIUM = Path("/usr/bin/chromium")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
    "--no-first-run",
)


@contextmanager
def page_of(home: Path, folder: Path, encoder: Any, **how: Any) -> Iterator[str]:
    """The address of the page over a copy of the archive in `home`."""
    copy = shutil.copytree(home, folder / "home")
    with Archive(Settings(home=copy)) as archive:
        archive.encoder = encoder
        with served(archive, Serving(**how)) as address:
            yield address


def users(folder: Path) -> Path:
    """A file of the two users."""
    file = folder / "users"
    file.write_text("\n".join(make_line(*each) for each in PASSWORDS.items()), encoding="utf-8")
    file.chmod(0o600)
    return file


def client(address: str, **options: Any) -> httpx.Client:
    """An HTTP client that keeps cookies, as a browser does."""
    return httpx.Client(base_url=address, trust_env=False, timeout=30, **options)


@contextmanager
def browser() -> Iterator[Any]:
    """A real browser."""
    if not CHROMIUM.exists():
        pytest.skip(f"no browser at {CHROMIUM}: apt-get install chromium fonts-noto-cjk")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=QUIET)
        yield opened
        opened.close()
