"""The form of a source: what it begins with, and what was typed into it, read back. Pure.

What a source may be is decided where feeds.yaml is read: what the form lets through is checked there once more, and
refused with the same words.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from itertools import count
from typing import TypeVar

from monitor.errors import IllegalDecision
from monitor.model import Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.stages.catalogue_lines import cadence_word, source_values
from monitor.stages.newcomer import Newcomer

_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
_EVERY = re.compile(r"([0-9]{1,4}) ?([mhd])")
_Word = TypeVar("_Word", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The fields of the form, as text."""

    name: str = ""
    id: str = ""
    url: str = ""
    kind: str = Kind.FEED.value
    selector: str = ""
    publisher: str = ""  # id; "" for a new one
    publisher_name: str = ""  # of the new one
    publisher_domain: str = ""
    origin: str = Origin.PRESS.value
    tier: str = Tier.SECONDARY.value
    provider: str = ""
    language: str = ""
    every: str = ""
    is_aggregator: bool = False


def typed_from(source: Source) -> Typed:
    """The form of a source as it is."""
    return Typed(
        name=source.name,
        id=source.id,
        url=source.url,
        kind=source.kind.value,
        selector=source.selector or "",
        publisher=source.publisher,
        origin=source.origin.value,
        tier=source.tier.value,
        provider=source.provider or "",
        language=source.language or "",
        every="" if source.cadence is None else cadence_word(source.cadence),
        is_aggregator=source.is_aggregator,
    )


def typed_into(text: Callable[[str], str]) -> Typed:
    """What was typed; `text` gives a field by its name."""
    fields = {name: text(name).strip() for name in Typed.__dataclass_fields__ if name != "is_aggregator"}
    return Typed(**fields, is_aggregator=bool(text("is_aggregator")))


def typed_for(newcomer: Newcomer) -> Typed:
    """The form of a source that is not there yet; its publisher may be new, too."""
    typed, publisher = typed_from(newcomer.source), newcomer.publisher
    if publisher is None:
        return typed
    return replace(
        typed, publisher="", publisher_name=publisher.name, publisher_domain=next(iter(publisher.domains), "")
    )


def read_source(typed: Typed, publishers: Sequence[Publisher]) -> tuple[Source, Publisher]:
    """The source that was typed, and its publisher; raises IllegalDecision with what to correct."""
    if not typed.name:
        raise IllegalDecision("Give the source a name, as readers know it.")
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]*", typed.id):
        raise IllegalDecision("The id is for files and addresses: small letters, digits, and . _ - between them.")
    publisher = _publisher(typed, publishers)
    kind = _word(Kind, typed.kind, "kind")
    source = Source(
        id=SourceId(typed.id),
        name=typed.name,
        url=typed.url,
        kind=kind,
        selector=(typed.selector or None) if kind is Kind.PAGE else None,
        publisher=publisher.id,
        origin=_word(Origin, typed.origin, "origin"),
        tier=_word(Tier, typed.tier, "tier"),
        provider=typed.provider or None,
        language=typed.language or None,
        cadence=_cadence(typed.every),
        is_aggregator=typed.is_aggregator,
    )
    return source, publisher


def _publisher(typed: Typed, publishers: Sequence[Publisher]) -> Publisher:
    if typed.publisher:
        known = next((each for each in publishers if each.id == typed.publisher), None)
        if known is None:
            raise IllegalDecision("That publisher is no longer there. Choose another, or name a new one.")
        return known
    if not typed.publisher_name:
        raise IllegalDecision("Choose who publishes it, or name a new publisher.")
    domain = typed.publisher_domain.lower()
    key = slug(domain.rpartition(".")[0] or typed.publisher_name) or slug(typed.id)
    key = _free(key, {each.id for each in publishers})
    return Publisher(id=PublisherId(key), name=typed.publisher_name, domains=(domain,) if domain else ())


def _free(key: str, taken: Collection[str]) -> str:
    """The key, or the first of key-2, key-3 … that nobody has."""
    return next(name for n in count(1) if (name := key if n == 1 else f"{key}-{n}") not in taken)


def slug(text: str) -> str:
    """Small letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:80]


def _cadence(every: str) -> timedelta | None:
    if not every:
        return None
    match = _EVERY.fullmatch(every.lower())
    if match is None:
        raise IllegalDecision("How often it is asked is a number with m, h or d, such as 30m, 6h or 1d; or nothing.")
    return int(match[1]) * _UNITS[match[2]]


def _word(words: type[_Word], given: str, what: str) -> _Word:
    try:
        return words(given)
    except ValueError:
        raise IllegalDecision(f"Choose a {what} from the list.") from None


def version_of(source: Source) -> str:
    """Tells one state of a source from another: what an edit says it began with (D10)."""
    return hashlib.sha256(repr(sorted(source_values(source).items())).encode()).hexdigest()[:16]
