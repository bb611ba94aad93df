"""Hold the pieces that descriptions of several operations are made of (see :mod:`aisi_kg.web.openapi`)."""

from collections.abc import Iterable, Mapping
from typing import Any

from aisi_kg.store.library.records import LANGUAGES
from aisi_kg.web.language import LANGUAGE_PARAMETER

__all__ = ["PROBLEM", "PROBLEMS", "TEXT", "array", "closed", "component", "language_parameter", "problem"]

#: The media type of an error.
PROBLEM = "application/problem+json"
#: What the errors are, by the name of the response.
PROBLEMS = {
    "BadRequest": "The query, or what is sent with it, cannot be read; the detail says where.",
    "Refused": "It would change data or ask another endpoint.",
    "NotFound": "The dataset does not have what is named.",
    "NotAcceptable": "Nothing that Accept names can be written; `offered` lists what can.",
    "TooLong": "The body is longer, or asks for more at once, than is answered; the detail says how much is.",
    "UnsupportedMediaType": "The body is no form in UTF-8.",
    "InvalidParameter": "There is no such parameter, or it cannot be that; `allowed` lists what can be.",
    "Unavailable": "The query was ended at its limit, or cannot be taken now; see Retry-After.",
}
#: The schema of any text.
TEXT: Mapping[str, Any] = {"type": "string"}


def problem(name: str) -> dict[str, str]:
    """Refer to an error.

    :param name: the name of the response, one of :data:`PROBLEMS`.
    :returns: the reference.
    """
    return {"$ref": f"#/components/responses/{name}"}


def component(name: str) -> dict[str, str]:
    """Refer to a schema.

    :param name: its name.
    :returns: the reference.
    """
    return {"$ref": f"#/components/schemas/{name}"}


def array(items: Mapping[str, Any], **bounds: Any) -> dict[str, Any]:
    """Describe an array.

    :param items: the schema of what is in it.
    :param bounds: further members of the schema.
    :returns: the schema.
    """
    return {"type": "array", "items": dict(items), **bounds}


def closed(properties: Mapping[str, Mapping[str, Any]], optional: Iterable[str] = ()) -> dict[str, Any]:
    """Describe an object that has no other members than these.

    :param properties: the schemas of its members.
    :param optional: those that may be missing.
    :returns: the schema.
    """
    may_miss = frozenset(optional)
    return {
        "type": "object",
        "required": [name for name in properties if name not in may_miss],
        "properties": {name: dict(schema) for name, schema in properties.items()},
        "additionalProperties": False,
    }


def language_parameter(
    description: str = "The language of the page or of the names in Markdown; else that of Accept-Language.",
) -> dict[str, Any]:
    """Describe the parameter that chooses the language.

    :param description: what is in that language.
    :returns: the parameter.
    """
    return {
        "name": LANGUAGE_PARAMETER,
        "in": "query",
        "required": False,
        "description": description,
        "schema": {"type": "string", "enum": list(LANGUAGES)},
    }
