"""A round-up is a mention of what it reviews: it counts, speaks and attracts nowhere, and is not lost."""

from __future__ import annotations

from datetime import timedelta

from monitor.jobs.deduplicate import deduplicate
from monitor.jobs.rerun import regroup
from monitor.model import ArticleId, CandidateDetail, CandidateId, Joined
from monitor.store.candidates import get_detail, list_candidates_of, list_queue
from monitor.store.database import Database
from monitor.store.grouping import remove_member
from monitor.store.window import list_places
from tests.conftest import ManualClock
from tests.stored import MORNING, PROVIDERS, store_article

SORA = "OpenAI announces plans to shut down its Sora video generator"
BLOCK = "Judge temporarily blocks Pentagon's ban on Anthropic"
REVIEW = """Welcome to another week, with much to read and little time for it.
OpenAI will shut down its Sora video generator, six months after the app came out.
A judge has temporarily blocked the ban on Anthropic that the Pentagon had ordered.
A baker in Orrin has taught a parrot the names of forty loaves."""


def put(database: Database, *told: tuple[str, str, str, float]) -> list[ArticleId]:
    """Articles that wait to be grouped: publisher, title, text, hours after `MORNING`."""
    with database.write() as tx:
        return [
            store_article(tx, publisher, title=title, text=text, first_seen_at=MORNING + timedelta(hours=hours))
            for publisher, title, text, hours in told
        ]


def run(database: Database, clock: ManualClock) -> None:
    report = deduplicate(database, clock, owner="one", providers=PROVIDERS)
    assert report.failed_count == 0


def detail(database: Database, candidate: CandidateId) -> CandidateDetail:
    with database.read() as tx:
        return get_detail(tx, candidate)


def candidates(database: Database, article: ArticleId) -> tuple[CandidateId, ...]:
    with database.read() as tx:
        return list_candidates_of(tx, article)


BEFORE = (
    ("paper-1", "Parliament debates budget for hospitals", "", 0.0),
    ("paper-2", "Storm closes ferry line near Halden", "", 0.0),
)


def test_a_round_up_is_a_member_of_each_it_mentions_and_counts_in_none(database: Database, clock: ManualClock) -> None:
    *_, sora, block = put(database, *BEFORE, ("paper-3", SORA, "", 1), ("paper-4", BLOCK, "", 2))
    (review,) = put(database, ("weekly", "The week in AI", REVIEW, 20))
    run(database, clock)
    (of_sora,), (of_block,) = candidates(database, sora), candidates(database, block)
    assert set(candidates(database, review)) > {of_sora, of_block}
    for candidate in (of_sora, of_block):
        found = detail(database, candidate)
        assert (found.candidate.source_count, found.candidate.article_count) == (1, 2)
        mention = next(m for m in found.members if m.article.id == review)
        assert mention.joined is Joined.MENTION
        assert mention.reason.startswith("A round-up that mentions it among others: “")
        assert found.candidate.title in (SORA, BLOCK)


def test_its_own_candidate_keeps_it_and_stands_last_in_the_queue(database: Database, clock: ManualClock) -> None:
    *_, review = put(database, *BEFORE, ("paper-3", SORA, "", 1), ("weekly", "The week in AI", REVIEW, 20))
    run(database, clock)
    with database.read() as tx:
        home = list_places(tx, [review])[review]
        queue = list_queue(tx, now=clock.now())
    own = detail(database, home)
    assert [m.article.id for m in own.members] == [review]
    assert (own.candidate.source_count, own.candidate.title) == (0, "The week in AI")
    assert [c.name for c in own.candidate.cues] == ["round-up"]
    assert queue[-1].id == home


def test_it_attracts_no_article_and_its_words_move_no_candidate(database: Database, clock: ManualClock) -> None:
    dead = REVIEW + "\nThree patients died after Acme's AcmeChat gave wrong doses to a clinic in Orrin."
    *_, sora, review = put(database, *BEFORE, ("paper-3", SORA, "", 1), ("weekly", "The week in AI", dead, 20))
    (later,) = put(database, ("paper-9", "AcmeChat gave wrong doses: three dead at clinic in Orrin", "", 30))
    run(database, clock)
    (of_sora,) = candidates(database, sora)
    assert "acme" not in detail(database, of_sora).candidate.providers
    assert all("died" not in cue.evidence for cue in detail(database, of_sora).candidate.cues)
    with database.read() as tx:
        places = list_places(tx, [later, review])
    assert places[later] != places[review]


def test_what_opens_after_it_is_mentioned_by_it_too(database: Database, clock: ManualClock) -> None:
    *_, review = put(database, *BEFORE, ("weekly", "The week in AI", REVIEW, 20))
    run(database, clock)
    assert len(candidates(database, review)) == 1
    (sora,) = put(database, ("paper-3", SORA, "", 26))
    run(database, clock)
    (opened,) = candidates(database, sora)
    assert opened in candidates(database, review)
    found = detail(database, opened)
    assert (found.candidate.source_count, found.candidate.article_count) == (1, 2)
    assert found.candidate.title == SORA


def test_a_reprinted_round_up_joins_the_first_and_neither_counts(database: Database, clock: ManualClock) -> None:
    first, second = put(database, ("weekly", "The week in AI", REVIEW, 20), ("monthly", "The week in AI", REVIEW, 21))
    run(database, clock)
    assert candidates(database, first) == candidates(database, second)
    assert detail(database, candidates(database, first)[0]).candidate.source_count == 0


def test_a_re_run_finds_anew_what_a_round_up_mentions(database: Database, clock: ManualClock) -> None:
    *_, sora, block = put(database, *BEFORE, ("paper-3", SORA, "", 1), ("paper-4", BLOCK, "", 2))
    (review,) = put(database, ("weekly", "The week in AI", REVIEW, 20))
    run(database, clock)
    before = candidates(database, review)
    (of_sora,), (of_block,) = candidates(database, sora), candidates(database, block)
    version = detail(database, of_block).candidate.version
    with database.write() as tx:
        remove_member(tx, of_sora, review)
    report = regroup(database, clock, owner="rerun", providers=PROVIDERS)
    assert of_sora not in candidates(database, review)  # nothing has changed yet
    report = regroup(database, clock, owner="rerun", providers=PROVIDERS, applies=True)
    assert (report.is_applied, report.mention_count) == (True, 1)
    assert candidates(database, review) == before
    assert detail(database, of_sora).candidate.source_count == 1
    assert regroup(database, clock, owner="rerun", providers=PROVIDERS, applies=True).mention_count == 0
    assert detail(database, of_block).candidate.version == version
