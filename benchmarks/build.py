"""Measure a build: seconds by stage, the share of each in the whole, and peak memory.

Run it with the project's environment, on a machine that does nothing else::

    .venv/bin/python benchmarks/build.py [--runs 3]

Each run builds the whole dataset anew into a directory that is removed afterwards. The figures are printed
and nothing is asserted: machines differ, the shares of one run do not.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

STAGE = re.compile(r"^(?P<stage>[a-zA-Z ]+?)\s+(?P<seconds>\d+\.\d) s$")


def build(directory: str) -> tuple[float, dict[str, float]]:
    """Build once.

    :param directory: an empty directory for the dataset.
    :returns: wall-clock seconds of the process, and of each stage that it reports.
    :raises SystemExit: if the build fails; its messages are printed.
    """
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "aisi_kg", "build", "--force"],
        env=os.environ | {"AISI_KG_DATASETS": directory},
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - begun
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    found = (STAGE.match(line) for line in done.stderr.splitlines())
    return seconds, {match["stage"]: float(match["seconds"]) for match in found if match}


def main() -> None:
    """Print the figures of some runs."""
    parser = argparse.ArgumentParser(description="Measure a build.")
    parser.add_argument("--runs", type=int, default=3, help="how often to build (default: 3)")
    for run in range(parser.parse_args().runs):
        with tempfile.TemporaryDirectory() as directory:
            seconds, stages = build(directory)
        print(f"run {run + 1}: {seconds:.1f} s")
        for stage, part in stages.items():
            print(f"  {stage:<22} {part:>6.1f} s {part / seconds:>6.0%}")
    # The largest process of all runs; on Linux in KiB.
    print(
        f"peak memory of one process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB"
    )


if __name__ == "__main__":
    main()
