"""Lists of sources, in and out: OPML from other readers, OPML and CSV for them."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import UploadFile

from monitor.errors import Busy, FaultyFile, IllegalDecision, Unconfigured
from monitor.jobs.catalogue import ImportReport, import_opml
from monitor.jobs.standing import list_reports
from monitor.stages.opml import write_opml
from monitor.stages.sheet import SOURCE_COLUMNS, content_disposition, source_row, write_csv
from monitor.store.sources import list_sources
from monitor.web.auth import Visit, Visitor
from monitor.web.pages import desk_page

LONGEST_NAME = 100

router = APIRouter()


@router.get("/desk/sources/import")
def show_import(request: Request, visit: Visitor) -> Response:
    """Choose a file."""
    return _page(request, visit)


@router.post("/desk/sources/import")
def take_import(request: Request, visit: Visitor) -> Response:
    """Add the subscriptions of an OPML file: the good lines are imported, the bad ones listed (H30)."""
    context, upload = visit.context, visit.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return _page(request, visit, problem="Choose an OPML file first.", status=422)
    try:
        report = import_opml(
            context.database,
            context.clock,
            file=context.sources,
            body=upload.file.read(),
            name=upload.filename[:LONGEST_NAME],
            by=visit.who,
            providers=[provider.id for provider in context.providers],
            address=visit.address,
        )
    except (FaultyFile, IllegalDecision, Unconfigured) as error:
        return _page(request, visit, problem=f"Nothing was imported. {error}", status=422)
    except Busy as error:
        return _page(request, visit, problem=str(error), status=503)
    return _page(request, visit, report=report)


def _page(
    request: Request, visit: Visit, *, report: ImportReport | None = None, problem: str = "", status: int = 200
) -> Response:
    return desk_page(request, visit, "desk/source_import.html", status=status, report=report, problem=problem)


@router.get("/desk/sources/export.opml")
def export_opml(visit: Visitor) -> Response:
    """What is followed, for another reader."""
    with visit.context.database.read() as tx:
        body = write_opml(list_sources(tx), title=f"{visit.context.settings.newsroom}: sources")
    return _download(body, visit, "opml", "text/x-opml; charset=utf-8")


@router.get("/desk/sources/export.csv")
def export_csv(visit: Visitor) -> Response:
    """Every source with its state, for a spreadsheet (H28)."""
    with visit.context.database.read() as tx:
        reports = list_reports(tx, visit.context.clock.now(), with_days=False)
    body = write_csv(SOURCE_COLUMNS, map(source_row, reports))
    return _download(body, visit, "csv", "text/csv; charset=utf-8; header=present")


def _download(body: bytes, visit: Visit, ending: str, media_type: str) -> Response:
    name = f"{visit.context.settings.newsroom} sources.{ending}"
    return Response(body, media_type=media_type, headers={"content-disposition": content_disposition(name)})
