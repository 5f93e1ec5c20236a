"""`monitor sources add`, `edit`, `adopt` and `remove`: what feeds.yaml says, changed from the command line."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Annotated

import typer

from monitor.cli.catalogue import provider_ids
from monitor.cli.discovery import find, say
from monitor.cli.shell import COMMAND_LINE, Shell, err, open_shell, out, sources_file
from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.catalogue import add_source, adopt_url, change_source, current_catalogue, remove_source
from monitor.jobs.sync import SyncReport
from monitor.log import clean_line
from monitor.model import Catalogue, Kind, Origin, PublisherId, Source, SourceId, Tier
from monitor.stages.address import url_fault
from monitor.stages.catalogue_lines import source_values
from monitor.stages.newcomer import Newcomer, Reception, Wish, with_finding

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}

_Id = Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
_Name = Annotated[str | None, typer.Option("--name", help="As editors see it.", show_default=False)]
_Origin = Annotated[Origin | None, typer.Option("--origin", help="What kind of voice it is.", show_default=False)]
_Tier = Annotated[Tier | None, typer.Option("--tier", help="How near to what happened.", show_default=False)]
_Publisher = Annotated[
    str | None, typer.Option("--publisher", help="Id of its publisher, or the name of a new one.", show_default=False)
]
_Kind = Annotated[Kind | None, typer.Option("--kind", help="How it is read.", show_default=False)]
_Selector = Annotated[
    str | None, typer.Option("--selector", help="CSS selector of a page's links.", show_default=False)
]
_Every = Annotated[
    str | None, typer.Option("--every", help="Distance of polls, such as 30m, 2h or 1d.", show_default=False)
]
_Provider = Annotated[
    str | None, typer.Option("--provider", help="The AI provider it speaks of or for.", show_default=False)
]
_Language = Annotated[str | None, typer.Option("--language", help="Such as en or pt-BR.", show_default=False)]


def register_edits(sources: typer.Typer) -> None:
    """Add the commands of this module to the group."""

    @sources.command("add")
    def add(
        url: Annotated[
            str,
            typer.Argument(metavar="URL", help="Of a feed, page, sitemap or status page; or imaps://user@host/FOLDER."),
        ],
        name: _Name = None,
        origin: _Origin = None,
        tier: _Tier = None,
        publisher: _Publisher = None,
        key: Annotated[str | None, typer.Option("--id", help="Id of the new source.", show_default=False)] = None,
        kind: _Kind = None,
        selector: _Selector = None,
        every: _Every = None,
        provider: _Provider = None,
        language: _Language = None,
        aggregator: Annotated[bool, typer.Option("--aggregator", help="It links to others' pages.")] = False,
        yes: _Yes = False,
    ) -> None:
        """Follow an address: find out what it is, show what it brings, and write it into feeds.yaml.

        What is not said is found out, and said aloud: kind and address by looking, the publisher by its domain, origin
        and tier as its publisher's other sources have them. On a terminal it asks once.

        Example: monitor sources add openai.com/news --yes
        Example: monitor sources add imaps://desk%40example.org@imap.example.org/INBOX --name "Letters"
        """
        with open_shell() as shell:
            catalogue, providers = current_catalogue(sources_file(shell.settings)), provider_ids(shell.settings)
            wish = Wish(
                url=url,
                id=key,
                name=name,
                origin=origin,
                tier=tier,
                publisher=publisher,
                provider=provider,
                language=language,
                cadence=_cadence(every),
                is_aggregator=aggregator,
            )
            Reception(catalogue).check(wish)
            wish = _looked_at(shell, catalogue, wish, kind, selector)
            newcomer = Reception(catalogue).receive(wish)
            _tell(newcomer)
            _confirm(f"Write {newcomer.source.id} into {sources_file(shell.settings).edited()}?", yes)
            report = add_source(
                shell.database,
                shell.clock,
                file=sources_file(shell.settings),
                source=newcomer.source,
                publisher=newcomer.publisher,
                by=COMMAND_LINE,
                providers=providers,
            )
            _say(shell, report, f"{newcomer.source.id} is added")
            if newcomer.source.kind is Kind.MAILBOX:
                err.print(f"Now its password: monitor sources password {newcomer.source.id}", markup=False)

    @sources.command("edit")
    def edit(
        source: _Id,
        url: Annotated[str | None, typer.Option("--url", help="Another address.", show_default=False)] = None,
        name: _Name = None,
        every: _Every = None,
        selector: _Selector = None,
        kind: _Kind = None,
        origin: _Origin = None,
        tier: _Tier = None,
        publisher: _Publisher = None,
        provider: _Provider = None,
        language: _Language = None,
        aggregator: Annotated[bool | None, typer.Option(help="It links to others' pages.", show_default=False)] = None,
    ) -> None:
        """Change what feeds.yaml says of a source; an empty value ("") takes a key out.

        Example: monitor sources edit gazette --every 2h --language ""
        """
        with open_shell() as shell:
            file = sources_file(shell.settings)
            known = _known(current_catalogue(file), source)
            said = {"url": url, "name": name, "kind": kind, "origin": origin, "tier": tier, "is_aggregator": aggregator}
            changes: dict[str, object] = {field: value for field, value in said.items() if value is not None}
            optional = {"selector": selector, "provider": provider, "language": language}
            changes |= {field: value or None for field, value in optional.items() if value is not None}
            if publisher is not None:
                changes["publisher"] = PublisherId(publisher)
            if every is not None:
                changes["cadence"] = _cadence(every)
            if kind is not None and kind is not Kind.PAGE and selector is None:
                changes["selector"] = None
            report = change_source(
                shell.database,
                shell.clock,
                file=file,
                source=replace(known, **changes),  # type: ignore[arg-type]
                by=COMMAND_LINE,
                providers=provider_ids(shell.settings),
            )
            _say(shell, report, f"{source} is changed" if changes else f"{source} stays as it is")

    @sources.command("adopt")
    def adopt(source: _Id) -> None:
        """Write the address that a permanent redirect taught into feeds.yaml; nothing starts anew.

        Example: monitor sources adopt gazette
        """
        with open_shell() as shell:
            report = adopt_url(
                shell.database,
                shell.clock,
                file=sources_file(shell.settings),
                source=SourceId(source),
                by=COMMAND_LINE,
                providers=provider_ids(shell.settings),
            )
            _say(shell, report, f"{source} has its new address in feeds.yaml")

    @sources.command("remove")
    def remove(source: _Id, yes: _Yes = False) -> None:
        """Take a source out of feeds.yaml: it is not polled any more, and everything it brought stays.

        Example: monitor sources remove gazette --yes
        """
        with open_shell() as shell:
            file = sources_file(shell.settings)
            known = _known(current_catalogue(file), source)
            _confirm(f"Take {source} ({clean_line(known.name)}) out of {file.edited()}?", yes)
            report = remove_source(
                shell.database,
                shell.clock,
                file=file,
                source=known.id,
                by=COMMAND_LINE,
                providers=provider_ids(shell.settings),
            )
            _say(shell, report, f"{source} is removed; what it brought stays")


# --- what an address is -------------------------------------------------------------------------------------------


def _looked_at(shell: Shell, catalogue: Catalogue, wish: Wish, kind: Kind | None, selector: str | None) -> Wish:
    """The wish with what could be found out; raises IllegalDecision where nothing can be followed there."""
    if kind is Kind.MAILBOX or wish.url.lower().startswith(("imap:", "imaps:")):
        return _checked(catalogue, replace(wish, kind=Kind.MAILBOX))
    found = find(shell.settings, wish.url, selector=selector)
    if found.found:
        say(found)
    finding = next((each for each in found.found if kind in (None, each.kind)), None)
    if finding is not None:
        return _checked(catalogue, with_finding(wish, finding))
    if kind is None:
        raise IllegalDecision(f"Nothing was added. {found.why}")
    err.print(f"Nothing of the kind {kind} was found there; it is added because you said so.", markup=False)
    return _checked(catalogue, replace(wish, url=found.url, kind=kind, selector=selector))


def _checked(catalogue: Catalogue, wish: Wish) -> Wish:
    if (fault := url_fault(wish.url, wish.kind, source=wish.id or "")) is not None:
        raise IllegalDecision(f"Nothing was added: {fault}.")
    if (known := Reception(catalogue).find(wish.url)) is not None:
        raise IllegalDecision(f"Nothing was added: {clean_line(wish.url)} is the address of {known.id} already.")
    return wish


def _tell(newcomer: Newcomer) -> None:
    """The source as it would stand in feeds.yaml, and why it stands so."""
    for reason in newcomer.reasons:
        err.print(f"  {clean_line(reason)}", markup=False, soft_wrap=True)
    for key, value in source_values(newcomer.source).items():
        err.print(f"    {key}: {clean_line(str(value))}", markup=False, soft_wrap=True)


# --- shared -------------------------------------------------------------------------------------------------------


def _known(catalogue: Catalogue, key: str) -> Source:
    for source in catalogue.sources:
        if source.id == key:
            return source
    raise Unknown(f"feeds.yaml has no source {key!r}. `monitor sources` lists them all.")


def _confirm(question: str, yes: bool) -> None:
    """Ask once, on a terminal; nobody is asked where nobody could answer."""
    if not yes and sys.stdin.isatty() and out.is_terminal:
        typer.confirm(question, default=True, abort=True, err=True)


def _cadence(said: str | None) -> timedelta | None:
    if not said:
        return None
    if (match := re.fullmatch(r"([0-9]{1,4}) ?([mhd])", said)) is None:
        raise IllegalDecision(f"{clean_line(said)} is not a distance such as 30m, 2h or 1d. Nothing was changed.")
    return int(match[1]) * _UNITS[match[2]]


def _say(shell: Shell, report: SyncReport, what: str) -> None:
    path = sources_file(shell.settings).followed()
    out.print(f"{what}. {path}: {report}.", markup=False, soft_wrap=True)
