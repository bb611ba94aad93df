"""Name what stored queries are about and what their columns hold, in the language of a page."""

import re
from collections.abc import Iterable

from aisi_kg.store.library.records import StoredQuery
from aisi_kg.web.messages import message, messages

__all__ = ["by_topic", "column_name", "topic_name"]

_WORD = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def topic_name(tag: str, language: str) -> str:
    """Name a topic.

    :param tag: a tag of a stored query.
    :param language: ``en`` or ``zh``.
    :returns: what people call it; the tag itself where no name is known.
    """
    key = f"queries.topic_{tag}"
    return message(key, language) if key in messages() else tag


def column_name(name: str, language: str) -> str:
    """Name a column.

    :param name: the variable, without its mark.
    :param language: ``en`` or ``zh``.
    :returns: what people call what is in it; the words of the variable where no name is known.
    """
    key = f"columns.{name}"
    return message(key, language) if key in messages() else _WORD.sub(" ", name).lower()


def by_topic(queries: Iterable[StoredQuery], language: str) -> list[tuple[str, str, list[StoredQuery]]]:
    """Put each query under the first of its topics.

    :param queries: the queries.
    :param language: the language of the topics' names and of the queries' order.
    :returns: tag, name and queries of each topic, by name; a query without a tag stands under an empty one,
        at the end.
    """
    groups: dict[str, list[StoredQuery]] = {}
    for query in queries:
        groups.setdefault(next(iter(query.tags), ""), []).append(query)
    named = [
        (tag, topic_name(tag, language) if tag else "", sorted(group, key=lambda q: q.title.en.casefold()))
        for tag, group in groups.items()
    ]
    # In the same order in both languages: by the name in English.
    return sorted(named, key=lambda each: (not each[0], topic_name(each[0], "en").casefold()))
