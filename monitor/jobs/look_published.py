"""look, for readers: what full-text search finds of published wires, by the words that readers see.

The index knows a wire by its newest text, which may be a draft. So every find is read again as readers see it, and left
out where only the draft has the words: no answer here depends on what is not public.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from monitor.jobs.index import wire_document
from monitor.jobs.look import FoundWire
from monitor.model import ResultKind, SearchQuery, Wire
from monitor.stages.codebook import ProviderIndex
from monitor.stages.markup import plain_text
from monitor.stages.query import read_query, says, words_of
from monitor.stages.terms import find_passage, mark_hits
from monitor.store.database import Transaction
from monitor.store.published import get_published
from monitor.store.search import find

ROUNDS = 5  # pages of the index that are read for one page of what is found


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPublished:
    """A page of what was found, newest first."""

    query: SearchQuery
    wires: tuple[FoundWire, ...] = ()
    more: int | None = None  # where the next page begins
    is_cut: bool = False  # it took too long, and was given up


def look_published(
    tx: Transaction, text: str, *, providers: ProviderIndex, limit: int, until: int | None = None
) -> FoundPublished:
    """Published wires that say this; `until` is where an earlier page said that the next begins."""
    query = read_query(text, lambda name: _ids(providers, name))
    query = replace(query, kinds=frozenset({ResultKind.WIRE}))
    if not (query.groups or query.never or query.after or query.before):
        return FoundPublished(query=query)
    found: list[FoundWire] = []
    for _ in range(ROUNDS):
        page = find(tx, query, ResultKind.WIRE, limit=limit - len(found), until=until)
        wires = get_published(tx, page.refs)
        found += [_shown(query, wire) for wire in wires if _is_public(wire) and says(query, wire_document(wire))]
        until = page.more
        if page.is_cut or until is None or len(found) == limit:
            break
    return FoundPublished(query=query, wires=tuple(found), more=until, is_cut=page.is_cut)


def _is_public(wire: Wire) -> bool:
    return wire.withdrawn_at is None and wire.published is not None


def _shown(query: SearchQuery, wire: Wire) -> FoundWire:
    draft, words = wire.revisions[-1].draft, words_of(query)
    text = "\n".join(plain_text(t) for t in (draft.body, draft.rationale, draft.counterfactual) if t)
    return FoundWire(wire=wire, title=mark_hits(draft.headline, *words), passage=find_passage(text, *words))


def _ids(providers: ProviderIndex, name: str) -> Sequence[str]:
    found = providers.resolve(name)
    return providers.find(name) if found is None else (found.id,)
