"""A telling → the first day it names that is not after it was told, in English, German, French and Spanish."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

_MONTHS: Mapping[str, int] = {
    name: number
    for row in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "januar februar märz april mai juni juli august september oktober november dezember",
        "jänner feber märz april mai juni juli august september oktober november dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    )
    for number, name in enumerate(row.split(), 1)
} | {"sept": 9, "setiembre": 9}
_NAMES = "|".join(sorted(_MONTHS, key=lambda name: (-len(name), name)))
_DAY_MONTH = re.compile(
    rf"\b(?P<day>[0-3]?[0-9])(?:st|nd|rd|th|\.|er|º)?\s+(?:de\s+)?(?P<month>{_NAMES})\.?,?\s+(?:del?\s+)?(?P<year>20[0-9]{{2}})\b",
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    rf"\b(?P<month>{_NAMES})\.?\s+(?P<day>[0-3]?[0-9])(?:st|nd|rd|th)?,?\s+(?P<year>20[0-9]{{2}})\b", re.IGNORECASE
)
_ISO_DAY = re.compile(r"\b(?P<year>20[0-9]{2})-(?P<month>[01][0-9])-(?P<day>[0-3][0-9])\b")
_DOTTED = re.compile(r"\b(?P<day>[0-3]?[0-9])\.\s?(?P<month>[01]?[0-9])\.\s?(?P<year>20[0-9]{2})\b")
_WEEK: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "en": (r"\bon", ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")),
    "de": (r"\bam", ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")),
    "fr": (r"\b(?:ce|le|de)", ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")),
    "es": (r"\b(?:el|este|del)", ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo")),
}
_WEEKDAY = {
    tongue: re.compile(rf"{before}\s+({'|'.join(names)})\b", re.IGNORECASE) for tongue, (before, names) in _WEEK.items()
}
_YESTERDAY = {
    "en": re.compile(r"\b(?:yesterday|last night)\b", re.IGNORECASE),
    "de": re.compile(r"\b(?:gestern|gestrigen|vergangene nacht)\b", re.IGNORECASE),
    "fr": re.compile(r"\b(?:hier|la nuit dernière)\b", re.IGNORECASE),
    "es": re.compile(r"\b(?:ayer|anoche)\b", re.IGNORECASE),
}


def day_in(text: str, tongue: str | None, told_at: datetime) -> tuple[date, str] | None:
    """That day, and the words that name it; a weekday is the last one before it was told."""
    for pattern in (_DAY_MONTH, _MONTH_DAY, _ISO_DAY, _DOTTED):
        for match in pattern.finditer(text):
            if (day := _day(match)) is not None and day <= told_at.date():
                return day, match[0]
    if (weekday := _WEEKDAY.get(tongue or "")) and (said := weekday.search(text)):
        return _last(_WEEK[tongue or ""][1].index(said[1].lower()), told_at), said[0]
    if (yesterday := _YESTERDAY.get(tongue or "")) and (said := yesterday.search(text)):
        return (told_at - timedelta(days=1)).date(), said[0]
    return None


def _day(match: re.Match[str]) -> date | None:
    month = match["month"].lower()
    try:
        return date(int(match["year"]), int(month) if month.isdigit() else _MONTHS[month], int(match["day"]))
    except ValueError:
        return None


def _last(weekday: int, told_at: datetime) -> date:
    return (told_at - timedelta(days=(told_at.weekday() - weekday) % 7)).date()
