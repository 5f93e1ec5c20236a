"""Article × recent candidates → Match: joins one or opens one, with a reason an editor can read.

A copy joins its original. Any other article is weighed against each candidate among its neighbours by what it shares
with the nearest article, with the candidate as a whole, and by how far the second-best candidate lies behind: in a
long saga an article resembles many candidates a little, in an event one candidate much. The coefficients are fitted
as those of `similarity` are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from monitor.model import Article, ArticleId, CandidateId, Evidence, Joined, Match
from monitor.stages import fingerprint as fingerprints
from monitor.stages.archive import UNKNOWN_PUBLISHER
from monitor.stages.candidacy import Field, Neighbour, candidate_features, find_centres
from monitor.stages.copies import COPY_CONTAINMENT, Copied, find_original, find_translated
from monitor.stages.explain import days_between, find_evidence, say_copied, say_digest, say_joined, say_opened
from monitor.stages.fingerprint import Fingerprint, without
from monitor.stages.marks import name_mark
from monitor.stages.naming import Named, find_named, is_taken_to_court, names_another
from monitor.stages.related import YOUNG, Rival, find_earlier_outages, find_related
from monitor.stages.similarity import Other, Rarity, Weighed, are_foreign, features_of_pairs, is_outage
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import NEIGHBOURS, Telling, Window

ALGORITHM = fingerprints.VERSION * 100 + 11  # moves with any change of fingerprint, features, coefficients or rules
COMPARABLE = range(fingerprints.VERSION * 100, (fingerprints.VERSION + 1) * 100)  # algorithms of this fingerprint
ANOTHER_LEAST = 0.9  # probability that is needed where the headline tells of something else; see `naming`
BARE_LEAST = 0.05  # probability without the sentences that both have word for word
PROSPECTS = 8  # candidates that are judged in full: those of the nearest articles
INCIDENT_READ = 30  # first articles of a candidate among which its incident is looked for
ROUNDUPS_READ = 3  # earlier round-ups that may have mentioned what opens a candidate


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """A candidate that an article may join."""

    candidate: CandidateId
    nearest: Neighbour
    features: tuple[float, ...]  # CANDIDATE_FEATURES
    probability: float  # that the article tells the candidate's event


def telling_of(article: Article, made: Fingerprint, *, copy_of: ArticleId | None = None) -> Telling:
    """The article as the window keeps it."""
    return Telling(
        article=article.id,
        told_at=article.told_at,
        publisher=article.publisher,
        publisher_name=article.publisher_name,
        title=article.title,
        fingerprint=made,
        copy_of=copy_of,
    )


def match_article(
    article: Article, made: Fingerprint, window: Window, weights: Weights = FITTED, *, bounds: Bounds | None = None
) -> Match:
    """Where `article` belongs among the tellings of `window`, which it must not be in yet.

    `bounds` are an editor's: candidates that it never joins, and articles that it is no copy of.
    """
    telling = telling_of(article, made)
    rarity = window.rarity()
    near = window.neighbours(telling, rarity)
    if bounds is not None:
        near = tuple(n for n in near if not bounds.forbids(window.candidate_of(n.article)))
    called = {name_mark(c.name): c.name for c in article.credits}
    copied = _find_original(telling, near, window, bounds, called)
    if made.is_digest and (copied is None or copied[0].fingerprint.is_digest):
        return _roundup(copied, window)
    if copied is not None:
        return _copy(telling, copied, window, rarity, fingerprints.surfaces(article))
    telling = as_compared(telling, window)
    comparable = [n for n in comparable_of(telling, near) if not _has_incident(window, n, telling)]
    found = sorted(
        prospects(compare(telling, comparable, rarity, window, weights), telling, rarity, window, weights),
        key=lambda p: (-p.probability, p.candidate),
    )
    found = own_language_first(found, telling, weights.join_at)
    spelling = fingerprints.surfaces(article)
    if not found:
        outages = find_earlier_outages(telling, window, None, rarity, spelling)
        return replace(_opens(say_opened(), near), related=outages)
    best = found[0]
    least = _needed(best, telling, window, weights)
    evidence = _evidence(found, telling, rarity, spelling, least)
    joins = best.probability >= least and _holds_bare(best, telling, rarity, window, weights)
    if joins and (told := _find_translated(telling, best.candidate, window, bounds, called)) is not None:
        return _copy(telling, told, window, rarity, spelling)
    probable = [(p.candidate, p.probability) for p in found]
    if not joins and (named := find_named(telling, probable, rarity, window)) is not None:
        return _named(named, best.probability, evidence)
    is_young = not joins or len(window.members(best.candidate)) < YOUNG
    others = [
        Rival(candidate=p.candidate, nearest=p.nearest.telling, score=p.probability)
        for p in (found[1:] if joins else found)
    ]
    related = find_related(telling, others, rarity, spelling, threshold=weights.join_at) if is_young else ()
    return Match(
        candidate=best.candidate if joins else None,
        joined=Joined.EVENT if joins else Joined.OPENED,
        nearest=evidence.nearest,
        copy_of=None,
        similarity=best.probability if joins else 1.0,
        reason=say_joined(best.nearest.telling, evidence)
        if joins
        else say_opened(best.nearest.telling, evidence, is_other=least > weights.join_at),
        evidence=evidence,
        related=related + find_earlier_outages(telling, window, best.candidate if joins else None, rarity, spelling),
        roundups=() if joins else _roundups(near),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What editors laid down about one article, as its grouping heeds it."""

    forbids: Callable[[CandidateId], bool]
    may_copy: Callable[[ArticleId], bool]


def _find_original(
    telling: Telling, near: Iterable[Telling], window: Window, bounds: Bounds | None, called: Mapping[int, str]
) -> Copied[Telling] | None:
    if bounds is None:
        return find_original(telling, near, window, called=called)
    allowed = _Allowed(window, bounds)
    return find_original(telling, filter(allowed.is_allowed, near), allowed, called=called)


def _find_translated(
    telling: Telling, candidate: CandidateId, window: Window, bounds: Bounds | None, called: Mapping[int, str]
) -> Copied[Telling] | None:
    members: Iterable[Telling] = (window[member] for member in window.members(candidate)[-NEIGHBOURS:])
    if bounds is not None:
        members = filter(_Allowed(window, bounds).is_allowed, members)
    return find_translated(telling, members, called=called) if called else None


@dataclass(frozen=True, slots=True)
class _Allowed:
    """The window as far as an article may repeat what is in it."""

    window: Window
    bounds: Bounds

    def is_allowed(self, other: Telling) -> bool:
        if self.bounds.forbids(self.window.candidate_of(other.article)):
            return False
        return self.bounds.may_copy(other.article) and (other.copy_of is None or self.bounds.may_copy(other.copy_of))

    def with_headline(self, headline: int) -> tuple[Telling, ...]:
        return tuple(filter(self.is_allowed, self.window.with_headline(headline)))

    def with_phrases(self, made: Fingerprint) -> tuple[Telling, ...]:
        return tuple(filter(self.is_allowed, self.window.with_phrases(made)))


def _needed(best: Prospect, telling: Telling, window: Window, weights: Weights) -> float:
    """The probability from which on the article joins."""
    if best.probability >= ANOTHER_LEAST:
        return weights.join_at
    members = [window[m] for m in window.members(best.candidate)[-NEIGHBOURS:]]
    is_other = names_another(telling, members) or is_taken_to_court(telling, members)
    return ANOTHER_LEAST if is_other else weights.join_at


def _holds_bare(best: Prospect, telling: Telling, rarity: Rarity, window: Window, weights: Weights) -> bool:
    """Whether something speaks for `best` beyond sentences that both have word for word.

    Two papers of one house share a footer, two tellings of one event a quotation: only the latter have more in common.
    """
    repeated = window.repeated(telling)
    if not repeated:
        return True
    bare = replace(telling, fingerprint=replace(without(telling.fingerprint, repeated), vector=b""))
    near = compare(bare, [window[m] for m in window.members(best.candidate)[-NEIGHBOURS:]], rarity, window, weights)
    return any(p.probability >= BARE_LEAST for p in prospects(near, bare, rarity, window, weights))


def as_compared(telling: Telling, window: Window) -> Telling:
    """The telling without its standing sentences."""
    standing = window.standing(telling)
    return replace(telling, fingerprint=without(telling.fingerprint, standing)) if standing else telling


def comparable_of(telling: Telling, near: Iterable[Telling]) -> tuple[Telling, ...]:
    """Those of `near` that can tell the same event.

    A digest mentions many and tells none. A status page is terse: only who tells of trouble with its service tells of
    it, and its provider tells of other things too.
    """
    if telling.fingerprint.is_digest:
        return ()
    others = (n for n in near if not n.fingerprint.is_digest)
    if not telling.fingerprint.is_status:
        return tuple(others)
    return tuple(
        n for n in others if n.publisher != telling.publisher and is_outage(telling.fingerprint, n.fingerprint)
    )


def own_language_first(found: Sequence[Prospect], telling: Telling, least: float) -> list[Prospect]:
    """`found`, the best first; those that are told in the article's language and reach `least` before a foreign best.

    A few shared names and numbers make a foreign telling look near; one's own says more, and the two may come together.
    """
    language = telling.fingerprint.language
    foreign = {p.candidate for p in found if are_foreign(language, p.nearest.telling.fingerprint.language)}
    if not found or found[0].candidate not in foreign:
        return list(found)
    return sorted(found, key=lambda p: p.candidate in foreign or p.probability < least)


def _has_incident(window: Window, near: Telling, telling: Telling) -> bool:
    """Whether the candidate of `near` tells another incident of the status page that `telling` is from.

    A status page has one entry for each outage: two of them are two, however alike, and however late the first is still
    reprinted.
    """
    if not telling.fingerprint.is_status:
        return False
    members = (window[m] for m in window.members(window.candidate_of(near.article))[:INCIDENT_READ])
    return any(m.fingerprint.is_status and m.publisher == telling.publisher for m in members)


def compare(
    telling: Telling, near: Iterable[Telling], rarity: Rarity, window: Window, weights: Weights = FITTED
) -> tuple[Neighbour, ...]:
    """Each of `near` with its features and the log odds that it tells the same event."""
    near, made = tuple(near), telling.fingerprint
    others = [_other(telling, other) for other in near]
    overlap = window.overlap(made, near, rarity)
    own = Weighed.of(made, rarity)
    found = features_of_pairs(own, others, overlap, rarest_possible=window.rarest_possible())
    return tuple(
        Neighbour(
            telling=other,
            features=features,
            log_odds=weights.where(has_meaning=_has_meaning(telling, other)).pair_log_odds(features),
        )
        for other, features in zip(near, found, strict=True)
    )


def _other(telling: Telling, other: Telling) -> Other:
    same_publisher = telling.publisher == other.publisher != UNKNOWN_PUBLISHER
    return Other(other.fingerprint, days_between(telling, other), same_publisher)


def prospects(
    neighbours: Sequence[Neighbour],
    telling: Telling,
    rarity: Rarity,
    window: Window,
    weights: Weights = FITTED,
) -> tuple[Prospect, ...]:
    """The candidates of `neighbours`, each with the probability that it is the article's."""
    by_candidate: dict[CandidateId, list[Neighbour]] = defaultdict(list)
    for neighbour in neighbours:
        by_candidate[window.candidate_of(neighbour.telling.article)].append(neighbour)
    told = {c: kept for c, found in by_candidate.items() if (kept := _in_own_language(c, found, telling, window))}
    for found in told.values():
        found.sort(key=lambda n: -n.log_odds)
    if not told:
        return ()
    field = Field.of(telling.fingerprint, told, window, rarity)
    told = dict(sorted(told.items(), key=lambda t: (-t[1][0].log_odds, t[0]))[:PROSPECTS])
    centres = find_centres(field, [*told], rarity, window)
    rows = {c: candidate_features(c, found, field, *centres[c], telling, window) for c, found in told.items()}
    chances: dict[CandidateId, float] = {}
    for has_meaning in (False, True):
        judged = [c for c, found in told.items() if _has_meaning(telling, found[0].telling) is has_meaning]
        its = weights.where(has_meaning=has_meaning)
        chances |= zip(judged, its.probabilities([rows[c] for c in judged]), strict=True)
    return tuple(
        Prospect(candidate=c, nearest=found[0], features=rows[c], probability=chances[c]) for c, found in told.items()
    )


def _in_own_language(
    candidate: CandidateId, found: list[Neighbour], telling: Telling, window: Window
) -> list[Neighbour]:
    """Where the nearest of `found` speaks another language, those that speak the article's, if any member does.

    A few shared names join two languages. They must not outweigh that the same event is told in one's own otherwise.
    """
    language = telling.fingerprint.language
    if not are_foreign(language, max(found, key=lambda n: n.log_odds).telling.fingerprint.language):
        return found
    own = [n for n in found if not are_foreign(language, n.telling.fingerprint.language)]
    if own:
        return own
    members = (window[m].fingerprint.language for m in window.members(candidate))
    return [] if any(not are_foreign(language, other) for other in members) else found


def _has_meaning(a: Telling, b: Telling) -> bool:
    return bool(a.fingerprint.vector and b.fingerprint.vector)


def _copy(
    telling: Telling, found: Copied[Telling], window: Window, rarity: Rarity, spelling: Mapping[str, str]
) -> Match:
    copied = found.original
    return Match(
        candidate=window.candidate_of(copied.article),
        joined=Joined.COPY,
        nearest=copied.article,
        copy_of=copied.copy_of or copied.article,
        similarity=1.0,
        reason=say_copied(copied, found.share, found.because),
        evidence=find_evidence(
            telling,
            copied,
            rarity,
            spelling,
            score=found.share,
            threshold=COPY_CONTAINMENT if not found.because else None,
        ),
    )


def _named(found: Named, probability: float, evidence: Evidence) -> Match:
    return Match(
        candidate=found.candidate,
        joined=Joined.EVENT,
        nearest=found.nearest.article,
        copy_of=None,
        similarity=probability,
        reason=found.reason,
        evidence=replace(evidence, nearest=found.nearest.article),
    )


def _roundup(copied: Copied[Telling] | None, window: Window) -> Match:
    """A candidate of its own, where it counts for nothing: what it mentions is found section by section."""
    return Match(
        candidate=None if copied is None else window.candidate_of(copied[0].article),
        joined=Joined.MENTION,
        nearest=None if copied is None else copied[0].article,
        copy_of=None if copied is None else copied[0].copy_of or copied[0].article,
        similarity=1.0,
        reason=say_digest() if copied is None else say_copied(*copied),
    )


def _opens(reason: str, near: Iterable[Telling]) -> Match:
    return Match(
        candidate=None,
        joined=Joined.OPENED,
        nearest=None,
        copy_of=None,
        similarity=1.0,
        reason=reason,
        roundups=_roundups(near),
    )


def _roundups(near: Iterable[Telling]) -> tuple[ArticleId, ...]:
    return tuple(n.article for n in near if n.fingerprint.is_digest)[:ROUNDUPS_READ]


def _evidence(
    found: Sequence[Prospect], telling: Telling, rarity: Rarity, spelling: Mapping[str, str], threshold: float
) -> Evidence:
    """The figures of the best prospect, and of the one it left behind."""
    best, second = found[0], found[1] if len(found) > 1 else None
    return find_evidence(
        telling,
        best.nearest.telling,
        rarity,
        spelling,
        score=best.probability,
        threshold=threshold,
        vector=best.nearest.meaning if _has_meaning(telling, best.nearest.telling) else None,
        runner_up=None if second is None else second.candidate,
        runner_up_score=None if second is None else second.probability,
    )
