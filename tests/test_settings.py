"""Settings: typed, refused by name, and each one listed in the README."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.errors import Unconfigured
from monitor.settings import Settings, read_settings

README = (Path(__file__).parents[1] / "README.md").read_text()


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_lists_every_setting(name: str) -> None:
    assert f"`MONITOR_{name.upper()}`" in README


def test_without_any_variable_a_newsroom_runs_on_sqlite_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read_settings()
    assert settings.database == f"sqlite:///{Path('var').absolute()}/monitor.db"
    assert settings.base_url == "http://127.0.0.1:8000"
    monkeypatch.setenv("MONITOR_PORT", "8010")
    monkeypatch.setenv("MONITOR_HOST", "::1")
    assert read_settings().base_url == "http://[::1]:8010"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MONITOR_PORT", "eighty"),
        ("MONITOR_BASE_URL", "wire.example.org"),
        ("MONITOR_ALLOW_ADDRESSES", "10.0.0.0/40"),
        ("MONITOR_WORKERS", "0"),
        ("MONITOR_LOG_LEVEL", "loud"),
    ],
)
def test_a_malformed_setting_stops_the_start_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(Unconfigured, match=name):
        read_settings()


def test_address_ranges_are_read_from_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_ALLOW_ADDRESSES", "127.0.0.0/8, fd00::/8")
    assert [str(network) for network in read_settings().allow_addresses] == ["127.0.0.0/8", "fd00::/8"]
