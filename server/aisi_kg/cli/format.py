"""Bring curated files into the canonical style."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from aisi_kg.cli.replacing import replace_text
from aisi_kg.errors import AisiKgError, RdfSyntaxError
from aisi_kg.graph.files import curated_paths, read_text
from aisi_kg.graph.findings import Finding, Severity, in_order
from aisi_kg.graph.prefixes import Prefixes, load_prefixes
from aisi_kg.graph.sssom import format_sssom, read_sssom
from aisi_kg.graph.style import format_trig, format_turtle
from aisi_kg.project import Project

__all__ = ["Formatted", "format_files"]


def _format_mappings(text: str, _prefixes: Prefixes) -> str:
    """Write a text in SSSOM/TSV in its canonical form."""
    _, faults = read_sssom(text)
    fault = next((fault for fault in faults if fault.rule == "syntax"), None)
    if fault is not None:
        raise RdfSyntaxError(fault.message, fault.line, 1)
    return format_sssom(text)


_FORMATS = {".ttl": format_turtle, ".trig": format_trig, ".sssom.tsv": _format_mappings}


@dataclass(frozen=True)
class Formatted:
    """Tell what formatting did.

    :param changed: the files that were written or, in a check, would be.
    :param unchanged: the files that were in the style already.
    :param findings: why the others could not be formatted; they are as they were.
    """

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]
    findings: tuple[Finding, ...]


def format_files(project: Project, paths: Sequence[Path], check: bool) -> Formatted:
    """Write files in the canonical style; those that are in it, or cannot be, stay untouched.

    :param project: the project, whose prefixes are used.
    :param paths: Turtle, TriG and SSSOM/TSV files, and directories of them; all curated files where empty.
    :param check: only tell what would be written.
    :returns: what was done, for each file.
    :raises InputError: if the project's prefixes cannot be read.
    """
    prefixes = load_prefixes(project)
    changed: list[str] = []
    unchanged: list[str] = []
    findings: list[Finding] = []
    for path in _files(paths) if paths else curated_paths(project):
        name = project.relative(path)
        result = _format_file(path, name, prefixes, check)
        if isinstance(result, Finding):
            findings.append(result)
        else:
            (changed if result else unchanged).append(name)
    return Formatted(tuple(changed), tuple(unchanged), tuple(in_order(findings)))


def _files(paths: Iterable[Path]) -> list[Path]:
    files: dict[Path, None] = {}
    for path in (path.absolute() for path in paths):
        inside = sorted(p for p in path.rglob("*") if _ending(p) in _FORMATS) if path.is_dir() else [path]
        files.update(dict.fromkeys(inside))
    return list(files)


def _ending(path: Path) -> str:
    return ".sssom.tsv" if path.name.endswith(".sssom.tsv") else path.suffix


def _format_file(path: Path, name: str, prefixes: Prefixes, check: bool) -> bool | Finding:
    """Format one file; tell whether that changes it, or why it cannot be formatted."""
    write = _FORMATS.get(_ending(path))
    if write is None:
        message = "only .ttl, .trig and .sssom.tsv files have a style; leave this one out."
        return Finding(Severity.ERROR, "format", message, file=name)
    text, findings = read_text(path, name)
    if text is None:
        return findings[0]
    try:
        formatted = write(text, prefixes)
        # A byte order mark is gone from the text, and goes from the file.
        if formatted == text and not findings:
            return False
        if not check:
            replace_text(path, formatted)
    except RdfSyntaxError as error:
        return Finding(
            Severity.ERROR, "syntax", error.detail, file=name, line=error.line, column=error.column
        )
    except AisiKgError as error:
        return Finding(Severity.ERROR, "format", str(error), file=name)
    except OSError as error:
        message = f"the file cannot be written ({error.strerror}) and is as it was; make room or give access."
        return Finding(Severity.ERROR, "unwritable", message, file=name)
    return True
