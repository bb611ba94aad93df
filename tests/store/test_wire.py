"""The messages between a web process and a worker."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aisi_kg.errors import (
    AisiKgError,
    FormatRefused,
    QueryEnded,
    QueryRejected,
    ServiceRefused,
    UnknownResource,
    UpdateRefused,
)
from aisi_kg.store.compression import ENCODINGS
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS, Choice
from aisi_kg.store.wire import (
    Begun,
    Frames,
    Kind,
    Message,
    Task,
    error_of,
    failure,
    frame,
    pack_begun,
    pack_rows,
    unpack_begun,
    unpack_rows,
)

FORMATS = (*RESULT_FORMATS, *GRAPH_FORMATS)


def read(data: bytes) -> Message:
    (message,) = Frames().feed(data)
    return message


texts = st.text(max_size=50)
lists = st.lists(texts, max_size=3).map(tuple)
requests = st.builds(
    QueryRequest,
    text=texts,
    default_graphs=lists,
    named_graphs=lists,
    base=st.none() | texts,
    prefixes=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
)
names = st.none() | st.sampled_from([format_.name for format_ in FORMATS])
tasks = st.builds(
    Task, st.none() | requests, st.builds(Choice, names, names), st.sampled_from(ENCODINGS), texts, texts
)


@given(tasks)
def test_a_task_arrives_as_it_was(task: Task) -> None:
    message = read(task.pack())
    assert message.kind == Kind.TASK
    assert Task.unpack(message.payload) == task


@pytest.mark.parametrize(
    "error",
    [
        QueryRejected("Line 1, column 2: no.", 1, 2),
        QueryRejected("Nowhere."),
        ServiceRefused("Line 3, column 4: no.", 3, 4),
        UpdateRefused("Line 5, column 6: no.", 5, 6),
        QueryEnded("too-many-rows", "Too many."),
        FormatRefused("No triples here", ("text/turtle", "text/csv")),
        UnknownResource("Nothing is said about <卢>."),
        AisiKgError("Something else."),
    ],
    ids=lambda error: type(error).__name__,
)
def test_an_error_arrives_as_it_was(error: AisiKgError) -> None:
    message = read(failure(error))
    assert message.kind == Kind.FAILURE
    arrived = error_of(message.payload)
    assert type(arrived) is type(error)
    assert str(arrived) == str(error)
    assert vars(arrived) == vars(error)


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"{",
        b"[]",
        b"1",
        b"null",
        b"{}",
        b'{"type": "format", "message": "x"}',
        b'{"type": "rejected"}',
        b"\xff",
    ],
)
def test_what_is_no_error_is_told(payload: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        error_of(payload)


@pytest.mark.parametrize("format_", FORMATS, ids=lambda format_: format_.name)
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_a_beginning_arrives_as_it_was(format_: object, encoding: object) -> None:
    begun = Begun(format_, encoding, 2**32 - 1)  # type: ignore[arg-type]
    assert unpack_begun(pack_begun(*begun) + b"rest") == (begun, b"rest")


@pytest.mark.parametrize("payload", [b"", b"\0\0", b"\xff\0\0\0\0\0", b"\0\xff\0\0\0\0"])
def test_what_is_no_beginning_is_told(payload: bytes) -> None:
    with pytest.raises(ValueError, match="beginning"):
        unpack_begun(payload)


@given(st.integers(0, 2**32 - 1))
def test_a_number_of_rows_arrives_as_it_was(rows: int) -> None:
    assert unpack_rows(pack_rows(rows)) == rows


@pytest.mark.parametrize("payload", [b"", b"\0\0\0", b"\0" * 5])
def test_what_is_no_number_of_rows_is_told(payload: bytes) -> None:
    with pytest.raises(ValueError, match="rows"):
        unpack_rows(payload)


messages = st.lists(
    st.tuples(st.sampled_from([Kind.WHOLE, Kind.BLOCK, Kind.END]), st.binary(max_size=40)), max_size=5
)


@given(messages, st.lists(st.integers(1, 20), max_size=40))
def test_messages_may_be_cut_anywhere(sent: list[tuple[bytes, bytes]], lengths: list[int]) -> None:
    data = b"".join(frame(kind, payload) for kind, payload in sent)
    frames = Frames()
    arrived: list[Message] = []
    for length in lengths:
        arrived += frames.feed(data[:length])
        data = data[length:]
    arrived += frames.feed(data)
    assert arrived == sent


def test_a_message_of_some_gigabytes_is_none() -> None:
    with pytest.raises(ValueError, match="length"):
        list(Frames().feed(b"D\xff\xff\xff\xff"))
