"""`monitor owners`: who stands behind whom, and how that is known."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import typer

from monitor.cli.shell import out, print_json, read_edge, rulebook, sources_path
from monitor.errors import FaultyFile, Unknown
from monitor.jobs.sync import read_file
from monitor.settings import Settings
from monitor.stages.owners import Owner, OwnerIndex, fold


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is known of one publisher."""

    asked: str
    owner: str
    evidence: str
    publishers: tuple[str, ...]  # of the same owner: one voice with it


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""

    @app.command("owners", rich_help_panel="Installation")
    def owners_command(
        publisher: str = typer.Argument("", help="A publisher's name, its host or an owner; without it all owners."),
        as_json: bool = typer.Option(False, "--json", help="Print the answer as one JSON document."),
    ) -> None:
        """Say which publishers are one voice, because one owner stands behind them, and how that is known.

        `owner:` in feeds.yaml wins over the register, which is the shipped one or that of MONITOR_OWNERS.

        Example: monitor owners arstechnica.com
        """
        settings = read_edge()
        index = rulebook(settings).index.owners
        if not publisher:
            _say_all(index, as_json=as_json)
            return
        answer = find_answer(publisher, index, said=_said_in_feeds(settings))
        if as_json:
            print_json(asdict(answer))
            return
        out.print(f"{answer.asked}: {answer.owner} ({answer.evidence}).", markup=False, soft_wrap=True)
        out.print(f"One voice: {', '.join(answer.publishers)}.", markup=False, soft_wrap=True)


def find_answer(asked: str, index: OwnerIndex, *, said: dict[str, str]) -> Answer:
    """Who owns the publisher, host or owner that was asked for; raises Unknown. `said`: as in feeds.yaml, by key."""
    key = asked.strip().lower().removeprefix("https://").removeprefix("http://").partition("/")[0]
    told = said.get(key) or said.get(fold(asked))
    host = key if "." in key and " " not in key else None
    if told is not None:
        owned = index.reconcile(told, name=asked, host=host)
        owner = index.owner_called(owned.owner)
        return Answer(asked=asked, owner=owned.owner, evidence=owned.evidence, publishers=_names(owner) or (asked,))
    if (found := index.find(name=asked, host=host)) is not None:
        return Answer(
            asked=asked, owner=found.owner, evidence=found.evidence, publishers=_names(index.owner_called(found.owner))
        )
    if (owner := index.owner_called(asked)) is not None:
        evidence = "an owner of the register"
        return Answer(asked=asked, owner=owner.name, evidence=evidence, publishers=_names(owner))
    raise Unknown(
        f"Nobody is known to stand behind {asked[:100]}: it is a voice of its own. Else give the publisher "
        "an owner in feeds.yaml, or copy the register and point MONITOR_OWNERS at the copy."
    )


def _names(owner: Owner | None) -> tuple[str, ...]:
    return () if owner is None else tuple(outlet.name for outlet in owner.outlets)


def _said_in_feeds(settings: Settings) -> dict[str, str]:
    """Owner by publisher id, name and host, as feeds.yaml says; nothing where the file is faulty (`doctor` says so)."""
    try:
        catalogue = read_file(sources_path(settings))
    except FaultyFile:
        return {}
    return {
        key: publisher.owner
        for publisher in catalogue.publishers
        if publisher.owner
        for key in (publisher.id, fold(publisher.name), *publisher.domains)
    }


def _say_all(index: OwnerIndex, *, as_json: bool) -> None:
    if as_json:
        print_json(index.register)
        return
    owners = index.register.owners
    for owner in sorted(owners, key=lambda o: o.name.casefold()):
        out.print(f"{owner.name} ({owner.kind.value}): {', '.join(_names(owner))}", markup=False, soft_wrap=True)
    count = sum(len(o.outlets) for o in owners)
    out.print(f"{len(owners)} owners of {count} publishers, version {index.register.version}.", markup=False)
