"""All sources with their health, the troubled ones first: one line each, with the last thirty days drawn."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.errors import Unknown
from monitor.jobs.standing import get_report, judge_due, list_page
from monitor.model import Health, Role, SourceId, SourceReport
from monitor.store.conditions import count_by_health
from monitor.store.database import Transaction
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.picture import Picture, draw
from monitor.web.desk.queue import is_part
from monitor.web.pages import desk_page

PAGE = 36  # lines, so that a page stays under 60 kB; the rest is a page further
MOST_JUDGED = 200  # for one look at the list; where more have changed at once the newsroom's own tick does the rest
LAST_TROUBLE, LAST_FOLLOWED = Health.QUIET, Health.HEALTHY  # up to which a person is needed, and a source is asked
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

    @property
    def span(self) -> tuple[Health, Health] | None:
        """The first and the last of the states that are on screen; None where there is no such state."""
        first = next(iter(Health))
        if self.health == "trouble":
            return first, LAST_TROUBLE
        if not self.health:
            return first, LAST_FOLLOWED
        return (Health(self.health), Health(self.health)) if self.health in set(Health) else None


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
    judge_due(visit.context.database, visit.context.clock, limit=MOST_JUDGED)
    with visit.context.database.read() as tx:
        listed = _read(tx, visit, wanted)
        removed = _find_removed(tx, visit, SourceId(source)) if done == "remove" else None
    template = "desk/_sources.html" if is_part(request, "sources") else "desk/sources.html"
    return desk_page(
        request,
        visit,
        template,
        listed=listed,
        is_admin=visit.editor.role is Role.ADMIN,
        done=_DONE.get(done, ""),
        removed=removed,
        page=PAGE,
    )


def _read(tx: Transaction, visit: Visit, wanted: Filter) -> SourceList:
    """Costs what is on the page, however many sources there are; a count by state is all that is read of the others."""
    now, words, span = visit.context.clock.now(), wanted.text.split(), wanted.span
    counts = count_by_health(tx)
    matching = count_by_health(tx, words=words) if words else counts
    shown: tuple[SourceReport, ...] = ()
    if span is not None:
        shown = list_page(tx, now, first=span[0], last=span[1], words=words, offset=wanted.offset, limit=PAGE)
    return SourceList(
        filter=wanted,
        lines=tuple((report, draw(report.days, now.date())) for report in shown),
        found=0 if span is None else _sum(matching, *span),
        total=_sum(counts, next(iter(Health)), LAST_FOLLOWED),
        trouble=_sum(counts, next(iter(Health)), LAST_TROUBLE),
        counts=tuple(counts.items()),
    )


def _sum(counts: dict[Health, int], first: Health, last: Health) -> int:
    states = list(Health)
    return sum(counts.get(health, 0) for health in states[states.index(first) : states.index(last) + 1])


def _find_removed(tx: Transaction, visit: Visit, source: SourceId) -> SourceReport | None:
    with suppress(Unknown):
        report = get_report(tx, source, visit.context.clock.now())
        return report if report.retired_at is not None else None
    return None
