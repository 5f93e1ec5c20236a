"""What editors laid down × articles → what a computation may not do, and what it must.

Of two rulings that speak of the same pair of articles the later one holds, so that an undone merge leaves standing what
was ruled before it. The callers pass rulings that stand; withdrawn ones are not looked for here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from monitor.model import ArticleId, Ruling, RulingKind

Pair = tuple[ArticleId, ArticleId]

_PLACING = frozenset({RulingKind.TOGETHER, RulingKind.APART})
_COPYING = frozenset({RulingKind.COPY, RulingKind.NOT_A_COPY})
_COUNTING = frozenset({RulingKind.COUNTS, RulingKind.DOES_NOT_COUNT})


def forbidden(
    articles: Collection[ArticleId], members: Collection[ArticleId], rulings: Iterable[Ruling]
) -> Ruling | None:
    """The ruling that keeps `articles` out of a candidate with `members`; of several the newest."""
    found = _placed(articles, members, rulings).values()
    return max((r for r in found if r.kind is RulingKind.APART), key=lambda r: r.id, default=None)


def required(
    articles: Collection[ArticleId], members: Collection[ArticleId], rulings: Iterable[Ruling]
) -> Ruling | None:
    """The ruling by which `articles` belong with `members`; None also where another one keeps them out."""
    found = _placed(articles, members, rulings).values()
    if any(r.kind is RulingKind.APART for r in found):
        return None
    return max(found, key=lambda r: r.id, default=None)


def may_copy(article: ArticleId, original: ArticleId, rulings: Iterable[Ruling]) -> bool:
    """Whether nobody ruled that `article` does not repeat the text of `original`."""
    for ruling in _newest_first(rulings, _COPYING):
        if article in ruling.left and (original in ruling.right or not ruling.right):
            return ruling.kind is RulingKind.COPY
    return True


def original_of(article: ArticleId, rulings: Iterable[Ruling]) -> ArticleId | None:
    """The article whose text `article` repeats by an editor's word; None where nobody said so."""
    for ruling in _newest_first(rulings, _COPYING):
        if article in ruling.left:
            return ruling.right[0] if ruling.kind is RulingKind.COPY else None
    return None


def ruled_counting(article: ArticleId, rulings: Iterable[Ruling]) -> Ruling | None:
    """The newest ruling on whether `article` counts; None where nobody said."""
    return next((r for r in _newest_first(rulings, _COUNTING) if article in r.left), None)


def _newest_first(rulings: Iterable[Ruling], kinds: frozenset[RulingKind]) -> list[Ruling]:
    return sorted((r for r in rulings if r.kind in kinds), key=lambda r: -r.id)


def _placed(
    articles: Collection[ArticleId], members: Collection[ArticleId], rulings: Iterable[Ruling]
) -> dict[Pair, Ruling]:
    """The ruling that holds for each pair of an article and a member of which any speaks."""
    ours, theirs = frozenset(articles), frozenset(members)
    found: dict[Pair, Ruling] = {}
    for ruling in _newest_first(rulings, _PLACING):
        for pair in _pairs(ruling, ours, theirs):
            found.setdefault(pair, ruling)
    return found


def _pairs(ruling: Ruling, ours: frozenset[ArticleId], theirs: frozenset[ArticleId]) -> Iterator[Pair]:
    if ruling.kind is RulingKind.TOGETHER:
        both = {*ruling.left, *ruling.right}
        yield from ((a, b) for a in ours & both for b in theirs & both if a != b)
        return
    left, right = set(ruling.left), set(ruling.right)
    yield from ((a, b) for a in ours & left for b in theirs & right)
    yield from ((a, b) for a in ours & right for b in theirs & left)
