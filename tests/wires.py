"""A newsroom with something to publish: articles, an accepted candidate, a draft that is fit. For tests of wires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from typing import Any

from monitor.jobs.recount import recount
from monitor.jobs.wires import found_newsroom, open_wire, release, save_draft
from monitor.model import (
    ArticleId,
    ButFor,
    CandidateDetail,
    CandidateId,
    Codebook,
    Confidence,
    Draft,
    Joined,
    Match,
    NewArticle,
    Origin,
    PublisherId,
    RevisionStatus,
    Severity,
    Tier,
    Wire,
)
from monitor.shipped import shipped_path
from monitor.stages.codebook import ProviderIndex, read_codebook, read_providers
from monitor.store.articles import add_article
from monitor.store.candidates import get_detail
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, open_candidate
from tests.conftest import ManualClock

CODEBOOK: Codebook = read_codebook(shipped_path("codebook.yaml").read_text(), file="codebook.yaml")
PROVIDERS = ProviderIndex(read_providers(shipped_path("providers.yaml").read_text(), file="providers.yaml"))
BASE_URL = "https://monitor.example"
EDITOR = "ada"
READER = "ben"  # the second reader of what is grave
A_TEST = ButFor(
    outcome="the invented rulings in the brief",
    system="the chatbot",
    role="wrote them",
    without="the brief would have cited rulings that exist",
    confidence=Confidence.HIGH,
)
_numbers = count(1)


def an_article_in(tx: Transaction, *, now: datetime, publisher: str = "gazette", **fields: Any) -> ArticleId:
    """An article of `publisher`, kept."""
    number = next(_numbers)
    url = fields.pop("url", f"https://{publisher}.example/{number}")
    new = NewArticle(
        **{
            "canonical_url": url,
            "url": url,
            "title": f"Chatbot invents a ruling, {number}",
            "text": "A court found an invented ruling in a filing.",
            "publisher": PublisherId(publisher),
            "publisher_name": publisher.title(),
            "published_at": now,
            "source": None,
            "origin": Origin.PRESS,
            "tier": Tier.SECONDARY,
            "first_seen_at": now,
            **fields,
        }
    )
    return add_article(tx, new)


def a_candidate_in(tx: Transaction, articles: Sequence[ArticleId], *, now: datetime) -> CandidateDetail:
    """A candidate of these articles."""
    candidate = open_candidate(tx, title="Chatbot invents a ruling", opened_at=now)
    match = Match(
        candidate=None, joined=Joined.EVENT, copy_of=None, nearest=None, similarity=0.5, reason="the same event"
    )
    for article in articles:
        add_member(tx, candidate, article, match, now=now)
    recount(tx, candidate, now=now, providers=PROVIDERS)
    return get_detail(tx, CandidateId(candidate))


def an_opened_wire(
    database: Database, clock: ManualClock, *, publishers: Sequence[str] = ("gazette", "courier"), **article: Any
) -> Wire:
    """A wire with its first draft, accepted by EDITOR from a candidate of one article per publisher."""
    now = clock.now()
    with database.write() as tx:
        newsroom = found_newsroom(tx, base_url=BASE_URL, now=now)
        articles = [an_article_in(tx, now=now, publisher=p, **article) for p in publishers]
        candidate = a_candidate_in(tx, articles, now=now)
        return open_wire(tx, candidate=candidate, editor=EDITOR, now=now, newsroom=newsroom)


def a_fit_draft(wire: Wire, **fields: Any) -> Draft:
    """The wire's draft with everything a published wire must have; it cites all its sources."""
    draft = wire.revisions[-1].draft
    cited = " ".join(f"[source](article:{a})" for a in draft.sources)
    fit = replace(
        draft,
        headline=draft.headline or "Chatbot invents a ruling",
        severity=Severity.SEV_3,
        providers=("openai",),
        occurred_on=date(2026, 3, 1),
        body=f"A lawyer filed a brief with rulings that do not exist. {cited}",
        rationale="The chatbot produced the rulings.",
        counterfactual="Without the chatbot the invented rulings would not have been in the brief.",
        codes=("M2", "F5"),
        but_for=A_TEST if not draft.sources else replace(A_TEST, support=draft.sources[0]),
    )
    return replace(fit, **fields)


def a_released_wire(
    database: Database, clock: ManualClock, *, publishers: Sequence[str] = ("gazette", "courier"), **fields: Any
) -> Wire:
    """A wire whose first revision waits for `publish`."""
    wire = an_opened_wire(database, clock, publishers=publishers)
    save_draft(database, clock, wire.id, editor=EDITOR, draft=a_fit_draft(wire, **fields), version_seen=None)
    for who in (EDITOR, READER):
        done = release(database, clock, wire.id, editor=who, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
        if done.status is RevisionStatus.RELEASED:
            break
    return wire
