"""The address of a feed: one for each choice of wires, spelled in one way, and read from any.

    /feed.atom                                     all wires
    /providers/openai/feed.atom                    those of one provider
    /feeds/sev/1-2.atom                            of one facet
    /feeds/provider/openai/sev/1-2/code/F4,M2.rss  of several: all must hold; of several values of one, any will do
    /feeds/sev/1-2/archive/3.atom                  the third archive document of a feed

Facets stand in one order, values in theirs, each once; neighbouring severities are a range. Another spelling is
understood and leads to this one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from monitor.model import Codebook, Provider, Severity, SourcingStandard
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.model.subscriber import Wanted
from monitor.stages.codebook import ProviderIndex

VALUE_LIMIT = 12  # values of one facet: more is a choice that nobody reads
KEY_LIMIT = 300  # characters of a key
EVERYTHING = Wanted()
FACETS = ("provider", "sev", "code", "standard")  # as addresses name them, in their order
_KEYS = {"provider": "provider", "sev": "severity", "code": "code", "standard": "standard"}
_NUMBER = re.compile(r"[1-9][0-9]{0,6}")
_NATURAL = re.compile(r"\d+|\D+")


# --- one spelling -----------------------------------------------------------------------------------------------


def in_order(wanted: Wanted) -> Wanted:
    """The same choice, its values in their order and each once; all severities or standards are no choice."""
    severities = tuple(s for s in Severity if s in wanted.severities)
    standards = tuple(s for s in SourcingStandard if s in wanted.standards)
    return Wanted(
        providers=tuple(sorted(set(wanted.providers))),
        severities=() if len(severities) == len(Severity) else severities,
        codes=tuple(sorted(set(wanted.codes), key=natural)),
        standards=() if len(standards) == len(SourcingStandard) else standards,
    )


def natural(code: str) -> tuple[tuple[int, str], ...]:
    """F2 before F10."""
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in _NATURAL.findall(code))


def key_of(wanted: Wanted) -> str:
    """The choice as the database names it: "" is everything, "severity:SEV-1,SEV-2&code:M2" a combination."""
    values = in_order(wanted).values()
    return "&".join(f"{facet}:{','.join(values[facet])}" for facet in _KEYS.values() if facet in values)


def wanted_of_key(key: str) -> Wanted:
    """The choice that `key_of` named."""
    named = dict(part.split(":", 1) for part in key.split("&") if part)
    values = {facet: tuple(told.split(",")) for facet, told in named.items()}
    return Wanted(
        providers=values.get("provider", ()),
        severities=tuple(map(Severity, values.get("severity", ()))),
        codes=values.get("code", ()),
        standards=tuple(map(SourcingStandard, values.get("standard", ()))),
    )


def is_single(wanted: Wanted) -> bool:
    """Whether it is everything, or one value of one facet: such a feed always exists."""
    return sum(len(values) for values in in_order(wanted).values().values()) <= 1


def path_of(address: FeedAddress) -> str:
    """Where this document is, below the newsroom's address."""
    wanted, spelled = in_order(address.wanted), _spelled(address.wanted)
    ending = address.format.value
    if address.archive is not None:
        return "/".join(("/feeds", *spelled, "archive", f"{address.archive}.{ending}"))
    if not spelled:
        return f"/feed.{ending}"
    if wanted == Wanted(providers=wanted.providers[:1]):
        return f"/providers/{wanted.providers[0]}/feed.{ending}"
    return f"/feeds/{'/'.join(spelled)}.{ending}"


def _spelled(wanted: Wanted) -> tuple[str, ...]:
    values = in_order(wanted).values()
    named: dict[str, str] = {facet: ",".join(values.get(key, ())) for facet, key in _KEYS.items()}
    named["sev"] = _range([int(s.removeprefix("SEV-")) for s in values.get("severity", ())])
    return tuple(part for facet in FACETS if named[facet] for part in (facet, named[facet]))


def _range(numbers: Sequence[int]) -> str:
    if len(numbers) > 1 and all(b == a + 1 for a, b in pairwise(numbers)):
        return f"{numbers[0]}-{numbers[-1]}"
    return ",".join(map(str, numbers))


# --- reading ----------------------------------------------------------------------------------------------------


def read_path(path: str) -> FeedAddress | None:
    """The document at this address, where it is spelled in the one way; whether there is one nobody has looked."""
    found = _read(path, provider=lambda name: name, code=lambda name: name)
    return found if found is not None and path_of(found) == path else None


def read_spelling(path: str, providers: ProviderIndex, codebook: Codebook) -> FeedAddress | None:
    """What an address in any spelling means; None where it names no facet, or a value that there is not.

    A provider may go by any of its names, a severity by `SEV-2` or `2`; case, order and repetition do not matter.
    """
    codes = {c.id.casefold(): c.id for c in codebook.codes}

    def provider(name: str) -> str | None:
        found = providers.resolve(name)
        return None if found is None else found.id

    return _read(path, provider=provider, code=lambda name: codes.get(name.casefold()))


def _read(path: str, *, provider: Callable[[str], str | None], code: Callable[[str], str | None]) -> FeedAddress | None:
    stem, dot, ending = path.rpartition(".")
    if not dot or ending.casefold() not in set(FeedFormat):
        return None
    parts = stem.strip("/").split("/")
    if parts == ["feed"]:
        parts = ["feeds"]
    if len(parts) == 3 and (parts[0], parts[2]) == ("providers", "feed"):
        parts = ["feeds", "provider", parts[1]]
    if parts[0] != "feeds":
        return None
    archive = None
    if len(parts) >= 3 and parts[-2] == "archive":
        if _NUMBER.fullmatch(parts[-1]) is None:
            return None
        archive, parts = int(parts[-1]), parts[:-2]
    wanted = _wanted(parts[1:], provider, code)
    if wanted is None or (len(parts) == 1 and archive is None and stem not in ("/feed", "/feeds")):
        return None
    return FeedAddress(wanted=wanted, format=FeedFormat(ending.casefold()), archive=archive)


def _wanted(
    parts: Sequence[str], provider: Callable[[str], str | None], code: Callable[[str], str | None]
) -> Wanted | None:
    if len(parts) % 2:
        return None
    named: dict[str, list[str]] = {}
    for facet, told in zip(parts[::2], parts[1::2], strict=True):
        name = facet.casefold()
        named.setdefault("sev" if name == "severity" else name, []).extend(told.split(","))
    if set(named) - set(FACETS):
        return None
    return choose(
        providers=_each(named.get("provider", ()), provider),
        severities=_severities(named.get("sev", ())),
        codes=_each(named.get("code", ()), code),
        standards=_each(named.get("standard", ()), lambda s: s.casefold() if s.casefold() in _STANDARDS else None),
    )


_STANDARDS = set(SourcingStandard)


def choose(
    *,
    providers: Iterable[str | None],
    severities: Iterable[str | None],
    codes: Iterable[str | None],
    standards: Iterable[str | None],
) -> Wanted | None:
    """The choice of these values; None where one of them is None or there are too many."""
    chosen = [list(values) for values in (providers, severities, codes, standards)]
    if any(None in values or len(set(values)) > VALUE_LIMIT for values in chosen):
        return None
    sure = [[value for value in values if value is not None] for values in chosen]
    wanted = in_order(
        Wanted(
            providers=tuple(sure[0]),
            severities=tuple(map(Severity, sure[1])),
            codes=tuple(sure[2]),
            standards=tuple(map(SourcingStandard, sure[3])),
        )
    )
    return wanted if len(key_of(wanted)) <= KEY_LIMIT else None


def _each(names: Iterable[str], read: Callable[[str], str | None]) -> list[str | None]:
    return [read(name) if name else None for name in names]


def _severities(told: Iterable[str]) -> list[str | None]:
    found: list[str | None] = []
    for each in told:
        match = re.fullmatch(r"(?:sev-?)?([1-4])(?:-(?:sev-?)?([1-4]))?", each.casefold())
        if match is None or int(match[2] or match[1]) < int(match[1]):
            return [None]
        found.extend(f"SEV-{n}" for n in range(int(match[1]), int(match[2] or match[1]) + 1))
    return found


# --- in words ---------------------------------------------------------------------------------------------------


def told_as(wanted: Wanted, providers: Sequence[Provider], codebook: Codebook) -> str:
    """The choice as a person reads it: "OpenAI, SEV-1 or SEV-2, F4 Privacy"; "" for everything."""
    chosen = in_order(wanted)
    names = {c.id: f"{c.id} {c.name}" for c in codebook.codes}
    known = {p.id: p.name for p in providers}
    groups = (
        [known.get(p, p) for p in chosen.providers],
        [s.value for s in chosen.severities],
        [names.get(c, c) for c in chosen.codes],
        [s.value for s in chosen.standards],
    )
    return ", ".join(" or ".join(group) for group in groups if group)
