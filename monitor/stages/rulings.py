"""What editors laid down × articles → what a computation may not do, and what it must.

Of two rulings that speak of the same pair of articles the later one holds, so that an undone merge leaves standing what
was ruled before it. The callers pass rulings that stand; withdrawn ones are not looked for here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from monitor.errors import IllegalDecision
from monitor.model import ArticleId, CandidateId, Ruling, RulingId, RulingKind

LONGEST_REASON = 2_000  # characters

Pair = tuple[ArticleId, ArticleId]

_PLACING = frozenset({RulingKind.TOGETHER, RulingKind.APART})
_COPYING = frozenset({RulingKind.COPY, RulingKind.NOT_A_COPY})
_COUNTING = frozenset({RulingKind.COUNTS, RulingKind.DOES_NOT_COUNT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What an editor wants to lay down, before it is allowed."""

    kind: RulingKind
    left: tuple[ArticleId, ...]
    right: tuple[ArticleId, ...] = ()
    reason: str


def check_ruling(
    wish: Wish, candidate: CandidateId, *, members: Collection[ArticleId], elsewhere: Collection[ArticleId]
) -> None:
    """Raise IllegalDecision where a wish about a candidate with `members` makes no sense, and say what to do instead.

    `elsewhere` are those on its right that are in other candidates.
    """
    if not wish.reason:
        raise IllegalDecision("A ruling needs a reason: those who come later will ask. Nothing was laid down.")
    if len(wish.reason) > LONGEST_REASON:
        raise IllegalDecision(f"The reason has {len(wish.reason)} characters; {LONGEST_REASON} are kept. Shorten it.")
    if not wish.left:
        raise IllegalDecision("Name at least one article that the ruling speaks of. Nothing was laid down.")
    if foreign := sorted(set(wish.left) - set(members)):
        raise IllegalDecision(f"Article {foreign[0]} does not tell the event of candidate {candidate}.")
    if both := sorted(set(wish.left) & set(wish.right)):
        raise IllegalDecision(f"Article {both[0]} is named on both sides of the ruling. Name it once.")
    match wish.kind:
        case RulingKind.TOGETHER:
            raise IllegalDecision("Articles come together by a merge: monitor merge CANDIDATE OTHER")
        case RulingKind.APART:
            _check_apart(wish, candidate, members, elsewhere)
        case RulingKind.COPY:
            _check_copy(wish, candidate, members)
        case RulingKind.NOT_A_COPY:
            pass
        case _ if wish.right:
            raise IllegalDecision(f"“{wish.kind}” speaks of single articles: nothing stands on its right.")


def _check_apart(
    wish: Wish, candidate: CandidateId, members: Collection[ArticleId], elsewhere: Collection[ArticleId]
) -> None:
    if not wish.right:
        raise IllegalDecision(f"Name another candidate or article that candidate {candidate} is kept apart from.")
    if inside := sorted(set(wish.right) & set(members)):
        raise IllegalDecision(
            f"Article {inside[0]} is in candidate {candidate} now. Split it off, which keeps them apart from then on: "
            f"monitor split {candidate} {inside[0]}"
        )
    if unknown := sorted(set(wish.right) - set(elsewhere)):
        raise IllegalDecision(f"Article {unknown[0]} is in no candidate.")


def _check_copy(wish: Wish, candidate: CandidateId, members: Collection[ArticleId]) -> None:
    if len(wish.right) != 1:
        raise IllegalDecision("Name the one article whose text is repeated.")
    if wish.right[0] not in members:
        raise IllegalDecision(
            f"Article {wish.right[0]} does not tell the event of candidate {candidate}: merge the two candidates first."
        )


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


def copies_as_ruled(
    found: Mapping[ArticleId, ArticleId | None], rulings: Collection[Ruling]
) -> dict[ArticleId, ArticleId | None]:
    """For each article the original that it is folded under: as found, unless an editor said otherwise.

    A copy of a copy is one of the original; where editors made a circle, the earliest article of it is the original.
    """
    said: dict[ArticleId, ArticleId | None] = {}
    for article, original in found.items():
        ruled = original_of(article, rulings)
        is_kept = original is not None and may_copy(article, original, rulings)
        said[article] = ruled if ruled is not None else original if is_kept else None
    return {article: _root(article, said) for article in said}


def _root(article: ArticleId, said: Mapping[ArticleId, ArticleId | None]) -> ArticleId | None:
    way = [article]
    while (above := said.get(way[-1])) is not None:
        if above in way:
            way.append(min(way[way.index(above) :]))
            break
        way.append(above)
    return None if way[-1] == article else way[-1]


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


# --- all rulings at once ----------------------------------------------------------------------------------------


Key = tuple[str, int]  # what binds articles to each other: a ruling, or a candidate that they must stay in


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What all rulings say together of articles where they are: which are bound, and which of these never share."""

    keys: Mapping[ArticleId, Key]  # articles of one key stay together
    apart: Mapping[Key, frozenset[Key]]  # and never share a candidate with those of these keys


def anchor(candidate: CandidateId) -> Key:
    """The key of what must stay in a candidate that an editor decided on."""
    return ("anchor", candidate)


def settle(
    rulings: Collection[Ruling], homes: Mapping[ArticleId, CandidateId], pins: Mapping[ArticleId, CandidateId]
) -> Settled:
    """Rulings that stand, made one, for articles in their `homes`, of which those with `pins` must stay.

    Hands have put articles where they are: what was ruled together and is together stays so, what was ruled apart and
    is apart stays so. Where the articles are now satisfies all of it, so it can be satisfied.
    """
    keys = _bound(rulings, homes, pins)
    together: dict[ArticleId, list[RulingId]] = {}
    for ruling in _newest_first(rulings, _PLACING):
        if ruling.kind is RulingKind.TOGETHER:
            for article in {*ruling.left, *ruling.right}:
                together.setdefault(article, []).append(ruling.id)
    apart: dict[Key, set[Key]] = {}
    for ruling in rulings:
        if ruling.kind is not RulingKind.APART:
            continue
        for one, other in product(ruling.left, ruling.right):
            if one not in homes or other not in homes or homes[one] == homes[other]:
                continue
            if not any(later > ruling.id for later in {*together.get(one, ())}.intersection(together.get(other, ()))):
                apart.setdefault(keys[one], set()).add(keys[other])
                apart.setdefault(keys[other], set()).add(keys[one])
    return Settled(keys=keys, apart={key: frozenset(others) for key, others in apart.items()})


def _bound(
    rulings: Iterable[Ruling], homes: Mapping[ArticleId, CandidateId], pins: Mapping[ArticleId, CandidateId]
) -> dict[ArticleId, Key]:
    """The key of each article that is ruled upon: those of one home that a ruling holds together share one."""
    head: dict[ArticleId, ArticleId] = {}

    def find(article: ArticleId) -> ArticleId:
        while (above := head.setdefault(article, article)) != article:
            article = above
        return article

    for ruling in rulings:
        for article in (*ruling.left, *ruling.right):
            if article in homes:
                find(article)
        if ruling.kind is RulingKind.TOGETHER:
            first: dict[CandidateId, ArticleId] = {}
            for article in sorted(a for a in {*ruling.left, *ruling.right} if a in homes):
                one, other = find(first.setdefault(homes[article], article)), find(article)
                head[max(one, other)] = min(one, other)
    pinned = {find(article): anchor(pins[article]) for article in head if article in pins}
    return {article: pinned.get(find(article), ("bond", find(article))) for article in list(head)}
