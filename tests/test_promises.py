"""docs/promises.md and the names of the tests agree."""

from __future__ import annotations

import re
import subprocess
import sys

from benchmarks.promises import LETTERS, PAGE, ROOT, marked, named_by_tests, read_page, summary


def test_every_number_has_its_promise() -> None:
    expected = [f"{letter}{number}" for letter, count in LETTERS.items() for number in range(1, count + 1)]
    page = read_page()
    assert list(page) == expected
    assert min(len(words) for words, _ in page.values()) > 40


def test_a_number_that_a_test_names_exists() -> None:
    unknown = {number: sorted(tests) for number, tests in named_by_tests().items() if number not in read_page()}
    assert not unknown


def test_the_page_claims_no_more_than_tests_show() -> None:
    named = named_by_tests()
    overclaimed = [number for number, (_, is_shown) in read_page().items() if is_shown and number not in named]
    assert not overclaimed, "run: python -m benchmarks.promises --write"


def test_marking_touches_the_last_column_only() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert marked(marked(page, {"P1": 1}), named_by_tests()) == marked(page, named_by_tests())
    assert marked("| P1 | Words. | – |\n", {"P1": 1}) == "| P1 | Words. | yes |\n"


def test_the_count_is_printed() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks.promises"], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True
    )
    first, *lines = ran.stdout.splitlines()
    assert re.fullmatch(r"P 27/27, H 32/32, D \d+/14, F \d+/17, O \d+/12", first)
    assert [line[:2] for line in lines[::3]] == ["P:", "H:", "D:", "F:", "O:"]


def test_a_promise_that_no_test_names_is_missed_in_the_count() -> None:
    assert summary({"P1": 1, "H32": 1, "F99": 1}) == "P 1/27, H 1/32, D 0/14, F 0/17, O 0/12"
