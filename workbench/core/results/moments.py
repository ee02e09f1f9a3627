"""Dates, times, timestamps, durations and intervals as text, from their whole numbers.

Pure; any thread. Works on integers because Python's datetime stops at the years 1 and 9999
and at microseconds, and engines do not: DuckDB and PostgreSQL send 'infinity', SQL Server
100 ns, Arrow nanoseconds. Years before 1 are written as in ISO 8601 (0000, -0043).
"""

from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

PER_SECOND = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}

_UNIX_ORDINAL = date(1970, 1, 1).toordinal()
_FIRST_DAY = date.min.toordinal() - _UNIX_ORDINAL
_LAST_DAY = date.max.toordinal() - _UNIX_ORDINAL
_DAY_SECONDS = 86_400
_INT64_MAX = 2**63 - 1
_INT32_MAX = 2**31 - 1


def date_text(days: int) -> str:
    """Days since 1970-01-01 as "2024-02-29". The 32-bit extremes are the engines' infinity."""
    if days >= _INT32_MAX:
        return "infinity"
    if days <= -_INT32_MAX:
        return "-infinity"
    if _FIRST_DAY <= days <= _LAST_DAY:
        return date.fromordinal(days + _UNIX_ORDINAL).isoformat()
    year, month, day = _civil(days)
    return f"{'-' if year < 0 else ''}{abs(year):04d}-{month:02d}-{day:02d}"


def time_text(value: int, unit: str) -> str:
    """A time of day in `unit` (s, ms, us, ns) as "13:05:00.25"; 24:00:00 is a time to some."""
    sign = "-" if value < 0 else ""
    seconds, fraction = divmod(abs(value), PER_SECOND[unit])
    return sign + _clock_text(seconds) + _fraction_text(fraction, unit)


def timestamp_text(value: int, unit: str, zone: str | None = None) -> str:
    """A timestamp in `unit` since the epoch; with a `zone`, its local time and offset."""
    if value == _INT64_MAX:
        return "infinity"
    if value <= -_INT64_MAX:
        return "-infinity"
    seconds, fraction = divmod(value, PER_SECOND[unit])
    offset = _offset_seconds(seconds, zone) if zone else 0
    days, second = divmod(seconds + offset, _DAY_SECONDS)
    text = f"{date_text(days)} {_clock_text(second)}{_fraction_text(fraction, unit)}"
    return text + _offset_text(offset) if zone else text


def duration_text(value: int, unit: str) -> str:
    """A length of time in `unit` as "3 days 04:05:06.7"."""
    seconds, fraction = divmod(abs(value), PER_SECOND[unit])
    days, second = divmod(seconds, _DAY_SECONDS)
    clock = _clock_text(second) + _fraction_text(fraction, unit)
    words = f"{_counted(days, 'day')} {clock}" if days else clock
    return f"-{words}" if value < 0 else words


def interval_text(months: int, days: int, nanoseconds: int) -> str:
    """An interval as "1 year 2 months 3 days 04:05:06"; each part keeps its own sign."""
    years, rest = divmod(abs(months), 12)
    sign = -1 if months < 0 else 1
    parts = [
        _counted(count, word)
        for count, word in ((sign * years, "year"), (sign * rest, "month"), (days, "day"))
        if count
    ]
    if nanoseconds or not parts:
        parts.append(time_text(nanoseconds, "ns"))
    return " ".join(parts)


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if abs(count) == 1 else f"{count} {word}s"


def _clock_text(seconds: int) -> str:
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    return f"{hour:02d}:{minute:02d}:{second:02d}"


def _fraction_text(fraction: int, unit: str) -> str:
    if not fraction:
        return ""
    digits = len(str(PER_SECOND[unit])) - 1
    return "." + f"{fraction:0{digits}d}".rstrip("0")


def _civil(days: int) -> tuple[int, int, int]:
    """Year, month, day of the proleptic Gregorian calendar, for any day.

    Years are moved by whole 400-year cycles (146,097 days) into the span datetime knows.
    """
    cycles = (days - _FIRST_DAY) // 146_097
    known = date.fromordinal(days - cycles * 146_097 + _UNIX_ORDINAL)
    return known.year + cycles * 400, known.month, known.day


def _offset_seconds(seconds: int, zone: str) -> int:
    known = _zone(zone)
    # A day's margin on both sides: the local time must be one that datetime knows.
    low, high = (_FIRST_DAY + 1) * _DAY_SECONDS, (_LAST_DAY - 1) * _DAY_SECONDS
    if known is UTC or not low <= seconds <= high:
        return 0
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    offset = moment.astimezone(known).utcoffset()
    return 0 if offset is None else int(offset.total_seconds())


def _offset_text(offset: int) -> str:
    minutes, second = divmod(abs(offset), 60)
    hour, minute = divmod(minutes, 60)
    tail = f":{second:02d}" if second else ""  # local mean times of before railways
    return f"{'-' if offset < 0 else '+'}{hour:02d}:{minute:02d}{tail}"


@lru_cache(maxsize=64)
def _zone(name: str) -> tzinfo:
    """The zone of that name or "+05:30"; UTC where this machine does not know it."""
    if name in ("UTC", "Etc/UTC", "Z", "GMT"):
        return UTC
    if name[:1] in "+-" and name[1:].replace(":", "").isdigit():
        digits = name[1:].replace(":", "").ljust(4, "0")
        minutes = int(digits[:2]) * 60 + int(digits[2:4])
        if minutes < 24 * 60:
            return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
        return UTC
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, LookupError):  # ZoneInfoNotFoundError is a KeyError
        return UTC
