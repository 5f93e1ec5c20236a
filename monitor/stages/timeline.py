"""The timeline of an outage: what a later look at a status page adds to what an earlier one showed.

Some status pages show every update of an outage, with its time, whenever they are asked; others only the last. Either
way the article grows and never shrinks: an older answer that comes late, from some cache, adds what was missed and
takes nothing back.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from monitor.model import StatusUpdate

MAX_UPDATES = 500  # of one outage; a long one has fifty


def merge_timeline(
    known: Sequence[StatusUpdate], said: Sequence[StatusUpdate], *, said_at: datetime | None
) -> tuple[StatusUpdate, ...]:
    """Both together, oldest first. `said_at` is when the page says that it last changed, for updates without a time.

    Within the span that a newer answer covers its words count, as a page mends what it wrote.
    """
    if any(update.at is None for update in said):
        return _append(known, said, said_at)
    if not said or not known:
        return tuple(said or known)[-MAX_UPDATES:]
    told = [update for update in known if update.at is None]
    dated = [update for update in known if update.at is not None]
    if dated and _at(said[-1]) < _at(dated[-1]):
        times = {update.at for update in dated}
        merged = [*dated, *(update for update in said if update.at not in times)]
    else:
        merged = [*(update for update in dated if _at(update) < _at(said[0])), *said]
    return _without_echo(sorted([*told, *merged], key=_place))[-MAX_UPDATES:]


def tell_timeline(updates: Sequence[StatusUpdate]) -> str:
    """The timeline as a text, an update a line: what is compared, quoted and searched."""
    return "\n".join(f"{update.state}: {update.text}" if update.text else update.state for update in updates)


def _append(
    known: Sequence[StatusUpdate], said: Sequence[StatusUpdate], said_at: datetime | None
) -> tuple[StatusUpdate, ...]:
    """A page that shows only where it stands: what it has not said before comes last."""
    merged = list(known)
    for update in said:
        if any((one.state, one.text) == (update.state, update.text) for one in merged):
            continue
        last = max((one.at for one in merged if one.at is not None), default=None)
        is_later = said_at is not None and (last is None or said_at > last)
        merged.append(replace(update, at=update.at or (said_at if is_later else None)))
    return tuple(merged[-MAX_UPDATES:])


def _without_echo(updates: Sequence[StatusUpdate]) -> tuple[StatusUpdate, ...]:
    """The same words twice in a row were said once."""
    kept: list[StatusUpdate] = []
    for update in updates:
        if not kept or (kept[-1].state, kept[-1].text) != (update.state, update.text):
            kept.append(update)
    return tuple(kept)


def _at(update: StatusUpdate) -> datetime:
    assert update.at is not None
    return update.at


def _place(update: StatusUpdate) -> float:
    """Updates without a time keep their order, before the others."""
    return update.at.timestamp() if update.at is not None else 0.0
