"""The files for containers and for systemd name what there is: commands, settings, port, files."""

import fnmatch
import json
import re
import shlex
import subprocess
import sys
import threading
import tomllib
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from aisi_kg.cli import _parser
from aisi_kg.store.directory import DATASETS_VARIABLE
from aisi_kg.web.operation import router
from aisi_kg.web.settings import Settings

COMMAND = "aisi-kg"
DEFAULT = _parser().parse_args(["serve"])
VARIABLES = {*Settings.names(), DATASETS_VARIABLE, "XDG_RUNTIME_DIR"}

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def dockerfile(checkout: Path) -> list[Instruction]:
    """Give the instructions of the Dockerfile in order."""
    text = (checkout / "Dockerfile").read_text("utf-8").replace("\\\n", "")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def last(dockerfile: list[Instruction], name: str) -> str:
    return [rest for each, rest in dockerfile if each == name][-1]


@pytest.fixture(scope="module")
def unit(checkout: Path) -> list[tuple[str, str]]:
    """Give the settings of the unit in order."""
    lines = (checkout / "docs" / "deploy" / "aisi-kg.service").read_text("utf-8").splitlines()
    return [
        (name, value)
        for name, mark, value in (line.partition("=") for line in lines)
        if mark and name[0] != "#"
    ]


def values(unit: list[tuple[str, str]], name: str) -> list[str]:
    return [value for each, value in unit if each == name]


def environment(unit: list[tuple[str, str]]) -> dict[str, str]:
    return dict(value.split("=", 1) for value in values(unit, "Environment"))


def arguments(command: list[str]) -> object:
    """Read what follows the program as the program does."""
    assert Path(command[0]).name == COMMAND
    return _parser().parse_args(command[1:])


def test_the_command_is_that_of_the_package(checkout: Path) -> None:
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    assert list(project["scripts"]) == [COMMAND]


# The image


def test_what_the_image_copies_is_there_and_is_let_through(
    checkout: Path, dockerfile: list[Instruction]
) -> None:
    copied = set()
    for name, rest in dockerfile:
        if name == "COPY" and "--from=" not in rest:
            copied |= set(rest.split()[:-1])
    patterns = [
        line for line in (checkout / ".dockerignore").read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    assert patterns[0] == "*"
    assert {pattern[1:] for pattern in patterns if pattern.startswith("!")} == copied
    for name in copied:
        assert (checkout / name).exists()
    assert any(fnmatch.fnmatch("server/aisi_kg/__pycache__", pattern) for pattern in patterns[1:])


def test_the_image_has_what_the_wheel_is_made_of(checkout: Path, dockerfile: list[Instruction]) -> None:
    copied = {part for name, rest in dockerfile if name == "COPY" for part in rest.split()}
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]
    assert {Path(tree).parts[0] for tree in wheel} <= copied
    assert {project["project"]["readme"], "pyproject.toml", "constraints.txt"} <= copied
    assert {Path(pattern).parts[0] for pattern in project["project"]["license-files"]} <= copied


def test_the_python_of_the_image_is_one_that_is_supported(
    checkout: Path, dockerfile: list[Instruction]
) -> None:
    version = last(dockerfile, "ARG").removeprefix("PYTHON=")
    project = tomllib.loads((checkout / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"Programming Language :: Python :: {version}" in project["classifiers"]
    images = [rest.split()[0] for name, rest in dockerfile if name == "FROM"]
    assert set(images) == {"python:${PYTHON}-slim"}


def test_the_image_serves_at_the_usual_port(dockerfile: list[Instruction]) -> None:
    command = [*json.loads(last(dockerfile, "ENTRYPOINT")), *json.loads(last(dockerfile, "CMD"))]
    read = vars(arguments(command))
    assert read["port"] == DEFAULT.port == int(last(dockerfile, "EXPOSE"))
    assert read["host"] == "0.0.0.0"
    assert last(dockerfile, "USER") not in ("", "0", "root")


def test_the_image_builds_the_dataset_where_it_looks_for_it(dockerfile: list[Instruction]) -> None:
    set_to = dict(re.findall(r'(\w+)="?([^"\s]+)', last(dockerfile, "ENV")))
    assert {name for name in set_to if name.startswith("AISI_KG_")} <= VARIABLES
    home = set_to[DATASETS_VARIABLE]
    build = [rest for name, rest in dockerfile if name == "RUN" and rest.endswith("aisi-kg build")]
    assert len(build) == 1
    assert shlex.split(build[0])[0] == f"{DATASETS_VARIABLE}={home}"
    arguments(shlex.split(build[0])[1:])
    assert f"--from=build {home} {home}" in [rest for name, rest in dockerfile if name == "COPY"]
    made = [rest for name, rest in dockerfile if name == "RUN" and rest.startswith("install -d")]
    assert made[0].split()[-1] == set_to["XDG_RUNTIME_DIR"]


class Health(BaseHTTPRequestHandler):
    status = 200

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/healthz" else 404)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name of the library
        """Say nothing."""


class Sick(Health):
    status = 503


@pytest.fixture
def health_port(request: pytest.FixtureRequest) -> Iterator[int]:
    with HTTPServer(("127.0.0.1", 0), request.param) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.mark.parametrize(("health_port", "status"), [(Health, 0), (Sick, 1)], indirect=["health_port"])
def test_the_check_of_health_tells_who_is_well(
    dockerfile: list[Instruction], health_port: int, status: int
) -> None:
    assert "/healthz" in {route.path for route in router.routes if hasattr(route, "path")}
    command = json.loads(last(dockerfile, "HEALTHCHECK").partition("CMD ")[2])
    assert command[0].startswith("/opt/aisi-kg/")
    code = command[2].replace(str(DEFAULT.port), str(health_port))
    assert code != command[2]
    done = subprocess.run([sys.executable, *command[1:2], code], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stderr) == (status, b"")


# The unit


def test_the_unit_serves_at_the_usual_address(unit: list[tuple[str, str]]) -> None:
    read = vars(arguments(values(unit, "ExecStart")[0].split()))
    assert (read["host"], read["port"]) == (DEFAULT.host, DEFAULT.port)
    assert values(unit, "SocketBindAllow") == [f"tcp:{DEFAULT.port}"]
    assert values(unit, "ExecReload") == ["kill -HUP $MAINPID"]


def test_the_unit_sets_what_can_be_set(unit: list[tuple[str, str]]) -> None:
    assert set(environment(unit)) <= VARIABLES
    Settings.from_environment(environment(unit))
    assert environment(unit)["XDG_RUNTIME_DIR"] == f"/run/{values(unit, 'RuntimeDirectory')[0]}"


def test_the_unit_allows_what_its_settings_need(unit: list[tuple[str, str]]) -> None:
    settings = Settings.from_environment(environment(unit))
    memory = int(values(unit, "MemoryMax")[0].removesuffix("G")) << 30
    # Half is for the datasets, the cache and the stacks.
    assert settings.query_slots * settings.query_memory_bytes + settings.cache_bytes <= memory / 2 + (
        64 << 20
    )
    assert values(unit, "OOMPolicy") == ["continue"]
    # While a dataset is replaced there are two of all. A web process has threads for files, a worker one.
    tasks = 1 + 2 * (1 + settings.web_processes * (1 + 40) + settings.query_slots * 2)
    assert tasks <= int(values(unit, "TasksMax")[0])
    connections = -(-settings.max_connections // settings.web_processes)
    assert connections + settings.query_slots + 64 <= int(values(unit, "LimitNOFILE")[0])


def test_the_unit_stops_after_the_server_would(unit: list[tuple[str, str]]) -> None:
    from aisi_kg.web.supervisor import _KILLED_AFTER_S, _STOP_GRACE_S

    assert int(values(unit, "TimeoutStopSec")[0]) > _STOP_GRACE_S + _KILLED_AFTER_S


@pytest.mark.parametrize(
    "line",
    [
        "DynamicUser=yes",
        "MemoryDenyWriteExecute=yes",
        "NoNewPrivileges=yes",
        "PrivateTmp=yes",
        "ProtectSystem=strict",
        "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
        "SystemCallFilter=@system-service",
        "IPAddressDeny=any",
    ],
)
def test_the_unit_bounds_the_server(unit: list[tuple[str, str]], line: str) -> None:
    assert tuple(line.split("=", 1)) in unit


def test_the_unit_leaves_the_server_what_it_bounds_its_workers_with(unit: list[tuple[str, str]]) -> None:
    # Without setpriority and setrlimit (@resources) and prctl (@process) a worker is not confined.
    denied = {
        group for value in values(unit, "SystemCallFilter") if value[0] == "~" for group in value[1:].split()
    }
    assert denied.isdisjoint({"@resources", "@process", "@signal", "@network-io"})
    assert not values(unit, "ReadWritePaths")
