"""`monitor sources try`: what an address would be followed as, before it is added."""

from __future__ import annotations

from typing import Any

import typer

from monitor.cli.shell import err, out, print_json, progress_bar, read_edge
from monitor.clock import SystemClock
from monitor.jobs.discover import discover
from monitor.jobs.workers import Workers
from monitor.log import clean_line
from monitor.model import Discovery, Entry, Finding
from monitor.net.client import Fetcher, user_agent
from monitor.settings import Settings

_MOST_TEXT = 100  # characters of a title in the list


def register_try(sources: typer.Typer) -> None:
    """Add `try` to the group of commands about sources."""

    @sources.command("try")
    def try_command(
        url: str = typer.Argument(
            help="Address of a feed, a status page, a sitemap, or any page; https where it names none."
        ),
        selector: str | None = typer.Option(
            None, "--selector", help="CSS selector of a page's links, instead of ours."
        ),
        as_json: bool = typer.Option(False, "--json", help="Print everything as one JSON object."),
    ) -> None:
        """Show what an address would be followed as, and what it would bring, before it is added. Nothing is stored.

        The best way comes first. For a page without a feed it names the selector that finds its articles, what that
        finds now, and other selectors to choose from.

        Example: monitor sources try openai.com/news
        Example: monitor sources try https://example.org/news --selector ".card a"
        """
        discovery = find(read_edge(), url, selector=selector)
        if as_json:
            print_json(plain(discovery))
        else:
            say(discovery)
        if discovery.best is None:
            raise typer.Exit(1)


def find(settings: Settings, url: str, *, selector: str | None = None) -> Discovery:
    """Discover with a client and workers of its own; needs no database."""
    clock = SystemClock()
    with (
        Fetcher(
            user_agent=user_agent(settings.contact, settings.base_url), clock=clock, allow=settings.allow_addresses
        ) as fetcher,
        Workers(1, expects_pages=False) as workers,
        progress_bar("try") as progress,
    ):
        return discover(fetcher, workers, url=url, clock=clock, selector=selector, progress=progress)


def say(discovery: Discovery) -> None:
    """The findings, best first; where there is none, why, on standard error."""
    if discovery.best is None:
        err.print(_line(discovery.why), markup=False, soft_wrap=True)
        return
    count = len(discovery.found)
    out.print(
        f"{_line(discovery.url)}: {'one way' if count == 1 else f'{count} ways'} to follow it"
        + (", the best first." if count > 1 else "."),
        markup=False,
        soft_wrap=True,
    )
    for place, finding in enumerate(discovery.found, start=1):
        _say_finding(place, finding, is_best=place == 1)
    for note in discovery.notes:
        out.print(f"Note: {_line(note)}", markup=False, soft_wrap=True)


def plain(discovery: Discovery) -> dict[str, Any]:
    """The discovery as JSON has it, with only what a script needs of entries."""
    return {
        "url": discovery.url,
        "why": discovery.why,
        "notes": discovery.notes,
        "found": [_plain_finding(finding) for finding in discovery.found],
    }


def _say_finding(place: int, finding: Finding, *, is_best: bool) -> None:
    lines = [
        f"{place}. {finding.kind.value}  {_line(finding.url)}",
        f"   {_line(finding.suggested_name)}" + (f", in {finding.language}" if finding.language else ""),
        f"   {_line(finding.why)}",
    ]
    if finding.selector is not None:
        lines.append(f"   selector: {_line(finding.selector)}")
    lines += [
        f"     {_when(entry)}  {_title(entry)}" for entry in (finding.entries if is_best else finding.entries[:2])
    ]
    others = [proposal for proposal in finding.proposals if proposal.selector != finding.selector]
    lines += [f"   or: {_line(proposal.selector)}  ({_line(proposal.why)})" for proposal in others]
    lines += [f"   note: {_line(note)}" for note in finding.notes]
    if is_best:
        lines.append(f"   as: id {_line(finding.suggested_id)}, publisher {_line(finding.suggested_domain)}")
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def _plain_finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind.value,
        "url": finding.url,
        "selector": finding.selector,
        "title": finding.title,
        "language": finding.language,
        "format": finding.format,
        "suggested_id": finding.suggested_id,
        "suggested_name": finding.suggested_name,
        "suggested_domain": finding.suggested_domain,
        "entry_count": finding.entry_count,
        "entries": [_plain_entry(entry) for entry in finding.entries],
        "proposals": [
            {
                "selector": proposal.selector,
                "count": proposal.count,
                "dated_count": proposal.dated_count,
                "why": proposal.why,
                "sample": [_plain_entry(entry) for entry in proposal.sample],
            }
            for proposal in finding.proposals
        ],
        "why": finding.why,
        "notes": finding.notes,
    }


def _plain_entry(entry: Entry) -> dict[str, Any]:
    return {"title": entry.title, "url": entry.url, "published_at": entry.published_at or entry.updated_at}


def _when(entry: Entry) -> str:
    dated = entry.published_at or entry.updated_at
    return f"{dated:%Y-%m-%d}" if dated is not None else "no date   "


def _title(entry: Entry) -> str:
    said = _line(entry.title or entry.url or "without a title")
    return said if len(said) <= _MOST_TEXT else said[: _MOST_TEXT - 1] + "…"


def _line(text: str) -> str:
    return clean_line(text)
