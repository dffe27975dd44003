"""Conversations as files to take away: `/export/<conversation>/<format>`, for their owner."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from rag.errors import NotFound
from ui.kept import ENDINGS, Format
from ui.notebook import Notebook
from ui.owner import OWNER


def route(notebook: Notebook, newspaper: str) -> Route:
    """The route, to stand before the page's own."""

    def answer(request: Request) -> Response:
        given = request.path_params["format"]
        form: Format | None = next((each for each in ENDINGS if each == given), None)
        if form is None:
            return PlainTextResponse("There is no such format.", 404)
        try:
            text = notebook.export(
                getattr(request.state, OWNER), request.path_params["conversation"], form, newspaper
            )
        except NotFound as error:
            return PlainTextResponse(str(error), 404)
        headers = {"Content-Disposition": f'attachment; filename="jiubao-{form}.{ENDINGS[form]}"'}
        return PlainTextResponse(text, headers=headers)

    return Route("/export/{conversation}/{format}", answer, methods=["GET"])
