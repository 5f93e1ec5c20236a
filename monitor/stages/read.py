"""The bytes of a source → entries, by the kind of the source."""

from __future__ import annotations

from monitor.model import Kind, ParsedFeed, Unparsable
from monitor.stages.listing import read_listing
from monitor.stages.parse import parse_feed
from monitor.stages.sitemap import read_whole_sitemap
from monitor.stages.status import read_status


def read_document(
    body: bytes,
    *,
    kind: Kind,
    selector: str | None = None,
    url: str,
    content_type: str | None = None,
) -> ParsedFeed | Unparsable:
    """What the document says, whatever kind it is of: never raises for the document's sake."""
    match kind:
        case Kind.FEED | Kind.MAILBOX:
            return parse_feed(body, url=url, content_type=content_type)
        case Kind.STATUS:
            return read_status(body, url=url, content_type=content_type)
        case Kind.PAGE:
            return read_listing(body, url=url, selector=selector, content_type=content_type)
        case Kind.SITEMAP:
            return read_whole_sitemap(body, url=url, content_type=content_type)
