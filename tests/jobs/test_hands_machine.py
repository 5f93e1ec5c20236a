"""Random hands and random computations, taking turns on both databases: what hands did, no computation undoes.

Editors merge, split, undo, part and accept; articles arrive and are grouped; the whole history is grouped anew by
methods that would put everything together, or everything apart. After each computation: no article is lost or in two
candidates; what the newest ruling that stands holds together or apart, and was so before, is so still; a candidate of
which nothing changed keeps its id; one that was accepted is there with its wire; whatever is empty leads on.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import combinations, count
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from monitor.errors import IllegalDecision
from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.jobs.rerun import Method, regroup
from monitor.jobs.rulings import keep_out, never_merge, withdraw
from monitor.jobs.triage import Writing, accept, merge, split, undo
from monitor.model import ArticleId, CandidateId, CandidateStatus, Ruling, RulingKind
from monitor.stages.grouping import ALGORITHM
from monitor.store.candidates import find_live, get_candidate
from monitor.store.database import Database
from monitor.store.rulings import list_rulings
from tests.conftest import ManualClock
from tests.jobs.test_deduplicate import OTHER, PROVIDERS, STORY, background, places, put
from tests.jobs.test_rerun import CLAIM, LOOSE, SORA, STRICT
from tests.newsroom import rows

TITLES = (*SORA, *CLAIM, OTHER, "OpenAI closes Sora", "Chatbot maker sued over insulin doses", "Landlord sued")
METHODS = (Method(algorithm=ALGORITHM + 3), LOOSE, STRICT)
INDEX = st.integers(min_value=0, max_value=20)  # picks one of what there is
Pair = tuple[ArticleId, ArticleId]


class Hands(RuleBasedStateMachine):
    """One newsroom, which goes on from run to run."""

    database: Database  # given by the test
    clock: ManualClock
    hours: Any
    memory: Memory

    @initialize()
    def begin(self) -> None:
        if not places(self.database):
            background(self.database)
            for title in (*SORA[:2], *CLAIM):
                self._arrive(title, "")
            self._group()

    # --- hands ---

    @rule(at=INDEX, to=INDEX, overrules=st.booleans())
    def merge(self, at: int, to: int, overrules: bool) -> None:
        self._try(lambda: merge(
            self.database, self.clock, self._pick(at), [self._pick(to)],
            overrules=overrules, reason="One.", editor="ada", providers=PROVIDERS,
        ))  # fmt: skip

    @rule(at=INDEX, which=st.sets(st.integers(0, 5), min_size=1, max_size=3))
    def split(self, at: int, which: set[int]) -> None:
        candidate = self._pick(at, several=True)
        leaving = [a for n, a in enumerate(self._members(candidate)) if n in which]
        self._try(lambda: split(self.database, self.clock, candidate, leaving, editor="ada", providers=PROVIDERS))

    @rule(at=INDEX)
    def undo(self, at: int) -> None:
        self._try(lambda: undo(self.database, self.clock, self._pick(at), editor="ada", providers=PROVIDERS))

    @rule(at=INDEX, to=INDEX)
    def part(self, at: int, to: int) -> None:
        self._try(lambda: never_merge(
            self.database, self.clock, self._pick(at), self._pick(to), reason="Two.", editor="ada", providers=PROVIDERS
        ))  # fmt: skip

    @rule(at=INDEX, to=INDEX)
    def keep_out(self, at: int, to: int) -> None:
        article = self._members(self._pick(to))[0]
        self._try(lambda: keep_out(
            self.database, self.clock, self._pick(at), article, reason="Not here.", editor="ada", providers=PROVIDERS
        ))  # fmt: skip

    @rule(at=INDEX)
    def withdraw(self, at: int) -> None:
        if standing := self._standing():
            ruling = standing[at % len(standing)].id
            self._try(lambda: withdraw(
                self.database, self.clock, ruling, reason="No more.", editor="ada", providers=PROVIDERS
            ))  # fmt: skip

    @rule(at=INDEX)
    def accept(self, at: int) -> None:
        writing = Writing(base_url="https://n.example")
        self._try(lambda: accept(self.database, self.clock, self._pick(at), editor="ada", writing=writing))

    # --- computations ---

    @rule(what=st.lists(st.tuples(st.sampled_from(TITLES), st.booleans()), min_size=1, max_size=3))
    def arrive(self, what: list[tuple[str, bool]]) -> None:
        for title, has_text in what:
            self._arrive(title, STORY if has_text else "")
        self._compute(self._group)

    @rule(which=st.integers(min_value=0, max_value=len(METHODS) - 1))
    def regroup(self, which: int) -> None:
        method = METHODS[which]

        def anew() -> None:
            regroup(
                self.database, self.clock, owner="rerun", providers=PROVIDERS,
                method=method, applies=True, is_afresh=True,
            )  # fmt: skip
            again = regroup(self.database, self.clock, owner="rerun", providers=PROVIDERS, method=method)
            assert again.is_nothing, again

        self._compute(anew)

    # --- what holds ---

    def _compute(self, computation: Callable[[], None]) -> None:
        before, accepted = places(self.database), self._accepted()
        bound = {p: k for p, k in self._bound(before).items() if (before[p[0]] == before[p[1]]) == k}
        computation()
        after = places(self.database)
        waiting = rows(self.database, "SELECT id FROM articles WHERE grouping_due IS NOT NULL")
        assert len(after) + len(waiting) == rows(self.database, "SELECT count(*) FROM articles")[0][0]
        assert rows(self.database, _TWICE) == []
        for (one, other), is_together in bound.items():
            assert (after[one] == after[other]) == is_together, (one, other)
        assert accepted.items() <= self._accepted().items()
        self._check_ids(before, after)

    def _check_ids(self, before: dict[int, int], after: dict[int, int]) -> None:
        for candidate in set(before.values()):
            members = {a for a, c in before.items() if c == candidate}
            now = {after[a] for a in members}
            if {a for a, c in after.items() if c in now and a in before} == members and len(now) == 1:
                assert now == {candidate}, "nothing about it changed but its id"
        with self.database.read() as tx:
            for (number,) in rows(self.database, "SELECT id FROM candidates"):
                live = find_live(tx, CandidateId(number))
                assert live is not None
                assert (live == number) == (get_candidate(tx, CandidateId(number)).status is not CandidateStatus.MERGED)
        assert set(after.values()) == {n for (n,) in rows(self.database, _LIVING)}

    def _bound(self, placed: dict[int, int]) -> dict[Pair, bool]:
        """Pairs on which somebody ruled, and whether they are to be together: the newest ruling on a pair holds."""
        found: dict[Pair, bool] = {}
        for ruling in self._standing():
            both = sorted({*ruling.left, *ruling.right})
            if ruling.kind is RulingKind.TOGETHER:
                found |= dict.fromkeys(combinations(both, 2), True)
            elif ruling.kind is RulingKind.APART:
                found |= {(min(a, b), max(a, b)): False for a in ruling.left for b in ruling.right}
        return {p: k for p, k in found.items() if p[0] in placed and p[1] in placed}

    # --- how ---

    def _standing(self) -> list[Ruling]:
        with self.database.read() as tx:
            return [r for r in list_rulings(tx, limit=10_000) if r.withdrawn_at is None]

    def _accepted(self) -> dict[int, int]:
        found = rows(self.database, "SELECT id, wire_id FROM candidates WHERE status = 'accepted'")
        return dict(found)

    def _pick(self, at: int, *, several: bool = False) -> CandidateId:
        placed = places(self.database)
        living = sorted(set(placed.values()))
        many = [c for c in living if list(placed.values()).count(c) > 1] if several else []
        chosen = many or living
        return CandidateId(chosen[-1 - at % len(chosen)])

    def _members(self, candidate: CandidateId) -> list[ArticleId]:
        return [ArticleId(a) for a, c in places(self.database).items() if c == candidate]

    def _arrive(self, title: str, words: str) -> None:
        hour = next(self.hours)
        put(self.database, title, publisher=f"paper-{hour % 7}", words=words, hours=hour + 0.5 * (hour % 2) * -3)

    def _group(self) -> None:
        deduplicate(self.database, self.clock, owner="daemon", providers=PROVIDERS, memory=self.memory)

    def _try(self, deed: Callable[[], object]) -> None:
        self.clock.advance(minutes=1)
        with suppress(IllegalDecision):
            deed()


_TWICE = "SELECT article_id FROM memberships WHERE joined <> 'mention' GROUP BY 1 HAVING count(*) > 1"
_LIVING = "SELECT id FROM candidates WHERE status <> 'merged'"


def test_no_computation_undoes_what_hands_did(database: Database, clock: ManualClock) -> None:
    newsroom = {"database": database, "clock": clock, "hours": count(1), "memory": Memory()}
    run_state_machine_as_test(
        type("Here", (Hands,), newsroom),
        settings=settings(
            max_examples=5,
            stateful_step_count=10,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],  # a failure is told at once: shrinking takes minutes here
            suppress_health_check=list(HealthCheck),
        ),
    )
