"""The scripts of set-up with stand-ins for Python, so that each machine they may meet can be met here."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

INPUTS = ("pyproject.toml", "constraints.txt", "scripts/set-up.sh", "server/aisi_kg/__init__.py")

#: Answers what the script asks a Python of some version; makes a .venv whose Python logs what it is told.
STAND_IN = """#!/bin/sh
case "$*" in
*'print('*) echo {version} ;;
*'< (3, 11)'*) [ {minor} -ge 11 ] ;;
*'import ensurepip'*) {venv} ;;
'-m venv .venv')
	echo "$0 $*" >>log
	mkdir -p .venv/bin
	cp pip-stand-in .venv/bin/python
	;;
esac
"""
PIP_STAND_IN = """#!/bin/sh
[ "$1" = -c ] && exit 0
echo "$*" >>log
[ ! -e no-index ]
"""
FRONT_END = "scripts/front-end"
#: Has npm bring what scripts/front-end/files.txt names, each file with its own name in it.
NPM_STAND_IN = """#!/bin/sh
echo npm >>../../log
[ ! -e ../../no-index ] || exit 1
grep -v '^#' ../../scripts/front-end/files.txt | while read -r file; do
	mkdir -p "node_modules/$(dirname "$file")"
	echo "$file" >"node_modules/$file"
done
mkdir -p node_modules/axe-core
echo axe >node_modules/axe-core/axe.min.js
"""


@dataclass(frozen=True)
class Machine:
    """A checkout with a PATH that holds a few tools and the stand-ins."""

    root: Path
    tools: Path

    def add_python(self, name: str, version: str, *, venv: bool = True) -> None:
        text = STAND_IN.format(version=version, minor=version.split(".")[1], venv="true" if venv else "false")
        (self.tools / name).write_text(text, "utf-8")
        (self.tools / name).chmod(0o755)

    def set_up(self, **variables: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [shutil.which("sh") or "sh", str(self.root / "scripts" / "set-up.sh")],
            cwd=self.root.parent,
            env={"PATH": str(self.tools), **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def log(self) -> list[str]:
        log = self.root / "log"
        lines = log.read_text("utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return lines


@pytest.fixture
def machine(checkout: Path, tmp_path: Path) -> Machine:
    root, tools = tmp_path / "a checkout 3 times", tmp_path / "bin"
    for name in INPUTS:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(checkout / name, root / name)
    (root / "pip-stand-in").write_text(PIP_STAND_IN, "utf-8")
    (root / "pip-stand-in").chmod(0o755)
    (root / "scripts" / "front-end.sh").write_text("echo front end >>log\n", "utf-8")
    tools.mkdir()
    for tool in ("cat", "cksum", "cp", "dirname", "grep", "mkdir", "rm", "sh"):
        found = shutil.which(tool)
        assert found is not None
        (tools / tool).symlink_to(found)
    return Machine(root, tools)


def made_with(machine: Machine) -> str:
    """Set up and tell which interpreter made the environment."""
    done = machine.set_up()
    assert done.returncode == 0, done.stderr
    return Path(machine.log()[0].partition(" -m ")[0]).name


def test_the_first_python_that_is_new_enough_is_taken(machine: Machine) -> None:
    machine.add_python("python3", "3.9")
    machine.add_python("python3.12", "3.12")
    machine.add_python("python3.11", "3.11")
    assert made_with(machine) == "python3.12"


def test_a_python_without_venv_is_passed_over(machine: Machine) -> None:
    machine.add_python("python3", "3.12", venv=False)
    machine.add_python("python", "3.11")
    assert made_with(machine) == "python"


def test_a_name_that_does_not_run_is_passed_over(machine: Machine) -> None:
    (machine.tools / "python3").write_text("#!/bin/sh\nexit 127\n", "utf-8")
    (machine.tools / "python3").chmod(0o755)
    machine.add_python("python3.13", "3.13")
    assert made_with(machine) == "python3.13"


def test_a_python_that_is_named_is_taken(machine: Machine, tmp_path: Path) -> None:
    machine.add_python("python3", "3.12")
    machine.add_python("other python", "3.11")
    done = machine.set_up(PYTHON=str(machine.tools / "other python"))
    assert done.returncode == 0, done.stderr
    assert machine.log()[0].startswith(str(machine.tools / "other python"))


def test_no_python_at_all(machine: Machine) -> None:
    done = machine.set_up()
    assert done.returncode == 1
    assert done.stderr.startswith(
        "Python 3.11 or later is needed and was not found (looked for: python3 python3.13"
    )
    assert not (machine.root / ".venv").exists()


def test_an_old_python_alone(machine: Machine) -> None:
    machine.add_python("python3", "3.10")
    done = machine.set_up()
    assert done.returncode == 1
    assert "python3 is 3.10); install it, or name it with make setup PYTHON=" in done.stderr


def test_a_python_without_venv_alone(machine: Machine) -> None:
    machine.add_python("python3", "3.11", venv=False)
    done = machine.set_up()
    assert done.returncode == 1
    assert "python3 is Python 3.11 but lacks the modules venv and ensurepip" in done.stderr
    assert "apt install python3.11-venv" in done.stderr


def test_a_second_run_does_nothing(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    assert machine.set_up().returncode == 0
    assert len(machine.log()) == 5
    done = machine.set_up()
    assert (done.returncode, done.stdout, machine.log()) == (0, "", ["front end"])


def test_everything_is_installed_at_the_pinned_versions(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    assert machine.set_up().returncode == 0
    installs = [line for line in machine.log() if line.startswith("-m pip install")]
    assert len(installs) == 2
    assert all("--constraint constraints.txt" in line for line in installs)


@pytest.mark.parametrize("name", INPUTS)
def test_changed_requirements_bring_the_environment_up_to_date(machine: Machine, name: str) -> None:
    machine.add_python("python3", "3.12")
    assert machine.set_up().returncode == 0
    machine.log()
    with (machine.root / name).open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert machine.set_up().returncode == 0
    *lines, last = machine.log()
    assert [line.split()[2] for line in lines] == ["install", "install", "check"]
    assert last == "front end"
    assert machine.set_up().returncode == 0
    assert machine.log() == ["front end"]


def test_an_environment_that_was_moved_is_made_anew(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    assert machine.set_up().returncode == 0
    moved = Machine(machine.root.rename(machine.root.with_name("elsewhere")), machine.tools)
    moved.log()
    assert made_with(moved) == "python3"


def test_without_an_index_the_next_run_tries_again(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    (machine.root / "no-index").touch()
    done = machine.set_up()
    assert done.returncode == 1
    assert "The packages could not be installed" in done.stderr
    (machine.root / "no-index").unlink()
    machine.log()
    assert made_with(machine) == "python3"
    assert machine.set_up().stdout == ""


def test_an_environment_made_by_hand_is_left_alone(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    (machine.root / ".venv").mkdir()
    done = machine.set_up()
    assert done.returncode == 1
    assert f"{machine.root}/.venv exists and was not made by this script" in done.stderr
    assert list((machine.root / ".venv").iterdir()) == []


def test_what_lies_on_the_python_path_is_not_taken_for_installed(machine: Machine) -> None:
    machine.add_python("python3", "3.12")
    (machine.root / "pip-stand-in").write_text('#!/bin/sh\necho "path=$PYTHONPATH" >>log\n', "utf-8")
    assert machine.set_up(PYTHONPATH="/somewhere").returncode == 0
    assert "path=" in machine.log()


@pytest.fixture
def front_end(machine: Machine, checkout: Path) -> Machine:
    """Give a checkout that is set up but for what the pages load."""
    shutil.copytree(checkout / FRONT_END, machine.root / FRONT_END)
    shutil.copyfile(checkout / f"{FRONT_END}.sh", machine.root / f"{FRONT_END}.sh")
    python = machine.root / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(NPM_STAND_IN, "utf-8")
    python.chmod(0o755)
    return machine


def fetch(machine: Machine) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", str(machine.root / f"{FRONT_END}.sh")],
        env={"PATH": str(machine.tools)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_what_the_pages_load_is_fetched_once(front_end: Machine) -> None:
    assert fetch(front_end).returncode == 0
    listed = (front_end.root / FRONT_END / "files.txt").read_text("utf-8").splitlines()
    vendor = front_end.root / "server" / "aisi_kg" / "web" / "static" / "vendor"
    found = {path.relative_to(vendor).as_posix() for path in vendor.rglob("*") if path.is_file()}
    assert found == {line for line in listed if not line.startswith("#")}
    assert not (front_end.root / ".venv" / "front-end" / "node_modules").exists()
    assert front_end.log() == ["npm"]
    again = fetch(front_end)
    assert (again.returncode, again.stdout, front_end.log()) == (0, "", [])
    shutil.rmtree(vendor)
    assert fetch(front_end).returncode == 0
    assert front_end.log() == ["npm"]


def test_what_cannot_be_fetched_is_tried_again(front_end: Machine) -> None:
    (front_end.root / "no-index").touch()
    done = fetch(front_end)
    assert done.returncode == 1
    assert "check that an npm registry can be reached" in done.stderr
    (front_end.root / "no-index").unlink()
    assert fetch(front_end).returncode == 0
