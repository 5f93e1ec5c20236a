"""Many hands on one queue over real HTTP: one decision for each key, stale ones refused, none lost (F10)."""

from __future__ import annotations

import random

import httpx

from benchmarks.hands import Hand, judge, play
from tests.stored import a_candidate_of
from tests.web.conftest import Desk

FORMS = 64  # python -m benchmarks.hands sends a thousand, to two processes


def test_double_clicks_retries_and_stale_pages_of_eight_browsers_f10(desk: Desk) -> None:
    candidates = [a_candidate_of(desk.database, "gazette", title=f"Chatbot story {n}") for n in range(6)]
    people = [desk.signed_in(name) for name in ("ada", "ben")]
    hands = []
    for number in range(8):
        client = httpx.Client(base_url=desk.url, cookies=people[number % 2].http.cookies, trust_env=False, timeout=60)
        hands.append(Hand(client=client, origin=desk.url, chance=random.Random(number)))
    play(hands, candidates, decisions=FORMS)
    for hand in hands:
        hand.client.close()
    tally = judge(desk.database, hands, candidates)
    assert tally.is_right, tally
    assert tally.sent == FORMS
    assert tally.requests > FORMS  # some were sent again
    assert tally.refused > 0  # some had come too late
    assert tally.decided > FORMS // 10
