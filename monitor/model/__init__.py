"""The nouns of the newsroom: frozen values that travel between the rooms.

A noun has no behaviour beyond what follows from its own fields, and imports nothing of ours. Rows stay in `store`,
markup stays in `web`; whatever crosses a room's door is one of these. Instants end in `_at` and are aware UTC; dates
end in `_on`. Four times are never mixed: the publisher's claim (`Article.published_at`), our sight (`first_seen_at`),
our release (`Revision.published_at`) and when it happened (`Revision.occurred_on`).
"""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.model.alert import Alert, AlertText, Said, Telling
    from monitor.model.article import (
        Article,
        ArticleVersion,
        Credit,
        CreditKind,
        NewArticle,
        Page,
        Snapshot,
        StatusUpdate,
    )
    from monitor.model.bulk import Bulk, BulkItem, BulkStatus, ItemState, Wish
    from monitor.model.candidate import (
        Candidate,
        CandidateDetail,
        CandidateStatus,
        Cue,
        Evidence,
        Joined,
        Match,
        Member,
        Sourcing,
        SourcingStandard,
        Standing,
    )
    from monitor.model.codebook import Backing, Code, Codebook, Mention, Provider
    from monitor.model.discovery import Discovery, Finding, Proposal
    from monitor.model.endpoint import ModelEndpoint
    from monitor.model.entry import Arrival, Entry, ParsedFeed, Part, StoredEntry, Unparsable
    from monitor.model.filter import AlertTo, Filter, QueueState, SavedFilter, filter_of
    from monitor.model.ids import (
        ArticleId,
        CandidateId,
        DecisionId,
        EditorId,
        EntryId,
        PublisherId,
        RulingId,
        SourceId,
        WireId,
    )
    from monitor.model.language_model import AskState, MachineAsk, MachineCall, Reply
    from monitor.model.learning import LearntModel, ModelChoice, ToldCandidate, ToldText, Trial
    from monitor.model.live import Happening, Presence
    from monitor.model.outbox import Delivery, OutboxMessage
    from monitor.model.people import ApiToken, AuditEntry, Claims, Editor, Invitation, Scope, Session
    from monitor.model.poll import (
        NEVER_POLLED,
        NO_HINTS,
        NO_RHYTHM,
        NO_VALIDATORS,
        ActiveDays,
        Condition,
        Failed,
        Failure,
        Fetched,
        FetchOutcome,
        FetchRequest,
        Gone,
        Health,
        Held,
        Hints,
        Hop,
        Judgement,
        Link,
        MailboxRequest,
        NotModified,
        PastPoll,
        Polled,
        PollState,
        Rhythm,
        SourceDay,
        SourceFacts,
        SourceReport,
        Throttled,
        Validators,
    )
    from monitor.model.publication import Change, Document, Facets
    from monitor.model.push import Offer, Push, Subscription, SubscriptionStatus
    from monitor.model.relation import Relation, RelationKind
    from monitor.model.role import Role
    from monitor.model.ruling import Ruling, RulingKind
    from monitor.model.search import ResultKind, SearchDocument, SearchQuery, SearchTerm
    from monitor.model.severity import Severity
    from monitor.model.sitemap import ReadSitemap, SitemapDocument
    from monitor.model.source import Catalogue, Complaint, Kind, Origin, Publisher, Source, Tier
    from monitor.model.time import Clock, Progress, no_progress
    from monitor.model.triage import Action, ActionKind, Decision
    from monitor.model.weight import Precedent, Precedents, Weight, Weighting
    from monitor.model.wire import (
        ButFor,
        Citation,
        Confidence,
        Draft,
        Manner,
        Missing,
        Newsroom,
        Passage,
        Rationale,
        Revision,
        RevisionKind,
        RevisionStatus,
        Wire,
    )
    from monitor.model.writing import (
        Level,
        Suggestion,
        SuggestionOutcome,
        Tie,
        Uptake,
        WireNote,
        WritingRules,
    )

__all__ = [
    "NEVER_POLLED",
    "NO_HINTS",
    "NO_RHYTHM",
    "NO_VALIDATORS",
    "Action",
    "ActionKind",
    "ActiveDays",
    "Alert",
    "AlertText",
    "AlertTo",
    "ApiToken",
    "Arrival",
    "Article",
    "ArticleId",
    "ArticleVersion",
    "AskState",
    "AuditEntry",
    "Backing",
    "Bulk",
    "BulkItem",
    "BulkStatus",
    "ButFor",
    "Candidate",
    "CandidateDetail",
    "CandidateId",
    "CandidateStatus",
    "Catalogue",
    "Change",
    "Citation",
    "Claims",
    "Clock",
    "Code",
    "Codebook",
    "Complaint",
    "Condition",
    "Confidence",
    "Credit",
    "CreditKind",
    "Cue",
    "Decision",
    "DecisionId",
    "Delivery",
    "Discovery",
    "Document",
    "Draft",
    "Editor",
    "EditorId",
    "Entry",
    "EntryId",
    "Evidence",
    "Facets",
    "Failed",
    "Failure",
    "FetchOutcome",
    "FetchRequest",
    "Fetched",
    "Filter",
    "Finding",
    "Gone",
    "Happening",
    "Health",
    "Held",
    "Hints",
    "Hop",
    "Invitation",
    "ItemState",
    "Joined",
    "Judgement",
    "Kind",
    "LearntModel",
    "Level",
    "Link",
    "MachineAsk",
    "MachineCall",
    "MailboxRequest",
    "Manner",
    "Match",
    "Member",
    "Mention",
    "Missing",
    "ModelChoice",
    "ModelEndpoint",
    "NewArticle",
    "Newsroom",
    "NotModified",
    "Offer",
    "Origin",
    "OutboxMessage",
    "Page",
    "ParsedFeed",
    "Part",
    "Passage",
    "PastPoll",
    "PollState",
    "Polled",
    "Precedent",
    "Precedents",
    "Presence",
    "Progress",
    "Proposal",
    "Provider",
    "Publisher",
    "PublisherId",
    "Push",
    "QueueState",
    "Rationale",
    "ReadSitemap",
    "Relation",
    "RelationKind",
    "Reply",
    "ResultKind",
    "Revision",
    "RevisionKind",
    "RevisionStatus",
    "Rhythm",
    "Role",
    "Ruling",
    "RulingId",
    "RulingKind",
    "Said",
    "SavedFilter",
    "Scope",
    "SearchDocument",
    "SearchQuery",
    "SearchTerm",
    "Session",
    "Severity",
    "SitemapDocument",
    "Snapshot",
    "Source",
    "SourceDay",
    "SourceFacts",
    "SourceId",
    "SourceReport",
    "Sourcing",
    "SourcingStandard",
    "Standing",
    "StatusUpdate",
    "StoredEntry",
    "Subscription",
    "SubscriptionStatus",
    "Suggestion",
    "SuggestionOutcome",
    "Telling",
    "Throttled",
    "Tie",
    "Tier",
    "ToldCandidate",
    "ToldText",
    "Trial",
    "Unparsable",
    "Uptake",
    "Validators",
    "Weight",
    "Weighting",
    "Wire",
    "WireId",
    "WireNote",
    "Wish",
    "WritingRules",
    "filter_of",
    "no_progress",
]

if not TYPE_CHECKING:
    # A noun is made when it is first asked for, with those of its file: making all hundred of them takes a tenth of a
    # second, and few commands need half. The files of every poll are looked through first.
    _FIRST = ("ids", "time", "source", "poll", "entry", "article", "sitemap", "push")

    def __getattr__(name: str) -> Any:
        if name in __all__:
            for file in (*_FIRST, *sorted(found.name for found in iter_modules(__path__))):
                made = vars(import_module(f"{__name__}.{file}"))
                if name in made:
                    return globals().setdefault(name, made[name])
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
