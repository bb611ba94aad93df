"""The commands in a process of their own: what they write, what they say, what they end with."""

import csv
import errno
import hashlib
import io
import json
import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aisi_kg import __version__

Run = Callable[..., subprocess.CompletedProcess[bytes]]

STAFF = "SELECT ?institute ?n { ?institute aisi:staffCount ?n }"
GRAPH = "CONSTRUCT WHERE { ?institute aisi:staffCount ?n }"
LONG = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " . ".join(f"?a{n} ?b{n} ?c{n}" for n in range(9)) + " }"


def says(done: subprocess.CompletedProcess[bytes], status: int, *words: str) -> None:
    """Hold a failure against its form: one sentence, no result, no traceback."""
    message = done.stderr.decode()
    assert done.returncode == status, message
    assert message.startswith("aisi-kg: ")
    assert message.count("\n") == 1
    assert "Traceback" not in message
    for word in words:
        assert word in message


def test_version(run: Run) -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"aisi-kg {__version__}\n".encode())


@pytest.mark.parametrize(
    "arguments", [[], ["nonsense"], ["query", "--nonsense"], ["serve", "--port", "x"], ["export"]]
)
def test_wrong_arguments_are_answered_with_the_usage(run: Run, arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stderr.startswith(b"usage: aisi-kg")
    assert done.stdout == b""


@pytest.mark.parametrize(
    "command",
    [
        "build",
        "check",
        "verify",
        "export",
        "query",
        "table",
        "timeline",
        "matrix",
        "explain",
        "cite",
        "serve",
        "reload",
        "format",
    ],
)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: aisi-kg {command}".encode())


# query


def test_a_query_is_taken_from_everywhere(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "staff.rq"
    path.write_text("\ufeff" + STAFF, "utf-8")
    results = [
        run("query", "-e", STAFF),
        run("query", str(path)),
        run("query", input=STAFF.encode()),
        run("query", "-", input=STAFF.encode()),
    ]
    for done in results:
        assert (done.returncode, done.stderr) == (0, b"")
        rows = json.loads(done.stdout)["results"]["bindings"]
        assert [row["n"]["value"] for row in rows] == ["12"]


def test_formats(run: Run) -> None:
    rows = csv.reader(io.StringIO(run("query", "-e", STAFF, "--format", "csv").stdout.decode()))
    assert next(rows) == ["institute", "n"]
    assert run("query", "-e", STAFF, "--format", "tsv").stdout.startswith(b"?institute\t?n\n")
    assert run("query", "-e", STAFF, "--format", "xml").stdout.startswith(b"<?xml")
    assert run("query", "-e", "ASK {}", "--format", "csv").stdout == b"true"
    assert b"entity:ruritania-aisi aisi:staffCount 12" in run("query", "-e", GRAPH).stdout
    assert run("query", "-e", GRAPH, "--format", "nt").stdout.count(b"\n") == 1
    lines = run("query", "-e", STAFF, "--format", "table").stdout.decode().splitlines()
    assert lines == [
        "institute              n",
        "─────────────────────  ──",
        "entity:ruritania-aisi  12",
        "(1 row)",
    ]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["-e", "SELECT * { ?s ?p }"], ["Line 1, column 18", "expected an object"]),
        (["-e", "SELECT * { ?s nope:p ?o }"], ["Line 1, column 15", "prefix nope: is not declared"]),
        (["-e", "CLEAR ALL"], ["read-only"]),
        (["-e", "ASK { SERVICE <http://127.0.0.1:1/> {} }"], ["SERVICE would call"]),
        (["-e", STAFF, "--format", "png"], ["There is no format png", "table, json"]),
        (["-e", STAFF, "--format", "turtle"], ["gives solutions", "use --format json, xml, csv, tsv"]),
        (["-e", GRAPH, "--format", "table"], ["gives triples", "use --format turtle"]),
        (["-e", "ASK {}", "also.rq"], ["given twice"]),
        (["none.rq"], ["none.rq: No such file"]),
        (["."], [".: Is a directory"]),
        (["-e", "ASK {}", "--dataset", "none"], ["There is no dataset in", "aisi-kg build"]),
    ],
)
def test_what_cannot_be_asked(run: Run, tmp_path: Path, arguments: list[str], words: list[str]) -> None:
    done = run("query", *arguments, cwd=tmp_path, env={"PYTHONPATH": os.pathsep.join(sys.path)})
    says(done, 1, *words)
    assert done.stdout == b""


def test_a_fault_in_a_file_is_told_with_the_file(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "bad.rq"
    path.write_text("SELECT *\n{ ?s ?p }")
    says(run("query", str(path)), 1, f"{path}: Line 2, column 9")
    path.write_bytes("ASK { ?s ?p 'é' }".encode("latin-1"))
    says(run("query", str(path)), 1, f"{path} is not UTF-8 (byte 13)")


def test_a_damaged_dataset_is_refused_with_the_file(run: Run, datasets: Path, tmp_path: Path) -> None:
    copy = tmp_path / "datasets"
    shutil.copytree(datasets, copy)
    (store,) = copy.rglob("quads.nq")
    store.write_bytes(store.read_bytes()[:-10])
    for command in (["query", "-e", "ASK {}"], ["serve", "--port", "0"], ["export", "--format", "turtle"]):
        says(run(*command, "--dataset", str(copy)), 1, "quads.nq", "digest differs", "aisi-kg build")


def in_terminal(environment: dict[str, str], *arguments: str) -> tuple[int, str]:
    """Run a command with a terminal for its standard output and input."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", *arguments],
        env=environment,
        stdin=theirs,
        stdout=theirs,
        stderr=subprocess.PIPE,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 4096)
        except OSError as error:
            # How Linux says that the other side is closed.
            if error.errno != errno.EIO:
                raise
            break
        if not part:
            break
        shown += part
    os.close(ours)
    _, errors = process.communicate(timeout=60)
    return process.returncode, (shown + errors).decode().replace("\r\n", "\n")


def test_a_terminal_gets_a_table_and_whole_lines(environment: dict[str, str]) -> None:
    assert in_terminal(environment, "query", "-e", STAFF)[1].endswith("entity:ruritania-aisi  12\n(1 row)\n")
    assert in_terminal(environment, "query", "-e", "ASK {}")[1] == "true\n"
    assert in_terminal(environment, "query", "-e", GRAPH)[1].endswith("aisi:staffCount 12 .\n")
    assert in_terminal(environment, "query", "-e", "ASK {}", "--format", "json")[1].endswith("}\n")
    status, text = in_terminal(environment, "query")
    assert status == 1
    assert "No query is given" in text


def test_a_reader_that_leaves_ends_the_command_quietly(environment: dict[str, str]) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "query", "-e", LONG],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.read(10)
    process.stdout.close()
    assert process.wait(60) == 141
    assert process.stderr.read() == b""
    process.stderr.close()


@pytest.mark.parametrize("text", ["ASK {}", LONG])
def test_a_full_disk_is_told(run: Run, text: str) -> None:
    with Path("/dev/full").open("wb") as full:
        says(run("query", "-e", text, stdout=full), 1, "No space left on device", "make room")


def cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def test_ctrl_c_ends_a_query_that_nothing_else_would_end(environment: dict[str, str], tmp_path: Path) -> None:
    pipe = tmp_path / "query.rq"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "aisi_kg", "query", str(pipe)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    # Opening it waits until the command reads; what it uses from then on is the query's.
    with pipe.open("w") as file:
        before = cpu_seconds(process.pid)
        file.write(ENDLESS)
    while cpu_seconds(process.pid) < before + 1:
        assert process.poll() is None
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    shown, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert shown == b""
    assert errors == b"aisi-kg: Interrupted.\n"


def test_a_query_of_many_levels_does_not_end_the_program(run: Run) -> None:
    # More than the usual stack of a thread holds.
    text = "ASK {" + "OPTIONAL{}" * 9_000 + "}"
    done = run("query", input=text.encode())
    assert done.returncode == 0
    says(run("query", input=b"ASK " + b"{" * 50_000), 1, "nested too deeply")


# export


def test_export_writes_to_standard_output_or_a_file(run: Run, tmp_path: Path) -> None:
    done = run("export", "--format", "ntriples", "entity:ruritania-aisi")
    assert done.returncode == 0
    assert b"Ruritanian AI Safety Institute" in done.stdout
    path = tmp_path / "new" / "all.trig"
    written = run("export", "--format", "trig", "-o", str(path))
    assert (written.returncode, written.stdout) == (0, b"")
    assert path.read_bytes() == run("export", "--format", "trig").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--format", "png"], ["There is no format png", "turtle"]),
        (["--format", "turtle", "entity:ruritania-aisy"], ["did you mean entity:ruritania-aisi"]),
        (["--format", "turtle", "a b c"], ["is no IRI"]),
        (["--format", "turtle", "-o", "/dev/null/x"], ["cannot be written"]),
        (["--format", "turtle", "--dataset", "none"], ["There is no dataset"]),
    ],
)
def test_what_cannot_be_exported(run: Run, arguments: list[str], words: list[str]) -> None:
    done = run("export", *arguments)
    says(done, 1, *words)
    assert done.stdout == b""


# check, build, format, verify: what they do is shown elsewhere; here, what the user gets to see.


@pytest.fixture
def broken(checkout: Path, tmp_path: Path) -> Path:
    """Give a project with a file that is no Turtle."""
    root = tmp_path / "project"
    (root / "ontology").mkdir(parents=True)
    (root / "data" / "entities").mkdir(parents=True)
    prefixes = (checkout / "ontology" / "prefixes.ttl").read_text("utf-8")
    (root / "ontology" / "prefixes.ttl").write_text(prefixes, "utf-8")
    context = (checkout / "ontology" / "context.jsonld").read_text("utf-8")
    (root / "ontology" / "context.jsonld").write_text(context, "utf-8")
    (root / "data" / "entities" / "bad.ttl").write_text("<http://e/a>\n\ta .\n", "utf-8")
    return root


def test_check_lists_what_is_wrong(run: Run, broken: Path) -> None:
    done = run("check", env={"AISI_KG_PROJECT": str(broken)})
    assert done.returncode == 1
    assert b"data/entities/bad.ttl:2:" in done.stdout
    assert done.stderr.decode().splitlines()[-1].startswith("aisi-kg: 1 error, ")


def test_build_leaves_the_last_good_dataset(run: Run, broken: Path, datasets: Path) -> None:
    before = sorted(datasets.rglob("*"))
    done = run("build", env={"AISI_KG_PROJECT": str(broken)})
    assert done.returncode == 1
    assert done.stdout == b""
    message = done.stderr.decode()
    assert "data/entities/bad.ttl:2:" in message
    assert "nothing was written" in message
    assert "Traceback" not in message
    assert sorted(datasets.rglob("*")) == before
    assert run("query", "-e", "ASK {}").stdout == b'{"head":{},"boolean":true}'


def test_build_does_not_go_where_it_may_not(run: Run, broken: Path) -> None:
    done = run("build", "--dataset", "/dev/null/x", env={"AISI_KG_PROJECT": str(broken)})
    says(done, 1, "/dev/null/x cannot be written")


def test_a_project_that_is_none(run: Run, tmp_path: Path) -> None:
    for command in (["check"], ["build"], ["format"]):
        says(run(*command, env={"AISI_KG_PROJECT": str(tmp_path)}), 1, "AISI_KG_PROJECT names")


def test_format_tells_what_it_changes(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "some.ttl"
    path.write_text("@prefix a: <http://e/> . a:x a:y   a:z .")
    checked = run("format", "--check", str(path))
    assert checked.returncode == 1
    assert f"{path}: not in the canonical style".encode() in checked.stdout
    formatted = run("format", str(path))
    assert (formatted.returncode, formatted.stdout) == (0, f"{path}: formatted\n".encode())
    again = run("format", "--check", str(path))
    assert (again.returncode, again.stdout) == (0, b"")
    path.write_text("<http://e/a> a .")
    failed = run("format", str(path))
    assert failed.returncode == 1
    assert b"1 of 1 files cannot be formatted" in failed.stderr
    assert path.read_text() == "<http://e/a> a ."


def test_verify_needs_a_report_and_refuses_another_file(run: Run, tmp_path: Path) -> None:
    says(
        run("verify", env={"AISI_KG_REPORT": ""}), 1, "No report is named", "--report FILE", "AISI_KG_REPORT"
    )
    says(run("verify", "--report", str(tmp_path / "none.txt")), 1, "none.txt cannot be read")
    other = tmp_path / "other.txt"
    other.write_text("Some other report.")
    digest = hashlib.sha256(other.read_bytes()).hexdigest()
    for done in (run("verify", "--report", str(other)), run("verify", env={"AISI_KG_REPORT": str(other)})):
        says(done, 1, digest)


def test_verify_tells_of_the_report(run: Run, report_path: Path) -> None:
    done = run("verify", "--report", str(report_path), "--json")
    document: dict[str, Any] = json.loads(done.stdout)
    assert done.returncode == (0 if document["ok"] else 1)
    text = run("verify", "--section", "2.1", env={"AISI_KG_REPORT": str(report_path)})
    assert b"Coverage of the body text" in text.stdout
    says(run("verify", "--report", str(report_path), "--section", "99"), 1, "no section 99")


# Stored queries.


@pytest.fixture
def ask(run: Run, library_datasets: Path) -> Run:
    """Give what asks the dataset that has stored queries."""

    def command(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
        return run("query", *arguments, "--dataset", str(library_datasets), **options)

    return command


def test_the_stored_queries_are_listed(ask: Run, run: Run) -> None:
    lines = ask("--list").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == sorted(line.split()[0] for line in lines)
    assert "money          What money does an institute have  [institute=…]" in lines
    assert "facts          What does the graph of a claim hold  [claim=…]" in lines
    # A dataset may have none.
    assert run("query", "--list").stdout == b""


def test_a_stored_query_is_asked_by_its_name(ask: Run) -> None:
    done = ask("--name", "founded", "--format", "csv")
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 4
    arguments = ("--param", "since=2024-01-01", "--param", "until=2024-03-01", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(ask("--name", "founded", *arguments).stdout.decode())))
    assert [row["date"] for row in rows] == ["2024-02-14"]
    assert "since" not in rows[0]
    table = ask("--name", "money", "--param", "institute=entity:syldavia-aisi", "--format", "table").stdout
    assert b"entity:syldavia-aisi" in table
    assert b"(1 row)" in table
    turtle = ask("--name", "facts", "--param", "claim=claim:borduria-founded", "--format", "ntriples").stdout
    assert turtle.count(b"\n") == 1
    assert ask("--name", "any-founded", "--param", "day=2000-01-01", "--format", "table").stdout == b"false\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--name", "fonded"), ("There is no stored query fonded", "did you mean founded")),
        (("--name", "zzzzzz"), ("aisi-kg query --list",)),
        (("--name", "money", "--param", "institute=x"), ("cannot be 'x'", "entity:ruritania-aisi")),
        (("--name", "money", "--param", "nation=x"), ("no parameter 'nation'", "it has institute")),
        (("--name", "money", "--param", "institute=entity:x\x1b[31m"), ("'entity:x\\x1b[31m'",)),
        (("--name", "money", "-e", "ASK {}"), ("--name is given beside another query",)),
        (("--list", "--name", "money"), ("--list is given beside another query",)),
        (("--param", "a=b", "-e", "ASK {}"), ("no stored query; name one with --name",)),
        (("--name", "money", "--format", "turtle"), ("use --format json",)),
    ],
)
def test_what_a_stored_query_cannot_be_asked_is_explained(
    ask: Run, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    says(ask(*arguments), 1, *words)


def test_a_parameter_without_a_value_is_answered_with_the_usage(ask: Run) -> None:
    done = ask("--name", "money", "--param", "institute")
    assert done.returncode == 2
    assert b"write NAME=VALUE" in done.stderr
