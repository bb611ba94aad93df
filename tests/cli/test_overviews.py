"""The commands that show tables, explain and cite, in processes of their own."""

import csv
import io
import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pyoxigraph import Quad

Run = Callable[..., subprocess.CompletedProcess[bytes]]
Write = Callable[[Path, list[Quad]], Path]

CLAIM = "https://w3id.org/aisi-kg/claim/concordia-2024/"


@pytest.fixture(scope="module")
def home(overview_quads: list[Quad], dataset_writer: Write, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the dataset of tests/overviews/ as a built dataset."""
    return dataset_writer(tmp_path_factory.mktemp("datasets"), overview_quads)


def shown(run: Run, home: Path, *arguments: str) -> str:
    done = run(*arguments, "--dataset", str(home))
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def refused(run: Run, home: Path, status: int, *arguments: str) -> str:
    done = run(*arguments, "--dataset", str(home))
    assert done.returncode == status
    assert done.stdout == b""
    message = done.stderr.decode()
    assert message.count("\n") == 1 or message.startswith("usage:")
    assert "Traceback" not in message
    return message


def test_a_table_in_each_format(run: Run, home: Path) -> None:
    text = shown(run, home, "table", "3.1")
    assert "    Initial money of the institute: more than GBP 1.5 billion [claim:r-money]\n" in text
    rows = list(csv.reader(io.StringIO(shown(run, home, "table", "3.1", "--format", "csv")[1:])))
    assert len(rows) == 3
    data = json.loads(shown(run, home, "table", "3.1", "--format", "json", "--language", "zh"))
    assert (data["name"], data["language"]) == ("3.1", "zh")
    assert shown(run, home, "table", "3.1", "--format", "markdown").startswith("# Table 3.1")
    # A file has no server at its side.
    page = shown(run, home, "table", "3.1", "--format", "html")
    assert f'href="{CLAIM}r-money"' in page
    assert 'href="/' not in page


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("timeline",), "November 2023"),
        (("timeline", "--language", "zh"), "2023年11月"),
        (("matrix", "cooperation"), "memorandum (3, fact) [claim:r-s-memorandum]"),
        (("matrix", "access", "--language", "zh"), "部署前（已授予） [claim:r-access]"),
        (("explain", "entity:ruritania-aisi a aisi:Thing"), "axiom aisi:Body rdfs:subClassOf aisi:Thing"),
        (("explain", "entity:ruritania-aisi", "a", "aisi:Thing", "--language", "zh"), "推理所得"),
        (("cite", "claim:r-money", "--accessed", "2026-11-26", "--style", "gbt7714"), "[2026-11-26]"),
        (("cite", f"{CLAIM}r-money"), "Publisher & Ruritania. (2023, April 24)."),
    ],
)
def test_a_command_shows_what_it_is_for(run: Run, home: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in shown(run, home, *arguments)


def test_an_explanation_as_json(run: Run, home: Path) -> None:
    told = json.loads(
        shown(run, home, "explain", "--format", "json", "entity:r-s a aisi:BilateralMemorandum")
    )
    assert told["because"]["rule"]["name"] == "definition"


def test_what_nobody_states_ends_with_a_status(run: Run, home: Path) -> None:
    done = run("explain", "entity:r-set-up aisi:date 1", "--dataset", str(home))
    assert (done.returncode, done.stderr) == (1, b"")
    assert b'entity:r-set-up aisi:date "2023-11"^^xsd:gYearMonth [claim:r-set-up' in done.stdout


def test_what_is_wrong_is_told(run: Run, home: Path) -> None:
    assert "3.3" in refused(run, home, 2, "table", "3.3")
    assert "is no Turtle" in refused(run, home, 1, "explain", "entity:acme a")
    assert "No triple is given" in refused(run, home, 1, "explain", " ")
    assert "did you mean claim:r-money" in refused(run, home, 1, "cite", "claim:r-mony")
    assert "The dataset has no claim" in refused(run, home, 1, "cite", "entity:acme")
    assert "is no day" in refused(run, home, 1, "cite", "claim:r-money", "--accessed", "yesterday")
    assert "mla" in refused(run, home, 2, "cite", "claim:r-money", "--style", "mla")


def test_a_dataset_without_queries_is_told(run: Run, datasets: Path) -> None:
    assert "no stored query table-3-1" in refused(run, datasets, 1, "table", "3.1")
