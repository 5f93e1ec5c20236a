"""`monitor extract`, and two commands that read files the way the newsroom reads the web: parse-feed, extract-page."""

from __future__ import annotations

import gzip
import re
import zlib
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import typer

from monitor.cli.shell import open_shell, out, print_json, progress_bar, read_edge, rulebook
from monitor.jobs.extract import extract
from monitor.jobs.workers import Workers
from monitor.model import Entry, FetchRequest, Page, ParsedFeed, Unparsable
from monitor.net.client import Fetcher, user_agent

FILE_LIMIT = FetchRequest(url="").max_bytes  # the same as off the web
_AHEAD = 4  # files a worker is given before their turn to be printed

T = TypeVar("T")


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command("extract", rich_help_panel="The pipeline")
    def extract_command(
        limit: int | None = typer.Option(None, min=1, help="Take up at most so many entries."),
        as_json: bool = typer.Option(False, "--json", help="Print the report as one JSON object."),
    ) -> None:
        """Fetch the page of every new entry and keep its text, its facts and a snapshot.

        A page is asked for once, one request at a time per host; robots.txt is obeyed. Where a page cannot be had, the
        feed's own text makes the article, with a note that says why.

        Example: monitor extract --limit 100
        """
        settings = read_edge()
        with (
            open_shell(settings) as shell,
            Fetcher(
                user_agent=user_agent(settings.contact, settings.base_url),
                clock=shell.clock,
                allow=settings.allow_addresses,
            ) as fetcher,
            Workers(settings.workers) as workers,
            progress_bar("extract") as progress,
        ):
            report = extract(
                shell.database,
                shell.clock,
                fetcher,
                workers,
                owner=shell.owner,
                providers=rulebook(settings).index,
                limit=limit,
                progress=progress,
            )
        if as_json:
            print_json(report)
        else:
            out.print(str(report))

    @app.command("parse-feed", rich_help_panel="Look at files")
    def parse_feed_command(files: list[Path] = typer.Argument(help="Feed documents; gzip is fine.")) -> None:
        """Read feed files as the newsroom would: one JSON object a line and file, in the order given.

        Each has file, format, title and entries (id, url, title, published, updated, author, summary, content), or file
        and error. One bad file never stops the others. Needs no database.

        Example: monitor parse-feed feeds/*.xml | jq -r '.entries[].title'
        """
        with Workers(read_edge().workers, expects_pages=False) as workers:
            _print_each(files, lambda body: workers.parse_feed(body, url=""), _feed, workers.count)

    @app.command("extract-page", rich_help_panel="Look at files")
    def extract_page_command(
        files: list[Path] = typer.Argument(help="HTML pages; gzip is fine."),
        url: str = typer.Option("", help="Where the page was found; else its own canonical address is taken."),
    ) -> None:
        """Read page files as the newsroom would: one JSON object a line and file, in the order given.

        Each has file, url, title, text, author, published and language, or file and error. One bad file never stops the
        others. Needs no database.

        Example: monitor extract-page page.html --url https://example.org/story
        """
        with Workers(read_edge().workers) as workers:
            _print_each(
                files, lambda body: workers.extract_page(body, url=url), lambda page: _page(page, url), workers.count
            )


def _print_each(
    files: Sequence[Path],
    read: Callable[[bytes], Future[T | Unparsable]],
    show: Callable[[T], dict[str, Any]],
    worker_count: int,
) -> None:
    """A line per file, in order, while the workers are kept a little ahead."""
    for file, answer in _ahead(files, read, worker_count * _AHEAD):
        found = answer if isinstance(answer, str) else answer.result()
        if isinstance(found, Unparsable):
            found = found.detail
        print_json({"file": str(file), **({"error": found} if isinstance(found, str) else show(found))})


def _ahead(
    files: Sequence[Path], read: Callable[[bytes], Future[T | Unparsable]], depth: int
) -> Iterator[tuple[Path, Future[T | Unparsable] | str]]:
    waiting: deque[tuple[Path, Future[T | Unparsable] | str]] = deque()
    for file in files:
        body = _read(file)
        waiting.append((file, body if isinstance(body, str) else read(body)))
        if len(waiting) > depth:
            yield waiting.popleft()
    yield from waiting


def _read(file: Path) -> bytes | str:
    """The file's bytes, unpacked; or in words why not."""
    try:
        with file.open("rb") as raw:
            is_packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            with gzip.GzipFile(fileobj=raw) if is_packed else raw as opened:
                body = opened.read(FILE_LIMIT + 1)
    except (OSError, EOFError, zlib.error) as error:
        return f"cannot be read: {getattr(error, 'strerror', None) or error}"
    return body if len(body) <= FILE_LIMIT else f"more than {FILE_LIMIT} bytes: not read"


def _feed(feed: ParsedFeed) -> dict[str, Any]:
    return {"format": feed.format, "title": feed.title, "entries": [_entry(entry) for entry in feed.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.guid,
        "url": entry.url,
        "title": entry.title,
        "published": _date(entry.published, entry.published_at),
        "updated": _date(entry.updated, entry.updated_at),
        "author": entry.author,
        "summary": entry.summary,
        "content": entry.content,
    }


def _page(page: Page, url: str) -> dict[str, Any]:
    return {
        "url": url or page.canonical_url,
        "title": page.title,
        "text": page.text,
        "author": page.author,
        "published": _date(page.published, page.published_at),
        "language": page.language,
    }


def _date(claim: str | None, instant: datetime | None) -> str | None:
    """ISO 8601 where the claim can be read, else the claim. One that is ISO already keeps its zone and precision."""
    if claim is None or instant is None or re.match(r"\d{4}-\d\d-\d\d", claim):
        return claim
    return instant.isoformat()
