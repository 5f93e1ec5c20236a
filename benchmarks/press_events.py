"""The simulated press knows its truth: python -m benchmarks.press_events [SEED …] scores what was found of it.

Articles are taken as their pages first said, in the order of their publication: as written, and with --served as the
newsroom reads them out of the served HTML, between menus, banners and related links.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from benchmarks.events import Labelled, Score, group, score
from monitor.model import Article, ArticleId, CandidateId, Member, Origin, Page, PublisherId, Tier
from monitor.press import Press
from monitor.press.edition import Edition, Telling, compose
from monitor.stages.page import extract_page
from monitor.stages.sourcing import count_sources
from monitor.stages.status import read_timeline
from monitor.stages.timeline import tell_timeline

START = datetime(2026, 3, 2, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class PressScore:
    """How well the press's truth was found; shares from 0 to 1."""

    copy_precision: float
    copy_recall: float
    counted_right: float  # of events, those whose candidate has exactly the independent publishers there are
    one_candidate: float  # of events told by several, those that are one candidate with nothing else in it
    status_joined: float  # of incidents on status pages that others tell too, those found to be the same
    mixed_with_ordinary: int  # candidates that hold an incident and news that is none
    look_alikes_joined: int  # pairs of look-alike events with articles in one candidate
    clusters: Score


def read_press(edition: Edition) -> list[Labelled]:
    """The articles of the fortnight as extraction would find them, oldest first."""
    return [
        Labelled(id=t.key, event=t.event or t.key, article=_article(number, t))
        for number, t in enumerate(edition.tellings, 1)
    ]


def read_served(edition: Edition) -> list[Labelled]:
    """The same, but for the texts: those that extraction finds on the pages as first served."""
    clock = _Moment(edition.start)
    press = Press(clock, seed=edition.seed, start=edition.start)
    try:
        return [_as_served(item, telling, press, clock) for item, telling in _both(edition)]
    finally:
        press.stop()


def score_press(edition: Edition, items: Sequence[Labelled] | None = None) -> PressScore:
    """Group the fortnight (as written, where no `items` are given) and compare with the truth."""
    items = items or read_press(edition)
    members = group(items)
    key_of = {item.article.id: item.id for item in items}
    text_of = _texts(edition.tellings)
    found = {(key_of[m.article.id], key_of[m.copy_of]) for m, _ in members.values() if m.copy_of is not None}
    true = [pair for pair in found if text_of[pair[0]] == text_of[pair[1]]]
    copies = [t for t in edition.tellings if t.copy_of is not None]
    missed = [t for t in copies if t.key not in {pair[0] for pair in found} and not _is_stand_in(t, found)]
    events: dict[str, list[Telling]] = defaultdict(list)
    for telling in edition.tellings:
        if telling.event is not None:
            events[telling.event].append(telling)
    by_candidate: dict[CandidateId, list[Member]] = defaultdict(list)
    for member, candidate in members.values():
        by_candidate[candidate].append(member)
    right = [_is_counted_right(told, members, by_candidate) for told in events.values()]
    several = [told for told in events.values() if len(told) > 1]
    gold = {item.id: item.event for item in items}
    return PressScore(
        copy_precision=len(true) / max(1, len(found)),
        copy_recall=1 - len(missed) / max(1, len(copies)),
        counted_right=sum(right) / len(right),
        one_candidate=sum(_is_one(told, members, by_candidate) for told in several) / len(several),
        status_joined=_status_joined(several, members),
        mixed_with_ordinary=_mixed_with_ordinary(edition, members),
        look_alikes_joined=_look_alikes_joined(edition, members),
        clusters=score(gold, {key: candidate for key, (_, candidate) in members.items()}),
    )


class _Moment:
    """A clock that stands where it is put."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def real_seconds(self, span: timedelta) -> float:
        return 0.0


def _both(edition: Edition) -> Iterator[tuple[Labelled, Telling]]:
    return zip(read_press(edition), edition.tellings, strict=True)


def _as_served(item: Labelled, telling: Telling, press: Press, clock: _Moment) -> Labelled:
    clock.at = telling.published_at
    if telling.role == "status":  # a status page is read from its feed
        updates = read_timeline(press.markup_of(telling), near=telling.published_at)
        return replace(item, article=replace(item.article, text=tell_timeline(updates)))
    answer = press.answer(telling.publisher.id, telling.path)
    page = extract_page(answer.body, url=press.url_of(telling))
    if not isinstance(page, Page):
        raise ValueError(f"{telling.key} cannot be read: {page}")
    return replace(item, article=replace(item.article, text=page.text))


def _status_joined(several: Sequence[Sequence[Telling]], members: Mapping[str, tuple[Member, CandidateId]]) -> float:
    found = [
        any(members[t.key][1] == members[s.key][1] for t in told if t is not s)
        for told in several
        for s in told
        if s.role == "status"
    ]
    return sum(found) / max(1, len(found))


def _mixed_with_ordinary(edition: Edition, members: Mapping[str, tuple[Member, CandidateId]]) -> int:
    incidents = {e.id for e in edition.events if e.is_incident}
    kinds: dict[CandidateId, set[bool]] = defaultdict(set)
    for telling in edition.tellings:
        kinds[members[telling.key][1]].add(telling.event in incidents)
    return sum(len(found) > 1 for found in kinds.values())


def _look_alikes_joined(edition: Edition, members: Mapping[str, tuple[Member, CandidateId]]) -> int:
    places: dict[str | None, set[CandidateId]] = defaultdict(set)
    for telling in edition.tellings:
        places[telling.event].add(members[telling.key][1])
    pairs = {frozenset((e.id, e.looks_like)) for e in edition.events if e.looks_like}
    return sum(bool(frozenset.intersection(*(frozenset(places[event]) for event in pair))) for pair in pairs)


def _article(number: int, telling: Telling) -> Article:
    text = telling.versions[0].text
    url = f"http://{telling.publisher.id}.localhost{telling.path}"
    return Article(
        id=ArticleId(number),
        canonical_url=url,
        url=url,
        title=text.title,
        text="\n".join(text.paragraphs),
        published_at=telling.published_at,
        language=telling.publisher.language,
        publisher=PublisherId(telling.publisher.id),
        publisher_name=telling.publisher.name,
        source=None,
        origin=Origin(telling.source.origin),
        tier=Tier(telling.source.tier),
        first_seen_at=telling.published_at,
    )


def _texts(tellings: Sequence[Telling]) -> dict[str, str]:
    """For each article the one whose text it tells: itself, or its original."""
    return {t.key: t.copy_of or t.key for t in tellings}


def _is_stand_in(telling: Telling, found: set[tuple[str, str]]) -> bool:
    """A copy that came before its original: the original was then found to be the copy."""
    return (telling.copy_of or "", telling.key) in found


def _is_counted_right(
    told: Sequence[Telling],
    members: dict[str, tuple[Member, CandidateId]],
    by_candidate: dict[CandidateId, list[Member]],
) -> bool:
    """Whether the candidate that most of the event's articles are in counts the publishers that tell it themselves."""
    places = [members[t.key][1] for t in told]
    place = max(sorted(set(places)), key=places.count)
    return count_sources(by_candidate[place]).source_count == len({t.publisher.id for t in told if not t.copy_of})


def _is_one(
    told: Sequence[Telling],
    members: dict[str, tuple[Member, CandidateId]],
    by_candidate: dict[CandidateId, list[Member]],
) -> bool:
    places = {members[t.key][1] for t in told}
    return len(places) == 1 and len(by_candidate[places.pop()]) == len(told)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seeds", type=int, nargs="*", default=[1, 2, 3])
    parser.add_argument("--served", action="store_true", help="read the texts out of the served pages")
    wanted = parser.parse_args()
    print("seed  copies P / R   count right  one candidate  status  with ordinary  look-alikes  BCubed  pairs  mixed")
    for seed in wanted.seeds:
        edition = compose(seed=seed, start=START)
        s = score_press(edition, read_served(edition) if wanted.served else None)
        print(
            f"{seed:4}  {s.copy_precision:6.3f} {s.copy_recall:6.3f}  {s.counted_right:11.3f}  {s.one_candidate:13.3f}"
            f"  {s.status_joined:6.2f}  {s.mixed_with_ordinary:13}  {s.look_alikes_joined:11}"
            f"  {s.clusters.bcubed:6.3f} {s.clusters.pairs:6.3f} {s.clusters.mixed:6.2f}",
            flush=True,
        )


if __name__ == "__main__":
    main()
