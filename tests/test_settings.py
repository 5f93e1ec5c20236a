"""Settings: typed, refused by name, and each one listed in the README."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from monitor.errors import Unconfigured
from monitor.settings import Settings, read_settings

README = (Path(__file__).parents[1] / "README.md").read_text()


@pytest.mark.parametrize("name", [each.name for each in fields(Settings)])
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
        ("MONITOR_PORT", "65536"),
        ("MONITOR_NEWSROOM", ""),
        ("MONITOR_CONTACT", "x" * 201),
        ("MONITOR_PUSH", "on"),
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


def test_every_fault_is_named_with_what_it_must_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONITOR_WORKERS", "0")
    monkeypatch.setenv("MONITOR_LOG_FORMAT", "xml")
    with pytest.raises(Unconfigured) as refused:
        read_settings()
    assert str(refused.value).splitlines() == [
        "MONITOR_WORKERS: must be a whole number from 1 to 64 (it says '0')",
        "MONITOR_LOG_FORMAT: must be text or json (it says 'xml')",
    ]


def test_a_variable_outdoes_a_default_and_is_outdone_by_what_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_settings({"log_level": "warning"}).log_level == "warning"
    monkeypatch.setenv("MONITOR_LOG_LEVEL", "debug")
    assert read_settings({"log_level": "warning"}).log_level == "debug"
    assert read_settings({"log_level": "warning"}, log_level="error").log_level == "error"


def test_a_variable_is_found_in_small_letters_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("monitor_alerts", "mailto://a@example.org  slack://b")
    assert read_settings().alerts == ("mailto://a@example.org", "slack://b")
