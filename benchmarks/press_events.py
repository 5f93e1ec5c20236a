"""The simulated press knows its truth: python -m benchmarks.press_events [SEED …] scores what was found of it.

Articles are taken as their pages first said, in the order of their publication, through the jobs that a newsroom runs:
as written, and with --served as the newsroom reads them out of the served HTML, between menus, banners and related
links. --misses names every error, for whoever wants to mend it.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.events import Score, score
from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.model import (
    ArticleId,
    CandidateId,
    CandidateStatus,
    Credit,
    CreditKind,
    Joined,
    Member,
    NewArticle,
    Page,
    Publisher,
    PublisherId,
    Sourcing,
)
from monitor.press import Press
from monitor.press.articles import as_written
from monitor.press.edition import Edition, Telling, compose
from monitor.press.events import PressPublisher
from monitor.press.server import OWNERS_IN_FEEDS
from monitor.stages.canonical import canonical_url
from monitor.stages.codebook import ProviderIndex, read_providers
from monitor.stages.credits import agencies_of, find_credits
from monitor.stages.owners import OwnerIndex, read_owners
from monitor.stages.page import extract_page
from monitor.stages.status import read_timeline
from monitor.stages.timeline import tell_timeline
from monitor.store.articles import add_article
from monitor.store.candidates import count_queue, get_detail
from monitor.store.database import Database, Transaction
from monitor.store.migrate import upgrade
from monitor.store.sources import record_publishers

START = datetime(2026, 3, 2, tzinfo=UTC)
UNSEEN = (21, 22, 23)  # seeds that nobody looked at while anything was made; 1 to 13 were
Placed = tuple[Member, CandidateId]


@dataclass(frozen=True, slots=True, kw_only=True)
class PressScore:
    """How well the press's truth was found; shares from 0 to 1."""

    copy_precision: float
    copy_recall: float
    counted_right: float  # of events, those whose candidate has exactly the independent publishers there are
    derived_precision: float
    derived_recall: float
    one_candidate: float  # of events told by several, those that are one candidate with nothing else in it
    status_joined: (
        float  # of incidents on status pages, those that meet the press, and the provider's post, in one place
    )
    mixed_with_ordinary: int  # candidates that hold an incident and news that is none
    look_alikes_joined: int  # pairs of look-alike events with articles in one candidate
    roundups_counted: int  # reviews and live blogs that count in the candidate of an event
    clusters: Score
    misses: tuple[str, ...] = ()  # one line for each error


@dataclass(frozen=True, slots=True)
class Found:
    """What the newsroom made of an edition."""

    edition: Edition
    members: Mapping[str, Placed]  # by key of the telling; mentions are not among them
    key_of: Mapping[ArticleId, str]
    counts: Mapping[CandidateId, Sourcing]
    by_candidate: Mapping[CandidateId, Sequence[Member]]
    misses: list[str] = field(default_factory=list)

    def place(self, event: str) -> CandidateId:
        """The candidate that most of the event's articles are in."""
        places = Counter(self.members[t.key][1] for t in self.edition.tellings if t.event == event)
        return min(places, key=lambda c: (-places[c], c))


# --- the newsroom's part ------------------------------------------------------------------------------------------


def first_days(edition: Edition, days: float) -> Edition:
    """The events that begin in the first `days`, with all that is told of them."""
    events = tuple(e for e in edition.events if e.at_hours < days * 24)
    kept = {e.id for e in events}
    last = edition.start + timedelta(days=days)
    tellings = tuple(t for t in edition.tellings if (t.event in kept if t.event else t.published_at < last))
    keys = {t.key for t in tellings}
    tellings = tuple(t for t in tellings if t.copy_of is None or t.copy_of in keys)
    return replace(edition, events=events, tellings=tellings, relays=(), revivals=())


def read_press(edition: Edition) -> list[NewArticle]:
    """The articles of the fortnight as extraction would find them, in the order of the edition."""
    return list(_articles(edition, served=False))


def read_served(edition: Edition) -> list[NewArticle]:
    """The same, but for texts and credits: those that extraction finds on the pages as first served."""
    return list(_articles(edition, served=True))


def find(edition: Edition, articles: Sequence[NewArticle] | None = None) -> Found:
    """Take the fortnight (as written, where no `articles` are given) through the jobs of a newsroom."""
    press = Press(_Moment(edition.start), seed=edition.seed, start=edition.start)
    try:
        register, owned = _register(press), {p.id: p.owner for p in _publishers(edition)}
        with _newsroom() as database:
            clock = _Moment(edition.start)
            with database.write() as tx:
                record_publishers(tx, [_publisher(p.id, p.name, owned[p.id]) for p in _publishers(edition)])
                found = articles or read_press(edition)
                ids = {t.key: add_article(tx, a) for t, a in zip(edition.tellings, found, strict=True)}
            index = ProviderIndex(
                read_providers(press.providers_yaml(), file="providers.yaml"), owners=lambda: register
            )
            report = deduplicate(
                database, clock, owner="bench", providers=index, memory=Memory(), per_transaction=50, own_time=True
            )
            if report.failed_count:
                raise ValueError(f"{report.failed_count} articles could not be grouped")
            with database.read() as tx:
                return _read_found(tx, edition, ids)
    finally:
        press.stop()


def _read_found(tx: Transaction, edition: Edition, ids: Mapping[str, ArticleId]) -> Found:
    key_of = {article: key for key, article in ids.items()}
    members: dict[str, Placed] = {}
    counts: dict[CandidateId, Sourcing] = {}
    by_candidate: dict[CandidateId, Sequence[Member]] = {}
    for number in range(1, count_queue(tx, now=edition.start, statuses=tuple(CandidateStatus)) + 1):
        detail = get_detail(tx, CandidateId(number))
        counts[CandidateId(number)], by_candidate[CandidateId(number)] = detail.sourcing, detail.members
        for member in detail.members:
            key = key_of[member.article.id]
            if member.joined is not Joined.MENTION:
                members[key] = (member, CandidateId(number))
            else:  # of several, and of none by itself
                members.setdefault(key, (member, CandidateId(-member.article.id)))
    return Found(edition, members, key_of, counts, by_candidate)


@contextmanager
def _newsroom() -> Iterator[Database]:
    with tempfile.TemporaryDirectory(prefix="press-events-") as folder:
        database = Database(f"sqlite:///{Path(folder) / 'monitor.db'}")
        try:
            upgrade(database)
            yield database
        finally:
            database.close()


def _register(press: Press) -> OwnerIndex:
    return OwnerIndex(read_owners(press.owners_yaml(), file="owners.yaml"))


def _publisher(key: str, name: str, owner: str | None) -> Publisher:
    said = owner if owner in OWNERS_IN_FEEDS else None
    return Publisher(id=PublisherId(key), name=name, domains=(f"{key}.localhost",), owner=said)


def _publishers(edition: Edition) -> list[PressPublisher]:
    return sorted({t.publisher.id: t.publisher for t in edition.tellings}.values(), key=lambda p: p.id)


class _Moment:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def real_seconds(self, span: timedelta) -> float:
        return 0.0


def _articles(edition: Edition, *, served: bool) -> Iterator[NewArticle]:
    clock = _Moment(edition.start)
    press = Press(clock, seed=edition.seed, start=edition.start)
    agencies = agencies_of(_register(press))
    try:
        for telling in edition.tellings:
            clock.at = telling.published_at
            text, claims = _served(telling, press, clock) if served else _written(telling, press)
            url = canonical_url(press.url_of(telling)) or press.url_of(telling)
            title = telling.versions[0].text.title
            yield replace(
                as_written(telling),
                canonical_url=url,
                url=url,
                text=text,
                author=telling.byline,
                published_at=None if telling.source.is_undated else telling.published_at,
                credits=find_credits(
                    title=title,
                    text=text,
                    author=telling.byline,
                    claims=claims,
                    agencies=agencies,
                    publisher=telling.publisher.name,
                    url=url,
                ),
            )
    finally:
        press.stop()


def _written(telling: Telling, press: Press) -> tuple[str, tuple[Credit, ...]]:
    return "\n".join(telling.versions[0].text.paragraphs), _claims(telling, press, "dc-source", "syndication")


def _served(telling: Telling, press: Press, clock: _Moment) -> tuple[str, tuple[Credit, ...]]:
    if telling.role == "status":  # a status page is read from its feed
        return tell_timeline(read_timeline(press.markup_of(telling), near=telling.published_at)), ()
    if telling.publisher.is_paywalled:  # of which the feed's headline is all there is
        return "", ()
    answer = press.answer(telling.publisher.id, telling.path)
    page = extract_page(answer.body, url=press.url_of(telling))
    if not isinstance(page, Page):
        raise ValueError(f"{telling.key} cannot be read at {clock.at}: {page}")
    return page.text, (*page.credits, *_claims(telling, press, "dc-source"))


def _claims(telling: Telling, press: Press, *manners: str) -> tuple[Credit, ...]:
    """What feed and markup say: as readers of either would find it."""
    if telling.credit not in manners or telling.copy_of is None:
        return ()
    if telling.credit == "dc-source":
        return (Credit(kind=CreditKind.DC_SOURCE, name=telling.credited, quote=telling.credited),)
    original = next(t for t in press.edition.tellings if t.key == telling.copy_of)
    url = canonical_url(press.url_of(original))
    return (Credit(kind=CreditKind.SYNDICATION, name=original.publisher.name, url=url, quote="rel=syndication"),)


# --- the truth's part ---------------------------------------------------------------------------------------------


def score_press(edition: Edition, articles: Sequence[NewArticle] | None = None) -> PressScore:
    """Compare what was found of `edition` with what it knows of itself."""
    found = find(edition, articles)
    copies, derived = _copies(found), _derived(found)
    events = [e.id for e in edition.events if any(t.event == e.id for t in edition.tellings)]
    several = [e for e in events if len(_told(edition, e)) > 1]
    gold = {t.key: t.event or t.key for t in edition.tellings}
    return PressScore(
        copy_precision=copies[0],
        copy_recall=copies[1],
        counted_right=_mean([_is_counted_right(found, e) for e in events]),
        derived_precision=derived[0],
        derived_recall=derived[1],
        one_candidate=_mean([_is_one(found, e) for e in several]),
        status_joined=_mean([_meets(found, e) for e in events if any(t.role == "status" for t in _told(edition, e))]),
        mixed_with_ordinary=_mixed_with_ordinary(found),
        look_alikes_joined=_look_alikes_joined(found),
        roundups_counted=_roundups_counted(found),
        clusters=score(gold, {key: candidate for key, (_, candidate) in found.members.items()}),
        misses=tuple(found.misses),
    )


def _told(edition: Edition, event: str) -> list[Telling]:
    return [t for t in edition.tellings if t.event == event]


def _copies(found: Found) -> tuple[float, float]:
    """Precision and recall: an article is found to be a copy where it is folded under another of the same text."""
    text_of = {t.key: t.copy_of or t.key for t in found.edition.tellings}
    pairs = {
        (key, found.key_of[member.copy_of]) for key, (member, _) in found.members.items() if member.copy_of is not None
    }
    wrong = [pair for pair in pairs if text_of[pair[0]] != text_of[pair[1]]]
    folded = {pair[0] for pair in pairs}
    copies = [t for t in found.edition.tellings if t.copy_of is not None]
    missed = [t for t in copies if t.key not in folded and (t.copy_of or "", t.key) not in pairs]
    found.misses.extend([f"not a copy: {one} of {other}" for one, other in sorted(wrong)])
    found.misses.extend(
        [f"a copy not found: {t.key} ({t.role}, {t.credit or 'no credit'}) of {t.copy_of}" for t in missed]
    )
    return 1 - len(wrong) / max(1, len(pairs)), 1 - len(missed) / max(1, len(copies))


def _derived(found: Found) -> tuple[float, float]:
    """Precision and recall of what counts as hearsay, by what the newsroom says of it."""
    reasons = {s.article: s.reason for sourcing in found.counts.values() for s in sourcing.standings}
    said = {
        key
        for key, (member, _) in found.members.items()
        if (reason := reasons[member.article.id]).startswith("Retells ") or "whose report it retells" in reason
    }
    true = {t.key for t in found.edition.tellings if t.derived_from is not None}
    found.misses.extend([f"not derived: {key}" for key in sorted(said - true)])
    found.misses.extend([f"derived, not found: {key}" for key in sorted(true - said)])
    return 1 - len(said - true) / max(1, len(said)), 1 - len(true - said) / max(1, len(true))


def _is_counted_right(found: Found, event: str) -> bool:
    """Whether the event's candidate counts the houses that tell it first-hand in words of their own."""
    told = _told(found.edition, event)
    houses = {t.publisher.owner or t.publisher.id for t in told if t.copy_of is None and t.derived_from is None}
    place = found.place(event)
    counted = found.counts[place].source_count
    if counted == len(houses):
        return True
    away = [t.key for t in told if found.members[t.key][1] != place]
    here = {found.key_of[m.article.id] for m in found.by_candidate[place] if m.joined is not Joined.MENTION}
    strange = sorted(here - {t.key for t in told})
    found.misses.append(f"counted {counted}, not {len(houses)}: {event}; elsewhere {away}; not of it {strange}")
    return False


def _is_one(found: Found, event: str) -> bool:
    told = _told(found.edition, event)
    places = {found.members[t.key][1] for t in told}
    return len(places) == 1 and _size(found, places.pop()) == len(told)


def _size(found: Found, candidate: CandidateId) -> int:
    return sum(m.joined is not Joined.MENTION for m in found.by_candidate[candidate])


def _meets(found: Found, event: str) -> bool:
    """Whether the status page, the provider's post and the press are in one candidate."""
    told = _told(found.edition, event)
    status = {found.members[t.key][1] for t in told if t.role == "status"}
    posts = {found.members[t.key][1] for t in told if t.role == "statement"}
    press = {found.members[t.key][1] for t in told if t.source.origin == "press"}
    meets = bool(status & press) and (not posts or bool(status & press & posts))
    if not meets:
        found.misses.append(f"not joined: {event}; status {status}, post {posts}, press {press}")
    return meets


def _mixed_with_ordinary(found: Found) -> int:
    incidents = {e.id for e in found.edition.events if e.is_incident}
    kinds: dict[CandidateId, set[bool]] = defaultdict(set)
    for telling in found.edition.tellings:
        kinds[found.members[telling.key][1]].add(telling.event in incidents)
    return sum(len(kind) > 1 for kind in kinds.values())


def _look_alikes_joined(found: Found) -> int:
    places: dict[str | None, set[CandidateId]] = defaultdict(set)
    for telling in found.edition.tellings:
        places[telling.event].add(found.members[telling.key][1])
    pairs = {frozenset((e.id, e.looks_like)) for e in found.edition.events if e.looks_like}
    joined = [pair for pair in pairs if frozenset.intersection(*(frozenset(places[event]) for event in pair))]
    found.misses.extend([f"look-alikes in one candidate: {sorted(pair, key=str)}" for pair in joined])
    return len(joined)


def _roundups_counted(found: Found) -> int:
    """Reviews and live blogs that count beside an article of an event."""
    reviews = {t.key for t in found.edition.tellings if t.mentions}
    counted = [
        (found.key_of[s.article], place)
        for place, sourcing in found.counts.items()
        for s in sourcing.standings
        if s.counts and found.key_of[s.article] in reviews and len(sourcing.standings) > 1
    ]
    found.misses.extend(f"a round-up counts: {key} in candidate {place}" for key, place in counted)
    return len(counted)


def _mean(truths: Sequence[bool]) -> float:
    return sum(truths) / max(1, len(truths))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="*", default=list(UNSEEN))
    parser.add_argument("--served", action="store_true", help="read the texts out of the served pages")
    parser.add_argument("--misses", action="store_true", help="name every error")
    wanted = parser.parse_args()
    print(
        "seed   copies P / R  count right  derived P / R  status  round-ups  one candidate  ordinary  alike"
        "  BCubed  mixed"
    )
    for seed in wanted.seeds:
        edition = compose(seed=seed, start=START)
        s = score_press(edition, read_served(edition) if wanted.served else None)
        print(
            f"{seed:4}  {s.copy_precision:6.3f} {s.copy_recall:6.3f}  {s.counted_right:11.3f}"
            f"  {s.derived_precision:6.3f} {s.derived_recall:6.3f}  {s.status_joined:6.2f}  {s.roundups_counted:9}"
            f"  {s.one_candidate:13.3f}  {s.mixed_with_ordinary:8}  {s.look_alikes_joined:5}"
            f"  {s.clusters.bcubed:6.3f}  {s.clusters.mixed:5.2f}",
            flush=True,
        )
        if wanted.misses:
            print("\n".join(f"      {miss}" for miss in s.misses), flush=True)


if __name__ == "__main__":
    main()
