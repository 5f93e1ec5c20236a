"""The nouns of the newsroom: frozen values that travel between the rooms.

A noun has no behaviour beyond what follows from its own fields, and imports nothing of ours. Rows stay in `store`,
markup stays in `web`; whatever crosses a room's door is one of these. Instants end in `_at` and are aware UTC; dates
end in `_on`. Four times are never mixed: the publisher's claim (`Article.published_at`), our sight (`first_seen_at`),
our release (`Revision.published_at`) and when it happened (`Revision.occurred_on`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import NewType, Protocol

SourceId = NewType("SourceId", str)
PublisherId = NewType("PublisherId", str)
EntryId = NewType("EntryId", int)
ArticleId = NewType("ArticleId", int)
CandidateId = NewType("CandidateId", int)
DecisionId = NewType("DecisionId", int)
WireId = NewType("WireId", int)
EditorId = NewType("EditorId", int)


class Clock(Protocol):
    """The newsroom's time: the wall clock, or a simulated fortnight."""

    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def real_seconds(self, span: timedelta) -> float:
        """How many seconds of the machine's time `span` of this clock's time takes."""
        ...


# --- source -----------------------------------------------------------------------------------------------------


class Origin(StrEnum):
    """What kind of voice a source is (editorial model, "From signal to wire")."""

    PROVIDER = "provider"
    REGULATOR = "regulator"
    PROBE = "probe"
    PRESS = "press"
    RESEARCH = "research"
    INCIDENT_DATABASE = "incident-database"


class Tier(StrEnum):
    """How near a source stands to what happened."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    TERTIARY = "tertiary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Publisher:
    """Who answers for what a source says: the voice that is counted."""

    id: PublisherId
    name: str
    domains: tuple[str, ...] = ()  # registrable domains or hosts that speak with this voice, lower case
    owner: str | None = None  # the company or body behind it; a later issue folds by owner


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A place on the web that is polled, as `feeds.yaml` names it."""

    id: SourceId
    name: str
    url: str  # as written in feeds.yaml; where a redirect was learnt, PollState.url differs
    origin: Origin
    tier: Tier
    publisher: PublisherId
    provider: str | None = None  # id in the provider register, where the source speaks of or for one provider
    language: str | None = None  # BCP 47, the source's usual language
    cadence: timedelta | None = None  # configured distance of polls; None follows the source
    is_aggregator: bool = False  # relays others' pages: the publisher of an article is then found by its host


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """All of `feeds.yaml`, checked."""

    publishers: tuple[Publisher, ...]
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Complaint:
    """One fault of a file that a person wrote: said with file, line, what it concerns, and why."""

    file: str
    line: int | None  # 1-based
    subject: str  # the source, wire or record at fault
    reason: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.subject}: {self.reason}"


# --- poll -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What a server gave to ask with next time; opaque, echoed byte for byte (RFC 9110 13.1, P2)."""

    etag: str | None = None
    last_modified: str | None = None


NO_VALIDATORS = Validators()


class Failure(StrEnum):
    """Why a fetch failed. The value is what an operator reads; a sentence with details goes beside it."""

    REFUSED_ADDRESS = "refused-address"  # private, loopback or otherwise not ours to ask (H1-H3)
    BAD_URL = "bad-url"  # not http or https, or not a URL (P16)
    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"  # the deadline of the whole exchange passed (H6)
    PROTOCOL = "protocol"  # not HTTP, false lengths, too many headers (H7)
    TOO_LARGE = "too-large"  # encoded or decoded body over the cap (H5)
    ENCODING = "encoding"  # a content coding that was not asked for, or broken
    REDIRECT = "redirect"  # loop, over 5 hops, missing Location (P16)
    NOT_FOUND = "not-found"  # 404
    CLIENT_ERROR = "client-error"  # other 4xx
    SERVER_ERROR = "server-error"  # 5xx
    UNPARSABLE = "unparsable"  # fetched, but the parser refused or died
    NOT_A_FEED = "not-a-feed"  # fetched, and it is something else (H18)
    ROBOTS = "robots"  # robots.txt asks us to stay away (P21)


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRequest:
    """One thing to ask of the web."""

    url: str
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them, and the only one they go to; None means `url`
    accept: str = "*/*"
    max_bytes: int = 5_000_000  # of the decoded body
    obeys_robots: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """One redirect that was followed."""

    status: int  # 301, 302, 303, 307 or 308
    url: str  # where it pointed, absolute


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """A 200 with its whole body."""

    url: str  # asked for
    final_url: str  # answered, after `hops`
    hops: tuple[Hop, ...] = ()
    body: bytes  # decoded
    content_type: str | None  # as served
    validators: Validators
    fresh_for: timedelta | None = None  # Cache-Control max-age less Age, or Expires (P7); None where not said
    retry_after: timedelta | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """A 304; `validators` holds only what it renewed (P3)."""

    url: str
    final_url: str
    hops: tuple[Hop, ...] = ()
    validators: Validators
    fresh_for: timedelta | None = None
    retry_after: timedelta | None = None
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Throttled:
    """429, or any answer whose Retry-After asks for silence without giving a body (P8, P9)."""

    url: str
    host: str
    status: int
    retry_after: timedelta | None
    silences_host: bool  # 429 silences the host, 503 only the source
    fetched_at: datetime
    was_asked: bool = True  # False: nothing was sent, the host had asked for silence a moment before (P9)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gone:
    """410: stop, keep everything, tell the operator (P14)."""

    url: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Anything else; nothing is stored but the failure."""

    url: str
    kind: Failure
    detail: str  # one line, safe to show and to log
    status: int | None = None
    retry_after: timedelta | None = None
    fetched_at: datetime


FetchOutcome = Fetched | NotModified | Throttled | Gone | Failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """What a feed document says about how often to come back (P10); nonsense is already dropped."""

    ttl: timedelta | None = None
    update_every: timedelta | None = None  # sy:updatePeriod / sy:updateFrequency
    skip_hours: frozenset[int] = frozenset()  # 0-23, GMT
    skip_days: frozenset[int] = frozenset()  # 0 = Monday


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """Where a source stands: what decides the next poll, and what an operator wants to know."""

    source: SourceId
    url: str  # polled now: the configured one, or a learnt redirect target (P15)
    validators: Validators = NO_VALIDATORS
    validators_url: str | None = None  # the address that gave them: after a redirect not `url` (P5)
    due_at: datetime
    rule: str = "new source"  # which rule decided due_at, in words (P26)
    interval: timedelta = timedelta(hours=1)  # the cadence's own idea, before rules lengthen it
    hints: Hints = NO_HINTS
    failure_weight: float = 0.0  # 1 per failure, 404 half, DNS a quarter (P13); 0 after a success
    failing_since: datetime | None = None
    silent_until: datetime | None = None  # Retry-After of this source
    body_digest: str | None = None  # of the last parsed body: an unchanged one never reaches the parser
    last_polled_at: datetime | None = None
    last_success_at: datetime | None = None
    last_new_at: datetime | None = None  # last poll that brought an entry
    last_outcome: str = "never polled"  # what the last answer was, in words
    is_gone: bool = False  # 410
    redirect_url: str | None = None  # permanent target seen, not yet learnt (P15)
    redirect_since: datetime | None = None
    redirect_count: int = 0


class Health(StrEnum):
    """The named state of a source."""

    NEW = "new"
    HEALTHY = "healthy"
    QUIET = "quiet"
    FAILING = "failing"
    THROTTLED = "throttled"
    GONE = "gone"
    NOT_A_FEED = "not a feed"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """A source as the desk and `monitor sources` show it."""

    source: Source
    publisher_name: str
    state: PollState
    health: Health
    entry_count: int
    retired_at: datetime | None = None


# --- entry ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the feed said, as served, but for text made safe to store (H11)."""

    guid: str  # the feed's id; else the link; else a digest of title and text (H14)
    url: str | None  # absolute http(s), or None (H21)
    title: str
    published: str | None = None  # claim as served
    published_at: datetime | None = None  # the claim, where it can be read
    updated: str | None = None
    updated_at: datetime | None = None
    author: str | None = None
    summary: str | None = None  # HTML as served: never output unsanitised
    content: str | None = None  # HTML as served: never output unsanitised
    language: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """A feed document, read."""

    format: str  # rss20, rss10, rss091, atom10, json11, ...
    title: str
    entries: tuple[Entry, ...]  # in document order, at most MAX_ENTRIES
    language: str | None = None
    hints: Hints = NO_HINTS
    is_malformed: bool = False
    notes: tuple[str, ...] = ()  # limits that were applied, and the parser's complaint: for the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Unparsable:
    """Bytes that gave no feed or no page."""

    kind: Failure  # UNPARSABLE, NOT_A_FEED, TIMEOUT or TOO_LARGE
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEntry:
    """An entry with its place in the newsroom."""

    id: EntryId
    source: SourceId
    entry: Entry
    first_seen_at: datetime
    attempt_count: int = 0  # of extracting it


# --- article ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What an article's page said."""

    canonical_url: str | None  # rel=canonical or og:url, absolute and canonical; None where the page names none
    title: str | None
    text: str  # paragraphs parted by newlines; may be empty
    author: str | None = None
    published: str | None = None  # claim as found
    published_at: datetime | None = None
    language: str | None = None
    site_name: str | None = None
    notes: tuple[str, ...] = ()  # limits that were applied, characters that were lost: for the operator


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The evidence: the page's bytes as served, kept compressed under their digest."""

    digest: str  # SHA-256 of the decoded body, hex
    url: str  # answered
    fetched_at: datetime
    content_type: str | None
    size_bytes: int  # of the decoded body


@dataclass(frozen=True, slots=True, kw_only=True)
class NewArticle:
    """An article on its way into the database."""

    canonical_url: str
    url: str  # as an editor should open it
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None
    language: str | None = None
    publisher: PublisherId
    publisher_name: str
    source: SourceId | None  # first source that led here; None for an archive
    origin: Origin
    tier: Tier
    first_seen_at: datetime
    note: str | None = None  # e.g. "text from the feed: the page answered 403"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """The page behind an entry: one per canonical URL, for ever."""

    id: ArticleId
    canonical_url: str
    url: str
    title: str
    text: str
    author: str | None = None
    published_at: datetime | None = None  # the publisher's claim
    language: str | None = None
    publisher: PublisherId
    publisher_name: str
    source: SourceId | None
    origin: Origin
    tier: Tier
    first_seen_at: datetime
    note: str | None = None
    snapshot: Snapshot | None = None

    @property
    def told_at(self) -> datetime:
        """The earlier of the publisher's claim and our first sight: a future date never jumps a queue (H17)."""
        return self.first_seen_at if self.published_at is None else min(self.published_at, self.first_seen_at)


# --- candidate --------------------------------------------------------------------------------------------------


class Joined(StrEnum):
    """How an article came to its candidate."""

    OPENED = "opened"  # the first of its event
    COPY = "copy"  # the same text as an earlier article
    EVENT = "event"  # another telling of the same event
    EDITOR = "editor"  # an editor's hand: merge, split, attach


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where an article belongs, and why: written for an editor to read."""

    candidate: CandidateId | None  # None opens one
    joined: Joined
    nearest: ArticleId | None  # the article that decided
    copy_of: ArticleId | None  # the original, where this is a copy
    similarity: float  # 0..1, probability that both tell one event; 1.0 for the opener
    reason: str  # one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article of a candidate, with how it came there."""

    article: Article
    joined: Joined
    copy_of: ArticleId | None
    nearest: ArticleId | None
    similarity: float
    reason: str
    added_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Whether an article counts towards the source count, and why."""

    article: ArticleId
    counts: bool
    reason: str  # one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Sourcing:
    """The honest count of a set of articles."""

    source_count: int  # independent publishers
    standings: tuple[Standing, ...]  # one per article, in the order given
    standard: SourcingStandard


class SourcingStandard(StrEnum):
    """How well a wire is sourced (editorial model); ordered from weakest to strongest."""

    SINGLE_SOURCE = "single-source"
    STANDARD = "standard"
    CONFIRMED = "confirmed"


class CandidateStatus(StrEnum):
    """Where a candidate stands in triage."""

    OPEN = "open"
    SNOOZED = "snoozed"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    MERGED = "merged"  # absorbed: `merged_into` leads on


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """One named reason for a candidate's place in the queue."""

    name: str
    weight: float  # added to the sum that orders the queue
    evidence: str  # what was seen, for an editor to read


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """All articles about one event, as the queue shows it."""

    id: CandidateId
    status: CandidateStatus
    version: int  # moves with every change: what a decision says it saw (D10)
    title: str  # of the article that speaks for it
    opened_at: datetime  # first sight of its first article
    grown_at: datetime  # last article joined
    source_count: int
    article_count: int
    providers: tuple[str, ...] = ()  # provider ids
    origins: tuple[Origin, ...] = ()
    score: float = 0.0  # the sum of its cues
    cues: tuple[Cue, ...] = ()
    snoozed_until: datetime | None = None
    snoozed_at: datetime | None = None  # an article that joined later ends the snooze
    claimed_by: str | None = None  # editor's name
    merged_into: CandidateId | None = None
    wire: WireId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDetail:
    """A candidate with everything that hangs on it."""

    candidate: Candidate
    members: tuple[Member, ...]  # oldest first
    sourcing: Sourcing
    decisions: tuple[Decision, ...]  # oldest first


# --- triage -----------------------------------------------------------------------------------------------------


class ActionKind(StrEnum):
    """What an editor can do to a candidate."""

    ACCEPT = "accept"
    REJECT = "reject"
    MERGE = "merge"
    SPLIT = "split"
    SNOOZE = "snooze"
    ATTACH = "attach"
    CLAIM = "claim"
    UNDO = "undo"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An editor's wish, before it is allowed."""

    kind: ActionKind
    reason: str | None = None  # required for reject
    others: tuple[CandidateId, ...] = ()  # merge: candidates to absorb
    articles: tuple[ArticleId, ...] = ()  # split: articles that leave
    until: datetime | None = None  # snooze
    wire: WireId | None = None  # attach
    undoes: DecisionId | None = None  # undo; None undoes the latest
    gives_back: bool = False  # claim: the opposite, somebody else may take it


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor did: never changed or deleted, overruled only by a later one."""

    id: DecisionId
    candidate: CandidateId
    kind: ActionKind
    editor: str  # who
    decided_at: datetime  # when
    reason: str | None  # why
    version_seen: int  # what was on screen
    payload: Mapping[str, object] = field(default_factory=dict)  # what an undo needs, and ids concerned
    undone_by: DecisionId | None = None


# --- wire -------------------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """SEV-1 is the gravest; the Editor's Guide defines each level."""

    SEV_1 = "SEV-1"
    SEV_2 = "SEV-2"
    SEV_3 = "SEV-3"
    SEV_4 = "SEV-4"


class RevisionKind(StrEnum):
    """Why a revision was made."""

    FIRST = "first"
    UPDATE = "update"
    CORRECTION = "correction"  # carries a note that readers see
    RETRACTION = "retraction"  # carries a note; nothing vanishes


class RevisionStatus(StrEnum):
    """Draft until an editor releases it; frozen once published."""

    DRAFT = "draft"
    RELEASED = "released"
    PUBLISHED = "published"


class Manner(StrEnum):
    """In what way the classification was made."""

    EDITOR = "editor"
    BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationale:
    """Why this is an AI incident."""

    text: str  # Markdown
    counterfactual: str  # the but-for test: what would not have occurred without the AI system, in which role
    classified_by: str
    classified_at: datetime
    manner: Manner = Manner.EDITOR
    signal_origin: Origin | None = None  # where the first signal came from


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A source of a revision, frozen with what it said when it was cited."""

    article: ArticleId
    url: str
    title: str
    publisher: PublisherId
    publisher_name: str
    origin: Origin
    tier: Tier
    published_at: datetime | None
    snapshot: str | None  # digest
    counts: bool
    reason: str  # why it counts or not


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What an editor writes: every part may still be missing."""

    headline: str = ""
    severity: Severity | None = None
    providers: tuple[str, ...] = ()  # ids in the provider register
    occurred_on: date | None = None
    body: str = ""  # Markdown; [source](article:ID) or [source](URL) cites a source of the wire
    rationale: str = ""
    counterfactual: str = ""
    codes: tuple[str, ...] = ()
    sources: tuple[ArticleId, ...] = ()  # articles the wire may cite
    note: str = ""  # what readers are told of a correction or retraction
    standard: SourcingStandard | None = None  # an editor may lower the computed one, never raise it


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that keeps a draft from being published."""

    field: str  # name of the Draft field
    reason: str  # one sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One numbered text of a wire."""

    wire: WireId
    number: int  # from 1
    kind: RevisionKind
    status: RevisionStatus
    draft: Draft
    manner: Manner
    editor: str  # who wrote it
    saved_at: datetime
    version: int  # moves with every save of a draft (D10)
    standard: SourcingStandard  # computed, as lowered by the editor
    source_count: int
    citations: tuple[Citation, ...] = ()
    rationale: Rationale | None = None  # frozen with publication
    signal_origin: Origin | None = None
    published_at: datetime | None = None  # frozen with publication; set before it only for a wire of the past


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """An accepted incident under a permanent id."""

    id: WireId
    tag: str  # tag URI (RFC 4151), fixed at acceptance
    slug: str  # fixed at acceptance
    candidate: CandidateId | None
    accepted_at: datetime
    accepted_by: str
    first_published_at: datetime | None
    is_retracted: bool
    revisions: tuple[Revision, ...]  # oldest first; the last may be a draft
    withdrawn_at: datetime | None = None  # acceptance taken back before any reader saw it

    @property
    def published(self) -> Revision | None:
        """The revision that readers see, if any."""
        done = [r for r in self.revisions if r.status is RevisionStatus.PUBLISHED]
        return done[-1] if done else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsroom:
    """What is fixed when a newsroom is founded, so that ids never change (O3)."""

    tag_authority: str  # RFC 4151 authorityName
    founded_on: date
    founded_at: datetime


# --- codebook ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of the codebook; retired ones are kept, never reused."""

    id: str  # M1, F10
    name: str
    definition: str
    is_retired: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A company that makes or serves AI models."""

    id: str  # slug: openai
    name: str
    aliases: tuple[str, ...] = ()  # names and products that resolve to it
    exact: tuple[str, ...] = ()  # aliases that are also everyday words: they count in this very spelling only
    unlike: tuple[str, ...] = ()  # phrases that hold an alias and mean something else ("Meta-analysis")


@dataclass(frozen=True, slots=True, kw_only=True)
class Codebook:
    """The codes, with a version."""

    version: str
    codes: tuple[Code, ...]

    @property
    def mechanisms(self) -> tuple[Code, ...]:
        return tuple(c for c in self.codes if c.id.startswith("M"))

    @property
    def failures(self) -> tuple[Code, ...]:
        return tuple(c for c in self.codes if c.id.startswith("F"))


# --- people -----------------------------------------------------------------------------------------------------


class Role(StrEnum):
    """What a person at the desk may do."""

    EDITOR = "editor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A person who works at the desk."""

    id: EditorId
    name: str  # login, shown as "who"
    role: Role
    is_disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser."""

    id: str  # public handle (not the token, not its hash) by which its owner ends it
    editor: Editor
    csrf: str
    created_at: datetime
    seen_at: datetime
    user_agent: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit: who did what, when, from where (D11)."""

    at: datetime
    who: str  # editor's name, or the name tried
    what: str  # session.open, session.refused, password.change, candidate.accept, ...
    subject: str
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    address: str | None = None


# --- progress ---------------------------------------------------------------------------------------------------


class Progress(Protocol):
    """How a job tells whoever waits for it how far it is."""

    def __call__(self, done: int, total: int) -> None:
        """`done` of `total` things are finished; `total` may grow."""
        ...


def no_progress(done: int, total: int) -> None:
    """For a job that nobody watches."""
