"""Dates and times from whole numbers, also where Python's own datetime ends."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.core.results.moments import (
    date_text,
    duration_text,
    interval_text,
    time_text,
    timestamp_text,
)

EPOCH = date(1970, 1, 1)


@given(st.dates())
def test_a_date_that_python_knows_reads_like_python(day: date) -> None:
    assert date_text((day - EPOCH).days) == day.isoformat()


@given(st.datetimes())
def test_a_timestamp_that_python_knows_reads_like_python(moment: datetime) -> None:
    micros = (moment - datetime(1970, 1, 1)) // timedelta(microseconds=1)  # noqa: DTZ001
    expected = moment.isoformat(" ", "microseconds").rstrip("0").rstrip(".")
    assert timestamp_text(micros, "us") == expected


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
@given(moment=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))  # noqa: DTZ001
def test_a_timestamp_with_a_zone_is_the_same_moment(zone: str, moment: datetime) -> None:
    aware = moment.replace(tzinfo=UTC)
    micros = (aware - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)
    text = timestamp_text(micros, "us", zone)
    assert datetime.fromisoformat(text) == aware


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(["s", "ms", "us", "ns"]))
def test_every_number_has_a_text(value: int, unit: str) -> None:
    for zone in (None, "Europe/Berlin", "+14:00", "nonsense", ""):
        assert timestamp_text(value, unit, zone)
    assert duration_text(value, unit)
    assert time_text(value, unit)


@given(st.integers(-(2**31) + 2, 2**31 - 3))
def test_the_day_after_is_a_later_text_in_any_year(day: int) -> None:
    year, month, dom = date_text(day).rsplit("-", 2)
    after_year, after_month, after_dom = date_text(day + 1).rsplit("-", 2)
    before = (int(year), int(month), int(dom))
    after = (int(after_year), int(after_month), int(after_dom))
    assert before < after


def test_the_first_days_of_strange_years() -> None:
    assert date_text(-719_162) == "0001-01-01"
    assert date_text(-719_163) == "0000-12-31"
    assert date_text(-719_528) == "0000-01-01"
    assert date_text(2_932_897) == "10000-01-01"


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((0, 0, 0), "00:00:00"),
        ((1, 1, 0), "1 month 1 day"),
        ((25, -2, 0), "2 years 1 month -2 days"),
        ((-13, 0, -1), "-1 year -1 month -00:00:00.000000001"),
        ((0, 0, 90_000 * 10**9), "25:00:00"),
    ],
)
def test_an_interval_keeps_its_parts_apart(parts: tuple[int, int, int], expected: str) -> None:
    assert interval_text(*parts) == expected


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (0, "s", "00:00:00"),
        (86_400, "s", "1 day 00:00:00"),
        (-1, "ms", "-00:00:00.001"),
        (2 * 86_400_000_000_000 + 1, "ns", "2 days 00:00:00.000000001"),
    ],
)
def test_a_duration_counts_days(value: int, unit: str, expected: str) -> None:
    assert duration_text(value, unit) == expected
