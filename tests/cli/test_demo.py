"""`monitor demo`: settings of its own, an editor of its own, and nothing of anybody else's is touched."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monitor.cli.demo import Login, banner, demo_settings
from monitor.clock import SimulatedClock
from monitor.press import Press
from tests.conftest import ManualClock

START = datetime(2026, 3, 7, tzinfo=UTC)


def test_a_demo_keeps_to_its_folder_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MONITOR_DATABASE_URL", "postgresql://somebody@elsewhere/newsroom")
    monkeypatch.setenv("MONITOR_SOURCES", "/somewhere/feeds.yaml")
    press = Press(ManualClock(START), start=START)
    try:
        settings = demo_settings(press, folder=tmp_path, port=8123)
    finally:
        press.stop()
    assert settings.database == f"sqlite:///{tmp_path / 'monitor.db'}"
    assert settings.sources == tmp_path / "feeds.yaml"
    assert (tmp_path / "feeds.yaml").read_text() == press.catalogue_yaml()
    assert settings.base_url == "http://127.0.0.1:8123"
    assert [str(network) for network in settings.allow_addresses] == ["127.0.0.0/8"]


def test_the_banner_says_that_all_is_invented_and_how_to_sign_in() -> None:
    clock = SimulatedClock(START + timedelta(days=3), speed=600)
    press = Press(clock, start=START)
    try:
        said = banner(press, clock, Login(name="demo", password="x-y-z"))
    finally:
        press.stop()
    assert "invented" in said
    assert "takes 6 seconds" in said
    assert "in 26 minutes" in said
    assert f"http://press.localhost:{press.port}/" in said
    assert "demo / x-y-z" in said


def test_a_folder_with_a_newsroom_is_refused(tmp_path: Path) -> None:
    (tmp_path / "monitor.db").write_bytes(b"precious")
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "demo", "--data-dir", str(tmp_path)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "holds a newsroom already" in " ".join(done.stderr.split())
    assert (tmp_path / "monitor.db").read_bytes() == b"precious"


def test_a_demo_fills_its_queue_and_stops_when_asked(tmp_path: Path) -> None:
    port = _free_port()
    log = tmp_path / "said"
    folder = tmp_path / "data"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "monitor", "demo", "--port", str(port), "--data-dir", str(folder)],
            stdout=out, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(lambda: _answers(port), process, log)
        _wait_for(lambda: _queue_is_filled(folder), process, log)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
    assert re.search(r"Login +demo / \S{12,}", log.read_text())
    assert process.returncode in {0, 130, -signal.SIGINT}


def _free_port() -> int:
    press = Press(ManualClock(START), start=START)
    port = press.port
    press.stop()
    return port


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _queue_is_filled(folder: Path) -> bool:
    done = subprocess.run(
        [sys.executable, "-m", "monitor", "queue", "--json"],
        capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "MONITOR_DATA_DIR": str(folder), "MONITOR_DATABASE_URL": ""},
    )  # fmt: skip
    return done.returncode == 0 and done.stdout.count('"source_count"') >= 10


def _wait_for(condition: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()[-2000:]
        if condition():
            return
        time.sleep(1)
    pytest.fail(f"not within two minutes: {log.read_text()[-2000:]}")
