"""The counters that processes share."""

import re
import subprocess
import sys

from aisi_kg.web.metrics import MetricsBoard

LINE = re.compile(r"(# (HELP|TYPE) )?aisi_kg_[a-z0-9_]+(\{[^}]*\})? \S.*")


def test_rows_are_added_up() -> None:
    board = MetricsBoard(3)
    rows = [board.row(number) for number in range(3)]
    for number, row in enumerate(rows):
        row.add("requests")
        row.add("rows", 10 * number)
        row.set("workers", number)
    rows[2].set("workers", 5)
    assert (board.total("requests"), board.total("rows"), board.total("workers")) == (3, 30, 6)
    assert board.total("crashes") == 0


def test_large_numbers_fit() -> None:
    board = MetricsBoard(1)
    board.row(0).add("rows", 2**62)
    assert board.total("rows") == 2**62


# In a program of its own: one that has threads, as the tests may, is not to be forked.
SHARING = """
import os
from aisi_kg.web.metrics import MetricsBoard

board = MetricsBoard(2)
pid = os.fork()
if pid == 0:
    board.row(1).add("requests", 7)
    os._exit(0)
os.waitpid(pid, 0)
board.row(0).add("requests")
print(board.total("requests"))
"""


def test_processes_share_them() -> None:
    done = subprocess.run([sys.executable, "-c", SHARING], stdout=subprocess.PIPE, timeout=60, check=True)
    assert done.stdout == b"8\n"


def test_the_text_is_what_prometheus_reads() -> None:
    board = MetricsBoard(1)
    board.row(0).add("queries", 3)
    text = board.text([("aisi_kg_info", "What runs.", '{version="1"}', 1)])
    assert text.endswith("\n")
    lines = text.splitlines()
    assert all(LINE.fullmatch(line) for line in lines)
    assert "aisi_kg_queries_total 3" in lines
    assert 'aisi_kg_info{version="1"} 1' in lines
    names = [line.split()[0].partition("{")[0] for line in lines if not line.startswith("#")]
    assert len(names) == len(set(names))
    for name in names:
        (kind,) = (line.split()[3] for line in lines if line.startswith(f"# TYPE {name} "))
        # As the convention has it: counters end so, and nothing else does.
        assert (kind == "counter") == name.endswith("_total")
        assert sum(line.startswith(f"# HELP {name} ") for line in lines) == 1
