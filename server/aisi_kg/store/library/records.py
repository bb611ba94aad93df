"""What is known of a stored query: its question in both languages, its parameters, its columns, its text."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from aisi_kg.graph.prefixes import BASE

__all__ = [
    "LANGUAGES",
    "QUERY_BASE",
    "Column",
    "ColumnType",
    "Form",
    "Library",
    "Member",
    "Parameter",
    "ParameterType",
    "StoredQuery",
    "Term",
    "Text",
]

#: What the IRI of a stored query begins with; its id follows.
QUERY_BASE = BASE + "queries/"
#: The languages that texts are written in.
LANGUAGES = ("en", "zh")

#: What a parameter can be bound to.
Term: TypeAlias = NamedNode | Literal


@dataclass(frozen=True)
class Text:
    """Hold a text in both languages."""

    en: str
    zh: str

    def in_language(self, language: str) -> str:
        """Give the text in a language.

        :param language: ``en`` or ``zh``.
        :returns: the text.
        """
        return self.zh if language == "zh" else self.en


class Form(StrEnum):
    """Name what a query asks for."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


class ParameterType(StrEnum):
    """Name what the values of a parameter are."""

    IRI = "iri"
    STRING = "string"
    INTEGER = "integer"
    DATE = "date"
    LANGUAGE = "language"


class ColumnType(StrEnum):
    """Name what stands in a column of a result."""

    IRI = "iri"
    LITERAL = "literal"
    CLAIM = "claim"
    NUMBER = "number"
    DATE = "date"
    BOOLEAN = "boolean"
    LABEL = "label"


@dataclass(frozen=True)
class Member:
    """Name a value that a parameter may have.

    :param iri: the resource.
    :param label: what it is called; its IRI where it has no name.
    """

    iri: str
    label: Text


@dataclass(frozen=True)
class Parameter:
    """Describe a parameter: a variable of the query that a value can be given.

    :param name: the variable, without its mark.
    :param type: what its values are.
    :param label: what people call it.
    :param of_class: IRI of the class that values are members of; None where they need not be.
    :param scheme: IRI of the concept scheme that values belong to; None where they need not.
    :param default: the value where none is given; None where the query then is not restricted.
    :param allowed: the strings that it may be; empty where any string may.
    :param members: the resources that it may be, where a class or a scheme is named; known of a dataset only.
    """

    name: str
    type: ParameterType
    label: Text
    of_class: str | None = None
    scheme: str | None = None
    default: Term | None = None
    allowed: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()

    @property
    def is_optional(self) -> bool:
        """Tell whether the query is not restricted where no value is given."""
        return self.default is None

    @property
    def is_of_members(self) -> bool:
        """Tell whether the values are the members of a class or a scheme."""
        return self.of_class is not None or self.scheme is not None


@dataclass(frozen=True)
class Column:
    """Describe a column of a result.

    :param name: the variable, without its mark.
    :param type: what stands in it.
    """

    name: str
    type: ColumnType


@dataclass(frozen=True)
class StoredQuery:
    """Hold a stored query.

    :param id: its name, unique in the library.
    :param title: the question.
    :param description: what a row of the answer is.
    :param tags: what it is about.
    :param form: what it asks for.
    :param text: the query, without its header.
    :param parameters: what can be given a value.
    :param columns: the columns of the result; none unless it is a SELECT.
    :param services: addresses of other endpoints that it asks.
    :param path: its file, as messages name it; empty where it was read from a dataset.
    """

    id: str
    title: Text
    description: Text
    tags: tuple[str, ...]
    form: Form
    text: str
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    services: tuple[str, ...] = ()
    path: str = field(default="", compare=False)

    @property
    def iri(self) -> str:
        """Give its IRI, whose path is where a server answers it.

        :returns: the IRI.
        """
        return QUERY_BASE + self.id


@dataclass(frozen=True)
class Library:
    """Hold stored queries by id.

    :param queries: the queries, in the order of their ids.
    """

    queries: dict[str, StoredQuery] = field(default_factory=dict)

    def find(self, words: str = "", tag: str = "") -> list[StoredQuery]:
        """Search the queries.

        :param words: each of them has to stand in the id, title, description or tags, in either language.
        :param tag: the query has to have it; any may where it is empty.
        :returns: the queries that fit.
        """
        wanted = words.casefold().split()
        found = []
        for query in self.queries.values():
            if tag and tag not in query.tags:
                continue
            about = (query.title, query.description)
            texts = [query.id, *query.tags, *(t.en for t in about), *(t.zh for t in about)]
            said = "\n".join(texts).casefold()
            if all(word in said for word in wanted):
                found.append(query)
        return found

    @property
    def tags(self) -> dict[str, int]:
        """Count the queries of each tag.

        :returns: the tags by name, with their numbers.
        """
        tags = sorted(tag for query in self.queries.values() for tag in query.tags)
        return {tag: tags.count(tag) for tag in dict.fromkeys(tags)}
