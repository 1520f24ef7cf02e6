"""Here is an article's id, whatever is in it; make its address, and read it back from a path.

An id may hold slashes, quotes and brackets: a data set names its articles as it likes. In an
address all of them are escaped, so that an id ends neither the address nor the text around it.
"""

import re
from typing import Annotated
from urllib.parse import quote, unquote

from pydantic import AfterValidator
from starlette.types import ASGIApp, Receive, Scope, Send

ESCAPED_SLASH = re.compile(rb"%2f", re.IGNORECASE)
STANDS_IN = "\ufdd0"
"""Stands for an escaped slash in a path: Unicode keeps this character out of every text."""


def escaped(document_id: str) -> str:
    """The id as one segment of a path: letters, digits, `_.-~` and `%` alone."""
    return quote(document_id, safe="")


def page_path(document_id: str, start: int, end: int) -> str:
    """The path of the article's page with clean span [start, end) marked."""
    return f"/documents/{escaped(document_id)}#c{start}-{end}"


def _whole(segment: str) -> str:
    return segment.replace(STANDS_IN, "/")


DocumentId = Annotated[str, AfterValidator(_whole)]
"""The id in a path."""


class EscapedSlashes:
    """ASGI middleware that keeps an escaped slash apart from one between two segments."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        raw = scope.get("raw_path") or b""
        if ESCAPED_SLASH.search(raw):
            kept = ESCAPED_SLASH.sub(quote(STANDS_IN).encode(), raw)
            scope = {**scope, "path": unquote(kept.decode("latin-1"))}
        await self._app(scope, receive, send)
