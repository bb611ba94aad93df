"""``aisi-kg verify``: hold the claims against a copy of the report."""

import argparse
import os
import sys
from pathlib import Path

from aisi_kg.cli.terminal import show_findings, summary, tell
from aisi_kg.errors import InputError

__all__ = ["REPORT_VARIABLE", "add", "run"]

#: Environment variable that names the report's text.
REPORT_VARIABLE = "AISI_KG_REPORT"


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "verify",
        help="hold the claims against a copy of the report",
        description="Hold every claim's passages and footnotes against a copy of the report, and list the "
        "stretches of text that no claim covers.",
    )
    parser.add_argument(
        "--report", metavar="FILE", type=Path, help=f"the report's text (default: {REPORT_VARIABLE})"
    )
    parser.add_argument(
        "--section",
        metavar="N",
        action="append",
        help="tell of this section only, such as 2.1 (may be given more than once)",
    )
    parser.add_argument("--json", action="store_true", help="write the outcome as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Verify.

    :param arguments: the command's arguments.
    :returns: 0 where the claims agree with the report, else 1.
    :raises InputError: if no report is named, or it cannot be read.
    :raises ReportMismatch: if it is not the report that the claims were read from.
    """
    from aisi_kg.graph.files import read_files
    from aisi_kg.graph.findings import has_errors
    from aisi_kg.graph.verify import verify
    from aisi_kg.project import find_project
    from aisi_kg.text.report import read_report

    path = arguments.report
    if path is None:
        named = os.environ.get(REPORT_VARIABLE)
        if not named:
            raise InputError(f"No report is named; give --report FILE, or set {REPORT_VARIABLE} to the file.")
        path = Path(named)
    files = read_files(find_project())
    if has_errors(files.findings):
        show_findings(files.findings, sys.stderr)
        tell(f"The curated files cannot be verified before they can be read ({summary(files.findings)}).")
        return 1
    verification = verify(files.quads(), read_report(path))
    if arguments.section:
        verification = verification.only(arguments.section)
    print((verification.as_json() if arguments.json else verification.as_text()).rstrip("\n"))
    return verification.exit_status
