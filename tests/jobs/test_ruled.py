"""deduplicate where an editor has ruled on an article that waits: the computation keeps within the ruling."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from monitor.model import ArticleId, Joined, RulingKind
from monitor.store.database import Database
from monitor.store.grouping import list_members
from monitor.store.rulings import append_ruling
from tests.conftest import ManualClock
from tests.jobs.test_deduplicate import OTHER, SORA, STORY, background, places, put, run
from tests.stored import MORNING


def lay_down(database: Database, kind: RulingKind, left: Iterable[ArticleId], right: Iterable[ArticleId] = ()) -> None:
    with database.write() as tx:
        append_ruling(tx, kind=kind, left=left, right=right, reason="Two plans.", by="ada", at=MORNING)


@pytest.fixture
def told(database: Database, clock: ManualClock) -> tuple[ArticleId, ArticleId]:
    """An article in its candidate, and another telling of the same event that waits."""
    background(database)
    first = put(database, SORA[0])
    run(database, clock)
    return first, put(database, SORA[1], publisher="courier", hours=2)


def test_an_article_never_joins_what_it_was_ruled_apart_from(
    database: Database, clock: ManualClock, told: tuple[ArticleId, ArticleId]
) -> None:
    first, second = told
    lay_down(database, RulingKind.APART, [first], [second])
    third = put(database, SORA[1] + " for good", publisher="herald", hours=3)
    run(database, clock)
    placed = places(database)
    assert placed[first] != placed[second]
    assert placed[third] in (placed[first], placed[second])  # later tellings may join either side


def test_an_article_joins_what_it_was_ruled_to_be_one_with(database: Database, clock: ManualClock) -> None:
    background(database)
    first = put(database, SORA[0])
    run(database, clock)
    second = put(database, OTHER, publisher="courier", hours=2)
    lay_down(database, RulingKind.TOGETHER, [first], [second])
    run(database, clock)
    placed = places(database)
    assert placed[first] == placed[second]
    with database.read() as tx:
        (member,) = (m for m in list_members(tx, placed[second]) if m.article.id == second)  # type: ignore[arg-type]
    assert (member.joined, member.reason) == (Joined.EDITOR, "Placed here by ada (ruling 1): Two plans.")


def test_what_is_no_copy_is_judged_by_what_else_it_shares(database: Database, clock: ManualClock) -> None:
    background(database)
    first = put(database, SORA[0], words=STORY)
    run(database, clock)
    second = put(database, SORA[0], words=STORY, publisher="courier", hours=2)
    lay_down(database, RulingKind.NOT_A_COPY, [second], [first])
    assert run(database, clock).copy_count == 0


def test_whose_text_an_article_repeats_is_what_an_editor_said(
    database: Database, clock: ManualClock, told: tuple[ArticleId, ArticleId]
) -> None:
    first, second = told
    lay_down(database, RulingKind.COPY, [second], [first])
    run(database, clock)
    with database.read() as tx:
        members = list_members(tx, places(database)[first])  # type: ignore[arg-type]
    assert [m.copy_of for m in members if m.article.id == second] == [first]
