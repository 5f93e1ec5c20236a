"""All articles about one event, how they came together, and how many independent voices they are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.article import Article
from monitor.model.ids import ArticleId, CandidateId, WireId
from monitor.model.severity import Severity
from monitor.model.source import Origin
from monitor.model.triage import Decision


class Joined(StrEnum):
    """How an article came to its candidate."""

    OPENED = "opened"  # the first of its event
    COPY = "copy"  # the same text as an earlier article
    EVENT = "event"  # another telling of the same event
    EDITOR = "editor"  # an editor's hand: merge, split, attach
    MENTION = "mention"  # a round-up that names it among others: never counts, never speaks, attracts no other


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found between an article and the nearest one of its candidate: the figures behind the reason.

    Words are as the article spells them, the rarest first. Where an article opened a candidate, the nearest is of the
    candidate that it came closest to.
    """

    nearest: ArticleId | None = None
    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    words: tuple[str, ...] = ()  # neither name nor number
    days: float | None = None  # between the two
    score: float | None = None  # 0..1, probability that both tell one event
    threshold: float | None = None  # the score that is needed to join
    vector: float | None = None  # likeness of meaning, -1..1; None where no vectors are installed
    runner_up: CandidateId | None = None  # the next best candidate
    runner_up_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where an article belongs, and why: written for an editor to read."""

    candidate: CandidateId | None  # None opens one
    joined: Joined
    nearest: ArticleId | None  # the article that decided
    copy_of: ArticleId | None  # the original, where this is a copy
    similarity: float  # 0..1, probability that both tell one event; 1.0 for the opener
    reason: str  # one sentence
    evidence: Evidence | None = None  # None where nothing was compared
    related: tuple[Evidence, ...] = ()  # of other candidates, those that tell another happening of the same affair
    roundups: tuple[ArticleId, ...] = ()  # told earlier, that may mention what opens a candidate here


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
    evidence: Evidence | None = None  # None: grouped before evidence was kept, or not asked for

    def rejoining(self) -> Match:
        """What takes it along to another candidate, for the reason for which it came."""
        return Match(
            candidate=None,
            joined=self.joined,
            nearest=self.nearest,
            copy_of=self.copy_of,
            similarity=self.similarity,
            reason=self.reason,
        )


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
    weight: float  # added to the sum that orders the queue: amount times what the newsroom lets the reason weigh
    evidence: str  # what was seen, for an editor to read
    amount: float | None = None  # how much of it there is; None: stored before amounts were, or not weighed


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """All articles about one event, as the queue shows it."""

    id: CandidateId
    status: CandidateStatus
    version: int  # moves with every change: what a decision says it saw (D10)
    title: str  # of the article that speaks for it
    opened_at: datetime  # first sight of its first article
    grown_at: datetime  # last article joined, or grew
    source_count: int
    article_count: int
    providers: tuple[str, ...] = ()  # provider ids
    origins: tuple[Origin, ...] = ()
    score: float = 0.0  # the sum of its cues
    cues: tuple[Cue, ...] = ()
    snoozed_until: datetime | None = None
    snoozed_at: datetime | None = None  # an article that joined later ends the snooze
    claimed_by: str | None = None  # editor's name; ask `holder_at` whether the claim still holds
    merged_into: CandidateId | None = None
    wire: WireId | None = None
    claimed_until: datetime | None = None  # a claim is a lease; None: until it is given back or taken over
    awaited_count: int | None = None  # of sources, until which it sleeps; None: any growth ends a snooze
    back_at: datetime | None = None  # when a snoozed one waits again
    likelihood: float | None = None  # that it is an AI incident, 0..1; None: cannot tell, or not judged yet
    judged_by: int = 0  # which model said so; 0: nobody yet
    suggested_severity: Severity | None = None  # by words of its articles; None: cannot tell, or not judged yet
    severity_reason: str = ""  # which words, and whose

    def holder_at(self, now: datetime) -> str | None:
        """Who is at it: the editor whose claim has not run out."""
        is_lapsed = self.claimed_until is not None and self.claimed_until <= now
        return None if is_lapsed else self.claimed_by

    def is_asleep(self, now: datetime) -> bool:
        """Whether it is snoozed, and neither its time nor what it slept for has come."""
        return self.status is CandidateStatus.SNOOZED and self.back_at is not None and self.back_at > now


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateDetail:
    """A candidate with everything that hangs on it."""

    candidate: Candidate
    members: tuple[Member, ...]  # oldest first
    sourcing: Sourcing
    decisions: tuple[Decision, ...]  # oldest first
