"""What machines read of a page: JSON-LD of schema.org and the Open Graph of link previews (O10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from monitor.site.house import House
from monitor.site.sheet import Sheet
from monitor.stages.markup import plain_summary
from monitor.stages.telling import marked_headline, notices

DESCRIPTION_LENGTH = 200  # characters


def news_article(house: House, sheet: Sheet) -> dict[str, Any]:
    """The wire as schema.org's NewsArticle, with its sources as citations and what was corrected."""
    wire, revision = sheet.wire, sheet.revision
    newsroom = _newsroom(house)
    told: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": wire.tag,
        "url": sheet.address,
        "mainEntityOfPage": sheet.address,
        "headline": marked_headline(wire, revision),
        "description": description(sheet),
        "inLanguage": house.site.language,
        "isAccessibleForFree": True,
        "datePublished": _stamp(wire.first_published_at),
        "dateModified": _stamp(revision.published_at),
        "version": str(revision.number),
        "author": newsroom,
        "publisher": newsroom,
        "about": [{"@type": "Organization", "name": name} for _, name, _ in sheet.providers],
        "keywords": [*([sheet.line.severity.value] if sheet.line.severity else []), *(c for c, _, _ in sheet.codes)],
        "sameAs": [found.url for found in sheet.elsewhere if found.url is not None],
        "citation": [
            _citation(s.citation.title, s.url, s.citation.publisher_name, s.citation.published_at)
            for s in sheet.sources
        ],
        "correction": [
            {
                "@type": "CorrectionComment",
                "text": plain_summary(r.draft.note, 2000),
                "datePublished": _stamp(r.published_at),
            }
            for r in notices(wire, revision)
        ],
        "publishingPrinciples": house.url("/guide"),
        "correctionsPolicy": house.url("/corrections"),
    }
    if house.picture_path is not None:
        told["image"] = [house.url(house.picture_path)]
    return {name: value for name, value in told.items() if value not in (None, [])}


def site_of(house: House) -> dict[str, Any]:
    """The newsroom itself, on its front page."""
    return {
        "@context": "https://schema.org",
        "@type": "WebSite",
        "name": house.name,
        "url": house.url("/"),
        "inLanguage": house.site.language,
        "publisher": {**_newsroom(house), "publishingPrinciples": house.url("/guide")},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": house.url("/search?q={search_term_string}")},
            "query-input": "required name=search_term_string",
        },
    }


def dataset(house: House, name: str, text: str, path: str) -> dict[str, Any]:
    """One table of the statistics as schema.org's Dataset."""
    return {
        "@type": "Dataset",
        "name": name,
        "description": text,
        "creator": _newsroom(house),
        "distribution": [{"@type": "DataDownload", "encodingFormat": "text/csv", "contentUrl": house.url(path)}],
    }


def description(sheet: Sheet) -> str:
    """The beginning of the wire in plain words, for previews; what became of it stands in front."""
    text = plain_summary(sheet.revision.draft.body, DESCRIPTION_LENGTH)
    return f"{sheet.line.mark}. {text}" if sheet.line.mark else text


def open_graph(
    house: House, *, kind: str, title: str, text: str, path: str, sheet: Sheet | None = None
) -> tuple[tuple[str, str], ...]:
    """Pairs of Open Graph's properties. There is a picture only where the newsroom has one: previews show no SVG."""
    pairs = [
        ("og:site_name", house.name),
        ("og:type", kind),
        ("og:title", title),
        ("og:description", text),
        ("og:url", house.url(path)),
        ("og:locale", "en_GB" if house.site.language == "en" else house.site.language),
    ]
    if sheet is not None and (at := sheet.wire.first_published_at) is not None:
        pairs.append(("article:published_time", at.isoformat()))
        if sheet.revision.number > 1 and sheet.revision.published_at is not None:
            pairs.append(("article:modified_time", sheet.revision.published_at.isoformat()))
    if house.picture_path is not None and house.look.picture is not None:
        picture = house.look.picture
        pairs += [
            ("og:image", house.url(house.picture_path)),
            ("og:image:type", picture.media_type),
            ("og:image:width", str(picture.width)),
            ("og:image:height", str(picture.height)),
            ("og:image:alt", house.name),
        ]
    return tuple(pairs)


def _newsroom(house: House) -> dict[str, Any]:
    told: dict[str, Any] = {"@type": "NewsMediaOrganization", "name": house.name, "url": house.url("/")}
    if house.logo_path is not None:
        told["logo"] = {"@type": "ImageObject", "url": house.url(house.logo_path)}
    return told


def _citation(title: str, url: str | None, publisher: str, at: datetime | None) -> dict[str, Any]:
    told = {
        "@type": "CreativeWork",
        "name": title,
        "url": url,
        "publisher": {"@type": "Organization", "name": publisher},
        "datePublished": _stamp(at),
    }
    return {name: value for name, value in told.items() if value is not None}


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
