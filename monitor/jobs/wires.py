"""wires: what editors do to a wire between acceptance and publication, each act one short write transaction.

Every act that a reader could feel is audited (D11); saving a draft is not, its version and its editor say it. Nothing
here makes a wire public: `release` hands it to `publish`.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from urllib.parse import urlsplit

from monitor.errors import IllegalDecision, Unpublishable
from monitor.jobs.recount import count_members
from monitor.jobs.suggestions import settle_suggestions
from monitor.jobs.ties import refuse_tied
from monitor.model import (
    ArticleId,
    ButFor,
    CandidateDetail,
    Clock,
    Codebook,
    Draft,
    Joined,
    Manner,
    Member,
    Missing,
    Newsroom,
    Revision,
    RevisionKind,
    RevisionStatus,
    Sourcing,
    Wire,
    WireId,
)
from monitor.stages.canonical import clean_line, clean_text
from monitor.stages.check import check_draft
from monitor.stages.codebook import ProviderIndex
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.revise import (
    HEADLINE_LIMIT,
    Cited,
    cite,
    cite_at_end,
    draft_with_sources,
    manner_after,
    refuse_kind,
    slug_of,
    tag_authority,
    tag_uri,
)
from monitor.stages.revise import (
    draft_from_yaml as draft_from_yaml,
)
from monitor.store import wires as store
from monitor.store.articles import list_versions
from monitor.store.database import Database, Transaction
from monitor.store.late import record_coverage_seen
from monitor.store.people import append_audit

# --- opening ----------------------------------------------------------------------------------------------------


def found_newsroom(tx: Transaction, *, base_url: str, now: datetime) -> Newsroom:
    """Fix what all permanent ids share, once for ever: the authority is the host of `base_url` at that moment (O3)."""
    return store.found_newsroom(tx, tag_authority=tag_authority(urlsplit(base_url).hostname or ""), now=now)


def open_wire(
    tx: Transaction,
    *,
    candidate: CandidateDetail | None,
    editor: str,
    now: datetime,
    newsroom: Newsroom,
    draft: Draft | None = None,
    manner: Manner = Manner.EDITOR,
    archive_id: str | None = None,
    register: OwnerIndex = NO_REGISTER,
) -> Wire:
    """A new wire with its first draft, inside the transaction that accepts it; tag and slug are fixed here (O3).

    The candidate lends the draft what it lacks: headline, providers, and its articles to cite.
    """
    lent = _lent(draft or Draft(), candidate)
    key = uuid.uuid4()
    wire = store.add_wire(
        tx,
        tag=tag_uri(newsroom.tag_authority, newsroom.founded_on, f"wire/{key}"),
        slug=slug_of(lent.headline, key.hex[:6]),
        candidate=None if candidate is None else candidate.candidate.id,
        draft=lent,
        editor=editor,
        manner=manner,
        archive_id=archive_id,
        now=now,
    )
    opened = store.get_wire(tx, wire)
    _save(tx, opened, lent, editor=editor, manner=manner, version_seen=None, now=now, register=register)
    return store.get_wire(tx, wire)


def _lent(draft: Draft, candidate: CandidateDetail | None) -> Draft:
    clean = tidy(draft)
    if candidate is None:
        return clean
    own = [m for m in candidate.members if m.joined is not Joined.MENTION] or candidate.members  # round-ups tell others
    return replace(
        clean,
        headline=clean.headline or clean_line(candidate.candidate.title)[:HEADLINE_LIMIT],
        providers=clean.providers or candidate.candidate.providers,
        sources=clean.sources or tuple(m.article.id for m in own),
    )


# --- writing ----------------------------------------------------------------------------------------------------


def save_draft(
    database: Database,
    clock: Clock,
    wire: WireId,
    *,
    editor: str,
    draft: Draft,
    version_seen: int | None,
    register: OwnerIndex = NO_REGISTER,
) -> Revision:
    """Save `draft` over the wire's draft; raises StaleDecision when somebody saved meanwhile (D10), IllegalDecision.

    A bulk classification whose rationale an editor amends becomes that editor's own.
    """
    now = clock.now()
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        last = found.revisions[-1]
        clean = tidy(draft)
        refuse_tied(tx, editor, (*last.draft.providers, *clean.providers))
        manner = manner_after(clean, last)
        _save(tx, found, clean, editor=editor, manner=manner, version_seen=version_seen, now=now, register=register)
        return store.get_wire(tx, wire).revisions[-1]


def release(
    database: Database,
    clock: Clock,
    wire: WireId,
    *,
    editor: str,
    version_seen: int | None,
    codebook: Codebook,
    providers: ProviderIndex,
    address: str | None = None,
    publish_at: datetime | None = None,
) -> Revision:
    """Hand the draft to `publish`, at once or for `publish_at`; raises Unpublishable, StaleDecision, IllegalDecision.

    Where its severity wants a second reader, the one who wrote it asks for one, and it stays a draft; it goes out when
    somebody else releases that very text.
    """
    with database.write() as tx:
        return hand_over(
            tx,
            wire,
            editor=editor,
            version_seen=version_seen,
            codebook=codebook,
            providers=providers,
            now=clock.now(),
            address=address,
            publish_at=publish_at,
        )


def hand_over(
    tx: Transaction,
    wire: WireId,
    *,
    editor: str,
    version_seen: int | None,
    codebook: Codebook,
    providers: ProviderIndex,
    now: datetime,
    address: str | None = None,
    publish_at: datetime | None = None,
) -> Revision:
    """As `release`, inside a transaction that does more."""
    found = store.get_wire(tx, wire)
    last = found.revisions[-1]
    refuse_tied(tx, editor, last.draft.providers)
    is_read = wants_reader(last, codebook)
    waits = is_read and last.editor == editor
    due_at = _due_at(last.draft, publish_at, now)
    if waits:
        store.record_asked(tx, wire, editor=editor, version_seen=version_seen, now=now)
    else:
        store.record_release(
            tx, wire, editor=editor, version_seen=version_seen, now=now, due_at=due_at, is_read=is_read
        )
    if missing := missing_from(tx, found, codebook, providers, now=now):
        raise Unpublishable(missing)
    if not waits:
        settle_suggestions(tx, found, codebook, providers, editor=editor, now=now)
    _audit(tx, now, editor, "wire.ask" if waits else "wire.release", found, address, last.kind)
    return store.get_wire(tx, wire).revisions[-1]


def wants_reader(revision: Revision, codebook: Codebook) -> bool:
    """Whether a second editor has to read it; a classification in bulk is one editor's, and says so."""
    return revision.manner is Manner.EDITOR and revision.draft.severity in codebook.rules.second_reader


def _due_at(draft: Draft, publish_at: datetime | None, now: datetime) -> datetime | None:
    """The later of what an editor chose and the end of the embargo; None where that has come."""
    due = max((at for at in (publish_at, draft.embargo_until) if at is not None), default=None)
    return None if due is None or due <= now else due


def recall(database: Database, clock: Clock, wire: WireId, *, editor: str, address: str | None = None) -> Revision:
    """Make a draft again of what waits to be published; raises IllegalDecision once readers have it."""
    now = clock.now()
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        refuse_tied(tx, editor, found.revisions[-1].draft.providers)
        store.record_recall(tx, wire, now=now)
        _audit(tx, now, editor, "wire.recall", found, address, found.revisions[-1].kind)
        return store.get_wire(tx, wire).revisions[-1]


def send_back(database: Database, clock: Clock, wire: WireId, *, editor: str, address: str | None = None) -> Revision:
    """A second reader does not release the draft: it is its writer's again, and a note says why."""
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        store.record_sent_back(tx, wire)
        _audit(tx, clock.now(), editor, "wire.send-back", found, address, found.revisions[-1].kind)
        return store.get_wire(tx, wire).revisions[-1]


def start_revision(
    database: Database,
    clock: Clock,
    wire: WireId,
    *,
    editor: str,
    kind: RevisionKind,
    address: str | None = None,
    register: OwnerIndex = NO_REGISTER,
    text_of: int | None = None,
) -> Revision:
    """A new draft with the published text: an update, a correction, a retraction or a restoration.

    It may cite what has joined the wire's candidates since. `text_of`: it begins with the text of that earlier revision
    instead. Raises IllegalDecision.
    """
    now = clock.now()
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        refuse_kind(found, kind)
        refuse_tied(tx, editor, found.revisions[-1].draft.providers)
        before = _begun_from(found, kind, text_of)
        citable = [m.article.id for m in store.list_citable(tx, found)]
        draft = draft_with_sources(replace(before.draft, note="", embargo_until=None), citable)
        manner = before.manner
        store.add_revision(tx, wire, kind=kind, draft=draft, manner=manner, editor=editor, now=now)
        opened = store.get_wire(tx, wire)
        _save(tx, opened, draft, editor=editor, manner=manner, version_seen=None, now=now, register=register)
        _audit(tx, now, editor, "wire.revise", found, address, kind)
        return store.get_wire(tx, wire).revisions[-1]


def _begun_from(wire: Wire, kind: RevisionKind, text_of: int | None) -> Revision:
    """The revision whose text a new one begins with: of a retracted wire the last that was not the retraction."""
    if text_of is not None:
        chosen = next((r for r in wire.revisions if r.number == text_of), None)
        if chosen is None or chosen.status is not RevisionStatus.PUBLISHED:
            raise IllegalDecision(f"Wire {wire.id} has no published revision {text_of}: nothing was changed.")
        return chosen
    if kind is RevisionKind.RESTORATION:
        return next(r for r in reversed(wire.revisions) if r.kind is not RevisionKind.RETRACTION)
    return wire.revisions[-1]


def add_source(
    database: Database,
    clock: Clock,
    wire: WireId,
    article: ArticleId,
    *,
    editor: str,
    version_seen: int | None,
    address: str | None = None,
    register: OwnerIndex = NO_REGISTER,
) -> Revision:
    """Cite an article that joined the wire's candidates at the end of its draft; a published wire gets an update first.

    Where in the text it belongs the editor sees to. Raises IllegalDecision, StaleDecision.
    """
    with database.read() as tx:
        found = store.get_wire(tx, wire)
        known = {m.article.id for m in store.list_citable(tx, found)}
    if article not in known:
        raise IllegalDecision(f"Article {article} is not among what wire {wire} may cite: attach its candidate first.")
    last = found.revisions[-1]
    if last.status is RevisionStatus.PUBLISHED:
        kind = RevisionKind.UPDATE
        last = start_revision(database, clock, wire, editor=editor, kind=kind, address=address, register=register)
        version_seen = last.version
    draft = cite_at_end(draft_with_sources(last.draft, [article]), article)
    return save_draft(database, clock, wire, editor=editor, draft=draft, version_seen=version_seen, register=register)


def see_coverage(database: Database, clock: Clock, wire: WireId, *, editor: str, address: str | None = None) -> Wire:
    """An editor has looked at what joined after publication: it is not offered again; what joins later is."""
    now = clock.now()
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        if found.published is None:
            raise IllegalDecision(f"Readers have not seen wire {wire} yet: nothing can have joined it since.")
        record_coverage_seen(tx, wire, now=now)
        append_audit(
            tx, at=now, who=editor, what="wire.seen", subject=f"wire {wire}", address=address,
            after={"coverage_seen_at": now.isoformat()},
        )  # fmt: skip
        return found


def discard_draft(
    database: Database, clock: Clock, wire: WireId, *, editor: str, version_seen: int | None, address: str | None = None
) -> Wire:
    """Drop a later draft that no reader has seen; the published revision stands. Raises IllegalDecision for a first."""
    with database.write() as tx:
        found = store.get_wire(tx, wire)
        store.discard_draft(tx, wire, version_seen=version_seen)
        _audit(tx, clock.now(), editor, "wire.discard", found, address, found.revisions[-1].kind)
        return store.get_wire(tx, wire)


def withdraw(tx: Transaction, wire: WireId, *, editor: str, now: datetime, address: str | None = None) -> None:
    """Take a wire back before any reader has seen it, inside the transaction that undoes its acceptance.

    Raises IllegalDecision once it is published: then it is retracted instead, and nothing vanishes.
    """
    store.withdraw_wire(tx, wire, now=now)
    _audit(tx, now, editor, "wire.withdraw", store.get_wire(tx, wire), address, RevisionKind.FIRST)


# --- what a form asks -------------------------------------------------------------------------------------------


def missing_from(
    tx: Transaction,
    wire: Wire,
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    now: datetime,
    draft: Draft | None = None,
) -> tuple[Missing, ...]:
    """What keeps the wire's last revision, or `draft` in its place, from being published."""
    found = check_wire(tx, wire, codebook, providers, now=now, draft=draft)
    return tuple(m for m in found if m.is_blocking)


def check_wire(
    tx: Transaction,
    wire: Wire,
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    now: datetime,
    draft: Draft | None = None,
    members: Sequence[Member] | None = None,
) -> tuple[Missing, ...]:
    """What is missing in the wire's last revision, or in `draft` in its place, and what is only doubtful.

    `members`: what it may cite, where the caller has read that already.
    """
    last, before = wire.revisions[-1], wire.published
    judged = draft or last.draft
    return check_draft(
        judged,
        store.list_citable(tx, wire) if members is None else members,
        codebook,
        providers,
        kind=last.kind,
        manner=last.manner if draft is None else manner_after(draft, last),
        now=now,
        standing=None if before is None else before.draft,
        count=_counting(tx, providers.owners),
        versions=partial(list_versions, tx),
    )


def cite_wire(
    tx: Transaction,
    wire: Wire,
    *,
    draft: Draft | None = None,
    register: OwnerIndex = NO_REGISTER,
    members: Sequence[Member] | None = None,
) -> Cited:
    """What the wire's last revision, or `draft` in its place, cites, counted as its candidates are."""
    return cite(
        draft or wire.revisions[-1].draft,
        store.list_citable(tx, wire) if members is None else members,
        count=_counting(tx, register),
        versions=partial(list_versions, tx),
    )


def tidy(draft: Draft) -> Draft:
    """`draft` as it is stored: control characters removed, lines trimmed, each name once (H11)."""
    return replace(
        draft,
        headline=clean_line(draft.headline),
        providers=tuple(dict.fromkeys(clean_line(p) for p in draft.providers)),
        body=clean_text(draft.body).strip(),
        rationale=clean_text(draft.rationale).strip(),
        counterfactual=clean_text(draft.counterfactual).strip(),
        codes=tuple(dict.fromkeys(clean_line(c) for c in draft.codes)),
        sources=tuple(dict.fromkeys(draft.sources)),
        note=clean_text(draft.note).strip(),
        but_for=_tidy_test(draft.but_for),
    )


def _tidy_test(test: ButFor | None) -> ButFor | None:
    if test is None:
        return None
    clean = replace(
        test,
        outcome=clean_line(test.outcome),
        system=clean_line(test.system),
        role=clean_line(test.role),
        without=clean_line(test.without),
    )
    return None if clean == ButFor() else clean


def _save(
    tx: Transaction,
    wire: Wire,
    draft: Draft,
    *,
    editor: str,
    manner: Manner,
    version_seen: int | None,
    now: datetime,
    register: OwnerIndex,
) -> None:
    cited = cite_wire(tx, wire, draft=draft, register=register)
    store.record_draft(
        tx,
        wire.id,
        draft=draft,
        editor=editor,
        manner=manner,
        count=store.Count(standard=cited.standard, source_count=cited.sourcing.source_count),
        version_seen=version_seen,
        now=now,
    )


def _counting(tx: Transaction, register: OwnerIndex) -> Callable[[Sequence[Member]], Sourcing]:
    return partial(count_members, tx, register=register)


def _audit(
    tx: Transaction, at: datetime, who: str, what: str, wire: Wire, address: str | None, kind: RevisionKind
) -> None:
    number = wire.revisions[-1].number
    after = {"revision": number, "kind": kind.value, "headline": wire.revisions[-1].draft.headline}
    append_audit(tx, at=at, who=who, what=what, subject=f"wire {wire.id}", after=after, address=address)
