"""`jiubao chat`, the page, served; `jiubao password`, the users it is served to."""

from __future__ import annotations

import os
import signal
from pathlib import Path
from typing import Annotated

import typer

from ui import exits, terminal
from ui.command import app, open_archive, wants_json
from ui.options import Home, Json


@app.command(epilog="Example: jiubao chat --port 7861")
def chat(
    context: typer.Context,
    *,
    host: Annotated[
        str, typer.Option("--host", help="Any but this machine's loopback needs --auth.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", min=1, max=65535)] = 7860,
    auth: Annotated[
        Path | None,
        typer.Option("--auth", metavar="FILE", help="Users, one `jiubao password` line each."),
    ] = None,
    names: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="Another name the page is reached by."),
    ] = None,
    allow_upload: Annotated[
        bool, typer.Option("--allow-upload", help="Let readers add articles.")
    ] = False,
    mcp: Annotated[bool, typer.Option("--mcp", help="Offer the tools search and ask.")] = False,
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Open the page in which to ask; stop it with Ctrl-C."""
    # Gradio reads it while it is imported: nothing is to be told to anyone.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from ui.serve import Serving, serve

    def announce(address: str) -> None:
        if wants_json(context, as_json):
            exits.emit({"url": address})
        else:
            terminal.say(f"jiubao is at {address} (Ctrl-C stops it)")

    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager's Ctrl-C
    how = Serving(host, port, auth, tuple(names or ()), allow_upload, mcp)
    with open_archive(context, home) as archive:
        serve(archive, how, announce)


@app.command(epilog="Example: jiubao password wang >> users; jiubao chat --auth users")
def password(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME")],
    home: Home = None,
    as_json: Json = False,
) -> None:
    """Ask for a password, unseen, and print the user's line for `chat --auth`."""
    from ui.accounts import check_name, make_line

    check_name(name)
    given = typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    line = make_line(name, given)
    if wants_json(context, as_json):
        exits.emit({"line": line})
    else:
        terminal.say(line)
