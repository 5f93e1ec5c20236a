"""The audit, for admins: searched, read page by page, taken along as CSV or JSON Lines (D11). No page changes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse

from monitor.errors import IllegalDecision
from monitor.jobs import audit
from monitor.model import AuditEntry
from monitor.stages.sheet import content_disposition, write_csv
from monitor.store.audit import AuditQuery
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page, full_time

router = APIRouter()

COLUMNS = ("id", "at", "who", "what", "subject", "before", "after", "address")
LONGEST = 200
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")
FORMS = {
    "csv": "text/csv; charset=utf-8; header=present",
    "jsonl": "application/jsonl; charset=utf-8",
}


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What the form of the page says, as typed."""

    text: str = ""
    who: str = ""
    what: str = ""
    since: str = ""  # first day
    until: str = ""  # last day

    def query(self) -> AuditQuery:
        """For the search; a day that is none asks for anything."""
        last = _midnight(self.until)
        return AuditQuery(
            text=self.text,
            who=self.who,
            what=self.what,
            since=_midnight(self.since),
            until=None if last is None else last + timedelta(days=1),
        )

    def address(self, before: int | None = None) -> str:
        """Of the page with these words, and below `before`."""
        given = {k: v for k, v in vars(self).items() if v} | ({"before": before} if before is not None else {})
        return "/desk/audit" + (f"?{urlencode(given)}" if given else "")


def _midnight(day: str) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC) if day < "9999" else None
    except ValueError:
        return None


@router.get("/desk/audit")
def show_audit(
    request: Request,
    visit: Visitor,
    text: str = "",
    who: str = "",
    what: str = "",
    since: str = "",
    until: str = "",
    before: str = "",
) -> Response:
    """The newest lines that match."""
    asked = Asked(**{k: _clean(v) for k, v in (("text", text), ("who", who), ("what", what))}, since=since, until=until)
    top = int(before) if before.isascii() and before.isdigit() and len(before) < 16 else None
    page = audit.search(visit.context.database, asked.query(), before=top)
    return desk_page(
        request,
        visit,
        "desk/audit.html",
        page=page,
        lines=[(line, _told(line)) for line in page.lines],
        asked=asked,
        is_first=top is None,
        kinds=audit.list_kinds(visit.context.database),
    )


@router.post("/desk/audit/export")
def export_audit(visit: Visitor) -> Response:
    """All lines that match, as a file; that they were taken along is noted first."""
    form = visit.text("form")
    if form not in FORMS:
        raise IllegalDecision("The audit is exported as csv or jsonl. Nothing was exported.")
    context = visit.context
    asked = Asked(**{k: _clean(visit.text(k)) for k in ("text", "who", "what", "since", "until")})
    audit.note_export(context.database, context.machine, by=visit.who, form=form, address=visit.address)
    lines = audit.export(context.database, asked.query())
    name = content_disposition(f"{context.settings.newsroom} audit.{form}")
    body = write_lines_csv(lines) if form == "csv" else write_lines_json(lines)
    return StreamingResponse(body, media_type=FORMS[form], headers={"content-disposition": name})


def write_lines_csv(lines: Iterable[AuditEntry]) -> Iterator[bytes]:
    """As CSV, some hundred lines at a time; a spreadsheet takes none of it for a formula (H28)."""
    rows, is_first = iter(lines), True
    while True:
        some = [line_row(line) for line in islice(rows, 500)]
        if not some and not is_first:
            return
        written = write_csv(COLUMNS, some)
        yield written if is_first else written.split(b"\r\n", 1)[1]
        is_first = False


def write_lines_json(lines: Iterable[AuditEntry]) -> Iterator[bytes]:
    """As JSON Lines: one object a line."""
    for line in lines:
        yield json.dumps(line_values(line), ensure_ascii=False).encode() + b"\n"


def line_values(line: AuditEntry) -> dict[str, object]:
    """A line as JSON shows it, key by key as in COLUMNS."""
    return {
        "id": line.id,
        "at": line.at.isoformat(),
        "who": line.who,
        "what": line.what,
        "subject": line.subject,
        "before": line.before,
        "after": line.after,
        "address": line.address,
    }


def line_row(line: AuditEntry) -> dict[str, object]:
    """A line as a table shows it: what stands in it as JSON is one cell."""
    values = line_values(line)
    for key in ("before", "after"):
        if values[key] is not None:
            values[key] = json.dumps(values[key], ensure_ascii=False, sort_keys=True)
    return values


def _told(line: AuditEntry) -> str:
    """What changed, in one line; what stayed as it was is left out."""
    before, after = line.before or {}, line.after or {}
    parts = []
    for key in dict.fromkeys((*before, *after)):
        was, became = before.get(key), after.get(key)
        if was == became or (was is None and became in (None, "", [])):
            continue
        name = key.replace("_", " ")
        if key in before and key in after:
            parts.append(f"{name} {_word(was)} → {_word(became)}")
        else:
            parts.append(f"{name} {_word(became)}" if key in after else f"was {name} {_word(was)}")
    return "; ".join(parts)


def _word(value: object) -> str:
    if value is None or value == []:
        return "none"
    listed = ", ".join(map(str, value)) if isinstance(value, list) else json.dumps(value, ensure_ascii=False)
    text = _said_time(value) if isinstance(value, str) else listed
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _said_time(text: str) -> str:
    """An instant as a person reads it; any other text as it is."""
    try:
        at = datetime.fromisoformat(text) if _INSTANT.match(text) else None
    except ValueError:
        at = None
    return text if at is None or at.tzinfo is None else full_time(at)


def _clean(text: str) -> str:
    return " ".join(text.replace("\0", "").split())[:LONGEST]
