"""What an operator can set, in the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from aisi_kg.errors import InputError
from aisi_kg.store.services import ServiceLimits, ServiceList

__all__ = ["Settings"]

_PREFIX = "AISI_KG_"
_PUBLIC_URL = re.compile(r"https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-]*)?")
_HEADER = re.compile(r"[A-Za-z][A-Za-z0-9\-]{0,60}")
_REPORT_TO = re.compile(
    r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+|https?://[A-Za-z0-9.\-\[\]:]+(/[A-Za-z0-9._~/\-?=&%+{}:,]*)?"
)
_LOG = re.compile(r"text|json|none")


def _processors() -> int:
    """Count the processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_QUERY_MEMORY_BYTES = 256 * 1024 * 1024


def _slots() -> int:
    # All queries at their limit together take half of the machine's memory at most.
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return min(64, max(4, memory // 2 // _QUERY_MEMORY_BYTES))


def _bounds(least: int, most: int) -> dict[str, int]:
    return {"least": least, "most": most}


_MIB = 1024 * 1024


@dataclass(frozen=True)
class Settings:
    """Hold the settings; each field is read from ``AISI_KG_`` and its name in capitals.

    :param max_body_bytes: length of the longest request body that is read.
    :param max_url_bytes: length of the longest path with query string that is read.
    :param max_query_bytes: length of the longest query that is evaluated.
    :param query_timeout_s: seconds that a query may take, with sending its answer.
    :param query_memory_bytes: memory that a query may take beyond the dataset's.
    :param max_rows: rows or triples of the longest answer.
    :param query_slots: queries that are evaluated at the same time.
    :param queue_length: queries that wait for a slot.
    :param memory_quads: the most quads of a dataset that is held in memory; a larger one is read from disk.
    :param web_processes: processes that speak HTTP.
    :param max_connections: connections that are open at the same time.
    :param request_timeout_s: seconds in which a request has to arrive, and a client to take what it is sent.
    :param keep_alive_s: seconds after which an idle connection is closed.
    :param cache_bytes: memory for answers that are kept; 0 keeps none.
    :param cache_age_s: seconds for which a client may use an answer without asking again.
    :param client_header: header in which a proxy says who asks; empty where clients connect by themselves.
    :param services: endpoints that SERVICE may call, with spaces between them; empty for none.
    :param service_timeout_s: seconds that one call of a service may take.
    :param service_bytes: length of all that services may answer to one query.
    :param service_calls: calls of services that one query may make.
    :param log: how the line for each request is written: ``text``, ``json`` or ``none``.
    :param public_url: address under which the server is reached, where a proxy hides it from the server;
        empty where the request tells.
    :param report_errors_to: address of mail or of a page where an error in a claim is reported; in that of a
        page ``{claim}`` and ``{version}`` are filled in. Empty where pages only say what to quote.
    """

    max_body_bytes: int = field(default=256 * 1024, metadata=_bounds(1024, 64 * _MIB))
    max_url_bytes: int = field(default=16 * 1024, metadata=_bounds(256, _MIB))
    max_query_bytes: int = field(default=128 * 1024, metadata=_bounds(1024, 64 * _MIB))
    query_timeout_s: int = field(default=15, metadata=_bounds(1, 3600))
    query_memory_bytes: int = field(default=_QUERY_MEMORY_BYTES, metadata=_bounds(32 * _MIB, 1 << 40))
    max_rows: int = field(default=1_000_000, metadata=_bounds(1, 1 << 40))
    query_slots: int = field(default_factory=_slots, metadata=_bounds(1, 1024))
    queue_length: int = field(default=512, metadata=_bounds(0, 65536))
    memory_quads: int = field(default=3_000_000, metadata=_bounds(0, 1 << 40))
    web_processes: int = field(default_factory=_processors, metadata=_bounds(1, 64))
    max_connections: int = field(default=2000, metadata=_bounds(10, 100_000))
    request_timeout_s: int = field(default=15, metadata=_bounds(1, 3600))
    keep_alive_s: int = field(default=15, metadata=_bounds(1, 3600))
    cache_bytes: int = field(default=64 * _MIB, metadata=_bounds(0, 1 << 40))
    cache_age_s: int = field(default=60, metadata=_bounds(0, 31_536_000))
    client_header: str = field(default="", metadata={"form": _HEADER, "example": "X-Forwarded-For"})
    services: str = field(default="", metadata={"read": ServiceList.parse})
    service_timeout_s: int = field(default=10, metadata=_bounds(1, 3600))
    service_bytes: int = field(default=8 * _MIB, metadata=_bounds(1024, 1 << 28))
    service_calls: int = field(default=20, metadata=_bounds(1, 10_000))
    log: str = field(default="text", metadata={"form": _LOG, "example": "text, json or none"})
    public_url: str = field(default="", metadata={"form": _PUBLIC_URL, "example": "https://example.org/kg"})
    report_errors_to: str = field(
        default="",
        metadata={
            "form": _REPORT_TO,
            "example": "errors@example.org or https://example.org/new?title={claim}",
        },
    )

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
            if "read" in setting.metadata:
                setting.metadata["read"](text)
                values[setting.name] = text
                continue
            if "form" in setting.metadata:
                if not setting.metadata["form"].fullmatch(text):
                    raise InputError(f"{name} is {text}; set it to such as {setting.metadata['example']}.")
                values[setting.name] = text.rstrip("/")
                continue
            least, most = setting.metadata["least"], setting.metadata["most"]
            if not re.fullmatch(r"[0-9]{1,12}", text) or not least <= int(text) <= most:
                raise InputError(f"{name} is {text}; set it to a whole number from {least} to {most}.")
            values[setting.name] = int(text)
        return cls(**values)

    def service_list(self) -> ServiceList:
        """Read the list of services.

        :returns: the endpoints that SERVICE may call.
        """
        return ServiceList.parse(self.services)

    def service_limits(self) -> ServiceLimits:
        """Say what a query may take of services.

        :returns: the limits.
        """
        return ServiceLimits(self.service_timeout_s, self.service_bytes, self.service_calls)

    def limits(self) -> dict[str, int]:
        """List the limits that a client may want to know.

        :returns: what bounds queries, by names that end in a unit.
        """
        of_services = {
            "service_seconds": self.service_timeout_s,
            "service_bytes": self.service_bytes,
            "service_calls": self.service_calls,
        }
        return {
            "query_seconds": self.query_timeout_s,
            "query_memory_bytes": self.query_memory_bytes,
            "query_bytes": self.max_query_bytes,
            "answer_rows": self.max_rows,
            "queue_queries": self.queue_length,
            **(of_services if self.services else {}),
        }
