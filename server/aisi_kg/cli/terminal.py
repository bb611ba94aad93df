"""Speak to the user: sentences, progress and findings go to standard error, results to standard output."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NoReturn, TextIO

from aisi_kg.graph.findings import Finding, Severity

__all__ = [
    "INTERRUPTED",
    "add_dataset",
    "add_language",
    "add_layout",
    "leave",
    "show_findings",
    "summary",
    "tell",
]

INTERRUPTED = "Interrupted."


def tell(sentence: str) -> None:
    """Tell the user something beside the result.

    :param sentence: what to tell.
    """
    try:
        print(f"aisi-kg: {sentence}", file=sys.stderr, flush=True)
    except OSError:
        # Nobody listens, and there is no other place to say so.
        return


def leave(status: int) -> NoReturn:
    """End the process at once, though a query is under way that cannot be interrupted.

    :param status: the exit status.
    """
    # Standard output is not flushed: the thread that is left behind may hold it.
    os._exit(status)


def add_dataset(parser: argparse.ArgumentParser) -> None:
    """Add the option that names the datasets' directory.

    :param parser: the parser of a command.
    """
    parser.add_argument(
        "--dataset",
        metavar="DIR",
        type=Path,
        help="directory of the built datasets (default: AISI_KG_DATASETS, else build/ in a checkout)",
    )


def add_language(parser: argparse.ArgumentParser, usual: str | None = "en") -> None:
    """Add the option that names the language of what is shown.

    :param parser: the parser of a command.
    :param usual: the language where none is named; None where that depends.
    """
    parser.add_argument(
        "--language",
        choices=("en", "zh"),
        default=usual,
        help=f"English or Chinese (default: {usual or 'that of the style'})",
    )


def add_layout(parser: argparse.ArgumentParser) -> None:
    """Add the options that say how a table is written.

    :param parser: the parser of a command.
    """
    add_language(parser)
    parser.add_argument(
        "--format",
        choices=("text", "csv", "json", "markdown", "html"),
        default="text",
        help="how the table is written (default: text)",
    )


def show_findings(findings: Iterable[Finding], file: TextIO) -> None:
    """Write findings, one a line.

    :param findings: the findings.
    :param file: where to.
    """
    for finding in findings:
        print(finding.text(), file=file)


def summary(findings: Iterable[Finding]) -> str:
    """Count findings.

    :param findings: the findings.
    :returns: such as ``2 errors, 1 warning``.
    """
    severities = [finding.severity for finding in findings]
    return ", ".join(
        f"{number} {severity}{'' if number == 1 else 's'}"
        for severity in (Severity.ERROR, Severity.WARNING)
        for number in [severities.count(severity)]
    )
