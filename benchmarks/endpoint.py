"""Compare the endpoint with ``oxigraph serve``, the server of the engine that both have.

It needs ``oxigraph`` beside the interpreter (``.venv/bin/pip install oxigraph==0.5.13``) and ``wrk`` (a
package of Debian and others). Both servers are asked on this machine, over the same data, in short runs that
alternate, so that what else the machine does disturbs both alike; each figure is a ratio of two runs that
follow one another, and the median of some. See README.md here.

::

    .venv/bin/python benchmarks/endpoint.py --quick
    .venv/bin/python benchmarks/endpoint.py --quads 1000000
    .venv/bin/python benchmarks/endpoint.py --quads 10000000 --parts start disk
"""

import argparse
import http.client
import math
import os
import re
import select
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from synthetic import AISI, CLAIMS_OF_AN_INSTITUTE, PREFIXES, claims_in, write_dataset

from aisi_kg.store.directory import STORE_NAME, OpenDataset

OXIGRAPH = "oxigraph==0.5.13"
SCRIPT = Path(__file__).with_name("repeated.lua")
RESULTS, TRIPLES = "application/sparql-results+json", "application/n-triples"
CONCURRENCIES = (1, 16, 64)
PARTS = ("start", "uncached", "cached", "disk", "rows", "runaway")
FIGURES = re.compile(r"^figures (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", re.MULTILINE)
MANY_ROWS = "SELECT ?s ?p ?o { ?s ?p ?o } LIMIT 100000"
# Endless, and of little memory, so that no limit but that of time ends it.
RUNAWAY = (
    f"PREFIX aisi: <{AISI}> SELECT (COUNT(*) AS ?n) {{ "
    + " . ".join(f"?a{n} aisi:memberOf ?b{n}" for n in range(6))
    + " }"
)


class Query(NamedTuple):
    """Hold a query and what its answer is asked for in."""

    name: str
    text: str
    accept: str = RESULTS


def queries(quads: int) -> list[Query]:
    """Write the twelve queries for a dataset of a size."""
    claims = claims_in(quads)
    institute = claims // CLAIMS_OF_AN_INSTITUTE // 2
    prologue = "".join(f"PREFIX {p}: <{PREFIXES[p]}> " for p in ("aisi", "claim", "entity", "rdfs"))
    of_network = "?institute aisi:memberOf entity:network-3"
    texts = {
        "point lookup": f"SELECT ?p ?o {{ claim:{claims // 2} ?p ?o }}",
        "star": "SELECT ?event ?amount ?date { "
        f"?event aisi:fundingRecipient entity:institute-{institute} ; "
        "aisi:amount ?amount ; aisi:date ?date }",
        "joins": "SELECT ?claim ?statement ?label { "
        f"GRAPH ?claim {{ ?event aisi:fundingRecipient ?institute }} {of_network} ; rdfs:label ?label . "
        "?claim aisi:statement ?statement } LIMIT 200",
        "aggregate": "SELECT ?institute (SUM(?amount) AS ?sum) (COUNT(?event) AS ?n) { "
        f"?event aisi:fundingRecipient ?institute ; aisi:amount ?amount . {of_network} }} "
        "GROUP BY ?institute",
        "text filter": 'SELECT ?claim { ?claim aisi:statement ?s FILTER(CONTAINS(?s, "number 123 ")) }',
        "path": f"SELECT ?x {{ entity:institute-{institute} aisi:partOf+ ?above . ?x aisi:partOf ?above }}",
        "OPTIONAL": f"SELECT ?institute ?label ?site {{ {of_network} ; rdfs:label ?label "
        "OPTIONAL { ?institute aisi:website ?site } }",
        "UNION": "SELECT ?x { { ?x aisi:memberOf entity:network-3 } UNION "
        f"{{ ?x aisi:fundingRecipient entity:institute-{institute} }} UNION "
        f"{{ ?x aisi:partOf entity:institute-{institute // 4} }} }}",
        "CONSTRUCT": "CONSTRUCT { ?institute rdfs:label ?label ; aisi:funded ?event } WHERE { "
        f"{of_network} ; rdfs:label ?label . ?event aisi:fundingRecipient ?institute }} LIMIT 300",
        "description": "CONSTRUCT { ?s ?p ?o } WHERE { "
        f"{{ VALUES ?s {{ entity:institute-{institute} }} ?s ?p ?o }} UNION "
        f"{{ VALUES ?o {{ entity:institute-{institute} }} ?s ?p ?o }} }}",
        "ORDER BY": "SELECT ?event ?amount { "
        f"?event aisi:fundingRecipient ?institute ; aisi:amount ?amount . {of_network} }} "
        "ORDER BY DESC(?amount) ?event LIMIT 20",
        "COUNT": "SELECT (COUNT(*) AS ?n) { ?claim a aisi:Claim }",
    }
    return [
        Query(name, prologue + text, TRIPLES if text.startswith("CONSTRUCT") else RESULTS)
        for name, text in texts.items()
    ]


@dataclass
class Server:
    """Hold a server that runs."""

    name: str
    pid: int
    port: int
    path: str
    started_s: float

    def url(self, query: str) -> str:
        """Write the path of a query."""
        return f"{self.path}?query={quote(query, safe='')}"

    def ask(self, query: Query) -> bytes:
        """Ask a query once."""
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)) as connection:
            connection.request("GET", self.url(query.text), headers={"Accept": query.accept})
            response = connection.getresponse()
            body = response.read()
            if response.status != 200:
                raise SystemExit(f"{self.name} answers {query.name} with {response.status}: {body[:500]!r}")
            return body


@contextmanager
def ended(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End a process that was started here."""
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()


@contextmanager
def ours(home: Path) -> Iterator[Server]:
    """Start our server with the current dataset, with its settings as they are."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "serve", "--port", "0", "--dataset", str(home)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    with ended(process):
        assert process.stdout is not None
        line = process.stdout.readline().decode()
        match = re.search(r"http://127\.0\.0\.1:(\d+)", line)
        if match is None:
            raise SystemExit("Our server does not start; run aisi-kg serve to see why.")
        yield Server("aisi-kg", process.pid, int(match[1]), "/sparql", time.perf_counter() - begun)


@contextmanager
def oxigraph(program: str, dataset: OpenDataset, location: Path | None) -> Iterator[Server]:
    """Start Oxigraph's server, on disk or in memory; there, loading belongs to its start."""
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        port = any_port.getsockname()[1]
    where = [] if location is None else ["--location", str(location)]
    begun = time.perf_counter()
    process = subprocess.Popen(
        # Without --timeout-s, for which it has a thread sleep for each query until there are no more threads.
        [program, "serve", "--bind", f"127.0.0.1:{port}", *where],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    with ended(process):
        name = "oxigraph in memory" if location is None else "oxigraph on disk"
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit(f"{name} does not start.") from None
                time.sleep(0.005)
        if location is None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3600)
            with closing(connection), (dataset.path / STORE_NAME).open("rb") as quads:
                connection.request(
                    "POST", "/store?no_transaction", quads, {"Content-Type": "application/n-quads"}
                )
                status = connection.getresponse().status
                if status >= 300:
                    raise SystemExit(f"{name} does not take the dataset ({status}).")
        yield Server(name, process.pid, port, "/query", time.perf_counter() - begun)


class Run(NamedTuple):
    """Hold what a run of wrk says, and what it cost the server; times in milliseconds, cost in microseconds.

    The cost is the processor time of all of the server's processes for an answer: where others use the
    machine, or where wrk takes a share of few processors, it says more than the rate.
    """

    rate: float
    p50: float
    p99: float
    cost: float


RUNS = iter(range(1_000_000_000))


def load(server: Server, query: Query, concurrency: int, seconds: float, *, cached: bool) -> Run:
    """Ask a query for some seconds on some connections."""
    arguments = [server.url(query.text), query.accept]
    if not cached:
        arguments.append(f"{os.getpid()}-{next(RUNS)}")
    before = processor_s(server.pid)
    done = subprocess.run(
        [
            *("wrk", "-t1", f"-c{concurrency}", f"-d{max(1, round(seconds))}s", "--timeout", "60s"),
            *("-s", str(SCRIPT), f"http://127.0.0.1:{server.port}", "--", *arguments),
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    used = processor_s(server.pid) - before
    match = FIGURES.search(done.stdout)
    if match is None:
        raise SystemExit(f"wrk says nothing: {done.stdout}{done.stderr}")
    requests, microseconds, p50, p99, broken, refused = map(int, match.groups())
    if broken or refused or not requests:
        raise SystemExit(
            f"{server.name}: {query.name}, c={concurrency}: of {requests} answers {refused} are errors, and "
            f"{broken} connections broke."
        )
    return Run(requests / microseconds * 1e6, p50 / 1e3, p99 / 1e3, used * 1e6 / requests)


def latency(server: Server, query: Query, times: int) -> float:
    """Give the median of the milliseconds that a query takes, each time new, one after the other."""
    taken = []
    with closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)) as connection:
        for _ in range(times):
            url = server.url(f"{query.text}\n#{os.getpid()}-{next(RUNS)}")
            begun = time.perf_counter()
            connection.request("GET", url, headers={"Accept": query.accept})
            response = connection.getresponse()
            response.read()
            taken.append((time.perf_counter() - begun) * 1e3)
            if response.status != 200:
                raise SystemExit(f"{server.name} answers {query.name} with {response.status}.")
    return statistics.median(taken)


class Verdicts:
    """Collect which targets are met."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def add(self, target: str, figure: str, *, met: bool) -> None:
        """Say whether a target is met."""
        self.lines.append(f"| {target} | {figure} | {'met' if met else 'NOT met'} |")

    def show(self) -> None:
        """Print them."""
        if self.lines:
            print("\n| target | measured | |\n|---|---|---|")
            print("\n".join(self.lines))


@dataclass
class Bench:
    """Hold what the parts share."""

    dataset: OpenDataset
    home: Path
    program: str
    location: Path
    quads: int
    rounds: int
    seconds: float
    concurrencies: tuple[int, ...]
    verdicts: Verdicts

    @property
    def in_memory(self) -> bool:
        """Tell whether our server holds the dataset in memory."""
        return not self.dataset.disk_path.is_dir()

    @property
    def queries(self) -> list[Query]:
        """Give the twelve queries."""
        return queries(self.quads)

    def compare(
        self, mine: Server, others: list[Server], query: Query, concurrency: int, *, cached: bool = False
    ) -> tuple[list[Run], dict[str, list[Run]]]:
        """Run a query on all servers, in turns."""
        runs: list[Run] = []
        theirs: dict[str, list[Run]] = {other.name: [] for other in others}
        for _ in range(self.rounds):
            runs.append(load(mine, query, concurrency, self.seconds, cached=cached))
            for other in others:
                theirs[other.name].append(load(other, query, concurrency, self.seconds, cached=cached))
        return runs, theirs


def ratio(mine: list[float], theirs: list[float]) -> float:
    """Give the median of the ratios of what was measured in turns."""
    return statistics.median(m / t for m, t in zip(mine, theirs, strict=True))


def costs(runs: list[Run]) -> list[float]:
    """Give the processor time of an answer."""
    return [run.cost for run in runs]


def rates(runs: list[Run]) -> list[float]:
    """Give the answers a second."""
    return [run.rate for run in runs]


def fits(slowest_ms: float, concurrency: int, seconds: float) -> bool:
    """Tell whether enough answers come in a run for its figures to mean something."""
    return slowest_ms * concurrency < seconds * 1e3 * (os.cpu_count() or 1) / 2


def measure_start(bench: Bench) -> None:
    """Measure from start to ready."""
    print("\n## Start to ready\n\n| server | seconds |\n|---|---|")
    kinds: list[Callable[[], AbstractContextManager[Server]]] = [
        lambda: ours(bench.home),
        lambda: oxigraph(bench.program, bench.dataset, bench.location),
    ]
    if bench.in_memory:
        kinds.append(lambda: oxigraph(bench.program, bench.dataset, None))
    found: dict[str, list[float]] = {}
    for _ in range(bench.rounds):
        for kind in kinds:
            with kind() as server:
                server.ask(bench.queries[0])
                found.setdefault(server.name, []).append(server.started_s)
    for name, seconds in found.items():
        print(f"| {name}{', with loading' if 'memory' in name else ''} | {statistics.median(seconds):.2f} |")


def measure_load(bench: Bench, mine: Server, others: list[Server], *, cached: bool) -> None:
    """Measure the twelve queries under load, in comparison with the servers that run."""
    how = "cached: the same URL each time" if cached else "uncached: each query is new"
    heads = "".join(
        f" r/s ÷ {o.name} | by processor time | µs (theirs) | p50 ms (theirs) | p99 ms (theirs) |"
        for o in others
    )
    print(f"\n## Twelve queries, {how}\n\n| query | c | r/s |{heads}")
    print(f"|---|---|---|{'---|---|---|---|---|' * len(others)}")
    found: dict[str, dict[tuple[str, int], float]] = {other.name: {} for other in others}
    spared: dict[str, dict[tuple[str, int], float]] = {other.name: {} for other in others}
    tails: dict[str, float] = {}
    slow: dict[str, float] = {}
    for query in bench.queries:
        slowest = max(latency(server, query, 3) for server in (mine, *others))
        for concurrency in bench.concurrencies:
            if not fits(slowest, concurrency, bench.seconds):
                continue
            runs, theirs = bench.compare(mine, others, query, concurrency, cached=cached)
            line = f"| {query.name} | {concurrency} | {statistics.median(rates(runs)):,.0f} |"
            for name, their in theirs.items():
                quotient = found[name][query.name, concurrency] = ratio(rates(runs), rates(their))
                spared[name][query.name, concurrency] = ratio(costs(their), costs(runs))
                for number in ("p50", "p99"):
                    values = [
                        statistics.median(getattr(run, number) for run in some) for some in (runs, their)
                    ]
                    if number == "p50":
                        line += f" {quotient:.2f} | {spared[name][query.name, concurrency]:.2f} |"
                        each = [statistics.median(costs(some)) for some in (runs, their)]
                        line += f" {each[0]:.0f} ({each[1]:.0f}) |"
                        if name == others[0].name and concurrency == 1 and values[1] > 1:
                            slow[query.name] = quotient
                    elif name == others[0].name and concurrency == 64:
                        tails[query.name] = values[0] / values[1]
                    line += f" {values[0]:.2f} ({values[1]:.2f}) |"
            print(line, flush=True)
    judge_load(bench, found, spared, tails, slow, cached=cached)


def judge_load(
    bench: Bench,
    found: dict[str, dict[tuple[str, int], float]],
    spared: dict[str, dict[tuple[str, int], float]],
    tails: dict[str, float],
    slow: dict[str, float],
    *,
    cached: bool,
) -> None:
    """Hold figures under load against the targets."""
    for name, ratios in found.items():
        point = ratios.get(("point lookup", 16))
        by_time = f"by processor time {spared[name].get(('point lookup', 16), math.nan):.2f}"
        if cached:
            if point is not None:
                bench.verdicts.add(
                    f"point lookup, cached, c=16: ≥ 3 × {name}", f"{point:.2f}, {by_time}", met=point >= 3
                )
            continue
        if name == "oxigraph in memory":
            if point is not None:
                bench.verdicts.add(
                    f"point lookup, uncached, c=16: ≥ 0.6 × {name} (aim 1)",
                    f"{point:.2f}, {by_time}",
                    met=point >= 0.6,
                )
            if slow:
                worst = min(slow, key=lambda each: slow[each])
                bench.verdicts.add(
                    f"uncached over 1 ms, c=1: level with {name} (≥ 0.9)",
                    f"median {statistics.median(slow.values()):.2f}, least {slow[worst]:.2f} ({worst})",
                    met=slow[worst] >= 0.9,
                )
            if tails:
                worst = max(tails, key=lambda each: tails[each])
                bench.verdicts.add(
                    f"p99 at c=64 ÷ {name}'s: ≤ 1",
                    f"point lookup {tails.get('point lookup', math.nan):.2f}, "
                    f"most {tails[worst]:.2f} ({worst})",
                    met=tails[worst] <= 1,
                )
        else:
            for concurrency in bench.concurrencies:
                some = [value for (_, c), value in ratios.items() if c == concurrency]
                if len(some) == len(bench.queries):
                    mean = statistics.geometric_mean(some)
                    spares = [value for (_, c), value in spared[name].items() if c == concurrency]
                    bench.verdicts.add(
                        f"twelve uncached, c={concurrency}: geometric mean ≥ 2 × {name}",
                        f"{mean:.2f}, by processor time {statistics.geometric_mean(spares):.2f}",
                        met=mean >= 2,
                    )


def measure_disk(bench: Bench, mine: Server, disk: Server) -> None:
    """Measure the twelve queries one after the other, in comparison with Oxigraph's server on disk."""
    print("\n## Twelve queries, uncached, one after the other\n")
    print("| query | ms | oxigraph on disk, ms | times as fast |\n|---|---|---|---|")
    found = {}
    for query in bench.queries:
        slowest = max(latency(server, query, 2) for server in (mine, disk))
        times = max(3, min(200, int(bench.seconds * 500 / slowest)))
        pairs = [
            (latency(mine, query, times), latency(disk, query, times)) for _ in range(max(3, bench.rounds))
        ]
        found[query.name] = statistics.median(theirs / my for my, theirs in pairs)
        my, theirs = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"| {query.name} | {my:.2f} | {theirs:.2f} | {found[query.name]:.2f} |", flush=True)
    worst = min(found, key=lambda each: found[each])
    mean = statistics.geometric_mean(found.values())
    print(f"\nGeometric mean: {mean:.2f}")
    if not bench.in_memory:
        bench.verdicts.add(
            f"{bench.quads:,} quads on disk: no query slower than oxigraph on disk by more than 10 % (≥ 0.9)",
            f"least {found[worst]:.2f} ({worst}), geometric mean {mean:.2f}",
            met=found[worst] >= 0.9,
        )


def first_byte(server: Server) -> tuple[float, float]:
    """Give the milliseconds until the first byte of a body of 100,000 rows, and until its last."""
    query = f"{MANY_ROWS}\n#{os.getpid()}-{next(RUNS)}"
    head = f"Host: localhost\r\nAccept: {RESULTS}\r\nConnection: close\r\n\r\n"
    request = f"GET {server.url(query)} HTTP/1.1\r\n{head}"
    with socket.create_connection(("127.0.0.1", server.port), timeout=120) as connection:
        begun = time.perf_counter()
        connection.sendall(request.encode())
        received = b""
        while len(received.partition(b"\r\n\r\n")[2]) < 10:
            part = connection.recv(65536)
            if not part:
                raise SystemExit(f"{server.name} ends a result of 100,000 rows early.")
            received += part
        first = time.perf_counter() - begun
        try:
            while connection.recv(1 << 20):
                pass
        except ConnectionResetError:
            raise SystemExit(
                f"{server.name} cuts a result of 100,000 rows; is the machine too slow?"
            ) from None
        return first * 1e3, (time.perf_counter() - begun) * 1e3


def family(pid: int) -> Iterator[int]:
    """Give a process and all that come from it."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except OSError:
        return
    for child in children.split():
        yield from family(int(child))


def processor_s(pid: int) -> float:
    """Give the processor time that a process, its children and those that have ended have taken."""
    ticks = 0
    for each in family(pid):
        try:
            # Behind the name, which may have anything in it; the fields from the 14th are times.
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """Give the memory of a process and its children, what they share counted once."""
    total = 0
    for each in family(pid):
        try:
            text = Path(f"/proc/{each}/smaps_rollup").read_text()
        except OSError:
            continue
        total += sum(int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:"))
    return total / 1024


def memory_of_eight(server: Server) -> float:
    """Give the megabytes above rest while eight results of 100,000 rows are under way."""
    rest = memory_mb(server.pid)
    done: list[tuple[float, float]] = []
    threads = [threading.Thread(target=lambda: done.append(first_byte(server))) for _ in range(8)]
    for thread in threads:
        thread.start()
    most = rest
    while any(thread.is_alive() for thread in threads):
        most = max(most, memory_mb(server.pid))
        # Looking takes longer the more memory there is, and the servers need the processors.
        time.sleep(0.05)
    if len(done) < len(threads):
        raise SystemExit(f"{server.name} does not give eight results of 100,000 rows at once.")
    return most - rest


def measure_rows(bench: Bench, mine: Server, others: list[Server]) -> None:
    """Measure an answer of 100,000 rows: when it begins, and what eight at once take."""
    print("\n## 100,000 rows\n")
    print("| server | first byte ms | last byte ms | MB above rest of 8 at once, the first time | later |")
    print("|---|---|---|---|---|")
    servers = [mine, *others]
    times: dict[str, list[tuple[float, float]]] = {server.name: [] for server in servers}
    memory: dict[str, list[float]] = {server.name: [] for server in servers}
    for number in range(max(5, bench.rounds)):
        for server in servers:
            # Memory first, so that the first time is one: later, workers have what they need.
            if number < max(3, bench.rounds):
                memory[server.name].append(memory_of_eight(server))
            times[server.name].append(first_byte(server))
    for server in servers:
        first, last = (statistics.median(each) for each in zip(*times[server.name], strict=True))
        once, *later = memory[server.name]
        print(f"| {server.name} | {first:.1f} | {last:.0f} | {once:.0f} | {max(later):.0f} |")
        if server is mine:
            bench.verdicts.add("first byte of 100,000 rows: ≤ 10 ms", f"{first:.1f} ms", met=first <= 10)
            most = max(once, *later)
            bench.verdicts.add(
                "8 such at once: < 100 MB above rest",
                f"{once:.0f} MB the first time, then {max(later):.0f} MB",
                met=most < 100,
            )


@contextmanager
def runaways(server: Server, number: int) -> Iterator[None]:
    """Have some queries run that do not end by themselves, and leave them."""
    with ExitStack() as stack:
        connections = []
        for _ in range(number):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            query = f"{RUNAWAY}\n#{os.getpid()}-{next(RUNS)}"
            connection.sendall(f"GET {server.url(query)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            connections.append(connection)
        # They run when nothing has come for a while; an error would have come at once.
        if select.select(connections, [], [], 1.5)[0]:
            raise SystemExit(f"{server.name} answers what should run away.")
        yield


def measure_runaway(bench: Bench) -> None:
    """Measure the latency of others while as many queries run away as there are processors."""
    number = os.cpu_count() or 1
    point = bench.queries[0]
    print(f"\n## Point lookups (c=4, uncached) while {number} queries run away\n")
    print("| server | p50 ms alone | p50 ms | p99 ms alone | p99 ms |\n|---|---|---|---|---|")
    measured: dict[str, list[tuple[Run, Run]]] = {}

    def once(server: Server) -> None:
        alone = load(server, point, 4, bench.seconds, cached=False)
        with runaways(server, number):
            busy = load(server, point, 4, bench.seconds, cached=False)
        measured.setdefault(server.name, []).append((alone, busy))

    with ours(bench.home) as mine:
        for _ in range(bench.rounds):
            once(mine)
            # Anew each time: a query that its client has left goes on there.
            with oxigraph(bench.program, bench.dataset, bench.location) as disk:
                once(disk)
    for name, pairs in measured.items():
        numbers = [
            statistics.median(getattr(pair[index], number) for pair in pairs)
            for number in ("p50", "p99")
            for index in (0, 1)
        ]
        print(f"| {name} | " + " | ".join(f"{number:.2f}" for number in numbers) + " |")


def same_answers(servers: list[Server], asked: list[Query]) -> None:
    """See that all servers answer the same, so that the same work is compared."""
    for query in asked:
        # Solutions may come in any order, and their members in two; of LIMIT, any may come.
        if "LIMIT" not in query.text:
            lengths = {server.name: len(server.ask(query)) for server in servers}
            if len(set(lengths.values())) > 1:
                raise SystemExit(f"The answers to {query.name} differ in length: {lengths}.")


def find_oxigraph() -> str:
    """Find the program beside the interpreter, or on the path."""
    beside = Path(sys.executable).with_name("oxigraph")
    program = str(beside) if beside.exists() else shutil.which("oxigraph")
    if program is None:
        raise SystemExit(f"oxigraph is missing; run: {sys.executable} -m pip install {OXIGRAPH}")
    return program


def make_location(bench: Bench) -> None:
    """Load the dataset into a directory of Oxigraph's, unless it is there."""
    if bench.location.is_dir():
        return
    pending = bench.location.with_name(bench.location.name + ".pending")
    shutil.rmtree(pending, ignore_errors=True)
    source = str(bench.dataset.path / STORE_NAME)
    for command in (
        ["load", "--location", str(pending), "--file", source],
        ["optimize", "--location", str(pending)],
    ):
        done = subprocess.run([bench.program, *command], capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"oxigraph {command[0]}: {done.stderr}")
    pending.rename(bench.location)


def run(bench: Bench, parts: list[str]) -> None:
    """Run the parts."""
    if "start" in parts:
        measure_start(bench)
    with ExitStack() as stack:
        if not {"uncached", "cached", "disk", "rows"}.isdisjoint(parts):
            mine = stack.enter_context(ours(bench.home))
            disk = stack.enter_context(oxigraph(bench.program, bench.dataset, bench.location))
            others = [disk]
            if bench.in_memory and parts != ["disk"]:
                others.insert(0, stack.enter_context(oxigraph(bench.program, bench.dataset, None)))
            same_answers([mine, *others], bench.queries)
            steps: dict[str, Callable[[], None]] = {
                "uncached": lambda: measure_load(bench, mine, others, cached=False),
                "cached": lambda: measure_load(bench, mine, others[:1], cached=True),
                "disk": lambda: measure_disk(bench, mine, disk),
                "rows": lambda: measure_rows(bench, mine, others),
            }
            for part, step in steps.items():
                if part in parts:
                    step()
    if "runaway" in parts:
        measure_runaway(bench)


def main() -> None:
    """Compare, and print what was found."""
    parser = argparse.ArgumentParser(description="Compare the endpoint with oxigraph serve.")
    parser.add_argument("--quads", type=int, default=100_000, help="size of the dataset (default: 100000)")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS), help="what to measure")
    parser.add_argument("--rounds", type=int, default=3, help="runs of which the median counts (default: 3)")
    parser.add_argument("--seconds", type=float, default=2, help="length of a run (default: 2)")
    parser.add_argument("--quick", action="store_true", help="one round of one second, at c=16 and 1 alone")
    parser.add_argument(
        "--directory", type=Path, help="where the data are kept between runs (default: made and removed)"
    )
    arguments = parser.parse_args()
    program = find_oxigraph()
    if shutil.which("wrk") is None:
        raise SystemExit("wrk is missing; install it, for instance with: apt-get install wrk")
    with ExitStack() as stack:
        where = arguments.directory or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        home = where / f"{arguments.quads}"
        dataset = write_dataset(home, arguments.quads)
        bench = Bench(
            dataset=dataset,
            home=home,
            program=program,
            location=home / f"{dataset.version}.oxigraph",
            quads=arguments.quads,
            rounds=1 if arguments.quick else arguments.rounds,
            seconds=1 if arguments.quick else arguments.seconds,
            concurrencies=(1, 16) if arguments.quick else CONCURRENCIES,
            verdicts=Verdicts(),
        )
        make_location(bench)
        print(f"# {arguments.quads:,} quads, {os.cpu_count()} processors, {time.strftime('%Y-%m-%d')}")
        run(bench, arguments.parts)
        bench.verdicts.show()


if __name__ == "__main__":
    main()
