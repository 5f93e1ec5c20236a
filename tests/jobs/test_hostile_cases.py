"""Every hostile case of tests/data/hostile through a whole newsroom, beside healthy sources (H1-H26, H29, H32).

`make hostile` does the same beside twenty healthy sources, with the memory of the polling process.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from benchmarks.hostile import Newsroom, Trial, serve
from benchmarks.hostile_cases import FOLDER, Case, Outcome, Verdict, read_case, read_cases
from monitor.store.database import Database

CASES = read_cases()
SOURCES = [case for case in CASES if not case.is_article]
ARTICLES = [case for case in CASES if case.is_article]
SHARES = {f"sources {n}": SOURCES[n::3] for n in range(3)} | {"articles": ARTICLES}
STORED = ("h11", "h12", "h13-long", "h14", "h16", "h17", "h22", "h23")  # what a database could read in its own way


@dataclass
class Here:
    """A round number for servers in this process."""

    value: int = 0


def live(database: Database, cases: Sequence[Case], healthy: int) -> Trial:
    number = Here()
    with serve(cases, number) as server:
        return Newsroom(database, server.port, cases, number, deadline=4.0, healthy_count=healthy).live()


@pytest.mark.parametrize("share", SHARES)
def test_every_case_ends_as_its_file_says_and_disturbs_no_other_h32(sqlite_database: Database, share: str) -> None:
    trial = live(sqlite_database, SHARES[share], healthy=5)
    assert trial.failed == {}
    assert trial.healthy_kept == trial.healthy_wanted >= 15


@pytest.mark.parametrize("database_url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_both_databases_keep_the_same_h11(database: Database) -> None:
    """The test above is on SQLite; here is what another database could take in a way of its own."""
    cases = [case for case in SOURCES if case.name.startswith(STORED)]
    assert len(cases) > 30
    assert live(database, cases, healthy=1).failed == {}


# --- the cases themselves -------------------------------------------------------------------------------------------


def test_there_are_enough_cases_and_each_says_what_it_is_about() -> None:
    assert len(CASES) >= 120
    assert len([case for case in CASES if case.promises]) >= 120
    for case in CASES:
        assert case.says
        assert len(case.name) <= 50
    promises = {promise for case in CASES for promise in case.promises}
    assert {f"H{n}" for n in range(1, 27)} - promises <= {"H4"}  # H4 is no input
    assert {path.name for path in FOLDER.iterdir()} == {f"{case.name}.case" for case in CASES}


def test_a_case_is_read_with_its_repetitions_and_bytes(tmp_path: Path) -> None:
    path = tmp_path / "h1-x.case"
    path.write_bytes(
        b'says = "x"\n[expect]\noutcome = "new"\n+++\na{{repeat 2:b{{repeat 2:c}}}}{{count 1 3:<#>}}\n'
        b"{{bytes c3 28}}+++\n+++\nsecond\n"
    )
    with pytest.raises(ValueError, match=r"h1-x\.case: 2 parts and 1 answers"):
        read_case(with_answers(path, 1))
    case = read_case(with_answers(path, 2))
    assert [case.part(n) for n in range(2)] == ["abccbcc<1><2><3>\n\udcc3(+++", "second"]
    assert case.promises == ("H1",)


def with_answers(path: Path, count: int) -> Path:
    head, parts = path.read_bytes().split(b"[expect]")
    path.write_bytes(head.split(b"[[answer]]")[0] + b"[[answer]]\n" * count + b"[expect]" + parts)
    return path


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('says = "x"\nsaid = 1\n[expect]\n+++\nx\n', "unknown keys: said"),
        ('says = "x"\n[expect]\noutcom = "new"\n+++\nx\n', "unknown expectations: outcom"),
        ('says = "x"\n+++\nx\n', "'expect'"),
        ("says = x\n", "Invalid value"),
    ],
)
def test_a_case_with_a_mistake_is_refused_by_name(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "wrong.case"
    path.write_text(text)
    with pytest.raises(ValueError, match=f"wrong.case: .*{complaint}"):
        read_case(path)


FOUND = Outcome(
    word="new",
    detail="200, 1 new entry",
    health="healthy",
    titles=("kept 1", "kept 2", "a", "back again"),
    fields=dict.fromkeys(Verdict.LISTS, ()) | {"titles": ("a",), "urls": (None,)},
    version_counts=(0, 0, 0, 0),
    url="u",
    configured_url="u",
    etag='"x"',
    last_words="new",
)


@pytest.mark.parametrize(
    ("expect", "complaints"),
    [
        ({"outcome": "new", "titles": ["a"], "urls": ["(none)"], "detail": "1 new"}, 0),
        ({"titles": ["a*"]}, 0),
        ({"outcome": "empty"}, 1),
        ({"titles": ["b"]}, 1),
        ({"urls": ["https://herald.example/"]}, 1),
        ({"count": 2, "versions": 1, "health": "failing"}, 3),
        ({"present": ["b"], "absent": ["a"]}, 2),
        ({"url": "v"}, 1),
    ],
)
def test_what_differs_is_told(expect: dict[str, object], complaints: int) -> None:
    case = Case(name="h1-x", says="x", expect=expect, payloads=(b"",), answers=({},))
    assert len(Verdict(case).complaints(FOUND)) == complaints


def test_what_was_lost_is_told() -> None:
    case = Case(name="h1-x", says="x", expect={}, payloads=(b"",), answers=({},))
    assert Verdict(case).complaints(replace(FOUND, titles=("kept 2", "back again"))) == ["kept 1 was lost"]
    assert "did not come back: empty" in Verdict(case).complaints(replace(FOUND, last_words="empty"))
    held = Verdict(case).complaints(replace(FOUND, word="not-a-feed"))
    assert held == ['validators of a bad answer were kept: "x"']
    ours = replace(FOUND, detail="an error of Monitor's own (KeyError)")
    assert "a fault of ours" in Verdict(case).complaints(ours)[0]
