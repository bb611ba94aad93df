"""Read items from the documents that ``Special:EntityData`` gives, one request an item (Wikibase's JSON).

An item that was merged comes as the one that it was merged into; one that was deleted is answered with 404.
"""

from collections.abc import Callable, Collection, Iterator
from http.client import OK
from typing import Any
from urllib.parse import urlsplit

from aisi_kg.errors import RemoteFailed
from aisi_kg.graph.linking.items import LANGUAGES, Item, grouped, is_item, language_of, printable
from aisi_kg.graph.linking.kinds import CLASSES, INCEPTION, INSTANCE_OF, PROPERTIES, SUBCLASS_OF
from aisi_kg.graph.linking.remote import Remote
from aisi_kg.graph.linking.services import Services

__all__ = ["EntityDataItems"]

#: The most classes that are read to find what those of the items are below of.
_MOST_CLASSES = 2000


class EntityDataItems:
    """Read items from their documents.

    :param services: the documents' address.
    :param remote: what asks for them.
    :param tell: takes a sentence for the user, where there is much to read.
    """

    def __init__(self, services: Services, remote: Remote, tell: Callable[[str], None]) -> None:
        self._services = services
        self._remote = remote
        self._tell = tell
        self._above: dict[str, tuple[str, ...]] = {}
        self._names: dict[str, tuple[str, ...]] = {}

    @property
    def address(self) -> str:
        """Tell where items are read."""
        return self._services.items

    def evidence(self, item: str) -> str:
        """Give the address that stands as evidence: that of the item's document.

        :param item: its id.
        :returns: the address.
        """
        return self._services.document_of(item)

    def read(self, items: Collection[str]) -> dict[str, Item]:
        """Read items, and the classes above theirs.

        :param items: their ids.
        :returns: each of them by its id.
        :raises RemoteFailed: if a document is out of reach or is none.
        """
        ids = sorted({item for item in items if is_item(item)})
        if len(ids) > 1:
            host = urlsplit(self._services.document_of(ids[0])).netloc
            self._tell(f"{len(ids)} items are read from {host}, one after the other, with the classes above.")
        return {item: self._item(item) for item in ids}

    def names(self, items: Collection[str]) -> dict[str, tuple[str, ...]]:
        """Read what items are called, in English, Chinese and for all languages.

        :param items: their ids.
        :returns: their labels; those without one are left out.
        :raises RemoteFailed: if a document is out of reach or is none.
        """
        for item in items:
            if is_item(item) and item not in self._names:
                self._document(item)
        return {item: names for item in items if (names := self._names.get(item, ()))}

    def _item(self, item: str) -> Item:
        entity = self._document(item)
        if entity is None:
            return Item(item, exists=False)
        redirect = entity["id"] if entity["id"] != item else ""
        types = _values(entity, INSTANCE_OF)
        return Item(
            item,
            redirect=redirect,
            labels=_labels(entity),
            aliases=_aliases(entity),
            types=types,
            classes=self._classes(types),
            values={each: values for each in PROPERTIES if (values := _values(entity, each))},
        )

    def _classes(self, types: tuple[str, ...]) -> frozenset[str]:
        """Find which of the classes asked about are above some classes, or are them."""
        seen: set[str] = set()
        waiting = list(types)
        while waiting:
            cls = waiting.pop(0)
            if cls in seen:
                continue
            seen.add(cls)
            # What is above one that was asked about decides nothing: a human is an organism, too.
            if cls not in CLASSES:
                waiting += self._superclasses(cls)
        return frozenset(seen & set(CLASSES))

    def _superclasses(self, cls: str) -> tuple[str, ...]:
        if cls not in self._above:
            if len(self._above) >= _MOST_CLASSES:
                raise RemoteFailed(
                    f"The items have more than {_MOST_CLASSES} classes above them at {self.address}; read "
                    "them from a SPARQL endpoint."
                )
            entity = self._document(cls)
            self._above[cls] = () if entity is None else _values(entity, SUBCLASS_OF)
        return self._above[cls]

    def _document(self, item: str) -> dict[str, Any] | None:
        """Read what there is of an item; None where there is none."""
        answer = self._remote.get(self._services.document_of(item), "application/json")
        if answer.status != OK:
            return None
        value = answer.json()
        entities = value.get("entities") if isinstance(value, dict) else None
        found = list(entities.values()) if isinstance(entities, dict) else []
        if len(found) != 1 or not _is_entity(found[0]):
            raise RemoteFailed(
                f"What {answer.url} answers is not the data of an item; check the address: it has to be one "
                "like https://www.wikidata.org/wiki/Special:EntityData/{item}.json."
            )
        entity: dict[str, Any] = found[0]
        labels = _labels(entity)
        self._names[item] = tuple(name for each in LANGUAGES for name in labels.get(each, ()))
        return entity


def _is_entity(entity: object) -> bool:
    """Tell whether a value has the form of Wikibase's JSON, as far as it is read here."""
    if not isinstance(entity, dict) or not isinstance(entity.get("id"), str) or not is_item(entity["id"]):
        return False
    # PHP writes an empty map as an empty list.
    parts = [entity.get(name, {}) or {} for name in ("labels", "aliases", "claims")]
    return all(isinstance(part, dict) for part in parts)


def _labels(entity: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    labels = entity.get("labels") or {}
    return grouped(_terms([label for _, label in sorted(labels.items(), key=_by_tag)]))


def _aliases(entity: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    aliases = entity.get("aliases") or {}
    groups = [group for _, group in sorted(aliases.items(), key=_by_tag) if isinstance(group, list)]
    return grouped(_terms([alias for group in groups for alias in group]))


def _by_tag(pair: tuple[str, Any]) -> tuple[int, str]:
    """Put a language before its variants."""
    return len(pair[0]), pair[0]


def _terms(terms: list[Any]) -> Iterator[tuple[str, str]]:
    for term in terms:
        if isinstance(term, dict) and isinstance(term.get("value"), str):
            language = language_of(str(term.get("language", "")))
            if language:
                yield language, printable(term["value"])


def _values(entity: dict[str, Any], property_: str) -> tuple[str, ...]:
    """Give the values of a property as the query service's ``wdt:`` does: those of the best rank."""
    claims = (entity.get("claims") or {}).get(property_)
    found: dict[str, list[str]] = {"preferred": [], "normal": []}
    for claim in claims if isinstance(claims, list) else []:
        try:
            value = claim["mainsnak"]["datavalue"]["value"]
            text = value["time"] if property_ == INCEPTION else value["id"]
            rank = claim["rank"]
        except (KeyError, TypeError):
            # "Some value", "no value", or another type of value.
            continue
        if isinstance(text, str) and (property_ == INCEPTION or is_item(text)):
            found.setdefault(rank if isinstance(rank, str) else "", []).append(text)
    return tuple(sorted(set(found["preferred"] or found["normal"])))
