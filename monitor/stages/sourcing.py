"""Articles → copies, independent publishers, source count, sourcing standard: the count that must be defensible.

Two rules, in this order. *Copies fold*: articles that say the same in the same words are one text, whoever printed it,
and only its original can count. *Voices fold*: originals by one publisher, or by publishers of one owner, are one
voice, and only its earliest article counts. So the count can never exceed the number of publishers, nor the number of
texts, and it does not depend on the order in which the articles are given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from monitor.model import ArticleId, Member, Origin, PublisherId, Sourcing, SourcingStandard, Standing, Tier

TITLE_LIMIT = 80  # characters of a title inside a reason

Owners = Mapping[PublisherId, str]
NO_OWNERS: Owners = {}


def count_sources(members: Sequence[Member], owners: Owners = NO_OWNERS) -> Sourcing:
    """The independent publishers among `members`, with one standing per member in the order given.

    `owners` names the company behind a publisher, where it is known: publishers of one owner are one voice.
    """
    originals = _originals(members)
    voices: dict[str, list[Member]] = defaultdict(list)
    for member in sorted(
        {originals[m.article.id].article.id: originals[m.article.id] for m in members}.values(), key=_age
    ):
        voices[_voice(member, owners)].append(member)
    speakers = {voice: told[0] for voice, told in voices.items()}
    standings = tuple(_standing(m, originals[m.article.id], speakers, owners) for m in members)
    is_primary = any(m.article.tier is Tier.PRIMARY for told in voices.values() for m in told)
    return Sourcing(
        source_count=len(voices), standings=standings, standard=_standard(len(voices), is_primary=is_primary)
    )


def speaking_member(members: Sequence[Member], sourcing: Sourcing) -> Member:
    """The article whose title speaks for all. `members` must not be empty.

    The earliest that counts of the press, in the language of most: a court's, a regulator's or a status page's title
    is terse, and speaks where nobody else does.
    """
    counting = {s.article for s in sourcing.standings if s.counts}
    speakers = [m for m in members if m.article.id in counting]
    spoken = Counter(_language(m) for m in speakers)
    return min(speakers, key=lambda m: (m.article.origin is not Origin.PRESS, -spoken[_language(m)], _age(m)))


def _language(member: Member) -> str:
    return (member.article.language or "").partition("-")[0].casefold()


def _standard(source_count: int, *, is_primary: bool) -> SourcingStandard:
    if source_count < 2:
        return SourcingStandard.SINGLE_SOURCE
    return SourcingStandard.CONFIRMED if is_primary else SourcingStandard.STANDARD


def _age(member: Member) -> tuple[object, ...]:
    return (member.article.told_at, member.article.id)


def _voice(member: Member, owners: Owners) -> str:
    owner = owners.get(member.article.publisher)
    return f"publisher:{member.article.publisher}" if owner is None else f"owner:{owner.casefold()}"


def _originals(members: Sequence[Member]) -> dict[ArticleId, Member]:
    """For each article the member that stands for its text: itself, where it is no copy.

    Copies of copies are one text. A primary source is the original of what is reprinted from it, whichever was seen
    first; where the original is not among the members, its earliest reprint stands in.
    """
    texts: dict[ArticleId, list[Member]] = defaultdict(list)
    root = _roots(members)
    for member in members:
        texts[root[member.article.id]].append(member)
    found: dict[ArticleId, Member] = {}
    for same in texts.values():
        original = min(same, key=_originality)
        found.update((m.article.id, original) for m in same)
    return found


def _originality(member: Member) -> tuple[object, ...]:
    return (member.article.tier is not Tier.PRIMARY, member.copy_of is not None, *_age(member))


def _roots(members: Iterable[Member]) -> dict[ArticleId, ArticleId]:
    """Union of all that `copy_of` joins, also through an original that is not a member."""
    parent: dict[ArticleId, ArticleId] = {}

    def find(article: ArticleId) -> ArticleId:
        while (above := parent.setdefault(article, article)) != article:
            article = above
        return article

    for member in members:
        here = find(member.article.id)
        if member.copy_of is not None:
            parent[here] = find(member.copy_of)
    return {article: find(article) for article in list(parent)}


def _standing(member: Member, original: Member, speakers: Mapping[str, Member], owners: Owners) -> Standing:
    if member is not original:
        return _stands(
            member, f"A copy of {_named(original)}: the same text is one source, however often it is printed."
        )
    speaker = speakers[_voice(member, owners)]
    if member is speaker:
        return Standing(article=member.article.id, counts=True, reason=_why_it_counts(member))
    if member.article.publisher == speaker.article.publisher:
        return _stands(member, f"{member.article.publisher_name} already counts with {_titled(speaker)}.")
    owner = owners[member.article.publisher]
    return _stands(
        member, f"{member.article.publisher_name} belongs to {owner}, which already counts with {_named(speaker)}."
    )


def _stands(member: Member, reason: str) -> Standing:
    return Standing(article=member.article.id, counts=False, reason=reason)


def _why_it_counts(member: Member) -> str:
    name = member.article.publisher_name
    if member.copy_of is not None and member.article.tier is not Tier.PRIMARY:
        return f"{name} stands for a text whose original is not among these articles."
    kind = "primary source" if member.article.tier is Tier.PRIMARY else "source"
    return f"{name} tells it in its own words: an independent {kind}."


def _named(member: Member) -> str:
    return f"{_titled(member)} ({member.article.publisher_name})"


def _titled(member: Member) -> str:
    title = member.article.title
    return f"“{title if len(title) <= TITLE_LIMIT else title[: TITLE_LIMIT - 1].rstrip() + '…'}”"
