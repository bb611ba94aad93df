"""What an operator can set, in the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from aisi_kg.errors import InputError

__all__ = ["Settings"]

_PREFIX = "AISI_KG_"
_PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-]*)?")


def _threads() -> int:
    # Some more than there are processors, so that a few long queries do not keep all others waiting.
    return max(4, os.cpu_count() or 1)


@dataclass(frozen=True)
class Settings:
    """Hold the settings; each field is read from ``AISI_KG_`` and its name in capitals.

    :param max_body_bytes: length of the longest request body that is read.
    :param max_url_bytes: length of the longest path with query string that is read.
    :param query_threads: queries that are evaluated at the same time.
    :param public_url: address under which the server is reached, where a proxy hides it from the server;
        empty where the request tells.
    """

    max_body_bytes: int = field(default=256 * 1024, metadata={"least": 1024, "most": 64 * 1024 * 1024})
    max_url_bytes: int = field(default=16 * 1024, metadata={"least": 256, "most": 1024 * 1024})
    query_threads: int = field(default_factory=_threads, metadata={"least": 1, "most": 256})
    public_url: str = ""

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """List the environment variables.

        :returns: their names.
        """
        return tuple(_PREFIX + setting.name.upper() for setting in fields(cls))

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Self:
        """Read the settings.

        :param environment: the environment's variables.
        :returns: the settings; what is not set, or set to nothing, has its default.
        :raises InputError: if a value is none that the setting can have.
        """
        values: dict[str, Any] = {}
        for setting in fields(cls):
            name = _PREFIX + setting.name.upper()
            text = environment.get(name, "").strip()
            if not text:
                continue
            if setting.name == "public_url":
                if not _PUBLIC_URL.fullmatch(text):
                    raise InputError(f"{name} is {text}, which is no address such as https://example.org/kg.")
                values[setting.name] = text.rstrip("/")
                continue
            least, most = setting.metadata["least"], setting.metadata["most"]
            if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
                raise InputError(f"{name} is {text}; set it to a whole number from {least} to {most}.")
            values[setting.name] = int(text)
        return cls(**values)
