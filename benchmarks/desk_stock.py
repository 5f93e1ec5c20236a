"""A large newsroom to measure the desk on: `python -m benchmarks.desk_stock FILE [--candidates N] [--articles N]`.

Candidates, articles, decisions and wires by the hundred thousand, written straight into the tables: what the desk reads
of them is as the jobs leave it (counts, providers, cues, indexes); the texts are made of common words. The same
numbers give the same newsroom.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import select, text

from monitor.jobs.rulebook import read_rulebook
from monitor.model import Draft, Origin, ResultKind, SearchDocument, Tier
from monitor.stages.terms import terms_of
from monitor.stages.words import HARMS, NOISE
from monitor.store.database import Database
from monitor.store.grouping import kinds_of
from monitor.store.migrate import upgrade
from monitor.store.search import add_documents
from monitor.store.tables import ArticleRow
from monitor.store.wires import draft_to_json

END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SPAN = timedelta(days=700)
WIRES = 20_000
PUBLISHERS = 400
PAGE = 5_000
# Where the candidates stand, in thousandths; the wires take what is accepted.
OPEN, SNOOZED, AWAITING, REJECTED = 500, 40, 20, 240
SUBJECTS = ("chatbot", "robot taxi", "face recognition", "model", "assistant", "agent", "image generator", "copilot")
PLACES = ("Ohio", "Lyon", "Kyoto", "Leeds", "Porto", "Turin", "Utrecht", "Graz", "Bergen", "Perth", "Lima", "Quito")
FILLER = "the a of in after before while court school bank hospital city users customers police pupils review data"


def fill(path: Path, *, candidates: int = 100_000, articles: int = 1_000_000, wires: int = WIRES) -> None:
    """Make the SQLite database `path` and fill it; there must be none yet."""
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA cache_size=-400000")
    chance = random.Random(20261120)
    stock = _Stock(chance, candidates=candidates, articles=articles, wires=wires)
    connection.execute("BEGIN")
    connection.execute("INSERT INTO newsroom VALUES (1, 'newsroom.example', '2024-12-01', ?)", (_at(END - SPAN),))
    _insert(connection, "publishers", stock.publishers())
    _insert(connection, "articles", stock.articles())
    _insert(connection, "wires", stock.wires())
    _insert(connection, "revisions", stock.revisions())
    _insert(connection, "candidates", stock.candidates())
    _insert(connection, "memberships", stock.memberships())
    _insert(connection, "candidate_providers", stock.providers())
    _insert(connection, "decisions", stock.decisions())
    connection.execute("DELETE FROM search_due")
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    database = Database(f"sqlite:///{path}")
    for documents in stock.documents(database):
        with database.write() as tx:
            add_documents(tx, documents)
    with database.write() as tx:
        tx.execute(text("ANALYZE"))
    database.close()


class _Stock:
    """The rows, table after table; each candidate is drawn once and told of in several tables."""

    def __init__(self, chance: random.Random, *, candidates: int, articles: int, wires: int) -> None:
        self._chance = chance
        self._wires = wires
        names = [p.id for p in read_rulebook().providers]
        harms, noise = [t.name for t in HARMS], [t.name for t in NOISE]
        self._each = max(1, articles // candidates)
        self._words = [*FILLER.split(), *(w for t in (*HARMS, *NOISE) for w in sorted(t.words)[:12])]
        self._drawn: list[dict[str, Any]] = []
        accepted = 0
        for number in range(1, candidates + 1):
            place = chance.random() * 1000
            status, awaited = "accepted", None
            if place < OPEN:
                status = "open"
            elif place < OPEN + SNOOZED + AWAITING:
                status, awaited = "snoozed", None if place < OPEN + SNOOZED else 2
            elif place < OPEN + SNOOZED + AWAITING + REJECTED or accepted >= wires:
                status = "rejected"
            accepted += status == "accepted"
            opened = END - SPAN * (1 - number / candidates)
            cues = self._cues(harms, noise)
            self._drawn.append(
                {
                    "id": number,
                    "status": status,
                    "awaited": awaited,
                    "opened": opened,
                    "grown": min(END, opened + timedelta(hours=chance.expovariate(1 / 20))),
                    "count": min(12, 1 + int(chance.expovariate(1.1))),
                    "providers": chance.sample(names, k=chance.choices((0, 1, 2, 3), (2, 6, 2, 1))[0]),
                    "origins": sorted({*chance.choices(list(Origin), (1, 1, 1, 14, 2, 1), k=2)}),
                    "tiers": sorted({*chance.choices(list(Tier), (2, 8, 3), k=2)}),
                    "cues": cues,
                    "wire": accepted if status == "accepted" else None,
                    "claimed": chance.choice(("ada", "ben")) if status == "open" and chance.random() < 0.002 else None,
                }
            )

    def _cues(self, harms: list[str], noise: list[str]) -> list[dict[str, Any]]:
        chance = self._chance
        names = [*chance.sample(harms, k=chance.choices((0, 1, 2, 3), (5, 4, 2, 1))[0])]
        names += chance.sample(noise, k=int(chance.random() < 0.3))
        cues = [
            {"name": n, "weight": w, "amount": 1.0, "evidence": f"“word” in the title “A headline of {n}” (Gazette)"}
            for n in names
            for w in [-10.0 if n in noise else 8.0]
        ]
        speed = round(chance.expovariate(1 / 4), 1)
        cues.append({"name": "independent sources", "weight": speed, "amount": speed / 10, "evidence": "2 publishers"})
        return cues

    def publishers(self) -> Iterator[dict[str, Any]]:
        for n in range(PUBLISHERS):
            yield {"id": f"paper-{n}", "name": f"Paper {n}", "owner": None}

    def _text(self, length: int) -> str:
        return " ".join(self._chance.choices(self._words, k=length))

    def _title(self, number: int) -> str:
        chance = self._chance
        return f"{chance.choice(SUBJECTS).capitalize()} in {chance.choice(PLACES)}: {self._text(5)} {number}"

    def articles(self) -> Iterator[dict[str, Any]]:
        number = 0
        for drawn in self._drawn:
            for turn in range(self._each):
                number += 1
                url = f"https://paper-{number % PUBLISHERS}.example/{number}"
                seen = _at(min(drawn["grown"], drawn["opened"] + timedelta(minutes=40 * turn)))
                title = self._title(drawn["id"]) if turn == 0 else f"{drawn['title']} again"
                drawn.setdefault("title", title)
                yield {
                    "id": number,
                    "canonical_url": url,
                    "url_digest": sha256(url.encode()).hexdigest(),
                    "url": url,
                    "title": title,
                    "text": self._text(45),
                    "published_at": seen,
                    "publisher_id": f"paper-{number % PUBLISHERS}",
                    "publisher_name": f"Paper {number % PUBLISHERS}",
                    "origin": drawn["origins"][turn % len(drawn["origins"])].value,
                    "tier": drawn["tiers"][turn % len(drawn["tiers"])].value,
                    "first_seen_at": seen,
                    "version_count": 0,
                }

    def wires(self) -> Iterator[dict[str, Any]]:
        for drawn in self._drawn:
            if drawn["wire"] is not None:
                published = drawn["opened"] + timedelta(hours=8)
                yield {
                    "id": drawn["wire"],
                    "tag": f"tag:newsroom.example,2024-12-01:wire/{drawn['wire']}",
                    "slug": f"wire-{drawn['wire']}",
                    "candidate_id": drawn["id"],
                    "accepted_at": _at(drawn["opened"]),
                    "accepted_by": "ada",
                    "first_published_at": _at(published),
                    "revised_at": _at(published),
                    "is_retracted": 0,
                    "published_number": 1,
                    "severity": self._chance.choice(("SEV-1", "SEV-2", "SEV-3", "SEV-4")),
                }

    def revisions(self) -> Iterator[dict[str, Any]]:
        for drawn in self._drawn:
            if drawn["wire"] is not None:
                published = drawn["opened"] + timedelta(hours=8)
                draft = Draft(headline=drawn["title"], body=self._text(80), providers=tuple(drawn["providers"]))
                yield {
                    "wire_id": drawn["wire"],
                    "number": 1,
                    "kind": "first",
                    "status": "published",
                    "manner": "editor",
                    "editor": "ada",
                    "draft": json.dumps(draft_to_json(draft)),
                    "saved_at": _at(published),
                    "published_at": _at(published),
                    "version": 1,
                    "standard": "standard",
                    "source_count": drawn["count"],
                    "citations": "[]",
                }

    def documents(self, database: Database) -> Iterator[list[SearchDocument]]:
        """What search finds all this by: the words of titles and texts."""
        for start in range(0, len(self._drawn), PAGE):
            some = self._drawn[start : start + PAGE]
            yield [_document(ResultKind.CANDIDATE, d["id"], d["opened"], d["title"], "") for d in some]
            wires = [d for d in some if d["wire"] is not None]
            yield [_document(ResultKind.WIRE, d["wire"], d["opened"], d["title"], "") for d in wires]
        last = 0
        row = ArticleRow
        while True:
            query = select(row.id, row.title, row.text, row.first_seen_at).where(row.id > last).order_by(row.id)
            with database.read() as tx:
                found = tx.execute(query.limit(PAGE)).all()
            if not found:
                return
            yield [_document(ResultKind.ARTICLE, a.id, a.first_seen_at, a.title, a.text) for a in found]
            last = found[-1].id

    def candidates(self) -> Iterator[dict[str, Any]]:
        for drawn in self._drawn:
            is_snoozed = drawn["status"] == "snoozed"
            until = _at(END + timedelta(hours=self._chance.uniform(-4, 300))) if is_snoozed else None
            yield {
                "id": drawn["id"],
                "status": drawn["status"],
                "version": 3,
                "title": drawn["title"],
                "opened_at": _at(drawn["opened"]),
                "grown_at": _at(drawn["grown"]),
                "source_count": drawn["count"],
                "article_count": self._each,
                "providers": json.dumps(drawn["providers"]),
                "origins": json.dumps([o.value for o in drawn["origins"]]),
                "score": sum(c["weight"] for c in drawn["cues"]),
                "cues": json.dumps(drawn["cues"]),
                "snoozed_until": until,
                "snoozed_at": _at(drawn["grown"]) if is_snoozed else None,
                "awaited_count": drawn["awaited"],
                "back_at": until,
                "claimed_by": drawn["claimed"],
                "claimed_until": _at(END + timedelta(hours=1)) if drawn["claimed"] else None,
                "kinds": kinds_of(drawn["origins"], drawn["tiers"]),
                "weighting": 0,
                "wire_id": drawn["wire"],
                "changed_at": _at(drawn["grown"]),
            }

    def memberships(self) -> Iterator[dict[str, Any]]:
        number = 0
        for drawn in self._drawn:
            for turn in range(self._each):
                number += 1
                yield {
                    "candidate_id": drawn["id"],
                    "article_id": number,
                    "joined": "opened" if turn == 0 else "event",
                    "similarity": 1.0,
                    "reason": "Tells the same.",
                    "counts": int(turn < drawn["count"]),
                    "standing_reason": "Counts: first of its publisher.",
                    "added_at": _at(min(drawn["grown"], drawn["opened"] + timedelta(minutes=40 * turn))),
                }

    def providers(self) -> Iterator[dict[str, Any]]:
        for drawn in self._drawn:
            for provider in drawn["providers"]:
                yield {"provider": provider, "candidate_id": drawn["id"]}

    def decisions(self) -> Iterator[dict[str, Any]]:
        number = 0
        kinds = {"accepted": "accept", "rejected": "reject", "snoozed": "snooze"}
        for drawn in self._drawn:
            if drawn["status"] in kinds:
                number += 1
                yield {
                    "id": number,
                    "candidate_id": drawn["id"],
                    "kind": kinds[drawn["status"]],
                    "editor": "ada" if number % 3 else "ben",
                    "decided_at": _at(drawn["opened"] + timedelta(hours=2)),
                    "reason": "AI news, no incident" if drawn["status"] == "rejected" else None,
                    "version_seen": 2,
                    "payload": json.dumps({"before": {"status": "open"}}),
                }


def _document(kind: ResultKind, ref: int, told_at: datetime, title: str, body: str) -> SearchDocument:
    """`facets` are left out: nobody is asked for a publisher here."""
    return SearchDocument(
        kind=kind,
        ref=ref,
        told_on=told_at.date(),
        title=" ".join(terms_of(title)),
        body=" ".join(terms_of(body)),
        facets="",
        is_fixed=kind is ResultKind.ARTICLE,
    )


def _at(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    while page := list(islice(rows, PAGE)):
        names = list(page[0])
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        connection.executemany(statement, [tuple(row[n] for n in names) for row in page])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--candidates", type=int, default=100_000)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--wires", type=int, default=WIRES)
    asked = parser.parse_args()
    fill(asked.file, candidates=asked.candidates, articles=asked.articles, wires=asked.wires)


if __name__ == "__main__":
    main()
