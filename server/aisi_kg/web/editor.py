"""Show the page at ``/sparql`` that queries are written on.

Without script it is a form, whose answer is shown as it would be sent to a program. With script it is an
editor, which asks the endpoint as any other client does; what it says in words it takes from this page.
"""

from typing import NamedTuple

from fastapi.responses import Response
from starlette.requests import Request

from aisi_kg.graph.prefixes import BASE, Prefixes
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS
from aisi_kg.web.library_words import by_topic
from aisi_kg.web.messages import message, messages
from aisi_kg.web.rendering import addresses, page_response
from aisi_kg.web.site import base_url, site_of

__all__ = ["SHOWN_BYTES", "STARTERS", "Starter", "editor_page", "starter_text"]

_PATH = "/sparql"
_MIB = 1024 * 1024
_KIB = 1024
#: The page shows answers of this length; it stops reading a longer one.
SHOWN_BYTES = 16 * _MIB
_AREA = "sparql"
_FOR_SCRIPTS = f"{_AREA}.js_"


class Starter(NamedTuple):
    """Hold a query to begin with.

    :param name: its name; what it asks is the message ``sparql.starter_`` and the name.
    :param prefixes: the prefixes that it declares.
    :param text: the rest of it.
    """

    name: str
    prefixes: tuple[str, ...]
    text: str


STARTERS = (
    Starter(
        "select",
        ("aisi", "skos"),
        """SELECT ?institute ?name ?date ?claim
WHERE {
  GRAPH ?claim { ?event aisi:establishes ?institute ; aisi:date ?date }
  ?institute skos:prefLabel ?name .
  FILTER(LANG(?name) = "{language}")
}
ORDER BY STR(?date) ?institute ?claim
LIMIT 50""",
    ),
    Starter(
        "count",
        ("aisi", "rdfs", "skos"),
        """SELECT ?evidence (COUNT(?claim) AS ?claims)
WHERE { ?claim a aisi:Claim ; aisi:evidence ?evidence }
GROUP BY ?evidence
ORDER BY DESC(?claims)""",
    ),
    Starter(
        "dates",
        ("aisi",),
        """SELECT ?event ?date
WHERE { ?event aisi:date ?date }
ORDER BY STR(?date) ?event
LIMIT 60""",
    ),
    Starter(
        "construct",
        ("aisi",),
        """CONSTRUCT { ?cooperation aisi:hasParty ?party ; aisi:cooperationKind ?kind }
WHERE { ?cooperation aisi:hasParty ?party ; aisi:cooperationKind ?kind }""",
    ),
    Starter("describe", ("entity",), "DESCRIBE entity:uk-aisi"),
    Starter(
        "ask",
        ("aisi",),
        """ASK { ?claim aisi:modality aisi:NotStated }""",
    ),
)


def starter_text(starter: Starter, prefixes: Prefixes, language: str) -> str:
    """Write a query to begin with.

    :param starter: the query.
    :param prefixes: the prefixes of the dataset.
    :param language: the language of the names that it asks for.
    :returns: the query; those of its prefixes that the dataset does not have are not declared.
    """
    declared = [f"PREFIX {name}: <{prefixes[name]}>" for name in starter.prefixes if name in prefixes]
    return "\n".join([*declared, starter.text.replace("{language}", language), ""])


def editor_page(request: Request, language: str) -> Response:
    """Make the page.

    :param request: the request.
    :param language: its language.
    :returns: the response.
    """
    site = site_of(request)
    written = addresses(request, language)
    limits = site.settings
    starters = [
        (
            message(f"{_AREA}.starter_{starter.name}", language),
            starter_text(starter, site.prefixes, language),
        )
        for starter in STARTERS
    ]
    # Those for triples that are called json and xml too are chosen by these names.
    names = dict.fromkeys(f.aliases[0] if f.aliases else f.name for f in (*RESULT_FORMATS, *GRAPH_FORMATS))
    return page_response(
        request,
        "sparql.html",
        path=_PATH,
        language=language,
        title=message(f"{_AREA}.title", language),
        endpoint=base_url(request) + _PATH,
        example=starters[0][1],
        starters=starters,
        choices=list(names),
        topics=by_topic(site.dataset.library.queries.values(), language),
        limits=limits,
        shown_mib=SHOWN_BYTES // _MIB,
        memory_mib=limits.query_memory_bytes // _MIB,
        query_kib=limits.max_query_bytes // _KIB,
        link_kib=limits.max_url_bytes // _KIB,
        for_scripts={
            "language": language,
            "base": BASE,
            "root": written.file(""),
            "prefixes": dict(site.prefixes),
            "starter": starters[0][1],
            "shownBytes": SHOWN_BYTES,
            "linkBytes": limits.max_url_bytes,
            "notes": [
                message("tables.taken_from", language, version=site.dataset.version),
                message("site.data_licence", language),
                base_url(request) + _PATH,
            ],
            "files": {
                "rows": [f.name for f in RESULT_FORMATS],
                "triples": [f.extension for f in GRAPH_FORMATS],
            },
            "words": {
                key.removeprefix(f"{_AREA}."): text[language]
                for key, text in messages().items()
                if key.startswith(_FOR_SCRIPTS)
            },
        },
    )
