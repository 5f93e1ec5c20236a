"""Registers: providers, codes and severities, each with how many wires it has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from monitor.model import Document, Severity
from monitor.site.addresses import Kind, ListAddress
from monitor.site.frame import document, severity_text, tone_of
from monitor.site.house import House


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A line of a register."""

    id: str
    name: str
    path: str
    count: int
    width: float = 0.0  # of its bar, of 100
    tone: str = "plain"
    text: str = ""
    severity: str = ""
    is_retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A part of a register."""

    title: str
    entries: tuple[Entry, ...]
    is_plain: bool = False  # names side by side, no bars
    is_quiet: bool = False


def providers_page(house: House, counts: Mapping[str, int]) -> Document:
    """The register, those with wires first."""
    known = [(p.id, p.name) for p in house.site.providers]
    left = [(i, i) for i in counts if i not in house.providers and counts[i]]
    named = sorted([*known, *left], key=lambda p: p[1].casefold())
    told = tuple(_entry(Kind.PROVIDER, i, name, counts[i]) for i, name in named if counts.get(i))
    untold = tuple(_entry(Kind.PROVIDER, i, name, 0) for i, name in named if not counts.get(i))
    groups = (
        *([Group(title="With wires", entries=told, is_plain=True)] if told else []),
        Group(title="Without wires" if told else "The register", entries=untold, is_plain=True, is_quiet=bool(told)),
    )
    return document(
        house, "register.html", path="/providers", here="providers", title=f"Providers · {house.name}",
        heading="Providers", groups=groups,
        intro="Companies and bodies that make or serve AI models. Names of products resolve to their provider.",
    )  # fmt: skip


def codes_page(house: House, counts: Mapping[str, int]) -> Document:
    """The codebook, each code with how many wires carry it."""
    book, most = house.site.codebook, max(counts.values(), default=0) or 1
    groups = tuple(
        Group(
            title=title,
            entries=tuple(
                _entry(
                    Kind.CODE, c.id, c.name, counts.get(c.id, 0), most=most, text=c.definition, is_retired=c.is_retired
                )
                for c in codes
            ),
        )
        for title, codes in (
            ("Mechanisms: how the AI system came to matter", book.mechanisms),
            ("Failures: what went wrong, or what was affected", book.failures),
        )
    )
    return document(
        house, "register.html", path="/codes", here="codes", title=f"Codes · {house.name}", heading="Codes",
        groups=groups, intro=f"By what every wire is classified: the codebook, version {book.version}.",
    )  # fmt: skip


def severities_page(house: House, counts: Mapping[str, int]) -> Document:
    """The four severities, each with how many wires have it."""
    most = max(counts.values(), default=0) or 1
    entries = tuple(
        _entry(
            Kind.SEVERITY, s.value, "", counts.get(s.value, 0), most=most, tone=tone_of(s.value), severity=s.value,
            text=severity_text(house, s.value),
        )
        for s in Severity
    )  # fmt: skip
    return document(
        house, "register.html", path="/severities", here="severities", title=f"Severities · {house.name}",
        heading="Severities", groups=(Group(title="From the gravest", entries=entries),),
        intro="How grave an incident is, by its consequences and not by the attention it got.",
    )  # fmt: skip


def _entry(kind: Kind, ident: str, name: str, count: int, *, most: int = 1, **more: Any) -> Entry:
    width = round(100 * count / most, 2)
    return Entry(id=ident, name=name, path=ListAddress(kind=kind, value=ident).path, count=count, width=width, **more)
