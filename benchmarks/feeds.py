"""Captured feeds against their manifest: entry counts and first titles, every difference listed.

usage: python -m benchmarks.feeds DATA/feeds
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from monitor.model import ParsedFeed, Unparsable
from monitor.stages.parse import parse_feed


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


def main() -> None:
    """Print the figures."""
    folder = Path(sys.argv[1])
    records = read_manifest(folder)
    began = time.process_time()
    slowest = (0.0, "")
    differences = []
    for record in records:
        start = time.process_time()
        feed = parse_feed((folder / "files" / record["file"]).read_bytes(), url="https://feed.example/")
        slowest = max(slowest, (time.process_time() - start, record["file"]))
        if found := difference(record, feed):
            differences.append(f"{record['file']}: {found}")
    print(f"{len(records)} feeds, {len(records) - len(differences)} equal, {time.process_time() - began:.1f} CPU-s")
    print(f"slowest: {slowest[1]} {slowest[0]:.2f} CPU-s")
    print(*differences, sep="\n")


if __name__ == "__main__":
    main()
