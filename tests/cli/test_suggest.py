"""monitor suggest: what is suggested for a candidate's wire, for an editor and for a script."""

from __future__ import annotations

import pytest

from monitor.store.database import Database
from monitor.store.machine import find_ask
from tests.cli.test_triage import answer, newsroom, refusal, said
from tests.conftest import ManualClock
from tests.stored import a_candidate_of

__all__ = ["newsroom"]

TEXT = "A court found that ChatGPT had invented three rulings in the brief."


@pytest.fixture
def candidate(newsroom: Database, clock: ManualClock) -> int:
    return a_candidate_of(newsroom, "gazette", title="Chatbot invents rulings", text=TEXT)


def test_every_suggestion_is_said_with_its_reason(candidate: int) -> None:
    lines = said("suggest", candidate)
    assert "Severity      SEV-3" in lines
    assert "Provider      openai" in lines
    assert "OpenAI is named in the text, as ChatGPT." in lines
    assert "But-for test  But for ChatGPT, which invented it" in lines
    assert "machine-made" not in lines
    found = {(s["field"], s["value"]) for s in answer("suggest", candidate)}
    assert {("severity", "SEV-3"), ("providers", "openai"), ("codes", "M2")} <= found


def test_asking_wants_a_language_model_and_writes_a_wish_down(
    newsroom: Database, candidate: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "No language model is configured" in str(refusal("suggest", candidate, "--ask"))
    monkeypatch.setenv("MONITOR_LANGUAGE_MODEL_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("MONITOR_LANGUAGE_MODEL_NAME", "qwen3")
    assert "qwen3 is asked next" in said("suggest", candidate, "--ask", "--editor", "ada")
    with newsroom.read() as tx:
        ask = find_ask(tx, candidate)  # type: ignore[arg-type]
    assert ask is not None
    assert ask.wanted_by == "ada"
    assert "9999" in str(refusal("suggest", 9999))
