"""Two drafts that grew from one → one draft with what both changed, and the fields in which they cannot be told apart.

Texts are merged by their lines (the three-way merge of version control, with difflib's alignment): what only one side
changed is taken, what both changed in the same way too; where both changed the same lines differently, the fields are
in conflict and the editor's own words stand. Lists are merged by what was added and what was taken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from difflib import SequenceMatcher
from typing import Any

from monitor.model import Draft

TEXTS = ("body", "rationale", "counterfactual", "note")
LISTS = ("providers", "codes", "sources", "crosswalk")


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of two drafts."""

    draft: Draft
    taken: tuple[str, ...]  # fields in which the other side's change was taken over
    conflicts: tuple[str, ...]  # fields that both changed: `draft` has mine


def merge_drafts(base: Draft, mine: Draft, theirs: Draft) -> Merged:
    """`mine` and `theirs`, which both began as `base`."""
    changes: dict[str, Any] = {}
    taken, conflicts = [], []
    for name in (f.name for f in fields(Draft)):
        was, own, other = (getattr(d, name) for d in (base, mine, theirs))
        if other in (was, own):
            continue
        if own == was:
            changes[name] = other
            taken.append(name)
        elif name in LISTS:
            changes[name] = _merge_lists(was, own, other)
            taken.append(name)
        elif name in TEXTS and (text := merge_texts(was, own, other)) is not None:
            changes[name] = text
            taken.append(name)
        else:
            conflicts.append(name)
    return Merged(draft=replace(mine, **changes), taken=tuple(taken), conflicts=tuple(conflicts))


def merge_texts(base: str, mine: str, theirs: str) -> str | None:
    """Both changes in one text; None where they touch the same lines."""
    lines = base.split("\n")
    own, other = _edits(lines, mine.split("\n")), _edits(lines, theirs.split("\n"))
    if any(_touch(a, b) and a != b for a in own for b in other):
        return None
    merged, at = list[str](), 0
    for begin, end, new in sorted({*own, *other}):
        merged += [*lines[at:begin], *new]
        at = end
    return "\n".join([*merged, *lines[at:]])


_Edit = tuple[int, int, tuple[str, ...]]


def _edits(base: Sequence[str], changed: Sequence[str]) -> list[_Edit]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [(i, j, tuple(changed[k:m])) for tag, i, j, k, m in matcher.get_opcodes() if tag != "equal"]


def _touch(one: _Edit, other: _Edit) -> bool:
    """Whether two edits overlap, or stand so close that their order would be a guess."""
    return one[0] <= other[1] and other[0] <= one[1]


def _merge_lists(base: Sequence[Any], mine: Sequence[Any], theirs: Sequence[Any]) -> tuple[Any, ...]:
    removed = set(base) - set(theirs)
    kept = [v for v in mine if v not in removed]
    return tuple(dict.fromkeys([*kept, *(v for v in theirs if v not in base)]))
