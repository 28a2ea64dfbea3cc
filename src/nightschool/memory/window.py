"""The stretch of time that a question speaks of: `last week`, `in May`, `on 7 May 2023`, `two months ago`.

Pure. Only what is plainly a date counts; a question without one has no window.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
          "november", "december")  # fmt: skip
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
NUMBERS = {"a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
           "nine": 9, "ten": 10, "couple of": 2, "few": 3}  # fmt: skip
_MONTH = "(" + "|".join(rf"{name}|{name[:3]}" for name in MONTHS) + r")\.?"
# `may` and `march` are words of their own: a month only behind a preposition or beside a number.
_DAY_MONTH = re.compile(rf"(?i)\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? {_MONTH}(?:,? (\d{{4}}))?\b")
_MONTH_DAY = re.compile(rf"(?i)\b{_MONTH} (\d{{1,2}})(?:st|nd|rd|th)?\b(?!\d)(?:,? (\d{{4}})\b)?")
_IN_MONTH = re.compile(rf"(?i)\b(?:in|during|of|since|last|this|early|late|mid) {_MONTH}(?:,? (\d{{4}}))?\b(?! \d)")
_MONTH_YEAR = re.compile(rf"(?i)\b{_MONTH},? (\d{{4}})\b")
_ISO = re.compile(r"\b(\d{4})-(\d{2})(?:-(\d{2}))?\b")
_YEAR = re.compile(r"(?i)\b(?:in|during|of|since|throughout|year) (\d{4})\b")
_AGO = re.compile(rf"(?i)\b(\d+|{'|'.join(sorted(NUMBERS, key=len, reverse=True))}) (day|week|month|year)s? ago\b")
_LAST = re.compile(r"(?i)\b(last|this|past|previous) (week|month|year|weekend|spring|summer|autumn|fall|winter)\b")
_DAY = re.compile(r"(?i)\b(today|yesterday|the day before yesterday|this morning|last night)\b")

Window = tuple[float, float]


def window(question: str, now: float) -> Window | None:
    """Return from when until when a question asks, or None; of several dates the outermost bounds."""
    found = [span for span in _spans(question, datetime.fromtimestamp(now, UTC)) if span is not None]
    if not found:
        return None
    return min(start for start, _ in found).timestamp(), max(end for _, end in found).timestamp()


Span = tuple[datetime, datetime]


def _spans(text: str, now: datetime) -> Iterator[Span | None]:
    rest = text
    for match in _ISO.finditer(text):
        yield _date(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    rest = _ISO.sub(" ", rest)
    for pattern, day, month in ((_DAY_MONTH, 1, 2), (_MONTH_DAY, 2, 1)):
        for match in pattern.finditer(rest):
            number = _month(match[month])
            yield _date(int(match[3]) if match[3] else _year(number, now), number, int(match[day]))
        rest = pattern.sub(" ", rest)
    for pattern in (_MONTH_YEAR, _IN_MONTH):
        for match in pattern.finditer(rest):
            number = _month(match[1])
            yield _date(int(match[2]) if match[2] else _year(number, now), number, None)
        rest = pattern.sub(" ", rest)
    for match in _YEAR.finditer(rest):
        yield _date(int(match[1]), None, None)
    for match in _AGO.finditer(rest):
        yield _ago(NUMBERS.get(match[1].lower()) or int(match[1]), match[2].lower(), now)
    for match in _LAST.finditer(rest):
        yield _relative(match[1].lower(), match[2].lower(), now)
    for match in _DAY.finditer(rest):
        back = {"yesterday": 1, "last night": 1, "the day before yesterday": 2}.get(match[1].lower(), 0)
        start = _midnight(now) - timedelta(days=back)
        yield start, start + timedelta(days=1)


def _month(name: str) -> int:
    return next(index for index, month in enumerate(MONTHS, 1) if month.startswith(name.lower()[:3]))


def _year(month: int, now: datetime) -> int:
    """The year of a month named without one: the last time it was."""
    return now.year if month <= now.month else now.year - 1


def _date(year: int, month: int | None, day: int | None) -> Span | None:
    try:
        start = datetime(year, month or 1, day or 1, tzinfo=UTC)
        if day is not None:
            return start, start + timedelta(days=1)
        if month is None:
            return start, datetime(year + 1, 1, 1, tzinfo=UTC)
        return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=UTC)
    except ValueError:
        return None


def _ago(count: int, unit: str, now: datetime) -> Span | None:
    """A vague stretch around the moment: half a unit on either side."""
    days = {"day": 1.0, "week": 7.0, "month": 30.4, "year": 365.2}[unit]
    try:
        middle = _midnight(now) - timedelta(days=days * count)
    except OverflowError:
        return None
    half = timedelta(days=0.0 if unit == "day" else days / 2)
    return middle - half, middle + half + timedelta(days=1)


def _relative(which: str, unit: str, now: datetime) -> Span | None:
    today, before = _midnight(now), which != "this"
    if unit in ("week", "weekend"):
        monday = today - timedelta(days=today.weekday() + 7 * before)
        return (
            (monday, monday + timedelta(days=7))
            if unit == "week"
            else (monday + timedelta(days=5), monday + timedelta(days=7))
        )
    if unit == "month":
        first = today.replace(day=1)
        return (
            _date((first - timedelta(days=1)).year, (first - timedelta(days=1)).month, None)
            if before
            else _date(now.year, now.month, None)
        )
    if unit == "year":
        return _date(now.year - before, None, None)
    return _season(SEASONS[unit], before, now)


def _season(month: int, before: bool, now: datetime) -> Span:
    """Three months; the last time that they began, or before that where they are not over and `last` is asked."""
    start = datetime(now.year, month, 1, tzinfo=UTC)
    if start > now:
        start = start.replace(year=now.year - 1)
    end = datetime(start.year + (month + 2) // 12, (month + 2) % 12 + 1, 1, tzinfo=UTC)
    if before and end > now:
        start, end = start.replace(year=start.year - 1), end.replace(year=end.year - 1)
    return start, end


def _midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0)
