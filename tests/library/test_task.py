"""A query with bound variables reaches a worker as it was made, whatever the terms hold."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.wire import Frames, Kind, Task

XSD = "http://www.w3.org/2001/XMLSchema#"
TERMS = st.one_of(
    st.sampled_from([NamedNode("https://example.org/é"), NamedNode("urn:a:b")]),
    st.builds(Literal, st.text()),
    st.builds(lambda text: Literal(text, language="zh"), st.text()),
    st.builds(lambda number: Literal(str(number), datatype=NamedNode(XSD + "integer")), st.integers()),
)


@given(st.lists(st.tuples(st.sampled_from(["institute", "since"]), TERMS), max_size=3))
def test_a_task_is_read_as_it_was_written(bindings: list[tuple[str, NamedNode | Literal]]) -> None:
    task = Task(QueryRequest("SELECT ?a { ?a ?b ?c }", bindings=tuple(bindings)))
    [message] = Frames().feed(task.pack())
    assert message.kind == Kind.TASK
    assert Task.unpack(message.payload) == task
