"""Write the fit where the package reads it: monitor/stages/fitted.py."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from monitor.stages import fitted
from monitor.stages.candidacy import CANDIDATE_FEATURES
from monitor.stages.similarity import PAIR_FEATURES
from monitor.stages.weights import Weights

_HEAD = '''"""The coefficients and trees of `weights`, as `benchmarks.fit_grouping` found them."""

from __future__ import annotations

'''


def write_fitted(by_words: Weights, by_meaning: Weights) -> None:
    """Both fits, and the probability from which an article joins."""
    lines = [
        f"JOIN_AT = {by_words.join_at}  # an editor merges in one step, but has to read to find what was joined wrongly"
    ]
    for name, weights in (("BY_WORDS", by_words), ("BY_MEANING", by_meaning)):
        lines += ["", f"{name} = ("]
        lines += [f"    {weights.pair_intercept},", *_named(PAIR_FEATURES, weights.pair)]
        lines += [f"    {weights.candidate_intercept},", *_named(CANDIDATE_FEATURES, weights.candidate)]
        lines += ['    """', *_trees(weights), '    """,', ")"]
    Path(fitted.__file__).write_text(_HEAD + "\n".join(lines) + "\n", encoding="utf-8")


def _named(names: Sequence[str], values: Sequence[float]) -> Iterator[str]:
    yield "    {"
    for name, value in zip(names, values, strict=True):
        if value:
            yield f'        "{name}": {value},'
    yield "    },"


def _trees(weights: Weights) -> Iterator[str]:
    for tree in weights.trees.trees:
        asked, _, leaves = str(tree).partition(" | ")
        words = asked.split()
        yield "    " + " ".join(words[:4])
        yield "    " + " ".join(words[4:])
        yield f"        | {leaves};"
