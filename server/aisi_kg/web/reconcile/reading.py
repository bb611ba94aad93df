"""Read what clients of the API send as JSON, and say where something in it is wrong."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, NoReturn

from aisi_kg.errors import InputError
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.reconcile import Catalogue, Given, Property, Query, Show, Strictness, Type
from aisi_kg.web.pages import invalid
from aisi_kg.web.problems import Problem

__all__ = [
    "ALL_LANGUAGES",
    "LONGEST_VALUE",
    "MOST_CANDIDATES",
    "MOST_ENTITIES",
    "MOST_EXTENDED",
    "MOST_PROPERTIES",
    "MOST_QUERIES",
    "MOST_TYPES",
    "MOST_VALUES",
    "Extension",
    "Wanted",
    "read_batch",
    "read_extension",
]

#: The most queries of a batch.
MOST_QUERIES = 50
#: The most candidates, types, properties and values of a query.
MOST_CANDIDATES, MOST_TYPES, MOST_PROPERTIES, MOST_VALUES = 100, 20, 10, 20
#: The most entities and properties of a data extension query.
MOST_ENTITIES, MOST_EXTENDED = 1000, 50
#: The length of the longest text, in characters.
LONGEST_VALUE = 1000
#: What a setting of the language is for both of them.
ALL_LANGUAGES = "all"

_QUERIES, _EXTEND = "queries", "extend"
_FIELDS = ("query", "type", "type_strict", "limit", "properties")
_SETTINGS = ("show", "language", "limit")
_CANDIDATES = 10


@dataclass(frozen=True)
class Wanted:
    """Hold a property whose values are wanted.

    :param id: what the client calls it.
    :param property: the property.
    :param show: whether its values are wanted or the claims that state them.
    :param language: the language of texts; empty for all.
    :param limit: the most values of an entity; 0 for all.
    """

    id: str
    property: Property
    show: Show
    language: str
    limit: int


@dataclass(frozen=True)
class Extension:
    """Hold a data extension query.

    :param ids: the entities, as the client names them.
    :param wanted: the properties.
    """

    ids: tuple[str, ...]
    wanted: tuple[Wanted, ...]


def read_batch(text: str, catalogue: Catalogue) -> dict[str, Query]:
    """Read a reconciliation query batch.

    :param text: the batch as JSON.
    :param catalogue: the types and properties that there are.
    :returns: the queries by the client's names.
    :raises Problem: if it is no batch, or too long; nothing of it is answered then.
    """
    batch = _object(_json(text, _QUERIES), _QUERIES)
    if len(batch) > MOST_QUERIES:
        detail = f"The batch has {len(batch)} queries; send no more than {MOST_QUERIES} at once."
        raise _too_long(detail, MOST_QUERIES)
    return {
        _text(key, _QUERIES): _query(value, f"{_QUERIES}.{key[:80]}", catalogue)
        for key, value in batch.items()
    }


def _too_long(detail: str, limit: int) -> Problem:
    return Problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "batch-too-long", detail, limit=limit)


def _query(value: object, where: str, catalogue: Catalogue) -> Query:
    fields = _object(value, where)
    for name in fields:
        if name not in _FIELDS:
            _refuse(where, f"has no field {name[:80]!a}; it has {', '.join(_FIELDS)}")
    text = _text(fields.get("query", ""), f"{where}.query")
    values = _values(fields.get("properties", []), f"{where}.properties", catalogue)
    if "query" not in fields and not values:
        _refuse(where, "has neither query nor properties; give one of them")
    strictness = fields.get("type_strict", Strictness.SHOULD.value)
    if strictness not in list(Strictness):
        _refuse(f"{where}.type_strict", f"is one of {', '.join(Strictness)}")
    return Query(
        text,
        _types(fields.get("type", []), f"{where}.type", catalogue),
        Strictness(strictness),
        values,
        min(_count(fields.get("limit", _CANDIDATES), f"{where}.limit", 1), MOST_CANDIDATES),
    )


def _types(value: object, where: str, catalogue: Catalogue) -> tuple[Type, ...]:
    names = value if isinstance(value, list) else [value]
    if len(names) > MOST_TYPES:
        _refuse(where, f"has more than {MOST_TYPES} types")
    found = []
    for each in names:
        # Some clients give the type as they were given it.
        name = _text(each.get("id") if isinstance(each, dict) else each, where)
        type_ = catalogue.type_named(name) if name else None
        if type_ is None and name:
            _refuse(where, f"is {name[:80]!a}, a type that no entity has; take one that is suggested")
        found += [type_] if type_ else []
    return tuple(found)


def _values(
    value: object, where: str, catalogue: Catalogue
) -> tuple[tuple[Property, tuple[Given, ...]], ...]:
    entries = _list(value, where, MOST_PROPERTIES)
    found = []
    number = 0
    for place, entry in enumerate(entries):
        at = f"{where}.{place}"
        fields = _object(entry, at)
        if "pid" not in fields or "v" not in fields:
            _refuse(at, "has a property's identifier as pid and its value as v")
        given = fields["v"] if isinstance(fields["v"], list) else [fields["v"]]
        number += len(given)
        if number > MOST_VALUES:
            _refuse(where, f"has more than {MOST_VALUES} values")
        property_ = _property(fields["pid"], f"{at}.pid", catalogue)
        if given:
            found.append((property_, tuple(_given(each, f"{at}.v") for each in given)))
    return tuple(found)


def _given(value: object, where: str) -> Given:
    if isinstance(value, dict):
        return Given(_text(value.get("id"), f"{where}.id"), is_entity=True)
    if isinstance(value, bool):
        return Given(str(value).lower())
    if isinstance(value, int | float):
        return Given(str(value))
    return Given(_text(value, where))


def _property(value: object, where: str, catalogue: Catalogue) -> Property:
    name = _text(value, where)
    try:
        return catalogue.property_named(name)
    except InputError as error:
        _refuse(where, f"is {name[:80]!a}, which is no property of an entity. {str(error)[:500]}")


def read_extension(text: str, catalogue: Catalogue, language: str) -> Extension:
    """Read a data extension query.

    :param text: the query as JSON.
    :param catalogue: the properties that there are.
    :param language: the language of texts where none is asked for.
    :returns: the entities and the properties.
    :raises Problem: if it is none, or too long.
    """
    fields = _object(_json(text, _EXTEND), _EXTEND)
    ids = [_text(each, f"{_EXTEND}.ids") for each in _list(fields.get("ids"), f"{_EXTEND}.ids", None)]
    if len(ids) > MOST_ENTITIES:
        raise _too_long(f"{len(ids)} ids are too many; send no more than {MOST_ENTITIES}.", MOST_ENTITIES)
    where = f"{_EXTEND}.properties"
    wanted = [
        _wanted(each, f"{where}.{place}", catalogue, language)
        for place, each in enumerate(_list(fields.get("properties"), where, MOST_EXTENDED))
    ]
    names = [each.id for each in wanted]
    for place, name in enumerate(names):
        if name in names[:place]:
            _refuse(f"{where}.{place}.id", "is there twice, and the answer has one place for each property")
    return Extension(tuple(dict.fromkeys(ids)), tuple(wanted))


def _wanted(value: object, where: str, catalogue: Catalogue, language: str) -> Wanted:
    fields = _object(value, where)
    if "id" not in fields:
        _refuse(where, "has no id")
    given = fields.get("settings")
    settings = {} if given is None else _object(given, f"{where}.settings")
    for name in settings:
        if name not in _SETTINGS:
            _refuse(f"{where}.settings", f"has no setting {name[:80]!a}; it has {', '.join(_SETTINGS)}")
    show = settings.get("show") or Show.VALUES.value
    if show not in list(Show):
        _refuse(f"{where}.settings.show", f"is one of {', '.join(Show)}")
    chosen = settings.get("language") or language
    if chosen not in (*LANGUAGES, ALL_LANGUAGES):
        _refuse(f"{where}.settings.language", f"is one of {', '.join((*LANGUAGES, ALL_LANGUAGES))}")
    limit = settings.get("limit") or 0
    if isinstance(limit, str) and limit.isascii() and limit.isdecimal() and len(limit) < 10:
        # A form's fields are texts.
        limit = int(limit)
    return Wanted(
        _text(fields["id"], f"{where}.id"),
        _property(fields["id"], f"{where}.id", catalogue),
        Show(show),
        "" if chosen == ALL_LANGUAGES else str(chosen),
        _count(limit, f"{where}.settings.limit", 0),
    )


def _json(text: str, where: str) -> object:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        detail = f"The parameter {where} is no JSON: {error.msg} (line {error.lineno}, column {error.colno})."
        raise Problem(
            HTTPStatus.BAD_REQUEST, "malformed-json", detail, line=error.lineno, column=error.colno
        ) from error
    except (RecursionError, ValueError) as error:
        detail = f"The parameter {where} is no JSON that can be read: it nests too deeply, or has no number."
        raise Problem(HTTPStatus.BAD_REQUEST, "malformed-json", detail) from error


def _no_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _object(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        _refuse(where, "is an object")
    return value


def _list(value: object, where: str, most: int | None) -> list[Any]:
    if not isinstance(value, list):
        _refuse(where, "is an array")
    if most is not None and len(value) > most:
        _refuse(where, f"has more than {most} elements")
    return value


def _text(value: object, where: str) -> str:
    if not isinstance(value, str):
        _refuse(where, "is a text")
    if len(value) > LONGEST_VALUE:
        _refuse(where, f"is longer than {LONGEST_VALUE} characters")
    if any("\ud800" <= char <= "\udfff" for char in value):
        _refuse(where, "has half of a character; write characters beyond U+FFFF as two halves")
    return value


def _count(value: object, where: str, least: int) -> int:
    is_whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    if isinstance(value, bool) or not is_whole or not isinstance(value, int | float) or value < least:
        _refuse(where, f"is a whole number, {least} or more")
    return int(value)


def _refuse(where: str, reason: str) -> NoReturn:
    raise invalid(where, f"{where.encode('ascii', 'backslashreplace').decode()} {reason}.")
