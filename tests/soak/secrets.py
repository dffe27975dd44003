"""Keys, headers and addresses with passwords, planted where they come up: none is shown again.

Planted in what a provider says when it fails, in the address of a model, and in exceptions that
nobody foresaw. Looked for in answers (of which pages, exports and records are made), in what
commands print with and without --json and --traceback, in the log, and in the archive's files.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import os
import random
import string
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, get_args

from rag.answer.export import Format, export
from rag.answer.model import load_model
from rag.archive import Archive
from rag.errors import JiubaoError
from soak.world import Outcome, article, settings, tiny_encoder, word, workplace
from ui import exits, jsonout

SHAPES = (
    "sk-proj-{}",
    "Authorization: Bearer {}",
    "Authorization: Basic {}",
    "https://reader:{}@models.example.org/v1",
    "https://models.example.org/v1?key={}&alt=sse",
    "x-api-key: {}",
    "password='{}'",
    "AIza{}",
    '{{"api_key": "{}"}}',
    "AWS_SECRET_ACCESS_KEY={}",
)
STATUSES = (400, 401, 403, 404, 500)


def run(trials: int, seed: int = 1) -> Outcome:
    outcome, draw = Outcome("planted secrets"), random.Random(seed)
    with workplace() as place:
        (place / "one.txt").write_text(article(1), "utf-8")
        with Archive(settings(place / "home", tiny_encoder(place / "encoder"))) as archive:
            archive.ingest([place / "one.txt"])
            for number in range(trials):
                secret = "".join(draw.choices(string.ascii_letters + string.digits, k=24))
                planted = SHAPES[number // 3 % len(SHAPES)].format(secret)
                way = (_provider, _address, _exception)[number % 3]
                with _log() as log:
                    shown = way(archive, planted, secret, number)
                if secret in shown + log.getvalue():
                    outcome.fault(f"{way.__name__[1:]}: {planted} is shown")
                for path in (place / "home").rglob("*"):
                    if path.is_file() and secret.encode() in path.read_bytes():
                        outcome.fault(f"{way.__name__[1:]}: {planted} is in {path.name}")
                outcome.note(f"in {way.__name__[1:]}")
                outcome.trials += 1
    return outcome


@contextlib.contextmanager
def _log() -> Iterator[io.StringIO]:
    """All that is logged, by whatever library, at a level that anyone sees."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    logging.getLogger().addHandler(handler)
    try:
        yield stream
    finally:
        logging.getLogger().removeHandler(handler)


def _provider(archive: Archive, planted: str, secret: str, number: int) -> str:
    """A provider that fails and repeats what it was sent, and more."""
    status = STATUSES[number % len(STATUSES)]

    class Echo(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("content-length", 0)))
            sent = self.headers.get("authorization")
            words = f'Traceback: File "app.py", line 3, in f: {planted} sent {sent}'
            body = json.dumps({"error": {"message": words, "code": "x"}}).encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    before = os.environ.get("OPENAI_API_KEY")
    os.environ["OPENAI_API_KEY"] = secret
    try:
        url = f"http://127.0.0.1:{server.server_port}/v1"
        model = load_model("openai:test", archive.settings.model_copy(update={"model_url": url}))
        answer = archive.ask(f"第{word(1)}号工地什么时候完工？", model=model)
        forms = [export(answer, form, "人民日报") for form in get_args(Format)]
        return "\n".join([repr(answer), jsonout.dumps(jsonout.answer_document(answer)), *forms])
    finally:
        os.environ.pop("OPENAI_API_KEY")
        if before is not None:
            os.environ["OPENAI_API_KEY"] = before
        server.shutdown()
        server.server_close()


def _address(archive: Archive, planted: str, secret: str, number: int) -> str:
    """A model's address with a password or a key in it."""
    del planted
    url = (f"https://u:{secret}@127.0.0.1:9/v1", f"https://127.0.0.1:9/v1?api_key={secret}")

    def command(_: object) -> None:
        with_url = archive.settings.model_copy(update={"model_url": url[number % 2]})
        model = load_model("openai:test", with_url)
        archive.ask("工地", model=model)

    return _printed(command, number)


def _exception(archive: Archive, planted: str, secret: str, number: int) -> str:
    """An exception that nobody foresaw, or an error of ours that repeats another's words."""
    del archive, secret

    def command(_: object) -> None:
        try:
            raise ValueError(f"GET failed: {planted}")
        except ValueError as error:
            if number % 2:
                raise JiubaoError(f"the store does not answer: {error}", "try again") from error
            raise RuntimeError(f"while asking: {error}") from error

    return _printed(command, number)


def _printed(command: Any, number: int) -> str:
    """What a command prints, in each of the ways it can be asked to."""
    shown = ""
    for options in ([], ["--json"], ["--traceback"], ["--json", "--traceback"]):
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = exits.run(command, options)
        shown += out.getvalue() + err.getvalue()
        if code == exits.DONE:
            shown += f" done? {number}"
    return shown
