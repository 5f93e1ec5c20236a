"""deduplicate on both databases: one writer, killed and run again, editors' hands last."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from zlib import crc32

import pytest
from sqlalchemy import text

from monitor.jobs.deduplicate import RIGHT, DeduplicateReport, Memory, deduplicate
from monitor.jobs.recount import recount
from monitor.jobs.relevance import judge_grown
from monitor.model import (
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Cue,
    Joined,
    Match,
    NewArticle,
    Origin,
    Provider,
    PublisherId,
    Tier,
)
from monitor.press.edition import compose
from monitor.stages.codebook import ProviderIndex
from monitor.stages.likelihood import LIKELY
from monitor.stages.window import Window
from monitor.store.articles import add_article
from monitor.store.candidates import find_live, get_candidate, record_status
from monitor.store.database import Database
from monitor.store.grouping import add_member, list_members, list_standings, open_candidate, remove_member
from monitor.store.migrate import upgrade
from monitor.store.window import count_ungrouped, lease_right
from tests.builders import NOON
from tests.conftest import ManualClock

PROVIDERS = ProviderIndex([Provider(id="openai", name="OpenAI", aliases=("ChatGPT", "Sora"))])
SORA = ("OpenAI Set to Discontinue Sora Video Platform App", "OpenAI Will Shut Down Sora Video Platform")
OTHER = "Tenant union takes landlord to court over eviction algorithm in Leeds"
STORY = (
    "A clinic in Port Calder has stopped using a chatbot that gave three patients wrong doses of insulin. "
    "Nurse Ada Merrow noticed the answers on Tuesday and told the ward at once. The maker, Lumenquay, said that "
    "it had withdrawn the version, and that no patient had come to lasting harm. An inspection will follow in May."
)


def put(database: Database, title: str, *, publisher: str = "gazette", words: str = "", hours: float = 0) -> ArticleId:
    """An article that waits to be grouped."""
    with database.write() as tx:
        return add_article(
            tx,
            NewArticle(
                canonical_url=f"https://{publisher}.example/{title[:40]}/{hours}",
                url=f"https://{publisher}.example/{title[:40]}/{hours}",
                title=title,
                text=words,
                publisher=PublisherId(publisher),
                publisher_name=publisher.title(),
                source=None,
                origin=Origin.PRESS,
                tier=Tier.SECONDARY,
                first_seen_at=NOON + timedelta(hours=hours),
            ),
        )


def run(database: Database, clock: ManualClock, owner: str = "one", memory: Memory | None = None) -> DeduplicateReport:
    return deduplicate(database, clock, owner=owner, providers=PROVIDERS, memory=memory)


def places(database: Database) -> dict[int, int]:
    """Article → candidate."""
    with database.read() as tx:
        rows = tx.execute(text("SELECT article_id, candidate_id FROM memberships ORDER BY article_id"))
        return {row.article_id: row.candidate_id for row in rows}


def background(database: Database) -> None:
    """Other news, without which no word is rarer than another."""
    for number, title in enumerate(
        (
            "Parliament debates budget for hospitals and schools",
            "Storm closes ferry line between Esker and Halden",
            "Chip maker Nordwin opens plant near Tarnow",
            "Museum returns bronze statue after forty years",
            "Court rejects appeal in cartel case of cement makers",
            "Football club Orrin sells stadium to city council",
        )
    ):
        put(database, title, publisher=f"paper-{number}", hours=-48)


def test_tellings_of_one_event_are_one_candidate_with_an_honest_count(database: Database, clock: ManualClock) -> None:
    background(database)
    first = put(database, SORA[0], publisher="wsj")
    second = put(database, SORA[1], publisher="variety", hours=1)
    third = put(database, OTHER, publisher="guardian", hours=2)
    report = run(database, clock)
    found = places(database)
    assert found[first] == found[second] != found[third]
    assert (report.article_count, report.opened_count, report.joined_count, report.failed_count) == (9, 8, 1, 0)
    with database.read() as tx:
        candidate = get_candidate(tx, CandidateId(found[first]))
        members = list_members(tx, candidate.id)
    assert (candidate.source_count, candidate.article_count) == (2, 2)
    assert candidate.title == SORA[0]
    assert candidate.providers == ("openai",)
    assert candidate.opened_at == NOON
    assert candidate.cues
    assert members[1].joined is Joined.EVENT
    assert members[1].reason.startswith(f"The same event as “{SORA[0]}” (Wsj): shares")


def test_a_reprint_joins_its_original_and_does_not_count(database: Database, clock: ManualClock) -> None:
    original = put(database, "Clinic stops chatbot after wrong insulin doses", publisher="agency", words=STORY)
    shortened = STORY.rpartition(" An inspection")[0] + " More on this on page four."
    reprint = put(database, "Patients got wrong advice", publisher="paper", words=shortened, hours=30)
    assert run(database, clock).copy_count == 1
    found = places(database)
    assert found[original] == found[reprint]
    with database.read() as tx:
        standings = list_standings(tx, CandidateId(found[original]))
        members = list_members(tx, CandidateId(found[original]))
    assert [s.counts for s in standings] == [True, False]
    assert members[1].copy_of == original


def test_a_second_run_finds_nothing_to_do(database: Database, clock: ManualClock) -> None:
    put(database, SORA[0])
    assert run(database, clock).article_count == 1
    before = places(database)
    assert run(database, clock) == DeduplicateReport()
    assert places(database) == before


class Killed(BaseException):
    """Stands for a signal: not an error that any boundary may swallow."""


@pytest.mark.parametrize(("killed_after", "together"), [(1, 1), (3, 1), (2, 2)])
def test_killed_and_run_again_ends_with_the_same_candidates(
    database: Database, clock: ManualClock, killed_after: int, together: int
) -> None:
    for number, title in enumerate((SORA[0], OTHER, SORA[1], "Robotaxi outage in Wuhan strands riders", SORA[0] + "s")):
        put(database, title, publisher=f"paper-{number}", hours=number)

    def killer(done: int, total: int) -> None:
        if done == killed_after:
            raise Killed

    with pytest.raises(Killed):
        deduplicate(database, clock, owner="first", providers=PROVIDERS, progress=killer, per_transaction=together)
    assert len(places(database)) == killed_after
    clock.advance(minutes=6)  # the dead process's right runs out
    assert run(database, clock, owner="second").article_count == 5 - killed_after
    found = places(database)
    assert [found[i] == found[1] for i in sorted(found)] == [True, False, True, False, True]


def test_only_one_process_groups_at_a_time(database: Database, clock: ManualClock) -> None:
    put(database, SORA[0])
    with database.write() as tx:
        assert lease_right(tx, RIGHT, now=clock.now(), owner="other", lease_for=timedelta(minutes=5)) is False
    assert run(database, clock) == DeduplicateReport(is_busy=True)
    assert places(database) == {}
    clock.advance(minutes=5)
    assert run(database, clock).article_count == 1


def test_a_process_that_was_overtaken_reads_what_the_other_grouped(database: Database, clock: ManualClock) -> None:
    mine = Memory()
    put(database, OTHER)
    run(database, clock, owner="mine", memory=mine)
    first = put(database, SORA[0], publisher="wsj", hours=1)
    run(database, clock, owner="other")
    second = put(database, SORA[1], publisher="variety", hours=2)
    run(database, clock, owner="mine", memory=mine)
    found = places(database)
    assert found[first] == found[second]


def test_the_window_is_kept_between_runs_of_one_process(database: Database, clock: ManualClock) -> None:
    memory = Memory()
    put(database, SORA[0])
    run(database, clock, memory=memory)
    window = memory.window
    put(database, OTHER, hours=1)
    run(database, clock, memory=memory)
    assert memory.window is window
    assert len(window) == 2


@pytest.mark.parametrize("status", [CandidateStatus.ACCEPTED, CandidateStatus.REJECTED])
def test_late_coverage_joins_what_was_decided_which_stays_decided(
    database: Database, clock: ManualClock, status: CandidateStatus
) -> None:
    first = put(database, SORA[0], publisher="wsj")
    run(database, clock)
    candidate = CandidateId(places(database)[first])
    with database.write() as tx:
        record_status(tx, candidate, status=status)
        before = get_candidate(tx, candidate)
    put(database, SORA[1], publisher="variety", hours=3)
    clock.advance(hours=3)
    run(database, clock)
    with database.read() as tx:
        after = get_candidate(tx, candidate)
    assert (after.status, after.article_count, after.source_count) == (status, 2, 2)
    assert after.version == before.version + 1
    assert after.grown_at == clock.now()


def test_a_merged_candidate_leads_on(database: Database, clock: ManualClock) -> None:
    memory = Memory()
    first, other = put(database, SORA[0], publisher="wsj"), put(database, OTHER)
    run(database, clock, memory=memory)
    absorbed, target = (CandidateId(places(database)[a]) for a in (first, other))
    with database.write() as tx:
        member = list_members(tx, absorbed)[0]
        add_member(tx, target, first, moved(target, member.reason), now=clock.now())
        remove_member(tx, absorbed, first)
        record_status(tx, absorbed, status=CandidateStatus.MERGED, merged_into=target)
        recount(tx, target, now=clock.now(), providers=PROVIDERS)
        assert find_live(tx, absorbed) == target
    late = put(database, SORA[1], publisher="variety", hours=3)
    run(database, clock, memory=memory)
    assert places(database)[late] == target


def moved(candidate: CandidateId, reason: str) -> Match:
    return Match(candidate=candidate, joined=Joined.EDITOR, nearest=None, copy_of=None, similarity=1.0, reason=reason)


def test_one_article_that_fails_stops_no_other(database: Database, clock: ManualClock) -> None:
    broken, good = put(database, SORA[0]), put(database, OTHER, hours=1)
    with database.write() as tx:
        candidate = open_candidate(tx, title="x", opened_at=NOON)
        tx.execute(  # a finding that stands there already: the unique constraint is the last word
            text(
                "INSERT INTO groupings (article_id, candidate_id, told_at, joined, similarity, reason, algorithm,"
                " fingerprint, grouped_at) SELECT id, :c, first_seen_at, 'opened', 1, '', 1, url_digest, first_seen_at"
                " FROM articles WHERE id = :a"
                if database.dialect == "sqlite"
                else "INSERT INTO groupings (article_id, candidate_id, told_at, joined, similarity, reason, algorithm,"
                " fingerprint, grouped_at) SELECT id, :c, first_seen_at, 'opened', 1, '', 1, ''::bytea, first_seen_at"
                " FROM articles WHERE id = :a"
            ),
            {"c": candidate, "a": broken},
        )
    report = run(database, clock)
    assert (report.article_count, report.failed_count) == (1, 1)
    assert list(places(database)) == [good]
    with database.read() as tx:
        assert count_ungrouped(tx) == 1


def test_articles_are_grouped_in_the_order_of_their_own_time(database: Database, clock: ManualClock) -> None:
    later, earlier = put(database, SORA[0], publisher="wsj", hours=5), put(database, SORA[1], publisher="variety")
    run(database, clock)
    with database.read() as tx:
        first, second = list_members(tx, CandidateId(places(database)[later]))
    assert (first.article.id, first.joined) == (earlier, Joined.OPENED)
    assert (second.article.id, second.nearest) == (later, earlier)


def test_a_recount_of_an_empty_candidate_keeps_its_title(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        candidate = open_candidate(tx, title="Everything was split off", opened_at=NOON)
        recount(tx, candidate, now=clock.now(), providers=PROVIDERS)
        found = get_candidate(tx, candidate)
    assert (found.title, found.source_count, found.article_count, found.version) == (
        "Everything was split off",
        0,
        0,
        1,
    )


def arrivals() -> list[list[NewArticle]]:
    """The simulated press as it comes in: four at once, some of them told before what came earlier."""
    told = compose(seed=1, start=NOON).tellings[40:72]
    shuffled = sorted(told, key=lambda t: t.published_at + timedelta(hours=crc32(t.key.encode()) % 24))
    new = [
        NewArticle(
            canonical_url=f"https://{t.publisher.id}.example{t.path}",
            url=f"https://{t.publisher.id}.example{t.path}",
            title=t.versions[0].text.title,
            text="\n".join(t.versions[0].text.paragraphs),
            publisher=PublisherId(t.publisher.id),
            publisher_name=t.publisher.name,
            source=None,
            origin=Origin(t.source.origin),
            tier=Tier(t.source.tier),
            first_seen_at=t.published_at,
        )
        for t in shuffled
    ]
    return [new[start : start + 4] for start in range(0, len(new), 4)]


@pytest.mark.parametrize("limit", [20, 1_000])
def test_a_process_that_begins_anew_groups_as_one_that_goes_on_would(
    database: Database, clock: ManualClock, tmp_path: Path, limit: int
) -> None:
    other = Database(f"sqlite:///{tmp_path}/other.db")
    upgrade(other)
    kept = Memory(window=Window(limit=limit))
    for some in arrivals():
        for where, memory in ((other, kept), (database, Memory(window=Window(limit=limit)))):
            with where.write() as tx:
                for new in some:
                    add_article(tx, new)
            assert run(where, clock, memory=memory).failed_count == 0
    assert found_in(database) == found_in(other)
    other.close()


def test_what_was_told_before_all_of_a_full_window_is_compared_with_its_own_time(
    database: Database, clock: ManualClock
) -> None:
    memory = Memory(window=Window(limit=4))
    first = put(database, SORA[0], publisher="wsj", hours=-400)
    background(database)
    for number in range(4):
        put(database, f"Council of Esker votes on bridge number{number} today", publisher=f"p{number}", hours=number)
    run(database, clock, memory=memory)
    assert first not in memory.window
    late = put(database, SORA[1], publisher="variety", hours=-399)
    newest = put(database, f"{OTHER} again", hours=9)
    run(database, clock, memory=memory)
    found = places(database)
    assert found[late] == found[first] != found[newest]


def found_in(database: Database) -> list[tuple[object, ...]]:
    """Where each article is, and why."""
    with database.read() as tx:
        rows = tx.execute(
            text(
                "SELECT article_id, candidate_id, joined, copy_of_id, nearest_id, similarity, reason, counts"
                " FROM memberships ORDER BY article_id, candidate_id"
            )
        )
        return [tuple(row) for row in rows]


def test_how_likely_an_incident_it_is_is_said_once_grouping_is_over_and_again_when_it_grows(
    database: Database, clock: ManualClock
) -> None:
    background(database)
    first = put(database, SORA[0], publisher="wsj")
    run(database, clock)
    candidate = CandidateId(places(database)[first])

    def now() -> Candidate:
        with database.read() as tx:
            return get_candidate(tx, candidate)

    def cue(found: Candidate) -> list[Cue]:
        return [c for c in found.cues if c.name == LIKELY]

    assert (now().likelihood, now().judged_by, cue(now())) == (None, 0, [])
    with database.read() as tx:
        seen_at = tx.scalar(text("SELECT changed_at FROM candidates WHERE id = :c"), {"c": candidate})
    assert judge_grown(database) == 7
    judged = now()
    assert judged.judged_by == 1
    assert judged.likelihood is not None
    assert judged.score == sum(c.weight for c in judged.cues)
    with database.read() as tx:  # the open queue is told of its new place
        assert tx.scalar(text("SELECT changed_at FROM candidates WHERE id = :c"), {"c": candidate}) > seen_at
    put(database, f"{SORA[1]} after a death", publisher="variety", hours=1)
    run(database, clock)
    grown = now()
    assert (grown.article_count, grown.judged_by) == (2, 0)
    assert (grown.likelihood, cue(grown)) == (judged.likelihood, cue(judged))  # until it is judged anew
    assert judge_grown(database) == 1
    told = now()
    assert told.version == grown.version  # nothing that an editor has seen has changed (D10)
    with database.write() as tx:
        recount(tx, candidate, now=clock.now(), providers=PROVIDERS)
    at_once = now()
    assert (told.likelihood, told.cues, told.judged_by) == (at_once.likelihood, at_once.cues, at_once.judged_by)
    assert told.likelihood != judged.likelihood
    assert judge_grown(database) == 0
