"""The register of owners → who stands behind a publisher, by its name or its host, and how the register knows.

A count of sources folds publishers of one owner to one voice. The register is a file that a newsroom can change
(`shipped/owners.yaml` says how); `owner:` of a publisher in feeds.yaml wins over it, and is read by it, so that
"Condé Nast" and "Advance Publications" are one. The register knows press and agencies by name, too: by these an article
is found to retell another (`derived`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from typing import Any

from monitor.errors import FaultyFile
from monitor.stages.derived import Reporters
from monitor.stages.register import Faults, load_register, plain, records

NAME_LIMIT = 200  # characters of a name or a host
FIELDS = ("owner", "kind", "also", "publishers")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]")
_ARTICLES = ("the ", "der ", "die ", "das ", "le ", "la ", "les ", "el ", "il ", "de ", "o ")


class OwnerKind(StrEnum):
    """What the publishers of an owner do."""

    PRESS = "press"
    AGENCY = "agency"
    COMPANY = "company"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """A publisher of the register."""

    name: str
    hosts: tuple[str, ...]
    aliases: tuple[str, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """All spellings."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A company or body, and the publishers that speak for it."""

    name: str
    kind: OwnerKind
    also: tuple[str, ...] = ()
    outlets: tuple[Outlet, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What is known of a publisher's owner, and where from."""

    owner: str
    outlet: str | None  # the publisher as the register spells it; None where feeds.yaml speaks alone
    kind: OwnerKind | None
    evidence: str  # "the register of owners lists wired.com", for an editor to read


# --- reading the file -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """The file's content."""

    version: str
    owners: tuple[Owner, ...]


def read_owners(text: str, *, file: str) -> Register:
    """The register in `text`; raises FaultyFile with every fault, by line of `file`."""
    document = load_register(text, file=file)
    faults = Faults(file)
    if not isinstance(document, dict) or not isinstance(document.get("owners"), list):
        raise FaultyFile([faults.make(None, "owners", "the file needs a version and a list of owners")])
    version = plain(document.get("version"))
    if not version:
        faults.add(None, "version", 'is missing: a register says which version it is, such as version: "2026-11"')
    read = [(_owner(record, line, faults), line) for record, line in records(document["owners"])]
    owners = [(owner, line) for owner, line in read if owner is not None]
    _refuse_doubles(owners, faults)
    faults.refuse()
    return Register(version=version, owners=tuple(owner for owner, _ in owners))


def _owner(record: Any, line: int, faults: Faults) -> Owner | None:
    if not isinstance(record, dict):
        faults.add(line, "owner", "must be a block with owner, kind and publishers")
        return None
    name, kind = plain(record.get("owner")), plain(record.get("kind"))
    subject = f"owner {name or '?'}"
    faults.refuse_unknown_keys(record, FIELDS, line, subject)
    if not name or len(name) > NAME_LIMIT:
        faults.add(line, subject, f"needs a name of at most {NAME_LIMIT} characters")
    if kind not in set(OwnerKind):
        faults.add(line, subject, f"kind must be one of {', '.join(OwnerKind)}")
        return None
    also, publishers = record.get("also", []), record.get("publishers")
    if not isinstance(also, list) or not all(isinstance(a, str) and a.strip() for a in also):
        faults.add(line, subject, "also must be a list of names")
        also = []
    if not isinstance(publishers, dict) or not publishers:
        faults.add(line, subject, "publishers must name at least one, with its hosts: {Wired: wired.com}")
        return None
    outlets = tuple(_outlets(publishers, line, subject, faults))
    return Owner(name=name, kind=OwnerKind(kind), also=tuple(map(plain, also)), outlets=outlets)


def _outlets(publishers: Any, line: int, subject: str, faults: Faults) -> Iterator[Outlet]:
    for key, value in publishers.items():
        here = publishers.lc.key(key)[0] + 1 if hasattr(publishers, "lc") else line
        name = str(key).strip()
        if not isinstance(value, str):
            faults.add(here, subject, f"{name}: write its hosts and other names, separated by commas, in quotes")
            continue
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if any(len(part) > NAME_LIMIT for part in (name, *parts)):
            faults.add(here, subject, f"{name[:40]}: a name has more than {NAME_LIMIT} characters")
            continue
        hosts = tuple(p for p in parts if _HOST.fullmatch(p))
        yield Outlet(name=name, hosts=hosts, aliases=tuple(p for p in parts if p not in hosts))


def _refuse_doubles(owners: Sequence[tuple[Owner, int]], faults: Faults) -> None:
    """A name or a host belongs to one owner: else a count would depend on the order of the file."""
    taken: dict[str, str] = {}
    for owner, line in owners:
        keys = {fold(n) for n in (owner.name, *owner.also)}
        for outlet in owner.outlets:
            keys |= {fold(n) for n in outlet.names} | set(outlet.hosts)
        for key in sorted(keys):
            other = taken.setdefault(key, owner.name)
            if other != owner.name:
                faults.add(line, f"owner {owner.name}", f"“{key}” belongs to {other} already")
    names = [owner.name for owner, _ in owners]
    for owner, line in owners:
        if names.count(owner.name) > 1:
            faults.add(line, f"owner {owner.name}", "stands twice: put its publishers into one block")


# --- looking up -------------------------------------------------------------------------------------------------


class OwnerIndex:
    """The register, ready to be asked."""

    def __init__(self, register: Register | None = None) -> None:
        self.register = register or Register(version="", owners=())
        self._names: dict[str, tuple[Owner, Outlet, str]] = {}
        self._hosts: dict[str, tuple[Owner, Outlet]] = {}
        self._owners: dict[str, Owner] = {}
        for owner in self.register.owners:
            self._owners.update((fold(n), owner) for n in (owner.name, *owner.also))
            for outlet in owner.outlets:
                self._hosts.update((host, (owner, outlet)) for host in outlet.hosts)
                for name in outlet.names:
                    self._names.setdefault(fold(name), (owner, outlet, name))

    def find(self, *, name: str | None = None, host: str | None = None) -> Owned | None:
        """Who owns the publisher of that name, or at that host.

        An agency is known by its name wherever it is printed; any other publisher by its host first, since names are
        shared (there is more than one Herald).
        """
        named = self._by_name(name) if name else None
        if named is not None and named.kind is OwnerKind.AGENCY:
            return named
        return (self._by_host(host) if host else None) or named

    @cached_property
    def reporters(self) -> Reporters:
        """The press and the agencies, by all their spellings."""
        return Reporters(
            {
                spelling: outlet.name
                for owner in self.register.owners
                if owner.kind in {OwnerKind.PRESS, OwnerKind.AGENCY}
                for outlet in owner.outlets
                for spelling in outlet.names
            }
        )

    def owner_called(self, name: str) -> Owner | None:
        """The owner of that name, in any of its spellings."""
        return self._owners.get(fold(name))

    def reconcile(self, said: str, *, name: str | None = None, host: str | None = None) -> Owned:
        """The owner that feeds.yaml gives a publisher, under the name that the register has for it."""
        known = self.owner_called(said)
        found = self.find(name=name, host=host)
        return Owned(
            owner=said if known is None else known.name,
            outlet=None if found is None else found.outlet,
            kind=None if known is None else known.kind,
            evidence=f"feeds.yaml names {said} as its owner",
        )

    def _by_name(self, name: str) -> Owned | None:
        found = self._names.get(fold(name))
        if found is None:
            return None
        owner, outlet, spelling = found
        return _owned(owner, outlet, f"the register of owners lists “{spelling}”")

    def _by_host(self, host: str) -> Owned | None:
        labels = host.lower().rstrip(".").removeprefix("www.").split(".")
        for start in range(len(labels) - 1):
            found = self._hosts.get(key := ".".join(labels[start:]))
            if found is not None:
                return _owned(*found, f"the register of owners lists {key}")
        return None


def _owned(owner: Owner, outlet: Outlet, evidence: str) -> Owned:
    return Owned(owner=owner.name, outlet=outlet.name, kind=owner.kind, evidence=evidence)


NO_REGISTER = OwnerIndex()
Owners = Mapping[str, str]  # publisher id → owner, as feeds.yaml says


@lru_cache(8192)
def fold(name: str) -> str:
    """One spelling of a publisher's name: no case, no accents, no article in front, no www."""
    plain_name = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    words = " ".join(plain_name.casefold().replace("’", "'").split()).removeprefix("www.")
    for article in _ARTICLES:
        if words.startswith(article) and len(words) > len(article) + 2:
            return words.removeprefix(article)
    return words
