"""Read what a request sends, within bounds and as UTF-8."""

from binascii import a2b_qp
from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import unquote_to_bytes

from starlette.datastructures import Headers
from starlette.requests import Request

from aisi_kg.store.results import Format
from aisi_kg.web.negotiation import best, field_value, parse_accept
from aisi_kg.web.problems import Problem

__all__ = ["accepted", "content_type", "decode_percent", "parse_form", "query_string", "read_body"]

#: More parameters than any query needs; each costs memory of its own.
_MAX_PARAMETERS = 1_000


def parse_form(data: bytes, where: str) -> list[tuple[str, str]]:
    """Read URL-encoded parameters.

    :param data: a query string or a form.
    :param where: what it is, for the message.
    :returns: names and values in order.
    :raises Problem: if it is not UTF-8, or has too many parameters.
    """
    if data.count(b"&") >= _MAX_PARAMETERS:
        detail = f"The {where} has more than {_MAX_PARAMETERS} parameters."
        raise Problem(HTTPStatus.BAD_REQUEST, "too-many-parameters", detail)
    found = []
    try:
        for pair in data.split(b"&"):
            if pair:
                name, _, value = pair.partition(b"=")
                found.append((decode_percent(name).decode("utf-8"), decode_percent(value).decode("utf-8")))
    except UnicodeDecodeError as error:
        detail = f"The {where} is not UTF-8 (byte {error.start}); encode its text as UTF-8."
        raise Problem(HTTPStatus.BAD_REQUEST, "not-utf-8", detail) from error
    return found


def decode_percent(data: bytes) -> bytes:
    """Decode what is URL-encoded.

    :param data: a name or a value of a query string or a form.
    :returns: its bytes: ``+`` is a space, ``%`` before anything but two hexadecimal digits is itself.
    """
    if b"+" in data:
        data = data.replace(b"+", b" ")
    if b"%" not in data:
        return data
    # Quoted-printable has the same form with another sign, and is decoded in C: the function of the standard
    # library for URLs takes twenty times as long for a query, which is more than evaluating a short one does.
    decoded = a2b_qp(data.replace(b"=", b"=3D").replace(b"%", b"="))
    # Each escape is two bytes shorter when it is decoded, and what is none less so. Only at the end of a line
    # quoted-printable has another meaning for its sign.
    if len(decoded) == len(data) - 2 * data.count(b"%") and b"\n" not in data and b"\r" not in data:
        return decoded
    return unquote_to_bytes(data)


def query_string(request: Request) -> list[tuple[str, str]]:
    """Read the parameters of a request's URL.

    :param request: the request.
    :returns: names and values in order.
    :raises Problem: if they are not UTF-8, or too many.
    """
    return parse_form(request.scope["query_string"], "query string")


def accepted(request: Request, formats: Sequence[Format]) -> Format:
    """Choose the format that a client likes best.

    :param request: the request.
    :param formats: what there is; the first of equals is taken.
    :returns: the format.
    :raises Problem: if the client accepts none.
    """
    format_ = best(formats, parse_accept(field_value(request.headers, "accept")))
    if format_ is None:
        offered = tuple(f.media_type for f in formats)
        detail = f"Nothing in Accept can be written here; ask for one of {', '.join(offered)}."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail, offered=offered)
    return format_


def content_type(headers: Headers) -> tuple[str, str]:
    """Read the ``Content-Type`` of a request.

    :param headers: the request's headers.
    :returns: the media type in lower case, without parameters, and the charset in lower case; each empty
        where not given.
    """
    media_type, *parameters = headers.get("content-type", "").split(";")
    charset = ""
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = value.strip().strip("\"'").lower()
    return media_type.strip().lower(), charset


async def read_body(request: Request, limit: int) -> bytes:
    """Read the body of a request.

    :param request: the request.
    :param limit: length of the longest body that is read, in bytes.
    :returns: the body.
    :raises Problem: if it is longer, or encoded.
    """
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        detail = f"The body is encoded as {encoding[:40]}; send it as it is."
        raise Problem(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "unsupported-encoding", detail, {"Accept-Encoding": "identity"}
        )
    too_long = Problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        "body-too-long",
        f"The body is longer than {limit} bytes, which is the most this server reads.",
        limit_bytes=limit,
    )
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced) > limit:
        raise too_long
    body = bytearray()
    async for block in request.stream():
        body += block
        if len(body) > limit:
            raise too_long
    return bytes(body)
