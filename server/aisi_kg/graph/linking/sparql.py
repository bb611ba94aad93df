"""Read items from a SPARQL endpoint that has them as Wikidata's query service does (Wikibase's RDF binding).

What an item was merged into is its ``owl:sameAs``; one that was deleted says nothing at all.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from aisi_kg.errors import RemoteFailed
from aisi_kg.graph.linking.items import ITEM_BASE, LANGUAGES, Item, grouped, is_item, language_of, printable
from aisi_kg.graph.linking.kinds import CLASSES, INCEPTION, INSTANCE_OF, PROPERTIES, SUBCLASS_OF
from aisi_kg.graph.linking.remote import Remote
from aisi_kg.graph.linking.services import Services

__all__ = ["SparqlItems"]

_JSON = "application/sparql-results+json"
#: So many items that an answer stays short, and that a handful of requests reads all that is mapped.
_AT_ONCE = 40
_PREFIXES = """PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX schema: <http://schema.org/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
"""
_READ = 'FILTER(LANGMATCHES(LANG(?value), "en") || LANGMATCHES(LANG(?value), "zh") || LANG(?value) = "mul")'
_ITEMS = (
    _PREFIXES
    + """SELECT DISTINCT ?item ?says ?value WHERE {{
  VALUES ?item {{ {items} }}
  {{ ?item owl:sameAs ?value . BIND("redirect" AS ?says) }}
  UNION {{ ?item schema:version ?value . BIND("version" AS ?says) }}
  UNION {{ ?item rdfs:label ?value . {read} BIND("label" AS ?says) }}
  UNION {{ ?item skos:altLabel ?value . {read} BIND("alias" AS ?says) }}
  UNION {{ ?item wdt:{instance_of} ?value . BIND("{instance_of}" AS ?says) }}
  UNION {{
    VALUES ?value {{ {classes} }}
    ?item wdt:{instance_of}/wdt:{subclass_of}* ?value . BIND("class" AS ?says)
  }}
{properties}
}}"""
)
_PROPERTY = '  UNION {{ ?item wdt:{property} ?value . BIND("{property}" AS ?says) }}'
_NAMES = (
    _PREFIXES
    + """SELECT DISTINCT ?item ?says ?value WHERE {{
  VALUES ?item {{ {items} }}
  ?item rdfs:label ?value . {read} BIND("label" AS ?says)
}}"""
)


class SparqlItems:
    """Read items from a SPARQL endpoint.

    :param services: the endpoint.
    :param remote: what asks it.
    """

    def __init__(self, services: Services, remote: Remote) -> None:
        self._url = services.items
        self._remote = remote

    @property
    def address(self) -> str:
        """Tell where items are read."""
        return self._url

    def evidence(self, item: str) -> str:  # noqa: ARG002
        """Give the address that stands as evidence for what an item says.

        :param item: its id.
        :returns: the endpoint's, whichever item it is.
        """
        return self._url

    def read(self, items: Collection[str]) -> dict[str, Item]:
        """Read items.

        :param items: their ids.
        :returns: each of them by its id; one that the endpoint says nothing of does not exist.
        :raises RemoteFailed: if the endpoint is out of reach or gives what is no answer.
        """
        said: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
        properties = "\n".join(_PROPERTY.format(property=each) for each in PROPERTIES)
        for some in _parts(items):
            query = _ITEMS.format(
                items=_terms(some),
                read=_READ,
                classes=_terms(CLASSES),
                instance_of=INSTANCE_OF,
                subclass_of=SUBCLASS_OF,
                properties=properties,
            )
            for item, says, value, language in self._solutions(query):
                said[item].append((says, value, language))
        return {item: _item(item, said.get(item, [])) for item in items}

    def names(self, items: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Read what items are called, in English, Chinese and for all languages.

        :param items: their ids.
        :returns: their labels; those without one are left out.
        :raises RemoteFailed: if the endpoint is out of reach or gives what is no answer.
        """
        found: list[tuple[str, str, str]] = []
        for some in _parts(items):
            query = _NAMES.format(items=_terms(some), read=_READ)
            found += ((item, tag, value) for item, _, value, tag in self._solutions(query))
        return grouped((item, printable(value)) for item, tag, value in sorted(found, key=_by_language))

    def _solutions(self, query: str) -> Iterator[tuple[str, str, str, str]]:
        """Give item, property, value and language of each solution."""
        answer = self._remote.post(self._url, {"query": query}, _JSON)
        value = answer.json()
        try:
            rows: list[dict[str, dict[str, Any]]] = value["results"]["bindings"]
            found = [
                (
                    row["item"]["value"].removeprefix(ITEM_BASE),
                    row["says"]["value"],
                    row["value"]["value"],
                    row["value"].get("xml:lang", ""),
                )
                for row in rows
            ]
            is_text = all(isinstance(each, str) for row in found for each in row)
        except (KeyError, TypeError, AttributeError):
            is_text = False
            found = []
        if not is_text:
            raise RemoteFailed(
                f"What {answer.url} answers is no result of a SPARQL query in JSON; check that it is an "
                "endpoint."
            )
        yield from found


def _by_language(name: tuple[str, str, str]) -> tuple[int, int, tuple[str, str, str]]:
    """Put a language before its variants."""
    tag = name[1]
    return LANGUAGES.index(language_of(tag) or LANGUAGES[-1]), len(tag), name


def _parts(items: Iterable[str]) -> Iterator[list[str]]:
    ids = sorted({item for item in items if is_item(item)})
    for start in range(0, len(ids), _AT_ONCE):
        yield ids[start : start + _AT_ONCE]


def _terms(ids: Iterable[str]) -> str:
    return " ".join(f"wd:{each}" for each in ids)


def _item(item: str, said: list[tuple[str, str, str]]) -> Item:
    def values(name: str) -> list[str]:
        return [value for says, value, _ in said if says == name]

    def names(name: str) -> dict[str, tuple[str, ...]]:
        return grouped(
            (language, printable(value))
            for says, value, tag in sorted(said, key=lambda one: (len(one[2]), one))
            if says == name and (language := language_of(tag))
        )

    def ids(name: str) -> tuple[str, ...]:
        found = (value.removeprefix(ITEM_BASE) for value in values(name))
        return tuple(sorted(each for each in found if is_item(each)))

    redirect = next(iter(ids("redirect")), "")
    return Item(
        item,
        # A redirection has no version of its own there.
        exists=bool(redirect or values("version") or values("label") or values(INSTANCE_OF)),
        redirect=redirect,
        labels=names("label"),
        aliases=names("alias"),
        types=ids(INSTANCE_OF),
        classes=frozenset(ids("class")),
        values={
            each: tuple(sorted(values(each))) if each == INCEPTION else ids(each)
            for each in PROPERTIES
            if values(each)
        },
    )
