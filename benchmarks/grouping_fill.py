"""Made-up news by the million, worded as real news is, stored as a newsroom would have grouped it.

Words come from texts that are there (the simulated press, and labelled headlines and reports where their folder is
given) as often as these use them. To them come names and rare words that nobody has used before, as news brings them
every day: without those a vocabulary would stop growing, and finding words in it would look cheaper than it is.

Some thousand articles are written out. What fills a large window besides are variations of them, with other words; what
lies before the window are copies in the database, which nothing of the grouping may read.
"""

from __future__ import annotations

import itertools
import json
import random
import re
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert, text

from benchmarks.events import FILES
from monitor.model import Article, ArticleId, Joined, Origin, PublisherId, Tier
from monitor.press.edition import compose
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.fingerprint_bytes import encode
from monitor.stages.grouping import ALGORITHM
from monitor.store.articles import digest_of
from monitor.store.database import Database, insert_new
from monitor.store.tables import ArticleRow, ArticleUrlRow, CandidateRow, GroupingRow, MembershipRow, PublisherRow, Row

START = datetime(2026, 1, 5, tzinfo=UTC)
A_DAY = 300  # articles that the newsroom reads
PUBLISHERS = 200
WRITTEN = 4_000  # articles that are written out; the others vary them
NEW_WORDS = 400_000  # names and rare words that news has not used before
NEW_SHARE = 0.04  # of a text's words
VARIED_SHARE = 0.4  # of an article's words that its variation does not have
RETOLD_SHARE = 0.3  # of articles: they tell what an earlier one told
RECENT = 300  # articles among which that one is
SENTENCE = 16  # words, on average
TEXT_WORDS = (80, 240)
POOL = 200_000  # words for variations, drawn once
PAGE = 1_000  # rows in one transaction
BLOCK = 10_000  # articles that are copied at once to lengthen the history

_SPELT = re.compile(r"[^\W_]+(?:['’.&-][^\W_]+)*")
_SYLLABLES = (
    *("ba", "ke", "li", "mo", "nu", "ra", "se", "ti", "vo", "za", "dren", "kor", "lin", "mar", "pel", "quist", "ros"),
    *("tam", "vel", "wick", "yor", "zen", "brax", "fell", "gard", "holm"),
)


@dataclass(slots=True)
class Newswriter:
    """Writes article after article; the same for the same words and seed."""

    words: Sequence[str]
    frequencies: Sequence[int]
    seed: int = 1
    written: int = 0
    _rng: random.Random = field(init=False)
    _common: list[float] = field(init=False)
    _rare: list[float] = field(init=False)
    _recent: list[Article] = field(init=False, default_factory=list)
    _pool: list[str] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self._rng = random.Random(self.seed)
        self._common = list(itertools.accumulate(map(float, self.frequencies)))
        self._rare = list(itertools.accumulate(1 / (rank + 20) for rank in range(NEW_WORDS)))

    def write(self) -> tuple[Article, ArticleId | None]:
        """The next article, and the earlier one whose event it tells, if any."""
        self.written += 1
        known = self._rng.choice(self._recent) if self._recent and self._rng.random() < RETOLD_SHARE else None
        article = self._article(ArticleId(self.written), known)
        self._recent = [*self._recent[1 - RECENT :], article]
        return article, None if known is None else known.id

    def vary(self, made: Fingerprint) -> Fingerprint:
        """Another article of the same length: many of its words are others, and no phrase is the same."""
        if not self._pool:
            self._pool = [word.casefold() for word in self._words(POOL)]
        salt, count = self._rng.getrandbits(32), int(VARIED_SHARE * len(made.words))
        start = self._rng.randrange(POOL - count)
        others = zip(self._rng.sample(sorted(made.words), count), self._pool[start : start + count], strict=True)
        moved = {word: word for word in made.words} | dict(others)

        def told(words: frozenset[str]) -> frozenset[str]:
            return frozenset(map(moved.__getitem__, words))

        words = told(made.words)
        return replace(
            made,
            title=told(made.title),
            words=words,
            lead=told(made.lead),
            names=told(made.names),
            numbers=frozenset(w for w in words if w[0].isdigit()),
            headline=made.headline and made.headline ^ salt,
            sketch=array("I", sorted(number ^ salt for number in made.sketch)),
            sentences={number ^ salt: told(words) for number, words in made.sentences.items()},
        )

    def _article(self, number: ArticleId, known: Article | None) -> Article:
        kept = [] if known is None else self._kept(known)
        title = self._words(self._rng.randint(8, 13))
        title[1 : 1 + len(kept[:4])] = kept[:4]
        body = self._words(self._rng.randint(*TEXT_WORDS))
        for word in kept:
            body[self._rng.randrange(len(body))] = word
        publisher = f"paper-{self._rng.randrange(PUBLISHERS)}"
        url = f"https://{publisher}.example/{self.seed}/{number}"
        return Article(
            id=number,
            canonical_url=url,
            url=url,
            title=" ".join(title),
            text=" ".join(self._sentences(body)),
            language="en",
            publisher=PublisherId(publisher),
            publisher_name=publisher.title(),
            source=None,
            origin=Origin.PRESS,
            tier=Tier.SECONDARY,
            first_seen_at=told_at(number),
        )

    def _kept(self, known: Article) -> list[str]:
        """What two tellings of an event share: names, and words that are not everybody's."""
        told = [w for w in _SPELT.findall(f"{known.title} {known.text[:600]}") if len(w) > 4]
        names = [w for w in told if w[0].isupper()]
        return [*self._rng.sample(names, min(5, len(names))), *self._rng.sample(told, min(12, len(told)))]

    def _words(self, count: int) -> list[str]:
        found = self._rng.choices(self.words, cum_weights=self._common, k=count)
        new = [place for place in range(count) if self._rng.random() < NEW_SHARE]
        ranks = self._rng.choices(range(NEW_WORDS), cum_weights=self._rare, k=len(new))
        for place, rank in zip(new, ranks, strict=True):
            found[place] = new_word(rank)
        return found

    def _sentences(self, body: list[str]) -> Iterator[str]:
        start = 0
        while start < len(body):
            length = self._rng.randint(SENTENCE // 2, SENTENCE * 3 // 2)
            said = " ".join(body[start : start + length])
            yield f"{said[:1].upper()}{said[1:]}."
            start += length


def told_at(number: int) -> datetime:
    """When the article of this number was told."""
    return START + timedelta(days=1) * number / A_DAY


def new_word(number: int) -> str:
    """A word of its own for each number; two of three are names."""
    syllables, left = [], number + 7
    while left:
        left, place = divmod(left, len(_SYLLABLES))
        syllables.append(_SYLLABLES[place])
    word = "".join(syllables)
    return word.capitalize() if number % 3 else word


def learn(folder: Path | None) -> tuple[list[str], list[int]]:
    """Words as spelt, and how often each stands, in the simulated press and in the labelled events of `folder`."""
    counted: Counter[str] = Counter()
    for telling in compose(seed=1, start=START).tellings:
        told = telling.versions[0].text
        counted.update(_SPELT.findall(f"{told.title} {' '.join(told.paragraphs)}"))
    for path in [] if folder is None else [folder / f"{name}.jsonl" for name in FILES]:
        for line in path.read_text(encoding="utf-8").splitlines():
            record = json.loads(line)
            counted.update(_SPELT.findall(f"{record['title']} {record['text']}"))
    ordered = sorted(counted.items())
    return [word for word, _ in ordered], [count for _, count in ordered]


def tellings(writer: Newswriter, count: int) -> Iterator[tuple[Article, int, Fingerprint]]:
    """`count` articles with the number of the first that told the same, and their fingerprints."""
    written: list[tuple[Article, int, Fingerprint]] = []
    first: dict[int, int] = {}
    for number in range(1, count + 1):
        if number <= WRITTEN:
            article, known = writer.write()
            first[number] = number if known is None else first[known]
            written.append((article, first[number], fingerprint(article)))
            yield written[-1]
            continue
        article, began, made = written[(number - 1) % WRITTEN]
        url = f"{article.canonical_url}/{number}"
        varied = replace(article, id=ArticleId(number), canonical_url=url, url=url, first_seen_at=told_at(number))
        yield varied, began + (number - 1) // WRITTEN * WRITTEN, writer.vary(made)


def fill(database: Database, told: Iterator[tuple[Article, int, Fingerprint]]) -> None:
    """Store articles as grouped: each is in the candidate of the first that told the same, and of its number."""
    publishers = [{"id": f"paper-{n}", "name": f"Paper-{n}"} for n in range(PUBLISHERS)]
    with database.write() as tx:
        insert_new(tx, PublisherRow, publishers)
    while page := list(itertools.islice(told, PAGE)):
        rows: dict[type[Row], list[dict[str, object]]] = {}
        for article, first, made in page:
            for table, row in _rows(article, first, encode(made)):
                rows.setdefault(table, []).append(row)
        with database.write() as tx:
            for table in _TABLES:
                if table in rows:
                    tx.execute(insert(table.metadata.tables[table.__tablename__]), rows[table])


def _rows(article: Article, first: int, made: bytes) -> Iterator[tuple[type[Row], dict[str, object]]]:
    """What the jobs write of an article."""
    at, digest = article.told_at, digest_of(article.canonical_url)
    joined = (Joined.OPENED if article.id == first else Joined.EVENT).value
    reason = (
        f"Made up: {joined} “{article.title[:90]}”, as long as one that names shared words and the nearest article."
    )
    found = {"candidate_id": first, "article_id": article.id, "joined": joined, "similarity": 1.0, "reason": reason}
    yield (
        ArticleRow,
        {
            "id": article.id, "canonical_url": article.canonical_url, "url_digest": digest, "url": article.url,
            "title": article.title, "text": article.text, "language": "en", "publisher_id": article.publisher,
            "publisher_name": article.publisher_name, "origin": "press", "tier": "secondary", "first_seen_at": at,
            "grouping_due": None, "credits": [],
        },
    )  # fmt: skip
    yield ArticleUrlRow, {"url_digest": digest, "article_id": article.id, "url": article.canonical_url}
    if article.id == first:
        yield (
            CandidateRow,
            {
                "id": first, "status": "open", "version": 1, "title": article.title, "opened_at": at, "grown_at": at,
                "source_count": 1, "article_count": 1, "providers": [], "origins": ["press"], "score": 0.0, "cues": [],
            },
        )  # fmt: skip
    yield GroupingRow, found | {"told_at": at, "algorithm": ALGORITHM, "fingerprint": made, "grouped_at": at}
    yield MembershipRow, found | {"counts": True, "standing_reason": "", "added_at": at}


_TABLES: tuple[type[Row], ...] = (ArticleRow, ArticleUrlRow, CandidateRow, GroupingRow, MembershipRow)
_IDS = ("id", "article_id", "candidate_id")
_TIMES = ("first_seen_at", "told_at", "grouped_at", "opened_at", "grown_at", "added_at")


def lengthen(database: Database, articles: int) -> None:
    """Put `articles` more into a SQLite database, told before all others: the first BLOCK, copied."""
    with database.read() as tx:
        free = int(tx.scalar(text("SELECT max(id) FROM articles")) or 0)
        copied = int(
            tx.scalar(text("SELECT count(*) FROM articles WHERE first_seen_at < :s"), {"s": f"{START:%F}"}) or 0
        )
    for start in range(0, articles, BLOCK):
        size = min(BLOCK, articles - start)
        days = ((copied + start) // BLOCK + 1) * (BLOCK // A_DAY + 1)
        with database.write() as tx:
            for table in _TABLES:
                tx.execute(text(_copying(table, days)), {"by": free + start, "size": size})


def _copying(table: type[Row], days: int) -> str:
    names = [column.name for column in table.metadata.tables[table.__tablename__].columns]
    special: Mapping[str, str] = {
        **{name: f"{name} + :by" for name in _IDS},
        **{name: f"strftime('%Y-%m-%d %H:%M:%f000', {name}, '-{days} days')" for name in _TIMES},
        "url": "url || '/' || :by",
        "canonical_url": "canonical_url || '/' || :by",
        "url_digest": "printf('%08x', (({} + :by) * 2654435761) % 4294967296) || substr(url_digest, 9)".format(
            "id" if table is ArticleRow else "article_id"
        ),
    }
    place = "id" if "id" in names else "article_id"
    chosen = ", ".join(special.get(name, name) for name in names)
    least = "article_id" if table is MembershipRow else place
    return (
        f"INSERT INTO {table.__tablename__} ({', '.join(names)}) SELECT {chosen} FROM {table.__tablename__}"
        f" WHERE {least} BETWEEN 1 AND :size"
    )
