"""Whether typed literals are what their datatype says.

An RDF parser takes ``"2024-13"^^xsd:gYearMonth`` as it stands; a query then does not find it and says
nothing. The forms are those of XML Schema 1.1, with the years 1 to 9999, in which dates can be compared.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from pyoxigraph import Literal, NamedNode, Quad, Store

from aisi_kg.errors import InputError
from aisi_kg.graph.dates import bounds
from aisi_kg.graph.files import CuratedFile, CuratedFiles
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.locations import Location, Locations
from aisi_kg.graph.prefixes import ONTOLOGY_GRAPH

__all__ = ["check_literals", "lexical_fault", "stored_forms"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XSD = "http://www.w3.org/2001/XMLSchema#"

_ZONE = r"(?:Z|[+-](?:(?:0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})T"
    rf"(?:(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?|24:00:00(?:\.0+)?)({_ZONE})"
)
_ANY_ZONE = re.compile(r"(?:[+-][0-9]{2}:[0-9]{2}|Z)$")

_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
_INTEGER = re.compile(r"[+-]?[0-9]+")
_PATTERNS = {
    "decimal": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)"),
    "double": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
    "float": re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]?INF|NaN"),
    "boolean": re.compile(r"true|false|1|0"),
}
#: More digits than any count or sum of money has, and fewer than Python refuses to convert.
_LONGEST_INTEGER = 400

# What XML cannot hold, and so neither RDF/XML nor a spreadsheet.
_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")
#: ISO 639-1. A two-letter tag outside it is a slip, such as cn or jp, which are countries.
_TWO_LETTERS = frozenset(
    (
        "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv "
        "dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie "
        "ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv "
        "mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm "
        "rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts "
        "tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
    ).split()
)


_DATES = {
    "gYear": "year, written YYYY",
    "gYearMonth": "month of the calendar, written YYYY-MM",
    "date": "day of the calendar, written YYYY-MM-DD",
}


def _date_fault(literal: Literal) -> str | None:
    zone = _ANY_ZONE.search(literal.value)
    if zone and not re.fullmatch(_ZONE, zone.group()):
        return "there is no such time zone"
    try:
        bounds(literal)
    except InputError:
        return f"it is no {_DATES[literal.datatype.value.removeprefix(_XSD)]}"
    return None


def _date_time_fault(literal: Literal) -> str | None:
    match = _DATE_TIME.fullmatch(literal.value)
    if not match:
        return "it is not written YYYY-MM-DDThh:mm:ss, with a time zone or without"
    try:
        date(*(int(part) for part in match.groups()[:3]))
    except ValueError:
        return "there is no such date in the calendar"
    return None


def _date_time_stamp_fault(literal: Literal) -> str | None:
    fault = _date_time_fault(literal)
    if fault is None and not _ANY_ZONE.search(literal.value):
        return "it has no time zone"
    return fault


def _integer_fault(literal: Literal) -> str | None:
    if not _INTEGER.fullmatch(literal.value):
        return "it is not written as digits, with a sign or without"
    if len(literal.value) > _LONGEST_INTEGER:
        return "it has too many digits"
    low, high = _INTEGERS[literal.datatype.value.removeprefix(_XSD)]
    number = int(literal.value)
    if (low is not None and number < low) or (high is not None and number > high):
        return "it lies outside the datatype's range"
    return None


def _pattern_fault(literal: Literal) -> str | None:
    name = literal.datatype.value.removeprefix(_XSD)
    return None if _PATTERNS[name].fullmatch(literal.value) else f"it is not written as an xsd:{name}"


def _iri_fault(literal: Literal) -> str | None:
    try:
        NamedNode(literal.value)
    except ValueError as error:
        return f"it is no absolute IRI ({error})"
    return None


def _language_fault(literal: Literal) -> str | None:
    tag = literal.language or ""
    primary = tag.partition("-")[0]
    if not _LANGUAGE.fullmatch(tag) or (len(primary) == 2 and primary not in _TWO_LETTERS):
        return f"{tag} is no language tag"
    return None


def _string_fault(_literal: Literal) -> str | None:
    return None


_FAULTS: dict[str, Callable[[Literal], str | None]] = {
    _XSD + "string": _string_fault,
    _XSD + "anyURI": _iri_fault,
    _XSD + "dateTime": _date_time_fault,
    _XSD + "dateTimeStamp": _date_time_stamp_fault,
    _RDF + "langString": _language_fault,
    **{_XSD + name: _date_fault for name in _DATES},
    **{_XSD + name: _integer_fault for name in _INTEGERS},
    **{_XSD + name: _pattern_fault for name in _PATTERNS},
}


def lexical_fault(literal: Literal) -> str | None:
    """Tell what is wrong with a literal's form.

    :param literal: the literal.
    :returns: a clause that says what is wrong, or None where nothing is.
    """
    check = _FAULTS.get(literal.datatype.value)
    if check is None:
        return "its datatype is none that the project uses"
    if _NOT_IN_XML.search(literal.value):
        return "it holds a control character"
    return check(literal)


def stored_forms(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """Find the literals that the store would give back in another form.

    It keeps numbers and dates as values, not as texts: ``01`` comes back as ``1``, and two forms of one
    value, two triples in a file, are one triple in the store.

    :param literals: literals.
    :returns: what comes back, for those of the literals that come back otherwise.
    """
    store = Store()
    predicate = NamedNode(_RDF + "value")
    given = {NamedNode(f"urn:literal:{number}"): literal for number, literal in enumerate(set(literals))}
    store.extend(Quad(name, predicate, literal) for name, literal in given.items())
    changed: dict[Literal, Literal] = {}
    for quad in store:
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, Literal):
            before = given[quad.subject]
            if before != quad.object:
                changed[before] = quad.object
    return changed


def check_literals(files: CuratedFiles) -> list[Finding]:
    """Check the form of every literal of the curated files.

    :param files: the files.
    :returns: a finding for each literal that is not what its datatype says, or whose datatype the store would
        change; the latter not in the ontology, where OWL asks for xsd:nonNegativeInteger.
    """
    findings: list[Finding] = []
    said = [(file, quad) for file in files.files for quad in file.quads]
    literals = {quad.object for _, quad in said if isinstance(quad.object, Literal)}
    faults = {literal: fault for literal in literals if (fault := lexical_fault(literal)) is not None}
    changed = stored_forms(literal for literal in literals if literal not in faults)
    for file, quad in said:
        literal = quad.object
        if not isinstance(literal, Literal):
            continue
        stored = changed.get(literal, literal).datatype
        if literal in faults:
            rule, message = "literal", f"is wrong: {faults[literal]}; correct it."
        elif stored != literal.datatype and file.graph not in (None, ONTOLOGY_GRAPH):
            rule, message = (
                "literal-datatype",
                f"would be stored as an {files.prefixes.shorten(stored.value)}; write it so.",
            )
        else:
            continue
        location = _location(quad, literal, file, files.locations)
        findings.append(
            Finding(
                Severity.ERROR,
                rule,
                f"{_shown(literal, files)} {message}",
                file=location.file,
                line=location.line,
                column=location.column,
                subject=quad.subject.value if isinstance(quad.subject, NamedNode) else None,
            )
        )
    return in_order(findings)


def _shown(literal: Literal, files: CuratedFiles) -> str:
    value = literal.value if len(literal.value) <= 60 else literal.value[:59] + "…"
    if literal.language:
        return f'"{value}"@{literal.language}'
    return f'"{value}"^^{files.prefixes.shorten(literal.datatype.value)}'


def _location(quad: Quad, literal: Literal, file: CuratedFile, locations: Locations) -> Location:
    predicate = quad.predicate.value
    location: Location | None
    if isinstance(quad.subject, NamedNode):
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else None
        location = locations.find(
            quad.subject.value, predicate, literal, None if graph == file.graph else graph
        )
    else:
        location = locations.find_in(file.name, predicate, literal)
    return location or Location(file.name, 1)
