"""Send the whole dataset as a file: ``/dump.ttl``, and ``/dump.ttl.gz``.

A dump is sent in parts to who asks for parts, and compressed to who accepts that. What is compressed is made
when it is first asked for and kept in memory, some hundred kilobytes each: in the dataset's directory it
would not be the same bytes on every machine, since libraries compress differently, and a temporary file would
stay behind where a server is killed.
"""

import base64
import gzip
import hashlib
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.types import Receive, Scope, Send

from aisi_kg.store.results import GRAPH_FORMATS, Format
from aisi_kg.web.headers import CACHE_CONTROL, is_known, links
from aisi_kg.web.negotiation import GZIP, IDENTITY, best_coding, field_value
from aisi_kg.web.problems import Problem
from aisi_kg.web.site import Dump, site_of

__all__ = ["router"]

router = APIRouter()

_COMPRESSED = ".gz"
_COMPRESSED_TYPE = "application/gzip"
_RANGE = r"(?:[0-9]+-[0-9]*|-[0-9]+)"
# A list may have elements that are empty (RFC 9110, section 5.6.1.2).
_RANGES = re.compile(rf"bytes=[\s,]*+({_RANGE}(?:\s*+,[\s,]*+{_RANGE})*+)[\s,]*+", re.IGNORECASE)
# Enough for as many parts as anybody wants; each is sent with a head of its own.
_LONGEST_RANGES = 1_000


@router.api_route("/dump.{name}", methods=["GET", "HEAD"])
async def dump(request: Request, name: str) -> Response:
    """Send a dump."""
    dumps = site_of(request).dataset.dumps
    extension = name.removesuffix(_COMPRESSED)
    found = dumps.get(extension)
    format_ = next((f for f in GRAPH_FORMATS if f.extension == extension), None)
    if found is None or format_ is None:
        names = ", ".join(f"/dump.{each}" for each in dumps) or "none"
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", f"There is no such dump; there are {names}.")
    if name != extension:
        return await _sent_compressed(request, found, _COMPRESSED_TYPE, {"Accept-Ranges": "none"})
    header = field_value(request.headers, "accept-encoding")
    # Parts are those of the file itself, whose places a client knows from before.
    plain = best_coding((IDENTITY,), header) if _asks_for_part(request) else None
    coding = plain or best_coding((GZIP, IDENTITY), header)
    if coding is None:
        detail = f"This file is there as it is and as {GZIP}, and Accept-Encoding refuses both; accept one."
        raise Problem(HTTPStatus.NOT_ACCEPTABLE, "not-acceptable", detail)
    varying = {"Vary": "Accept-Encoding"}
    if coding == GZIP:
        encoded = {**varying, "Content-Encoding": GZIP}
        return await _sent_compressed(request, found, format_.content_type, encoded)
    return await _sent_file(request, found, format_, varying)


def _asks_for_part(request: Request) -> bool:
    # Of a HEAD no part can be asked.
    return request.method == "GET" and "range" in request.headers


async def _sent_file(request: Request, found: Dump, format_: Format, headers: dict[str, str]) -> Response:
    headers = {**headers, "Accept-Ranges": "bytes", **_common(request, found.sha256)}
    if is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    size = (await run_in_threadpool(os.stat, found.path)).st_size
    wanted = None
    if _asks_for_part(request) and request.headers.get("if-range", headers["ETag"]) == headers["ETag"]:
        wanted = _ranges(request.headers["range"], size)
    if wanted == []:
        detail = f"The file has {size} bytes, and no part of it was asked for; ask for one below that."
        told = {"Content-Range": f"bytes */{size}"}
        raise Problem(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, "range-not-satisfiable", detail, told)
    return _PartsResponse(found.path, wanted, headers, format_.content_type)


def _ranges(header: str, size: int) -> list[str] | None:
    """Read which parts are asked for.

    :returns: those that the file has; None where the header is to be ignored.
    """
    match = _RANGES.fullmatch(header) if len(header) <= _LONGEST_RANGES else None
    if match is None:
        return None
    satisfiable = []
    for part in filter(None, map(str.strip, match[1].split(","))):
        first, _, last = part.partition("-")
        if first and last and int(first) > int(last):
            # RFC 9110 has such a header ignored as a whole.
            return None
        if (int(first) < size) if first else (int(last) > 0 and size > 0):
            satisfiable.append(part)
    return satisfiable


class _PartsResponse(FileResponse):
    """Send a file or parts of it.

    The headers that say which parts are read before; the class of the library answers for those that are
    malformed in its own words.
    """

    def __init__(
        self, path: Path, wanted: Iterable[str] | None, headers: dict[str, str], media_type: str
    ) -> None:
        super().__init__(path, headers=headers, media_type=media_type)
        self._wanted = None if wanted is None else f"bytes={','.join(wanted)}"

    def set_stat_headers(self, stat_result: os.stat_result) -> None:
        """Tell the length alone: when a file was written here is not when its content changed."""
        self.headers.setdefault("content-length", str(stat_result.st_size))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [item for item in scope["headers"] if item[0] not in (b"range", b"if-range")]
        if self._wanted is not None:
            headers.append((b"range", self._wanted.encode()))
        await super().__call__({**scope, "headers": headers}, receive, send)


class _Gzipped(NamedTuple):
    data: bytes
    sha256: str


# Bounded by the number of formats.
@lru_cache(maxsize=len(GRAPH_FORMATS))
def _gzipped(path: Path, sha256: str) -> _Gzipped:  # noqa: ARG001 - another file has another digest
    data = gzip.compress(path.read_bytes(), mtime=0)
    return _Gzipped(data, hashlib.sha256(data).hexdigest())


async def _sent_compressed(
    request: Request, found: Dump, media_type: str, headers: dict[str, str]
) -> Response:
    compressed = await run_in_threadpool(_gzipped, found.path, found.sha256)
    headers = {**headers, **_common(request, compressed.sha256)}
    if is_known(request, headers["ETag"]):
        headers.pop("Content-Encoding", None)
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    return Response(compressed.data, headers=headers, media_type=media_type)


def _common(request: Request, sha256: str) -> dict[str, str]:
    """Give the headers that depend on the bytes, and those that all dumps have."""
    digest = base64.b64encode(bytes.fromhex(sha256)).decode()
    return {
        "ETag": f'"{sha256}"',
        "Repr-Digest": f"sha-256=:{digest}:",
        # What the field was called before RFC 9530, and still is in most clients.
        "Digest": f"SHA-256={digest}",
        "Cache-Control": CACHE_CONTROL,
        "Link": links(request, "/dump"),
    }
