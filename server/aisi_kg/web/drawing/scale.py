"""Place dates on an axis that leaves out long stretches in which nothing is dated, and shows that it does."""

from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass

from aisi_kg.store.chronology import Period

__all__ = ["Stretch", "TimeScale", "month_name"]

#: So many months in a row without a date, or more, are left out.
_LONGEST_EMPTY = 9
#: How wide what is left out is drawn.
_BREAK = 44.0
_NARROWEST = 8.0
_WIDEST = 60.0
_FEWEST = 6
_YEAR = 12


def _month(day: str) -> int:
    """Give the number of the month of a day, ``YYYY-MM-DD``."""
    year, month, _ = day.split("-")
    return int(year) * _YEAR + int(month) - 1


def month_name(month: int) -> str:
    """Name a month.

    :param month: its number: years times twelve, and the months before it in its year.
    :returns: the month as XML Schema writes it.
    """
    return f"{month // _YEAR:04d}-{month % _YEAR + 1:02d}"


@dataclass(frozen=True)
class Stretch:
    """Hold months that follow one another, or that are left out.

    :param first: the number of the first month: years times twelve, and the months before it in its year.
    :param count: how many months it has.
    :param left: where it begins.
    :param width: how wide it is.
    :param is_break: its months are left out.
    """

    first: int
    count: int
    left: float
    width: float
    is_break: bool = False


class TimeScale:
    """Place dates: months are equally wide, but where many without a date follow one another.

    :param periods: what is to be shown; at least one.
    :param left: where the axis begins.
    :param width: how wide it may be where the months need no more.
    """

    def __init__(self, periods: Iterable[Period], left: float, width: float) -> None:
        shown = list(periods)
        months = {month for each in shown for month in range(_month(each.earliest), _month(each.latest) + 1)}
        first, last = min(months), max(months)
        last = max(last, first + _FEWEST - 1)
        runs = _runs(first, last, months)
        full = sum(count for _, count, is_break in runs if not is_break)
        room = width - _BREAK * sum(is_break for *_, is_break in runs)
        self.month_width = min(_WIDEST, max(_NARROWEST, room / full))
        stretches = []
        place = left
        for start, count, is_break in runs:
            wide = _BREAK if is_break else count * self.month_width
            stretches.append(Stretch(start, count, place, wide, is_break))
            place += wide
        self.stretches = tuple(stretches)
        self.left, self.right = left, place
        self._firsts = [stretch.first for stretch in stretches]

    def start(self, day: str) -> float:
        """Place the beginning of a day.

        :param day: the day, as ``YYYY-MM-DD``, between the first and the last that is shown.
        :returns: where it begins.
        """
        return self._place(day, 0)

    def end(self, day: str) -> float:
        """Place the end of a day.

        :param day: the day, as ``YYYY-MM-DD``, between the first and the last that is shown.
        :returns: where it ends.
        """
        return self._place(day, 1)

    def _place(self, day: str, more: int) -> float:
        year, month, number = map(int, day.split("-"))
        at = _month(day) + (number - 1 + more) / monthrange(year, month)[1]
        stretch = self.stretches[max(0, bisect_right(self._firsts, _month(day)) - 1)]
        return stretch.left + (at - stretch.first) * stretch.width / stretch.count

    def years(self) -> list[tuple[int, float, float]]:
        """Tell where the years are.

        :returns: each year with where it begins and ends, as far as it is shown.
        """
        found = []
        for stretch in self.stretches:
            if stretch.is_break:
                continue
            end = stretch.first + stretch.count
            for year in range(stretch.first // _YEAR, (end - 1) // _YEAR + 1):
                first, last = max(stretch.first, year * _YEAR), min(end, (year + 1) * _YEAR)
                left = stretch.left + (first - stretch.first) * self.month_width
                found.append((year, left, left + (last - first) * self.month_width))
        return found

    def months(self) -> list[tuple[int, float]]:
        """Tell where the months begin.

        :returns: the number of each in its year, from 1, with where it begins.
        """
        return [
            ((stretch.first + n) % _YEAR + 1, stretch.left + n * self.month_width)
            for stretch in self.stretches
            if not stretch.is_break
            for n in range(stretch.count)
        ]

    def breaks(self) -> list[Stretch]:
        """Tell what is left out.

        :returns: the stretches.
        """
        return [stretch for stretch in self.stretches if stretch.is_break]


def _runs(first: int, last: int, months: set[int]) -> list[tuple[int, int, bool]]:
    """Divide months into runs that are shown and runs that are left out: first month, how many, which."""
    runs: list[tuple[int, int, bool]] = []
    start = first
    empty = 0
    for month in range(first, last + 2):
        if month <= last and month not in months:
            empty += 1
            continue
        if empty >= _LONGEST_EMPTY and month <= last:
            # A month on each side stays, so that what is dated does not touch the break.
            runs.append((start, month - empty + 1 - start, False))
            runs.append((month - empty + 1, empty - 2, True))
            start = month - 1
        empty = 0
    runs.append((start, last + 1 - start, False))
    return runs
