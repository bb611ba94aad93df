"""Name the endpoints that queries may call by ``SERVICE``, and what a query may take of them.

The list is the operator's. What is not on it is called by nobody, whatever a query says; what is on it is
called at the address that the list gives, which may be that of a mirror.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Self

from aisi_kg.errors import InputError, QueryEnded

__all__ = [
    "SERVICES_VARIABLE",
    "Call",
    "Reply",
    "Service",
    "ServiceFailed",
    "ServiceLimits",
    "ServiceList",
    "Status",
    "too_many_calls",
]

#: The environment variable that holds the list.
SERVICES_VARIABLE = "AISI_KG_SERVICES"

# A host by name or address, no user, no fragment: what stands there is sent to whoever asks why a query
# failed.
_ADDRESS = re.compile(
    r"https?://(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?"
    r"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%/\-]*)?(?:\?[A-Za-z0-9._~!$&'()*+,;=:@%/?\-]*)?"
)
_MIRRORED = re.compile(r"=(?=https?://)")
# A worker names a service by its number, in one byte.
_MOST = 255

#: How a call ended: with solutions in one of two formats, without an answer, too late, or not made at all
#: because the query has made as many as it may.
Status = Literal["json", "xml", "failed", "timeout", "refused"]


class Service(NamedTuple):
    """Name an endpoint: the IRI that queries call it by, and the address that is asked."""

    iri: str
    address: str


class Reply(NamedTuple):
    """Hold what came of a call.

    :param status: how it ended.
    :param content: the solutions as they were sent; else a sentence in UTF-8 that says what went wrong.
    """

    status: Status
    content: bytes


#: Calls a service, by its number in the list, with a query.
Call = Callable[[int, str], Reply]


@dataclass(frozen=True, slots=True)
class ServiceLimits:
    """Say what a query may take of services.

    :param timeout_s: seconds for one call, from its beginning to the last byte of its answer.
    :param bytes: length of all answers together.
    :param calls: calls of one query.
    """

    timeout_s: float = 10
    bytes: int = 8 * 1024 * 1024
    calls: int = 20


@dataclass(frozen=True, slots=True)
class ServiceList:
    """Hold the endpoints that may be called.

    :param services: the endpoints.
    """

    services: tuple[Service, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the list as the setting has it.

        :param text: addresses, with white space between them; ``IRI=address`` has the address asked where a
            query calls the IRI.
        :returns: the list.
        :raises InputError: if a part is no address of an endpoint, or an endpoint stands there twice.
        """
        services: dict[str, Service] = {}
        for part in text.split():
            iri, *rest = _MIRRORED.split(part)
            address = rest[0] if rest else iri
            if len(rest) > 1 or not (_ADDRESS.fullmatch(iri) and _ADDRESS.fullmatch(address)):
                raise InputError(
                    f"{SERVICES_VARIABLE} has {part}, which is no endpoint; write addresses such as "
                    "https://query.wikidata.org/sparql with spaces between them, or IRI=ADDRESS for a mirror."
                )
            if iri in services:
                raise InputError(f"{SERVICES_VARIABLE} has {iri} twice; remove one of the two.")
            services[iri] = Service(iri, address)
        if len(services) > _MOST:
            raise InputError(f"{SERVICES_VARIABLE} has {len(services)} endpoints; the most are {_MOST}.")
        return cls(tuple(services.values()))

    def __bool__(self) -> bool:
        return bool(self.services)

    def find(self, iri: str) -> int | None:
        """Find a service.

        :param iri: what a query calls.
        :returns: its number in the list; None where it is not on it.
        """
        return next((number for number, each in enumerate(self.services) if each.iri == iri), None)


def too_many_calls(limits: ServiceLimits) -> str:
    """Say that a query may make no further call.

    :param limits: what it may take.
    :returns: the reason, as a part of a sentence.
    """
    return f"the query has made {limits.calls} calls, which is the most (AISI_KG_SERVICE_CALLS)"


class ServiceFailed(QueryEnded):
    """Report that a service gave no answer, which ``SERVICE SILENT`` passes over."""
