"""Put around every answer what all of them have in common."""

from http import HTTPStatus

from fastapi.responses import Response
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aisi_kg.web.problems import COMMON_HEADERS, Problem, problem_response

__all__ = ["Frame"]

_PREFLIGHT = {
    "Access-Control-Allow-Headers": "Accept, Content-Type, If-None-Match, Range",
    "Access-Control-Max-Age": "86400",
}


class Frame:
    """Bound URLs, refuse two framings at once, answer OPTIONS, and put the common headers on every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have the application answer it.

        :param scope: what the request is.
        :param receive: gives its body.
        :param send: takes the answer.
        """
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in COMMON_HEADERS.items():
                    headers[name] = value
            await send(message)

        response = self._at_once(Request(scope))
        await (response or self._app)(scope, receive, framed)

    def _at_once(self, request: Request) -> ASGIApp | None:
        limit = request.app.state.site.settings.max_url_bytes
        if len(request.scope["raw_path"]) + len(request.scope["query_string"]) > limit:
            detail = f"The URL is longer than {limit} bytes; send a long query by POST."
            problem = Problem(HTTPStatus.REQUEST_URI_TOO_LONG, "url-too-long", detail, limit_bytes=limit)
            return problem_response(request, problem)
        if "content-length" in request.headers and "transfer-encoding" in request.headers:
            # Two readers may see its end at two places, and one of them a second request behind it.
            detail = "A request has a Content-Length or a Transfer-Encoding, and this one has both."
            problem = Problem(HTTPStatus.BAD_REQUEST, "conflicting-framing", detail, {"Connection": "close"})
            return problem_response(request, problem)
        if request.method == "OPTIONS":
            methods = "GET, HEAD, OPTIONS, POST" if request.url.path == "/sparql" else "GET, HEAD, OPTIONS"
            headers = {"Allow": methods, "Access-Control-Allow-Methods": methods, **_PREFLIGHT}
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
        return None
