"""`monitor feeds`: the combined feeds that are kept current, and keeping one before anybody asks."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from monitor.cli.publication import PANEL, rules_of
from monitor.cli.shell import open_shell, out, print_json
from monitor.errors import Unknown
from monitor.jobs.feeds import ask_for_feed
from monitor.jobs.sections.feeds import Feeds
from monitor.model.feeds import AskedFeed, FeedAddress, FeedFormat
from monitor.stages.feed_names import path_of, read_spelling
from monitor.store.feeds import list_asked_feeds
from monitor.web.house import house_of


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    app.command("feeds", rich_help_panel=PANEL)(feeds)


def feeds(
    keep: Annotated[
        str, typer.Option("--keep", metavar="PATH", help="Keep this feed current from now on.", show_default=False)
    ] = "",
    json: Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")] = False,
) -> None:
    """List the combined feeds that are kept current: those that somebody asked for. Feeds of one facet always are.

    With --keep one is kept before anybody asks, so that a static copy of the site has it, too. Any spelling will do.

    Example: monitor feeds --keep /feeds/provider/openai/sev/1-2.atom
    """
    with open_shell() as shell:
        if keep:
            rules = rules_of(shell)
            address = read_spelling(keep, rules.index, rules.codebook)
            if address is None:
                raise Unknown(f"{keep[:200]} is the address of no feed: it is built at /feeds. Nothing was changed.")
            section = Feeds(house_of(shell.settings, rules))
            ask_for_feed(shell.database, shell.clock, section, address, public_dir=shell.settings.public_dir)
        with shell.database.read() as tx:
            kept = list_asked_feeds(tx)
    if json:
        print_json([{"path": _path(f), "asked_at": f.asked_at, "event_count": f.event_count} for f in kept])
    elif not kept:
        out.print("No combined feed is kept yet. Whoever asks for one first has it made; --keep makes one now.")
    else:
        table = Table("Feed", "Revisions", "Since", box=None, pad_edge=False, header_style="bold")
        for feed in kept:
            table.add_row(_path(feed), str(feed.event_count), feed.asked_at.strftime("%Y-%m-%d"))
        out.print(table)


def _path(feed: AskedFeed) -> str:
    return path_of(FeedAddress(wanted=feed.wanted, format=FeedFormat.ATOM))
