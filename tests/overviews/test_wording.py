"""Dates and numbers in words."""

import pytest

from aisi_kg.store.library.records import Text
from aisi_kg.store.wording import date_precision, date_text, number_text, sum_text

POUND = Text(en="pound sterling", zh="英镑")
MORE = Text(en="more than", zh="超过")
EXACTLY = Text(en="exactly", zh="等于")


@pytest.mark.parametrize(
    ("date", "precision", "english", "chinese"),
    [
        ("2023", "year", "2023", "2023年"),
        ("2023-11", "month", "November 2023", "2023年11月"),
        ("2024-02-08", "day", "8 February 2024", "2024年2月8日"),
        ("2024-13", "month", "2024-13", "2024-13"),
        ("soon", "year", "soon", "soon"),
    ],
)
def test_dates(date: str, precision: str, english: str, chinese: str) -> None:
    assert date_precision(date) == precision
    assert (date_text(date, "en"), date_text(date, "zh")) == (english, chinese)


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        ("0", "0", "0"),
        ("40", "40", "40"),
        ("1234", "1,234", "1234"),
        ("9999", "9,999", "9999"),
        ("10000", "10,000", "1万"),
        ("12345", "12,345", "12345"),
        ("100000000", "100 million", "1亿"),
        ("46500000", "46.5 million", "4650万"),
        ("1500000000", "1.5 billion", "15亿"),
        ("1234567", "1,234,567", "1234567"),
        ("2.50", "2.5", "2.5"),
        ("1E+6", "1 million", "100万"),
        ("NaN", "NaN", "NaN"),
        ("many", "many", "many"),
    ],
)
def test_numbers(number: str, english: str, chinese: str) -> None:
    assert (number_text(number, "en"), number_text(number, "zh")) == (english, chinese)


def test_sums() -> None:
    assert sum_text("1500000000", MORE, POUND, "GBP", "en") == "more than GBP 1.5 billion"
    assert sum_text("1500000000", MORE, POUND, "GBP", "zh") == "超过15亿英镑"
    assert sum_text("40", EXACTLY, Text("staff", "人员"), "", "en") == "40 staff"
    assert sum_text("40", MORE, Text("staff", "人员"), "", "zh") == "超过40（人员）"
    assert sum_text("40", None, None, "", "zh") == "40"
