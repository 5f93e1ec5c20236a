"""Articles → copies, independent publishers, source count, sourcing standard: the count that must be defensible.

Five rules, the stronger first:

1. *An editor's ruling* holds: what "does not count" never does, what "counts" is a telling of its own, what is "not a
   copy" or "not derived" is judged as if it had not looked like one.
2. *Copies fold*: articles that say the same in the same words are one text, whoever printed it, and only its original
   can count.
3. *Hearsay adds nothing*: an article that only retells another's report (`derived`) is not counted beside any article
   that tells it first-hand. Where nobody does, one retelling stands for what all of them retell: one voice, the
   reporter's, whom we have not read.
4. *Voices fold*: texts of one publisher, or of publishers of one owner, are one voice, and only one article counts: the
   earliest, or the one that an editor ruled to count. A text printed under an agency's name has the agency's voice.
5. *A house speaks once*: no owner, and no publisher without one, ever counts twice, whoever's words it prints and
   whatever was ruled. So the count can never exceed the number of independent publishers.

A mention in a round-up neither counts nor speaks. Nothing depends on the order in which the articles are given.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from monitor.model import (
    ArticleId,
    Joined,
    Member,
    Origin,
    PublisherId,
    Ruling,
    RulingKind,
    Sourcing,
    SourcingStandard,
    Standing,
    Tier,
)
from monitor.stages.derived import Reporters, Retelling, find_retelling
from monitor.stages.owners import NO_REGISTER, OwnerIndex
from monitor.stages.rulings import copies_as_ruled, ruled_counting
from monitor.stages.voices import NO_OWNERS, Lent, Owners, Voices

TITLE_LIMIT = 80  # characters of a title inside a reason
QUOTE_LIMIT = 160  # of a quotation


def count_sources(
    members: Sequence[Member],
    owners: Owners = NO_OWNERS,
    rulings: Sequence[Ruling] = (),
    *,
    register: OwnerIndex = NO_REGISTER,
) -> Sourcing:
    """The independent publishers among `members`, with one standing per member in the order given.

    `owners` names the company behind a publisher, as feeds.yaml says; `register` knows those of others. `rulings` are
    those that stand and speak of any of the articles.
    """
    count = _Count([m for m in members if m.joined is not Joined.MENTION], owners, rulings, register)
    standings = tuple(_standing(m, count) for m in members)
    return Sourcing(source_count=len(count.speakers), standings=standings, standard=_standard(count))


def speaking_member(members: Sequence[Member], sourcing: Sourcing) -> Member:
    """The article whose title speaks for all. `members` must not be empty.

    The earliest that counts of the press, in the language of most: a court's, a regulator's or a status page's title
    is terse, and speaks where nobody else does. Where nothing counts, the earliest that is more than a mention.
    """
    counting = {s.article for s in sourcing.standings if s.counts}
    speakers = (
        [m for m in members if m.article.id in counting]
        or [m for m in members if m.joined is not Joined.MENTION]
        or list(members)
    )
    spoken = Counter(_language(m) for m in speakers)
    return min(speakers, key=lambda m: (m.article.origin is not Origin.PRESS, -spoken[_language(m)], _age(m)))


def _language(member: Member) -> str:
    return (member.article.language or "").partition("-")[0].casefold()


def _standard(count: _Count) -> SourcingStandard:
    if len(count.speakers) < 2:
        return SourcingStandard.SINGLE_SOURCE
    is_primary = any(m.article.tier is Tier.PRIMARY for m in count.first_hand)
    return SourcingStandard.CONFIRMED if is_primary else SourcingStandard.STANDARD


def _age(member: Member) -> tuple[object, ...]:
    return (member.article.told_at, member.article.id)


# --- rulings ----------------------------------------------------------------------------------------------------


class _Ruled:
    """What editors laid down of the articles; of two that speak differently the later holds."""

    def __init__(self, rulings: Sequence[Ruling], members: Sequence[Member]) -> None:
        articles = [m.article.id for m in members]
        self.worth = {a: ruling for a in articles if (ruling := ruled_counting(a, rulings)) is not None}
        self.own_report = {a: r for r in rulings if r.kind is RulingKind.NOT_DERIVED for a in r.left}
        self.not_copies = {a: r for r in rulings if r.kind is RulingKind.NOT_A_COPY for a in r.left}
        self.copies = {a: r for r in rulings if r.kind is RulingKind.COPY for a in r.left}
        free = {a for a, r in self.worth.items() if r.kind is RulingKind.COUNTS}
        found = {m.article.id: None if m.article.id in free else m.copy_of for m in members}
        self.text_of = {
            article: article if original is None or article in free else original
            for article, original in copies_as_ruled(found, rulings).items()
        }

    def counts(self, member: Member) -> Ruling | None:
        """The ruling by which the article counts."""
        return self._worth(member, RulingKind.COUNTS)

    def is_out(self, member: Member) -> Ruling | None:
        """The ruling by which it does not."""
        return self._worth(member, RulingKind.DOES_NOT_COUNT)

    def _worth(self, member: Member, kind: RulingKind) -> Ruling | None:
        found = self.worth.get(member.article.id)
        return found if found is not None and found.kind is kind else None


# --- counting ---------------------------------------------------------------------------------------------------


class _Count:
    """Who stands for whom."""

    def __init__(
        self, telling: Sequence[Member], owners: Owners, rulings: Sequence[Ruling], register: OwnerIndex
    ) -> None:
        self.ruled = ruled = _Ruled(rulings, telling)
        self.voices = Voices(telling, owners, register)
        self.house_of: dict[PublisherId, str] = {m.article.publisher: self.voices.house(m.article) for m in telling}
        self.original_of = _originals(telling, ruled)
        texts = sorted({o.article.id: o for o in self.original_of.values()}.values(), key=_age)
        self.retold = self._retold(texts, register)
        self.lent: dict[ArticleId, Lent] = {}
        for text in texts:
            if (lent := self.voices.lent(text.article, self.house_of)) is not None:
                self.lent[text.article.id] = lent
        self.first_hand = [t for t in texts if t.article.id not in self.retold and not ruled.is_out(t)]
        self.speakers: dict[str, Member] = {}  # by house
        self.refused: dict[ArticleId, Member] = {}  # by which other of its voice or house
        self._choose()
        if not self.speakers:
            self._let_hearsay_speak([t for t in texts if t.article.id in self.retold and not ruled.is_out(t)], texts)

    def voice(self, text: Member) -> str:
        lent = self.lent.get(text.article.id)
        return self.house_of[text.article.publisher] if lent is None else lent.voice

    def _retold(self, texts: Sequence[Member], register: OwnerIndex) -> dict[ArticleId, Retelling]:
        press = {m.article.publisher_name: m.article.publisher_name for m in texts if m.article.origin is Origin.PRESS}
        reporters = _reporters(tuple(sorted(press)), register)
        found: dict[ArticleId, Retelling] = {}
        for text in texts:
            article = text.article
            if article.origin is not Origin.PRESS or article.tier is Tier.PRIMARY:
                continue
            if self.ruled.counts(text) is not None or article.id in self.ruled.own_report:
                continue
            retelling = _retelling(article.title, article.text, self.voices.own_names(article), reporters)
            if retelling is not None:
                found[article.id] = retelling
        return found

    def _choose(self) -> None:
        """One article for each voice and house: what is ruled to count first, then own words, then the earliest."""
        by_voice: dict[str, Member] = {}
        for text in sorted(
            self.first_hand,
            key=lambda t: (self.ruled.counts(t) is None, t.article.id in self.lent, *_age(t)),
        ):
            house, voice = self.house_of[text.article.publisher], self.voice(text)
            if voice in by_voice:
                self.refused[text.article.id] = by_voice[voice]
            elif house in self.speakers:
                self.refused[text.article.id] = self.speakers[house]
            else:
                by_voice[voice] = self.speakers[house] = text

    def _let_hearsay_speak(self, hearsay: Sequence[Member], texts: Sequence[Member]) -> None:
        """The earliest retelling stands for all, unless an editor ruled out the very report that it retells."""
        out = {self.house_of[t.article.publisher] for t in texts if self.ruled.is_out(t)}
        for text in hearsay:
            if self.voices.called(self.retold[text.article.id].reporter, self.house_of) not in out:
                self.speakers[self.house_of[text.article.publisher]] = text
                return


@lru_cache(64)
def _reporters(names: tuple[str, ...], register: OwnerIndex) -> Reporters:
    return Reporters(
        {name: name for name in names if not register.reporters.meant_by(name)}, besides=register.reporters
    )


@lru_cache(1024)  # a candidate is counted anew whenever an article joins it
def _retelling(title: str, text: str, own_names: tuple[str, ...], reporters: Reporters) -> Retelling | None:
    return find_retelling(title, text, own_names=own_names, reporters=reporters)


def _originals(members: Sequence[Member], ruled: _Ruled) -> Mapping[ArticleId, Member]:
    """For each article the member that stands for its text: itself, where it is no copy.

    Copies of copies are one text. A primary source is the original of what is reprinted from it, whichever was seen
    first; where the original is not among the members, its earliest reprint stands in.
    """
    texts: dict[ArticleId, list[Member]] = defaultdict(list)
    for member in members:
        texts[ruled.text_of[member.article.id]].append(member)
    found: dict[ArticleId, Member] = {}
    for same in texts.values():
        original = min(same, key=_originality)
        found.update((m.article.id, original) for m in same)
    return found


def _originality(member: Member) -> tuple[object, ...]:
    return (member.article.tier is not Tier.PRIMARY, member.copy_of is not None, *_age(member))


# --- saying why -------------------------------------------------------------------------------------------------


def _standing(member: Member, count: _Count) -> Standing:
    article = member.article
    if member.joined is Joined.MENTION:
        return _stands(member, "A round-up that names it among others: a mention counts nowhere by itself.")
    if (ruling := count.ruled.is_out(member)) is not None:
        return _stands(member, f"Does not count: {_ruled(ruling)}.")
    original = count.original_of[article.id]
    if member is not original:
        return _stands(member, _why_a_copy(member, original, count))
    if count.speakers.get(count.house_of[article.publisher]) is member:
        return Standing(article=article.id, counts=True, reason=_why_it_counts(member, count))
    if article.id in count.retold:
        return _stands(member, _why_hearsay(member, count))
    return _stands(member, _why_refused(member, count.refused[article.id], count))


def _stands(member: Member, reason: str) -> Standing:
    return Standing(article=member.article.id, counts=False, reason=reason)


def _why_a_copy(member: Member, original: Member, count: _Count) -> str:
    if (ruling := count.ruled.copies.get(member.article.id)) is not None:
        return f"A copy of {_named(original)}: {_ruled(ruling)}."
    lent = count.voices.lent(member.article, count.house_of)
    credited = "" if lent is None or lent.voice != count.voice(original) else f", which it credits ({_quoted(lent)})"
    return f"A copy of {_named(original)}{credited}: the same text is one source, however often it is printed."


def _why_it_counts(member: Member, count: _Count) -> str:
    article, name = member.article, member.article.publisher_name
    if (ruling := count.ruled.counts(member)) is not None:
        return f"{name} counts: {_ruled(ruling)}."
    if (retelling := count.retold.get(article.id)) is not None:
        return (
            f"{name} stands for {retelling.reporter}, whose report it retells (“{retelling.quote}”): "
            "nobody here tells it first-hand."
        )
    if (lent := count.lent.get(article.id)) is not None:
        return f"{name} stands for {lent.name}, whose words it prints ({_quoted(lent)})."
    if count.ruled.text_of[article.id] != article.id and article.tier is not Tier.PRIMARY:
        return f"{name} stands for a text whose original is not among these articles."
    kind = "primary source" if article.tier is Tier.PRIMARY else "source"
    own = count.ruled.own_report.get(article.id) or count.ruled.not_copies.get(article.id)
    return f"{name} tells it in its own words: an independent {kind}{f'; {_ruled(own)}' if own else ''}."


def _why_hearsay(member: Member, count: _Count) -> str:
    retelling = count.retold[member.article.id]
    speaker = count.speakers.get(count.voices.called(retelling.reporter, count.house_of))
    counted = f", which counts with {_titled(speaker)}" if speaker is not None else ""
    return (
        f"Retells {retelling.reporter}{counted} (“{retelling.quote}”), and reports nothing of its own: "
        "hearsay is no further source."
    )


def _why_refused(member: Member, speaker: Member, count: _Count) -> str:
    name = member.article.publisher_name
    ruling = count.ruled.counts(member)
    but = f"{name} would count ({_ruled(ruling)}), but no publisher counts twice: " if ruling is not None else ""
    lent = count.lent.get(member.article.id)
    if lent is not None and count.voice(speaker) == lent.voice:
        words = f"{name} prints the words of {lent.name} ({_quoted(lent)})"
        return f"{but}{words}, which already count with {_named(speaker)}."
    if member.article.publisher == speaker.article.publisher:
        return f"{but}{name} already counts with {_titled(speaker)}."
    owned = count.voices.owned(member.article) or count.voices.owned(speaker.article)
    owner = "the same house" if owned is None else f"{owned.owner} ({owned.evidence})"
    return f"{but}{name} belongs to {owner}, which already counts with {_named(speaker)}."


def _ruled(ruling: Ruling) -> str:
    return f"{ruling.by} ruled so on {ruling.at.day} {ruling.at:%B %Y} (“{_cut(ruling.reason, QUOTE_LIMIT)}”)"


def _quoted(lent: Lent) -> str:
    return f"“{_cut(lent.credit.quote or lent.credit.name, QUOTE_LIMIT)}”"


def _named(member: Member) -> str:
    return f"{_titled(member)} ({member.article.publisher_name})"


def _titled(member: Member) -> str:
    return f"“{_cut(member.article.title, TITLE_LIMIT)}”"


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"
