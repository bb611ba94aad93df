"""A row of each stored query that must occur on the project's own data, and the claim that each row reaches.

``occurring.tsv`` names for each query the terms of that row.
"""

from pathlib import Path

import pytest
from pyoxigraph import QuerySolutions, Store

from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import ColumnType, Library

OCCURRING = {
    id_: dict(term.split("=", 1) for term in terms)
    for id_, *terms in (
        line.split("\t") for line in (Path(__file__).parent / "occurring.tsv").read_text("utf-8").splitlines()
    )
}
#: What states no fact of its own: counts over the graph, what is absent, the footnotes and terms themselves.
WITHOUT_CLAIM = {
    "cited-more-than-once",
    "claims-by-evidence",
    "claims-by-section",
    "discrepancies-by-kind",
    "events-without-date",
    "footnotes",
    "graphs",
    "inferred-relations",
    "institutes-without-access",
    "institutes-without-evaluation",
    "institutes-without-parent",
    "most-mentioned",
    "properties-in-claims",
    "publications-without-date",
    "publishers",
    "reviews-by-section",
    "risk-tree",
    "table-coverage",
    "things-by-class",
}
#: Some rows have none: a side that is a cited publication, and a number that the query counts itself.
SOME_WITHOUT_CLAIM = {"contradictions-explained", "how-many-institutes"}


@pytest.fixture(scope="module")
def published(real: Store) -> Library:
    return library_of(real)


def rows_of(store: Store, text: str) -> list[dict[str, str]]:
    answer = store.query(text)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return [{name: str(row[name]) for name in names if row[name] is not None} for row in answer]


def test_each_query_has_a_row_that_must_occur(published: Library) -> None:
    local = [id_ for id_, query in published.queries.items() if not query.services]
    assert list(OCCURRING) == sorted(local)


@pytest.mark.parametrize("id_", OCCURRING)
def test_the_row_occurs_and_each_row_reaches_a_claim(real: Store, published: Library, id_: str) -> None:
    query = published.queries[id_]
    rows = rows_of(real, query.text)
    assert any(OCCURRING[id_].items() <= row.items() for row in rows)
    claims = [column.name for column in query.columns if column.type is ColumnType.CLAIM]
    assert bool(claims) == (id_ not in WITHOUT_CLAIM)
    reached = [bool(row.keys() & set(claims)) for row in rows]
    assert all(reached) or id_ in WITHOUT_CLAIM | SOME_WITHOUT_CLAIM
    assert any(reached) or id_ in WITHOUT_CLAIM
