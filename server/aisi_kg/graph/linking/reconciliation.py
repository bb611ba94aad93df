"""Find candidates with a service that speaks the Reconciliation Service API, version 0.1 or 0.2.

The manifest tells whether the service is about Wikidata's items. Queries go in batches, in a form's field
``queries``; a batch of results has one for each query.
"""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from aisi_kg.errors import RemoteFailed
from aisi_kg.graph.linking.items import ITEM_BASE, is_item, printable
from aisi_kg.graph.linking.remote import Answer, Remote
from aisi_kg.graph.linking.services import Services

__all__ = ["LANGUAGES", "Candidate", "Name", "Reconciler"]

LANGUAGES = ("en", "zh")
_JSON = "application/json"
_VERSIONS = ("0.1", "0.2")
#: OpenRefine's size of a batch.
_AT_ONCE = 10
#: How a service may write the space of Wikidata's ids.
_SPACES = {ITEM_BASE, ITEM_BASE.replace("http:", "https:")}


@dataclass(frozen=True)
class Name:
    """Hold what is asked for.

    :param text: a name.
    :param type: id of the class that candidates are of; empty where any may be.
    """

    text: str
    type: str = ""


@dataclass(frozen=True)
class Candidate:
    """Hold what a service says of a candidate.

    :param id: id of the item.
    :param name: what it is called, in the language asked in.
    :param description: what it is, in a few words; empty where the service does not say.
    :param score: the service's own score, whose scale is its own.
    """

    id: str
    name: str
    description: str
    score: float


class Reconciler:
    """Ask a reconciliation service.

    :param services: the service.
    :param remote: what asks it.
    """

    def __init__(self, services: Services, remote: Remote) -> None:
        self._services = services
        self._remote = remote
        self._checked: set[str] = set()

    def languages(self) -> tuple[str, ...]:
        """Give the languages to ask in.

        :returns: English and Chinese; English alone where the service has one address for all.
        """
        addresses = [self._services.reconciliation_in(language) for language in LANGUAGES]
        return LANGUAGES if len(set(addresses)) > 1 else LANGUAGES[:1]

    def address(self, language: str) -> str:
        """Give the address that is asked.

        :param language: one of :meth:`languages`.
        :returns: the address.
        """
        return self._services.reconciliation_in(language)

    def find(self, language: str, names: Collection[Name], limit: int) -> dict[Name, tuple[Candidate, ...]]:
        """Find candidates for names.

        :param language: the language to ask in.
        :param names: the names.
        :param limit: the most candidates for each.
        :returns: the candidates of each name, as the service ranks them.
        :raises RemoteFailed: if the service is out of reach or about something else, or gives no answer.
        """
        url = self.address(language)
        self._check_manifest(url)
        ordered = list(dict.fromkeys(names))
        found: dict[Name, tuple[Candidate, ...]] = {}
        for start in range(0, len(ordered), _AT_ONCE):
            found.update(self._batch(url, ordered[start : start + _AT_ONCE], limit))
        return found

    def _check_manifest(self, url: str) -> None:
        if url in self._checked:
            return
        answer = self._remote.get(url, _JSON)
        manifest = answer.json() if answer.status == 200 else None
        if not isinstance(manifest, dict) or not isinstance(manifest.get("identifierSpace"), str):
            raise RemoteFailed(
                f"{url} does not answer with the manifest of a reconciliation service (an object with an "
                "identifierSpace); check the address."
            )
        space = manifest["identifierSpace"]
        if space not in _SPACES:
            raise RemoteFailed(
                f"The reconciliation service at {url} is about {printable(space)} and not about Wikidata's "
                f"items ({ITEM_BASE}); name one that is."
            )
        # Version 0.1 has no list of versions.
        versions = manifest.get("versions", ["0.1"])
        if not isinstance(versions, list) or not set(_VERSIONS) & {str(each) for each in versions}:
            raise RemoteFailed(
                f"The reconciliation service at {url} speaks version {printable(str(versions))} of the "
                f"Reconciliation Service API, and this program {' and '.join(_VERSIONS)}; name another one."
            )
        self._checked.add(url)

    def _batch(self, url: str, names: Sequence[Name], limit: int) -> dict[Name, tuple[Candidate, ...]]:
        queries: dict[str, dict[str, Any]] = {}
        for number, name in enumerate(names):
            queries[f"q{number}"] = {"query": name.text, "limit": limit}
            if name.type:
                queries[f"q{number}"]["type"] = name.type
        answer = self._remote.post(url, {"queries": json.dumps(queries, ensure_ascii=False)}, _JSON)
        results = answer.json()
        if not isinstance(results, dict):
            raise _unexpected(answer, "it is no object")
        return {
            name: _candidates(answer, f"q{number}", results.get(f"q{number}"))[:limit]
            for number, name in enumerate(names)
        }


def _candidates(answer: Answer, query: str, result: object) -> tuple[Candidate, ...]:
    candidates = result.get("result") if isinstance(result, dict) else None
    if not isinstance(candidates, list):
        raise _unexpected(answer, f"it has no result of {query}")
    found = []
    for number, value in enumerate(candidates):
        where = f"{query}.result[{number}]"
        if not isinstance(value, dict):
            raise _unexpected(answer, f"{where} is no object")
        id_, name, score = (value.get(key) for key in ("id", "name", "score"))
        if not isinstance(id_, str) or not is_item(id_):
            raise _unexpected(answer, f"{where}.id is {printable(str(id_))!r} and no item's")
        is_number = isinstance(score, int | float) and not isinstance(score, bool)
        if not isinstance(name, str) or not is_number:
            raise _unexpected(answer, f"{where} has no name or no score")
        description = value.get("description")
        said = printable(description) if isinstance(description, str) else ""
        found.append(Candidate(id_, printable(name), said, float(score or 0)))
    return tuple(found)


def _unexpected(answer: Answer, what: str) -> RemoteFailed:
    return RemoteFailed(
        f"What {answer.url} answers is no batch of results of the Reconciliation Service API: {what}; check "
        "the address."
    )
