"""What editors laid down is kept for ever, found by its articles, and withdrawn by a row of its own."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.errors import Unknown
from monitor.model import ArticleId, RulingId, RulingKind
from monitor.store.database import Database
from monitor.store.rulings import (
    append_ruling,
    append_withdrawal,
    find_newest_ruling,
    find_ruling_by_key,
    get_ruling,
    list_rulings,
    list_rulings_of,
)
from tests.stored import MORNING, store_article


def test_a_ruling_is_read_back_by_any_of_its_articles(database: Database) -> None:
    with database.write() as tx:
        first, second, third, other = (store_article(tx) for _ in range(4))
        said = {"reason": "Two outages.", "by": "ada", "at": MORNING}
        apart = append_ruling(tx, kind=RulingKind.APART, left=[second, first], right=[third], **said)  # type: ignore[arg-type]
    with database.read() as tx:
        assert list_rulings_of(tx, [third, other]) == list_rulings_of(tx, [first]) == (apart,)
        assert list_rulings_of(tx, [other]) == list_rulings_of(tx, []) == ()
    assert (apart.left, apart.right, apart.by, apart.withdrawn_at) == ((first, second), (third,), "ada", None)


def test_a_withdrawn_ruling_stands_no_longer_and_stays_on_record(database: Database) -> None:
    with database.write() as tx:
        article = store_article(tx)
        made = append_ruling(
            tx, kind=RulingKind.COUNTS, left=[article], reason="Its own reporting.", by="ada", at=MORNING, key="k1"
        )
        append_withdrawal(tx, made.id, reason="It was not.", by="grace", at=MORNING, key="k2")
        withdrawn = append_withdrawal(tx, made.id, reason="Again.", by="ada", at=MORNING)
    with database.read() as tx:
        assert list_rulings_of(tx, [article]) == ()
        assert list_rulings(tx, articles=[article]) == list_rulings(tx) == (withdrawn,)
        assert withdrawn.withdrawn_at == MORNING
        assert find_ruling_by_key(tx, "k1") == find_ruling_by_key(tx, "k2") == withdrawn
        assert find_newest_ruling(tx) == made.id + 1  # the second withdrawal changed nothing


@pytest.mark.parametrize("table", ["rulings", "ruling_articles"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
def test_no_ruling_can_be_rewritten(database: Database, table: str, verb: str) -> None:
    with database.write() as tx:
        said = {"reason": "r", "by": "ada", "at": MORNING}
        append_ruling(tx, kind=RulingKind.COUNTS, left=[store_article(tx)], **said)  # type: ignore[arg-type]
    column, value = ("reason", "''") if table == "rulings" else ("is_left", "FALSE")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(verb.format(table, column, value)))


@pytest.mark.parametrize("number", [0, 4711, 2**40])
def test_an_unknown_ruling_is_told_how_to_be_found(database: Database, number: int) -> None:
    with database.read() as tx, pytest.raises(Unknown, match="monitor rulings"):
        get_ruling(tx, RulingId(number))


def test_many_articles_are_asked_for_at_once(database: Database) -> None:
    with database.write() as tx:
        article = store_article(tx)
        made = append_ruling(tx, kind=RulingKind.COUNTS, left=[article], reason="r", by="ada", at=MORNING)
        assert list_rulings_of(tx, [ArticleId(n) for n in range(1, 1_200)]) == (made,)
