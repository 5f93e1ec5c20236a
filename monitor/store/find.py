"""Looking up what an editor means: of what search has found, what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Candidate, CandidateId, CandidateStatus, Wire, WireId
from monitor.store.candidates import list_candidates
from monitor.store.database import Transaction
from monitor.store.wires import load_wires

MERGEABLE = (CandidateStatus.OPEN, CandidateStatus.SNOOZED, CandidateStatus.REJECTED)


def list_mergeable(
    tx: Transaction, found: Sequence[int], *, but: CandidateId | None = None, limit: int = 8
) -> tuple[Candidate, ...]:
    """Those of `found` that a merge may move, in their order, and never `but`, which they would move into."""
    known = list_candidates(tx, [CandidateId(ref) for ref in found])
    candidates = [known[CandidateId(ref)] for ref in found if ref in known]
    return tuple(c for c in candidates if c.status in MERGEABLE and c.id != but)[:limit]


def list_attachable(tx: Transaction, found: Sequence[int], *, limit: int = 8) -> tuple[Wire, ...]:
    """Those of `found` that are not withdrawn, drafts too, in their order."""
    known = {wire.id: wire for wire in load_wires(tx, list(found))}
    wires = [known[WireId(ref)] for ref in found if WireId(ref) in known]
    return tuple(w for w in wires if w.withdrawn_at is None)[:limit]
