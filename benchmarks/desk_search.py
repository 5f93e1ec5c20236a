"""How long a search takes: `python -m benchmarks.desk_search ARTICLES [--database URL] [--rounds N]`.

Fills a database with articles, a tenth as many candidates and a fiftieth as many wires. Words are drawn as in a
language: the n-th commonest 1/n as often as the first (Zipf), 120 to an article. Then asks questions of every kind,
each with other words, and prints the median and the 99th percentile of the whole answer: index, rows and passages.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
from sqlalchemy import insert, text

from benchmarks.own_postgres import database_url
from monitor.jobs.look import look
from monitor.jobs.rulebook import read_rulebook
from monitor.model import Draft, ResultKind, SearchDocument
from monitor.stages.query import ORIGIN, PROVIDER, PUBLISHER, facet_words
from monitor.stages.terms import terms_of
from monitor.store.articles import digest_of
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.store.search import add_documents
from monitor.store.tables import ArticleRow, CandidateRow, RevisionRow, WireRow
from monitor.store.wires import draft_to_json

END = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
SPAN = timedelta(days=1_400)
VOCABULARY = 60_000
WORDS, TITLE_WORDS = 120, 9  # of an article
BATCH = 4_000
PUBLISHERS = 800
ORIGINS = ("press", "press", "press", "press", "press", "provider", "regulator", "research")
Taken = dict[str, list[tuple[float, float]]]

_SOUNDS = ("ba", "ke", "li", "mo", "nu", "pra", "sto", "ven", "tri", "dan", "gel", "hor", "fin", "zu", "wex", "cal")


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=int, nargs="?", default=100_000)
    parser.add_argument(
        "--database", default="", help="an empty one to fill; 'postgres': one of its own; a file of SQLite otherwise"
    )
    parser.add_argument("--rounds", type=int, default=25, help="questions of each kind")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, database_url(given.database, folder) as url:
        database = Database(url)
        stock = Stock(given.articles)
        began = time.perf_counter()
        fill(database, stock)
        print(f"{stock.count:,} articles taken in within {time.perf_counter() - began:.0f} s ({database.dialect})")
        report(ask(database, stock, given.rounds))
        database.close()


class Stock:
    """Everything that is drawn: the same number gives the same newsroom."""

    def __init__(self, count: int) -> None:
        self.count = count
        self.chance = np.random.default_rng(20261120)
        self.words = np.array(list(_vocabulary()))
        shares = 1 / np.arange(1, VOCABULARY + 1)
        self.shares = np.cumsum(shares / shares.sum())
        self.providers = tuple(p.id for p in read_rulebook().providers)

    def draw(self, count: int, length: int) -> list[str]:
        """So many texts of so many words."""
        places = np.searchsorted(self.shares, self.chance.random((count, length)))
        return [" ".join(row) for row in self.words[np.minimum(places, VOCABULARY - 1)]]

    def word(self, low: int, high: int) -> str:
        """A word that is neither commoner nor rarer than those places in the list."""
        return str(self.words[self.chance.integers(low, high)])


def _vocabulary() -> Iterator[str]:
    """Words that look like some, each once, short ones first, and none that is another's plural."""
    made = list(_SOUNDS)
    seen: set[str] = set()
    while len(seen) < VOCABULARY:
        for word in made:
            if word not in seen and len(seen) < VOCABULARY:
                seen.add(word)
                yield word
        made = [a + b for a in made[:4_096] for b in _SOUNDS]


# --- filling ----------------------------------------------------------------------------------------------------


def fill(database: Database, stock: Stock) -> None:
    """Rows and documents, in batches."""
    upgrade(database)
    with database.write() as tx:
        for table in ("articles", "candidates", "wires", "revisions"):
            for verb in ("insert", "update"):
                where = f" ON {table}" if database.dialect == "postgresql" else ""
                tx.execute(text(f"DROP TRIGGER tr_search_{table}_{verb}{where}"))
    makers: tuple[tuple[int, Callable[[Database, Stock, range], None]], ...] = (
        (stock.count, _articles),
        (stock.count // 10, _candidates),
        (stock.count // 50, _wires),
    )
    for total, make in makers:
        for start in range(1, total + 1, BATCH):
            make(database, stock, range(start, min(start + BATCH, total + 1)))
    with database.write() as tx:
        tx.execute(text("ANALYZE"))


def _told(stock: Stock, number: int, total: int) -> datetime:
    return END - SPAN + SPAN * (number / total)


def _articles(database: Database, stock: Stock, numbers: range) -> None:
    titles, texts = stock.draw(len(numbers), TITLE_WORDS), stock.draw(len(numbers), WORDS)
    rows, documents = [], []
    for number, title, body in zip(numbers, titles, texts, strict=True):
        paper, told = f"paper-{number * 7919 % PUBLISHERS}", _told(stock, number, stock.count)
        origin = ORIGINS[number % len(ORIGINS)]
        url = f"https://{paper}.example/{number}"
        rows.append(
            {
                "id": number, "canonical_url": url, "url_digest": digest_of(url), "url": url, "title": title,
                "text": body, "publisher_id": paper, "publisher_name": paper.title(), "origin": origin,
                "tier": "secondary", "first_seen_at": told, "grouping_due": None,
            }
        )  # fmt: skip
        facets = " ".join(
            (
                facet_words(PUBLISHER, paper, f"{paper}.example"),
                facet_words(PROVIDER, *([stock.providers[number % len(stock.providers)]] if number % 3 else [])),
                facet_words(ORIGIN, origin),
            )
        )
        documents.append(_document(ResultKind.ARTICLE, number, told, title, body, facets, is_fixed=True))
    with database.write() as tx:
        tx.execute(insert(ArticleRow), rows)
        add_documents(tx, documents)


def _candidates(database: Database, stock: Stock, numbers: range) -> None:
    titles, others = stock.draw(len(numbers), TITLE_WORDS), stock.draw(len(numbers), TITLE_WORDS * 4)
    rows, documents = [], []
    for number, title, body in zip(numbers, titles, others, strict=True):
        told = _told(stock, number, stock.count // 10)
        rows.append(
            {
                "id": number, "status": "open", "version": 1, "title": title, "opened_at": told, "grown_at": told,
                "source_count": 2, "article_count": 5, "providers": [], "origins": ["press"], "score": 0.0, "cues": [],
            }
        )  # fmt: skip
        facets = f"{facet_words(PUBLISHER, f'paper-{number % PUBLISHERS}')} {facet_words(ORIGIN, 'press')}"
        documents.append(_document(ResultKind.CANDIDATE, number, told, title, body, facets))
    with database.write() as tx:
        tx.execute(insert(CandidateRow), rows)
        add_documents(tx, documents)


def _wires(database: Database, stock: Stock, numbers: range) -> None:
    titles, texts = stock.draw(len(numbers), TITLE_WORDS), stock.draw(len(numbers), WORDS * 2)
    wires, revisions, documents = [], [], []
    for number, title, body in zip(numbers, titles, texts, strict=True):
        told = _told(stock, number, stock.count // 50)
        wires.append(
            {
                "id": number, "tag": f"tag:x,2024:{number}", "slug": f"wire-{number}", "candidate_id": number,
                "accepted_at": told, "accepted_by": "ada", "is_retracted": False,
            }
        )  # fmt: skip
        revisions.append(
            {
                "wire_id": number, "number": 1, "kind": "first", "status": "draft", "manner": "editor", "editor": "ada",
                "draft": draft_to_json(Draft(headline=title, body=body)), "saved_at": told, "version": 1,
                "standard": "standard", "source_count": 2, "citations": [],
            }
        )  # fmt: skip
        documents.append(_document(ResultKind.WIRE, number, told, title, body, facet_words(ORIGIN, "press")))
    with database.write() as tx:
        tx.execute(insert(WireRow), wires)
        tx.execute(insert(RevisionRow), revisions)
        add_documents(tx, documents)


def _document(
    kind: ResultKind, number: int, told: datetime, title: str, body: str, facets: str, *, is_fixed: bool = False
) -> SearchDocument:
    return SearchDocument(
        kind=kind,
        ref=number,
        told_on=told.date(),
        title=" ".join(terms_of(title)),
        body=" ".join(terms_of(body)),
        facets=facets,
        is_fixed=is_fixed,
    )


# --- asking -----------------------------------------------------------------------------------------------------


def questions(stock: Stock) -> dict[str, Callable[[], str]]:
    """Kinds of questions. Places in the list of words: the first hundred are in most articles, the last in few."""

    def month() -> str:
        return f"20{stock.chance.integers(23, 27)}-{stock.chance.integers(1, 11):02}"

    def told() -> list[str]:
        return stock.draw(1, 40)[0].split()

    common, middle, rare = (0, 60), (300, 3_000), (20_000, VOCABULARY)
    return {
        "a common word": lambda: stock.word(*common),
        "a word": lambda: stock.word(*middle),
        "a rare word": lambda: stock.word(*rare),
        "two words": lambda: f"{stock.word(*middle)} {stock.word(*middle)}",
        "a common and a rare": lambda: f"{stock.word(*common)} {stock.word(*rare)}",
        "two rare words": lambda: f"{stock.word(*rare)} {stock.word(*rare)}",
        "five words": lambda: " ".join(told()[:5]),
        "a phrase": lambda: f'"{stock.word(*common)} {stock.word(*middle)}"',
        "a phrase nobody wrote": lambda: f'"{stock.word(*middle)} {stock.word(*middle)} {stock.word(*middle)}"',
        "one or the other": lambda: f"{stock.word(*middle)} OR {stock.word(*rare)} OR {stock.word(*common)}",
        "this and not that": lambda: f"{stock.word(*middle)} -{stock.word(*common)} -{stock.word(*middle)}",
        "only a not": lambda: f"-{stock.word(*common)}",
        "the beginning of a word": lambda: f"{stock.word(*middle)[:7]}*",  # of some fifteen words
        "of a publisher": lambda: f"{stock.word(*middle)} publisher:paper-{stock.chance.integers(PUBLISHERS)}",
        "about a provider": lambda: f"{stock.word(*middle)} provider:{stock.chance.choice(stock.providers)}",
        "of an origin": lambda: f"{stock.word(*middle)} origin:regulator",
        "in a month": lambda: f"{stock.word(*middle)} after:{(m := month())} before:{m}-28",
        "wires": lambda: f"{stock.word(*middle)} is:wire",
        "no words at all": lambda: f"origin:regulator before:{month()}",
    }


def ask(database: Database, stock: Stock, rounds: int) -> Taken:
    """Seconds of each answer, by the kind of the question: on the clock, and of our own processor time."""
    providers = read_rulebook().index
    taken: Taken = defaultdict(list)
    for turn in range(rounds + 1):
        for name, make in questions(stock).items():
            asked = make()
            began, worked = time.perf_counter(), time.process_time()
            with database.read() as tx:
                look(tx, asked, providers=providers, limit=8)
            if turn:  # the first warms what is compiled once
                taken[name].append((time.perf_counter() - began, time.process_time() - worked))
    return taken


def report(taken: Taken) -> None:
    """A line for each kind, and one for all."""
    print(f"{'question':<26}{'p50 ms':>9}{'p99 ms':>9}{'worst':>9}{'cpu p50':>9}{'cpu p99':>9}")
    for name, seconds in taken.items():
        print(_line(name, seconds))
    print(_line("all", [s for seconds in taken.values() for s in seconds]))


def _line(name: str, seconds: Sequence[tuple[float, float]]) -> str:
    wall, cpu = ([s[n] for s in seconds] for n in (0, 1))
    figures = [*np.quantile(wall, (0.5, 0.99, 1.0)), *np.quantile(cpu, (0.5, 0.99))]
    return f"{name:<26}" + "".join(f"{float(figure) * 1000:>9.1f}" for figure in figures)


if __name__ == "__main__":
    main()
