"""What editors laid down about articles. Only ever appended: a withdrawal is a row beside what it withdraws."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import aliased

from monitor.errors import Unknown
from monitor.model import ArticleId, DecisionId, Ruling, RulingId, RulingKind
from monitor.store.database import Transaction, settled
from monitor.store.tables import RulingArticleRow, RulingRow

_CHUNK = 500  # ids in one query
_LARGEST_ID = 2**31 - 1

_later = aliased(RulingRow)
_SPOKEN = RulingArticleRow.metadata.tables[RulingArticleRow.__tablename__].c
_OF_ARTICLE = select(_SPOKEN.ruling_id).where(_SPOKEN.article_id == bindparam("article"))  # as nearly always
_OF_ARTICLES = select(_SPOKEN.ruling_id).where(_SPOKEN.article_id.in_(bindparam("articles", expanding=True)))


def append_ruling(
    tx: Transaction,
    *,
    kind: RulingKind,
    left: Iterable[ArticleId],
    right: Iterable[ArticleId] = (),
    reason: str,
    by: str,
    at: datetime,
    decision: DecisionId | None = None,
    key: str | None = None,
) -> Ruling:
    """Keep a ruling, for ever. `key` is unique over all rulings and withdrawals; no article stands on both sides."""
    row = RulingRow(
        kind=kind.value, reason=reason, editor=by, ruled_at=at, decision_id=decision, withdraws_id=None, key=key
    )
    tx.add(row)
    tx.flush()
    sides = {**dict.fromkeys(right, False), **dict.fromkeys(left, True)}
    tx.add_all(RulingArticleRow(ruling_id=row.id, article_id=a, is_left=sides[a]) for a in sorted(sides))
    tx.flush()
    return get_ruling(tx, RulingId(row.id))


def append_withdrawal(
    tx: Transaction, ruling: RulingId, *, reason: str, by: str, at: datetime, key: str | None = None
) -> Ruling:
    """Let a ruling stand no longer; it stays on record. One that is withdrawn already stays as it is."""
    found = get_ruling(tx, ruling)
    if found.withdrawn_at is not None:
        return found
    tx.add(
        RulingRow(
            kind=found.kind.value, reason=reason, editor=by, ruled_at=at, decision_id=None, withdraws_id=ruling, key=key
        )
    )
    tx.flush()
    return get_ruling(tx, ruling)


def get_ruling(tx: Transaction, ruling: RulingId) -> Ruling:
    """The ruling, with whether it still stands."""
    found = _rulings(tx, _rows().where(RulingRow.id == ruling)) if 0 < ruling <= _LARGEST_ID else ()
    if not found:
        raise Unknown(f"There is no ruling {ruling}. List those of a candidate with: monitor rulings CANDIDATE")
    return found[0]


def find_ruling_by_key(tx: Transaction, key: str) -> Ruling | None:
    """The ruling that a repeated request made, or withdrew, the first time (D10)."""
    row = tx.scalar(select(RulingRow).where(RulingRow.key == key))
    return None if row is None else get_ruling(tx, RulingId(row.withdraws_id or row.id))


def list_rulings_of(tx: Transaction, articles: Collection[ArticleId]) -> tuple[Ruling, ...]:
    """The rulings that stand and speak of any of `articles`, oldest first."""
    wanted, found, connection = sorted(set(articles)), set[int](), settled(tx)
    if len(wanted) == 1:
        return _standing(tx, set(connection.scalars(_OF_ARTICLE, {"article": wanted[0]})))
    for start in range(0, len(wanted), _CHUNK):
        found.update(connection.scalars(_OF_ARTICLES, {"articles": wanted[start : start + _CHUNK]}))
    return _standing(tx, found)


def list_rulings_by(tx: Transaction, decision: DecisionId) -> tuple[Ruling, ...]:
    """The rulings that followed from a decision and stand, oldest first."""
    return _rulings(tx, _rows().where(RulingRow.decision_id == decision, _later.id.is_(None)))


def list_rulings(
    tx: Transaction, *, articles: Collection[ArticleId] | None = None, limit: int = 50, after: RulingId | None = None
) -> tuple[Ruling, ...]:
    """Rulings, withdrawn ones among them, oldest first, beyond `after`; of `articles` only, where given."""
    query = _rows() if after is None else _rows().where(RulingRow.id > after)
    if articles is not None:
        wanted = sorted(set(articles))
        if settled(tx).execute(_OF_ARTICLES, {"articles": wanted}).first() is None:  # as nearly always
            return ()
        spoken = select(RulingArticleRow.ruling_id).where(RulingArticleRow.article_id.in_(wanted))
        query = query.where(RulingRow.id.in_(spoken))
    return _rulings(tx, query.limit(limit))


def find_newest_ruling(tx: Transaction) -> RulingId | None:
    """The last ruling or withdrawal of all: while it is the same, nobody has laid down anything new."""
    found = tx.scalar(select(func.max(RulingRow.id)))
    return None if found is None else RulingId(found)


def _standing(tx: Transaction, rulings: Collection[int]) -> tuple[Ruling, ...]:
    wanted, found = sorted(rulings), list[Ruling]()
    for start in range(0, len(wanted), _CHUNK):
        some = wanted[start : start + _CHUNK]
        found += _rulings(tx, _rows().where(RulingRow.id.in_(some), _later.id.is_(None)))
    return tuple(found)


def _rows() -> Select[RulingRow, datetime | None]:
    return (
        select(RulingRow, _later.ruled_at)
        .outerjoin(_later, _later.withdraws_id == RulingRow.id)
        .where(RulingRow.withdraws_id.is_(None))
        .order_by(RulingRow.id)
    )


def _rulings(tx: Transaction, query: Select[RulingRow, datetime | None]) -> tuple[Ruling, ...]:
    rows = [(row, withdrawn_at) for row, withdrawn_at in tx.execute(query)]
    sides = _articles_of(tx, [row.id for row, _ in rows])
    return tuple(_ruling(row, withdrawn_at, sides.get(row.id, [])) for row, withdrawn_at in rows)


def _articles_of(tx: Transaction, rulings: list[int]) -> dict[int, list[RulingArticleRow]]:
    found: dict[int, list[RulingArticleRow]] = {}
    for start in range(0, len(rulings), _CHUNK):
        query = select(RulingArticleRow).where(RulingArticleRow.ruling_id.in_(rulings[start : start + _CHUNK]))
        for side in tx.scalars(query.order_by(RulingArticleRow.article_id)):
            found.setdefault(side.ruling_id, []).append(side)
    return found


def _ruling(row: RulingRow, withdrawn_at: datetime | None, sides: list[RulingArticleRow]) -> Ruling:
    return Ruling(
        id=RulingId(row.id),
        kind=RulingKind(row.kind),
        left=tuple(ArticleId(s.article_id) for s in sides if s.is_left),
        right=tuple(ArticleId(s.article_id) for s in sides if not s.is_left),
        reason=row.reason,
        by=row.editor,
        at=row.ruled_at,
        decision=None if row.decision_id is None else DecisionId(row.decision_id),
        withdrawn_at=withdrawn_at,
    )
