import datetime as dt

import pytest

from sydit.periods import Month, day_and_month, long_date, months_between


def test_a_month_is_written_and_read_the_same_way() -> None:
    assert str(Month.parse("2024-10")) == "2024-10"


@pytest.mark.parametrize("text", ["2024-13", "2024-00", "2024-1", "202410", "1024-10", "", "2024-10-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no such month"):
        Month.parse(text)


def test_the_year_to_date_begins_in_january_and_includes_the_month() -> None:
    assert [str(month) for month in Month(2024, 3).year_to_date()] == ["2024-01", "2024-02", "2024-03"]


def test_shifting_crosses_the_turn_of_the_year_both_ways() -> None:
    assert Month(2024, 12).shifted(1) == Month(2025, 1)
    assert Month(2024, 1).shifted(-13) == Month(2022, 12)


def test_months_between_includes_both_ends_and_is_empty_backwards() -> None:
    assert [str(m) for m in months_between(Month(2024, 12), Month(2025, 1))] == ["2024-12", "2025-01"]
    assert list(months_between(Month(2025, 1), Month(2024, 12))) == []


def test_the_last_day_knows_leap_years() -> None:
    assert Month(2024, 2).last_day == dt.date(2024, 2, 29)


def test_days_and_months_are_written_in_swedish() -> None:
    assert Month(2024, 10).label == "oktober 2024"
    assert day_and_month(dt.date(2024, 10, 31)) == "31 oktober"
    assert long_date(dt.date(2024, 5, 1)) == "1 maj 2024"
