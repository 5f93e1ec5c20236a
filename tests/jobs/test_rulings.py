"""What an editor lays down: checked, appended, audited, and what it changes at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from monitor.errors import IllegalDecision, StaleDecision
from monitor.jobs.rulings import keep_out, never_merge, rule, withdraw
from monitor.jobs.triage import merge, split, undo
from monitor.model import ArticleId, CandidateId, CandidateStatus, Ruling, RulingKind
from monitor.store.candidates import find_live, get_candidate, get_detail
from monitor.store.database import Database
from monitor.store.people import list_audit
from monitor.store.rulings import list_rulings, list_rulings_of
from tests.conftest import ManualClock
from tests.stored import PROVIDERS, a_candidate_of, store_article, store_candidate

Said = dict[str, Any]
SAID: Said = {"providers": PROVIDERS, "editor": "ada", "reason": "Two outages."}


def articles_of(database: Database, candidate: CandidateId) -> tuple[ArticleId, ...]:
    with database.read() as tx:
        return tuple(m.article.id for m in get_detail(tx, candidate).members)


def standing(database: Database, *articles: ArticleId) -> list[tuple[RulingKind, set[ArticleId], set[ArticleId]]]:
    with database.read() as tx:
        return [(r.kind, set(r.left), set(r.right)) for r in list_rulings_of(tx, articles)]


# --- what merges and splits lay down ------------------------------------------------------------------------------


def test_a_merge_says_that_all_are_one_event_until_it_is_undone(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier", "herald")
    left, right = articles_of(database, one), articles_of(database, other)
    merge(database, clock, one, [other], editor="ada", providers=PROVIDERS)
    assert standing(database, *left) == [(RulingKind.TOGETHER, set(left), set(right))]
    undo(database, clock, one, editor="ada", providers=PROVIDERS)
    assert standing(database, *left, *right) == []
    with database.read() as tx:
        assert [r.withdrawn_at for r in list_rulings(tx)] == [clock.now()]


def test_a_split_says_that_the_two_sides_are_not_one(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette", "courier", "herald")
    stay, *leave = articles_of(database, candidate)
    split(database, clock, candidate, leave, editor="ada", providers=PROVIDERS)
    assert standing(database, stay) == [(RulingKind.APART, set(leave), {stay})]
    assert (RulingKind.TOGETHER, set(leave), set()) in standing(database, *leave)


def test_merging_what_was_ruled_apart_must_be_said_with_a_reason(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    made = never_merge(database, clock, one, other, **SAID)
    hand: Said = {"editor": "grace", "providers": PROVIDERS}
    with pytest.raises(IllegalDecision, match=rf"ada ruled .* .ruling {made.id}: “Two outages\.”.* withdraw ruling"):
        merge(database, clock, one, [other], **hand)
    with pytest.raises(IllegalDecision, match="needs a reason"):
        merge(database, clock, one, [other], overrules=True, **hand)
    merge(database, clock, one, [other], overrules=True, reason="One after all.", **hand)
    assert len(articles_of(database, one)) == 2
    undo(database, clock, one, **hand)  # and what was ruled before the merge holds again
    with pytest.raises(IllegalDecision, match="Nothing was merged"):
        merge(database, clock, other, [one], **hand)


def test_what_was_ruled_apart_since_a_split_is_not_joined_by_its_undo(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette", "courier")
    made = split(database, clock, candidate, articles_of(database, candidate)[1:], editor="ada", providers=PROVIDERS)
    opened = CandidateId(int(str(made.payload["opened"])))
    ruled = never_merge(database, clock, candidate, opened, **SAID)
    with pytest.raises(IllegalDecision, match=f"Withdraw ruling {ruled.id} first"):
        undo(database, clock, candidate, editor="ada", providers=PROVIDERS)
    withdraw(database, clock, ruled.id, **{**SAID, "reason": "One."})
    undo(database, clock, candidate, editor="ada", providers=PROVIDERS)
    assert len(articles_of(database, candidate)) == 2


def test_a_signpost_leads_on_through_every_merge(database: Database, clock: ManualClock) -> None:
    first, second, third = (a_candidate_of(database, "gazette") for _ in range(3))
    merge(database, clock, second, [first], editor="ada", providers=PROVIDERS)
    merge(database, clock, third, [second], editor="ada", providers=PROVIDERS)
    with database.read() as tx:
        assert find_live(tx, first) == find_live(tx, second) == third
        assert get_candidate(tx, first).status is CandidateStatus.MERGED


# --- what is laid down by itself ----------------------------------------------------------------------------------


def test_an_article_is_kept_out_of_a_candidate(database: Database, clock: ManualClock) -> None:
    one, other = a_candidate_of(database, "gazette"), a_candidate_of(database, "courier")
    (article,) = articles_of(database, other)
    keep_out(database, clock, one, article, **SAID)
    assert standing(database, article) == [(RulingKind.APART, set(articles_of(database, one)), {article})]


def test_what_is_no_copy_counts_by_itself_until_that_is_withdrawn(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        original, reprint = store_article(tx, "gazette"), store_article(tx, "courier")
        candidate = store_candidate(tx, original, reprint, copies={reprint: original})
    assert _sources(database, candidate) == 1
    said: Said = {**SAID, "reason": "Only the quotations are the same."}
    made = rule(database, clock, candidate, RulingKind.NOT_A_COPY, [reprint], [original], **said)
    assert _sources(database, candidate) == 2
    rule(database, clock, candidate, RulingKind.COPY, [reprint], [original], **{**said, "reason": "It is one."})
    assert _sources(database, candidate) == 1
    assert made.withdrawn_at is None


def _sources(database: Database, candidate: CandidateId) -> int:
    with database.read() as tx:
        return get_candidate(tx, candidate).source_count


def test_a_ruling_is_audited_and_moves_what_others_have_on_screen_d10_d11(
    database: Database, clock: ManualClock
) -> None:
    candidate = a_candidate_of(database, "gazette")
    (article,) = articles_of(database, candidate)
    with database.read() as tx:
        seen = get_candidate(tx, candidate).version
    made = rule(database, clock, candidate, RulingKind.DOES_NOT_COUNT, [article], version_seen=seen, **SAID)
    with pytest.raises(StaleDecision):
        rule(database, clock, candidate, RulingKind.COUNTS, [article], version_seen=seen, **SAID)
    withdraw(database, clock, made.id, **SAID)
    with database.read() as tx:
        lines = [(a.what, a.subject, a.who) for a in list_audit(tx, limit=2)]
    assert lines == [(f"ruling.{w}", f"ruling {made.id}", "ada") for w in ("withdraw", "rule")]


def test_a_request_that_comes_twice_is_one_ruling_d10(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette")
    (article,) = articles_of(database, candidate)
    first, again = (rule(database, clock, candidate, RulingKind.COUNTS, [article], key="k", **SAID) for _ in range(2))
    assert first == again
    taken, too = (withdraw(database, clock, first.id, key="w", **SAID) for _ in range(2))
    assert taken == too
    with pytest.raises(IllegalDecision, match="repeats the key"):
        rule(database, clock, candidate, RulingKind.NOT_DERIVED, [article], key="k", **SAID)
    with database.read() as tx:
        assert len(list_rulings(tx)) == 1


Wish = Callable[[Database, ManualClock, CandidateId, ArticleId], Ruling]
REFUSED: list[tuple[str, Wish]] = [
    ("needs a reason", lambda d, k, c, a: rule(d, k, c, RulingKind.COUNTS, [a], **{**SAID, "reason": " "})),
    ("does not tell", lambda d, k, c, a: rule(d, k, c, RulingKind.COUNTS, [ArticleId(a + 1)], **SAID)),
    ("at least one", lambda d, k, c, _: rule(d, k, c, RulingKind.COUNTS, [], **SAID)),
    ("nothing stands on its right", lambda d, k, c, a: rule(d, k, c, RulingKind.COUNTS, [a], [ArticleId(9)], **SAID)),
    ("by a merge", lambda d, k, c, a: rule(d, k, c, RulingKind.TOGETHER, [a], **SAID)),
    ("the one article", lambda d, k, c, a: rule(d, k, c, RulingKind.COPY, [a], **SAID)),
    ("named on both sides", lambda d, k, c, a: rule(d, k, c, RulingKind.COPY, [a], [a], **SAID)),
    ("merge the two", lambda d, k, c, a: rule(d, k, c, RulingKind.COPY, [a], [ArticleId(a + 1)], **SAID)),
    ("in no candidate", lambda d, k, c, a: keep_out(d, k, c, ArticleId(a + 1), **SAID)),
    ("named on both sides|Split it off|at least one", lambda d, k, c, a: keep_out(d, k, c, a, **SAID)),
    ("at least one|Name", lambda d, k, c, _: never_merge(d, k, c, c, **SAID)),
]


@pytest.mark.parametrize(("why", "wish"), REFUSED)
def test_what_makes_no_sense_is_refused_and_nothing_is_laid_down(
    sqlite_database: Database, clock: ManualClock, why: str, wish: Wish
) -> None:
    candidate = a_candidate_of(sqlite_database, "gazette")
    (article,) = articles_of(sqlite_database, candidate)
    with sqlite_database.write() as tx:
        store_article(tx)  # in no candidate
    with pytest.raises(IllegalDecision, match=why):
        wish(sqlite_database, clock, candidate, article)
    with sqlite_database.read() as tx:
        assert list_rulings(tx) == ()
