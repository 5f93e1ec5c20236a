"""Membership, the right to group, and the window's rows, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import Unknown
from monitor.model import (
    ArticleId,
    CandidateId,
    Cue,
    Joined,
    Match,
    NewArticle,
    Origin,
    PublisherId,
    Sourcing,
    SourcingStandard,
    Standing,
    Tier,
)
from monitor.store.articles import add_article, get_article
from monitor.store.candidates import get_candidate
from monitor.store.database import Database, Transaction
from monitor.store.grouping import (
    Recounted,
    add_member,
    list_grown,
    list_members,
    list_standings,
    open_candidate,
    record_sourcing,
    remove_member,
)
from monitor.store.window import (
    lease_right,
    list_told_after,
    list_told_before,
    list_ungrouped,
    record_grouping,
    release_right,
)
from tests.builders import NOON

LEASE = timedelta(minutes=5)
OPENED = Match(candidate=None, joined=Joined.OPENED, nearest=None, copy_of=None, similarity=1.0, reason="first")


def an_article(tx: Transaction, number: int, *, hours: float = 0) -> ArticleId:
    return add_article(
        tx,
        NewArticle(
            canonical_url=f"https://a.example/{number}",
            url=f"https://a.example/{number}",
            title=f"T{number}",
            text="",
            publisher=PublisherId("a"),
            publisher_name="A",
            source=None,
            origin=Origin.PRESS,
            tier=Tier.SECONDARY,
            first_seen_at=NOON + timedelta(hours=hours),
        ),
    )


def test_a_member_round_trips_and_joins_once(database: Database) -> None:
    match = Match(
        candidate=CandidateId(1),
        joined=Joined.COPY,
        nearest=ArticleId(1),
        copy_of=ArticleId(1),
        similarity=0.5,
        reason="same text",
    )
    with database.write() as tx:
        candidate = open_candidate(tx, title="T", opened_at=NOON)
        first, second = an_article(tx, 1, hours=1), an_article(tx, 2)
        assert add_member(tx, candidate, first, OPENED, now=NOON)
        assert add_member(tx, candidate, second, match, now=NOON)
        assert not add_member(tx, candidate, second, OPENED, now=NOON)
    with database.read() as tx:
        members = list_members(tx, candidate)
    assert [m.article.id for m in members] == [second, first]
    assert (members[0].joined, members[0].copy_of, members[0].similarity) == (Joined.COPY, 1, 0.5)
    assert (members[0].reason, members[0].added_at) == ("same text", NOON)
    with database.write() as tx:
        remove_member(tx, candidate, second)
        assert [m.article.id for m in list_members(tx, candidate)] == [first]


def test_a_recount_is_written_whole_and_moves_the_version(database: Database) -> None:
    with database.write() as tx:
        candidate = open_candidate(tx, title="T", opened_at=NOON)
        article = an_article(tx, 1)
        add_member(tx, candidate, article, OPENED, now=NOON)
        standing = Standing(article=article, counts=True, reason="Tells it.")
        later = NOON + timedelta(hours=2)
        recounted = Recounted(
            candidate=candidate,
            before=list_grown(tx, [candidate])[candidate],
            sourcing=Sourcing(source_count=1, standings=(standing,), standard=SourcingStandard.SINGLE_SOURCE),
            title="U",
            providers=["openai"],
            origins=[Origin.PRESS],
            cues=[Cue(name="speed", weight=2.0, evidence="fast"), Cue(name="age", weight=-0.5, evidence="old")],
            now=later,
        )
        record_sourcing(tx, [recounted])
    with database.read() as tx:
        found = get_candidate(tx, candidate)
        assert list_standings(tx, candidate) == (standing,)
    assert (found.version, found.title, found.source_count, found.article_count) == (1, "U", 1, 1)
    assert (found.providers, found.origins, found.score, found.grown_at) == (("openai",), (Origin.PRESS,), 1.5, later)


def test_a_recount_of_nothing_is_refused(database: Database) -> None:
    with pytest.raises(Unknown), database.write() as tx:
        list_grown(tx, [CandidateId(99)])


def test_a_right_is_held_by_one_and_says_who_held_it_last(database: Database) -> None:
    def take(owner: str, minutes: float) -> bool | None:
        with database.write() as tx:
            return lease_right(tx, "group", now=NOON + timedelta(minutes=minutes), owner=owner, lease_for=LEASE)

    assert take("a", 0) is False
    assert take("a", 1) is True
    assert take("b", 2) is None
    with database.write() as tx:
        release_right(tx, "group", now=NOON + timedelta(minutes=3), owner="b")
    assert take("b", 3) is None
    assert take("b", 6) is False
    with database.write() as tx:
        release_right(tx, "group", now=NOON + timedelta(minutes=7), owner="b")
    assert take("a", 7) is False
    assert take("b", 8) is None


def test_the_queue_is_in_the_order_of_the_articles_own_time(database: Database) -> None:
    with database.write() as tx:
        late, early = an_article(tx, 1, hours=2), an_article(tx, 2)
        queue = list_ungrouped(tx, limit=5)
        assert [a.id for a in queue] == [early, late]
        assert [a.id for a in list_ungrouped(tx, limit=5, after=(queue[0].told_at, early))] == [late]


def test_the_window_reads_both_sides_of_a_moment_and_only_its_own_version(database: Database) -> None:
    with database.write() as tx:
        candidate = open_candidate(tx, title="T", opened_at=NOON)
        articles = [an_article(tx, n, hours=n) for n in range(5)]
        for number, article in enumerate(articles):
            found = get_article(tx, article)
            record_grouping(
                tx, found, candidate, OPENED, algorithm=200 if number == 3 else 101, fingerprint=b"f", now=NOON
            )
            add_member(tx, candidate, article, OPENED, now=NOON)
        assert list_ungrouped(tx, limit=9) == ()
        moment = NOON + timedelta(hours=1)
        before = list_told_before(tx, moment, limit=9, algorithms=range(100, 200))
        after = list_told_after(tx, moment, limit=9, algorithms=range(100, 200))
    assert [g.article for g in before] == [articles[1], articles[0]]
    assert [g.article for g in after] == [articles[2], articles[4]]
    assert (after[0].candidate, after[0].publisher_name, after[0].title) == (candidate, "A", "T2")
