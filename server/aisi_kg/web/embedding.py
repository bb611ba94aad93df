"""Serve views for frames on other sites: below ``/embed`` each has a page without the frame of ours.

The same handlers answer, so that whatever there is a page of can be embedded. A framed page has no place for
its visitors to be deceived into doing something: nothing here is done by a click.
"""

from http import HTTPStatus
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from aisi_kg.web.negotiation import HTML
from aisi_kg.web.problems import COMMON_HEADERS, PAGE_POLICY, Problem

__all__ = ["embed_path", "is_embedded", "router"]

router = APIRouter()

_PREFIX = "/embed"
#: Marks a request for a page without the frame.
_KEY = "embedded"
#: The first parts of the paths of what can be embedded.
_VIEWS = (
    "challenges",
    "claim",
    "compare",
    "contradictions",
    "entity",
    "network",
    "publication",
    "source",
    "tables",
    "timeline",
)
_POLICY = PAGE_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
_NO_FRAMES = "X-Frame-Options"


def is_embedded(request: Request) -> bool:
    """Tell whether a page is wanted for a frame on another site.

    :param request: the request.
    :returns: True if it is.
    """
    return bool(request.scope.get(_KEY))


def embed_path(path: str) -> str:
    """Say where a page is served for frames.

    :param path: the path of the page.
    :returns: the path, or nothing where it is no view.
    """
    return _PREFIX + path if path.split("/", 2)[1] in _VIEWS else ""


class _Embedded(Response):
    """Have the application answer for a page, and let every site frame the answer."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                # The address of the whole page, of which this is a part.
                del headers["Content-Location"]
                for name, value in COMMON_HEADERS.items():
                    if name != _NO_FRAMES:
                        headers.setdefault(name, value)
                headers["Content-Security-Policy"] = _POLICY
            await send(message)

        headers = [(name, value) for name, value in scope["headers"] if name != b"accept"]
        inner = {
            **scope,
            "path": self._path,
            "raw_path": quote(self._path).encode(),
            "headers": [*headers, (b"accept", HTML.media_type.encode())],
            _KEY: True,
        }
        await scope["app"](inner, receive, framed)


@router.api_route(_PREFIX + "/{path:path}", methods=["GET", "HEAD"])
def embedded(path: str) -> Response:
    """Show a view without the frame of the site."""
    if not embed_path(f"/{path}"):
        detail = f"There is nothing to embed at this address; there are the pages of {', '.join(_VIEWS)}."
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail, near=tuple(f"/{each}" for each in _NEAR))
    return _Embedded(f"/{path}")


_NEAR = ("timeline", "network", "tables/3.1", "tables/3.2", "contradictions")
