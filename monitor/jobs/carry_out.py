"""What a re-run proposes: read as a report of what would change, and carried out, label by label.

Ids stay (`stages.regrouping`): a candidate of which nothing is left leads on to where most of its articles went, and
what is opened gets a new id. An article that an editor must find where it was (cited by a wire, or deciding a
rejection) is never moved. What had been found before is kept beside what is found now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from monitor.jobs.recount import count_members, recount
from monitor.model import (
    Article,
    Candidate,
    CandidateId,
    CandidateStatus,
    Clock,
    Joined,
    Match,
    Member,
    Progress,
    WireId,
    no_progress,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.regrouping import Share, find_claimants, find_heirs
from monitor.store.articles import list_articles
from monitor.store.candidates import get_candidates, record_status
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, list_members, list_placed, open_candidate, remove_member
from monitor.store.reruns import (
    Label,
    Proposal,
    Rerun,
    count_pending,
    count_proposals,
    find_destination,
    find_newest_hands,
    list_labels,
    list_overlaps,
    list_pins,
    list_proposals,
    record_destination,
    record_found,
    record_rerun,
    supersede_grouping,
)

EXAMPLES = 5  # of each kind of change


class HandsMoved(Exception):
    """An editor decided or ruled since the proposal was made: what is left of it must be made anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One change, for a person to judge."""

    kind: str  # merge, split, move, copy-found, copy-lost, count, wire
    candidate: CandidateId | None  # None: one that would be opened
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RerunReport:
    """What grouping the whole history anew changes."""

    algorithm: int
    article_count: int = 0
    candidate_count: int = 0  # proposed
    merged_count: int = 0  # candidates that are absorbed by another
    split_count: int = 0  # candidates whose articles part
    opened_count: int = 0  # candidates that are opened anew
    moved_count: int = 0  # articles that change their candidate
    copies_found_count: int = 0  # articles that repeat a text, or another one than was thought
    copies_lost_count: int = 0
    raised_count: int = 0  # candidates with more sources than before
    lowered_count: int = 0  # candidates with fewer
    refound_count: int = 0  # articles whose finding is of another version of the algorithm, and is written anew
    mention_count: int = 0  # mentions in round-ups that came or went: found once the rest is carried out
    wires: tuple[WireId, ...] = ()  # whose candidates grow or shrink; what they cite stays
    examples: tuple[Example, ...] = ()
    is_applied: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to do."""
        return not (self.moved_count or self.copies_found_count or self.copies_lost_count or self.refound_count)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """One proposed candidate, and which one it is."""

    label: Label
    proposals: tuple[Proposal, ...]
    claimants: tuple[CandidateId, ...]  # the first one gives its id
    parted: tuple[CandidateId, ...]  # those of them whose articles part

    @property
    def target(self) -> CandidateId | None:
        return self.claimants[0] if self.claimants else None

    @property
    def moved(self) -> tuple[Proposal, ...]:
        return tuple(p for p in self.proposals if p.home != self.target)


def _read_plans(tx: Transaction, labels: Sequence[Label]) -> list[_Plan]:
    proposals = list_proposals(tx, labels)
    homes = sorted({p.home for rows in proposals.values() for p in rows})
    shares = [
        Share(candidate=o.candidate, label=o.label, count=o.count, is_anchored=o.is_anchored)
        for o in list_overlaps(tx, homes)
    ]
    heirs, spread = find_heirs(shares), Counter(s.candidate for s in shares)
    held = get_candidates(tx, homes)
    busy = {c for c, found in held.items() if _is_busy(found)}
    here: dict[Label, list[Share]] = {label: [] for label in labels}
    for share in shares:
        if share.label in here:
            here[share.label].append(share)
    plans = []
    for label in labels:
        claimants = find_claimants(label, here[label], heirs, busy)
        parted = tuple(c for c in claimants if spread[c] > 1)
        plans.append(_Plan(label=label, proposals=proposals[label], claimants=claimants, parted=parted))
    return plans


def _is_busy(found: Candidate) -> bool:
    return found.status is CandidateStatus.SNOOZED or found.claimed_by is not None


# --- the report -------------------------------------------------------------------------------------------------


def read_report(
    database: Database,
    rerun: Rerun,
    providers: ProviderIndex,
    *,
    page: int,
    before: Callable[[], None],
) -> RerunReport:
    """What carrying the proposal out would change; `before` runs before each page of it is read."""
    tally = _Tally(rerun, providers)
    for labels in _pages(database, page):
        before()
        with database.read() as tx:
            for plan in _read_plans(tx, labels):
                tally.add(tx, plan)
    with database.read() as tx:
        return tally.report(count_proposals(tx))


def _pages(database: Database, page: int, *, is_pending: bool = False) -> Iterator[tuple[Label, ...]]:
    last = 0
    while True:
        with database.read() as tx:
            labels = list_labels(tx, after=last, limit=page, is_pending=is_pending)
        if not labels:
            return
        yield labels
        last = labels[-1]


class _Tally:
    """The report, as it grows page by page."""

    def __init__(self, rerun: Rerun, providers: ProviderIndex) -> None:
        self.rerun = rerun
        self.providers = providers
        self.counted: Counter[str] = Counter()
        self.examples: dict[str, list[Example]] = {}
        self.wires: set[WireId] = set()

    def add(self, tx: Transaction, plan: _Plan) -> None:
        counted = self.counted
        counted["candidate"] += 1
        counted["merged"] += len(plan.claimants) - 1 if plan.claimants else 0
        counted["split"] += len(plan.parted)
        counted["opened"] += plan.target is None
        counted["moved"] += len(plan.moved)
        found = [p for p in plan.proposals if _is_other_copy(p) and p.match.copy_of is not None]
        lost = [p for p in plan.proposals if _is_other_copy(p) and p.match.copy_of is None]
        counted["copies_found"] += len(found)
        counted["copies_lost"] += len(lost)
        counted["refound"] += sum(_is_refound(p, self.rerun) for p in plan.proposals)
        if plan.moved or plan.parted or found or lost:
            self._look_closer(tx, plan, found, lost)

    def _look_closer(self, tx: Transaction, plan: _Plan, found: Sequence[Proposal], lost: Sequence[Proposal]) -> None:
        articles = {a.id: a for a in list_articles(tx, [p.article for p in plan.proposals])}
        concerned = get_candidates(tx, {p.home for p in plan.proposals} | set(plan.claimants))
        target = None if plan.target is None else concerned[plan.target]
        for absorbed in plan.claimants[1:]:
            self._show("merge", plan.target, f"{_named(concerned[absorbed])} would go to {_named(target)}.")
        for parted in plan.parted:
            self._show("split", parted, f"{_named(concerned[parted])} would part.")
        for p in plan.moved:
            where = f"from {_named(concerned[p.home])} to {_named(target)}"
            self._show("move", plan.target, f"“{articles[p.article].title}” {where}. {p.match.reason}")
        for kind, rows in (("copy-found", found), ("copy-lost", lost)):
            for p in rows:
                self._show(kind, plan.target, f"“{articles[p.article].title}”: {p.match.reason}")
        for candidate in concerned.values():
            if candidate.wire is not None:
                self.wires.add(candidate.wire)
                self._show("wire", candidate.id, f"Wire {candidate.wire} of {_named(candidate)}: what it cites stays.")
        if target is not None:
            members = [_member(p, articles[p.article]) for p in plan.proposals]
            self._compare(target, count_members(tx, members, register=self.providers.owners).source_count)

    def _compare(self, target: Candidate, count: int) -> None:
        if count == target.source_count:
            return
        self.counted["raised" if count > target.source_count else "lowered"] += 1
        self._show("count", target.id, f"{_named(target)}: {target.source_count} sources now, {count} then.")

    def _show(self, kind: str, candidate: CandidateId | None, sentence: str) -> None:
        shown = self.examples.setdefault(kind, [])
        if len(shown) < EXAMPLES:
            shown.append(Example(kind=kind, candidate=candidate, sentence=sentence))

    def report(self, article_count: int) -> RerunReport:
        return RerunReport(
            algorithm=self.rerun.algorithm,
            article_count=article_count,
            wires=tuple(sorted(self.wires)),
            examples=tuple(e for shown in self.examples.values() for e in shown),
            candidate_count=self.counted["candidate"],
            merged_count=self.counted["merged"],
            split_count=self.counted["split"],
            opened_count=self.counted["opened"],
            moved_count=self.counted["moved"],
            copies_found_count=self.counted["copies_found"],
            copies_lost_count=self.counted["copies_lost"],
            raised_count=self.counted["raised"],
            lowered_count=self.counted["lowered"],
            refound_count=self.counted["refound"],
        )


def _is_refound(proposal: Proposal, rerun: Rerun) -> bool:
    """Whether what is stored of it is of another version, or lacks what is known of it now."""
    return proposal.algorithm_was != rerun.algorithm or proposal.fingerprint is not None


def _is_other_copy(proposal: Proposal) -> bool:
    """Whether it is found to repeat another text than before; of what hands placed nothing is found."""
    return proposal.copy_was != proposal.match.copy_of and (
        proposal.match.copy_of is not None or proposal.match.joined is not Joined.EDITOR
    )


def _named(candidate: Candidate | None) -> str:
    return "a new candidate" if candidate is None else f"candidate {candidate.id} (“{candidate.title}”)"


def _member(proposal: Proposal, article: Article) -> Member:
    match = proposal.match
    return Member(
        article=article,
        joined=match.joined,
        copy_of=match.copy_of,
        nearest=match.nearest,
        similarity=match.similarity,
        reason=match.reason,
        added_at=proposal.told_at,
    )


# --- carrying it out --------------------------------------------------------------------------------------------


def carry_out(
    database: Database,
    clock: Clock,
    rerun: Rerun,
    providers: ProviderIndex,
    *,
    page: int,
    before: Callable[[Transaction], None],
    progress: Progress = no_progress,
) -> None:
    """Change what the proposal changes; killed and run again, it goes on where it was.

    `before` opens each transaction. Raises HandsMoved where an editor decided or ruled since the proposal was made.
    """
    with database.write() as tx:
        before(tx)
        record_rerun(tx, rerun.id, applying_at=rerun.applying_at or clock.now(), applied_at=None)
    with database.read() as tx:
        done, total = 0, count_pending(tx)
    for labels in _pages(database, page, is_pending=True):
        with database.write() as tx:
            before(tx)
            if find_newest_hands(tx) != (rerun.last_decision, rerun.last_ruling):
                raise HandsMoved("Editors decided meanwhile.")
            step = _Step(tx, clock, rerun, providers)
            for plan in _read_plans(tx, labels):
                step.carry_out(plan)
            step.finish()
        done += len(labels)
        progress(done, total)
    with database.write() as tx:
        before(tx)
        record_rerun(tx, rerun.id, applied_at=clock.now())


class _Step:
    """One transaction of carrying out."""

    def __init__(self, tx: Transaction, clock: Clock, rerun: Rerun, providers: ProviderIndex) -> None:
        self.tx = tx
        self.now = clock.now()
        self.rerun = rerun
        self.providers = providers
        self.changed: set[CandidateId] = set()  # candidates to count anew
        self.left: set[CandidateId] = set()  # candidates that articles left

    def carry_out(self, plan: _Plan) -> None:
        pins = list_pins(self.tx, [p.article for p in plan.moved])
        staying = {p.article for p in plan.moved if pins.get(p.article) == p.home}  # cited since it was proposed
        target = self._open(plan) if plan.target is None and len(staying) < len(plan.proposals) else plan.target
        for proposal in plan.proposals:
            if target is not None and proposal.article not in staying:
                self._place(proposal, target)
        record_destination(self.tx, plan.label, target or plan.proposals[0].home)

    def _open(self, plan: _Plan) -> CandidateId:
        articles = list_articles(self.tx, [p.article for p in plan.proposals])
        return open_candidate(self.tx, title=articles[0].title, opened_at=min(a.first_seen_at for a in articles))

    def _place(self, proposal: Proposal, target: CandidateId) -> None:
        is_moved = proposal.home != target
        is_refound = _is_refound(proposal, self.rerun)
        if not is_moved and not is_refound and not _is_other_copy(proposal):
            return
        match = self._with_candidates(proposal.match)
        if is_moved:
            remove_member(self.tx, proposal.home, proposal.article)
            remove_member(self.tx, target, proposal.article)  # where it was a mention
            add_member(self.tx, target, proposal.article, match, now=self.now)
            self.left.add(proposal.home)
            self.changed.add(target)
        else:
            record_found(self.tx, target, proposal.article, match)
            if _is_other_copy(proposal):
                self.changed.add(target)
        supersede_grouping(
            self.tx, proposal.article, target, match,
            algorithm=self.rerun.algorithm, fingerprint=proposal.fingerprint, now=self.now,
        )  # fmt: skip

    def _with_candidates(self, match: Match) -> Match:
        """Evidence names candidates where the proposal had labels: one that is not carried out yet is not named."""
        if match.evidence is None or match.evidence.runner_up is None:
            return match
        runner_up = find_destination(self.tx, int(match.evidence.runner_up))
        return replace(match, evidence=replace(match.evidence, runner_up=runner_up))

    def finish(self) -> None:
        """Count what has changed; what is empty leads on to where most of it went."""
        for candidate, found in get_candidates(self.tx, self.changed | self.left, is_for_change=True).items():
            if candidate in self.left and not list_placed(self.tx, candidate):
                self._lead_on(found)
            elif found.status is not CandidateStatus.MERGED:
                recount(self.tx, candidate, now=self.now, providers=self.providers)

    def _lead_on(self, empty: Candidate) -> None:
        shares = [
            Share(candidate=o.candidate, label=o.label, count=o.count, is_anchored=o.is_anchored)
            for o in list_overlaps(self.tx, [empty.id])
        ]
        heir = find_destination(self.tx, find_heirs(shares)[empty.id])
        assert heir is not None, "all that was in it has been carried out"
        for member in list_members(self.tx, empty.id):  # only those that mention it among others are left
            add_member(self.tx, heir, member.article.id, member.rejoining(), now=member.added_at)
            remove_member(self.tx, empty.id, member.article.id)
        record_status(self.tx, empty.id, status=CandidateStatus.MERGED, merged_into=heir)
        recount(self.tx, heir, now=self.now, providers=self.providers)
