"""look: what full-text search finds, with the words around it, for the desk, the command line and whoever else asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations

from monitor.jobs.index import documents_of
from monitor.model import (
    Article,
    ArticleId,
    Candidate,
    CandidateId,
    CandidateStatus,
    Filter,
    ResultKind,
    SearchQuery,
    SearchTerm,
    Wire,
    WireId,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.query import SHORTEST_BEGINNING, alike, read_query, says, words_of
from monitor.stages.terms import Passage, find_passage, mark_hits
from monitor.store.articles import list_articles
from monitor.store.candidates import LARGEST_ID, list_candidates
from monitor.store.database import Transaction
from monitor.store.search import find, find_each, list_due, list_headlines, list_homes_of, told_before
from monitor.store.wires import load_wires

ALIKE_READ = 60  # candidates or wires that share words, of which the nearest are shown
ALIKE_SHOWN = 8
SHARED = 2  # words of a headline that another must have in common

SAYING = 20_000  # candidates among which a filter of words narrows: the newest
DUE_READ = 60  # of what search has not taken in yet, looked through one by one: the newest
OPTIONS_READ = 60  # that are looked up, of which those that can be chosen are shown

Marked = tuple[Passage, ...]

_NUMBER = re.compile(r"#?([0-9]{1,10})")
_LINK = re.compile(r"\[([^\]\n]{0,200})\]\([^)\n]{0,2000}\)")  # of Markdown, whose words are shown as they were typed


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundArticle:
    """An article that was found."""

    article: Article
    candidate: CandidateId | None
    title: Marked
    passage: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCandidate:
    """A candidate that was found; `passage` is a headline of it that says what was asked where its own does not."""

    candidate: Candidate
    title: Marked
    passage: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundWire:
    """A wire that was found."""

    wire: Wire
    title: Marked
    passage: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was found of each kind that was asked for, newest first."""

    query: SearchQuery
    wires: tuple[FoundWire, ...] = ()
    candidates: tuple[FoundCandidate, ...] = ()
    articles: tuple[FoundArticle, ...] = ()
    more: dict[ResultKind, int]  # where the next page of a kind begins, where there is one
    cut: tuple[ResultKind, ...]  # that took too long: what is older than `back_to` was not looked at

    def back_to(self, kind: ResultKind) -> date | None:
        """How far back a kind was looked through, where that was cut."""
        more = self.more.get(kind) if kind in self.cut else None
        return None if more is None else told_before(more)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing was found."""
        return not (self.wires or self.candidates or self.articles)


def look(
    tx: Transaction,
    text: str,
    *,
    providers: ProviderIndex,
    limit: int = 10,
    until: int | None = None,
    kinds: Sequence[ResultKind] = tuple(ResultKind),
) -> Results:
    """`limit` of each kind; `until` goes on where an earlier page of the one kind that is asked for ended."""
    query = read_query(text, lambda name: _ids(providers, name))
    asked = [k for k in kinds if k in query.kinds and not query.is_empty]
    pages = find_each(tx, query, asked, limit=limit, until=until)
    refs = {kind: page.refs for kind, page in pages.items()}
    return Results(
        query=query,
        wires=_wires(tx, query, refs.get(ResultKind.WIRE, ())),
        candidates=_candidates(tx, query, refs.get(ResultKind.CANDIDATE, ())),
        articles=_articles(tx, query, refs.get(ResultKind.ARTICLE, ())),
        more={kind: page.more for kind, page in pages.items() if page.more is not None},
        cut=tuple(kind for kind, page in pages.items() if page.is_cut),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What says the words of a filter, newest first."""

    refs: tuple[int, ...] = ()
    is_cut: bool = False  # the older ones were not looked at
    notes: tuple[str, ...] = ()  # what of the words could not be understood

    @property
    def candidates(self) -> tuple[CandidateId, ...]:
        """Where candidates were asked for."""
        return tuple(map(CandidateId, self.refs))


def narrow_by_words(tx: Transaction, wanted: Filter, providers: ProviderIndex | None) -> tuple[CandidateId, ...] | None:
    """The candidates that say the words of a filter; None where it has none."""
    return find_saying(tx, wanted.text, providers=providers or ProviderIndex(())).candidates if wanted.text else None


def find_saying(
    tx: Transaction,
    text: str,
    *,
    providers: ProviderIndex,
    kind: ResultKind = ResultKind.CANDIDATE,
    most: int = SAYING,
) -> Saying:
    """By the operators of search, or by its number. What changed a moment ago counts as it is now."""
    query = replace(read_query(text, lambda name: _ids(providers, name)), kinds=frozenset({kind}))
    number = _NUMBER.fullmatch(text.strip())
    own = [int(number[1])] if number and 0 < int(number[1]) <= LARGEST_ID else []
    if not (query.groups or query.never or query.after or query.before):
        return Saying(refs=tuple(own), notes=query.notes)
    found = find(tx, query, kind, limit=most)
    due = list_due(tx, kind, limit=DUE_READ)
    fresh = [d.ref for d in documents_of(tx, kind, due, providers) if says(query, d)] if due else []
    known = (r for r in found.refs if r not in set(due))
    return Saying(
        refs=tuple(dict.fromkeys([*own, *sorted(fresh, reverse=True), *known])),
        is_cut=found.is_cut or found.more is not None,
        notes=query.notes,
    )


def look_up(tx: Transaction, typed: str, *, providers: ProviderIndex, kind: ResultKind) -> tuple[int, ...]:
    """As `find_saying`, of words that are still being typed: the last one may go on."""
    words = typed.split()
    is_open = bool(words) and len(words[-1]) >= SHORTEST_BEGINNING and words[-1].isalnum() and typed.count('"') % 2 == 0
    text = f"{typed} OR {words[-1]}*" if is_open else typed
    return find_saying(tx, text, providers=providers, kind=kind, most=OPTIONS_READ).refs


def _ids(providers: ProviderIndex, name: str) -> tuple[str, ...]:
    found = providers.resolve(name)
    return providers.find(name) if found is None else (found.id,)


def _wires(tx: Transaction, query: SearchQuery, refs: Sequence[int]) -> tuple[FoundWire, ...]:
    words = words_of(query)
    found = {w.id: w for w in load_wires(tx, list(refs))}
    made = []
    for wire in (found[WireId(r)] for r in refs if r in found):
        draft = wire.revisions[-1].draft
        text = _LINK.sub(r"\1", "\n".join(t for t in (draft.body, draft.rationale, draft.counterfactual) if t))
        title = mark_hits(draft.headline or "No headline yet", *words)
        made.append(FoundWire(wire=wire, title=title, passage=find_passage(text, *words)))
    return tuple(made)


def _candidates(tx: Transaction, query: SearchQuery, refs: Sequence[int]) -> tuple[FoundCandidate, ...]:
    words = words_of(query)
    ids = [CandidateId(r) for r in refs]
    found, told = list_candidates(tx, ids), list_headlines(tx, ids)
    made = []
    for candidate in (found[i] for i in ids if i in found):
        title = mark_hits(candidate.title, *words)
        said = [mark_hits(t, *words) for t in dict.fromkeys(h.title for h in told.get(candidate.id, ()))]
        best = max(said, key=_hit_count, default=())
        passage = best if _hit_count(best) > _hit_count(title) else ()
        made.append(FoundCandidate(candidate=candidate, title=title, passage=passage))
    return tuple(made)


def _articles(tx: Transaction, query: SearchQuery, refs: Sequence[int]) -> tuple[FoundArticle, ...]:
    words = words_of(query)
    ids = [ArticleId(r) for r in refs]
    homes = list_homes_of(tx, ids)
    return tuple(
        FoundArticle(
            article=article,
            candidate=homes.get(article.id),
            title=mark_hits(article.title, *words),
            passage=find_passage(article.text, *words),
        )
        for article in list_articles(tx, ids)
    )


def _hit_count(passage: Marked) -> int:
    return len({p.text.casefold() for p in passage if p.is_hit})


# --- what is like a candidate -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Candidates and wires whose headlines share words with a candidate's: those with most first."""

    candidates: tuple[FoundCandidate, ...]
    wires: tuple[FoundWire, ...]


def look_alike(tx: Transaction, candidate: Candidate, *, leave_out: Sequence[CandidateId] = ()) -> Alike:
    """Whatever became of it: rejected, accepted, or waiting."""
    words = alike(candidate.title)
    if len(words) < 2:
        return Alike(candidates=(), wires=())
    query = _sharing(words)
    marked = SearchQuery(groups=(words,))
    other = [
        r
        for r in find(tx, query, ResultKind.CANDIDATE, limit=ALIKE_READ).refs
        if r != candidate.id and r not in set(leave_out)
    ]
    found = [
        replace(f, title=mark_hits(f.candidate.title, *words_of(marked)))
        for f in _candidates(tx, marked, other)
        if f.candidate.status is not CandidateStatus.MERGED
    ]
    wires = _wires(tx, marked, find(tx, query, ResultKind.WIRE, limit=ALIKE_READ).refs)
    return Alike(
        candidates=tuple(sorted(found, key=lambda f: -_hit_count(f.title))[:ALIKE_SHOWN]),
        wires=tuple(
            sorted((w for w in wires if w.wire.id != candidate.wire), key=lambda w: -_hit_count(w.title))[:ALIKE_SHOWN]
        ),
    )


def _sharing(words: Sequence[SearchTerm]) -> SearchQuery:
    """Any SHARED of the words, told without brackets: of n words, one of every n - SHARED + 1 must be there."""
    size = max(1, len(words) - SHARED + 1)
    return SearchQuery(groups=tuple(combinations(words, size)))
