"""Ties: an editor who is tied to a provider stands back from its wires: may read and note, not write or release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.errors import IllegalDecision, Unknown
from monitor.model import Clock, Role, Tie
from monitor.stages.canonical import clean_line, cut
from monitor.stages.codebook import ProviderIndex
from monitor.store.database import Database, Transaction
from monitor.store.people import append_audit, get_editor, list_editors
from monitor.store.writing import append_tie, list_ties

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Recusal:
    """By what an editor stands back from some providers' wires, and who can write them instead."""

    ties: tuple[Tie, ...]
    others: tuple[str, ...]  # editors who may write and are tied to none of these providers


def say_tie(
    database: Database,
    clock: Clock,
    *,
    editor: str,
    provider: str,
    is_tied: bool,
    reason: str,
    by: str,
    providers: ProviderIndex,
    address: str | None = None,
) -> Tie:
    """Keep that `editor` is tied to a provider, or is no longer; raises Unknown. Who said so stays on record."""
    known = providers.resolve(provider)
    if known is None:
        raise Unknown(f"There is no provider “{provider[:80]}” in the register. Nothing was changed.")
    now = clock.now()
    with database.write() as tx:
        get_editor(tx, editor)
        tie = Tie(
            editor=editor,
            provider=known.id,
            is_tied=is_tied,
            reason=cut(clean_line(reason), LONGEST_REASON),
            said_by=by,
            said_at=now,
        )
        append_tie(tx, tie)
        after = {"provider": known.id, "is_tied": is_tied, "reason": tie.reason}
        append_audit(tx, at=now, who=by, what="editor.tie", subject=f"editor {editor}", after=after, address=address)
    return tie


def ties_of(tx: Transaction, editor: str, providers: Sequence[str]) -> tuple[Tie, ...]:
    """The editor's ties to any of these providers."""
    return tuple(t for t in list_ties(tx, editor) if t.provider in providers)


def find_recusal(tx: Transaction, editor: str, providers: Sequence[str]) -> Recusal | None:
    """By what the editor stands back from wires about these providers; None where nothing ties them."""
    if not providers or not (ties := ties_of(tx, editor, providers)):
        return None
    tied = {t.editor for t in list_ties(tx) if t.provider in providers}
    able = (e.name for e in list_editors(tx) if not e.is_disabled and e.role.may(Role.EDITOR))
    return Recusal(ties=ties, others=tuple(name for name in able if name not in tied))


def refuse_tied(tx: Transaction, editor: str, providers: Sequence[str]) -> None:
    """Raise IllegalDecision where the editor is tied to one of them."""
    if found := find_recusal(tx, editor, providers):
        names = ", ".join(dict.fromkeys(t.provider for t in found.ties))
        raise IllegalDecision(
            f"You are tied to {names}, and stand back from this wire: another editor writes and releases it. "
            "Nothing was saved; what you know of it can go into a note."
        )
