"""Captured feeds against their manifest: entry counts and first titles, every difference listed; then what reading
them costs, natively and by feedparser, by size.

usage: python -m benchmarks.feeds DATA/feeds [ROUNDS]
"""

from __future__ import annotations

import itertools
import json
import statistics
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from monitor.model import ParsedFeed, Unparsable
from monitor.stages.charset import decode
from monitor.stages.parse import parse_feed
from monitor.stages.xmlfeed import read_xml_feed

URL = "https://feed.example/"
SIZES = (0, 5_000, 20_000, 50_000, 100_000, 200_000, 5_000_000)  # bytes


def read_manifest(folder: Path) -> list[dict[str, Any]]:
    """One record per captured file."""
    return [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]


def difference(record: dict[str, Any], feed: ParsedFeed | Unparsable) -> str | None:
    """How a reading differs from the manifest's, in words."""
    if isinstance(feed, Unparsable):
        return f"{feed.kind}: {feed.detail} (manifest: {record['entries']} entries)"
    if len(feed.entries) != record["entries"]:
        return f"{len(feed.entries)} entries, manifest {record['entries']}"
    title = feed.entries[0].title if feed.entries else None
    wanted = record["first_entry_title"]
    if (title or None) != ((wanted and " ".join(wanted.split())) or None):
        return f"first title {title!r}, manifest {wanted!r}"
    return None


@dataclass(frozen=True, slots=True)
class Timing:
    """What reading one capture costs, in CPU milliseconds: as the newsroom reads it, and by feedparser alone."""

    size: int
    entry_count: int
    is_native: bool
    ours: float
    reference: float


def measure(body: bytes, rounds: int) -> Timing:
    """The best of `rounds`, so that a busy machine disturbs little."""
    feed = parse_feed(body, url=URL)
    return Timing(
        size=len(body),
        entry_count=len(feed.entries) if isinstance(feed, ParsedFeed) else 0,
        is_native=read_xml_feed(decode(body)[0].lstrip("\ufeff")) is not None,
        ours=min(_cpu_ms(body, by_reference=False) for _ in range(rounds)),
        reference=min(_cpu_ms(body, by_reference=True) for _ in range(rounds)),
    )


def _cpu_ms(body: bytes, *, by_reference: bool) -> float:
    start = time.process_time()
    parse_feed(body, url=URL, by_reference=by_reference)
    return (time.process_time() - start) * 1_000


def show_timings(timings: list[Timing]) -> None:
    """A line for each class of size, and one for all."""
    print(
        f"\n{'size, KB':>12} {'captures':>9} {'native':>7} {'entries':>8} {'CPU ms':>8} {'feedparser':>11} {'ratio':>6}"
    )
    for least, most in itertools.pairwise(SIZES):
        chosen = [timing for timing in timings if least <= timing.size < most]
        _show_line(f"{least // 1_000}-{most // 1_000}", chosen)
    _show_line("all", timings)


def _show_line(label: str, timings: list[Timing]) -> None:
    if not timings:
        return
    ours, reference = (statistics.fmean(getattr(t, name) for t in timings) for name in ("ours", "reference"))
    print(
        f"{label:>12} {len(timings):9} {sum(t.is_native for t in timings):7} "
        f"{statistics.fmean(t.entry_count for t in timings):8.1f} {ours:8.2f} {reference:11.2f} {reference / ours:6.1f}"
    )


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1])
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    records = read_manifest(folder)
    differences, unlike, timings = [], [], []
    for record in records:
        body = (folder / "files" / record["file"]).read_bytes()
        feed = parse_feed(body, url=URL)
        if found := difference(record, feed):
            differences.append(f"{record['file']}: {found}")
        if feed != parse_feed(body, url=URL, by_reference=True):
            unlike.append(record["file"])
        timings.append(measure(body, rounds))
    print(f"{len(records)} feeds, {len(records) - len(differences)} as the manifest has them; the others:")
    print(*differences, sep="\n")
    print(f"read otherwise than feedparser reads them: {', '.join(unlike) or 'none'}")
    show_timings(timings)


if __name__ == "__main__":
    main()
