"""``aisi-kg format``: bring curated files into the canonical style."""

import argparse
import sys
from pathlib import Path

from aisi_kg.cli.terminal import show_findings, tell

__all__ = ["add", "run"]


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "format",
        help="write Turtle and TriG files in the canonical style",
        description="Write Turtle and TriG files in the canonical style: all curated files, or those named.",
    )
    parser.add_argument("--check", action="store_true", help="only name the files that are not in the style")
    parser.add_argument("files", metavar="FILE", nargs="*", type=Path, help="files and directories")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Format.

    :param arguments: the command's arguments.
    :returns: 0 where all files are in the style now, else 1.
    :raises InputError: if the project or its prefixes cannot be read.
    """
    from aisi_kg.cli.format import format_files
    from aisi_kg.project import find_project

    result = format_files(find_project(), arguments.files, arguments.check)
    for name in result.changed:
        print(
            f"{name}: not in the canonical style; run: aisi-kg format"
            if arguments.check
            else f"{name}: formatted"
        )
    show_findings(result.findings, sys.stderr)
    number = len(result.changed) + len(result.unchanged) + len(result.findings)
    if result.findings:
        tell(f"{len(result.findings)} of {number} files cannot be formatted; they are as they were.")
    return 1 if result.findings or (arguments.check and result.changed) else 0
