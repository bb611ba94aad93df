"""Serve what pages load: styles, scripts, and the libraries that set-up fetched.

The address of a file holds a digest of all of them, so that a browser may keep each for ever and a new
version of the program is seen at once. Modules that import one another by relative addresses stay in one
version.
"""

import functools
import hashlib
import mimetypes
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from fastapi import APIRouter
from fastapi.responses import Response
from isal import igzip
from starlette.requests import Request

from aisi_kg.web.headers import is_known
from aisi_kg.web.negotiation import GZIP, IDENTITY, best_coding, field_value
from aisi_kg.web.problems import Problem

__all__ = ["Assets", "assets", "router"]

router = APIRouter()

_FOLDER = Path(__file__).resolve().parent / "static"
_PATH = "/static"
_FOREVER = "public, max-age=31536000, immutable"
# Fonts and pictures are compressed already.
_COMPRESSED = ("text/", "application/json", "image/svg+xml")
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".svg": "image/svg+xml"}
_LEVEL = 3


class _Body(NamedTuple):
    media_type: str
    plain: bytes
    gzipped: bytes | None


class Assets:
    """Hold the files of a folder by their names.

    :param folder: the folder.
    """

    def __init__(self, folder: Path) -> None:
        self._paths = {
            path.relative_to(folder).as_posix(): path
            for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.name.startswith(".")
        }
        digest = hashlib.sha256()
        for name, path in self._paths.items():
            digest.update(f"{name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        self.digest = digest.hexdigest()[:12]
        self._bodies: dict[str, _Body] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """List the files.

        :returns: their paths below the folder.
        """
        return tuple(self._paths)

    def address(self, name: str) -> str:
        """Say where a file is served.

        :param name: its path below the folder.
        :returns: the path of its address.
        :raises KeyError: if there is no such file.
        """
        if name not in self._paths:
            raise KeyError(f"There is no file {name} to serve; make setup fetches those of others.")
        return f"{_PATH}/{self.digest}/{name}"

    def body(self, name: str) -> _Body | None:
        """Read a file; what was read once is kept.

        :param name: its path below the folder.
        :returns: its content, compressed too where that helps; None if there is no such file.
        """
        path = self._paths.get(name)
        if path is None:
            return None
        if name not in self._bodies:
            media_type = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "text/plain"
            plain = path.read_bytes()
            gzipped = igzip.compress(plain, _LEVEL, mtime=0) if media_type.startswith(_COMPRESSED) else None
            self._bodies[name] = _Body(media_type, plain, gzipped)
        return self._bodies[name]


@functools.cache
def assets() -> Assets:
    """Give the files that pages load.

    :returns: the files, found once.
    """
    return Assets(_FOLDER)


@router.api_route(_PATH + "/{digest}/{name:path}", methods=["GET", "HEAD"])
def asset(request: Request, digest: str, name: str) -> Response:
    """Send a file."""
    found = assets().body(name)
    if found is None:
        raise Problem(HTTPStatus.NOT_FOUND, "not-found", "There is no such file.")
    codings = (GZIP, IDENTITY) if found.gzipped is not None else (IDENTITY,)
    coding = best_coding(codings, field_value(request.headers, "accept-encoding")) or IDENTITY
    headers = {
        "Cache-Control": _FOREVER if digest == assets().digest else "no-cache",
        "ETag": f'"{assets().digest}-{coding}"',
        "Vary": "Accept-Encoding",
    }
    if is_known(request, headers["ETag"]):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers=headers)
    body = found.plain
    if coding == GZIP and found.gzipped is not None:
        headers["Content-Encoding"] = GZIP
        body = found.gzipped
    return Response(body, headers=headers, media_type=found.media_type)
