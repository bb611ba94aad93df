"""The command ``aisi-kg``.

Each command is a module with ``add`` (its arguments) and ``run`` (what it does, giving the exit status). A
command raises what goes wrong; the sentences for the user are all written here.
"""

import argparse
import errno
import os
import sys
from collections.abc import Mapping, Sequence

from aisi_kg import __version__
from aisi_kg.cli import (
    build,
    check,
    cite,
    explain,
    export,
    formatting,
    link,
    matrix,
    query,
    reload,
    serve,
    table,
    timeline,
    verify,
)
from aisi_kg.cli.terminal import INTERRUPTED, tell
from aisi_kg.errors import AisiKgError

__all__ = ["DEBUG_VARIABLE", "main"]

#: Environment variable that has the traceback of a fault of the program shown.
DEBUG_VARIABLE = "AISI_KG_DEBUG"

_COMMANDS = (
    build,
    check,
    verify,
    export,
    query,
    table,
    timeline,
    matrix,
    explain,
    cite,
    serve,
    reload,
    link,
    formatting,
)
# As shells and sysexits.h have them: 128 and the signal's number; internal software error.
_INTERRUPTED, _BROKEN_PIPE, _FAULT = 130, 141, 70
_ADVICE: Mapping[int, str] = {
    errno.ENOSPC: "make room on the disk and try again",
    errno.EACCES: "ask for access, or name another place",
    errno.EPERM: "ask for access, or name another place",
    errno.EROFS: "name a place that can be written",
    errno.EMFILE: "close other programs or raise the limit (ulimit -n)",
    errno.ENOENT: "check the name",
    errno.EISDIR: "name a file",
    errno.ENOTDIR: "check the path",
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command.

    :param argv: the arguments; those of the process where not given.
    :returns: the exit status: 0 where all went well.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that has no Chinese shows question marks rather than a traceback.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    status = _run(argv)
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        status = _leave_pipe()
    except OSError as error:
        tell(_sentence(error))
        status = _leave_pipe(1)
    return status


def _run(argv: Sequence[str] | None) -> int:
    try:
        arguments = _parser().parse_args(argv)
        status: int = arguments.run(arguments)
        return status
    except AisiKgError as error:
        tell(str(error))
        return error.exit_status
    except KeyboardInterrupt:
        tell(INTERRUPTED)
        return _INTERRUPTED
    except BrokenPipeError:
        return _leave_pipe()
    except OSError as error:
        tell(_sentence(error))
        return 1
    except MemoryError:
        tell("There is not enough memory; close other programs, or ask for less.")
        return 1
    except Exception as error:
        if os.environ.get(DEBUG_VARIABLE):
            raise
        tell(
            f"This is a fault of the program ({type(error).__name__}: {error}); please report it, with the "
            f"command and what it shows with {DEBUG_VARIABLE}=1."
        )
        return _FAULT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="aisi-kg", description="Build, check and serve the knowledge graph of AI safety institutes."
    )
    parser.add_argument("--version", action="version", version=f"aisi-kg {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in _COMMANDS:
        command.add(commands)
    return parser


def _sentence(error: OSError) -> str:
    """Say what the system refused, about which file, and what to do."""
    about = f"{error.filename}: " if error.filename is not None else ""
    reason = error.strerror or str(error) or type(error).__name__
    advice = _ADVICE.get(error.errno or 0)
    return f"{about}{reason}{'; ' + advice if advice else ''}."


def _leave_pipe(status: int = _BROKEN_PIPE) -> int:
    """Give up standard output, so that the interpreter does not try to write the rest when it ends."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
    return status
