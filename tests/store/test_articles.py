"""Articles: one per canonical URL, found under every spelling, with the page as evidence."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from monitor.errors import Unknown
from monitor.model import ArticleId, Credit, CreditKind, NewArticle, Origin, PublisherId, Snapshot, StatusUpdate, Tier
from monitor.store.articles import (
    add_article,
    add_article_urls,
    add_snapshot,
    append_version,
    count_articles,
    find_article_by_url,
    find_articles_by_urls,
    get_article,
    get_snapshot,
    get_snapshot_body,
    is_claimed,
    list_articles,
    list_versions,
    record_growth,
    record_own_address,
)
from monitor.store.database import Database

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
BODY = "<html>ä".encode() * 1_000
SNAPSHOT = Snapshot(
    digest=hashlib.sha256(BODY).hexdigest(),
    url="https://herald.example/1",
    fetched_at=NOW,
    content_type="text/html",
    size_bytes=len(BODY),
)
NEW = NewArticle(
    canonical_url="https://herald.example/1",
    url="http://herald.example/1/",
    title="T \u202eitle 👩\u200d💻",
    text="One.\nTwo.",
    author="A. Uthor",
    published_at=datetime(2026, 3, 1, tzinfo=UTC),
    language="en",
    publisher=PublisherId("herald"),
    publisher_name="Herald",
    source=None,
    origin=Origin.PRESS,
    tier=Tier.SECONDARY,
    first_seen_at=NOW,
    note="text from the feed",
)


def test_an_article_comes_back_as_it_was(database: Database) -> None:
    with database.write() as tx:
        article_id = add_article(tx, NEW, snapshot=SNAPSHOT, body=BODY, archive_id="x-1")
    with database.read() as tx:
        article = get_article(tx, article_id)
    assert asdict(article) == asdict(NEW) | {"id": article_id, "snapshot": asdict(SNAPSHOT), "version_count": 0}


def test_an_outage_keeps_its_timeline_and_grows(database: Database) -> None:
    begun = StatusUpdate(at=NOW, state="Investigating", text="We \u202elook.")
    over = StatusUpdate(at=None, state="Resolved", text="")
    with database.write() as tx:
        article_id = add_article(tx, replace(NEW, timeline=(begun,)))
    with database.read() as tx:
        first = get_article(tx, article_id)
    assert first.timeline == (begun,)
    with database.write() as tx:
        record_growth(tx, article_id, text="More.", timeline=(begun, over))
    with database.read() as tx:
        assert get_article(tx, article_id) == replace(first, text="More.", timeline=(begun, over))


def test_the_same_canonical_url_is_the_same_article_h15(database: Database) -> None:
    with database.write() as tx:
        first = add_article(tx, NEW, urls=["https://herald.example/2"])
    with database.write() as tx:
        again = add_article(tx, replace(NEW, title="Edited"), urls=["https://herald.example/3"])
    assert first == again
    with database.read() as tx:
        assert count_articles(tx) == 1
        for n in (1, 2, 3):
            found = find_article_by_url(tx, f"https://herald.example/{n}")
            assert found is not None
            assert (found.id, found.title) == (first, NEW.title)
        assert find_article_by_url(tx, "https://herald.example/4") is None


def test_a_spelling_never_moves_to_another_article(database: Database) -> None:
    with database.write() as tx:
        first = add_article(tx, NEW)
        second = add_article(tx, replace(NEW, canonical_url="https://herald.example/b"), urls=[NEW.canonical_url])
        add_article_urls(tx, second, [NEW.canonical_url])
    with database.read() as tx:
        found = find_article_by_url(tx, NEW.canonical_url)
    assert found is not None
    assert found.id == first != second


def test_articles_are_listed_in_the_order_asked_for(database: Database) -> None:
    with database.write() as tx:
        ids = [add_article(tx, replace(NEW, canonical_url=f"https://herald.example/{n}")) for n in range(3)]
    with database.read() as tx:
        wanted = [ids[2], ArticleId(99), ids[0]]
        assert [article.id for article in list_articles(tx, wanted)] == [ids[2], ids[0]]
        assert list_articles(tx, []) == ()
        with pytest.raises(Unknown, match="no article 99"):
            get_article(tx, ArticleId(99))


def test_a_snapshot_is_kept_compressed_and_once(database: Database) -> None:
    with database.write() as tx:
        add_snapshot(tx, SNAPSHOT, BODY)
        add_snapshot(tx, replace(SNAPSHOT, url="https://elsewhere.example/"), BODY)
    with database.read() as tx:
        assert get_snapshot(tx, SNAPSHOT.digest) == SNAPSHOT
        assert get_snapshot_body(tx, SNAPSHOT.digest) == BODY
        (stored,) = tx.execute(text("SELECT length(body) FROM snapshots")).one()
        assert stored < len(BODY) / 10
        with pytest.raises(Unknown, match="no snapshot 00"):
            get_snapshot_body(tx, "00")
        with pytest.raises(Unknown, match="no snapshot 00"):
            get_snapshot(tx, "00")


def test_a_snapshot_is_what_its_digest_says(database: Database) -> None:
    with pytest.raises(ValueError, match="not the digest"), database.write() as tx:
        add_snapshot(tx, SNAPSHOT, b"something else")


# --- versions ---------------------------------------------------------------------------------------------------


def test_what_a_page_says_later_stands_beside_what_it_said_first(database: Database) -> None:
    with database.write() as tx:
        article_id = add_article(tx, NEW, snapshot=SNAPSHOT, body=BODY)
        first = get_article(tx, article_id)
        assert append_version(tx, article_id, title=NEW.title, text=NEW.text, now=NOW) is None
        one = append_version(tx, article_id, title="Another", text=NEW.text, now=NOW, snapshot=SNAPSHOT, body=BODY)
        assert append_version(tx, article_id, title="Another", text=NEW.text, now=NOW) is None
        two = append_version(tx, article_id, title=NEW.title, text=NEW.text, now=NOW, note="taken back")
    with database.read() as tx:
        assert list_versions(tx, article_id) == (one, two)
        assert get_article(tx, article_id) == replace(first, version_count=2)
    assert one is not None
    assert (one.number, one.snapshot) == (1, SNAPSHOT.digest)


def test_a_version_is_never_rewritten(database: Database) -> None:
    with database.write() as tx:
        article_id = add_article(tx, NEW)
        append_version(tx, article_id, title="Another", text="", now=NOW)
    for statement in ("UPDATE article_versions SET text = 'x'", "DELETE FROM article_versions"):
        with pytest.raises(DBAPIError, match="append-only"), database.write() as tx:
            tx.execute(text(statement))


def test_credits_come_back_as_they_were(database: Database) -> None:
    credit = Credit(kind=CreditKind.AGENCY, name="AFP", url="https://afp.example/1", quote="(AFP)")
    with database.write() as tx:
        article_id = add_article(tx, replace(NEW, credits=(credit,)))
    with database.read() as tx:
        assert get_article(tx, article_id).credits == (credit,)


# --- addresses --------------------------------------------------------------------------------------------------


def test_an_address_that_is_only_claimed_goes_to_whoever_answers_there(database: Database) -> None:
    claimed, own = "https://herald.example/1", "https://herald.example/own"
    with database.write() as tx:
        liar = add_article(tx, NEW, urls=[own], claimed=[claimed])
        assert is_claimed(tx, claimed)
        assert not is_claimed(tx, own)
        record_own_address(tx, liar, own=own, claimed=claimed)
        assert find_article_by_url(tx, claimed) is None
        other = add_article(tx, NEW)
        assert other != liar
        assert get_article(tx, liar).canonical_url == own


def test_a_claim_that_is_borne_out_is_one_no_more(database: Database) -> None:
    with database.write() as tx:
        article_id = add_article(tx, NEW, claimed=["https://herald.example/amp/1"])
        add_article_urls(tx, article_id, ["https://herald.example/amp/1"])
        assert not is_claimed(tx, "https://herald.example/amp/1")
        found = find_articles_by_urls(tx, ["https://x.example/", "https://herald.example/amp/1", NEW.canonical_url])
        assert [article.id for article in found] == [article_id]
