"""What every page of the site has: head, navigation, feeds that it points to, footer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from monitor.model import Document, Severity
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.model.publication import HTML, media_type_of
from monitor.model.subscriber import Wanted
from monitor.site.addresses import Kind, ListAddress
from monitor.site.assets import NAMES, static_url
from monitor.site.house import House
from monitor.site.sheet import Sheet
from monitor.site.structured import open_graph
from monitor.site.typeset import Safe
from monitor.stages.codebook import guide_sections
from monitor.stages.feed_names import EVERYTHING, path_of
from monitor.stages.markup import plain_summary, render_body

NAV = (
    ("latest", "/", "Latest"),
    ("archive", "/archive", "Archive"),
    ("statistics", "/statistics", "Statistics"),
    ("providers", "/providers", "Providers"),
    ("guide", "/guide", "Guide"),
    ("search", "/search", "Search"),
)
MORE = (
    ("/feeds", "Feeds"),
    ("/subscribe", "By e-mail"),
    ("/data", "Data"),
    ("/severities", "Severities"),
    ("/codes", "Codes"),
    ("/sourcing", "How we count sources"),
    ("/corrections", "Corrections and retractions"),
    ("/guide", "Editor’s Guide"),
)
FORMATS = {"application/atom+xml": "Atom", "application/rss+xml": "RSS", "application/feed+json": "JSON"}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page points to."""

    path: str
    type: str
    title: str


def fill(
    house: House,
    template: str,
    *,
    path: str,
    here: str = "",
    title: str,
    text: str = "",
    canonical: str | None = None,
    feeds: Sequence[FeedLink] = (),
    robots: str = "",
    sheet: Sheet | None = None,
    structured: Mapping[str, Any] | None = None,
    **values: Any,
) -> str:
    """The text of a page at `path`; `canonical` is the address by which it is to be known, where that is another."""
    text = text or f"{house.name}: AI incidents, sourced and classified by editors."
    known = canonical or path
    page = {
        "title": title,
        "text": text,
        "path": path,
        "here": here,
        "newsroom": house.name,
        "language": house.site.language,
        "canonical": house.url(known),
        "robots": robots,
        "feeds": [
            {"type": f.type, "title": f.title, "url": house.url(f.path)}
            for f in (*feeds_of(EVERYTHING, house.name), *feeds)
        ],
        "graph": open_graph(
            house,
            kind="website" if sheet is None else "article",
            title=title.removesuffix(f" · {house.name}"),
            text=text,
            path=known,
            sheet=sheet,
        ),
        "structured": structured,
        "nav": NAV,
        "more": [place for place in MORE if place[0] != "/subscribe" or house.has_digests],
        "static": {name: static_url(name) for name in NAMES},
        "logo": house.logo_path,
        "picture": house.picture_path,
        "colours": house.colours_path,
        "footer": Safe(render_body(house.look.footer)) if house.look.footer.strip() else None,
    }
    return house.templates.render(template, {"page": page, "sheet": sheet, **values})


def document(house: House, template: str, *, path: str, **values: Any) -> Document:
    """The page at `path`; what it is filled with is `fill`'s."""
    return Document(path=path, media_type=HTML, body=fill(house, template, path=path, **values).encode())


def feeds_of(wanted: Wanted, title: str) -> tuple[FeedLink, ...]:
    """The feeds of these wires, in every format."""
    paths = [path_of(FeedAddress(wanted=wanted, format=form)) for form in FeedFormat]
    return tuple(FeedLink(path=path, type=media_type_of(path).partition(";")[0], title=title) for path in paths)


def wanted_by(address: ListAddress) -> Wanted:
    """What a list holds, as feeds name it."""
    match address.kind:
        case Kind.PROVIDER:
            return Wanted(providers=(address.value,))
        case Kind.CODE:
            return Wanted(codes=(address.value,))
        case Kind.SEVERITY:
            return Wanted(severities=(Severity(address.value),))
        case _:
            return EVERYTHING


def severity_text(house: House, severity: str) -> str:
    """The first sentences of the Editor's Guide on a severity."""
    section = guide_sections(house.guide).get(severity.lower(), "")
    _, _, body = section.partition("\n")
    return plain_summary(body, 400)


def tone_of(severity: str) -> str:
    """How a severity is drawn, by the names of the style."""
    return severity.lower().replace("-", "") or "plain"


def plural(count: int, one: str) -> str:
    """1 wire, 1,200 wires."""
    return f"{count:,} {one}{'' if count == 1 else 's'}"
