"""Migrations: an empty database upgraded equals the tables; running them again changes nothing (F13)."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import bindparam, inspect, text
from sqlalchemy.exc import DatabaseError

from monitor.jobs.standing import list_reports
from monitor.model import Kind, RulingKind, SourceDay, SourceId, WireId
from monitor.store.database import Database
from monitor.store.days import list_days
from monitor.store.feeds import list_events, list_lengths
from monitor.store.migrate import current_revision, newest_revision, upgrade
from monitor.store.polls import get_poll_state
from monitor.store.rulings import list_rulings
from monitor.store.tables import FROZEN, RevisionRow, Row
from monitor.store.tables_search import is_mapped
from monitor.store.tallies import count_retracted, keep_tallies, list_tallies

DAY = "2026-03-01 23:30:00+00:00"
NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)


def test_an_upgraded_database_equals_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": is_mapped})
        assert compare_metadata(context, Row.metadata) == []


def test_upgrading_again_changes_nothing_f13(database: Database) -> None:
    assert upgrade(database) == (newest_revision(database), newest_revision(database))
    assert current_revision(database) == newest_revision(database)


@pytest.mark.parametrize("verb", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_audit_cannot_be_rewritten_d11(database: Database, verb: str) -> None:
    with database.write() as tx:
        tx.execute(text("INSERT INTO audit (at, who, what, subject) VALUES ('2026-03-02 08:00:00', 'ada', 'x', 'y')"))
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text(verb))


def test_every_frozen_table_has_its_triggers(database: Database) -> None:
    query = (
        "SELECT tbl_name FROM sqlite_master WHERE type = 'trigger' AND name NOT LIKE 'tr_search_%'"
        if database.dialect == "sqlite"
        else "SELECT event_object_table FROM information_schema.triggers WHERE trigger_name NOT LIKE 'tr_search_%'"
    )
    with database.read() as tx:
        found = sorted(tx.execute(text(query)).scalars())
    assert found == sorted([*FROZEN, *FROZEN])


_FIRST_ROWS = [
    "INSERT INTO publishers (id, name) VALUES ('gazette', 'Gazette')",
    (
        "INSERT INTO sources (id, name, url, origin, tier, publisher_id, is_aggregator) "
        "VALUES ('gazette', 'Gazette', 'https://gazette.example/feed', 'press', 'secondary', 'gazette', FALSE)"
    ),
    (
        "INSERT INTO poll_states (source_id, url, due_at, rule, interval_seconds, hints, failure_weight, "
        "last_success_at, last_outcome, is_gone, redirect_count) "
        "VALUES ('gazette', 'https://www.gazette.example:8443/', "
        "'2026-03-02 09:00:00+00:00', 'new source', 3600, '{}', 0, '2026-03-02 08:00:00+00:00', '200', FALSE, 0)"
    ),
    *(
        "INSERT INTO polls (source_id, polled_at, outcome, detail, new_entry_count) "
        f"VALUES ('gazette', '{at}+00:00', '{outcome}', '', {new})"
        for at, outcome, new in (
            ("2026-03-01 08:00:00", "new", 3),
            ("2026-03-01 09:00:00", "timeout", 0),
            ("2026-03-02 08:00:00", "not-modified", 0),
        )
    ),
    (
        "INSERT INTO entries (source_id, guid, guid_digest, title, digest, first_seen_at, attempt_count) "
        "VALUES ('gazette', 'a', 'a', 'A', 'a', '2026-03-01 08:00:00+00:00', 0)"
    ),
]


def test_rows_of_the_first_tables_come_through_every_later_migration_f13(empty_database: Database) -> None:
    """F13. What an older Monitor left is there afterwards, and the new columns say what it knew."""
    upgrade(empty_database, to="0001")
    with empty_database.write() as tx:
        for statement in _FIRST_ROWS:
            tx.execute(text(statement))
    assert upgrade(empty_database) == ("0001", newest_revision(empty_database))
    with empty_database.read() as tx:
        assert [(r.source.id, r.source.kind, r.entry_count) for r in list_reports(tx, NOW)] == [
            ("gazette", Kind.FEED, 1)
        ]
        state = get_poll_state(tx, SourceId("gazette"))
        assert state.moved_at == state.full_at == state.last_success_at
        assert tx.scalar(text("SELECT host FROM poll_states")) == "www.gazette.example"
        assert list_days(tx, since=date(2026, 1, 1)) == {
            "gazette": (
                SourceDay(day=date(2026, 3, 1), poll_count=2, error_count=1, new_entry_count=3),
                SourceDay(day=date(2026, 3, 2), poll_count=1, error_count=0, new_entry_count=0),
            )
        }


_OLD_HANDS = [
    *(
        "INSERT INTO articles (id, canonical_url, url_digest, url, title, text, publisher_id, publisher_name, origin, "
        f"tier, first_seen_at) VALUES ({n}, 'u{n}', 'd{n}', 'u{n}', 't', '', 'p', 'P', 'press', 'secondary', "
        "'2026-03-01 08:00:00+00:00')"
        for n in range(1, 7)
    ),
    *(
        "INSERT INTO candidates (id, status, version, title, opened_at, grown_at, source_count, article_count, "
        f"providers, origins, score, cues) VALUES ({n}, 'open', 1, 't', '2026-03-01 08:00:00+00:00', "
        "'2026-03-01 08:00:00+00:00', 1, 1, '[]', '[]', 0, '[]')"
        for n in range(1, 4)
    ),
    *(
        "INSERT INTO memberships (candidate_id, article_id, joined, similarity, reason, counts, standing_reason, "
        f"added_at) VALUES ({candidate}, {article}, 'event', 1, '', FALSE, '', '2026-03-01 {hour}:00:00+00:00')"
        for candidate, article, hour in ((1, 1, "08"), (1, 2, "08"), (3, 3, "08"), (1, 4, "23"))
    ),
    *(
        "INSERT INTO decisions (id, candidate_id, kind, editor, decided_at, version_seen, payload, undoes_id) "
        f"VALUES ({n}, 1, '{kind}', 'ada', '2026-03-01 12:00:00+00:00', 1, '{payload}', {undoes})"
        for n, kind, payload, undoes in (
            (1, "merge", '{"absorbed": [{"members": [{"article": 2}]}]}', "NULL"),
            (2, "split", '{"opened": 3, "members": [{"article": 3}]}', "NULL"),
            (3, "split", '{"opened": 2, "members": [{"article": 2}]}', "NULL"),
            (4, "undo", "{}", "3"),
        )
    ),
]


def test_what_editors_merged_and_split_before_is_laid_down_f13(empty_database: Database) -> None:
    """F13. A decision that stands is a ruling from then on; one that was undone is none; later articles are free."""
    upgrade(empty_database, to="0002")
    with empty_database.write() as tx:
        for statement in _OLD_HANDS:
            tx.connection().exec_driver_sql(statement)
    upgrade(empty_database)
    with empty_database.read() as tx:
        rulings = list_rulings(tx)
    assert [(r.kind, r.left, r.right, r.decision) for r in rulings] == [
        (RulingKind.TOGETHER, (2,), (1,), 1),
        (RulingKind.APART, (3,), (1, 2), 2),
    ]


def test_what_was_there_before_is_noted_for_search_and_so_is_whatever_comes(empty_database: Database) -> None:
    """The upgrade does not wait for an index: a job fills it."""
    upgrade(empty_database, to="0003")
    with empty_database.write() as tx:
        for statement in _OLD_HANDS[:7]:
            tx.connection().exec_driver_sql(statement)
    upgrade(empty_database)
    due = text("SELECT kind, ref FROM search_due ORDER BY kind, ref")
    with empty_database.write() as tx:
        assert [tuple(r) for r in tx.execute(due)] == [*(("article", n) for n in range(1, 7)), ("candidate", 1)]
        tx.execute(text("DELETE FROM search_due"))
        tx.execute(text("UPDATE articles SET note = 'x'"))
        tx.execute(text("UPDATE articles SET title = 'Another' WHERE id = 2"))
        tx.execute(text("UPDATE candidates SET article_count = 2"))
        assert [tuple(r) for r in tx.execute(due)] == [("article", 2), ("candidate", 1)]


def test_the_feeds_of_an_older_newsroom_begin_with_what_readers_see_f13(empty_database: Database) -> None:
    """F13. One line a wire, in the order of its last revision; what nobody published is in no feed."""
    upgrade(empty_database, to="0004")
    with empty_database.write() as tx:
        for number, day, revision in ((1, "07", "3"), (2, "05", "1"), (3, "06", "NULL")):
            at = "NULL" if revision == "NULL" else f"'2026-03-{day} 08:00:00+00:00'"
            tx.execute(
                text(
                    "INSERT INTO wires (id, tag, slug, accepted_at, accepted_by, first_published_at, revised_at, "
                    f"is_retracted, published_number, severity) VALUES ({number}, 't{number}', 's{number}', "
                    f"'2026-03-01 08:00:00+00:00', 'ada', {at}, {at}, FALSE, {revision}, 'SEV-{number}')"
                )
            )
            tx.execute(text(f"INSERT INTO wire_providers (wire_id, provider) VALUES ({number}, 'openai')"))
    upgrade(empty_database)
    with empty_database.read() as tx:
        lines = {
            feed: [(e.wire, e.revision) for e in list_events(tx, feed, first=1, last=9)] for feed in list_lengths(tx)
        }
    assert lines == {
        "": [(2, 1), (1, 3)],
        "provider:openai": [(2, 1), (1, 3)],
        "severity:SEV-1": [(1, 3)],
        "severity:SEV-2": [(2, 1)],
    }


def test_the_statistics_of_an_older_newsroom_count_what_readers_see_f13(empty_database: Database) -> None:
    """F13. Each published wire is counted as a later publication would count it; a retracted one is left out."""
    upgrade(empty_database, to="0004")
    draft = '{"severity": "SEV-2", "providers": ["openai"], "codes": ["M2", "F5"], "occurred_on": "2026-02-27"}'
    cited = '[{"published_at": "2026-03-01T09:00:00+00:00"}, {"published_at": null}]'
    with empty_database.write() as tx:
        for number, kind, is_retracted in ((1, "first", "FALSE"), (2, "retraction", "TRUE")):
            tx.execute(
                text(
                    "INSERT INTO wires (id, tag, slug, accepted_at, accepted_by, first_published_at, revised_at, "
                    f"is_retracted, published_number, severity) VALUES ({number}, 't{number}', 's{number}', '{DAY}', "
                    f"'ada', '{DAY}', '{DAY}', {is_retracted}, 1, 'SEV-2')"
                )
            )
            values = {"draft": draft, "cited": cited}
            insert = text(
                "INSERT INTO revisions (wire_id, number, kind, status, draft, manner, editor, saved_at, version, "
                "standard, source_count, citations, signal_origin, published_at) "
                f"VALUES ({number}, 1, '{kind}', 'published', :draft, 'editor', 'ada', '{DAY}', 1, 'standard', 2, "
                f":cited, 'press', '{DAY}')"
            )
            kinds = [bindparam(name, type_=RevisionRow.__table__.c.citations.type) for name in values]
            tx.execute(insert.bindparams(*kinds), {name: json.loads(value) for name, value in values.items()})
    upgrade(empty_database)
    with empty_database.write() as tx:
        found = {(t.counted, t.value, t.month, t.count) for t in list_tallies(tx)}
        assert found == {
            ("severity", "SEV-2", "2026-02", 1),
            ("provider", "openai", "2026-02", 1),
            ("code", "M2", "2026-02", 1),
            ("code", "F5", "2026-02", 1),
            ("standard", "standard", "2026-03", 1),
            ("sources", "2", "2026-03", 1),
            ("origin", "press", "2026-03", 1),
            ("delay", "24h", "2026-03", 1),
        }
        assert count_retracted(tx) == 1
        for number in (1, 2):
            keep_tallies(tx, WireId(number))
        assert {(t.counted, t.value, t.month, t.count) for t in list_tallies(tx)} == found


def test_an_upgrade_that_dies_half_way_leaves_the_database_as_it_was_f13(empty_database: Database) -> None:
    """F13. Upgraded or untouched: the migration runs in one transaction."""
    upgrade(empty_database, to="0001")
    before = _tables(empty_database)
    with empty_database.write() as tx:  # the migration stumbles over a table that it is about to make
        tx.execute(text("CREATE TABLE source_days (id INTEGER)"))
    with pytest.raises(DatabaseError):
        upgrade(empty_database)
    assert (current_revision(empty_database), _tables(empty_database)) == ("0001", before | {"source_days"})
    with empty_database.write() as tx:
        tx.execute(text("DROP TABLE source_days"))
    assert upgrade(empty_database)[1] == newest_revision(empty_database)


def _tables(database: Database) -> set[str]:
    return set(inspect(database.engine).get_table_names())
