"""Which tests show which promise of docs/promises.md.

    python -m benchmarks.promises            print "P 27/27, ...", how many tests name each, and what none names
    python -m benchmarks.promises --write    bring the last column of docs/promises.md up to date

A test names a promise at the end of a word of its name (`..._p2`, `..._h1_h2`) or in its docstring (P2); a module's
docstring counts for the module. Strings and comments do not: F10 is also a code of the codebook.
"""

from __future__ import annotations

import ast
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "promises.md"
LETTERS = {"P": 27, "H": 32, "D": 14, "F": 17, "O": 12}

_ROW = re.compile(r"^\| ([PHDFO][0-9]+) \| (.+) \| (\S+) \|$", re.MULTILINE)
_IN_NAME = re.compile(r"(?<=_)([phdfo][0-9]{1,2})(?=_|$)")
_IN_TEXT = re.compile(r"\b([PHDFO][0-9]{1,2})\b(?:\s*[-–]\s*[PHDFO]?([0-9]{1,2})\b)?")


def read_page() -> dict[str, tuple[str, bool]]:
    """Number → what it promises, and whether the page says that tests show it."""
    return {m[1]: (m[2], m[3] == "yes") for m in _ROW.finditer(PAGE.read_text(encoding="utf-8"))}


def named_by_tests(folder: Path = ROOT / "tests") -> dict[str, set[str]]:
    """Number → the tests (or modules of tests) that name it."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        place = str(path.relative_to(folder.parent))
        for number in _in_text(ast.get_docstring(tree) or ""):
            found[number].add(place)
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                numbers = [m[1].upper() for m in _IN_NAME.finditer(node.name)]
                for number in (*numbers, *_in_text(ast.get_docstring(node) or "")):
                    found[number].add(f"{place}::{node.name}")
    return found


def _in_text(text: str) -> Iterator[str]:
    for match in _IN_TEXT.finditer(text):
        first, last = int(match[1][1:]), int(match[2] or match[1][1:])
        yield from (f"{match[1][0]}{number}" for number in range(first, last + 1))


def marked(page: str, named: Mapping[str, object]) -> str:
    """The page with its last column set to what tests name today."""
    return _ROW.sub(lambda m: f"| {m[1]} | {m[2]} | {'yes' if m[1] in named else '–'} |", page)


def summary(named: Mapping[str, object]) -> str:
    """How many promises of each letter tests name, in one line."""
    counts = {letter: sum(f"{letter}{n}" in named for n in range(1, count + 1)) for letter, count in LETTERS.items()}
    return ", ".join(f"{letter} {counts[letter]}/{count}" for letter, count in LETTERS.items())


def main() -> None:
    """Print the count, or write it into the page."""
    named = named_by_tests()
    if "--write" in sys.argv[1:]:
        PAGE.write_text(marked(PAGE.read_text(encoding="utf-8"), named), encoding="utf-8")
    print(summary(named))
    for letter, count in LETTERS.items():
        numbers = [f"{letter}{n}" for n in range(1, count + 1)]
        shown = [n for n in numbers if n in named]
        print(f"{letter}: {len(shown)} of {count} named by tests")
        print("  " + " ".join(f"{n}×{len(named[n])}" for n in shown))
        print("  none: " + (" ".join(n for n in numbers if n not in named) or "-"))


if __name__ == "__main__":
    main()
