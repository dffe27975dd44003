"""A small OpenAI-compatible server on loopback that can fail in every way a test asks for.

It speaks HTTP by hand over a socket, since most faults are what a proper server cannot do.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

# A key as providers make them; no test may see it again.
SECRET = "sk-proj-Zq81bTc93LmKx55wPdVy"
ALIVE = 0.05  # seconds between the bytes of a server that only seems alive

Behave = Callable[["Call"], None]


@dataclass
class Call:
    """One request: its body, and the socket to answer on."""

    request: dict[str, Any]
    connection: socket.socket
    headers: str = ""
    number: int = 1

    @property
    def streams(self) -> bool:
        return bool(self.request.get("stream"))

    def send(self, data: str | bytes) -> None:
        self.connection.sendall(data if isinstance(data, bytes) else data.encode())

    def head(self, status: str = "200 OK", kind: str = "", *extra: str) -> None:
        kind = kind or ("text/event-stream" if self.streams else "application/json")
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", "Connection: close", *extra]
        self.send("\r\n".join(lines) + "\r\n\r\n")

    def error(self, status: str, code: str, message: str, *extra: str) -> None:
        body = {"error": {"message": message, "type": "error", "code": code}}
        self.head(status, "application/json", *extra)
        self.send(json.dumps(body))

    def delta(self, delta: dict[str, Any], finish: str | None = None) -> None:
        """An event of a stream."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        self.event(json.dumps({"id": "c", "object": "chat.completion.chunk", "model": "m",
                               "created": 1, "choices": [choice]}))  # fmt: skip

    def event(self, data: str) -> None:
        self.send(f"data: {data}\n\n")

    def whole(self, message: dict[str, Any], finish: str | None = "stop") -> str:
        """The body of a reply in one piece."""
        message = {"role": "assistant", "content": None, **message}
        choice = {"index": 0, "message": message, "finish_reason": finish}
        return json.dumps({"id": "c", "object": "chat.completion", "model": "m", "created": 1,
                           "choices": [choice]})  # fmt: skip

    def reply(self, *deltas: dict[str, Any], finish: str = "stop") -> None:
        """A proper reply, in the way that was asked for."""
        self.head()
        if self.streams:
            self.delta({"role": "assistant", "content": ""})
            for delta in deltas:
                self.delta(delta)
            self.delta({}, finish)
            self.event("[DONE]")
        else:
            keys = {key for delta in deltas for key in delta}
            joined = {key: "".join(d.get(key, "") for d in deltas) for key in keys}
            self.send(self.whole(joined, finish))

    def forever(self, data: str) -> None:
        """Sends `data` until the other side goes away."""
        while True:
            self.send(data)
            time.sleep(ALIVE)

    def silence(self) -> None:
        """Waits until the other side goes away."""
        while self.connection.recv(1024):
            pass


@dataclass
class FaultyServer:
    """Serves `behave` to every request; `calls` keeps them, `open` counts those under way."""

    behave: Behave
    calls: list[Call] = field(default_factory=list)
    open: int = 0
    url: str = ""

    def answer(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            call = Call({}, connection)
            data = b""
            while b"\r\n\r\n" not in data:
                data += (got := connection.recv(65536))
                if not got:
                    return
            head, _, body = data.partition(b"\r\n\r\n")
            call.headers = head.decode()
            length = next((int(line.split(":")[1]) for line in call.headers.split("\r\n")
                           if line.lower().startswith("content-length")), 0)  # fmt: skip
            while len(body) < length:
                body += connection.recv(65536)
            call.request = json.loads(body) if body else {}
            self.calls.append(call)
            call.number = len(self.calls)
            self.open += 1
            try:
                self.behave(call)
            finally:
                self.open -= 1


@contextlib.contextmanager
def serving(behave: Behave) -> Iterator[FaultyServer]:
    """Runs a server for a test."""
    server = FaultyServer(behave)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}/v1"

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=server.answer, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        yield server
        listener.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def refusing() -> Iterator[str]:
    """An address at which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}/v1"


@contextlib.contextmanager
def never_accepting() -> Iterator[str]:
    """An address that takes no connection and refuses none: its queue is full."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        address = listener.getsockname()
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(address)
        yield f"http://127.0.0.1:{address[1]}/v1"
