"""Coverage-guided fuzzing of what reads feeds and pages (H8-H13, H17, H22, H25-H27), with atheris.

usage: make fuzz MINUTES=10, or: .fuzz/bin/python -m benchmarks.fuzz --minutes 10 [--checks feed,page]

Each check of `benchmarks.fuzz_checks` runs for its share of the minutes in a process of its own, from the hostile cases
as seeds and whatever earlier runs found (.fuzz/corpus). A finding (an exception, a broken promise, a document that is
too slow, a process that dies) is written as a case into tests/data/hostile, where the tests meet it until it is mended.
Exits 1 where something was found.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.hostile_cases import FOLDER, document_of, list_documents, read_cases

HOME = Path(".fuzz")
SHARES = {"feed": 4, "page": 4, "readers": 3, "listing": 2, "sitemap": 1, "status": 1}
KINDS = {
    "feed": "feed",
    "readers": "feed",
    "page": "article",
    "listing": "page",
    "sitemap": "sitemap",
    "status": "status",
}
LONGEST = 20_000  # bytes of a document: enough for every construct, few enough for thousands of runs
HANGS_AFTER = 60  # seconds: then libFuzzer ends the process and keeps the document
_WORDS = re.compile(rb"</?[A-Za-z][\w:.-]*|<!\[CDATA\[|]]>|<!DOCTYPE|<!ENTITY|<\?xml|&[#\w]+;|\b[a-z]+(?:Date|ed)\b")


def main() -> None:
    """Run every check for its share of the time, and print what was found."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=2.0, help="for all checks together")
    options.add_argument("--checks", default=",".join(SHARES))
    options.add_argument("--child", help=argparse.SUPPRESS)
    asked, rest = options.parse_known_args()
    if asked.child:
        fuzz(asked.child, rest)
        return
    names = [name for name in SHARES if name in asked.checks.split(",")]
    found = 0
    for name in names:
        found += run(name, 60 * asked.minutes * SHARES[name] / sum(SHARES[each] for each in names))
    print(f"{found} findings" + (f", kept as cases in {FOLDER}" if found else ""))
    sys.exit(1 if found else 0)


# --- the parent -----------------------------------------------------------------------------------------------------


def run(name: str, seconds: float) -> int:
    """Fuzz one check for so long, starting again where the process dies; the number of findings."""
    corpus, findings = HOME / "corpus" / name, HOME / "findings" / name
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    _seed(name, corpus)
    before = set(findings.iterdir())
    ends = time.monotonic() + seconds
    count, edges = 0, 0
    while (left := ends - time.monotonic()) > 1:
        said = _run_child(name, corpus, findings, left)
        count += sum(int(number) for number in re.findall(r"stat::number_of_executed_units: (\d+)", said))
        edges = max([edges, *(int(number) for number in re.findall(r"\bcov: (\d+)", said))])
    new = sorted(set(findings.iterdir()) - before)
    print(f"{name}: {count} documents in {seconds:.0f} s, {edges} edges, corpus {len(list(corpus.iterdir()))}: "
          f"{len(new)} findings", flush=True)  # fmt: skip
    for path in new:
        if not path.name.endswith(".txt"):
            keep(path.read_bytes(), name)
        else:
            print(path.read_text(), flush=True)
    return sum(not path.name.endswith(".txt") for path in new)


def _run_child(name: str, corpus: Path, findings: Path, seconds: float) -> str:
    command = [
        *(sys.executable, "-m", "benchmarks.fuzz", "--child", name),
        *(f"-max_total_time={max(1, int(seconds))}", f"-max_len={LONGEST}", f"-timeout={HANGS_AFTER}"),
        *("-rss_limit_mb=2000", f"-artifact_prefix={findings}/", f"-dict={HOME / 'dictionary'}"),
        *("-print_final_stats=1", "-use_value_profile=0", "-reload=0", str(corpus)),
    ]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if done.returncode and "Done " not in done.stderr:
        print(f"{name}: the process ended with {done.returncode}: {done.stderr[-600:]}", flush=True)
        time.sleep(1)
    return done.stderr


def _seed(name: str, corpus: Path) -> None:
    """The hostile cases of the kind that the check reads, as documents; and the words that they are made of."""
    words: set[bytes] = set()
    for case in read_cases():
        is_of_kind = case.reads == KINDS[name] or (case.reads == "feed" and name == "status")
        if not is_of_kind or not case.payloads:
            continue
        body = document_of(case)
        words |= set(_WORDS.findall(body[:100_000]))
        if len(body) <= LONGEST and (case.is_article or case in list_documents([case])):
            (corpus / hashlib.sha256(body).hexdigest()[:20]).write_bytes(body)
    escaped = ("".join(f"\\x{byte:02x}" for byte in word) for word in sorted(words)[:2_000] if 2 < len(word) < 40)
    (HOME / "dictionary").write_text("".join(f'"{word}"\n' for word in escaped))


def keep(body: bytes, check: str, folder: Path = FOLDER) -> Path:
    """The document as a case, named for its digest; a person names it anew once it is understood."""
    kind = KINDS[check]
    path = folder / f"found-{check}-{hashlib.sha256(body).hexdigest()[:12]}.case"
    payload = " ".join(f"{byte:02x}" for byte in body)
    head = f'says = "found by fuzzing {check}"\nreads = "{kind}"\n' + ("" if kind == "article" else "fresh = true\n")
    path.write_text(f"{head}\n[expect]\n+++\n{{{{bytes {payload}}}}}\n")
    return path


# --- the child ------------------------------------------------------------------------------------------------------


def fuzz(name: str, arguments: Sequence[str]) -> None:
    """Run one check under libFuzzer until its time is up. What raises is noted, each kind once, and the run goes on."""
    import atheris  # type: ignore[import-untyped]

    with atheris.instrument_imports(include=["monitor.stages", "feedparser", "trafilatura"]):
        from benchmarks.fuzz_checks import CHECKS, check_in_time

    findings = Path(next(each for each in arguments if each.startswith("-artifact_prefix=")).partition("=")[2])
    check, seen = CHECKS[name], {path.name.split("-")[1] for path in findings.glob("raised-*")}

    def test_one(data: bytes) -> None:
        try:
            check_in_time(check, data)
        except Exception as error:
            _note(error, data, findings, seen)

    atheris.Setup([sys.argv[0], *arguments], test_one)
    atheris.Fuzz()


def _note(error: Exception, data: bytes, findings: Path, seen: set[str]) -> None:
    """Keep the document, unless another raised in the same place."""
    frames: list[Any] = traceback.extract_tb(error.__traceback__)
    place = f"{type(error).__name__} {frames[-1].filename}:{frames[-1].lineno}"
    key = hashlib.sha256(place.encode()).hexdigest()[:12]
    if key in seen:
        return
    seen.add(key)
    (findings / f"raised-{key}").write_bytes(data)
    told = "".join(traceback.format_exception(error))[-3_000:]
    (findings / f"raised-{key}.txt").write_text(f"{place}: {error}"[:1_000] + f"\n{data[:400]!r}\n{told}")


if __name__ == "__main__":
    main()
