"""Looking up what an editor means by a few words or a number: candidates to merge with, wires to attach to."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from monitor.model import Candidate, CandidateId, CandidateStatus, Wire
from monitor.store.candidates import LARGEST_ID, TERM_LENGTH, TERM_LIMIT, list_queue
from monitor.store.database import Transaction
from monitor.store.tables import CandidateRow, WireRow
from monitor.store.wires import load_wires

MERGEABLE = (CandidateStatus.OPEN, CandidateStatus.SNOOZED, CandidateStatus.REJECTED)


def find_mergeable(
    tx: Transaction, text: str, *, now: datetime, but: CandidateId | None = None, limit: int = 8
) -> tuple[Candidate, ...]:
    """Candidates whose title has all words of `text`, or that have it as their number, the newest first.

    Only those that a merge may move, and never `but`, which they would move into.
    """
    if not text.strip():
        return ()
    found = list_queue(tx, now=now, order="newest", limit=limit + 1, text=text, statuses=MERGEABLE)
    return tuple(c for c in found if c.id != but)[:limit]


def find_wires(tx: Transaction, text: str, *, limit: int = 8) -> tuple[Wire, ...]:
    """Wires, drafts too, that were accepted under a title with all words of `text`, or have it as their number."""
    terms = [t[:TERM_LENGTH] for t in _plain(text).split()[:TERM_LIMIT]]
    if not terms:
        return ()
    query = (
        select(WireRow.id)
        .outerjoin(CandidateRow, CandidateRow.id == WireRow.candidate_id)
        .where(WireRow.withdrawn_at.is_(None), *map(_says, terms))
        .order_by(WireRow.id.desc())
    )
    return load_wires(tx, tx.scalars(query.limit(limit)).all())


def _plain(text: str) -> str:
    return text.replace("\0", " ").encode("utf-8", "ignore").decode("utf-8")


def _says(term: str) -> ColumnElement[bool]:
    number = term.removeprefix("#")
    says = [CandidateRow.title.icontains(term, autoescape=True), WireRow.slug.icontains(term, autoescape=True)]
    if number.isascii() and number.isdigit() and int(number) <= LARGEST_ID:
        says.append(WireRow.id == int(number))
    return or_(*says)
