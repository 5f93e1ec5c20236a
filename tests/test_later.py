"""What few rounds need is loaded when it is first used, whoever asks, and however many at once."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from monitor.later import later

LAZY = ["httpx", "h11", "pebble", "protego", "sqlalchemy.orm", "monitor.jobs.subscribe", "monitor.jobs.sitemaps"]


def test_nothing_is_loaded_before_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "seldom.py").write_text("WORD = 'here'\n")
    monkeypatch.syspath_prepend(tmp_path)
    seldom = later("seldom")
    assert "seldom" not in sys.modules
    assert seldom.WORD == "here"
    assert sys.modules.pop("seldom").WORD == "here"


def test_a_name_that_it_lacks_is_said_so() -> None:
    with pytest.raises(AttributeError, match="nowhere"):
        _ = later("json").nowhere


def test_a_module_that_is_not_there_is_missed_at_once() -> None:
    with pytest.raises(ImportError, match="there is no module nobody_wrote_it"):
        later("nobody_wrote_it")


def test_several_threads_may_ask_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(0.05)\nWORD = 'whole'\n")
    monkeypatch.syspath_prepend(tmp_path)
    slow, words = later("slow"), []
    threads = [threading.Thread(target=lambda: words.append(slow.WORD)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    del sys.modules["slow"]
    assert words == ["whole"] * 8


def test_a_round_of_polls_starts_without_what_most_have_no_use_for() -> None:
    asked = f"import sys, monitor.cli.polling; print(*(name for name in {LAZY!r} if name in sys.modules))"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.split() == []
