"""Where an article belongs as editors laid it down: within their bounds, by the computation; else by their word."""

from __future__ import annotations

from dataclasses import replace

from monitor.model import Article, ArticleId, CandidateId, Joined, Match, Ruling, RulingKind
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.grouping import Bounds, match_article
from monitor.stages.rulings import forbidden, may_copy, original_of, required
from monitor.stages.window import Window
from monitor.store.database import Transaction
from monitor.store.grouping import list_placed
from monitor.store.reruns import list_homes
from monitor.store.rulings import list_rulings_of


def match_as_ruled(
    tx: Transaction,
    article: Article,
    made: Fingerprint,
    window: Window,
    rulings: tuple[Ruling, ...] | None = None,
) -> Match:
    """Where `article` belongs; `rulings` are those that stand and speak of it, if at hand. Most have none."""
    rulings = list_rulings_of(tx, [article.id]) if rulings is None else rulings
    if not rulings:
        return match_article(article, made, window)
    home = _find_home(tx, article.id, rulings)
    bounds = Bounds(
        forbids=lambda candidate: (
            candidate != home[0]
            if home is not None
            else forbidden([article.id], list_placed(tx, candidate), rulings) is not None
        ),
        may_copy=lambda other: may_copy(article.id, other, rulings),
    )
    match = match_article(article, made, window, bounds=bounds)
    if home is not None and match.candidate != home[0]:
        match = placed_by_hand(match, *home)
    return copied_by_hand(match, article.id, rulings)


def _find_home(tx: Transaction, article: ArticleId, rulings: tuple[Ruling, ...]) -> tuple[CandidateId, Ruling] | None:
    """The candidate that holds what the article was ruled to be one event with; of several the newest ruling's."""
    for ruling in sorted(rulings, key=lambda r: -r.id):
        if ruling.kind is not RulingKind.TOGETHER:
            continue
        others = [a for a in (*ruling.left, *ruling.right) if a != article]
        for candidate in sorted(set(list_homes(tx, others).values())):
            if found := required([article], list_placed(tx, candidate), rulings):
                return candidate, found
    return None


def placed_by_hand(match: Match, candidate: CandidateId, ruling: Ruling) -> Match:
    """The match of an article that a ruling puts where the computation would not have put it."""
    return replace(
        match,
        candidate=candidate,
        joined=Joined.EDITOR,
        copy_of=None,
        similarity=1.0,
        reason=f"Placed here by {ruling.by} (ruling {ruling.id}): {ruling.reason}",
    )


def copied_by_hand(match: Match, article: ArticleId, rulings: tuple[Ruling, ...]) -> Match:
    """The match of an article of which an editor said whose text it repeats."""
    original = original_of(article, rulings)
    return match if original is None else replace(match, copy_of=original)
