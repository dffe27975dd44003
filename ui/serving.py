"""`jiubao chat`: the page, served."""

from __future__ import annotations

from typing import Annotated

import typer

from ui import exits, terminal
from ui.command import app, open_archive, wants_json
from ui.options import Home, Json


@app.command(epilog="Example: jiubao chat --port 7861")
def chat(
    context: typer.Context,
    host: Annotated[str, typer.Option("--host", help="Loopback only, for now.")] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 7860,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open the page in which to ask; stop it with Ctrl-C."""
    from ui.serve import serve

    def announce(address: str) -> None:
        if wants_json(context, as_json):
            exits.emit({"url": address})
        else:
            terminal.say(f"jiubao is at {address} (Ctrl-C stops it)")

    with open_archive(context, home) as archive:
        serve(archive, host, port, announce)
