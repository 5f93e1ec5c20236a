"""feeds.yaml is read whole or refused whole, and a refusal names every line at fault."""

from __future__ import annotations

import time
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from monitor.errors import FaultyFile
from monitor.model import Catalogue, Complaint, Kind, Origin, PublisherId, Tier
from monitor.shipped import shipped_path
from monitor.stages.catalogue import MAX_CHARACTERS, MAX_COMPLAINTS, read_catalogue
from monitor.stages.codebook import read_providers

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second

PUBLISHERS = """\
publishers:
  - id: gazette
    name: The Gazette
    domains: [gazette.example, news.gazette.example]
    owner: Gazette Group
  - id: acme
    name: Acme AI
"""
GOOD = (
    PUBLISHERS
    + """\
sources:
  - id: gazette-ai
    name: "The Gazette: AI"
    url: https://gazette.example/ai.xml?format=rss
    origin: press
    tier: secondary
    publisher: gazette
    language: no
    every: 2h
  - id: acme-status
    name: Acme Status
    url: http://status.acme.example/history.atom
    origin: provider
    tier: primary
    publisher: acme
    provider: acme
    aggregator: true
"""
)


def read(text: str, providers: tuple[str, ...] | None = None) -> Catalogue:
    return read_catalogue(text, file="feeds.yaml", providers=providers)


def complaints(text: str, providers: tuple[str, ...] | None = None) -> list[Complaint]:
    with pytest.raises(FaultyFile) as refusal:
        read(text, providers)
    return list(refusal.value.complaints)


def changed(old: str, new: str) -> str:
    assert GOOD.count(old) >= 1
    return GOOD.replace(old, new, 1)


def test_a_right_file_gives_publishers_and_sources() -> None:
    catalogue = read(GOOD, ("acme",))
    gazette, acme = catalogue.publishers
    assert gazette.domains == ("gazette.example", "news.gazette.example")
    assert gazette.owner == "Gazette Group"
    assert (acme.domains, acme.owner) == ((), None)
    press, status = catalogue.sources
    assert (press.name, press.url) == ("The Gazette: AI", "https://gazette.example/ai.xml?format=rss")
    assert (press.origin, press.tier, press.publisher) == (Origin.PRESS, Tier.SECONDARY, "gazette")
    assert (press.cadence, press.provider, press.is_aggregator) == (timedelta(hours=2), None, False)
    assert (status.provider, status.cadence, status.is_aggregator) == ("acme", None, True)


@pytest.mark.parametrize("directive", ["", "%YAML 1.1\n---\n"])
def test_no_is_norwegian_and_not_false(directive: str) -> None:
    assert read(directive + GOOD).sources[0].language == "no"


@pytest.mark.parametrize(
    ("old", "new", "line", "subject", "reason"),
    [
        ("    tier: primary", "    teir: primary", 21, "acme-status", "did you mean tier?"),
        ("    tier: primary\n", "", 17, "acme-status", "tier is missing"),
        ("id: acme-status", "id: gazette-ai", 17, "gazette-ai", "the id gazette-ai is already on line 9"),
        ("  - id: acme\n", "  - id: gazette\n", 6, "gazette", "the publisher id gazette is already on line 2"),
        ("id: acme-status", "id: Acme Status", 17, "Acme Status", "a-z, 0-9, dot, dash and underscore"),
        ("id: acme-status", f"id: {'a' * 201}", 17, "aaa", "201 characters; at most 200"),
        ("id: acme-status", "id:", 17, "a source", "id is empty"),
        ("origin: provider", "origin: providers", 20, "acme-status", "did you mean provider?"),
        ("origin: provider", "origin: x", 20, "acme-status", "use provider, regulator, probe, press, research"),
        ("tier: primary", "tier: first", 21, "acme-status", "the tier first is unknown"),
        ("publisher: acme", "publisher: acne", 22, "acme-status", "did you mean acme?"),
        ("every: 2h", "every: 14m", 16, "gazette-ai", "under 15 minutes"),
        ("every: 2h", "every: 90d", 16, "gazette-ai", "over 30 days"),
        ("every: 2h", "every: daily", 16, "gazette-ai", "not a cadence such as 30m"),
        ("language: no", "language: Norwegian", 15, "gazette-ai", "not a language tag"),
        ("aggregator: true", "aggregator: yes", 24, "acme-status", "true or false"),
        ("name: Acme Status", "name: [Acme]", 18, "acme-status", "must be text"),
        ("name: Acme Status", 'name: "a\\u0007b"', 18, "acme-status", "control characters"),
        ("    domains: [gazette", "    domains: [https://gazette", 4, "gazette", "is not a domain"),
        ("  - id: acme\n", "  - id: acme\n    domains: [gazette.example]\n", 7, "acme", "already on line 4"),
        ("  - id: acme-status\n", "  - id: acme-status\n    id: again\n", 18, "again", "also on line 17"),
        ("sources:", "surces:", 8, "the file", "did you mean sources?"),
        ("- id: gazette-ai\n", "- gazette-ai\n  - id: gazette-ai\n", 9, "a source", "must be a mapping"),
    ],
)
def test_a_fault_is_named_with_line_subject_and_reason(
    old: str, new: str, line: int, subject: str, reason: str
) -> None:
    found = [c for c in complaints(changed(old, new)) if reason in c.reason]
    assert found, complaints(changed(old, new))
    assert found[0].file == "feeds.yaml"
    assert found[0].line == line
    assert subject in found[0].subject
    assert str(found[0]).startswith(f"feeds.yaml:{line}: ")


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://gazette.example/a", "scheme is ftp"),
        ("javascript:alert(1)", "scheme is javascript"),
        ("gazette.example/feed", "scheme is missing"),
        ("https:///feed", "names no host"),
        ("https://user:secret@gazette.example/", "credentials"),
        ("https://gazette.example:99999/", "cannot be read"),
        ("https://[::1/", "cannot be read"),
        ("https://gazette.example/a b", "percent-encoded"),
        ("https://zeitung-für-ki.example/", "punycode"),
        ("https://gazette.example/" + "a" * 2048, "at most 2,048"),
        ("HTTP://STATUS.ACME.EXAMPLE:80/history.atom", "is already on line"),
    ],
)
def test_a_url_that_could_not_be_polled_is_refused(url: str, reason: str) -> None:
    found = complaints(changed("https://gazette.example/ai.xml?format=rss", url))
    assert any(reason in c.reason for c in found), found
    assert not any("secret" in str(c) for c in found), "a password is never repeated"


def with_kind(kind: str, url: str = "https://gazette.example/news", **more: str) -> str:
    keys = "".join(f"    {key}: {value}\n" for key, value in ({"kind": kind} | more).items())
    return changed("    url: https://gazette.example/ai.xml?format=rss\n", f"    url: {url}\n{keys}")


@pytest.mark.parametrize("kind", ["feed", "page", "sitemap", "status"])
def test_a_source_says_how_it_is_read(kind: str) -> None:
    assert read(GOOD).sources[0].kind is Kind.FEED
    source = read(with_kind(kind)).sources[0]
    assert (source.kind, source.selector) == (Kind(kind), None)


def test_a_page_may_say_where_its_links_are() -> None:
    source = read(with_kind("page", selector='"main article h2 > a[href]:not(.old)"')).sources[0]
    assert source.selector == "main article h2 > a[href]:not(.old)"


def test_a_mailbox_has_a_user_a_host_and_a_folder() -> None:
    url = "imaps://desk%40example.org@imap.example.org/INBOX/AI%20news"
    assert read(with_kind("mailbox", url)).sources[0].url == url


@pytest.mark.parametrize(
    ("kind", "url", "selector", "line", "reason"),
    [
        ("feeds", "https://gazette.example/n", None, 12, "the kind feeds is unknown; did you mean feed?"),
        ("feed", "https://gazette.example/n", "a", 13, "a selector is for `kind: page`, and this source is a feed"),
        ("page", "https://gazette.example/n", "'a['", 13, "a[ is not a CSS selector"),
        ("page", "https://gazette.example/n", "a::before", 13, "is not a CSS selector"),
        ("page", "https://gazette.example/n", "svg|a", 13, "is not a CSS selector"),
        ("page", "https://gazette.example/n", "a" * 501, 13, "at most 500"),
        (
            "page",
            "imaps://u@imap.example.org/INBOX",
            None,
            11,
            "scheme is imaps; use http or https, or say `kind: mailb",
        ),
        ("mailbox", "https://imap.example.org/", None, 11, "begins with imaps://"),
        ("mailbox", "imaps://imap.example.org/INBOX", None, 11, "needs the user name"),
        ("mailbox", "imaps://u@/INBOX", None, 11, "names no host"),
        ("mailbox", "imaps://u@imap.example.org/", None, 11, "needs the folder"),
        ("mailbox", "imaps://u@imap.example.org", None, 11, "needs the folder"),
        ("mailbox", "imaps://u@imap.example.org/INBOX?a", None, 11, "is written %3F"),
        ("mailbox", "imaps://u%0d%0aA1@imap.example.org/INBOX", None, 11, "control characters"),
        ("mailbox", "imaps://u:hunter2@imap.example.org/INBOX", None, 11, "file secrets/gazette-ai of the data folder"),
        ("mailbox", "imaps://u:hunter2@imap.example.org/INBOX", None, 11, "MONITOR_MAILBOX_GAZETTE_AI"),
    ],
)
def test_a_kind_without_what_it_needs_is_refused_with_its_line(
    kind: str, url: str, selector: str | None, line: int, reason: str
) -> None:
    found = complaints(with_kind(kind, url, **({"selector": selector} if selector else {})))
    assert [(c.line, reason in c.reason) for c in found] == [(line, True)], found
    assert "hunter2" not in str(found[0]), "a password is never repeated"


def test_two_sources_may_not_read_one_folder() -> None:
    text = with_kind("mailbox", "imaps://u%40a.example@IMAP.example.org:993/INBOX")
    text = text.replace("http://status.acme.example/history.atom", "imaps://u@a.example@imap.example.org/INBOX")
    text = text.replace("    provider: acme\n", "    kind: mailbox\n")
    (found,) = complaints(text)
    assert "is already on line 11" in found.reason


def test_all_faults_of_a_file_are_told_at_once_in_the_order_of_its_lines() -> None:
    text = changed("every: 2h", "every: 1m").replace("tier: primary", "tier: prime").replace("origin: press", "")
    lines = [c.line for c in complaints(text)]
    assert len(lines) == 3
    assert lines == sorted(lines, key=lambda line: line or 0)


def test_a_provider_is_checked_where_the_register_is_known() -> None:
    assert read(GOOD).sources[1].provider == "acme"
    (found,) = complaints(GOOD, ("acme-ai", "other"))
    assert "the provider acme is not in the provider register; did you mean acme-ai?" in found.reason


def test_a_file_without_a_source_would_silence_the_newsroom() -> None:
    for text in ("", "# nothing\n", PUBLISHERS, PUBLISHERS + "sources: []\n", PUBLISHERS + "sources:\n"):
        assert complaints(text)


BILLION_LAUGHS = "a: &a [x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (BILLION_LAUGHS, "anchors and aliases"),
        ("publishers: []\nsources:\n  - &x {id: a}\n  - *x\n", "anchors and aliases"),
        ("!!python/object/apply:os.system ['exit 1']", "tags are not read"),
        ("publishers: []\nsources: !!python/name:os.system\n", "tags are not read"),
        ("[" * 900_000, "nested too deep"),
        ("{" * 900_000, "nested too deep"),
        ("a:\n" * 3_000, "the key a is unknown"),
        ("- a\n" * 200_000, "more than 40,000 values"),
        ("x" * (MAX_CHARACTERS + 1), "at most 1,000,000"),
        ("\x00", "not YAML"),
        ("a: b: c", "not YAML"),
        ("--- a\n--- b\n", "not YAML"),
        ("sources: [\x1b[31m]", "not YAML"),
    ],
    ids=lambda value: repr(value)[:24],
)
def test_hostile_yaml_is_refused_by_name_and_in_time_h30(text: str, reason: str) -> None:
    began = time.process_time()
    found = complaints(text)
    assert time.process_time() - began < PATIENCE
    assert any(reason in c.reason for c in found), found[:3]
    assert len(found) <= MAX_COMPLAINTS
    assert not any(ord(letter) < 32 for c in found for letter in str(c)), "no control character reaches a terminal"


def test_a_thousand_sources_are_read_within_seconds() -> None:
    text = PUBLISHERS + "sources:\n"
    for number in range(1000):
        text += (
            f"  - id: s{number}\n    name: Source {number}\n    url: https://{number}.example/feed\n"
            "    origin: press\n    tier: secondary\n    publisher: gazette\n    language: en\n"
        )
    began = time.process_time()
    assert len(read(text).sources) == 1000
    assert time.process_time() - began < PATIENCE


def shipped() -> Catalogue:
    path = shipped_path("feeds.yaml")
    register = read_providers(shipped_path("providers.yaml").read_text(encoding="utf-8"), file="providers.yaml")
    return read_catalogue(path.read_text(encoding="utf-8"), file=path.name, providers=[p.id for p in register])


def test_the_catalogue_that_ships_is_right_and_covers_every_origin() -> None:
    catalogue = shipped()
    assert len(catalogue.sources) >= 150
    count = Counter(source.origin for source in catalogue.sources)
    least = {
        Origin.PROVIDER: 40,
        Origin.REGULATOR: 30,
        Origin.PRESS: 40,
        Origin.RESEARCH: 20,
        Origin.INCIDENT_DATABASE: 5,
        Origin.PROBE: 2,
    }
    assert all(count[origin] >= number for origin, number in least.items()), count
    assert set(least) == set(Origin)


def test_the_catalogue_that_ships_says_who_speaks_and_in_which_language() -> None:
    catalogue = shipped()
    assert all(source.language for source in catalogue.sources)
    assert len({source.language for source in catalogue.sources}) >= 8
    silent = [s.id for s in catalogue.sources if s.origin is Origin.PROVIDER and s.provider is None]
    assert len(silent) <= 8, f"providers that the register lacks: {silent}"
    shared = Counter(source.publisher for source in catalogue.sources)
    assert shared[PublisherId("openai")] >= 2, "several sources share a publisher"
    assert sum(source.is_aggregator for source in catalogue.sources) >= 3
    assert {s.publisher for s in catalogue.sources} <= {p.id for p in catalogue.publishers}


def test_the_format_is_documented_key_by_key() -> None:
    text = (Path(__file__).parents[2] / "docs" / "feeds-yaml.md").read_text(encoding="utf-8")
    keys = ["id", "name", "domains", "owner", "url", "origin", "tier", "publisher"]
    keys += ["provider", "language", "every", "aggregator", "kind", "selector"]
    assert [key for key in keys if f"`{key}`" not in text] == []
