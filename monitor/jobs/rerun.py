"""regroup: group the whole history anew, say what would change, and only then change it.

The history is read page by page in the order in which it was told, with a window as bounded as a newsroom's; what is
proposed is kept beside what holds, so that a run that was killed goes on where it was. It heeds everything editors
laid down. Where an editor decides or rules while it runs, it goes back to the earliest article concerned. It holds the
right of `deduplicate`: what arrives meanwhile waits. What carries a proposal out is in `carry_out`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitor.errors import Busy
from monitor.jobs.carry_out import HandsMoved, RerunReport, carry_out, read_report
from monitor.jobs.meaning import Meaning
from monitor.jobs.remention import remention
from monitor.jobs.ruled import copied_by_hand, placed_by_hand
from monitor.model import (
    Article,
    ArticleId,
    CandidateId,
    Clock,
    Joined,
    Match,
    Progress,
    Ruling,
    RulingKind,
    no_progress,
)
from monitor.stages.codebook import ProviderIndex
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.fingerprint_bytes import decode, encode
from monitor.stages.grouping import ALGORITHM, COMPARABLE, Bounds, match_article, telling_of
from monitor.stages.reunion import find_doubt, find_home, say_reunited
from monitor.stages.rulings import Key, Settled, anchor, may_copy, settle
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import Kept, Window
from monitor.store.articles import get_article, list_articles
from monitor.store.candidates import find_live
from monitor.store.database import Database, Transaction
from monitor.store.reruns import (
    Found,
    Label,
    Proposal,
    Proposed,
    Relabelled,
    Rerun,
    append_proposals,
    clear_proposals,
    count_grouped,
    count_proposals,
    find_first_missing,
    find_first_touched,
    find_last_place,
    find_newest_hands,
    find_rerun,
    list_anchors,
    list_found_after,
    list_homes,
    list_labels_of,
    list_pins,
    list_proposed_newest,
    open_rerun,
    record_rerun,
    relabel_proposals,
    settle_destinations,
)
from monitor.store.rulings import list_rulings
from monitor.store.window import lease_right, release_right

RIGHT = "deduplicate"
LEASE = timedelta(minutes=5)  # renewed with every transaction
CLEARED = 5_000  # proposals forgotten, or settled, in one transaction
ATTEMPTS = 20  # times that editors may come between before the run says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How articles are grouped."""

    algorithm: int = ALGORITHM
    weights: Weights = FITTED


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How much is done at once, and how long others are waited for."""

    page: int = 100  # articles grouped between two transactions
    labels: int = 100  # proposed candidates read at once, and carried out in one transaction
    patience: int = 60  # seconds to wait for the right: whoever groups what is new holds it for moments


def regroup(
    database: Database,
    clock: Clock,
    *,
    owner: str,
    providers: ProviderIndex,
    applies: bool = False,
    is_afresh: bool = False,
    method: Method | None = None,
    meaning: Meaning | None = None,
    pace: Pace | None = None,
    progress: Progress = no_progress,
) -> RerunReport:
    """Say what grouping the whole history anew would change; with `applies`, change it, and say what was changed.

    `is_afresh` forgets what an earlier run has proposed already. `meaning` lends vectors to articles that have none,
    as where the encoder was installed since. Raises Busy where another process keeps the right.
    """
    pace = pace or Pace()
    run = _Run(database, clock, owner, method or Method(), pace, progress, meaning or Meaning())
    run.wait_for_right()
    try:
        for _ in range(ATTEMPTS):
            rerun = run.propose(applies=applies, is_afresh=is_afresh)
            report = read_report(database, rerun, providers, page=pace.labels, before=run.renew)
            if not applies:
                return report
            if report.is_nothing:
                return _applied(report, remention(database, clock, providers, before=run.renew_in))
            try:
                carry_out(
                    database, clock, rerun, providers,
                    page=pace.labels, before=run.renew_in, progress=progress,
                )  # fmt: skip
            except HandsMoved:
                is_afresh = False
                continue
            run.settle()
            return _applied(report, remention(database, clock, providers, before=run.renew_in))
        raise Busy("Editors decided again and again while the proposal was carried out: run it again later.")
    finally:
        with database.write() as tx:
            release_right(tx, RIGHT, now=clock.now(), owner=owner)


def _applied(report: RerunReport, mentions: int) -> RerunReport:
    return replace(report, is_applied=True, mention_count=mentions)


class _Run:
    """One run, while it holds the right."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        owner: str,
        method: Method,
        pace: Pace,
        progress: Progress,
        meaning: Meaning,
    ) -> None:
        self.database = database
        self.clock = clock
        self.owner = owner
        self.method = method
        self.pace = pace
        self.progress = progress
        self.meaning = meaning

    # --- the right ---

    def wait_for_right(self) -> None:
        for _ in range(self.pace.patience):
            with self.database.write() as tx:
                if self._lease(tx):
                    return
            time.sleep(self.clock.real_seconds(timedelta(seconds=1)))
        raise Busy("Another process groups articles now: nothing was done, and nothing is lost. Run it again.")

    def renew(self) -> None:
        with self.database.write() as tx:
            self.renew_in(tx)

    def renew_in(self, tx: Transaction) -> None:
        if not self._lease(tx):
            raise Busy("Another process groups articles now. What was done is kept: run it again to go on.")

    def _lease(self, tx: Transaction) -> bool:
        kept = lease_right(tx, RIGHT, now=self.clock.now(), owner=self.owner, lease_for=LEASE)
        return kept is not None

    # --- proposing ---

    def propose(self, *, applies: bool, is_afresh: bool) -> Rerun:
        """Bring the proposal up to the newest article, from where it can be kept; the run that it belongs to."""
        rerun = self._find(is_afresh=is_afresh)
        rerun = self._go_back(rerun, applies=applies)
        with self.database.read() as tx:
            state = _State.read(tx, rerun, self.method)
        while self._propose_page(rerun, state):
            pass
        with self.database.read() as tx:
            found = find_rerun(tx)
        assert found is not None, "it was opened above"
        return found

    def _find(self, *, is_afresh: bool) -> Rerun:
        with self.database.read() as tx:
            rerun = find_rerun(tx)
        if rerun is not None and rerun.algorithm == self.method.algorithm and not is_afresh:
            return rerun
        self._clear(None)
        with self.database.write() as tx:
            return open_rerun(tx, algorithm=self.method.algorithm, now=self.clock.now())

    def _go_back(self, rerun: Rerun, *, applies: bool) -> Rerun:
        """Forget what editors, or articles that were grouped meanwhile, have made doubtful.

        What is half carried out is gone on with where nothing has; else what is done is done, and the rest is new.
        """
        with self.database.read() as tx:
            hands = find_newest_hands(tx)
            touched = find_first_touched(tx, rerun) if hands != (rerun.last_decision, rerun.last_ruling) else None
            doubtful = [at for at in (touched, find_first_missing(tx)) if at is not None]
        if rerun.applying_at is not None and (doubtful or not applies or rerun.applied_at is not None):
            self.settle()
        if doubtful:
            self._clear(min(doubtful))
        with self.database.write() as tx:
            self.renew_in(tx)
            return record_rerun(tx, rerun.id, last_decision=hands[0], last_ruling=hands[1])

    def _clear(self, since: datetime | None) -> None:
        while True:
            with self.database.write() as tx:
                self.renew_in(tx)
                if clear_proposals(tx, since=since, limit=CLEARED) < CLEARED:
                    return

    def settle(self) -> None:
        """Take what was carried out for where the articles are."""
        while True:
            with self.database.write() as tx:
                self.renew_in(tx)
                if settle_destinations(tx, limit=CLEARED) < CLEARED:
                    break
        with self.database.write() as tx:
            rerun = find_rerun(tx)
            assert rerun is not None, "something of it was carried out"
            record_rerun(tx, rerun.id, applying_at=None)

    def _propose_page(self, rerun: Rerun, state: _State) -> bool:
        with self.database.read() as tx:
            page = list_found_after(tx, find_last_place(tx), limit=self.pace.page)
            if not page:
                return False
            articles = {a.id: a for a in list_articles(tx, [f.article for f in page])}
            pins = list_pins(tx, [f.article for f in page])
            homes = list_homes(tx, [f.article for f in page])
            homes.update((f.article, find_live(tx, f.candidate) or f.candidate) for f in page if f.article not in homes)
        made: dict[ArticleId, Proposal] = {}
        earlier: dict[ArticleId, Relabelled] = {}  # passed with pages before this one, and moved by it
        for f, its in zip(page, self._fingerprints(page, articles), strict=True):
            made[f.article] = state.propose(f, articles[f.article], its, pins.get(f.article), homes[f.article])
            for moved in state.reunite(articles[f.article], its, made[f.article].match, self._find_article):
                if (known := made.get(moved.article)) is None:
                    earlier[moved.article] = replace(moved, match=moved.match or _match_of(earlier, moved.article))
                else:
                    made[moved.article] = replace(known, label=moved.label, match=moved.match or known.match)
        with self.database.write() as tx:
            self.renew_in(tx)
            append_proposals(tx, list(made.values()))
            relabel_proposals(tx, earlier.values())
            record_rerun(tx, rerun.id, label_count=state.label_count)
            self.progress(count_proposals(tx), count_grouped(tx))
        return True

    def _find_article(self, article: ArticleId) -> Article:
        with self.database.read() as tx:
            return get_article(tx, article)

    def _fingerprints(self, page: Sequence[Found], articles: Mapping[ArticleId, Article]) -> list[Made]:
        """As they are stored, where they are of this version and have what the encoder could give; else anew."""
        stored = {f.article: decode(f.fingerprint) for f in page if f.algorithm in COMPARABLE}
        lacking = [f.article for f in page if f.article not in stored or self._lacks_vector(stored[f.article])]
        anew = dict(zip(lacking, self.meaning.fingerprints([articles[a] for a in lacking]), strict=True))
        new = {a: made for a, made in anew.items() if a not in stored or made.vector}
        return [Made(new.get(f.article) or stored[f.article], is_new=f.article in new) for f in page]

    def _lacks_vector(self, made: Fingerprint) -> bool:
        return self.meaning.folder is not None and not made.vector


@dataclass(frozen=True, slots=True)
class Made:
    """An article's fingerprint, and whether it is another one than is stored."""

    fingerprint: Fingerprint
    is_new: bool


def _match_of(moved: Mapping[ArticleId, Relabelled], article: ArticleId) -> Match | None:
    return moved[article].match if article in moved else None


class _State:
    """What the next article is compared with: the window, and which labels are bound by hands."""

    def __init__(self, method: Method, label_count: Label) -> None:
        self.method = method
        self.label_count = label_count
        self.window = Window()
        self.settled = Settled(keys={}, apart={})
        self.rulings: dict[ArticleId, list[Ruling]] = {}
        self.labels: dict[Key, Label] = {}
        self.keys: dict[Label, set[Key]] = {}

    @classmethod
    def read(cls, tx: Transaction, rerun: Rerun, method: Method) -> _State:
        state = cls(method, rerun.label_count)
        state._read_rulings(tx)
        for candidate, label in list_anchors(tx).items():
            state._bind(anchor(candidate), label)
        for article, label in list_labels_of(tx, state.settled.keys.keys()).items():
            state._bind(state.settled.keys[article], label)
        for told in reversed(list_proposed_newest(tx, limit=state.window.limit)):
            state.window.keep(_kept(told), CandidateId(told.label))
        return state

    def _read_rulings(self, tx: Transaction) -> None:
        standing = _read_standing(tx)
        for ruling in standing:
            for article in {*ruling.left, *ruling.right}:
                self.rulings.setdefault(article, []).append(ruling)
        ruled = self.rulings.keys()
        self.settled = settle(standing, list_homes(tx, ruled), list_pins(tx, ruled))

    def propose(
        self, found: Found, article: Article, its: Made, pin: CandidateId | None, home: CandidateId
    ) -> Proposal:
        made = its.fingerprint
        key = self.settled.keys.get(article.id) if pin is None else anchor(pin)
        match = self._match(article, made, key, pin)
        if match.candidate is None:
            self.label_count += 1
        label = self.label_count if match.candidate is None else int(match.candidate)
        if key is not None:
            self._bind(key, label)
        self.window.add(telling_of(article, made, copy_of=match.copy_of), CandidateId(label))
        return Proposal(
            article=article.id,
            told_at=found.told_at,
            label=label,
            home=home,
            anchor=pin,
            match=match,
            fingerprint=encode(made) if its.is_new else None,
        )

    def reunite(
        self, article: Article, its: Made, match: Match, find_article: Callable[[ArticleId], Article]
    ) -> list[Relabelled]:
        """As `jobs.reunite` does: what hands hold is left where it is."""
        telling = telling_of(article, its.fingerprint, copy_of=match.copy_of)
        doubt = find_doubt(telling, match, self.window, self.method.weights)
        if doubt is None or self.keys.get(int(doubt.smaller)) or any(a in self.rulings for a in doubt.articles):
            return []
        found = find_home(doubt, find_article, self.window, self.method.weights)
        if found is None:
            return []
        guide, anew = found
        anew = replace(anew, reason=say_reunited(anew, telling))
        for moved in doubt.articles:
            self.window.move(moved, doubt.larger)
        label = int(doubt.larger)
        return [
            Relabelled(article=moved, label=label, match=anew if moved == guide else None) for moved in doubt.articles
        ]

    def _match(self, article: Article, made: Fingerprint, key: Key | None, pin: CandidateId | None) -> Match:
        rulings = tuple(self.rulings.get(article.id, ()))
        if key is None and not rulings:
            return match_article(article, made, self.window, self.method.weights)
        bound = None if key is None else self.labels.get(key)
        bounds = Bounds(
            forbids=lambda label: label != bound if bound is not None else self._is_apart(int(label), key),
            may_copy=lambda other: may_copy(article.id, other, rulings),
        )
        match = match_article(article, made, self.window, self.method.weights, bounds=bounds)
        if bound is not None and match.candidate != bound:
            match = self._kept(match, bound, rulings, pin)
        return copied_by_hand(match, article.id, rulings)

    def _kept(self, match: Match, label: Label, rulings: Sequence[Ruling], pin: CandidateId | None) -> Match:
        placing = [r for r in rulings if r.kind is RulingKind.TOGETHER]
        if pin is None and placing:
            return placed_by_hand(match, CandidateId(label), max(placing, key=lambda r: r.id))
        return replace(
            match,
            candidate=CandidateId(label),
            joined=Joined.EDITOR,
            copy_of=None,
            similarity=1.0,
            reason="Stays where an editor decided on it.",
        )

    def _is_apart(self, label: Label, key: Key | None) -> bool:
        return key is not None and any(self._are_apart(key, other) for other in self.keys.get(label, ()))

    def _are_apart(self, one: Key, other: Key) -> bool:
        are_both_decided = one != other and one[0] == other[0] == anchor(CandidateId(0))[0]
        return are_both_decided or other in self.settled.apart.get(one, ())

    def _bind(self, key: Key, label: Label) -> None:
        self.labels.setdefault(key, label)
        self.keys.setdefault(label, set()).add(key)


def _read_standing(tx: Transaction) -> tuple[Ruling, ...]:
    """All rulings that stand, page by page: as many as editors made by hand."""
    found: list[Ruling] = []
    while page := list_rulings(tx, limit=CLEARED, after=found[-1].id if found else None):
        found += page
    return tuple(r for r in found if r.withdrawn_at is None)


def _kept(told: Proposed) -> Kept:
    return Kept(
        article=told.article,
        told_at=told.told_at,
        publisher=told.publisher,
        publisher_name=told.publisher_name,
        title=told.title,
        fingerprint=told.fingerprint,
        copy_of=told.copy_of,
    )
