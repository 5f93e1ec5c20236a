"""What published wires are counted by: kept counts by month, so that no statistic reads the whole past."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Counted(StrEnum):
    """By what wires are counted; retracted ones are in none of these."""

    SEVERITY = "severity"  # by the month in which it happened
    PROVIDER = "provider"  # by the month in which it happened
    CODE = "code"  # by the month in which it happened
    DELAY = "delay"  # from the first report cited to our publication, by the month of publication
    STANDARD = "standard"  # by the month of publication
    SOURCES = "sources"  # independent publishers, by the month of publication
    ORIGIN = "origin"  # of the first signal, by the month of publication


class Delay(StrEnum):
    """Time from the first report to our first publication; less than what it says."""

    HOURS_6 = "6h"
    HOURS_24 = "24h"
    DAYS_3 = "3d"
    DAYS_7 = "7d"
    DAYS_30 = "30d"
    MORE = "more"


SOURCES_MOST = 6  # independent publishers: that many or more are counted together


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many wires of one month have this value."""

    counted: Counted
    value: str
    month: str  # 2026-03
    count: int
