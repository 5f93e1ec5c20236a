"""Fit the relevance model that ships, from the labelled headlines, and write it.

usage: python -m benchmarks.fit_relevance FOLDER [OUT]

FOLDER holds relevance/headlines.jsonl and events/stream2026.jsonl (development data, not in this repository; see
docs/score.md for what they are). OUT is monitor/shipped/relevance.npz unless named. Some 40 s of processor time.
The calibration comes from headlines judged by models that had not seen their stretch of time.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from benchmarks.relevance_data import cross_judge, learn, load_headlines, products, scale_of
from monitor.stages.relevance import pack_model

OUT = Path(__file__).parents[1] / "monitor" / "shipped" / "relevance.npz"


def main(argv: list[str]) -> None:
    """Fit, calibrate, write."""
    if not 1 <= len(argv) <= 2:
        sys.exit(__doc__)
    data = load_headlines(Path(argv[0]))
    every = np.ones(len(data.ids), bool)
    slope, shift = scale_of(data, products(*cross_judge(data)), every)
    model = replace(learn(data, every), version="1", slope=slope, shift=shift)
    out = Path(argv[1]) if len(argv) > 1 else OUT
    packed = pack_model(model)
    out.write_bytes(packed)
    print(f"{out.name}: {len(packed) / 1e6:.2f} MB, SHA-256 {hashlib.sha256(packed).hexdigest()}")
    print(f"from {len(data.ids)} headlines; scale {slope:.3f} x {shift:+.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
