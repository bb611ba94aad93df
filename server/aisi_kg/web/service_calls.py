"""Call services for workers, within what a query may take of them.

A worker is where a hostile query runs. It can name a service of the operator's list by its number and send
it a text, and nothing else: neither an address nor a header is its to choose. What it may take is counted
here.
"""

from aisi_kg import __version__
from aisi_kg.graph.prefixes import BASE
from aisi_kg.store.remote import Remote
from aisi_kg.store.services import Reply, ServiceLimits, ServiceList, too_many_calls
from aisi_kg.store.wire import unpack_call
from aisi_kg.web.job import Job
from aisi_kg.web.metrics import Metrics

__all__ = ["ServiceCalls"]

_AGENT = f"aisi-kg/{__version__} ({BASE})"
# Much more than the values of a batch and the longest query take.
_LONGEST = 4 * 1024 * 1024


class ServiceCalls:
    """Call services; made in the event loop's process.

    :param services: the operator's list.
    :param limits: what one query may take.
    :param metrics: where it counts.
    """

    def __init__(self, services: ServiceList, limits: ServiceLimits, metrics: Metrics) -> None:
        self._services = services
        self._limits = limits
        self._metrics = metrics
        self._remote = Remote(services, limits, _AGENT)

    async def make(self, job: Job, payload: bytes) -> Reply:
        """Make a call.

        :param job: the query that it is for.
        :param payload: what the worker wants.
        :returns: what came of it.
        """
        try:
            number, query = unpack_call(payload)
        except ValueError:
            return Reply("refused", b"the call is none")
        if number >= len(self._services.services) or len(payload) > _LONGEST:
            return Reply("refused", b"the call is none")
        if job.called >= self._limits.calls:
            return Reply("refused", too_many_calls(self._limits).encode())
        job.called += 1
        self._metrics.add("service_calls")
        reply = await self._remote.ask(number, query, self._limits.bytes - job.service_bytes)
        if reply.status in ("json", "xml"):
            job.service_bytes += len(reply.content)
        else:
            self._metrics.add("service_failures")
        return reply

    async def close(self) -> None:
        """Close all connections."""
        await self._remote.close()
