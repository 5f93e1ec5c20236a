"""A date as feeds and pages write it → an aware UTC instant, or nothing (H17).

Reads ISO 8601 in its loose forms, RFC 822 and RFC 850, US and European orders with month names in a dozen languages,
and Unix seconds. A claim without a zone is UTC; so is one with an impossible zone. Dates before 1990 and after 2100 are
claims that nobody can mean: they stay text.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100

# The two ways in which nearly every feed writes a date: RFC 822 (as RSS has it) and RFC 3339 (as Atom has it).
_RFC822 = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d{4})"
    r" (\d\d):(\d\d):(\d\d) (?:GMT|UTC|Z|([+-]\d{4}))",
    re.ASCII,
)
_RFC3339 = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-]\d\d:\d\d))", re.ASCII)
_SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-?(?P<month>\d\d)(?:-?(?P<day>\d\d))?)?"
    r"(?:[T\s_]+(?P<hour>\d{1,2}):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?)?\s*(?P<zone>.*)",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"(?P<year>\d{4})[/.\-](?P<month>\d{1,2})[/.\-](?P<day>\d{1,2})(?P<rest>.*)")
_TIME = re.compile(r"(?<!\d)(\d{1,2})[:.h](\d\d)(?:[:.](\d\d))?(?:[.,]\d+)?\s*([ap]\.?m\.?)?", re.IGNORECASE)
_DAY_MONTH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er)?[\s.,\-/]*(?:de |d')?\s*([^\W\d_]{3,})[\s.,\-/]*(?:de |del )?\s*(\d{4}|\d\d)\b"
)
_MONTH_DAY = re.compile(r"([^\W\d_]{3,})[\s.]+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b")
_OFFSET = re.compile(r"(?:GMT|UTC|UT)?\s*([+\-\u2212])\s*(\d\d?):?(\d\d)?(?!\d)", re.IGNORECASE)
_ZONE_NAME = re.compile(r"\b([A-Z]{1,5})\b")
_ZONES = {
    "Z": 0, "GMT": 0, "UTC": 0, "UT": 0, "WET": 0, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6,
    "PST": -8, "PDT": -7, "AKST": -9, "AKDT": -8, "HST": -10, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1,
    "MESZ": 2, "EET": 2, "EEST": 3, "MSK": 3, "IST": 5.5, "JST": 9, "KST": 9, "SGT": 8, "HKT": 8, "AWST": 8, "AEST": 10,
    "AEDT": 11, "NZST": 12, "NZDT": 13, "BRT": -3, "ART": -3,
}  # fmt: skip
# The beginnings of month names in English, German, French, Spanish, Portuguese, Italian, Dutch, Polish, Czech,
# Swedish, Norwegian, Danish, Turkish, Russian and Ukrainian; the longest that fits wins.
_MONTHS = {
    1: "jan jän gen ene sty led oca янв січ", 2: "feb fév fev lut úno şub фев лют", 3: "mar mär maa mrt bře мар бер",
    4: "apr avr abr kwi dub nis апр кві", 5: "may mai mei mag maj kvě май мая тра",
    6: "jun juin giu cze červn haz июн чер", 7: "jul juil lug lip červenec července tem июл лип",
    8: "aug aoû aou ago sie srp ağu авг сер", 9: "sep set wrz zář eyl сен вер",
    10: "oct okt ott out paź říj eki окт жов",
    11: "nov lis kas ноя лис", 12: "dec dez déc dic dici pro ara дек гру gru",
}  # fmt: skip
_BEGINNINGS = sorted(
    ((word, number) for number, words in _MONTHS.items() for word in words.split()), key=lambda pair: -len(pair[0])
)
_CJK = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")


def read_date(claim: str | None) -> datetime | None:
    """The instant that `claim` names, where it can be read."""
    text = (claim or "").strip()[:100]
    if not text:
        return None
    for read in (_read_usual, _read_number, _read_iso, _read_named, _read_slashed, _read_cjk):
        try:
            found = read(text)
        except (ValueError, OverflowError):
            continue
        if found is not None:
            return found if EARLIEST_YEAR <= found.year <= LATEST_YEAR else None
    return None


def _read_usual(text: str) -> datetime | None:
    if found := _RFC822.fullmatch(text):
        day, month, year, hour, minute, second, zone = found.groups()
        date = datetime(int(year), _SHORT_MONTHS.index(month) + 1, int(day), tzinfo=UTC)
    elif found := _RFC3339.fullmatch(text):
        year, month, day, hour, minute, second, zone = found.groups()
        date = datetime(int(year), int(month), int(day), tzinfo=UTC)
    else:
        return None
    at = date + _span(int(hour), int(minute), int(second))
    return at - _offset(zone) if zone else at


def _read_number(text: str) -> datetime | None:
    if not re.fullmatch(r"\d{10}|\d{13}", text):
        return None
    return datetime.fromtimestamp(int(text[:10]), UTC)


def _read_iso(text: str) -> datetime | None:
    found = _ISO.fullmatch(text)
    if found is None:
        return None
    if (
        found["month"] is None and found["zone"]
    ):  # 2026/03/02, 2026年3月2日, or a year and words: others read it, or none
        return None
    part = {name: int(value) for name, value in found.groupdict().items() if value and name != "zone"}
    date = datetime(part["year"], part.get("month", 1), part.get("day", 1), tzinfo=UTC)
    span = _span(part.get("hour", 0), part.get("minute", 0), part.get("second", 0))
    return date + span - _offset(found["zone"])


def _read_named(text: str) -> datetime | None:
    """A date whose month is a word: RFC 822, RFC 850, and what people write."""
    lowered = text.lower()
    if found := _DAY_MONTH.search(lowered):
        day, name, year = found.groups()
    elif found := _MONTH_DAY.search(lowered):
        name, day, year = found.groups()
    else:
        return None
    month = next((number for word, number in _BEGINNINGS if name.startswith(word)), None)
    if month is None:
        return None
    full_year = int(year) if len(year) == 4 else int(year) + (2000 if int(year) < 70 else 1900)
    rest = text[: found.start()] + " " + text[found.end() :]
    return datetime(full_year, month, int(day), tzinfo=UTC) + _clock(rest)


def _read_slashed(text: str) -> datetime | None:
    """Year first, or nothing: 3/4/2026 is two days, depending on who reads it."""
    found = _SLASHED.fullmatch(text)
    if found is None:
        return None
    return datetime(int(found["year"]), int(found["month"]), int(found["day"]), tzinfo=UTC) + _clock(found["rest"])


def _read_cjk(text: str) -> datetime | None:
    found = _CJK.search(text)
    if found is None:
        return None
    year, month, day = map(int, found.groups())
    return datetime(year, month, day, tzinfo=UTC) + _clock(text[found.end() :])


def _clock(rest: str) -> timedelta:
    """Time of day less its zone's offset; none is midnight UTC."""
    found = _TIME.search(rest)
    if found is None:
        return timedelta()
    hour, minute, second = int(found[1]), int(found[2]), int(found[3] or 0)
    if found[4]:
        hour = hour % 12 + (12 if found[4].lower().startswith("p") else 0)
    return _span(hour, minute, second) - _offset(rest[found.end() :])


def _span(hour: int, minute: int, second: int) -> timedelta:
    if hour > 24 or minute > 59 or second > 60:
        raise ValueError("not a time of day")
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _offset(zone: str) -> timedelta:
    if found := _OFFSET.search(zone):
        hours, minutes = int(found[2]), int(found[3] or 0)
        sign = 1 if found[1] == "+" else -1
        return sign * timedelta(hours=hours, minutes=minutes) if hours <= 14 and minutes < 60 else timedelta()
    named = _ZONE_NAME.search(zone.upper())
    return timedelta(hours=_ZONES.get(named[1], 0)) if named else timedelta()
