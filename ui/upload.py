"""Adding articles from the page: files or archives, taken in while the reader watches.

What is uploaded is kept below the archive's home, a folder an upload, so that a file never takes
the place of another upload's file of the same name.
"""

from __future__ import annotations

import logging
import queue
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import gradio as gr

from rag.archive import Archive
from rag.corpus.archives import ARCHIVE_SUFFIXES
from rag.errors import BadQuestion, JiubaoError
from rag.types import IngestReport, Language, Progress, ReadFailure
from ui.render import escape, notice
from ui.safe import one_line
from ui.upload_words import UPLOAD, UploadWords

FOLDER = "uploads"
SUFFIXES = (".txt", ".md", *ARCHIVE_SUFFIXES)
_ENDINGS = ", ".join(SUFFIXES)
MOST_FILES = 1_000  # files in one upload
MOST_BYTES = 256 * 1024 * 1024  # of one upload
DRAWN_EVERY = 0.2  # seconds
SHOWN = 200  # failures that are listed; more are counted

log = logging.getLogger("jiubao")


def upload_panel(archive: Archive, language: gr.State) -> tuple[list[Any], Any]:
    """The panel, with its own events; to be called inside a Blocks context.

    Only one upload is taken in at a time; others wait in the queue.

    Args:
        language: of the page.

    Returns:
        The components that bear words, in the order of `relabelled`, and the event of an upload,
        which ends when all is taken in.
    """
    with gr.Accordion(open=False, elem_id="jb-upload") as panel:
        files = gr.File(
            file_count="multiple",
            file_types=list(SUFFIXES),
            type="filepath",
            elem_id="jb-upload-files",
        )
        start = gr.Button(variant="primary", elem_id="jb-upload-start")
        told = gr.HTML("", elem_id="jb-upload-told")

        def take_in(paths: list[str] | None, spoken: Language) -> Iterator[tuple[str, Any]]:
            for view in add_articles(archive, [Path(path) for path in paths or ()], spoken):
                yield view, gr.skip()
            yield gr.skip(), None

        uploaded = start.click(
            take_in,
            [files, language],
            [told, files],
            concurrency_limit=1,
            concurrency_id="upload",
            api_visibility="private",
            show_progress="hidden",
        )
    return [panel, files, start], uploaded


def relabelled(language: Language) -> list[Any]:
    """What the panel's components are called in a language."""
    words = UPLOAD[language]
    return [
        gr.update(label=words.panel),
        gr.update(label=words.files.format(_ENDINGS)),
        gr.update(value=words.add),
    ]


def add_articles(archive: Archive, files: Sequence[Path], language: Language) -> Iterator[str]:
    """Takes files in and says how far it is, as HTML; what goes wrong is said, not raised."""
    words = UPLOAD[language]
    try:
        folder = store(files, archive.settings.home / FOLDER, words)
    except (JiubaoError, OSError) as error:
        yield notice(str(error))
        return
    yield bar(Progress("reading", 0, 0, 0, 0.0), words)
    reports: queue.Queue[Progress | IngestReport | Exception] = queue.Queue()

    def work() -> None:
        try:
            reports.put(archive.ingest([folder], progress=reports.put))
        except Exception as error:
            reports.put(error)

    threading.Thread(target=work, name="upload", daemon=True).start()
    while True:
        news = _latest(reports)
        if isinstance(news, Progress):
            yield bar(news, words)
            continue
        if isinstance(news, IngestReport):
            yield report(news, words)
        elif isinstance(news, JiubaoError):
            yield notice(str(news))
        else:
            log.error("an upload failed", exc_info=news)
            yield notice(words.failed)
        return


def store(files: Sequence[Path], folder: Path, words: UploadWords) -> Path:
    """Moves uploaded files into a new folder below `folder`; that folder.

    Raises:
        BadQuestion: there are none, too many, or they are too large together; a name cannot be
            used, or two are the same. Nothing is kept then.
    """
    if not files:
        raise _refused(words.no_file)
    if len(files) > MOST_FILES:
        raise _refused(words.too_many, len(files), MOST_FILES)
    size = sum(file.stat().st_size for file in files)
    if size > MOST_BYTES:
        raise _refused(words.too_large, size / 2**20, MOST_BYTES / 2**20)
    names = [safe_name(file.name, words) for file in files]
    for name in names:
        if names.count(name) > 1:
            raise _refused(words.same_name, name)
    kept = folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(4)}"
    kept.mkdir(parents=True)
    for file, name in zip(files, names, strict=True):
        shutil.move(file, kept / name)
    return kept


def safe_name(name: str, words: UploadWords) -> str:
    """A file's name, if it is one that may be kept.

    Raises:
        BadQuestion: it is hidden, leads elsewhere, holds characters that act, or is no kind of
            file that articles come in.
    """
    if not name.lower().endswith(SUFFIXES):
        raise _refused(words.not_ours, name)
    if name.startswith(".") or len(name) > 200 or one_line(name) != name or set(name) & set("/\\:"):
        raise _refused(words.bad_name, name)
    return name


def bar(progress: Progress, words: UploadWords) -> str:
    """How far it is: a bar, the rate and the time left."""
    parts = [words.stages[progress.stage]]
    if progress.total:
        parts.append(f"{progress.done:,} / {progress.total:,}")
    if progress.rate:
        parts.append(words.rate.format(progress.rate))
    if progress.seconds_left is not None and progress.done < progress.total:
        parts.append(words.seconds_left.format(progress.seconds_left))
    known = f' value="{progress.done}" max="{progress.total}"' if progress.total else ""
    return (
        f'<div class="jb-progress" role="status"><progress{known} '
        f'aria-label="{escape(words.progress)}"></progress><p>{escape(" · ".join(parts))}</p></div>'
    )


def report(done: IngestReport, words: UploadWords) -> str:
    """What came of it, and every file that could not be read, with the reason."""
    counts = words.counts.format(
        done.added, done.updated, done.unchanged, len(done.failed), done.articles
    )
    rows = "".join(_failure(each) for each in done.failed[:SHOWN])
    more = len(done.failed) - SHOWN
    rest = f"<p>{escape(words.more.format(more))}</p>" if more > 0 else ""
    listed = f'<ul class="jb-failed">{rows}</ul>{rest}' if rows else ""
    return f'<div class="jb-report" role="status"><p>{escape(counts)}</p>{listed}</div>'


def _refused(words: tuple[str, str], *told: object) -> BadQuestion:
    """What is wrong with an upload, with what was found, and what to do."""
    wrong, remedy = words
    return BadQuestion(wrong.format(*told), remedy.format(_ENDINGS))


def _failure(failure: ReadFailure) -> str:
    return f"<li><code>{escape(failure.source)}</code> {escape(failure.error)}</li>"


def _latest(
    news: queue.Queue[Progress | IngestReport | Exception],
) -> Progress | IngestReport | Exception:
    """The newest of what has come, at least one; a page need not draw every step."""
    latest = news.get()
    until = time.monotonic() + DRAWN_EVERY
    while isinstance(latest, Progress) and (left := until - time.monotonic()) > 0:
        try:
            latest = news.get(timeout=left)
        except queue.Empty:
            break
    return latest
