"""An editor's morning in a real Chromium: a hundred candidates of the simulated press, by keyboard alone, keys counted.

The budget of a decision: rejecting at most two keys, accepting into a prefilled wire at most three, and one that takes
the last one back, wherever the editor is by then.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import text

from monitor.jobs.recount import recount
from monitor.jobs.rulebook import read_rulebook
from monitor.model import ArticleId, CandidateId, CandidateStatus, Joined, Match, Origin, Tier
from monitor.press.edition import Telling, compose
from monitor.store.database import Database, Transaction
from monitor.store.grouping import add_member, open_candidate
from tests.stored import MORNING, store_article
from tests.web.conftest import Desk
from tests.web.test_browser import chromium, sign_in

__all__ = ["chromium"]  # a fixture

pytestmark = pytest.mark.browser

CANDIDATES = 100
MOST_TO_REJECT, MOST_TO_ACCEPT = 2, 3


@dataclass
class Keyboard:
    """The keys of a page, counted; nothing else touches it."""

    page: Any
    pressed: Counter[str] = field(default_factory=Counter)

    def press(self, *keys: str) -> int:
        """Press them one after another; how many that were."""
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed[key] += 1
        return len(keys)


def _events(tellings: tuple[Telling, ...]) -> Iterator[list[Telling]]:
    """Each event with its tellings, and each piece that tells none by itself, the newest first."""
    grouped: dict[str, list[Telling]] = {}
    for telling in tellings:
        grouped.setdefault(telling.event or telling.key, []).append(telling)
    yield from sorted(grouped.values(), key=lambda told: told[0].published_at, reverse=True)


def fill(database: Database, *, count: int = CANDIDATES) -> list[CandidateId]:
    """So many candidates of the simulated press, as grouping by the truth would leave them."""
    index = read_rulebook().index
    edition = compose(seed=7, start=MORNING)
    with database.write() as tx:
        return [_open(tx, told, index) for told in islice(_events(edition.tellings), count)]


def _open(tx: Transaction, told: list[Telling], index: Any) -> CandidateId:
    said = sorted(told, key=lambda t: t.published_at)
    candidate = open_candidate(tx, title=said[0].versions[0].text.title, opened_at=said[0].published_at)
    stored: dict[str, ArticleId] = {}
    for telling in said:
        words = telling.versions[0].text
        stored[telling.key] = article = store_article(
            tx,
            telling.publisher.id,
            canonical_url=f"https://{telling.publisher.id}.example{telling.path}",
            url=f"https://{telling.publisher.id}.example{telling.path}",
            title=words.title,
            text="\n".join(words.paragraphs),
            origin=Origin(telling.source.origin),
            tier=Tier(telling.source.tier),
            published_at=telling.published_at,
            first_seen_at=telling.published_at,
        )
        original = stored.get(telling.copy_of or "")
        match = Match(
            candidate=candidate,
            joined=Joined.EVENT if original is None else Joined.COPY,
            nearest=original,
            copy_of=original,
            similarity=0.9,
            reason="Tells the same.",
        )
        add_member(tx, candidate, article, match, now=telling.published_at)
    recount(tx, candidate, now=said[-1].published_at, providers=index)
    return candidate


@pytest.fixture
def page(chromium: Any, desk: Desk) -> Iterator[Any]:
    """A wide page that fails the test on any console error, script error or CSP report."""
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, base_url=desk.url)
    opened = context.new_page()
    faults: list[str] = []
    opened.on("console", lambda m: faults.append(m.text) if m.type in {"error", "warning"} else None)
    opened.on("pageerror", lambda e: faults.append(str(e) + (e.stack or "")))
    yield opened
    context.close()
    assert faults == []


def waiting(desk: Desk) -> int:
    with desk.database.read() as tx:
        return int(tx.scalar(text("SELECT count(*) FROM candidates WHERE status = 'open'")) or 0)


def status_of(desk: Desk, candidate: str | int) -> str:
    with desk.database.read() as tx:
        return str(tx.scalar(text("SELECT status FROM candidates WHERE id = :id"), {"id": int(candidate)}))


def focused(page: Any) -> str:
    """The candidate whose line has the focus."""
    return str(page.evaluate("document.activeElement?.closest?.('.line')?.dataset.id ?? ''"))


def decided(page: Any, before: str) -> None:
    """Wait until the decision on a line has come back and another line has the focus."""
    page.wait_for_function(
        """id => !document.getElementById('c' + id)
            && (document.activeElement?.closest?.('.line') || !document.querySelector('.line'))""",
        arg=before,
    )


def test_a_hundred_candidates_are_triaged_by_keyboard_alone(page: Any, desk: Desk) -> None:
    fill(desk.database)
    sign_in(page)
    keys = Keyboard(page)
    keys.press("j")
    cost: dict[str, list[int]] = {"reject": [], "accept": [], "snooze": [], "undo": []}
    accepted: list[str] = []
    for number in range(CANDIDATES):
        here = focused(page)
        assert here, f"no line has the focus after {number} decisions"
        if number % 10 == 4:  # one that is an incident: it becomes a wire, which is prefilled
            cost["accept"].append(keys.press("a"))
            page.wait_for_selector("#wire-form")
            assert page.input_value("#headline")
            accepted.append(here)
            keys.press("Escape", "g", "q")
            page.wait_for_selector("#lines, .empty")
            keys.press("j") if page.query_selector("#lines") else None
        elif number % 10 == 7:  # not now: it sleeps until a second source, or for a day
            cost["snooze"].append(keys.press("s", "3"))
            decided(page, here)
        else:
            cost["reject"].append(keys.press("r", "nido"[number % 4]))
            decided(page, here)
            if number % 25 == 0:  # a slip of the finger: back it comes, has the focus, and goes again
                cost["undo"].append(keys.press("u"))
                page.wait_for_function("id => document.activeElement?.closest?.('.line')?.dataset.id === id", arg=here)
                assert status_of(desk, here) == CandidateStatus.OPEN
                cost["reject"].append(keys.press("r", "d"))
                decided(page, here)
    assert waiting(desk) == 0
    assert {status_of(desk, c) for c in accepted} == {"accepted"}
    assert max(cost["reject"]) <= MOST_TO_REJECT
    assert max(cost["accept"]) <= MOST_TO_ACCEPT
    assert set(cost["undo"]) == {1}
    total = keys.pressed.total()
    each = ", ".join(f"{kind} {max(found)} at most ({len(found)} times)" for kind, found in cost.items())
    print(f"\n{CANDIDATES} candidates triaged with {total} keystrokes, {total / CANDIDATES:.2f} each; {each}")
