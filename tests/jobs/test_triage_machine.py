"""Random decisions, growth, publication and undo on both databases: nothing lost, doubled or counted too high (F17).

After every step: each article is in exactly one candidate that is not a signpost; no source count exceeds the
publishers; signposts are empty and lead to a candidate that is alive; earlier decisions stand as they were made; a
refusal changed nothing; an undo brought back what there was before, but for articles that joined since.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from monitor.errors import IllegalDecision
from monitor.jobs import triage
from monitor.jobs.triage import Writing
from monitor.jobs.wires import cite_wire
from monitor.model import (
    ArticleId,
    CandidateDetail,
    CandidateId,
    CandidateStatus,
    Decision,
    DecisionId,
    Rationale,
)
from monitor.store.candidates import find_live, get_detail
from monitor.store.database import Database
from monitor.store.wires import Count, get_wire, record_publication, record_release
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, join, store_article, store_candidate

PUBLISHERS = ("gazette", "courier", "herald")
INDEX = st.integers(min_value=0, max_value=9)  # picks one of what there is


class Newsroom(RuleBasedStateMachine):
    """Candidates of its own in a database that all runs share."""

    database: Database  # given by the test

    def __init__(self) -> None:
        super().__init__()
        self.seen: dict[CandidateId, CandidateDetail] | None = None
        self.clock = ManualClock()
        self.candidates: list[CandidateId] = []
        self.articles: list[ArticleId] = []
        self.made: list[Decision] = []
        self.before: dict[DecisionId, dict[CandidateId, set[ArticleId]]] = {}
        self.joined_since: dict[DecisionId, set[ArticleId]] = {}

    @initialize(shape=st.lists(st.lists(INDEX, min_size=1, max_size=4), min_size=3, max_size=4))
    def _open(self, shape: list[list[int]]) -> None:
        with self.database.write() as tx:
            for publishers in shape:
                articles = [store_article(tx, PUBLISHERS[p % len(PUBLISHERS)]) for p in publishers]
                copies = {articles[1]: articles[0]} if len(articles) > 2 else None
                self.candidates.append(store_candidate(tx, *articles, at=self.clock.now(), copies=copies))
                self.articles += articles

    # --- what happens ---

    @rule(at=INDEX, what=st.sampled_from(["reject", "snooze", "claim", "unclaim"]))
    def set_aside(self, at: int, what: str) -> None:
        more: dict[str, dict[str, Any]] = {
            "reject": {"reason": "No."},
            "snooze": {"until": self.clock.now() + timedelta(hours=2)},
        }
        job = getattr(triage, what)
        self._try(self._pick(at), lambda c, who: job(self.database, self.clock, c, **more.get(what, {}), **who))

    @rule(at=INDEX)
    def accept(self, at: int) -> None:
        writing = Writing(base_url="https://newsroom.example")
        self._try(self._pick(at), lambda c, who: triage.accept(self.database, self.clock, c, writing=writing, **who))

    @rule(at=INDEX, to=INDEX)
    def attach(self, at: int, to: int) -> None:
        wire = self._candidate(to).candidate.wire
        if wire is not None:
            self._try(self._pick(at), lambda c, who: triage.attach(self.database, self.clock, c, wire, **who))

    @rule(at=INDEX, others=st.lists(INDEX, min_size=1, max_size=2))
    def merge(self, at: int, others: list[int]) -> None:
        named = [self._pick(o) for o in others]
        self._try(
            self._pick(at), lambda c, who: triage.merge(self.database, self.clock, c, named, providers=PROVIDERS, **who)
        )

    @rule(at=INDEX, which=st.sets(INDEX, min_size=1, max_size=3))
    def split(self, at: int, which: set[int]) -> None:
        members = self._candidate(at).members
        leaving = [m.article.id for n, m in enumerate(members) if n in which]
        self._try(
            self._pick(at),
            lambda c, who: triage.split(self.database, self.clock, c, leaving, providers=PROVIDERS, **who),
        )

    @precondition(lambda self: self.made)
    @rule(back=st.integers(min_value=0, max_value=3))
    def undo(self, back: int) -> None:
        candidate = self.made[-1 - back % len(self.made)].candidate
        made = self._try(
            candidate, lambda c, who: triage.undo(self.database, self.clock, c, providers=PROVIDERS, **who)
        )
        if made is not None:
            self._check_restored(DecisionId(int(str(made.payload["undoes"]))))

    @rule(at=INDEX, publisher=st.sampled_from(PUBLISHERS))
    def grow(self, at: int, publisher: str) -> None:
        candidate = self._candidate(at).candidate
        if candidate.status is CandidateStatus.MERGED:
            return
        self.seen = None
        with self.database.write() as tx:
            article = store_article(tx, publisher)
            join(tx, candidate.id, article, at=self.clock.advance(minutes=1))
        self.articles.append(article)
        for joined in self.joined_since.values():
            joined.add(article)

    @rule(at=INDEX)
    def publish(self, at: int) -> None:
        wire = self._candidate(at).candidate.wire
        now = self.clock.advance(minutes=1)
        self.seen = None
        with self.database.write() as tx:
            if wire is None or get_wire(tx, wire).published is not None:
                return
            record_release(tx, wire, editor="mara", version_seen=None, now=now)
            cited = cite_wire(tx, get_wire(tx, wire))
            record_publication(
                tx, wire, citations=cited.citations,
                count=Count(standard=cited.standard, source_count=cited.sourcing.source_count),
                rationale=Rationale(text="…", counterfactual="…", classified_by="mara", classified_at=now),
                origin=None, published_at=now,
            )  # fmt: skip

    # --- what holds ---

    @invariant()
    def _every_article_is_in_exactly_one_living_candidate(self) -> None:
        details = self._look().values()
        living = [d for d in details if d.candidate.status is not CandidateStatus.MERGED]
        assert sorted(m.article.id for d in living for m in d.members) == sorted(self.articles)

    @invariant()
    def _no_count_is_too_high(self) -> None:
        for detail in self._look().values():
            found = detail.candidate
            if found.status is not CandidateStatus.MERGED:
                publishers = {m.article.publisher for m in detail.members}
                assert 1 <= found.source_count == detail.sourcing.source_count <= len(publishers)
                assert found.article_count == len(detail.members)
                assert found.score == sum(c.weight for c in found.cues)
                assert (found.status is CandidateStatus.ACCEPTED) == (found.wire is not None)

    @invariant()
    def _signposts_are_empty_and_lead_on(self) -> None:
        details = self._look()
        for detail in details.values():
            if detail.candidate.status is CandidateStatus.MERGED:
                assert detail.members == ()
                with self.database.read() as tx:
                    live = find_live(tx, detail.candidate.id)
                assert live is not None
                assert details[live].candidate.status is not CandidateStatus.MERGED

    @invariant()
    def _decisions_stand_as_they_were_made(self) -> None:
        kept = {d.id: d for detail in self._look().values() for d in detail.decisions}
        assert len(kept) == len(self.made)
        for made in self.made:
            there = kept[made.id]
            assert (there.kind, there.reason, there.payload) == (made.kind, made.reason, made.payload)

    # --- how ---

    def _pick(self, at: int) -> CandidateId:
        """A candidate that is alive, or now and then a signpost."""
        living = [c for c, d in self._look().items() if d.candidate.status is not CandidateStatus.MERGED]
        return living[at % len(living)] if at else self.candidates[-1]

    def _candidate(self, at: int) -> CandidateDetail:
        return self._look()[self._pick(at)]

    def _look(self) -> dict[CandidateId, CandidateDetail]:
        """All candidates as they stand; read once after each change."""
        if self.seen is None:
            with self.database.read() as tx:
                self.seen = {c: get_detail(tx, c) for c in self.candidates}
        return self.seen

    def _try(
        self, candidate: CandidateId, decide: Callable[[CandidateId, dict[str, Any]], Decision]
    ) -> Decision | None:
        before = self._look()
        self.clock.advance(minutes=1)
        who = {"editor": "mara", "version_seen": before[candidate].candidate.version}
        self.seen = None
        try:
            made = decide(candidate, who)
        except IllegalDecision:
            assert self._look() == before
            return None
        self.made.append(made)
        self.before[made.id] = {c: {m.article.id for m in d.members} for c, d in before.items()}
        self.joined_since[made.id] = set()
        if isinstance(opened := made.payload.get("opened"), int):
            self.candidates.append(CandidateId(opened))
        assert self._look()[candidate].candidate.version > before[candidate].candidate.version
        return made

    def _check_restored(self, undone: DecisionId) -> None:
        """The candidates concerned hold what they held before the decision, but for what joined since."""
        made = next(d for d in self.made if d.id == undone)
        absorbed = made.payload.get("absorbed", [])
        assert isinstance(absorbed, list)
        for candidate in (made.candidate, *(CandidateId(a["candidate"]) for a in absorbed)):
            now = {m.article.id for m in self._look()[candidate].members}
            assert now - self.joined_since[undone] == self.before[undone][candidate]


def test_random_decisions_lose_nothing_and_double_nothing_f17(database: Database) -> None:
    machine = type("Here", (Newsroom,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],  # a failure is told at once: shrinking takes minutes here
            suppress_health_check=list(HealthCheck),
        ),
    )
