"""A newsroom's weights → what each reason adds: read from its file, changed at the desk, applied to cues that stand.

A cue keeps how much of its reason there is (its amount) beside what that weighs, so that other weights need no article
to be read again: the whole queue is put into another order from its cues.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from monitor.errors import FaultyFile
from monitor.model import Cue, Weight
from monitor.stages.register import Faults, load_register, plain, records

HEAVIEST = 100.0  # either way: beyond it one reason would silence all others


def read_weights(text: str, *, file: str) -> tuple[Weight, ...]:
    """The weights in `text`, in its order; raises FaultyFile with every fault, by line of `file`."""
    document = load_register(text, file=file)
    faults = Faults(file)
    if not isinstance(document, dict) or not isinstance(document.get("weights"), list):
        raise FaultyFile([faults.make(None, "weights", "the file needs a list of weights")])
    found: dict[str, Weight] = {}
    for record, line in records(document["weights"]):
        weight = _weight(record, line, faults)
        if weight is not None and weight.reason in found:
            faults.add(line, weight.reason, "stands twice")
        elif weight is not None:
            found[weight.reason] = weight
    faults.refuse()
    return tuple(found.values())


def _weight(record: Any, line: int, faults: Faults) -> Weight | None:
    if not isinstance(record, dict) or not plain(record.get("reason")):
        faults.add(line, "weights", "each needs a reason and a weight")
        return None
    reason, weight = plain(record["reason"]), record.get("weight")
    faults.refuse_unknown_keys(record, {"reason", "weight", "of"}, line, reason)
    if isinstance(weight, bool) or not isinstance(weight, int | float) or not -HEAVIEST <= weight <= HEAVIEST:
        faults.add(line, reason, f"needs a weight from {-HEAVIEST:.0f} to {HEAVIEST:.0f}")
        return None
    return Weight(reason=reason, weight=float(weight), of=plain(record.get("of")))


def weighed(name: str, amount: float, evidence: str, weights: Mapping[str, float]) -> Cue:
    """A reason with what it weighs; one that the newsroom's weights do not know weighs nothing."""
    return Cue(name=name, weight=round(amount * weights.get(name, 0.0), 1), evidence=evidence, amount=round(amount, 6))


def reweigh(cues: Sequence[Cue], weights: Mapping[str, float], before: Mapping[str, float]) -> tuple[Cue, ...]:
    """The same reasons with other weights, heaviest first; `before` tells the amounts of those that kept none."""
    changed = [replace(cue, weight=round(_amount(cue, before) * weights.get(cue.name, 0.0), 1)) for cue in cues]
    return heaviest_first(changed)


def heaviest_first(cues: Sequence[Cue]) -> tuple[Cue, ...]:
    """The order in which reasons are told."""
    return tuple(sorted(cues, key=lambda c: (-abs(c.weight), c.name)))


def _amount(cue: Cue, before: Mapping[str, float]) -> float:
    if cue.amount is not None:
        return cue.amount
    weight = before.get(cue.name, 0.0)
    return cue.weight / weight if weight else 0.0
