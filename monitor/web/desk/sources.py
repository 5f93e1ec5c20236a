"""Sources with their health: the troubled ones first."""

from __future__ import annotations

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.jobs.standing import list_reports
from monitor.model import Health, SourceReport
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page

_TROUBLE = (Health.GONE, Health.NOT_A_FEED, Health.FAILING, Health.THROTTLED, Health.QUIET, Health.NEW, Health.HEALTHY)

router = APIRouter()


@router.get("/desk/sources")
def show_sources(request: Request, visit: Visitor, text: str = Query("", max_length=200), health: str = "") -> Response:
    """Every source, filtered by words and by state."""
    now = visit.context.clock.now()
    with visit.context.database.read() as tx:
        reports = list_reports(tx, now)
    shown = [r for r in reports if _matches(r, text.casefold().split()) and (not health or r.health == health)]
    shown.sort(key=_trouble)
    counts = [(h, sum(r.health is h for r in reports)) for h in (*_TROUBLE, Health.RETIRED)]
    return desk_page(
        request,
        visit,
        "desk/sources.html",
        reports=shown,
        total=len(reports),
        counts=[(h, n) for h, n in counts if n],
        text=text,
        health=health,
    )


def _matches(report: SourceReport, words: list[str]) -> bool:
    source = report.source
    said = f"{source.id} {source.name} {report.publisher_name} {source.url} {source.origin}".casefold()
    return all(word in said for word in words)


def _trouble(report: SourceReport) -> tuple[int, str]:
    place = _TROUBLE.index(report.health) if report.health in _TROUBLE else len(_TROUBLE)
    return place, report.source.name.casefold()
