"""All sources with their health, the troubled ones first: one line each, with the last thirty days drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.jobs.standing import list_reports, with_days_of
from monitor.model import Health, Role, SourceReport
from monitor.web.auth import Visitor
from monitor.web.desk.picture import Picture, draw
from monitor.web.desk.queue import is_part
from monitor.web.pages import desk_page

PAGE = 100  # lines; the rest is a page further, so that 1,000 sources are as quick as 100
ORDER = (  # what asks most of a person stands first
    Health.HELD_BACK,
    Health.GONE,
    Health.NOT_A_FEED,
    Health.SILENT_ZERO,
    Health.FAILING,
    Health.MOVED,
    Health.QUIET,
    Health.THROTTLED,
    Health.PAUSED,
    Health.NEW,
    Health.HEALTHY,
    Health.RETIRED,
)
NEEDS_A_PERSON = frozenset(ORDER[:7])
_DONE = {
    "remove": "was removed from feeds.yaml. What it brought is kept, and it can be brought back.",
    "import": "The sources were added to feeds.yaml. Each is asked for the first time within minutes.",
}

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Filter:
    """Which of the sources are on screen."""

    text: str = ""
    health: str = ""  # a state, "trouble" for all that need a person, "" for all that are not retired
    offset: int = 0

    def query(self, **changes: object) -> str:
        """As the query of an address."""
        values = {"health": self.health, "text": self.text, "offset": self.offset, **changes}
        kept = {key: value for key, value in values.items() if value}
        return f"?{urlencode(kept)}" if kept else ""

    def takes(self, report: SourceReport) -> bool:
        """Whether a source is among them."""
        if self.health == "trouble":
            is_wanted = report.health in NEEDS_A_PERSON
        else:
            is_wanted = report.health == self.health if self.health else report.retired_at is None
        return is_wanted and all(word in _said(report) for word in self.text.casefold().split())


@dataclass(frozen=True, kw_only=True)
class SourceList:
    """What the page shows."""

    filter: Filter
    lines: tuple[tuple[SourceReport, Picture], ...]
    found: int  # that match, on all pages
    total: int  # that are followed
    trouble: int  # of these, that need a person
    counts: tuple[tuple[Health, int], ...]

    @property
    def has_more(self) -> bool:
        """Whether there is a page after this."""
        return self.filter.offset + len(self.lines) < self.found


@router.get("/desk/sources")
def show_sources(
    request: Request,
    visit: Visitor,
    text: str = Query("", max_length=200),
    health: str = Query("", max_length=20),
    offset: int = Query(0, ge=0, le=1_000_000),
    done: str = Query("", max_length=20),
    source: str = Query("", max_length=200),
) -> Response:
    """One page of the sources, filtered by words and by state."""
    wanted = Filter(text=text.strip(), health=health, offset=offset)
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        reports = list_reports(tx, now, with_days=False)
        found = sorted(filter(wanted.takes, reports), key=_place)
        shown = with_days_of(tx, found[offset : offset + PAGE], now)
    listed = SourceList(
        filter=wanted,
        lines=tuple((report, draw(report.days, now.date())) for report in shown),
        found=len(found),
        total=sum(report.retired_at is None for report in reports),
        trouble=sum(report.health in NEEDS_A_PERSON for report in reports),
        counts=_counts(reports),
    )
    template = "desk/_sources.html" if is_part(request, "sources") else "desk/sources.html"
    removed = next((r for r in reports if r.source.id == source and r.retired_at is not None), None)
    return desk_page(
        request,
        visit,
        template,
        listed=listed,
        is_admin=visit.editor.role is Role.ADMIN,
        done=_DONE.get(done, ""),
        removed=removed if done == "remove" else None,
    )


def _counts(reports: Sequence[SourceReport]) -> tuple[tuple[Health, int], ...]:
    counted = ((health, sum(report.health is health for report in reports)) for health in ORDER)
    return tuple((health, count) for health, count in counted if count)


def _said(report: SourceReport) -> str:
    source = report.source
    said = (
        source.id,
        source.name,
        report.publisher_name,
        source.url,
        source.origin,
        source.kind,
        source.provider or "",
    )
    return " ".join(said).casefold()


def _place(report: SourceReport) -> tuple[int, str]:
    return ORDER.index(report.health), report.source.name.casefold()
