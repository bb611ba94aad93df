"""Find the items that an entity may be: candidates of a service, read again and scored."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from aisi_kg.graph.linking.items import Item, ItemSource
from aisi_kg.graph.linking.kinds import COUNTRY, PARENTS, POSITION
from aisi_kg.graph.linking.reconciliation import LANGUAGES, Candidate, Name, Reconciler
from aisi_kg.graph.linking.scoring import Score, score_item
from aisi_kg.graph.linking.subjects import Subject

__all__ = ["Match", "match_item", "search"]

#: An entity is looked for by so many of its names in each language: the preferred one, and the first other.
_NAMES = 2


@dataclass(frozen=True)
class Match:
    """Hold an item that an entity may be.

    :param item: the item.
    :param score: how well it fits.
    :param description: what the service says of it; empty where it was not asked.
    :param names: what other items are called, those of the item's classes and values among them.
    """

    item: Item
    score: Score
    description: str
    names: Mapping[str, Sequence[str]]


def search(
    subjects: Collection[Subject], reconciler: Reconciler, source: ItemSource, limit: int
) -> dict[str, tuple[Match, ...]]:
    """Find the items that entities may be.

    :param subjects: the entities.
    :param reconciler: finds candidates.
    :param source: reads them.
    :param limit: the most items for each.
    :returns: the items of each entity by its IRI, the best one first.
    :raises RemoteFailed: if one of the servers is out of reach or gives what cannot be used.
    """
    found: dict[str, dict[str, Candidate]] = {subject.iri: {} for subject in subjects}
    languages = reconciler.languages()
    for language in languages:
        # A service with one address takes the names of both languages there.
        spoken = LANGUAGES if len(languages) == 1 else (language,)
        names = {subject.iri: _names(subject, spoken) for subject in subjects}
        candidates = reconciler.find(language, [name for each in names.values() for name in each], limit)
        for iri, asked in names.items():
            for name in asked:
                for candidate in candidates[name]:
                    found[iri].setdefault(candidate.id, candidate)
    items = source.read({id_ for each in found.values() for id_ in each})
    called = _called(items.values(), source)
    return {
        subject.iri: _ranked(subject, found[subject.iri].values(), items, called)[:limit]
        for subject in subjects
    }


def match_item(subject: Subject, item: Item, source: ItemSource) -> Match:
    """Score an item that somebody named.

    :param subject: the entity.
    :param item: the item.
    :param source: reads what the item's classes and values are called.
    :returns: the item with its score.
    :raises RemoteFailed: if they cannot be read.
    """
    names = _called([item], source)
    return Match(item, score_item(subject, item, names), "", names)


def _names(subject: Subject, languages: Iterable[str]) -> list[Name]:
    texts = [text for each in languages for text in subject.names.get(each, ())[:_NAMES]]
    return [Name(text, subject.kind.wanted) for text in dict.fromkeys(texts)]


def _called(items: Iterable[Item], source: ItemSource) -> Mapping[str, Sequence[str]]:
    ids = {
        each
        for item in items
        for values in (item.types, *(item.values.get(name, ()) for name in (COUNTRY, *PARENTS, POSITION)))
        for each in values
    }
    return source.names(ids) if ids else {}


def _ranked(
    subject: Subject,
    candidates: Iterable[Candidate],
    items: Mapping[str, Item],
    names: Mapping[str, Sequence[str]],
) -> tuple[Match, ...]:
    matches = [
        Match(item, score_item(subject, item, names), candidate.description, names)
        for candidate in candidates
        # What a service still has of an item that was deleted or merged is no candidate.
        if (item := items[candidate.id]).exists and not item.redirect
    ]
    return tuple(sorted(matches, key=lambda match: (-match.score.value, int(match.item.id[1:]))))
