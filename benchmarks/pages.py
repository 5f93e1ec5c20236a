"""Article pages with gold text: extraction in worker processes, and the score of its text.

usage: python -m benchmarks.pages DATA/articles [PREDICTIONS.jsonl]

Ours stands beside trafilatura alone, with its defaults, in the same run.

zyte pages: F1 over runs of four words, averaged per page. trafilatura pages: segments that must and must not be in the
text. Both as the projects that the pages come from measure.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import trafilatura

from monitor.jobs.workers import Workers
from monitor.model import Page, Unparsable


def read_gold(folder: Path) -> list[dict[str, Any]]:
    """One record per page."""
    return [json.loads(line) for line in (folder / "gold.jsonl").read_text().splitlines()]


def read_body(folder: Path, record: Mapping[str, Any]) -> bytes:
    """The page of a record, as captured."""
    return gzip.decompress((folder / "html" / record["file"]).read_bytes())


def extract_all(folder: Path, records: Sequence[Mapping[str, Any]], workers: Workers) -> list[Page | Unparsable]:
    """The pages of `records`, read."""
    futures = [workers.extract_page(read_body(folder, r), url=r["url"] or "") for r in records]
    return [future.result() for future in futures]


def extract_alone(body: bytes) -> str:
    """What trafilatura makes of a page by itself, without readers' comments."""
    return trafilatura.extract(body, include_comments=False) or ""


def extract_all_alone(folder: Path, records: Sequence[Mapping[str, Any]], workers: Workers) -> list[str]:
    """The texts of `records` by trafilatura alone; none where it failed."""
    futures = [workers.submit("benchmarks.pages:extract_alone", read_body(folder, r)) for r in records]
    return [text if isinstance(text := future.result(), str) else "" for future in futures]


def score_words(gold: str, text: str) -> tuple[float, float]:
    """Precision and recall over runs of four words."""
    wanted, found = _runs(gold), _runs(text)
    hits = sum((wanted & found).values())
    return (hits / found.total() if found else 0.0), (hits / wanted.total() if wanted else 0.0)


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return Counter(tuple(words[n : n + 4]) for n in range(max(1, len(words) - 3))) if words else Counter()


def f1(precision: float, recall: float) -> float:
    """The harmonic mean."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(records: Sequence[Mapping[str, Any]], texts: Sequence[str]) -> dict[str, float]:
    """F1 by set."""
    pairs: list[tuple[float, float]] = []
    counts: Counter[str] = Counter()
    for record, text in zip(records, texts, strict=True):
        if record["set"] == "zyte":
            pairs.append(score_words(record["text"], text))
            continue
        flat = " ".join(text.split())
        counts["kept"] += sum(" ".join(part.split()) in flat for part in record["must_have"])
        counts["wanted"] += len(record["must_have"])
        counts["unwanted"] += sum(" ".join(part.split()) in flat for part in record["must_not_have"])
    figures = {}
    if pairs:
        figures["zyte"] = f1(sum(p for p, _ in pairs) / len(pairs), sum(r for _, r in pairs) / len(pairs))
    if counts["wanted"]:
        kept = counts["kept"]
        precision = kept / (kept + counts["unwanted"]) if kept else 0.0
        figures["trafilatura"] = f1(precision, kept / counts["wanted"])
    return figures


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1])
    records = read_gold(folder)
    began = time.monotonic()
    with Workers(2) as workers:
        pages = extract_all(folder, records, workers)
        seconds = time.monotonic() - began
        alone = score(records, extract_all_alone(folder, records, workers))
    texts = [page.text if isinstance(page, Page) else "" for page in pages]
    print(f"{len(records)} pages in {seconds:.0f} s")
    for name, figure in score(records, texts).items():
        print(f"{name}: F1 {figure:.4f}, trafilatura alone {alone[name]:.4f}")
    for record, page in zip(records, pages, strict=True):
        if isinstance(page, Unparsable):
            print(f"{record['file']} {record['url']}: {page.kind}: {page.detail}")
    if len(sys.argv) > 2:
        lines = [json.dumps({"file": r["file"], "text": t}) for r, t in zip(records, texts, strict=True)]
        Path(sys.argv[2]).write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
