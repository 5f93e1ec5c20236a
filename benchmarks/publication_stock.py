"""A newsroom with any number of published wires, in a database of SQLite: for the benchmarks of publication.

Some wires are published by the store's own deeds; the rest are copies of them, each some days later than the one it was
copied from, with everything that publishing leaves behind in the tables. The first and the last are as real as can be.
"""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

from monitor.jobs.rulebook import Rulebook
from monitor.model import (
    ArticleId,
    Citation,
    Draft,
    Manner,
    Origin,
    PublisherId,
    Rationale,
    Severity,
    SourcingStandard,
    Tier,
    WireId,
)
from monitor.store.database import Database, Transaction
from monitor.store.migrate import upgrade
from monitor.store.published import next_free_instant
from monitor.store.wires import Count, add_wire, found_newsroom, record_publication, record_release

PATTERN = 200  # wires that are published by the store's own deeds
EVERY = timedelta(hours=4)  # one wire
START = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
PARAGRAPHS = 5
_WORDS = (
    "The court found that a brief filed in the case cited rulings which do not exist, and which a chatbot had produced "
    "when a lawyer asked it for precedents; the judge asked for an explanation within ten days, and the firm said that "
    "it had since changed how such tools are used, and that two people now read what is filed. "
)


def fill(path: Path, rules: Rulebook, *, wires: int) -> Database:
    """A database at `path` with so many published wires, a multiple of PATTERN."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.write() as tx:
        found_newsroom(tx, tag_authority="wire.example", now=START)
        for number in range(PATTERN):
            publish_one(tx, rules, number, at=START + EVERY * number)
            tx.expire_all()
    connection = sqlite3.connect(path)
    connection.execute("CREATE TEMP TABLE first_events AS SELECT feed, count(*) AS many FROM feed_events GROUP BY feed")
    connection.execute("CREATE UNIQUE INDEX temp.ix_first_events ON first_events (feed)")
    for copy in range(1, wires // PATTERN):
        _copy(connection, copy)
    connection.execute("DELETE FROM search_due")
    _count_again(connection, wires // PATTERN)
    connection.commit()
    connection.close()
    return database


def publish_one(tx: Transaction, rules: Rulebook, number: int, *, at: datetime) -> WireId:
    """One more wire that readers see since `at`."""
    wire = add_wire(
        tx,
        tag=f"tag:wire.example,2020-01-01:wire/{number}",
        slug=f"wire-{number}",
        candidate=None,
        draft=_draft(rules, number),
        editor="ada",
        manner=Manner.EDITOR,
        now=at,
    )
    record_release(tx, wire, editor="ada", version_seen=None, now=at)
    why = "A chatbot produced what was filed."
    record_publication(
        tx,
        wire,
        citations=[_citation(number * 2 + n, at) for n in range(2)],
        count=Count(standard=SourcingStandard.STANDARD, source_count=2),
        rationale=Rationale(text=why, counterfactual=why, classified_by="ada", classified_at=at),
        origin=Origin.PRESS,
        published_at=next_free_instant(tx, at),
    )
    return wire


def _draft(rules: Rulebook, number: int) -> Draft:
    mechanisms = [c.id for c in rules.codebook.codes if c.id.startswith("M")]
    failures = [c.id for c in rules.codebook.codes if c.id.startswith("F")]
    paragraph = f"{_WORDS} [source](article:{number * 2}) [source](article:{number * 2 + 1})"
    return Draft(
        headline=f"Court asks why a brief cites rulings that no court made, {number}",
        severity=tuple(Severity)[number % len(Severity)],
        providers=(rules.providers[number % 40].id,),
        occurred_on=START.date(),
        body="\n\n".join([paragraph] * PARAGRAPHS),
        rationale="A chatbot produced what was filed.",
        counterfactual="Without the chatbot the rulings would not have been in the brief.",
        codes=(mechanisms[number % len(mechanisms)], failures[number % len(failures)]),
    )


def _citation(number: int, at: datetime) -> Citation:
    return Citation(
        article=ArticleId(number),
        url=f"https://paper{number % 300}.example/{number}",
        title="Judge asks lawyers about rulings that nobody can find",
        publisher=PublisherId(f"paper{number % 300}"),
        publisher_name=f"The Paper of Town {number % 300}",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        published_at=at,
        snapshot=None,
        counts=True,
        reason="reports what it found itself",
    )


# --- copies ---------------------------------------------------------------------------------------------------------


def _copy(connection: sqlite3.Connection, copy: int) -> None:
    """What the first wires left in the tables, once more, some days later."""
    shift = PATTERN * copy
    later = f"+{int(EVERY.total_seconds() * shift)} seconds"
    changed = {
        "wires": {"id": f"id + {shift}", "tag": f"tag || '.{copy}'", "slug": f"slug || '-{copy}'"},
        "revisions": {"wire_id": f"wire_id + {shift}"},
        "wire_providers": {"wire_id": f"wire_id + {shift}"},
        "wire_codes": {"wire_id": f"wire_id + {shift}"},
        "wire_facets": {"wire_id": f"wire_id + {shift}"},
        "editions": {
            "number": f"number + {shift}",
            "wire_id": f"wire_id + {shift}",
            "slug": f"slug || '-{copy}'",
        },
        "feed_events": {
            "wire_id": f"wire_id + {shift}",
            "position": f"position + {copy} * (SELECT many FROM first_events e WHERE e.feed = t.feed)",
        },
    }
    for table, values in changed.items():
        columns = [(row[1], row[2]) for row in connection.execute(f"PRAGMA table_info({table})")]
        told = [
            values.get(name) or (f"strftime('%Y-%m-%d %H:%M:%f000', {name}, '{later}')" if kind == "DATETIME" else name)
            for name, kind in columns
            if not (table == "feed_events" and name == "id")
        ]
        names = [name for name, _ in columns if not (table == "feed_events" and name == "id")]
        key = "id" if table == "wires" else "wire_id"
        connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(told)} FROM {table} t WHERE {key} <= {PATTERN}"
        )


def _count_again(connection: sqlite3.Connection, copies: int) -> None:
    """The kept counts, from what was copied."""
    connection.execute("DELETE FROM facet_months")
    connection.execute(
        "INSERT INTO facet_months (facet, month, wire_count) SELECT facet, substr(first_published_at, 1, 7), count(*) "
        "FROM wire_facets GROUP BY 1, 2"
    )
    connection.execute("UPDATE tallies SET wire_count = wire_count * ?", (copies,))
