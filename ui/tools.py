"""The same two endpoints as tools of the Model Context Protocol (MCP), at `/mcp`.

Gradio's own MCP server is not used: it calls the page back over HTTP without signing in, and
takes its address from the first request's `Host`.
"""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING, Any

from anyio import CapacityLimiter
from anyio.to_thread import run_sync

from rag.archive import Archive
from rag.errors import JiubaoError
from ui.programs import AT_ONCE, endpoints

if TYPE_CHECKING:
    from mcp.server.fastmcp import FastMCP


def server(archive: Archive) -> FastMCP[Any]:
    """An MCP server with the tools `search` and `ask`, speaking streamable HTTP, without state.

    Raises:
        JiubaoError: the package `mcp` is not installed.
    """
    try:
        from mcp.server.fastmcp import FastMCP
        from mcp.server.transport_security import TransportSecuritySettings
    except ImportError as error:
        raise JiubaoError(
            "MCP needs a package that is not installed", "pip install 'jiubao[mcp]'"
        ) from error
    made: FastMCP[Any] = FastMCP(
        "jiubao",
        instructions="An archive of Chinese newspapers. Every statement of `ask` carries an exact "
        "quotation; only the state `complete` is a complete answer.",
        stateless_http=True,
        json_response=True,
        streamable_http_path="/mcp",
        log_level="WARNING",
        # The gate has looked at host and origin already, and knows more of both.
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    limiter = CapacityLimiter(AT_ONCE)
    for endpoint in endpoints(archive):

        @wraps(endpoint)
        async def tool(_endpoint: Any = endpoint, **given: Any) -> dict[str, Any]:
            return await run_sync(partial(_endpoint, **given), limiter=limiter)

        made.add_tool(tool, name=endpoint.__name__, structured_output=True)
    return made
