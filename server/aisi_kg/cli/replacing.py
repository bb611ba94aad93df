"""Put a text in the place of a file."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path

__all__ = ["replace_text"]


def replace_text(path: Path, text: str) -> None:
    """Put a text in a file's place at once, so that an interruption leaves the one or the other whole.

    :param path: the file, which is there; a link stays one, and what it leads to is replaced.
    :param text: its new text.
    :raises OSError: if that cannot be done; the file is as it was then.
    """
    target = path.resolve()
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(text.encode("utf-8"))
        Path(temporary).chmod(target.stat().st_mode & 0o7777)
        Path(temporary).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(temporary).unlink()
        raise
