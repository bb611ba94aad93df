"""The sample of claims for a human reader."""

import subprocess
import sys
from pathlib import Path


def draw(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(checkout / "tests" / "sample_claims.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


def passages(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.startswith("[")]


def test_a_sample_shows_passages_before_what_is_made_of_them(checkout: Path) -> None:
    drawn = draw(checkout, "--number", "2", "--seed", "1", "--section", "3.1")
    assert drawn.returncode == 0, drawn.stderr
    assert drawn.stdout.startswith("2 of ")
    first = drawn.stdout.split("=" * 70)[1]
    assert first.index("[3.1, page 10, ") < first.index("claim:3.1-") < first.index("entity:")
    assert draw(checkout, "--number", "2", "--seed", "1", "--section", "3.1").stdout == drawn.stdout


def test_with_the_report_the_passages_are_whole(checkout: Path, report_path: Path) -> None:
    anchors = passages(draw(checkout, "--number", "40", "--seed", "2", "--report", "").stdout)
    whole = passages(draw(checkout, "--number", "40", "--seed", "2", "--report", str(report_path)).stdout)
    assert all(line.endswith(" …") for line in anchors)
    assert len(whole) == len(anchors)
    for short, full in zip(anchors, whole, strict=True):
        assert full.startswith(short.removesuffix(" …"))
    assert any(len(full) > len(short) for short, full in zip(anchors, whole, strict=True))


def test_a_section_without_claims_is_told(checkout: Path) -> None:
    drawn = draw(checkout, "--section", "9.9")
    assert drawn.returncode == 1
    assert "9.9" in drawn.stderr
