"""The block `check` of the codebook's file → what this newsroom asks of a wire before readers see it."""

from __future__ import annotations

from typing import Any

from monitor.model import Level, Severity, WritingRules
from monitor.model.writing import RULES
from monitor.stages.register import Faults

NAMES = frozenset({
    *("uncited-paragraph", "foreign-citation", "unknown-passage", "vanished-passage", "unattributed-claim"),
    *("private-person", "codes", "few-sources", "but-for"),
})  # fmt: skip
MOST_SOURCES = 20


def read_rules(check: Any, faults: Faults) -> WritingRules:
    """What the block says, the rest as shipped; what cannot be read is added to `faults`."""
    if check is None:
        return RULES
    if not isinstance(check, dict):
        faults.add(None, "check", "must be a block with rules, sources and second_reader")
        return RULES
    faults.refuse_unknown_keys(check, {"rules", "sources", "second_reader"}, None, "check")
    return WritingRules(
        levels=_levels(check.get("rules") or {}, faults),
        least_sources=_sources(check["sources"] or {}, faults) if "sources" in check else RULES.least_sources,
        second_reader=_severities(check["second_reader"] or [], faults)
        if "second_reader" in check
        else RULES.second_reader,
    )


def _levels(rules: Any, faults: Faults) -> tuple[tuple[str, Level], ...]:
    if not isinstance(rules, dict):
        faults.add(None, "check", "rules must be a block such as uncited-paragraph: block")
        return ()
    levels = []
    for name, said in rules.items():
        level = "off" if said is False else said  # YAML reads off as false
        if name not in NAMES:
            faults.add(None, "check", f"there is no rule {name!r}; there are {', '.join(sorted(NAMES))}")
        elif level not in set(Level):
            faults.add(None, f"rule {name}", f"must be block, advise or off (it says {said!r})")
        else:
            levels.append((str(name), Level(level)))
    return tuple(levels)


def _sources(least: Any, faults: Faults) -> tuple[tuple[Severity, int], ...]:
    if not isinstance(least, dict):
        faults.add(None, "check", "sources must be a block such as SEV-1: 2")
        return ()
    found = []
    for severity, count in least.items():
        if severity not in set(Severity) or not isinstance(count, int) or not 0 <= count <= MOST_SOURCES:
            faults.add(None, "check", f"sources: {severity!r}: {count!r} is not a severity and a small number")
        else:
            found.append((Severity(severity), count))
    return tuple(found)


def _severities(names: Any, faults: Faults) -> tuple[Severity, ...]:
    if not isinstance(names, list) or any(n not in set(Severity) for n in names):
        faults.add(None, "check", "second_reader must be a list such as [SEV-1, SEV-2]")
        return ()
    return tuple(Severity(n) for n in names)
