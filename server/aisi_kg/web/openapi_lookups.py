"""Describe, for ``/openapi.json``, what is asked without a query: search, explanations, citations, matches.

Reconciliation has a specification of its own, and its manifest says where the rest of it is; its first
address is described here.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from aisi_kg.store.cite import STYLES
from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.store.reconcile import Show, Strictness
from aisi_kg.store.search import Kind, Role
from aisi_kg.web.negotiation import HTML
from aisi_kg.web.openapi_parts import (
    PROBLEM,
    TEXT,
    array,
    closed,
    component,
    language_parameter,
    problem,
)
from aisi_kg.web.reconcile.reading import (
    ALL_LANGUAGES,
    LONGEST_VALUE,
    MOST_CANDIDATES,
    MOST_ENTITIES,
    MOST_EXTENDED,
    MOST_PROPERTIES,
    MOST_QUERIES,
    MOST_TYPES,
)
from aisi_kg.web.searching import LIMIT, MOST_HITS, MOST_PASSED, SUGGESTED

__all__ = ["LOOKUP_SCHEMAS", "LOOKUP_TAGS", "lookup_paths"]

_JSON = "application/json"
_SEARCH, _CLAIMS, _RECONCILIATION = "search", "claims", "reconciliation"
#: The topics of these operations.
LOOKUP_TAGS = (_SEARCH, _CLAIMS, _RECONCILIATION)

_EXAMPLE_CLAIM = "claim:3.1-us-aisi-funding"
_NAMES = "The language of names and texts; else that of Accept-Language."
_IRI = {"type": "string", "format": "iri"}
_COUNT = {"type": "integer", "minimum": 0}
_NUMBER = {"type": "number"}
_LANGUAGE = {"enum": list(LANGUAGES)}


def lookup_paths() -> dict[str, Any]:
    """Describe the addresses.

    :returns: path items by path.
    """
    return {
        "/search.json": {"get": _search()},
        "/suggest.json": {"get": _suggest()},
        "/explain": {"get": _explain()},
        "/cite": {"get": _cite()},
        "/reconcile": {"get": _reconcile_get(), "post": _reconcile_post()},
    }


def _parameter(
    name: str, description: str, schema: Mapping[str, Any] = TEXT, example: Any = None
) -> dict[str, Any]:
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": dict(schema),
        **({} if example is None else {"example": example}),
    }


def _number(name: str, description: str, default: int, least: int, most: int) -> dict[str, Any]:
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return _parameter(name, description, schema)


def _answers(
    description: str, content: Mapping[str, Mapping[str, Any]], problems: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "200": {
            "description": description,
            "content": {media_type: {"schema": dict(schema)} for media_type, schema in content.items()},
        },
        **{status: problem(name) for status, name in problems.items()},
    }


_WORDS = _parameter("q", "What is searched for, in English or Chinese.", example="model access")
_KINDS = _parameter("kind", "The kinds that count; all where none is named.", array({"enum": list(Kind)}))


def _search() -> dict[str, Any]:
    classes = _parameter(
        "class", "The classes that count, as IRIs or with a prefix of the dataset.", array(TEXT)
    )
    limit = _number("limit", "The most hits of a kind.", LIMIT, 1, MOST_HITS)
    offset = _number("offset", "How many hits of each kind are passed over.", 0, 0, MOST_PASSED)
    return {
        "operationId": "search",
        "summary": "Search entities, claims, publications, footnotes, terms and stored queries",
        "tags": [_SEARCH],
        "parameters": [_WORDS, _KINDS, classes, limit, offset, language_parameter(_NAMES)],
        "responses": _answers(
            "What was found, by kind; nothing where `q` is missing.",
            {_JSON: component("Found")},
            {"400": "BadRequest", "422": "InvalidParameter"},
        ),
    }


def _suggest() -> dict[str, Any]:
    limit = _number("limit", "The most completions.", SUGGESTED, 1, MOST_HITS)
    return {
        "operationId": "suggest",
        "summary": "Complete what is typed",
        "tags": [_SEARCH],
        "parameters": [{**_WORDS, "example": "uk"}, _KINDS, limit, language_parameter(_NAMES)],
        "responses": _answers(
            "OpenSearch Suggestions 1.1: what was typed, labels, descriptions, addresses.",
            {"application/x-suggestions+json": component("Completions")},
            {"400": "BadRequest", "422": "InvalidParameter"},
        ),
    }


def _explain() -> dict[str, Any]:
    parts = [
        _parameter(name, f"The {name}, as Turtle writes it.", example=example)
        for name, example in (
            ("subject", "entity:uk-aisi"),
            ("predicate", "a"),
            ("object", "aisi:InstituteWithPreDeploymentAccess"),
        )
    ]
    whole = _parameter("triple", "All three as Turtle writes them, in place of the parts.")
    answers = _answers(
        "The claims that state the triple, or from which triples and axioms it follows.",
        {HTML.media_type: TEXT, _JSON: component("Explanation")},
        {
            "400": "BadRequest",
            "404": "NotFound",
            "406": "NotAcceptable",
            "422": "InvalidParameter",
            "503": "Unavailable",
        },
    )
    answers["404"] = {
        "description": "Nobody states the triple and it does not follow; `instead` is what is said.",
        "content": {
            HTML.media_type: {"schema": dict(TEXT)},
            PROBLEM: {"schema": component("NotStated")},
        },
    }
    return {
        "operationId": "explain",
        "summary": "Explain who states a triple, or from what it follows",
        "description": "Without a triple, a browser is asked for one.",
        "tags": [_CLAIMS],
        "parameters": [*parts, whole, language_parameter(_NAMES)],
        "responses": answers,
    }


def _cite() -> dict[str, Any]:
    content: dict[str, Mapping[str, Any]] = {style.media_type: TEXT for style in STYLES.values()}
    content[STYLES["csl-json"].media_type] = array({"type": "object", "required": ["id", "type"]})
    claim = _parameter("claim", "The claim: its IRI, its path, or with a prefix.", example=_EXAMPLE_CLAIM)
    style = _parameter(
        "style",
        "The style, which decides the format. Without it, APA, or for a browser a page with all of them.",
        {"type": "string", "enum": list(STYLES)},
    )
    return {
        "operationId": "cite",
        "summary": "Write how a claim is cited",
        "description": "Without a claim, a browser is asked for one.",
        "tags": [_CLAIMS],
        "parameters": [
            claim,
            style,
            language_parameter("The language of the citation; else that of its style."),
        ],
        "responses": _answers(
            "The citation.",
            {**content, HTML.media_type: TEXT},
            {
                "400": "BadRequest",
                "404": "NotFound",
                "406": "NotAcceptable",
                "422": "InvalidParameter",
                "503": "Unavailable",
            },
        ),
    }


_RECONCILIATION_NOTE = (
    "The Reconciliation Service API 0.2, as OpenRefine and others speak it. `/reconcile/en` and "
    "`/reconcile/zh` are the same in one language; where suggestions, previews and the rest are, the "
    "manifest says."
)
_BATCH_EXAMPLE = '{"q0": {"query": "CAISI", "properties": [{"pid": "aisi:instituteOf", "v": "Canada"}]}}'


def _in_json(name: str) -> dict[str, Any]:
    """Describe a text that is JSON; a tool that tries the operation leaves out what nobody has written."""
    return {"type": "string", "contentMediaType": _JSON, "contentSchema": component(name)}


def _reconciliation_answers(also: Mapping[str, str]) -> dict[str, Any]:
    return _answers(
        "To `queries`, candidates for each; to `extend`, values; else the manifest.",
        {_JSON: {"anyOf": [component(each) for each in ("Candidates", "Values", "Manifest")]}},
        {
            "400": "BadRequest",
            "413": "TooLong",
            **also,
            "422": "InvalidParameter",
            "503": "Unavailable",
        },
    )


def _reconcile_get() -> dict[str, Any]:
    return {
        "operationId": "reconcile-get",
        "summary": "Match names to entities, or describe the service that does",
        "description": _RECONCILIATION_NOTE,
        "tags": [_RECONCILIATION],
        "parameters": [
            _parameter("queries", "What is to be matched, in JSON.", _in_json("Names"), _BATCH_EXAMPLE),
            _parameter("extend", "Which values are wanted of entities, in JSON.", _in_json("Wanted")),
            language_parameter(_NAMES),
        ],
        "responses": _reconciliation_answers({}),
    }


def _reconcile_post() -> dict[str, Any]:
    form = {
        "type": "object",
        "properties": {
            "queries": {**_in_json("Names"), "example": _BATCH_EXAMPLE},
            "extend": _in_json("Wanted"),
        },
        "oneOf": [{"required": ["queries"]}, {"required": ["extend"]}],
    }
    return {
        "operationId": "reconcile-post",
        "summary": "Match names to entities, or give values of entities",
        "description": _RECONCILIATION_NOTE,
        "tags": [_RECONCILIATION],
        "parameters": [language_parameter(_NAMES)],
        "requestBody": {
            "required": True,
            "content": {
                "application/x-www-form-urlencoded": {"schema": form, "example": {"queries": _BATCH_EXAMPLE}}
            },
        },
        "responses": _reconciliation_answers({"415": "UnsupportedMediaType"}),
    }


def _found() -> dict[str, Any]:
    snippet = closed(
        {
            "text": TEXT,
            "ranges": array(array(_COUNT, minItems=2, maxItems=2)),
            # Empty for a text that is in none.
            "language": {"enum": [*LANGUAGES, ""]},
            "role": {"enum": list(Role)},
        }
    )
    kind = {"enum": list(Kind)}
    hit = closed(
        {
            "iri": _IRI,
            "path": TEXT,
            "kind": kind,
            "label": TEXT,
            "note": TEXT,
            "classes": array(TEXT),
            "score": {"type": "number", "minimum": 0, "maximum": 1},
            "snippet": snippet,
        }
    )
    group = closed({"kind": kind, "label": TEXT, "total": _COUNT, "hits": array(hit)})
    whole = {
        "type": "boolean",
        "description": "Whether what was found has all words; else it has at least half.",
    }
    return closed(
        {"query": TEXT, "language": _LANGUAGE, "whole": whole, "total": _COUNT, "groups": array(group)}
    )


def _completions() -> dict[str, Any]:
    return {"type": "array", "prefixItems": [TEXT, *[array(TEXT)] * 3], "minItems": 4, "maxItems": 4}


def _term() -> dict[str, Any]:
    return closed(
        {
            "type": {"enum": ["uri", "literal", "bnode"]},
            "value": TEXT,
            "label": TEXT,
            "datatype": _IRI,
            "xml:lang": TEXT,
        },
        ("label", "datatype", "xml:lang"),
    )


def _triple() -> dict[str, Any]:
    return closed({name: component("Term") for name in ("subject", "predicate", "object")})


def _step() -> dict[str, Any]:
    graphs = {"claims": array(_IRI), "graphs": array(_IRI)}
    rule = closed({"name": TEXT, "title": TEXT, "description": TEXT})
    inferred = {
        "rule": rule,
        "axioms": array(TEXT),
        "absences": array(TEXT),
        "premises": array(component("Step")),
    }
    return closed({"triple": component("Triple"), "turtle": TEXT, **graphs, **inferred}, inferred)


def _claims() -> dict[str, Any]:
    """Describe claims by their IRIs."""
    named = closed({"iri": TEXT, "label": TEXT})
    work = closed(
        {
            "iri": _IRI,
            "title": TEXT,
            "issued": TEXT,
            "url": TEXT,
            "creators": array(TEXT),
            "publishers": array(TEXT),
        },
        ("title", "issued", "url", "creators", "publishers"),
    )
    passage = closed(
        {"iri": _IRI, "section": TEXT, "page": _COUNT, "start": _COUNT, "end": _COUNT, "anchor": TEXT}
    )
    footnote = closed(
        {"iri": _IRI, "number": _COUNT, "accessed": TEXT, "publications": array(work)}, ("accessed",)
    )
    claim = closed(
        {
            "iri": _IRI,
            "statement": TEXT,
            "modality": named,
            "evidence": named,
            "source": work,
            "passages": array(passage),
            "footnotes": array(footnote),
        }
    )
    return {"type": "object", "additionalProperties": claim}


def _explanation() -> dict[str, Any]:
    return closed(
        {
            "triple": component("Triple"),
            "turtle": TEXT,
            "status": {"enum": ["stated", "inferred"]},
            "because": component("Step"),
            "claims": component("Claims"),
        }
    )


def _not_stated() -> dict[str, Any]:
    said = closed({**_triple()["properties"], "claims": array(_IRI), "graphs": array(_IRI)})
    return {
        "allOf": [component("Problem")],
        "required": ["triple", "instead", "claims"],
        "properties": {
            "triple": component("Triple"),
            "instead": array(said),
            "claims": component("Claims"),
        },
    }


def _names() -> dict[str, Any]:
    """Describe a batch of names to be matched."""
    text = {"type": "string", "maxLength": LONGEST_VALUE}
    entity = {"type": "object", "required": ["id"], "properties": {"id": text}}
    value = {"anyOf": [text, _NUMBER, {"type": "boolean"}, entity]}
    given = {
        "type": "object",
        "required": ["pid", "v"],
        "properties": {"pid": text, "v": {"anyOf": [value, array(value)]}},
    }
    query = closed(
        {
            "query": text,
            "type": {"anyOf": [text, array(text, maxItems=MOST_TYPES)]},
            "type_strict": {"enum": list(Strictness)},
            "limit": {
                "type": "integer",
                "minimum": 1,
                "description": f"Of more than {MOST_CANDIDATES}, that.",
            },
            "properties": array(given, maxItems=MOST_PROPERTIES),
        },
        ("query", "type", "type_strict", "limit", "properties"),
    )
    return {
        "type": "object",
        "maxProperties": MOST_QUERIES,
        "propertyNames": {"maxLength": LONGEST_VALUE},
        "additionalProperties": {**query, "anyOf": [{"required": ["query"]}, {"required": ["properties"]}]},
    }


def _wanted() -> dict[str, Any]:
    """Describe a data extension query."""
    text = {"type": "string", "maxLength": LONGEST_VALUE}
    settings = closed(
        {
            "show": {"enum": list(Show)},
            "language": {"enum": ["", *LANGUAGES, ALL_LANGUAGES]},
            "limit": {"type": "integer", "minimum": 0},
        },
        ("show", "language", "limit"),
    )
    wanted = {"type": "object", "required": ["id"], "properties": {"id": text, "settings": settings}}
    return {
        "type": "object",
        "required": ["ids", "properties"],
        "properties": {
            "ids": array(text, maxItems=MOST_ENTITIES),
            "properties": array(wanted, maxItems=MOST_EXTENDED),
        },
    }


def _named() -> dict[str, Any]:
    """Describe what has an identifier and a name."""
    return closed({"id": TEXT, "name": TEXT})


def _candidates() -> dict[str, Any]:
    feature = closed({"id": TEXT, "value": {"type": ["number", "boolean"]}})
    candidate = closed(
        {
            **_named()["properties"],
            "description": TEXT,
            "type": array(_named()),
            "score": {"type": "number", "minimum": 0, "maximum": 100},
            "match": {"type": "boolean"},
            "features": array(feature),
        }
    )
    return {"type": "object", "additionalProperties": closed({"result": array(candidate)})}


def _values() -> dict[str, Any]:
    values: Iterable[Mapping[str, Any]] = (
        _named(),
        *(
            closed({name: schema})
            for name, schema in (
                ("str", TEXT),
                ("int", {"type": "integer"}),
                ("float", _NUMBER),
                ("date", TEXT),
            )
        ),
    )
    row = {"type": "object", "additionalProperties": array({"anyOf": list(values)})}
    meta = closed({"id": TEXT, "name": TEXT, "type": _named()}, ("type",))
    return closed({"meta": array(meta), "rows": {"type": "object", "additionalProperties": row}})


def _manifest() -> dict[str, Any]:
    return {
        "type": "object",
        "required": ["versions", "name", "identifierSpace", "schemaSpace"],
        "properties": {
            "versions": {"type": "array", "items": dict(TEXT), "contains": {"const": "0.2"}},
            "name": dict(TEXT),
            "identifierSpace": dict(_IRI),
            "schemaSpace": dict(_IRI),
            "batchSize": {"const": MOST_QUERIES},
        },
    }


#: The schemas of requests and answers, by name.
LOOKUP_SCHEMAS: Mapping[str, Any] = {
    "Found": _found(),
    "Completions": _completions(),
    "Term": _term(),
    "Triple": _triple(),
    "Step": _step(),
    "Claims": _claims(),
    "Explanation": _explanation(),
    "NotStated": _not_stated(),
    "Names": _names(),
    "Wanted": _wanted(),
    "Candidates": _candidates(),
    "Values": _values(),
    "Manifest": _manifest(),
}
