"""Dates as precise as their source: a year, a month or a day."""

import calendar
import re
from datetime import date

from pyoxigraph import Literal

from aisi_kg.errors import InputError

__all__ = ["bounds"]

_XSD = "http://www.w3.org/2001/XMLSchema#"
_ZONE = r"(?:Z|[+-][0-9]{2}:[0-9]{2})?"
_FORMS = {
    _XSD + "gYear": re.compile(rf"([0-9]{{4}}){_ZONE}"),
    _XSD + "gYearMonth": re.compile(rf"([0-9]{{4}})-([0-9]{{2}}){_ZONE}"),
    _XSD + "date": re.compile(rf"([0-9]{{4}})-([0-9]{{2}})-([0-9]{{2}}){_ZONE}"),
}


def bounds(literal: Literal) -> tuple[date, date]:
    """Give the first and the last day that a date covers.

    :param literal: an ``xsd:gYear``, ``xsd:gYearMonth`` or ``xsd:date``; a time zone is read over.
    :returns: first and last day; the same one twice for an ``xsd:date``.
    :raises InputError: if the literal is of another datatype, or no such year, month or day exists.
    """
    form = _FORMS.get(literal.datatype.value)
    if form is None:
        raise InputError(f"{literal} is no date; write an xsd:gYear, xsd:gYearMonth or xsd:date.")
    match = form.fullmatch(literal.value)
    parts = [int(part) for part in match.groups()] if match else []
    try:
        match parts:
            case [year]:
                return date(year, 1, 1), date(year, 12, 31)
            case [year, month]:
                first = date(year, month, 1)
                return first, date(year, month, calendar.monthrange(year, month)[1])
            case [year, month, day]:
                return date(year, month, day), date(year, month, day)
    except ValueError:
        # A form that fits with a month 13 or a day 30 February is as wrong as one that does not.
        pass
    raise InputError(f"{literal} is no date of the calendar; correct the year, the month or the day.")
