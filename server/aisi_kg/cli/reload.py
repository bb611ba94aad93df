"""``aisi-kg reload``: have the running server take the current dataset."""

import argparse

__all__ = ["add", "run"]

_DEFAULT_PORT = 8000


def add(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Declare the command.

    :param commands: the commands.
    """
    parser = commands.add_parser(
        "reload",
        help="have the running server take the current dataset",
        description="Have the server that you started on this machine take the dataset that was built last, "
        "and wait until it does. No request is lost. Where the dataset cannot be served, the server goes on "
        "with the one it has.",
    )
    parser.add_argument(
        "--port",
        metavar="N",
        type=_port,
        default=_DEFAULT_PORT,
        help="port that the server listens on (default: %(default)s)",
    )
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError(f"{text} is no port; give a number from 1 to 65535")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Reload.

    :param arguments: the command's arguments.
    :returns: 0.
    :raises InputError: if no server of this user runs on the port.
    :raises DatasetError: if the server does not take the dataset.
    """
    from aisi_kg.web.supervisor import reload_server

    print(f"Serving dataset {reload_server(arguments.port)} now.")
    return 0
