"""The pages of docs/ list every code of a problem, every series and every format, and no others."""

import ast
import io
import re
import time
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import pytest

from aisi_kg.errors import QueryEnded
from aisi_kg.store.results import GRAPH_FORMATS, RESULT_FORMATS
from aisi_kg.web.access_log import AccessLog, log_format
from aisi_kg.web.problems import problem_of
from aisi_kg.web.settings import Settings

Ask = Callable[..., httpx.Response]

CODE = re.compile(r"[a-z]+(-[a-z0-9]+)*")
#: What is called with a code, and which of its arguments that is.
TAKES_CODE = {"_RefusedError": 1, "Problem": 1, "QueryEnded": 0, "_refuse": 1, "problem_content": 1}
#: Told to nobody: the client that it would be told to has left.
UNTOLD = {"abandoned"}


def table(page: Path, name: str) -> list[list[str]]:
    """Read a table of a page between two comments, without its head."""
    text = page.read_text("utf-8").partition(f"<!-- {name} -->\n")[2].partition(f"<!-- end of {name} -->")[0]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines()[2:]]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def words(node: ast.AST) -> Iterator[str]:
    """Give the strings in an expression that look like codes; what is looked up by a name is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and CODE.fullmatch(node.value):
        yield node.value
    elif not isinstance(node, ast.Subscript):
        for part in ast.iter_child_nodes(node):
            yield from words(part)


def is_code(target: ast.AST) -> bool:
    return any(isinstance(each, ast.Name) and each.id in ("code", "codes") for each in ast.walk(target))


def codes_of(source: str) -> Iterator[tuple[str, str]]:
    """Give each code that a source names, with the name of its status where both stand together."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            place = TAKES_CODE.get(called, len(node.args))
            if place < len(node.args):
                status = node.args[0].attr if isinstance(node.args[0], ast.Attribute) else ""
                yield from ((code, status) for code in words(node.args[place]))
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and node.value.elts:
            first, *others = node.value.elts
            if isinstance(first, ast.Attribute) and getattr(first.value, "id", "") == "HTTPStatus":
                yield from ((code, first.attr) for code in words(others[0]))
        elif isinstance(node, ast.Assign) and any(is_code(target) for target in node.targets):
            status = ""
            if isinstance(node.value, ast.Tuple) and isinstance(node.value.elts[0], ast.Attribute):
                status = node.value.elts[0].attr
            yield from ((code, status) for code in words(node.value))


@pytest.fixture(scope="module")
def codes(checkout: Path) -> dict[str, set[int]]:
    """Give the codes that the program uses, with their statuses where the source tells them."""
    found: dict[str, set[int]] = {}
    for folder in ("web", "store"):
        for path in sorted((checkout / "server" / "aisi_kg" / folder).rglob("*.py")):
            for code, status in codes_of(path.read_text("utf-8")):
                found.setdefault(code, set()).update([int(HTTPStatus[status])] if status else [])
    return {code: statuses for code, statuses in found.items() if code not in UNTOLD}


def test_every_code_is_listed(checkout: Path, codes: dict[str, set[int]]) -> None:
    listed = [quoted(row[0])[0] for row in table(checkout / "docs" / "operating.md", "codes")]
    assert listed == sorted(codes)


def test_every_code_is_listed_with_its_statuses(checkout: Path, codes: dict[str, set[int]]) -> None:
    listed = {quoted(row[0])[0]: row[1] for row in table(checkout / "docs" / "operating.md", "codes")}
    assert sum(bool(statuses) for statuses in codes.values()) > 15
    for code, statuses in codes.items():
        expected = statuses or {int(problem_of(QueryEnded(code, "")).status)}
        if code != "refused":
            assert expected <= {int(each) for each in listed[code].split(", ")}, code


def test_codes_are_found_wherever_they_stand() -> None:
    source = """
raise Problem(HTTPStatus.NOT_FOUND, "not-found", detail)
raise QueryEnded("query-timeout", "It took too long.")
self._refuse(HTTPStatus.BAD_REQUEST, "one" if reason else "two", detail)
status, code = HTTPStatus.FORBIDDEN, "refused"
codes = {HTTPStatus.GONE: ("gone", "It is gone.")}
print("no-code")
"""
    assert set(codes_of(source)) == {
        ("not-found", "NOT_FOUND"),
        ("query-timeout", ""),
        ("one", "BAD_REQUEST"),
        ("two", "BAD_REQUEST"),
        ("refused", "FORBIDDEN"),
        ("gone", ""),
    }


def test_every_series_is_listed(checkout: Path, ask: Ask) -> None:
    told = re.findall(r"^# TYPE (\S+) (\S+)$", ask("GET", "/metrics").text, re.MULTILINE)
    listed = [(quoted(row[0])[0], row[1]) for row in table(checkout / "docs" / "operating.md", "metrics")]
    assert listed == told


def test_the_time_of_the_dataset_is_told_to_the_second(ask: Ask) -> None:
    text = ask("GET", "/metrics").text
    told = re.search(r"^aisi_kg_dataset_since_seconds (\S+)$", text, re.MULTILINE)
    age = ask("GET", "/healthz").json()["age_s"]
    assert told is not None
    assert float(told[1]) == pytest.approx(time.time() - age, abs=5)


def test_every_format_is_listed(checkout: Path) -> None:
    listed = [
        (quoted(row[2]), quoted(row[3])[0], tuple(quoted(row[4])))
        for row in table(checkout / "docs" / "http.md", "formats")
    ]
    assert listed == [
        (list(dict.fromkeys([f.name, f.extension, *f.aliases])), f.media_type, f.asked_as)
        for f in (*RESULT_FORMATS, *GRAPH_FORMATS)
    ]


def test_the_lines_of_the_log_are_as_shown(checkout: Path) -> None:
    page = (checkout / "docs" / "operating.md").read_text("utf-8")
    for format_ in ("text", "json"):
        log = AccessLog(io.StringIO(), log_format(format_))
        tail = log.tail("GET", "/sparql", 200, "sent", query="daf6bc070b6b", rows=12)
        assert tail in page


def test_proxies_wait_longer_than_a_query_may_take(checkout: Path) -> None:
    page = (checkout / "docs" / "operating.md").read_text("utf-8")
    settings = Settings()
    waits = re.findall(r"(?:proxy_read_timeout|response_header_timeout) (\d+)s", page)
    assert [int(seconds) > settings.query_timeout_s for seconds in waits] == [True, True]
    kept = re.findall(r"(?:keepalive_timeout|keepalive) (\d+)s", page)
    assert [int(seconds) < settings.keep_alive_s for seconds in kept] == [True, True]
    assert [
        int(kib) * 1024 for kib in re.findall(r"(?:client_max_body_size|max_size) (\d+)(?:k;|KiB)", page)
    ] == [settings.max_body_bytes] * 2
    [header] = re.findall(r"large_client_header_buffers \d (\d+)k", page)
    assert int(header) * 1024 > settings.max_url_bytes


def test_links_of_the_pages_lead_somewhere(checkout: Path) -> None:
    docs = checkout / "docs"
    for page in (docs / "operating.md", docs / "http.md", docs / "settings.md"):
        for target in re.findall(r"\]\((?!https?://)([^)]+)\)", page.read_text("utf-8")):
            name, _, part = target.partition("#")
            found = (page.parent / name) if name else page
            assert found.exists(), target
            if part:
                heads = re.findall(r"^#+ (.+)$", found.read_text("utf-8"), re.MULTILINE)
                assert part in {
                    re.sub(r"[^\w\- ]", "", head).strip().lower().replace(" ", "-") for head in heads
                }
