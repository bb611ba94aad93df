"""Turn what somebody writes for a parameter into the RDF term that the query is asked with, or refuse it.

The term is handed to the engine as a term. No value becomes a part of a query's text.
"""

import difflib
import re
from collections.abc import Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode

from aisi_kg.errors import ParameterRefused
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.library.records import LANGUAGES, Parameter, ParameterType, StoredQuery, Term

__all__ = ["allowed_values", "bind", "term_of", "text_of"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_INTEGER = NamedNode(_XSD + "integer")
_DATE = NamedNode(_XSD + "date")
# Numbers as the engine holds them: 64 bits.
_DIGITS = re.compile(r"[+-]?[0-9]{1,18}")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_CURIE = re.compile(r"([A-Za-z][A-Za-z0-9_-]*):(?!//)(.*)", re.DOTALL)
#: The longest string that is taken for a value.
_LONGEST = 1_000
# A message names so many values; where there are more, the closest.
_NAMED = 20
_CLOSEST = 5


def bind(
    query: StoredQuery, given: Iterable[tuple[str, str]], prefixes: Prefixes
) -> tuple[tuple[str, Term], ...]:
    """Check the values that are given for a query's parameters, and fill in the defaults.

    :param query: the query.
    :param given: names and values; an empty value counts as none.
    :param prefixes: the prefixes that IRIs may be shortened with.
    :returns: names and terms, in the order of the query's parameters; those without a value are left out.
    :raises ParameterRefused: if there is no such parameter, or it cannot have the value.
    """
    parameters = {parameter.name: parameter for parameter in query.parameters}
    values: dict[str, Term] = {}
    for name, value in given:
        parameter = parameters.get(name)
        if parameter is None:
            raise ParameterRefused(name[:80], _unknown(query, name), tuple(parameters))
        if not value:
            continue
        term = term_of(parameter, value, prefixes)
        if values.setdefault(name, term) != term:
            raise ParameterRefused(name, f"The parameter {name} is given two values; give it one.")
    for parameter in query.parameters:
        if parameter.default is not None:
            values.setdefault(parameter.name, parameter.default)
    return tuple((name, values[name]) for name in parameters if name in values)


def _unknown(query: StoredQuery, name: str) -> str:
    known = ", ".join(parameter.name for parameter in query.parameters)
    advice = f"it has {known}" if known else "it has none"
    return f"The query {query.id} has no parameter {name[:80]!a}; {advice}."


def term_of(parameter: Parameter, value: str, prefixes: Prefixes) -> Term:
    """Turn a text into the term that it means for a parameter.

    :param parameter: the parameter.
    :param value: the text.
    :param prefixes: the prefixes that IRIs may be shortened with.
    :returns: the term.
    :raises ParameterRefused: if the parameter cannot have the value.
    """
    match parameter.type:
        case ParameterType.IRI:
            return _iri(parameter, value, prefixes)
        case ParameterType.INTEGER:
            if not _DIGITS.fullmatch(value):
                raise _refused(parameter, value, "write a whole number, such as 12")
            return Literal(str(int(value)), datatype=_INTEGER)
        case ParameterType.DATE:
            return _day(parameter, value)
        case ParameterType.LANGUAGE:
            if value not in LANGUAGES:
                raise _refused(parameter, value, f"write {' or '.join(LANGUAGES)}", LANGUAGES)
            return Literal(value)
        case ParameterType.STRING:
            return _string(parameter, value)


def _string(parameter: Parameter, value: str) -> Literal:
    if parameter.allowed and value not in parameter.allowed:
        raise _refused(parameter, value, f"write one of {', '.join(parameter.allowed)}", parameter.allowed)
    if len(value) > _LONGEST:
        raise _refused(parameter, value, f"write at most {_LONGEST} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise _refused(parameter, value, "half of a surrogate pair is no character") from None
    return Literal(value)


def _day(parameter: Parameter, value: str) -> Literal:
    advice = "write a day of the calendar, such as 2024-11-21"
    if not _DAY.fullmatch(value):
        raise _refused(parameter, value, advice)
    try:
        date.fromisoformat(value)
    except ValueError:
        raise _refused(parameter, value, advice) from None
    return Literal(value, datatype=_DATE)


def _iri(parameter: Parameter, value: str, prefixes: Prefixes) -> NamedNode:
    advice = "write an absolute IRI, in full or with a prefix of the dataset"
    text = value[1:-1] if value.startswith("<") and value.endswith(">") else value
    short = _CURIE.fullmatch(text)
    if short is not None and short[1] in prefixes:
        text = prefixes[short[1]] + short[2]
    try:
        text.encode()
        node = NamedNode(text)
    except (UnicodeEncodeError, ValueError):
        if not parameter.members:
            raise _refused(parameter, value, advice) from None
    else:
        if not parameter.is_of_members or any(member.iri == text for member in parameter.members):
            return node
    names = allowed_values(parameter, prefixes)
    shown = names
    if len(names) > _NAMED:
        shown = tuple(difflib.get_close_matches(value, names, n=_CLOSEST, cutoff=0.0))
        raise _refused(parameter, value, f"there are {len(names)}, such as {', '.join(shown)}", names)
    raise _refused(parameter, value, f"write one of {', '.join(shown)}", names)


def _refused(
    parameter: Parameter, value: str, advice: str, allowed: tuple[str, ...] = ()
) -> ParameterRefused:
    # As ASCII: what a client sends is not to steer a terminal that shows the message.
    shown = ascii(value if len(value) <= 80 else value[:80] + "…")
    return ParameterRefused(
        parameter.name, f"The parameter {parameter.name} cannot be {shown}; {advice}.", allowed
    )


def allowed_values(parameter: Parameter, prefixes: Prefixes) -> tuple[str, ...]:
    """List the values that a parameter may have, where they are so many and no more.

    :param parameter: the parameter.
    :param prefixes: what IRIs are shortened with.
    :returns: the values as people write them; empty where any value of the type may be given.
    """
    if parameter.type is ParameterType.LANGUAGE:
        return LANGUAGES
    if parameter.is_of_members:
        return tuple(_short(member.iri, prefixes) for member in parameter.members)
    return parameter.allowed


def text_of(term: Term, prefixes: Prefixes) -> str:
    """Write a term the way :func:`term_of` reads it.

    :param term: the term.
    :param prefixes: what IRIs are shortened with.
    :returns: the text.
    """
    return _short(term.value, prefixes) if isinstance(term, NamedNode) else term.value


def _short(iri: str, prefixes: Prefixes) -> str:
    return prefixes.shorten(iri).strip("<>")
