"""regroup: what grouping the whole history anew would change is said first; ids stay; hands come last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from sqlalchemy import text

from monitor.errors import Busy
from monitor.jobs.carry_out import RerunReport
from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.rerun import Method, Pace, regroup
from monitor.jobs.rulings import never_merge
from monitor.jobs.triage import Writing, accept, merge, reject, split
from monitor.model import ArticleId, CandidateId, CandidateStatus
from monitor.stages.grouping import ALGORITHM
from monitor.stages.weights import FITTED
from monitor.store.candidates import find_live, get_candidate
from monitor.store.database import Database
from monitor.store.window import lease_right
from tests.conftest import ManualClock
from tests.jobs.test_deduplicate import PROVIDERS, STORY, background, places, put

LOOSE = Method(algorithm=ALGORITHM + 1, weights=replace(FITTED, join_at=0.0))  # whatever shares a word is one event
STRICT = Method(algorithm=ALGORITHM + 2, weights=replace(FITTED, join_at=1.1))  # nothing but copies comes together
SORA = (
    "OpenAI Set to Discontinue Sora Video Platform App",
    "OpenAI Will Shut Down Sora Video Platform",
    "OpenAI to shut down Sora video app and platform",
)
CLAIM = ("Nurse sues maker of dosing chatbot in Port Calder", "Dosing chatbot maker sued by Port Calder nurse")


@pytest.fixture
def told(database: Database, clock: ManualClock) -> list[ArticleId]:
    """Two events of several articles each, grouped as they are told; among other news."""
    background(database)
    hours = count(1)
    articles = [put(database, t, publisher=p, hours=next(hours)) for t, p in zip(SORA, "abc", strict=True)]
    articles += [put(database, t, publisher=p, hours=next(hours)) for t, p in zip(CLAIM, "de", strict=True)]
    articles.append(put(database, "Clinic stops chatbot", publisher="f", words=STORY, hours=next(hours)))
    articles.append(put(database, "Insulin chatbot withdrawn", publisher="g", words=STORY, hours=next(hours)))
    deduplicate(database, clock, owner="daemon", providers=PROVIDERS)
    return articles


def run(database: Database, clock: ManualClock, **more: Any) -> RerunReport:
    return regroup(database, clock, owner="rerun", providers=PROVIDERS, **more)


def test_the_same_history_grouped_anew_changes_nothing(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    before = places(database)
    assert (before[told[0]] == before[told[1]], before[told[5]] == before[told[6]]) == (True, True)
    report = run(database, clock)
    assert report.is_nothing
    assert (report.article_count, report.candidate_count) == (len(before), len(set(before.values())))
    assert run(database, clock, applies=True).is_nothing
    assert places(database) == before


def test_what_would_change_is_said_before_it_changes(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    before = places(database)
    report = run(database, clock, method=STRICT)
    assert places(database) == before
    assert (report.split_count, report.merged_count, report.refound_count) == (2, 0, len(before))
    assert report.opened_count == report.candidate_count - len(set(before.values())) >= 3
    assert (report.moved_count >= report.opened_count, report.lowered_count) == (True, 2)
    assert {e.kind for e in report.examples} >= {"split", "move", "count"}
    applied = run(database, clock, method=STRICT, applies=True)
    assert replace(applied, is_applied=False) == report
    after = places(database)
    assert len({after[a] for a in told[:5]}) == 5
    assert after[told[5]] == after[told[6]]  # a copy stays one
    assert _is_counted(database)
    again = run(database, clock, method=STRICT, is_afresh=True)
    assert (again.is_nothing, places(database)) == (True, after)


def test_ids_stay_and_an_absorbed_candidate_leads_on(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    run(database, clock, method=STRICT, applies=True)
    parted = places(database)
    run(database, clock, applies=True)
    joined = places(database)
    assert joined[told[0]] == joined[told[1]] == joined[told[2]] == parted[told[0]]  # of several alike the oldest
    with database.read() as tx:
        for article in told[1:3]:
            absorbed = CandidateId(parted[article])
            assert get_candidate(tx, absorbed).status is CandidateStatus.MERGED
            assert find_live(tx, absorbed) == joined[article]


def test_what_was_found_before_stays_on_record(database: Database, clock: ManualClock, told: list[ArticleId]) -> None:
    run(database, clock, method=STRICT, applies=True)
    with database.read() as tx:
        past = tx.execute(text("SELECT article_id, algorithm FROM past_groupings ORDER BY article_id")).all()
        now = tx.execute(text("SELECT article_id, algorithm FROM groupings ORDER BY article_id")).all()
    assert [tuple(r) for r in past] == [(a, ALGORITHM) for a in sorted(places(database))]
    assert [tuple(r) for r in now] == [(a, STRICT.algorithm) for a in sorted(places(database))]


# --- hands --------------------------------------------------------------------------------------------------------


def test_merges_and_splits_survive_every_version(database: Database, clock: ManualClock, told: list[ArticleId]) -> None:
    first = places(database)
    sora, claim = CandidateId(first[told[0]]), CandidateId(first[told[3]])
    hand: Any = {"editor": "ada", "providers": PROVIDERS}
    merge(database, clock, sora, [claim], **hand)
    split(database, clock, sora, [told[1]], **hand)
    placed = places(database)
    for method in (STRICT, LOOSE, Method(algorithm=ALGORITHM + 3)):
        run(database, clock, method=method, applies=True)
        now = places(database)
        assert now[told[0]] == now[told[2]] == now[told[3]] == now[told[4]]
        assert now[told[1]] != now[told[0]]
    assert (now[told[0]], now[told[1]]) == (placed[told[0]], placed[told[1]])


def test_what_is_never_to_be_merged_is_not_merged(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    first = places(database)
    never_merge(
        database, clock, CandidateId(first[told[0]]), CandidateId(first[told[3]]),
        editor="ada", reason="No.", providers=PROVIDERS,
    )  # fmt: skip
    run(database, clock, method=LOOSE, applies=True)
    now = places(database)
    assert not {now[a] for a in told[:3]} & {now[a] for a in told[3:5]}


def test_what_an_editor_accepted_or_rejected_keeps_its_id_and_what_is_cited_stays(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    first = places(database)
    sora, claim = CandidateId(first[told[0]]), CandidateId(first[told[3]])
    wire = accept(database, clock, sora, editor="ada", writing=Writing(base_url="https://n.example")).payload["wire"]
    reject(database, clock, claim, editor="ada", reason="No incident.")
    report = run(database, clock, method=STRICT)
    assert wire not in report.wires  # it cites all that its candidate has
    assert report.moved_count
    for method in (STRICT, LOOSE):
        run(database, clock, method=method, applies=True)
        with database.read() as tx:
            cited = tx.execute(text("SELECT draft FROM revisions")).scalars().all()
            assert get_candidate(tx, sora).status is CandidateStatus.ACCEPTED
            assert get_candidate(tx, claim).status is CandidateStatus.REJECTED
        assert cited
        now = places(database)
        assert (now[told[0]], now[told[3]]) == (sora, claim)


# --- killed, doubled, beside a daemon -----------------------------------------------------------------------------


class _Killed(BaseException):
    pass


def test_killed_anywhere_and_run_again_it_ends_the_same(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    pace = Pace(page=3, labels=2)
    for death in range(0, 40, 3):
        steps = count()

        def step(_done: int, _total: int, until: int = death, steps: Iterator[int] = steps) -> None:
            if next(steps) >= until:
                raise _Killed

        try:
            run(database, clock, method=STRICT, applies=True, progress=step, pace=pace)
        except _Killed:
            continue
        break
    else:
        pytest.fail("it never came to its end")
    after = places(database)
    assert len({after[a] for a in told[:5]}) == 5
    assert _is_counted(database)
    assert run(database, clock, method=STRICT, is_afresh=True).is_nothing


def test_editors_who_decide_between_proposal_and_change_are_heard(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    assert run(database, clock, method=STRICT).split_count == 2
    first = places(database)
    hand: Any = {"editor": "ada", "providers": PROVIDERS}
    merge(database, clock, CandidateId(first[told[0]]), [CandidateId(first[told[3]])], **hand)
    run(database, clock, method=STRICT, applies=True)
    now = places(database)
    assert len({now[a] for a in told[:5]}) == 1


def test_articles_that_were_grouped_meanwhile_are_grouped_anew_too(
    database: Database, clock: ManualClock, told: list[ArticleId]
) -> None:
    run(database, clock, method=STRICT)
    late = put(database, SORA[0] + " this year", publisher="h", hours=1.5)
    deduplicate(database, clock, owner="daemon", providers=PROVIDERS)
    report = run(database, clock, method=STRICT, applies=True)
    assert report.article_count == len(places(database))
    assert [a for a, c in places(database).items() if c == places(database)[late]] == [late]


def test_while_another_process_groups_nothing_is_done(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        lease_right(tx, "deduplicate", now=clock.now(), owner="daemon", lease_for=timedelta(hours=1))
    with pytest.raises(Busy, match="nothing is lost"):
        run(database, clock, pace=Pace(patience=2))


def _is_counted(database: Database) -> bool:
    """Whether every candidate has as many articles as it says, and what is empty is a signpost."""
    with database.read() as tx:
        rows = tx.execute(
            text(
                "SELECT c.id, c.status, c.article_count, "
                "(SELECT count(*) FROM memberships m WHERE m.candidate_id = c.id) n FROM candidates c"
            )
        ).all()
    return all((r.status == "merged") == (r.n == 0) and (r.n == 0 or r.n == r.article_count) for r in rows)
