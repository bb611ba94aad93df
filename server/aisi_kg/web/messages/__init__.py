"""Hold the words of the pages, in the files beside this one: a table an area, a message a key.

Each message is there in both languages. ``{name}`` in it is filled in by the template.
"""

import functools
import tomllib
from pathlib import Path

__all__ = ["message", "messages"]

_FOLDER = Path(__file__).resolve().parent


@functools.cache
def messages() -> dict[str, dict[str, str]]:
    """Read the messages.

    :returns: each message by ``area.key``, and in it the text by language.
    """
    return {
        f"{path.stem}.{key}": text
        for path in sorted(_FOLDER.glob("*.toml"))
        for key, text in tomllib.loads(path.read_text(encoding="utf-8")).items()
    }


def message(key: str, language: str, **values: object) -> str:
    """Say something in a language.

    :param key: the message, as ``area.key``.
    :param language: one of :data:`~aisi_kg.store.library.records.LANGUAGES`.
    :param values: what stands in its places.
    :returns: the text.
    :raises KeyError: if there is no such message, or it has a place that no value is given for.
    """
    text = messages()[key][language]
    return text.format_map(values) if values else text
