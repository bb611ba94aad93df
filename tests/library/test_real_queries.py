"""What must hold of every file of queries/, over the project's own data with all that is inferred."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store
from rdflib.plugins.sparql import prepareQuery

from aisi_kg.graph.prefixes import AISI, Prefixes
from aisi_kg.project import find_project
from aisi_kg.store.evaluate import QueryRequest, evaluate
from aisi_kg.store.library.description import library_of
from aisi_kg.store.library.records import ColumnType, Form, Library
from aisi_kg.store.library.values import bind
from aisi_kg.store.results import dataset_prefixes

FILES = sorted(find_project().queries.rglob("*.rq"))
#: Those that ask no other endpoint; test_services.py has the others.
LOCAL = [file.stem for file in FILES if "#+ services:" not in file.read_text("utf-8")]
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
# A parameter with more possible values than these is tried with these.
TRIED = 20


@pytest.fixture(scope="module")
def published(real: Store) -> Library:
    return library_of(real)


@pytest.fixture(scope="module")
def real_prefixes(real: Store) -> Prefixes:
    return dataset_prefixes(real)


def test_each_file_is_published(published: Library) -> None:
    assert sorted(published.queries) == sorted(file.stem for file in FILES)
    assert published.queries


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_another_library_reads_it(file: Path) -> None:
    assert prepareQuery(file.read_text("utf-8")) is not None


@pytest.mark.parametrize("id_", LOCAL)
def test_its_answer_is_what_its_header_says(
    real: Store, published: Library, real_prefixes: Prefixes, id_: str
) -> None:
    query = published.queries[id_]
    for bindings in ((), bind(query, [], real_prefixes)):
        result = evaluate(real, QueryRequest(query.text, bindings=bindings))
        if query.form is not Form.SELECT:
            continue
        assert isinstance(result, QuerySolutions)
        assert [variable.value for variable in result.variables] == [c.name for c in query.columns]
        rows = list(result)
        assert rows
        for column in query.columns:
            values = {row[column.name] for row in rows} - {None}
            if column.type in (ColumnType.IRI, ColumnType.CLAIM):
                assert all(isinstance(value, NamedNode) for value in values), column.name
            if column.type is ColumnType.CLAIM:
                for value in values:
                    assert Quad(value, TYPE, NamedNode(AISI + "Claim")) in real, value


@pytest.mark.parametrize("id_", LOCAL)
def test_each_value_of_a_parameter_can_be_asked_with(real: Store, published: Library, id_: str) -> None:
    query = published.queries[id_]
    if query.form is not Form.SELECT:
        return
    everything = rows_of(evaluate(real, QueryRequest(query.text)))
    for parameter in query.parameters:
        found = 0
        names = {column.name for column in query.columns}
        for member in parameter.members[:TRIED]:
            request = QueryRequest(query.text, bindings=((parameter.name, NamedNode(member.iri)),))
            rows = rows_of(evaluate(real, request))
            found += len(rows)
            if parameter.name in names:
                # As if those with the value were picked out.
                pair = (parameter.name, f"<{member.iri}>")
                assert sorted(rows) == sorted(row for row in everything if pair in row)
        assert found or not parameter.is_of_members or len(parameter.members) > TRIED, parameter.name


def rows_of(result: object) -> list[list[tuple[str, str]]]:
    assert isinstance(result, QuerySolutions)
    names = [variable.value for variable in result.variables]
    return [[(name, str(row[name])) for name in names if row[name] is not None] for row in result]
