"""Whose request it is: what the server's door found out, told to the page."""

from __future__ import annotations

import gradio as gr

from rag.errors import JiubaoError

OWNER = "jiubao_owner"
"""Under this name the door writes the owner into a request's state."""


def owner_of(request: gr.Request) -> str:
    """The signed-in user, or this browser: what conversations are kept under.

    It comes from a signed cookie that scripts cannot read; nothing that a page sends can change it.

    Raises:
        JiubaoError: the request did not come through the server's door.
    """
    found = request.request
    owner = getattr(found.state, OWNER, "") if found is not None else ""
    if not owner:
        raise JiubaoError("nobody knows whose request this is", "serve the page by `jiubao chat`")
    return str(owner)
