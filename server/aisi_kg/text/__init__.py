"""Read the source report's text: positions in it, its pages, sections, body and footnote markers."""

from __future__ import annotations

from aisi_kg.text.positions import NormalisedText, normalise
from aisi_kg.text.report import Report, read_report

__all__ = ["NormalisedText", "Report", "normalise", "read_report"]
