"""Say values in words: dates as precise as they are, numbers with their unit, in either language."""

from decimal import Decimal, InvalidOperation

from aisi_kg.store.library.records import Text

__all__ = ["date_precision", "date_text", "number_text", "sum_text"]

_MONTHS = "January February March April May June July August September October November December".split()
_PRECISIONS = {1: "year", 2: "month", 3: "day"}
_EXACTLY = "exactly"


def date_precision(date: str) -> str:
    """Say how precise a date is.

    :param date: a year, a month or a day, as XML Schema writes it.
    :returns: ``year``, ``month`` or ``day``.
    """
    return _PRECISIONS.get(len(date.split("-")), "day")


def date_text(date: str, language: str) -> str:
    """Say a date.

    :param date: a year, a month or a day, as XML Schema writes it.
    :param language: ``en`` or ``zh``.
    :returns: such as ``November 2023`` or ``2023年11月``; what is no such date comes back as it is.
    """
    parts = date.split("-")
    if not all(part.isdecimal() for part in parts) or len(parts) > len(_PRECISIONS):
        return date
    year, *rest = parts
    numbers = [int(part) for part in rest]
    if numbers and not 1 <= numbers[0] <= len(_MONTHS):
        return date
    if language == "zh":
        return f"{year}年" + "".join(f"{n}{unit}" for n, unit in zip(numbers, "月日", strict=False))
    day = f"{numbers[1]} " if len(numbers) > 1 else ""
    return f"{day}{_MONTHS[numbers[0] - 1]} {year}" if numbers else year


def number_text(number: str, language: str) -> str:
    """Say a number, large ones in the units that the language counts in.

    :param number: a decimal number.
    :param language: ``en`` or ``zh``.
    :returns: such as ``1.5 billion`` or ``15亿``; what is no number comes back as it is.
    """
    try:
        value = Decimal(number)
    except InvalidOperation:
        return number
    if not value.is_finite():
        return number
    if language == "zh":
        steps = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))
    else:
        steps = ((Decimal(10) ** 9, " billion"), (Decimal(10) ** 6, " million"))
    for unit, name in steps:
        # In a larger unit only where that takes no more than two digits behind the point.
        if abs(value) >= unit and (value * 100) % unit == 0:
            return f"{_plain(value / unit)}{name}"
    return _plain(value) if language == "zh" else f"{value:,f}" if value == int(value) else _plain(value)


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_text(number: str, comparator: Text | None, unit: Text | None, code: str, language: str) -> str:
    """Say a number with what bounds it and what it counts.

    :param number: a decimal number.
    :param comparator: such as "more than".
    :param unit: what is counted, or the currency.
    :param code: the currency's code; empty where it is no sum of money.
    :param language: ``en`` or ``zh``.
    :returns: such as ``more than GBP 1.5 billion`` or ``超过15亿英镑``.
    """
    said = number_text(number, language)
    bound = "" if comparator is None or comparator.en == _EXACTLY else comparator.in_language(language)
    name = "" if unit is None else unit.in_language(language)
    if language == "zh":
        return f"{bound}{said}{name}" if code else f"{bound}{said}（{name}）" if name else f"{bound}{said}"
    return " ".join(part for part in (bound, code, said, "" if code else name) if part)
