"""An article that joined one candidate and came near another × the window → which of the two is looked at again.

The first reports of an event may share little: a court's notice and a paper's account of the hearing open a candidate
each. A later one that tells what both tell shows that they are one. The smaller of the two is then compared anew with
all that is known by now, and goes to the larger one where it would have joined it, had it come today. To move asks for
more than to join: an editor may have seen both. Where the later article is near to an article of each, and both are
young, to join is enough; a status page's incident is too terse for that. The smaller one is judged by its first
article, and by the others where that says too little: a notice names a thing in words that nobody else has.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from monitor.model import Article, ArticleId, CandidateId, Joined, Match
from monitor.stages.fingerprint import Fingerprint
from monitor.stages.grouping import Bounds, compare, match_article
from monitor.stages.weights import FITTED, Weights
from monitor.stages.window import NEIGHBOURS, Telling, Window

SECOND_SCORE = 0.15  # probability of the second-best candidate, from which on it is looked at
SECOND_ODDS = -1.0  # log odds of its nearest article, at least: the candidate must be near by more than its size
SURE = 0.9  # probability that is needed to move; to join, `weights.join_at` will do
BOTH_ODDS = 2.0  # log odds of the nearest article of each: who is so near to both, tells both; then EVEN is enough
EVEN = 0.5
FEW = 3  # articles of the smaller candidate, at most: what has grown is an editor's to merge
YOUNG = 2 * FEW  # articles of the larger, at most, where EVEN is enough: among many of one theme, one is near to much
FRESH = timedelta(days=3)  # between an article of each and the one that shows it
BEGAN = timedelta(days=180)  # since the larger began: last year's look-alike draws much, and shows nothing of today


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """Two candidates that may tell one event."""

    smaller: CandidateId  # is looked at again
    larger: CandidateId
    founder: ArticleId  # the first article of the smaller one, by which it is judged
    articles: tuple[ArticleId, ...]  # all of the smaller one
    least: float = SURE  # probability that is needed to move it


def find_doubt(telling: Telling, match: Match, window: Window, weights: Weights = FITTED) -> Doubt | None:
    """What `telling`, which `window` holds and which was placed by `match`, makes doubtful; None for nearly all."""
    if match.joined is not Joined.EVENT or match.evidence is None or match.evidence.runner_up is None:
        return None
    if (match.evidence.runner_up_score or 0.0) < SECOND_SCORE:
        return None
    second, joined = match.evidence.runner_up, window.candidate_of(telling.article)
    if second == joined or (odds := _odds(telling, second, window, weights)) < SECOND_ODDS:
        return None
    smaller, larger = sorted((second, joined), key=lambda c: (len(window.members(c)), -c))
    articles = window.members(smaller)
    if not 0 < len(articles) <= FEW or not all(_is_fresh(window[a], telling) for a in articles):
        return None
    others = [window[a] for a in window.members(larger) if a != telling.article]
    if not any(_is_fresh(other, telling) for other in others) or telling.told_at - others[0].told_at > BEGAN:
        return None
    is_terse = any(window[a].fingerprint.is_status for a in articles)
    is_even = not is_terse and len(window.members(larger)) <= YOUNG
    least = EVEN if is_even and min(odds, _odds(telling, joined, window, weights)) >= BOTH_ODDS else SURE
    return Doubt(smaller=smaller, larger=larger, founder=articles[0], articles=articles, least=least)


def find_home(
    doubt: Doubt, find_article: Callable[[ArticleId], Article], window: Window, weights: Weights = FITTED
) -> tuple[ArticleId, Match] | None:
    """Which article takes the smaller candidate to the larger, and by what match; None where none does.

    The window is left as it was.
    """
    for key in doubt.articles:
        if key != doubt.founder and window[key].copy_of is not None:
            continue  # it says nothing that its original does not
        anew = _find_anew(find_article(key), doubt, window, weights)
        is_meant = anew.candidate == doubt.larger and anew.joined is not Joined.MENTION
        if is_meant and anew.similarity >= (doubt.least if key == doubt.founder else SURE):
            return key, anew
    return None


def _find_anew(article: Article, doubt: Doubt, window: Window, weights: Weights) -> Match:
    """Where an article of the smaller one would belong, had it come today and found nothing of its candidate."""
    told = window[article.id]
    bounds = Bounds(forbids=lambda other: other == doubt.smaller, may_copy=lambda other: other not in doubt.articles)
    window.forget(article.id)
    try:
        return match_article(article, told.fingerprint, window, weights, bounds=bounds)
    finally:
        window.add(told, doubt.smaller)


def say_reunited(anew: Match, because: Telling) -> str:
    """Why an article is where it went later."""
    return f"Looked at again when “{because.title}” ({because.publisher_name}) told both: {_decapitalised(anew.reason)}"


def _odds(telling: Telling, candidate: CandidateId, window: Window, weights: Weights) -> float:
    """Log odds that the nearest of the candidate's newest articles tells the same."""
    rarity = window.rarity()
    members = [window[m] for m in window.members(candidate)[-NEIGHBOURS:] if m != telling.article]
    near = compare(telling, members, rarity, window, weights)
    return max((n.log_odds for n in near), default=SECOND_ODDS - 1)


def _is_fresh(member: Telling, telling: Telling) -> bool:
    made: Fingerprint = member.fingerprint
    return not made.is_digest and abs(member.told_at - telling.told_at) <= FRESH


def _decapitalised(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
