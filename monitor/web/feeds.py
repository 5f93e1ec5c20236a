"""The Atom feeds over HTTP: files that `publish` wrote, with validators, gzip and no cookie (O4)."""

from __future__ import annotations

import gzip
import hashlib
import re
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response

from monitor.errors import Unknown
from monitor.stages.atom import ALL_WIRES, MEDIA_TYPE, FeedName, provider_feed
from monitor.web.context import Context

MAX_AGE = 900  # seconds a reader may keep a feed before asking again

router = APIRouter(include_in_schema=False)


@router.api_route("/feed.atom", methods=["GET", "HEAD"])
def feed(request: Request) -> Response:
    """All wires."""
    return serve_feed(request, ALL_WIRES)


@router.api_route("/providers/{provider}/feed.atom", methods=["GET", "HEAD"])
def feed_of_provider(request: Request, provider: str) -> Response:
    """The wires that name one provider of the register."""
    context: Context = request.app.state.context
    for known in context.providers:
        if known.id == provider:
            return serve_feed(request, provider_feed(known))
    raise Unknown(f"There is no provider “{provider[:80]}” in the register.")


def serve_feed(request: Request, name: FeedName) -> Response:
    """The feed as it lies on disk; 304 where either validator says that the reader has it."""
    context: Context = request.app.state.context
    path = context.settings.public_dir / name.path.removeprefix("/")
    try:
        body, changed_at = path.read_bytes(), datetime.fromtimestamp(int(path.stat().st_mtime), UTC)
    except FileNotFoundError:
        return _not_yet(name)
    digest = hashlib.sha256(body).hexdigest()[:32]
    is_zipped = accepts_gzip(request.headers.get("accept-encoding", ""))
    headers = {
        "etag": f'"{digest}-gzip"' if is_zipped else f'"{digest}"',
        "last-modified": format_datetime(changed_at, usegmt=True),
        "cache-control": f"public, max-age={MAX_AGE}",
        "vary": "Accept-Encoding",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
    }
    if is_fresh(request, {f'"{digest}"', f'"{digest}-gzip"'}, changed_at):
        return Response(status_code=304, headers=headers)
    if is_zipped:
        body, headers["content-encoding"] = _zipped(path, body), "gzip"
    return Response(body, media_type=MEDIA_TYPE, headers=headers)


def accepts_gzip(header: str) -> bool:
    """Whether Accept-Encoding lets us send gzip (RFC 9110 12.5.3)."""
    for part in header.lower().split(","):
        coding, _, parameters = part.strip().partition(";")
        if coding.strip() in {"gzip", "x-gzip"}:
            quality = re.search(r"q=([0-9.]+)", parameters)
            return quality is None or quality[1].strip("0.") != ""
    return False


def is_fresh(request: Request, tags: set[str], changed_at: datetime) -> bool:
    """Whether the reader has what we would send; If-None-Match outweighs If-Modified-Since (RFC 9110 13.2.2)."""
    wanted = request.headers.get("if-none-match")
    if wanted is not None:
        given = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return "*" in given or bool(given & tags)
    since = request.headers.get("if-modified-since")
    if since is None:
        return False
    try:
        seen_at = parsedate_to_datetime(since)
    except ValueError:
        return False
    return changed_at <= (seen_at if seen_at.tzinfo else seen_at.replace(tzinfo=UTC))


def _zipped(path: Path, body: bytes) -> bytes:
    """The gzip form that lies beside the file, if it is of the same bytes; a publication may be under way."""
    try:
        stored = path.with_name(path.name + ".gz").read_bytes()
        if gzip.decompress(stored) == body:
            return stored
    except (OSError, EOFError, gzip.BadGzipFile):
        pass
    return gzip.compress(body, 9, mtime=0)


def _not_yet(name: FeedName) -> Response:
    if name is ALL_WIRES:
        words = "The feed has not been rendered yet. Ask again in a minute.\n"
        return PlainTextResponse(words, 503, headers={"retry-after": "60", "cache-control": "no-store"})
    raise Unknown("No wire names this provider yet, so it has no feed. The feed of all wires is at /feed.atom.")
