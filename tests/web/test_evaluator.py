"""The evaluator: threads that answer, clients that leave, faults that stay inside."""

import asyncio
import threading

import httpx
import pytest
from pyoxigraph import Store

from aisi_kg.errors import FormatRefused, QueryRejected, UnknownResource
from aisi_kg.graph.prefixes import Prefixes
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.results import Choice, Format, Sink
from aisi_kg.web.app import create_app
from aisi_kg.web.evaluator import Engine, ThreadEvaluator, collect
from aisi_kg.web.site import DatasetInfo

SMALL = QueryRequest("SELECT * { ?s ?p ?o } LIMIT 1")
LARGE = QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }")


def test_a_small_answer_comes_whole(evaluator: ThreadEvaluator) -> None:
    async def ask() -> None:
        answering = await evaluator.answer(SMALL, Choice())
        assert answering.whole is not None
        assert [block async for block in answering] == [answering.whole]
        answering.close()

    asyncio.run(ask())


def test_a_large_answer_comes_in_blocks(evaluator: ThreadEvaluator) -> None:
    async def ask() -> tuple[list[int], bytes]:
        answering = await evaluator.answer(LARGE, Choice("csv"))
        assert answering.format.name == "csv"
        assert answering.whole is None
        blocks = [block async for block in answering]
        answering.close()
        return [len(block) for block in blocks], b"".join(blocks)

    sizes, data = asyncio.run(ask())
    assert len(sizes) > 3
    # The first is small, so that it comes early; the others are not, since each costs.
    assert sizes[0] < 16 * 1024
    assert all(16 * 1024 < size <= 64 * 1024 for size in sizes[1:-1])
    assert data == asyncio.run(collect(evaluator, LARGE, Choice("csv")))


def test_what_goes_wrong_is_raised_where_it_is_asked(evaluator: ThreadEvaluator) -> None:
    with pytest.raises(QueryRejected, match="Line 1"):
        asyncio.run(evaluator.answer(QueryRequest("SELECT"), Choice()))
    with pytest.raises(FormatRefused):
        asyncio.run(evaluator.answer(SMALL, Choice(None)))
    with pytest.raises(UnknownResource, match="nothing about <http://e/none>"):
        asyncio.run(evaluator.document("http://e/none", "turtle"))
    with pytest.raises(UnknownResource, match="no IRI"):
        asyncio.run(evaluator.document("http://e/a b", "turtle"))


def no_document(_format: str, _iri: str) -> bytes:
    return b""


class Slow(Engine):
    """Write blocks until the sink has enough of it."""

    def __init__(self) -> None:
        super().__init__(Store(), Prefixes({}), no_document)
        self.ended = threading.Event()

    def answer(self, request: QueryRequest, choice: Choice, sink: Sink) -> Format:
        format_ = Format("csv", "text/csv", "csv", "")
        sink.begin(format_)
        try:
            while True:
                sink.write(b"x" * 8192)
        finally:
            self.ended.set()


def test_a_client_that_leaves_ends_the_writing() -> None:
    engine = Slow()
    evaluator = ThreadEvaluator(engine, 1)

    async def leave(after: int) -> None:
        answering = await evaluator.answer(SMALL, Choice())
        blocks = aiter(answering)
        for _ in range(after):
            await anext(blocks)
        answering.close()
        await asyncio.to_thread(engine.ended.wait, 30)
        assert engine.ended.is_set()

    # The one thread is free again each time.
    for after in (0, 1, 20):
        engine.ended.clear()
        asyncio.run(leave(after))


def test_a_client_that_leaves_before_the_answer_begins_ends_it_too() -> None:
    entered, gate = threading.Event(), threading.Event()

    class Waiting(Slow):
        def answer(self, request: QueryRequest, choice: Choice, sink: Sink) -> Format:
            entered.set()
            gate.wait(30)
            return super().answer(request, choice, sink)

    engine = Waiting()
    evaluator = ThreadEvaluator(engine, 1)

    async def leave() -> None:
        task = asyncio.create_task(evaluator.answer(SMALL, Choice()))
        await asyncio.to_thread(entered.wait, 30)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not evaluator.close()
        gate.set()
        await asyncio.to_thread(engine.ended.wait, 30)
        assert engine.ended.is_set()

    asyncio.run(leave())


class Failing(Engine):
    """Fail in a way that nobody foresaw, at once or after some blocks."""

    def __init__(self, blocks: int) -> None:
        super().__init__(Store(), Prefixes({}), no_document)
        self._blocks = blocks

    def answer(self, request: QueryRequest, choice: Choice, sink: Sink) -> Format:
        for number in range(self._blocks):
            if number == 0:
                sink.begin(Format("csv", "text/csv", "csv", ""))
            sink.write(b"x" * 8192)
        raise KeyError("a secret of the inside")


def asked(engine: Engine, raising: bool) -> httpx.Response:
    app = create_app(ThreadEvaluator(engine, 1), DatasetInfo("0"))

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(app, raise_app_exceptions=raising)
        async with httpx.AsyncClient(transport=transport, base_url="http://kg.example.org") as client:
            return await client.get("/sparql?query=ASK{}")

    return asyncio.run(ask())


def test_a_fault_of_the_program_shows_nothing_of_the_inside() -> None:
    response = asked(Failing(0), raising=False)
    assert response.status_code == 500
    assert response.json()["code"] == "internal-error"
    assert "secret" not in response.text
    assert response.headers["x-content-type-options"] == "nosniff"
    # It is raised all the same, so that the server logs it.
    with pytest.raises(KeyError):
        asked(Failing(0), raising=True)


def test_an_answer_that_fails_after_it_began_does_not_end_well() -> None:
    with pytest.raises(KeyError):
        asked(Failing(100), raising=True)


def test_queries_wait_for_a_thread_and_are_all_answered() -> None:
    evaluator = ThreadEvaluator(Engine(Store(), Prefixes({}), no_document), 2)

    async def many() -> list[bytes]:
        request = QueryRequest("ASK {}")
        return await asyncio.gather(*(collect(evaluator, request, Choice("csv")) for _ in range(50)))

    assert asyncio.run(many()) == [b"true"] * 50
