"""Full-text search: what goes into the index, and what is found in it. Newest first, one page at a time.

Nothing is ranked and nothing is counted: both would read all that matches, and a common word matches everything. The
index walks from the newest backwards and stops when a page is full. A question has PATIENCE: once it is used up, what
was found so far is the answer, which says how far back it reaches and where to go on. On SQLite the walk therefore goes
by windows of days, since FTS5 cannot be interrupted while it looks for the next document in which a phrase stands.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, delete, func, select, text
from sqlalchemy.exc import OperationalError

from monitor.model import ArticleId, CandidateId, Joined, ResultKind, SearchDocument, SearchQuery, SearchTerm
from monitor.store.database import Transaction, insert_new, take_turn
from monitor.store.tables import ArticleRow, MembershipRow, SourceRow
from monitor.store.tables_search import SearchDocumentRow, SearchDueRow

PATIENCE = 0.1  # seconds of the processor's time for one question
TOGETHER = 0.02  # for several kinds on one page: each can be asked alone afterwards
OFTEN = 4_000  # steps of SQLite's between two looks at the time
LONGEST = 2.0  # seconds on the clock, however busy the machine is
FIRST_WINDOW = 16  # days
WIDEN = 4  # times the days of the window before, while there is time
EVERYTHING = "_all"  # a word of every document
TURN = 7_200_031  # any number of our own: one process at a time writes the index
TELLING_LIMIT = 60  # articles of a candidate whose headlines and publishers it is found by

_KINDS = (ResultKind.ARTICLE, ResultKind.CANDIDATE, ResultKind.WIRE)
_KIND_BITS, _DAY_BITS, _REF_BITS = 50, 19, 31
_LAST_DAY = (1 << _DAY_BITS) - 1
_EPOCH = date(1970, 1, 1).toordinal()
_POSITIONS = 16_383  # that PostgreSQL tells apart in one document
_PLACES = 250  # of one word
_GAP = 10  # between title, text and facets: no phrase reaches across


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of what was found."""

    refs: tuple[int, ...]  # ids, newest first
    more: int | None  # where the next page begins; None where this is the last
    is_cut: bool = False  # it took too long: what is older than `more` was not looked at


# --- asking -----------------------------------------------------------------------------------------------------


def find(
    tx: Transaction,
    query: SearchQuery,
    kind: ResultKind,
    *,
    limit: int,
    until: int | None = None,
    patience: float = PATIENCE,
) -> Found:
    """The newest of one kind that match; `until` is where an earlier page said that the next begins.

    With `patience`, in seconds of the processor's time, the walk ends; with any at all one window is looked through.
    """
    low, high = _range(kind, query)
    if until is not None:
        high = min(high, until)
    if kind not in query.kinds or low > high:
        return Found(refs=(), more=None)
    is_sqlite = tx.connection().dialect.name == "sqlite"
    keys, rest = (
        _walk(tx, query, low, high, limit + 1, _Patience(patience))
        if is_sqlite
        else _ask(tx, query, low, high, limit + 1)
    )
    return Found(
        refs=tuple(key & ((1 << _REF_BITS) - 1) for key in keys[:limit]),
        more=keys[limit] if len(keys) > limit else rest,
        is_cut=rest is not None and len(keys) <= limit,
    )


def find_each(
    tx: Transaction, query: SearchQuery, kinds: Sequence[ResultKind], *, limit: int, until: int | None = None
) -> dict[ResultKind, Found]:
    """As `find`, of each kind; several share what they have of patience: what one does not use, the next ones have.

    One for which nothing is left is cut before it has begun: to be asked alone.
    """
    patience = PATIENCE if len(kinds) == 1 else TOGETHER
    pages: dict[ResultKind, Found] = {}
    began = time.thread_time()
    for place, kind in enumerate(kinds):
        left = max(0.0, patience - (time.thread_time() - began))
        pages[kind] = find(tx, query, kind, limit=limit, until=until, patience=left / (len(kinds) - place))
    return pages


def told_before(more: int) -> date:
    """The last day that a page which begins at `more` may hold."""
    return date.fromordinal(_EPOCH + (more >> _REF_BITS & _LAST_DAY))


def _walk(
    tx: Transaction, query: SearchQuery, low: int, high: int, most: int, patience: _Patience
) -> tuple[list[int], int | None]:
    """The keys of SQLite, and where to go on if there was no time to look further."""
    connection = tx.connection()
    ends = connection.execute(_ENDS, {"low": low, "high": high}).one()
    if ends.newest is None:
        return [], None
    low, top, span = ends.oldest, ends.newest, FIRST_WINDOW << _REF_BITS
    keys: list[int] = []
    asked = _fts5(query)
    if patience.is_none:
        return keys, top
    with _patient(connection, patience):
        while top >= low and len(keys) < most:
            before, bottom = patience.used(), max(low, top - span + 1)
            values = {"asked": asked, "low": bottom, "high": top, "limit": most - len(keys)}
            try:
                keys += connection.execute(_FTS5, values).scalars()
            except OperationalError:
                return keys, top
            top = bottom - 1
            if patience.is_over() and top >= low:
                return keys, top
            took = max(patience.used() - before, 0.001)
            span = max(FIRST_WINDOW << _REF_BITS, int(span * min(WIDEN, patience.left() / took)))
    return keys, None


def _ask(tx: Transaction, query: SearchQuery, low: int, high: int, most: int) -> tuple[list[int], int | None]:
    """The keys of PostgreSQL, which can be interrupted at any time, but reads all that match before it has one."""
    values = {"asked": _tsquery(query), "low": low, "high": high, "limit": most}
    try:
        with tx.begin_nested():
            tx.execute(text(f"SET LOCAL statement_timeout = {int(LONGEST * 1000)}"))
            keys = [int(key) for key in tx.execute(_TSQUERY, values).scalars()]
            tx.execute(text("SET LOCAL statement_timeout = DEFAULT"))
    except OperationalError:
        return [], high
    return keys, None


_ENDS = text(
    "SELECT (SELECT min(key) FROM search_documents WHERE key BETWEEN :low AND :high) AS oldest, "
    "(SELECT max(key) FROM search_documents WHERE key BETWEEN :low AND :high) AS newest"
)
_FTS5 = text(
    "SELECT rowid FROM search_index WHERE search_index MATCH :asked AND rowid BETWEEN :low AND :high "
    "ORDER BY rowid DESC LIMIT :limit"
)
_TSQUERY = text(
    "SELECT key FROM search_documents WHERE document @@ CAST(:asked AS tsquery) AND key BETWEEN :low AND :high "
    "ORDER BY key DESC LIMIT :limit"
).bindparams(bindparam("low", type_=BigInteger), bindparam("high", type_=BigInteger))


class _Patience:
    """How long a question may go on: by the processor's time, so that a busy machine finds as much as an idle one."""

    def __init__(self, seconds: float) -> None:
        self._seconds, self.is_none = seconds, seconds <= 0
        self._worked, self._began = time.thread_time(), time.monotonic()

    def used(self) -> float:
        """Seconds of the processor's time."""
        return time.thread_time() - self._worked

    def left(self) -> float:
        """Seconds that are not used yet."""
        return max(0.0, self._seconds - self.used())

    def is_over(self) -> bool:
        """Whether it is used up."""
        return self.used() > self._seconds or time.monotonic() - self._began > LONGEST


@contextmanager
def _patient(connection: Connection, patience: _Patience) -> Iterator[None]:
    """Interrupts SQLite between two finds; raises OperationalError, and the transaction lives."""
    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(patience.is_over, OFTEN)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)


def _range(kind: ResultKind, query: SearchQuery) -> tuple[int, int]:
    first = 0 if query.after is None else _day(query.after)
    last = _LAST_DAY if query.before is None else _day(query.before) - 1
    if last < first:
        return 1, 0
    return key_of(kind, first, 0), key_of(kind, last, (1 << _REF_BITS) - 1)


def key_of(kind: ResultKind, day: int, ref: int) -> int:
    """The key of something told on a day, counted from 1970."""
    return (_KINDS.index(kind) << _KIND_BITS) | (day << _REF_BITS) | ref


def _day(day: date) -> int:
    return min(max(0, day.toordinal() - _EPOCH), _LAST_DAY)


def _fts5(query: SearchQuery) -> str:
    """In the language of FTS5: every word quoted, so that none of it is an operator."""
    groups = [" OR ".join(map(_fts5_term, group)) for group in query.groups] or [f'"{EVERYTHING}"']
    wanted = " AND ".join(f"({group})" for group in groups)
    never = " OR ".join(map(_fts5_term, query.never))
    return f"({wanted}) NOT ({never})" if never else wanted


def _fts5_term(term: SearchTerm) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.is_prefix else ""}'


def _tsquery(query: SearchQuery) -> str:
    groups = [" | ".join(map(_tsquery_term, group)) for group in query.groups] or [f"'{EVERYTHING}'"]
    wanted = " & ".join(f"({group})" for group in groups)
    return " & ".join([wanted, *(f"!({_tsquery_term(term)})" for term in query.never)])


def _tsquery_term(term: SearchTerm) -> str:
    words = " <-> ".join(f"'{word}'" for word in term.words)
    return f"({words}{':*' if term.is_prefix else ''})"


# --- keeping ----------------------------------------------------------------------------------------------------


def list_due(tx: Transaction, kind: ResultKind, *, limit: int) -> tuple[int, ...]:
    """Ids that search does not know, or knows as they were; the newest first."""
    query = select(SearchDueRow.ref).where(SearchDueRow.kind == kind.value)
    return tuple(tx.scalars(query.order_by(SearchDueRow.ref.desc()).limit(limit)))


def count_due(tx: Transaction, *, limit: int = 10_000) -> int:
    """How much search does not know yet; `limit` where it is as much or more."""
    return tx.scalar(select(func.count()).select_from(select(SearchDueRow.ref).limit(limit).subquery())) or 0


def take_due(tx: Transaction, kind: ResultKind, *, limit: int) -> tuple[int, ...]:
    """As `list_due`, and no longer due: what changes from now on is due again. One process at a time."""
    take_turn(tx, TURN)
    refs = list_due(tx, kind, limit=limit)
    tx.execute(delete(SearchDueRow).where(SearchDueRow.kind == kind.value, SearchDueRow.ref.in_(refs)))
    return refs


def record_documents(
    tx: Transaction, kind: ResultKind, refs: Sequence[int], documents: Sequence[SearchDocument]
) -> None:
    """Let `refs` be found by their `documents` alone; one without a document is found no longer."""
    query = select(SearchDocumentRow).where(SearchDocumentRow.kind == kind.value, SearchDocumentRow.ref.in_(list(refs)))
    known = {row.ref: row for row in tx.scalars(query)}
    is_sqlite = tx.connection().dialect.name == "sqlite"
    fixed = {d.ref for d in documents if d.is_fixed and is_sqlite and d.ref in known and known[d.ref].words is None}
    _remove(tx, [row for row in known.values() if row.ref not in fixed], is_sqlite=is_sqlite)
    add_documents(tx, [d for d in documents if d.ref not in fixed])


def add_documents(tx: Transaction, documents: Sequence[SearchDocument]) -> None:
    """Put in what is not known yet."""
    if not documents:
        return
    is_sqlite = tx.connection().dialect.name == "sqlite"
    keys = {d.ref: key_of(d.kind, _day(d.told_on), d.ref) for d in documents}
    if is_sqlite:
        tx.connection().exec_driver_sql(
            "INSERT INTO search_index(rowid, title, body, facets) VALUES (?, ?, ?, ?)",
            [(keys[d.ref], d.title, d.body, f"{EVERYTHING} {d.facets}") for d in documents],
        )
        rows = [_row(d, keys[d.ref], words=None if d.is_fixed else _words(d), document=None) for d in documents]
    else:
        rows = [_row(d, keys[d.ref], words=None, document=_tsvector(d)) for d in documents]
    insert_new(tx, SearchDocumentRow, rows)


def _row(one: SearchDocument, key: int, **more: object) -> dict[str, Any]:
    return {"key": key, "kind": one.kind.value, "ref": one.ref, **more}


def _words(document: SearchDocument) -> dict[str, str]:
    return {"title": document.title, "body": document.body, "facets": f"{EVERYTHING} {document.facets}"}


def _remove(tx: Transaction, rows: Sequence[SearchDocumentRow], *, is_sqlite: bool) -> None:
    if not rows:
        return
    if is_sqlite:  # a contentless table is told what to forget
        tx.connection().exec_driver_sql(
            "INSERT INTO search_index(search_index, rowid, title, body, facets) VALUES ('delete', ?, ?, ?, ?)",
            [(r.key, r.words["title"], r.words["body"], r.words["facets"]) for r in rows if r.words is not None],
        )
    tx.execute(delete(SearchDocumentRow).where(SearchDocumentRow.key.in_([r.key for r in rows])))


def _tsvector(document: SearchDocument) -> str:
    """As PostgreSQL writes a tsvector: each word with where it stands."""
    places: dict[str, list[int]] = defaultdict(list)
    at = 0
    for part in (document.title, f"{EVERYTHING} {document.facets}", document.body):
        for word in part.split():
            at += 1
            if len(found := places[word]) < _PLACES:
                found.append(min(at, _POSITIONS))
        at += _GAP
    return " ".join(f"'{word}':{','.join(map(str, found))}" for word, found in places.items())


# --- what documents are made of ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What a candidate is found by: an article of it."""

    candidate: CandidateId
    title: str
    publisher: str
    publisher_name: str
    url: str


def list_headlines(tx: Transaction, candidates: Sequence[CandidateId]) -> Mapping[CandidateId, tuple[Headline, ...]]:
    """The articles of candidates, of each the first TELLING_LIMIT that joined."""
    place = func.row_number().over(
        partition_by=MembershipRow.candidate_id, order_by=(MembershipRow.added_at, MembershipRow.article_id)
    )
    ranked = (
        select(MembershipRow.candidate_id, MembershipRow.article_id, place.label("place"))
        .where(MembershipRow.candidate_id.in_(list(candidates)))
        .subquery()
    )
    query = (
        select(
            ranked.c.candidate_id, ArticleRow.title, ArticleRow.publisher_id, ArticleRow.publisher_name, ArticleRow.url
        )
        .join(ArticleRow, ArticleRow.id == ranked.c.article_id)
        .where(ranked.c.place <= TELLING_LIMIT)
        .order_by(ranked.c.candidate_id, ranked.c.place)
    )
    found: dict[CandidateId, list[Headline]] = defaultdict(list)
    for candidate, title, publisher, name, url in tx.execute(query):
        found[CandidateId(candidate)].append(
            Headline(candidate=candidate, title=title, publisher=publisher, publisher_name=name, url=url)
        )
    return {candidate: tuple(headlines) for candidate, headlines in found.items()}


def list_speakers(tx: Transaction, articles: Sequence[ArticleId]) -> dict[ArticleId, str]:
    """The provider for which an article's source speaks, where it does."""
    query = select(ArticleRow.id, SourceRow.provider).join(SourceRow, SourceRow.id == ArticleRow.source_id)
    rows = tx.execute(query.where(ArticleRow.id.in_(list(articles)), SourceRow.provider.is_not(None)))
    return {ArticleId(article): provider for article, provider in rows if provider}


def list_homes_of(tx: Transaction, articles: Sequence[ArticleId]) -> dict[ArticleId, CandidateId]:
    """The candidate in which each article is shown: where it tells the event, before where it mentions it."""
    query = (
        select(MembershipRow.article_id, MembershipRow.candidate_id)
        .where(MembershipRow.article_id.in_(list(articles)))
        .order_by(MembershipRow.joined == Joined.MENTION.value, MembershipRow.candidate_id)
    )
    found: dict[ArticleId, CandidateId] = {}
    for article, candidate in tx.execute(query):
        found.setdefault(ArticleId(article), CandidateId(candidate))
    return found
