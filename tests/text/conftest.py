from __future__ import annotations

from pathlib import Path

import pytest

from aisi_kg.text import Report, read_report

MINI_REPORT = Path(__file__).parent / "mini-report.txt"


@pytest.fixture
def mini() -> Report:
    """A report of nine pages in the layout of the real one, about invented institutes."""
    return read_report(MINI_REPORT)
