"""The stored queries on a miniature of the data: exact answers, and the same in two engines.

``cut_miniature.py`` writes the miniature and the answers.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import Literal, NamedNode, QueryResultsFormat, QuerySolutions, RdfFormat, Store, serialize
from rdflib.plugins.sparql.evaluate import evalJoin, evalLazyJoin
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.plugins.sparql.sparql import FrozenDict, QueryContext
from rdflib.query import ResultRow

from aisi_kg.graph.dataset import merge

HERE = Path(__file__).parent
#: Those that ask another endpoint are asked with one that stands in for it, in test_services.py.
QUERIES = [
    path
    for path in sorted((HERE.parent.parent / "queries").rglob("*.rq"))
    if "#+ services:" not in path.read_text("utf-8")
]


@pytest.fixture(scope="module")
def miniature() -> Store:
    store = Store()
    store.load(path=HERE / "miniature.trig", format=RdfFormat.TRIG)
    store.bulk_extend(list(merge(store)))
    return store


@pytest.fixture(scope="module")
def other(miniature: Store) -> rdflib.Dataset:
    """Give the same data to the other engine, whose default graph is the merge as well."""
    data = serialize(miniature, format=RdfFormat.N_QUADS) or b""
    return rdflib.Dataset(default_union=False).parse(data=data.decode(), format="nquads")


def test_each_query_has_an_answer_and_each_answer_a_query() -> None:
    assert [path.stem for path in (HERE / "expected").iterdir() if path.suffix != ".tsv"] == []
    assert {path.stem for path in (HERE / "expected").iterdir()} == {path.stem for path in QUERIES}


def test_few_answers_are_empty() -> None:
    empty = {p.stem for p in (HERE / "expected").iterdir() if len(p.read_bytes().splitlines()) < 2}
    # They count over more than a miniature holds.
    assert empty == {"developers-of-several-institutes", "most-mentioned"}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_the_answer_is_the_one_expected(miniature: Store, path: Path) -> None:
    answer = miniature.query(path.read_text("utf-8"))
    assert isinstance(answer, QuerySolutions)
    found = answer.serialize(format=QueryResultsFormat.TSV)
    assert found == (HERE / "expected" / f"{path.stem}.tsv").read_bytes()


def same_term(term: rdflib.term.Node | None) -> str:
    """Write a term of the other engine as this one does."""
    if term is None:
        return ""
    if isinstance(term, rdflib.Literal):
        if term.language:
            return str(Literal(str(term), language=term.language))
        return str(
            Literal(str(term), datatype=NamedNode(term.datatype)) if term.datatype else Literal(str(term))
        )
    return str(NamedNode(str(term)))


def join(context: QueryContext, part: CompValue) -> Iterable[FrozenDict]:
    """Ask a pattern for what is bound already, as rdflib does for the first two parts of a group alone.

    Asked for all of its solutions each time, one query takes a minute.
    """
    pattern = part.p2.p if part.p2.name == "Filter" else part.p2
    return evalLazyJoin(context, part) if pattern.name == "BGP" else evalJoin(context, part)


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_another_engine_gives_the_same_rows(
    miniature: Store, other: rdflib.Dataset, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rdflib.plugins.sparql.evaluate.evalJoin", join)
    text = path.read_text("utf-8")
    ours = miniature.query(text)
    assert isinstance(ours, QuerySolutions)
    names = [variable.value for variable in ours.variables]
    expected = Counter(tuple("" if term is None else str(term) for term in row) for row in ours)
    theirs = other.query(text)
    assert [str(name) for name in theirs.vars or ()] == names
    rows = [row for row in theirs if isinstance(row, ResultRow)]
    assert Counter(tuple(map(same_term, row)) for row in rows) == expected
