"""Hold what every handler needs: the evaluator, what is known of the dataset, and the settings."""

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from ipaddress import ip_network
from pathlib import Path
from typing import Self

from starlette.requests import Request

from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.directory import DUMP_STEM, OpenDataset
from aisi_kg.store.library.records import Library
from aisi_kg.store.reconcile import Catalogue
from aisi_kg.store.results import GRAPH_FORMATS
from aisi_kg.store.search import Index
from aisi_kg.store.source_texts import SourceTexts
from aisi_kg.web.access_log import AccessLog
from aisi_kg.web.cache import AnswerCache
from aisi_kg.web.evaluator import Evaluator
from aisi_kg.web.metrics import Metrics
from aisi_kg.web.problems import Problem
from aisi_kg.web.settings import Settings

__all__ = ["DatasetInfo", "Dump", "Site", "base_url", "client_named", "client_of", "network_of", "site_of"]

# What may stand in an address; whatever else a client sends as Host is not repeated in an answer.
_HOST = re.compile(r"(?:[A-Za-z0-9](?:[A-Za-z0-9.\-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True)
class Dump:
    """Name a file with the whole dataset.

    :param path: the file.
    :param sha256: its digest in hexadecimal digits.
    """

    path: Path
    sha256: str


@dataclass(frozen=True)
class DatasetInfo:
    """Say what is known of the dataset without asking it.

    :param version: its version, which changes with its content.
    :param prefixes: the prefixes that it declares.
    :param dumps: its dumps, by extension.
    :param library: its stored queries.
    :param search: what can be searched for in it.
    :param catalogue: the types and properties of its entities.
    :param texts: the texts of its sources that the operator has.
    """

    version: str
    prefixes: Prefixes = field(default_factory=lambda: Prefixes({}))
    dumps: Mapping[str, Dump] = field(default_factory=dict)
    library: Library = field(default_factory=Library)
    search: Index = field(default_factory=Index)
    catalogue: Catalogue = field(default_factory=Catalogue)
    texts: SourceTexts = field(default_factory=SourceTexts)

    @classmethod
    def of(
        cls,
        dataset: OpenDataset,
        prefixes: Prefixes,
        library: Library,
        search: Index,
        catalogue: Catalogue,
        texts: SourceTexts,
    ) -> Self:
        """Take it from a dataset that is open.

        :param dataset: the dataset.
        :param prefixes: the prefixes that it declares.
        :param library: the stored queries that it publishes.
        :param search: what can be searched for in it.
        :param catalogue: the types and properties of its entities.
        :param texts: the texts of its sources that the operator has.
        :returns: what is known of it.
        """
        extensions = [
            f.extension for f in GRAPH_FORMATS if f"{DUMP_STEM}.{f.extension}" in dataset.manifest.files
        ]
        dumps = {
            extension: Dump(
                dataset.dump(extension), dataset.manifest.files[f"{DUMP_STEM}.{extension}"].sha256
            )
            for extension in extensions
        }
        return cls(dataset.version, prefixes, dumps, library, search, catalogue, texts)


@dataclass(frozen=True)
class Site:
    """Bring together what handlers need.

    :param evaluator: answers queries and writes documents.
    :param dataset: what is known of the dataset.
    :param settings: the operator's settings.
    :param cache: answers that are kept.
    :param metrics: where it is counted what is done.
    :param log: where requests are written.
    :param since: when the server took the dataset, in seconds since 1970.
    :param found: what inquiries found that depend on the dataset alone, by their names.
    """

    evaluator: Evaluator
    dataset: DatasetInfo
    settings: Settings
    cache: AnswerCache
    metrics: Metrics
    log: AccessLog
    since: float = field(default_factory=time.time)
    found: dict[str, object] = field(default_factory=dict)

    @property
    def prefixes(self) -> Prefixes:
        """Give the dataset's prefixes.

        :returns: the prefixes.
        """
        return self.dataset.prefixes


def site_of(request: Request) -> Site:
    """Find the site that a request is for.

    :param request: the request.
    :returns: the site.
    """
    site: Site = request.app.state.site
    return site


def base_url(request: Request) -> str:
    """Say at which address the client reaches the server.

    :param request: the request.
    :returns: the address without a slash at its end.
    :raises Problem: if the request names a host that is no host.
    """
    public = site_of(request).settings.public_url
    if public:
        return public
    host = request.headers.get("host", "")
    if not _HOST.fullmatch(host):
        raise Problem(HTTPStatus.BAD_REQUEST, "bad-host", "The header Host names no host.")
    return f"{request.url.scheme}://{host}"


def client_of(request: Request, settings: Settings) -> str:
    """Say who asks, as far as that matters for taking turns.

    :param request: the request.
    :param settings: the operator's settings; they may name a header that a proxy sets.
    :returns: an address; of the sixth version, its first half, which is one network.
    """
    address = request.client.host if request.client else ""
    header = settings.client_header
    return client_named(request.headers.getlist(header) if header else [], address)


def client_named(values: Sequence[str], address: str) -> str:
    """Say who asks where a proxy may say it.

    :param values: the values of the header that a proxy sets, in order.
    :param address: where the connection comes from.
    :returns: as :func:`client_of`.
    """
    if values:
        # A proxy adds to the end of the list; what stands before is what the client says.
        address = values[-1].rpartition(",")[2].strip()[:64] or address
    return network_of(address)


def network_of(address: str) -> str:
    """Say whose an address is, as far as that matters for taking turns.

    :param address: an address.
    :returns: the address; of the sixth version, its first half, which is one network.
    """
    if ":" in address:
        try:
            return str(ip_network((address.partition("%")[0], 64), strict=False))
        except ValueError:
            return address
    return address
