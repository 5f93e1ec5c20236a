"""Candidates as grouping would leave them, with evidence and relations, whatever its coefficients are this week."""

from __future__ import annotations

from datetime import timedelta

from monitor.jobs.recount import recount
from monitor.jobs.relate import keep_related
from monitor.model import ArticleId, CandidateId, Evidence, Joined, Match
from monitor.stages.fingerprint import fingerprint
from monitor.stages.fingerprint_bytes import encode
from monitor.stages.grouping import ALGORITHM, telling_of
from monitor.stages.window import Telling
from monitor.store.articles import get_article
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, open_candidate
from monitor.store.window import record_grouping
from tests.conftest import ManualClock
from tests.stored import MORNING, PROVIDERS, store_article

FINE = "Quorvex pays fine over patient photos from Tarnow"
BAN = "Tarnow school bans Quorvex tool after deepfakes of teachers"
SORA = "OpenAI Set to Discontinue Sora Video Platform App"
TOLD = (  # publisher, title, hours after MORNING
    ("paper-1", "Parliament debates budget for hospitals and schools", 0.0),
    ("paper-2", "Storm closes ferry line between Esker and Halden", 0.0),
    ("wsj", SORA, 1.0),
    ("variety", "OpenAI Will Shut Down Sora Video Platform", 2.0),
    ("reprint", SORA, 2.5),
    ("politico", FINE, 3.0),
    ("courier", BAN, 24.0 * 200),
)
THRESHOLD = 0.65
Told = dict[str, tuple[ArticleId, CandidateId]]


def group(database: Database, clock: ManualClock) -> Told:
    """Publisher → its article, and the candidate that it is in. Two tell of Sora; the ban is related to the fine."""
    told: Told = {}
    with database.write() as tx:
        for publisher, title, hours in TOLD:
            at = MORNING + timedelta(hours=hours)
            article = store_article(tx, publisher, title=title, text="", first_seen_at=at)
            told[publisher] = article, _place(tx, clock, article, _match(publisher, told), told)
    clock.advance(days=201)
    return told


def review(database: Database, told: Told) -> tuple[ArticleId, CandidateId]:
    """A round-up with a candidate of its own, that mentions the end of Sora."""
    with database.write() as tx:
        article = store_article(tx, "weekly", title="The week in AI", first_seen_at=MORNING + timedelta(hours=20))
        own = open_candidate(tx, title="The week in AI", opened_at=MORNING)
        said = "A round-up that mentions it among others: “OpenAI will shut down its Sora video platform.”"
        for candidate in (own, told["wsj"][1]):
            add_member(tx, candidate, article, _says(candidate, Joined.MENTION, None, said), now=MORNING)
            recount(tx, candidate, now=MORNING, providers=PROVIDERS)
    return article, own


def _match(publisher: str, told: Told) -> Match:
    match publisher:
        case "variety":
            near, home = told["wsj"]
            found = _evidence(near, names=("OpenAI", "Sora"), words=("Platform", "Video"), days=1 / 24, score=0.91)
            return _says(home, Joined.EVENT, found, "The same event as “OpenAI Set to Discontinue…” (Wsj).")
        case "reprint":
            near, home = told["wsj"]
            found = _evidence(near, names=("OpenAI", "Sora"), days=1.5 / 24, score=1.0)
            return _says(home, Joined.COPY, found, "A copy of it: the headline is the same.", copy_of=near)
        case "courier":
            found = _evidence(told["politico"][0], names=("Quorvex", "Tarnow"), days=199.9, score=0.2)
            return _says(None, Joined.OPENED, found, "Opens a candidate.", related=(found,))
        case _:
            return _says(None, Joined.OPENED, None, "Opens a candidate: no recent article shares its rare words.")


def _evidence(
    near: ArticleId, *, names: tuple[str, ...], words: tuple[str, ...] = (), days: float, score: float
) -> Evidence:
    return Evidence(nearest=near, names=names, words=words, days=days, score=score, threshold=THRESHOLD)


def _says(
    candidate: CandidateId | None,
    joined: Joined,
    evidence: Evidence | None,
    reason: str,
    *,
    copy_of: ArticleId | None = None,
    related: tuple[Evidence, ...] = (),
) -> Match:
    return Match(
        candidate=candidate,
        joined=joined,
        nearest=None if evidence is None else evidence.nearest,
        copy_of=copy_of,
        similarity=1.0,
        reason=reason,
        evidence=evidence,
        related=related,
    )


def _place(tx: Transaction, clock: ManualClock, number: ArticleId, match: Match, told: Told) -> CandidateId:
    article = get_article(tx, number)
    candidate = match.candidate or open_candidate(tx, title=article.title, opened_at=article.first_seen_at)
    made = encode(fingerprint(article))
    record_grouping(tx, article, candidate, match, algorithm=ALGORITHM, fingerprint=made, now=article.first_seen_at)
    add_member(tx, candidate, number, match, now=article.first_seen_at)

    def known(earlier: ArticleId) -> Telling:
        told_before = get_article(tx, earlier)
        return telling_of(told_before, fingerprint(told_before))

    keep_related(tx, clock, article, match, known)
    recount(tx, candidate, now=article.first_seen_at, providers=PROVIDERS)
    return candidate
