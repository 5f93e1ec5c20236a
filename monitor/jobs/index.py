"""index: what triggers wrote down as new or changed goes into the index of full-text search, batch by batch.

After an upgrade everything is due once: the job works through it from the newest backwards, a few seconds at a time,
and leaves the database to others between two batches.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from monitor.jobs.recount import LEAD_LENGTH
from monitor.model import (
    Article,
    ArticleId,
    CandidateId,
    CandidateStatus,
    Clock,
    ResultKind,
    Revision,
    SearchDocument,
    Wire,
    WireId,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.markup import plain_text
from monitor.stages.query import CODE, ORIGIN, PROVIDER, PUBLISHER, SEVERITY, facet_words
from monitor.stages.terms import terms_of
from monitor.store.articles import list_articles
from monitor.store.candidates import list_candidates
from monitor.store.database import Database, Transaction
from monitor.store.search import Headline, list_headlines, list_speakers, record_documents, take_due
from monitor.store.wires import load_wires

BATCH = 50  # documents in one transaction: some 50 ms, for which on SQLite every other writer waits
TEXT_LIMIT = 50_000  # characters of a text that are found
BUDGET = timedelta(seconds=3)  # of a tick of the daemon
_ORDER = (ResultKind.WIRE, ResultKind.CANDIDATE, ResultKind.ARTICLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexReport:
    """What went in."""

    article_count: int = 0
    candidate_count: int = 0
    wire_count: int = 0
    is_done: bool = True  # nothing was due any more

    @property
    def total(self) -> int:
        """All together."""
        return self.article_count + self.candidate_count + self.wire_count


def index(
    database: Database,
    clock: Clock,
    *,
    providers: ProviderIndex,
    budget: timedelta | None = None,
    is_stopping: Callable[[], bool] = lambda: False,
    progress: Callable[[int], None] = lambda _: None,
) -> IndexReport:
    """Take in what is due: wires first, then candidates and articles. With `budget`, no new batch after that time."""
    began = clock.now()
    counts = dict.fromkeys(_ORDER, 0)
    is_done = False
    while not is_done and not is_stopping() and (budget is None or clock.now() - began < budget):
        is_done = True
        for kind in _ORDER:
            taken = _take(database, kind, providers)
            counts[kind] += taken
            if taken:
                progress(taken)
            if taken == BATCH:
                is_done = False
                break
    return IndexReport(
        article_count=counts[ResultKind.ARTICLE],
        candidate_count=counts[ResultKind.CANDIDATE],
        wire_count=counts[ResultKind.WIRE],
        is_done=is_done,
    )


def _take(database: Database, kind: ResultKind, providers: ProviderIndex) -> int:
    with database.write() as tx:
        refs = take_due(tx, kind, limit=BATCH)
        if refs:
            record_documents(tx, kind, refs, documents_of(tx, kind, refs, providers))
    return len(refs)


def documents_of(
    tx: Transaction, kind: ResultKind, refs: Sequence[int], providers: ProviderIndex
) -> list[SearchDocument]:
    """What goes into the index of those that can be found."""
    match kind:
        case ResultKind.ARTICLE:
            articles = [ArticleId(r) for r in refs]
            speakers = list_speakers(tx, articles)
            return [article_document(a, providers, speakers.get(a.id)) for a in list_articles(tx, articles)]
        case ResultKind.CANDIDATE:
            found = list_candidates(tx, [CandidateId(r) for r in refs])
            kept = [c for c in found.values() if c.status is not CandidateStatus.MERGED]
            told = list_headlines(tx, [c.id for c in kept])
            return [
                SearchDocument(
                    kind=kind,
                    ref=c.id,
                    told_on=c.opened_at.date(),
                    title=_words(c.title),
                    body=_words("\n".join(dict.fromkeys(h.title for h in told.get(c.id, ()) if h.title != c.title))),
                    facets=_join(
                        *(_publisher(h) for h in told.get(c.id, ())),
                        facet_words(PROVIDER, *c.providers),
                        facet_words(ORIGIN, *c.origins),
                    ),
                )
                for c in kept
            ]
        case ResultKind.WIRE:
            return [wire_document(w) for w in load_wires(tx, [WireId(r) for r in refs]) if w.withdrawn_at is None]


def article_document(article: Article, providers: ProviderIndex, speaks_for: str | None) -> SearchDocument:
    """What an article is found by. Its text is what it said first; only an outage's grows."""
    named = providers.find(f"{article.title}\n{article.text[:LEAD_LENGTH]}")
    return SearchDocument(
        kind=ResultKind.ARTICLE,
        ref=article.id,
        told_on=article.told_at.date(),
        title=_words(article.title),
        body=_words(article.text),
        facets=_join(
            facet_words(PUBLISHER, article.publisher_name, article.publisher, _host(article.canonical_url)),
            facet_words(PROVIDER, *dict.fromkeys([*([speaks_for] if speaks_for else []), *named])),
            facet_words(ORIGIN, article.origin),
        ),
        is_fixed=not article.timeline,
    )


def wire_document(wire: Wire) -> SearchDocument:
    """What a wire is found by: its newest text, and the one that readers see while that is another."""
    revision, seen = wire.revisions[-1], wire.published
    shown = [revision, *([seen] if seen is not None and seen is not revision else [])]
    told = wire.first_published_at or wire.accepted_at
    texts = [t for r in shown for t in (r.draft.body, r.draft.rationale, r.draft.counterfactual, r.draft.note)]
    return SearchDocument(
        kind=ResultKind.WIRE,
        ref=wire.id,
        told_on=told.date(),
        title=_words(revision.draft.headline),
        body=_words("\n".join([*(plain_text(t) for t in texts), *(r.draft.headline for r in shown[1:])])),
        facets=_join(*(words for r in shown for words in _facets(r))),
    )


def _facets(revision: Revision) -> Iterator[str]:
    draft = revision.draft
    yield from (facet_words(PUBLISHER, c.publisher_name, c.publisher, _host(c.url)) for c in revision.citations)
    yield facet_words(PROVIDER, *draft.providers)
    yield facet_words(ORIGIN, *([revision.signal_origin] if revision.signal_origin else []))
    yield facet_words(SEVERITY, "" if draft.severity is None else draft.severity.removeprefix("SEV-"))
    yield facet_words(CODE, *draft.codes)


def _publisher(headline: Headline) -> str:
    return facet_words(PUBLISHER, headline.publisher_name, headline.publisher, _host(headline.url))


def _words(text: str) -> str:
    return " ".join(terms_of(text[:TEXT_LIMIT]))


def _join(*facets: str) -> str:
    return " ".join(dict.fromkeys(f for f in facets if f))


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
