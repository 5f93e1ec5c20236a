"""How well articles are grouped by event: python -m benchmarks.clusters FOLDER [--assignments OUT] [--vectors FILE]

FOLDER holds the labelled files of `benchmarks.events`. One setting for all of them, the one that ships: by words alone,
and with vectors, where the encoder's weights are installed. The simple method beside is TF-IDF in a single pass with
its threshold fitted to each file.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from benchmarks.events import FILES, read_events, replay, score
from benchmarks.meanings import Meanings
from monitor.shipped.encoder import find_encoder

SIMPLE = {  # BCubed F1, pairwise F1: the better of a three-day window and none
    "stream2026": (0.945, 0.490),
    "aiid_reports": (0.598, 0.318),
    "ecbplus": (0.869, 0.827),
    "newswcl50": (0.904, 0.876),
    "uci_news": (0.864, 0.895),
}


def print_table(title: str, folder: Path, meanings: Meanings | None, assignments: Path | None) -> None:
    """A line for each file; its clusters written into `assignments`."""
    print(f"\n{title:14} articles  BCubed   P     R     pairs  mixed  fragmented   simple method")
    for name in FILES:
        items = read_events(folder / f"{name}.jsonl")
        found = replay(items, meanings=meanings)
        s = score({item.id: item.event for item in items}, found)
        simple = SIMPLE[name]
        print(
            f"{name:14} {len(items):8} {s.bcubed:7.3f} {s.bcubed_precision:5.3f} {s.bcubed_recall:5.3f}"
            f" {s.pairs:6.3f} {s.mixed:6.2f} {s.fragmented:8.2f}        {simple[0]:.3f} {simple[1]:.3f}",
            flush=True,
        )
        if assignments is not None:
            lines = (json.dumps({"id": key, "cluster": cluster}) + "\n" for key, cluster in found.items())
            (assignments / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--assignments", type=Path, help="Folder to write each file's clusters to.")
    parser.add_argument("--vectors", type=Path, help="A file in which vectors are kept from run to run.")
    wanted = parser.parse_args()
    print_table("words alone", wanted.folder, None, wanted.assignments)
    if find_encoder() is None:
        print("\nThe encoder's weights are not installed: no table with vectors.")
        return
    meanings = Meanings(wanted.vectors)
    print_table("with vectors", wanted.folder, meanings, wanted.assignments)
    meanings.keep()


if __name__ == "__main__":
    main()
