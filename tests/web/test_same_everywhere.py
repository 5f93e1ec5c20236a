"""Every document of a newsroom at work: what the application serves is what lies in the export, byte for byte (O4)."""

from __future__ import annotations

from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest

from monitor.jobs.export import NOTE, export
from monitor.jobs.render import bring_up_to_date
from monitor.jobs.sections import sections_of
from monitor.jobs.take_down import take_down
from monitor.jobs.tree import GONE
from monitor.model import RevisionKind
from monitor.model.feeds import TakeDownReason
from monitor.model.publication import ending_of, media_type_of
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.jobs.test_publish_killed import the_house
from tests.past import START, many_past, revise_past
from tests.web.test_documents import Shop, a_shop


def path_of(file: str) -> str:
    """The address at which a web server shows a file of the export."""
    name = file.removeprefix(f"{GONE}/")
    return "/" + name.removesuffix("index.html").rstrip("/")


def raw(shop: Shop, path: str, coding: str) -> tuple[int, bytes, str | None]:
    with shop.reader.stream("GET", path, headers={"accept-encoding": coding}) as answer:
        return answer.status_code, b"".join(answer.iter_raw()), answer.headers.get("content-encoding")


@pytest.fixture
def exported(sqlite_database: Database, clock: ManualClock, tmp_path: Path) -> Path:
    """A newsroom with a correction, a retraction and a take-down, published and exported."""
    wires = many_past(sqlite_database, 6)
    with sqlite_database.write() as tx:
        revise_past(tx, wires[1], 2, kind=RevisionKind.CORRECTION, at=START + timedelta(days=2))
        revise_past(tx, wires[2], 3, kind=RevisionKind.RETRACTION, at=START + timedelta(days=3))
    clock.at = START + timedelta(days=4)
    take_down(sqlite_database, clock, wires[3], who="grace", reason=TakeDownReason.ORDER, note="x")
    assert bring_up_to_date(sqlite_database, tmp_path / "public", sections_of(the_house())).is_complete
    export(tmp_path / "public", tmp_path / "static")
    return tmp_path / "static"


def test_what_the_application_serves_lies_in_the_export_byte_for_byte_o4(exported: Path, tmp_path: Path) -> None:
    files = {p.relative_to(exported).as_posix() for p in exported.rglob("*") if p.is_file()} - {NOTE}
    documents = {file for file in files if not file.endswith(".gz")}
    kinds = {ending_of(path_of(file)) for file in documents}
    assert {"", ".atom", ".rss", ".json", ".xml", ".csv", ".css", ".bib", ".ris", ".txt"} <= kinds
    assert any(file.startswith(GONE) for file in documents)
    with a_shop(tmp_path / "public", base_url="https://wire.example") as shop:
        for file in sorted(documents):
            status = 410 if file.startswith(GONE) else 200
            plain, zipped = exported / file, exported / f"{file}.gz"
            assert raw(shop, path_of(file), "identity") == (status, plain.read_bytes(), None), file
            if zipped.is_file() and zipped.stat().st_size < plain.stat().st_size:
                assert raw(shop, path_of(file), "gzip") == (status, zipped.read_bytes(), "gzip"), file


def test_whatever_stands_in_front_can_keep_every_kind_of_document_and_ask_again_o4(
    exported: Path, tmp_path: Path
) -> None:
    files = [p.relative_to(exported).as_posix() for p in sorted(exported.rglob("*")) if p.is_file()]
    by_kind = {ending_of(path_of(f)): f for f in files if not f.startswith((".", GONE)) and not f.endswith(".gz")}
    with a_shop(tmp_path / "public", base_url="https://wire.example") as shop:
        for ending, file in by_kind.items():
            path = path_of(file)
            headers = shop.get(path).headers
            is_asked_each_time = path.startswith("/static/")
            assert headers["cache-control"].startswith("no-cache" if is_asked_each_time else "public, max-age="), path
            assert ("s-maxage=60" in headers["cache-control"]) is not is_asked_each_time, path
            assert headers["vary"] == "Accept-Encoding", path
            assert headers["content-type"] == media_type_of(path), (path, ending)
            assert parsedate_to_datetime(headers["last-modified"]), path
            assert "set-cookie" not in headers, path
            for name, validator in (("if_none_match", "etag"), ("if_modified_since", "last-modified")):
                again = shop.get(path, **{name: headers[validator]})
                assert (again.status_code, again.content) == (304, b""), path
                assert {n: again.headers[n] for n in ("etag", "cache-control", "vary", "last-modified")} == {
                    n: headers[n] for n in ("etag", "cache-control", "vary", "last-modified")
                }, path
