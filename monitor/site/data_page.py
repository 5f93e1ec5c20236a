"""The page of the data: which files there are, what each column means, under which licence, as of when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import Document
from monitor.model.dataset import DataFile, Licence
from monitor.model.publication import HTML, media_type_of
from monitor.site.frame import fill
from monitor.site.house import House
from monitor.stages.dataset import TABLES

PATH = "/data"
_WORDS = {
    "wires.jsonl": ("JSON Lines", "every wire with its sources, revisions and codes, one a line, oldest first"),
    "incidents.sqlite": ("SQLite", "all tables in one file, with full-text search; opens in Datasette as it is"),
    "datapackage.json": ("Data Package", "describes the CSV files for programs (Frictionless)"),
    "metadata.json": ("Metadata", "titles, descriptions and licence for Datasette"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file that the page offers."""

    name: str
    kind: str
    what: str
    path: str
    size: str
    rows: int | None
    digest: str


def data_page(
    house: House, files: Sequence[DataFile], *, counts: Mapping[str, int], licence: Licence, made_at: datetime | None
) -> Document:
    """The page as of the newest edition that the files hold."""
    shown = [_download(f) for f in files]
    text = "The whole public record of this newsroom to take away: CSV, JSON Lines and SQLite, explained."
    body = fill(
        house,
        "data.html",
        path=PATH,
        title=f"Data · {house.name}",
        text=text,
        structured=_structured(house, files, licence, made_at, text),
        wholes=[d for d in shown if not d.name.endswith(".csv")],
        sheets={d.name.removesuffix(".csv"): d for d in shown if d.name.endswith(".csv")},
        tables=TABLES,
        counts=counts,
        licence=licence,
        made_at=made_at,
    )
    return Document(path=PATH, media_type=HTML, body=body.encode())


def size_words(size: int) -> str:
    """About how much that is: "812 bytes", "12 kB", "3.4 MB"."""
    if size < 1_000:
        return f"{size} bytes"
    if size < 1_000_000:
        return f"{size / 1_000:.0f} kB"
    return f"{size / 1_000_000:.1f} MB"


def _download(file: DataFile) -> Download:
    kind, what = _WORDS.get(file.name, ("CSV", ""))
    return Download(
        name=file.name,
        kind=kind,
        what=what,
        path=f"{PATH}/{file.name}",
        size=size_words(file.size_bytes),
        rows=file.rows,
        digest=file.digest,
    )


def _structured(
    house: House, files: Sequence[DataFile], licence: Licence, made_at: datetime | None, text: str
) -> dict[str, Any]:
    """The data as schema.org's Dataset, for those who gather such."""
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": f"{house.name}: AI incidents",
        "description": text,
        "url": house.url(PATH),
        "license": licence.url or licence.title,
        "isAccessibleForFree": True,
        "creator": {"@type": "NewsMediaOrganization", "name": house.name, "url": house.url("/")},
        "distribution": [
            {
                "@type": "DataDownload",
                "name": f.name,
                "encodingFormat": media_type_of(f"/{f.name}").partition(";")[0],
                "contentUrl": house.url(f"{PATH}/{f.name}"),
                "contentSize": f"{f.size_bytes} B",
            }
            for f in files
        ],
    }
    if made_at is not None:
        told["dateModified"] = made_at.isoformat()
    return told
