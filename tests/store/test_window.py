"""What the window is read from: the newest articles, or those about a moment, of one version; where each is now."""

from __future__ import annotations

from datetime import timedelta

from monitor.model import ArticleId, CandidateStatus, Joined, Match, NewArticle, Origin, PublisherId, Tier
from monitor.store.articles import add_article, get_article
from monitor.store.candidates import record_status
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, open_candidate, remove_member
from monitor.store.window import (
    count_ungrouped,
    find_nth_newest,
    list_places,
    list_told_newest,
    list_ungrouped,
    record_grouping,
)
from tests.builders import NOON

OURS = range(100, 200)
OPENED = Match(candidate=None, joined=Joined.OPENED, nearest=None, copy_of=None, similarity=1.0, reason="first")


def grouped(tx: Transaction, hours: float, *, algorithm: int = 101) -> ArticleId:
    """An article told so many hours after noon, alone in its candidate."""
    url = f"https://a.example/{hours}"
    article = add_article(
        tx,
        NewArticle(
            canonical_url=url, url=url, title=f"Told at {hours}", text="", publisher=PublisherId("a"),
            publisher_name="A", source=None, origin=Origin.PRESS, tier=Tier.SECONDARY,
            first_seen_at=NOON + timedelta(hours=hours),
        ),
    )  # fmt: skip
    candidate = open_candidate(tx, title="T", opened_at=NOON)
    found = get_article(tx, article)
    record_grouping(tx, found, candidate, OPENED, algorithm=algorithm, fingerprint=b"\x00\xff", now=NOON)
    add_member(tx, candidate, article, OPENED, now=NOON)
    return article


def test_the_newest_are_those_told_last_and_not_those_grouped_last(database: Database) -> None:
    with database.write() as tx:
        late, early, other = grouped(tx, 5), grouped(tx, 1), grouped(tx, 9, algorithm=200)
        middle = grouped(tx, 3)
        newest = list_told_newest(tx, limit=2, algorithms=OURS)
        assert [g.article for g in newest] == [late, middle]
        assert [g.article for g in list_told_newest(tx, limit=9, algorithms=OURS)] == [late, middle, early]
        assert [g.article for g in list_told_newest(tx, limit=9, algorithms=range(200, 201))] == [other]
        assert find_nth_newest(tx, 2, algorithms=OURS) == NOON + timedelta(hours=3)
        assert find_nth_newest(tx, 4, algorithms=OURS) is None


def test_what_was_kept_of_an_article_comes_back(database: Database) -> None:
    with database.write() as tx:
        article = grouped(tx, 2)
        (found,) = list_told_newest(tx, limit=1, algorithms=OURS)
        assert (found.article, found.told_at, found.fingerprint) == (article, NOON + timedelta(hours=2), b"\x00\xff")
        assert (found.publisher, found.publisher_name, found.title, found.copy_of) == ("a", "A", "Told at 2", None)


def test_a_grouped_article_waits_no_more(database: Database) -> None:
    with database.write() as tx:
        grouped(tx, 1)
        assert (count_ungrouped(tx), list_ungrouped(tx, limit=9)) == (0, ())


def test_an_article_is_where_editors_put_it_and_a_round_up_where_it_was_put_first(database: Database) -> None:
    with database.write() as tx:
        article, review = grouped(tx, 1), grouped(tx, 2)
        home = list_places(tx, [article, review])
        moved = Match(candidate=None, joined=Joined.EDITOR, nearest=None, copy_of=None, similarity=1.0, reason="moved")
        target = open_candidate(tx, title="Target", opened_at=NOON)
        add_member(tx, target, article, moved, now=NOON)
        remove_member(tx, home[article], article)
        record_status(tx, home[article], status=CandidateStatus.MERGED, merged_into=target)
        mention = Match(
            candidate=None, joined=Joined.MENTION, nearest=None, copy_of=None, similarity=1.0, reason="said"
        )
        add_member(tx, target, review, mention, now=NOON)
        assert list_places(tx, [article, review]) == {article: target, review: home[review]}
        assert {g.article: g.candidate for g in list_told_newest(tx, limit=9, algorithms=OURS)} == {
            article: target,
            review: home[review],
        }


def test_an_article_in_two_candidates_is_where_grouping_put_it(database: Database) -> None:
    """The older candidate of the two would lead a process that starts anew elsewhere than the one that grouped it."""
    with database.write() as tx:
        older = open_candidate(tx, title="T", opened_at=NOON)
        article = grouped(tx, 1)
        (found,) = list_places(tx, [article]).values()
        assert older < found
        add_member(tx, older, article, OPENED, now=NOON)
        assert list_places(tx, [article]) == {article: found}
