"""reunite: what a later article shows to tell of another's event goes there, unless an editor has it in hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.jobs.recount import recount
from monitor.jobs.reunite import reunite
from monitor.model import (
    ArticleId,
    CandidateId,
    CandidateStatus,
    Evidence,
    Joined,
    Match,
    NewArticle,
    Origin,
    Provider,
    PublisherId,
    Tier,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.fingerprint import fingerprint
from monitor.stages.reunion import Doubt
from monitor.store.articles import add_article, get_article
from monitor.store.candidates import get_candidate, record_status
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, list_members, open_candidate, remove_member
from tests.builders import NOON
from tests.conftest import ManualClock

PROVIDERS = ProviderIndex([Provider(id="lumenquay", name="Lumenquay")])
TITLE = "Clinic in Port Calder stops Lumenquay chatbot after wrong insulin doses"
TOLD = (
    "A clinic in Port Calder has stopped using a chatbot that gave three patients wrong doses of insulin.",
    "Nurse Ada Merrow noticed the answers on Tuesday and told the ward at once.",
    "The maker, Lumenquay, has withdrawn version 4.1, and says that no patient came to lasting harm.",
    "An inspection by the office for medicines will follow in May, said its head Ruben Stiles.",
)
OTHERS = (
    "Parliament debates budget for hospitals and schools",
    "Storm closes ferry line between Esker and Halden",
    "Chip maker Nordwin opens plant near Tarnow",
    "Museum returns bronze statue after forty years",
)


def put(database: Database, title: str, publisher: str, words: str = "", hours: float = 0) -> ArticleId:
    with database.write() as tx:
        return add_article(
            tx,
            NewArticle(
                canonical_url=f"https://{publisher}.example/{hours}",
                url=f"https://{publisher}.example/{hours}",
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


class Newsroom:
    """Two candidates that tell one event, and an article that has just joined the larger one."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock, self.memory = database, clock, Memory()
        for number, title in enumerate(OTHERS):
            put(database, title, f"paper-{number}", hours=-30)
        self.told = [
            put(database, TITLE, f"herald-{n}", "\n".join((*TOLD[n:], *TOLD[:n], f"Herald {n} has more.")), hours=n)
            for n in range(3)
        ]
        deduplicate(database, clock, owner="one", providers=PROVIDERS, memory=self.memory)
        first, self.founder, self.bridge = self.told
        with database.write() as tx:
            self.larger = self.memory.window.candidate_of(first)
            self.smaller = self._split(tx, self.founder)

    def _split(self, tx: Transaction, article: ArticleId) -> CandidateId:
        """As if the article had opened a candidate of its own."""
        smaller = open_candidate(tx, title=TITLE, opened_at=NOON)
        remove_member(tx, self.larger, article)
        add_member(tx, smaller, article, opened(), now=NOON)
        recount(tx, smaller, now=NOON, providers=PROVIDERS)
        self.memory.window.move(article, smaller)
        return smaller

    def look_again(self, *, score: float = 0.5, joined: Joined = Joined.EVENT) -> Doubt | None:
        with self.database.write() as tx:
            article = get_article(tx, self.bridge)
            match = replace(
                opened(),
                candidate=self.larger,
                joined=joined,
                evidence=Evidence(score=0.9, threshold=0.5, runner_up=self.smaller, runner_up_score=score),
            )
            return reunite(tx, article, fingerprint(article), match, self.memory.window, now=self.clock.now())

    def is_apart(self) -> bool:
        with self.database.read() as tx:
            return [m.article.id for m in list_members(tx, self.smaller)] == [self.founder]


def opened() -> Match:
    return Match(candidate=None, joined=Joined.OPENED, nearest=None, copy_of=None, similarity=1.0, reason="Opens one.")


def test_it_goes_where_it_would_have_joined_and_becomes_a_signpost(database: Database, clock: ManualClock) -> None:
    newsroom = Newsroom(database, clock)
    assert newsroom.look_again() is not None
    with database.read() as tx:
        smaller = get_candidate(tx, newsroom.smaller)
        members = {m.article.id: m for m in list_members(tx, newsroom.larger)}
        kept = tx.execute(text("SELECT article_id FROM past_groupings")).scalars().all()
    assert (smaller.status, smaller.merged_into) == (CandidateStatus.MERGED, newsroom.larger)
    assert list(members) == newsroom.told
    assert members[newsroom.founder].reason.startswith(f"Looked at again when “{TITLE}” (Herald-2) told both: ")
    assert newsroom.memory.window.candidate_of(newsroom.founder) == newsroom.larger
    assert kept == [newsroom.founder], "what was found first stays on record"


def test_what_came_near_by_little_is_not_looked_at(database: Database, clock: ManualClock) -> None:
    newsroom = Newsroom(database, clock)
    assert newsroom.look_again(score=0.01) is None
    assert newsroom.look_again(joined=Joined.COPY) is None, "a copy tells nothing new"
    assert newsroom.is_apart()


def test_what_an_editor_has_in_hand_stays(database: Database, clock: ManualClock) -> None:
    newsroom = Newsroom(database, clock)
    with database.write() as tx:
        record_status(tx, newsroom.smaller, status=CandidateStatus.REJECTED)
    assert newsroom.look_again() is None
    with database.write() as tx:
        record_status(tx, newsroom.smaller, status=CandidateStatus.OPEN, claimed_by="ada", claimed_until=None)
    assert newsroom.look_again() is None
    assert newsroom.is_apart()


def test_the_window_is_left_as_it_was_where_nothing_moves(database: Database, clock: ManualClock) -> None:
    newsroom = Newsroom(database, clock)
    before = newsroom.memory.window.articles()
    with database.write() as tx:
        record_status(tx, newsroom.smaller, status=CandidateStatus.REJECTED)
    newsroom.look_again()
    assert newsroom.memory.window.articles() == before
