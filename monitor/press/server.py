"""The simulated press on loopback: one port, publishers told apart by Host, everything as of the clock's `now()`.

`http://<publisher>.localhost:PORT/` serves feeds, article pages, status pages and robots.txt; `press.localhost` is the
control host: /truth.json, /feeds.yaml and /providers.yaml. Nothing leaves 127.0.0.1, and nothing in it exists.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import threading
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import format_datetime
from functools import cached_property
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType

from monitor.model import Clock
from monitor.press import feeds, pages
from monitor.press.edition import Edition, Relay, Telling, compose
from monitor.press.events import PressPublisher, PressSource, read_providers, read_publishers
from monitor.press.feeds import Channel, FeedEntry
from monitor.press.truth import Truth, find_truth

CONTROL_HOST = "press"
EXCERPT_WORDS = 40
AMP = "/amp"  # what is added to an address for phones
OWNERS_IN_FEEDS = frozenset({"Halfpenny Media"})  # the others are known by the register of owners
CLOSED_TO_ROBOTS = "machine-ledger"  # its article pages are closed to robots: its feed carries the whole text
_HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request that arrived."""

    at: datetime  # by the press's clock
    method: str
    host: str  # publisher id
    path: str
    headers: dict[str, str]  # names in lower case
    status: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent back, before conditions and compression."""

    body: bytes
    content_type: str = _HTML
    status: int = 200
    modified_at: datetime | None = None
    validators: str = "both"
    max_age: int | None = None


class Press:
    """A simulated press; a context manager that serves between start() and stop()."""

    def __init__(
        self, clock: Clock, *, seed: int = 1, start: datetime, port: int = 0, records_requests: bool = False
    ) -> None:
        if start.tzinfo is None:
            raise ValueError("the press needs an aware start")
        self._clock = clock
        self.edition: Edition = compose(seed=seed, start=start)
        self.requests: list[Request] = []
        self._records = records_requests
        self._lock = threading.Lock()
        self._publishers = {p.id: p for p in read_publishers()}
        self._pages = {t.key: t for t in self.edition.tellings}
        self._server = _Server(("127.0.0.1", port), self)
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Serve in a thread of its own."""
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="press", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving and free the port."""
        if self._thread is not None:
            self._server.shutdown()
            self._thread.join()
            self._thread = None
        self._server.server_close()

    def __enter__(self) -> Press:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def root(self, publisher: str) -> str:
        """The address of a publisher's site, without a slash at the end."""
        return f"http://{publisher}.localhost:{self.port}"

    def url_of(self, telling: Telling) -> str:
        """The canonical address of an article."""
        return self.root(telling.publisher.id) + telling.path

    def markup_of(self, telling: Telling) -> str:
        """An article's text now, as its feed has it: of a status page, the updates so far."""
        write = feeds.write_update if telling.role == "status" else feeds.write_paragraph
        return "".join(map(write, telling.in_feed(self._clock.now()).text.paragraphs))

    @cached_property
    def truth(self) -> Truth:
        """What there is to find out."""
        return find_truth(self.edition, self.url_of)

    def catalogue_yaml(self) -> str:
        """A feeds.yaml for these sources; whom the register of owners knows is not said here again."""
        said = ["# The simulated press: everything in it is invented.", "publishers:"]
        for publisher in self._publishers.values():
            owner = f", owner: {json.dumps(publisher.owner)}" if publisher.owner in OWNERS_IN_FEEDS else ""
            said.append(
                f"  - {{id: {publisher.id}, name: {json.dumps(publisher.name)}, domains: [{publisher.id}.localhost]"
                f"{owner}}}"
            )
        said.append("sources:")
        for publisher in self._publishers.values():
            said += [self._catalogue_line(publisher, source) for source in publisher.sources]
        return "\n".join(said) + "\n"

    def owners_yaml(self) -> str:
        """The register of owners that goes with it: the agency, the groups, and every paper by its name."""
        groups: dict[str, list[PressPublisher]] = {}
        for publisher in self._publishers.values():
            groups.setdefault(publisher.owner or publisher.name, []).append(publisher)
        said = ["# The simulated press: everything in it is invented.", 'version: "press"', "owners:"]
        for owner, publishers in groups.items():
            said.append(f"  - owner: {json.dumps(owner)}\n    kind: {_kind(publishers[0])}\n    publishers:")
            said += [f"      {json.dumps(p.name)}: {p.id}.localhost" for p in publishers]
        return "\n".join(said) + "\n"

    def _catalogue_line(self, publisher: PressPublisher, source: PressSource) -> str:
        fields = {
            "id": source.id,
            "name": source.name,
            "url": self.root(publisher.id) + source.path,
            "origin": source.origin,
            "tier": source.tier,
            "publisher": publisher.id,
            "language": publisher.language,
        }
        if source.section == "status":
            fields["kind"] = "status"
        if publisher.provider:
            fields["provider"] = publisher.provider
        said = ", ".join(f"{key}: {json.dumps(value)}" for key, value in fields.items())
        if publisher.kind == "aggregator":
            said += ", aggregator: true"
        return f"  - {{{said}}}"

    def providers_yaml(self) -> str:
        """A provider register of the invented providers."""
        said = ["# The invented providers of the simulated press.", "providers:"]
        for provider in read_providers():
            said.append("  - " + json.dumps({k: provider[k] for k in ("id", "name", "aliases")}, ensure_ascii=False))
        return "\n".join(said) + "\n"

    # --- answering ----------------------------------------------------------------------------------------------

    def answer(self, host: str, path: str) -> Answer:
        """What `host` (a publisher's id) says at `path` now."""
        now = self._clock.now()
        if host == CONTROL_HOST:
            return self._control(path)
        publisher = self._publishers.get(host.removeprefix("m."))
        if publisher is None:
            return Answer(status=404, body=b"<p>No such publisher.</p>")
        if path == "/robots.txt":
            return Answer(body=_robots(publisher).encode(), content_type="text/plain; charset=utf-8")
        if path == "/":
            return self._front(publisher, now)
        for source in publisher.sources:
            if path == source.path:
                return self._feed(publisher, source, now)
        telling = self._find(publisher, path)
        if telling is None or telling.published_at > now:
            return Answer(status=404, body=f"<h1>Not found</h1><p>{escape(publisher.name)}</p>".encode())
        if publisher.is_paywalled:
            return Answer(status=403, body=f"<h1>{escape(publisher.name)}</h1><p>For subscribers only.</p>".encode())
        return self._page(telling, now)

    def _find(self, publisher: PressPublisher, path: str) -> Telling | None:
        """The article at `path`, with or without trackers, or its page for phones."""
        plain = _without_tracking(path)
        return self._pages.get(publisher.id + plain) or self._pages.get(publisher.id + plain.removesuffix(AMP))

    def _control(self, path: str) -> Answer:
        match path:
            case "/truth.json":
                return Answer(body=self.truth.to_json().encode(), content_type="application/json")
            case "/feeds.yaml":
                return Answer(body=self.catalogue_yaml().encode(), content_type="text/yaml; charset=utf-8")
            case "/providers.yaml":
                return Answer(body=self.providers_yaml().encode(), content_type="text/yaml; charset=utf-8")
            case "/owners.yaml":
                return Answer(body=self.owners_yaml().encode(), content_type="text/yaml; charset=utf-8")
            case "/":
                links = "".join(
                    f'<li><a href="{self.root(p.id)}/">{escape(p.name)}</a></li>' for p in self._publishers.values()
                )
                return Answer(
                    body=f"<!doctype html><title>Simulated press</title><h1>All invented</h1><ul>{links}</ul>".encode()
                )
            case _:
                return Answer(status=404, body=b"<p>Not here.</p>")

    def _front(self, publisher: PressPublisher, now: datetime) -> Answer:
        newest = [t for t in self._out(now) if t.publisher.id == publisher.id][: feeds.NEWEST]
        links = [(self.url_of(t), t.page(now).text.title) for t in newest]
        return Answer(body=pages.write_front(publisher, links))

    def _out(self, now: datetime) -> list[Telling]:
        """What is published at `now`, newest first."""
        return [t for t in reversed(self.edition.tellings) if t.published_at <= now]

    def _page(self, telling: Telling, now: datetime) -> Answer:
        version = telling.page(now)
        before = [
            t for t in self._out(telling.published_at)
            if t.publisher.id == telling.publisher.id and t.key != telling.key
        ][:3]  # fmt: skip
        page = pages.ArticlePage(
            publisher=telling.publisher,
            url=self.url_of(telling),
            text=version.text,
            byline=telling.byline,
            published_at=telling.published_at,
            modified_at=version.at,
            related=[(self.url_of(t), t.versions[0].text.title) for t in before],
            feeds=[
                (self.root(telling.publisher.id) + s.path, feeds.CONTENT_TYPES[s.format].partition(";")[0])
                for s in telling.publisher.sources
            ],
            syndicated_from=self._syndicated_from(telling),
            amp="" if "?" in telling.path or telling.role == "status" else self.url_of(telling) + AMP,
        )
        write = pages.write_status if telling.role == "status" else pages.write_article
        return Answer(body=write(page), modified_at=version.at, validators=telling.source.validators)

    def _syndicated_from(self, telling: Telling) -> str:
        is_said = telling.credit == "syndication" and telling.copy_of is not None
        return self.url_of(self._pages[telling.copy_of or ""]) if is_said else ""

    def _feed(self, publisher: PressPublisher, source: PressSource, now: datetime) -> Answer:
        how = _broken(publisher, self.edition.start, now) if source is publisher.sources[0] else None
        if how == "error":
            return Answer(status=500, body=b"<h1>Internal Server Error</h1>")
        entries = self._relayed(now) if publisher.kind == "aggregator" else self._entries(source, now)
        updated = max((e.updated_at for e in entries), default=self.edition.start)
        channel = Channel(
            title=source.name,
            site=self.root(publisher.id) + "/",
            url=self.root(publisher.id) + source.path,
            language=publisher.language,
            updated_at=updated,
            entries=entries,
        )
        body = feeds.write_feed(channel, source.format)
        if how == "malformed":  # cut off in the middle, after an entity that does not exist
            body = body[: len(body) * 6 // 10] + b"\n<title>Fish & chips &nosuch; <b>"
        return Answer(
            body=body,
            content_type=feeds.CONTENT_TYPES[source.format],
            modified_at=updated,
            validators=source.validators,
            max_age=source.max_age,
        )

    def _entries(self, source: PressSource, now: datetime) -> list[FeedEntry]:
        again = {r.target: r.at for r in self.edition.revivals if r.at <= now}
        own = [t for t in self._out(now) if t.source.id == source.id]
        shown = sorted(own, key=lambda t: again.get(t.key, t.published_at), reverse=True)[: feeds.NEWEST]
        return [self._again(t.key, again[t.key], now) if t.key in again else self._entry(t, now) for t in shown]

    def _again(self, key: str, at: datetime, now: datetime) -> FeedEntry:
        """An old item as if it were new: another date, another guid, the same page."""
        entry = self._entry(self._pages[key], now)
        return replace(entry, guid=f"{entry.guid}#{at:%Y%m%d}", is_permalink=False, published_at=at, updated_at=at)

    def _entry(self, telling: Telling, now: datetime) -> FeedEntry:
        version = telling.in_feed(now)
        url = self.url_of(telling)
        is_permalink = telling.publisher.links in {"slug", "html", "date"} and telling.source.format != "json11"
        paragraphs = version.text.paragraphs
        is_full = telling.source.entry == "full"
        return FeedEntry(
            guid=url if is_permalink else f"urn:{telling.publisher.id}:{telling.path.strip('/?')}",
            is_permalink=is_permalink,
            url=_with_tracking(url) if telling.source.has_tracking else url,
            title=version.text.title,
            published_at=telling.published_at,
            updated_at=version.at,
            author=telling.byline,
            summary="" if telling.source.entry == "headline" else excerpt(paragraphs),
            content=self.markup_of(telling) if is_full else None,
            is_dated=not telling.source.is_undated,
            source=telling.credited if telling.credit == "dc-source" else "",
        )

    def _relayed(self, now: datetime) -> list[FeedEntry]:
        out = sorted((r for r in self.edition.relays if r.at <= now), key=lambda r: r.at, reverse=True)
        return [self._relay(r) for r in out[: feeds.NEWEST]]

    def _relay(self, relay: Relay) -> FeedEntry:
        telling = self._pages[relay.target]
        return FeedEntry(
            guid=f"urn:morning-skim:{relay.at:%Y%m%d%H%M}",
            is_permalink=False,
            url=_with_tracking(self._address(telling, relay.form)),
            title=relay.title,
            published_at=relay.at,
            updated_at=relay.at,
            author="Skim",
            summary=f"Seen at {telling.publisher.name}.",
            content=None,
        )

    def _address(self, telling: Telling, form: str) -> str:
        match form:
            case "amp":
                return self.url_of(telling) + AMP
            case "mobile":
                return self.root(f"m.{telling.publisher.id}") + telling.path
            case _:
                return self.url_of(telling)

    def record(self, request: Request) -> None:
        """Keep `request`, where asked to."""
        if self._records:
            with self._lock:
                self.requests.append(request)

    def now(self) -> datetime:
        """The instant by the press's clock."""
        return self._clock.now()


def excerpt(paragraphs: tuple[str, ...]) -> str:
    """The beginning of an article, as feeds give it."""
    words = " ".join(paragraphs[:2]).split()
    return " ".join(words[:EXCERPT_WORDS]) + (" ..." if len(words) > EXCERPT_WORDS else "")


def _with_tracking(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}utm_source=rss&utm_medium=feed&utm_campaign=syndication"


def _without_tracking(path: str) -> str:
    head, _, query = path.partition("?")
    kept = "&".join(p for p in query.split("&") if p and not p.startswith("utm_"))
    return f"{head}?{kept}" if kept else head


def _kind(publisher: PressPublisher) -> str:
    match publisher.kind:
        case "agency":
            return "agency"
        case "provider":
            return "company"
        case "regulator" | "court":
            return "public"
        case _:
            return "press"


def _robots(publisher: PressPublisher) -> str:
    closed = "/news/" if publisher.id == CLOSED_TO_ROBOTS else "/search"
    return f"User-agent: *\nDisallow: {closed}\nCrawl-delay: 1\n"


def _broken(publisher: PressPublisher, start: datetime, now: datetime) -> str | None:
    if publisher.breaks is None:
        return None
    first, last, how = publisher.breaks
    return how if first <= (now - start).total_seconds() / 86_400 < last else None


# --- HTTP ---------------------------------------------------------------------------------------------------------


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], press: Press) -> None:
        self.press = press
        super().__init__(address, _Exchange)


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SimulatedPress"
    sys_version = ""
    timeout = 15  # an idle connection is closed
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        self._respond(has_body=True)

    def do_HEAD(self) -> None:
        self._respond(has_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
        """Silence: whoever wants to know records requests."""

    def _respond(self, *, has_body: bool) -> None:
        press = self.server.press
        host = (self.headers.get("Host") or "").partition(":")[0].removesuffix(".localhost").lower()
        found = press.answer(host, self.path)
        headers, body, status = self._headers(found)
        sent = {name.lower(): value for name, value in self.headers.items()}
        press.record(
            Request(at=press.now(), method=self.command, host=host, path=self.path, headers=sent, status=status)
        )
        self.send_response_only(status)
        self.send_header("Date", format_datetime(press.now(), usegmt=True))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if has_body and status != 304:
            self.wfile.write(body)

    def _headers(self, found: Answer) -> tuple[dict[str, str], bytes, int]:
        headers = {"Content-Type": found.content_type, "Vary": "Accept-Encoding"}
        body, zipped = found.body, "gzip" in (self.headers.get("Accept-Encoding") or "")
        if found.status == 200:
            headers |= _validators(found, is_zipped=zipped)
            if found.max_age is not None:
                headers["Cache-Control"] = f"max-age={found.max_age}"
            if self._is_unchanged(headers):
                return {k: v for k, v in headers.items() if k != "Content-Type"}, b"", 304
        if zipped:
            body = gzip.compress(body, 5, mtime=0)
            headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(body))
        return headers, body, found.status

    def _is_unchanged(self, headers: dict[str, str]) -> bool:
        """RFC 9110 13.2.2: If-None-Match first; If-Modified-Since only where it is absent."""
        asked = self.headers.get("If-None-Match")
        if asked is not None:
            return "ETag" in headers and headers["ETag"] in {tag.strip() for tag in asked.split(",")}
        since = self.headers.get("If-Modified-Since")
        return since is not None and headers.get("Last-Modified") == since


def _validators(found: Answer, *, is_zipped: bool) -> dict[str, str]:
    headers = {}
    if found.validators in {"both", "etag"}:
        digest = hashlib.sha256(found.body).hexdigest()[:16]
        headers["ETag"] = f'"{digest}-gzip"' if is_zipped else f'"{digest}"'
    if found.validators in {"both", "date"} and found.modified_at is not None:
        headers["Last-Modified"] = format_datetime(found.modified_at, usegmt=True)
    return headers
