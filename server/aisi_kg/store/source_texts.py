"""Show passages in the texts of sources, where the operator has them.

The dataset holds positions and no text. Whoever serves it may own a copy of a source's text; the digest that
the dataset names tells whether it is the text that the positions count in.
"""

from collections.abc import Iterable

from aisi_kg.graph.prefixes import AISI
from aisi_kg.store.evaluate import QueryRequest
from aisi_kg.store.inquiry import Inquiry
from aisi_kg.text.context import Segment, in_context
from aisi_kg.text.report import Report

__all__ = ["Segment", "SourceTexts", "source_digests"]

_DIGESTS = f"SELECT DISTINCT ?digest WHERE {{ ?source <{AISI}sha256> ?digest }} ORDER BY ?digest"


class SourceTexts:
    """Hold the texts that there are.

    :param reports: the texts.
    :raises InputError: if one is not laid out as a report, so that its sentences cannot be told.
    """

    def __init__(self, reports: Iterable[Report] = ()) -> None:
        self._reports = {report.sha256: report for report in reports}
        for report in self._reports.values():
            # Worked out here, once and before processes are made, and not when a page is asked for.
            _ = report.layout, report.markers

    def __bool__(self) -> bool:
        return bool(self._reports)

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._reports

    def context(self, sha256: str, start: int, end: int) -> tuple[Segment, ...]:
        """Show a passage in its sentence, with the sentence before and the one behind.

        :param sha256: the digest of the source's text, as the dataset names it.
        :param start: where the passage starts in the normalised text.
        :param end: where it ends there.
        :returns: stretches of text in order; none where there is no such text, or not there.
        """
        report = self._reports.get(sha256)
        return in_context(report, start, end) if report else ()


def source_digests() -> Inquiry[list[str]]:
    """Find the digests of the texts that the dataset's positions count in.

    :returns: the digests, in hexadecimal digits.
    """
    return [each["digest"].value for each in (yield QueryRequest(_DIGESTS))]
