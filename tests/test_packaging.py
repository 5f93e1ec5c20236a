"""What a stranger installs: the wheel, into an empty environment, run in an empty folder; and honest lock files."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from tests.conftest import need

ROOT = Path(__file__).parents[1]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def _uv() -> str:
    found = shutil.which("uv", path=f"{ROOT / '.uv' / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        need("uv is neither in .uv nor on the path (make test brings it)")
    return str(found)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(url: str, process: subprocess.Popen[str], *, seconds: float = 60) -> httpx.Response:
    """The first answer of `url`, while `process` lives."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise AssertionError(f"it ended with {process.returncode}: {process.communicate()}")
        try:
            return httpx.get(url, trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"no answer from {url} in {seconds} s")


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an empty environment into which the wheel and the pinned versions were installed."""
    place = tmp_path_factory.mktemp("stranger")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(place / "dist"), str(ROOT)]
    subprocess.run(build, check=True, capture_output=True, text=True)
    (wheel,) = (place / "dist").glob("*.whl")
    uv, python = _uv(), str(place / "env" / "bin" / "python")
    common = ["-q", "--no-config", "-p", python]
    for command in (
        [uv, "venv", "-q", "--no-config", "-p", sys.executable, str(place / "env")],
        [uv, "pip", "sync", *common, "--require-hashes", "--build-constraints",
         str(ROOT / "requirements-build.lock"), str(ROOT / "requirements.lock")],
        [uv, "pip", "install", *common, "--no-deps", str(wheel)],
    ):  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, text=True, cwd=place)
    return place / "env" / "bin"


@pytest.mark.xdist_group("packaging")
def test_the_wheel_runs_in_an_empty_folder_and_stops_in_ten_seconds_f15(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "MONITOR_PORT": str(port), "MONITOR_CONTACT": "desk@example.org"}
    process = subprocess.Popen(
        [installed / "monitor", "run"], cwd=tmp_path, env=environment,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert wait_for(f"http://127.0.0.1:{port}/healthz", process).status_code == 200
        feed = httpx.get(f"http://127.0.0.1:{port}/feed.atom", trust_env=False)
        assert feed.status_code == 200
        assert feed.headers["content-type"].startswith("application/atom+xml")
        assert httpx.get(f"http://127.0.0.1:{port}/guide", trust_env=False).status_code == 200
    finally:
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        said, complained = process.communicate(timeout=30)
    assert time.monotonic() - began < 10
    assert process.returncode == 0, complained
    assert "/desk/first?token=" in said
    assert "Traceback" not in complained


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_a_lock_file_pins_by_name_with_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    assert "://" not in text
    assert "--index" not in text
    pins = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?(==\S+)?", text, re.MULTILINE)
    assert pins
    assert all(pins), "every package is pinned to one version"
    assert text.count("--hash=sha256:") >= len(pins)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda p: p.name)
def test_no_lock_brings_pytorch(lock: Path) -> None:
    assert not re.search(r"^(torch|sentence-transformers|transformers)==", lock.read_text(), re.MULTILINE)


def test_the_development_lock_holds_what_ships() -> None:
    def pins(name: str) -> dict[str, str]:
        return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))

    shipped, development = pins("requirements.lock"), pins("requirements-dev.lock")
    assert shipped.items() <= development.items()
