"""Rows → CSV that no spreadsheet takes for a programme, and file names that no header takes for more (H28)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote

from monitor.model import Health, SourceReport
from monitor.stages.canonical import clean_text
from monitor.stages.catalogue_lines import cadence_word

MAX_FILE_NAME = 120

# What spreadsheets take for the beginning of a formula, also where it is written full-width.
_FORMULA = re.compile("[\t\r\n =+\\-@＝＋－＠]*[=+\\-@＝＋－＠]|[\t\r\n]")
_UNSAFE_IN_NAME = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|;=,%\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]+')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9]|lpt[0-9])(\.|$)", re.IGNORECASE)

SOURCE_COLUMNS = (
    "id", "name", "url", "polled_url", "kind", "selector", "publisher", "publisher_name", "origin", "tier", "provider",
    "language", "every", "aggregator", "health", "since", "why", "next_step", "next_at", "entry_count",
    "usual_gap_days", "last_outcome", "last_polled_at", "last_success_at", "last_new_at", "failing_since",
    "next_poll_at", "rule", "paused_by", "retired_at",
)  # fmt: skip


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The rows as CSV (RFC 4180) in UTF-8, with a heading; texts that a spreadsheet would run begin with `'`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return text.getvalue().encode("utf-8")


def neutral(text: str) -> str:
    """A text that is only a text, also in a spreadsheet."""
    clean = clean_text(text)
    return f"'{clean}" if _FORMULA.match(text) or _FORMULA.match(clean) else clean


def content_disposition(name: str) -> str:
    """The header that offers a download under `name` (RFC 6266): no path, no control character, ASCII beside UTF-8."""
    safe = _UNSAFE_IN_NAME.sub("-", name).strip(" .-")[:MAX_FILE_NAME].strip(" .-") or "download"
    if _RESERVED.match(safe):
        safe = f"_{safe}"
    plain = re.sub(r"[^A-Za-z0-9 ._()-]", "_", safe)
    header = f'attachment; filename="{plain}"'
    return header if plain == safe else f"{header}; filename*=UTF-8''{quote(safe, safe='')}"


def source_row(report: SourceReport) -> dict[str, Any]:
    """A source as CSV and JSON show it, key by key as in SOURCE_COLUMNS."""
    source, state, condition = report.source, report.state, report.condition
    is_over = condition.health in (Health.RETIRED, Health.GONE, Health.PAUSED)
    return {
        "id": source.id,
        "name": source.name,
        "url": source.url,
        "polled_url": state.url,
        "kind": source.kind,
        "selector": source.selector,
        "publisher": source.publisher,
        "publisher_name": report.publisher_name,
        "origin": source.origin,
        "tier": source.tier,
        "provider": source.provider,
        "language": source.language,
        "every": None if source.cadence is None else cadence_word(source.cadence),
        "aggregator": source.is_aggregator,
        "health": condition.health,
        "since": condition.since,
        "why": condition.why,
        "next_step": condition.next_step,
        "next_at": condition.next_at,
        "entry_count": report.entry_count,
        "usual_gap_days": None if report.rhythm.usual_gap is None else report.rhythm.usual_gap / timedelta(days=1),
        "last_outcome": state.last_outcome,
        "last_polled_at": state.last_polled_at,
        "last_success_at": state.last_success_at,
        "last_new_at": state.last_new_at,
        "failing_since": state.failing_since,
        "next_poll_at": None if is_over else state.due_at,
        "rule": state.rule,
        "paused_by": state.paused_by,
        "retired_at": report.retired_at,
    }


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return neutral(str(value))
