"""An accepted incident: its texts, citations and rationale."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monitor.model.candidate import SourcingStandard
from monitor.model.ids import ArticleId, CandidateId, PublisherId, WireId
from monitor.model.severity import Severity
from monitor.model.source import Origin, Tier


class RevisionKind(StrEnum):
    """Why a revision was made."""

    FIRST = "first"
    UPDATE = "update"
    CORRECTION = "correction"  # carries a note that readers see
    RETRACTION = "retraction"  # carries a note; nothing vanishes
    RESTORATION = "restoration"  # takes a retraction back; carries a note


class RevisionStatus(StrEnum):
    """Draft until an editor releases it; frozen once published."""

    DRAFT = "draft"
    RELEASED = "released"
    PUBLISHED = "published"


class Confidence(StrEnum):
    """How sure an editor is of the but-for test."""

    HIGH = "high"  # a source says so
    MEDIUM = "medium"  # it follows from what sources say
    LOW = "low"  # it is disputed, or rests on one side


class Manner(StrEnum):
    """In what way the classification was made."""

    EDITOR = "editor"
    BULK = "bulk"


@dataclass(frozen=True, slots=True, kw_only=True)
class ButFor:
    """The but-for test as data: but for `system` in `role`, `outcome` would not have occurred; `without` it instead."""

    outcome: str = ""  # the harm or change
    system: str = ""
    role: str = ""  # what the system did
    without: str = ""  # what would have happened instead
    support: ArticleId | None = None  # the article that carries it
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rationale:
    """Why this is an AI incident."""

    text: str  # Markdown
    counterfactual: str  # the but-for test: what would not have occurred without the AI system, in which role
    classified_by: str
    classified_at: datetime
    manner: Manner = Manner.EDITOR
    signal_origin: Origin | None = None  # where the first signal came from
    but_for: ButFor | None = None  # None: made before it was kept as data, or in bulk


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Words of an article that a wire quotes, with the page on which they stood."""

    text: str  # as the wire quotes it
    digest: str  # SHA-256 of the text in UTF-8, hex
    snapshot: str | None  # digest of the page as served; None where the article's text is the feed's
    version: int  # of the article: 0 is what it said first


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
    passages: tuple[Passage, ...] = ()  # that the text quotes from it


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
    but_for: ButFor | None = None
    embargo_until: datetime | None = None  # no reader sees it earlier
    crosswalk: tuple[str, ...] = ()  # the same event in other databases: "aiid:123", "oecd-aim:…", "aiaaic:…"


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """One thing that is missing in a draft, or doubtful."""

    field: str  # name of the Draft field
    reason: str  # one sentence
    is_blocking: bool = True  # else it is said, and may go out all the same
    rule: str = ""  # by which it was found, as the codebook's `check` names it
    line: int | None = None  # of the field's text, from 1


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
    due_at: datetime | None = None  # released, and published when this has come
    asked_by: str | None = None  # who wants it published, where a second editor has to read it first
    asked_at: datetime | None = None
    reader: str | None = None  # the second editor who read it and released it


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
