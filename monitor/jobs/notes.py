"""Notes between editors about a wire: who is mentioned is called, until they say that they have seen it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from monitor.errors import IllegalDecision
from monitor.model import Clock, WireId, WireNote
from monitor.stages.canonical import clean_text
from monitor.store.database import Database
from monitor.store.people import list_editors
from monitor.store.wires import get_wire
from monitor.store.writing import append_note, record_mentions_seen

LONGEST_NOTE = 5_000


def write_note(database: Database, clock: Clock, wire: WireId, *, editor: str, text: str) -> WireNote:
    """Keep a note; raises IllegalDecision for an empty one or one too long, Unknown.

    Whoever writes has seen what was written to them.
    """
    clean = clean_text(text).strip()
    if not clean:
        raise IllegalDecision("A note needs words. Nothing was saved.")
    if len(clean) > LONGEST_NOTE:
        raise IllegalDecision(f"A note has at most {LONGEST_NOTE:,} characters; this has {len(clean):,}. Shorten it.")
    now = clock.now()
    with database.write() as tx:
        get_wire(tx, wire)
        names = [e.name for e in list_editors(tx) if not e.is_disabled and e.name != editor]
        record_mentions_seen(tx, wire, editor=editor, now=now)
        return append_note(tx, wire, editor=editor, text=clean, mentions=mentioned(clean, names), now=now)


def mentioned(text: str, names: Sequence[str]) -> tuple[str, ...]:
    """The names that `text` calls with an @, in their order; "@ann" does not call Anna."""
    return tuple(n for n in names if re.search(rf"(?<!\w)@{re.escape(n)}(?!\w)", text, re.IGNORECASE))


def see_mentions(database: Database, clock: Clock, wire: WireId, *, editor: str) -> int:
    """The editor has seen the notes that call for them on this wire."""
    with database.write() as tx:
        return record_mentions_seen(tx, wire, editor=editor, now=clock.now())
