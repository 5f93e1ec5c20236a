"""The simulated fortnight on both databases: killed at random or not, the same candidates; and grouped anew, too."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.jobs.rerun import regroup
from monitor.jobs.rulebook import read_rulebook
from monitor.model import no_progress
from monitor.store.database import Database
from tests.conftest import ManualClock
from tests.fortnight import START, found, replay
from tests.newsroom import Rounds, number, rows

KILLS, SEED = 6, 2026


@pytest.fixture(scope="session")
def undisturbed(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Database]:
    """The fortnight in one go, by nobody disturbed."""
    path = tmp_path_factory.mktemp("fortnight") / "monitor.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    replay(database, ManualClock(START), read_rulebook().index, no_progress)
    yield database
    database.close()


def test_killed_at_random_the_fortnight_ends_with_the_same_candidates_on_both_databases_f1(
    database_url: str, undisturbed: Database, tmp_path: Path
) -> None:
    chosen, at, kills = random.Random(SEED), START, 0
    expected = found(undisturbed)
    with Rounds(database_url, tmp_path, tmp_path, program="from tests.fortnight import fork_rounds") as rounds:
        for left in range(KILLS, -1, -1):
            steps = chosen.randint(1, 2 * len(expected) // KILLS) if left else 10 * len(expected)
            status = rounds.kill_one(at, steps=steps, seconds=chosen.uniform(0, 0.05))
            at += timedelta(minutes=31)  # the leases of the dead have run out
            kills += status == -signal.SIGKILL
            if status == 0:
                break
    assert kills >= KILLS // 2, "hardly a round was killed before its end"
    database = Database(database_url)
    assert number(database, "SELECT count(*) FROM articles WHERE grouping_due IS NOT NULL") == 0
    assert found(database) == expected
    told_twice = "SELECT article_id FROM memberships WHERE joined <> 'mention' GROUP BY 1 HAVING count(*) > 1"
    assert rows(database, told_twice) == []
    # And grouped anew, in one go, the fortnight is the same once more.
    report = regroup(database, ManualClock(at), owner="rerun", providers=read_rulebook().index)
    assert report.article_count == number(database, "SELECT count(*) FROM articles")
    assert report.is_nothing, report.examples
    database.close()
