"""What the press knows about itself holds: copies are copies, tellings are tellings, look-alikes are apart."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import timedelta
from itertools import combinations

import pytest

from monitor.press import Press
from monitor.press.echoes import CREDITS
from monitor.press.edition import Edition, Telling, compose
from monitor.press.events import read_publishers
from monitor.press.prose import overlap
from tests.press.conftest import END, START


@pytest.fixture(scope="module")
def other() -> Edition:
    """Other words, and a fortnight that begins on a Monday."""
    return compose(seed=2, start=START + timedelta(days=2))


def by_event(press: Press) -> dict[str, list[Telling]]:
    found: dict[str, list[Telling]] = {}
    for telling in press.edition.tellings:
        if telling.event:
            found.setdefault(telling.event, []).append(telling)
    return found


def test_the_fortnight_is_as_large_as_a_newsroom_needs(press: Press) -> None:
    truth = press.truth
    assert sum(e.is_incident for e in truth.events) >= 55
    assert len({a.publisher for a in truth.articles}) >= 29  # and an aggregator, which writes nothing
    incidents = {e.id for e in truth.events if e.is_incident}
    assert sum(a.event not in incidents for a in truth.articles) >= 100
    early = [a for a in truth.articles if a.published_at < START - timedelta(days=1)]
    assert [a.role for a in early] == ["piece", "piece"]  # that will be printed again


def test_every_code_of_the_default_codebook_occurs(press: Press) -> None:
    codes = {c for e in press.truth.events for c in e.codes}
    assert codes == {f"M{n}" for n in range(1, 10)} | {f"F{n}" for n in range(1, 13)}


def test_every_event_has_articles_and_they_point_back(press: Press) -> None:
    articles = {a.url: a for a in press.truth.articles}
    assert len(articles) == len(press.truth.articles)
    for event in press.truth.events:
        assert event.articles
        assert all(articles[url].event == event.id for url in event.articles)


def test_copies_are_near_verbatim_and_follow_their_original(press: Press) -> None:
    tellings = {t.key: t for t in press.edition.tellings}
    copies = [t for t in tellings.values() if t.copy_of]
    assert len(copies) >= 100
    for copy in copies:
        original = tellings[copy.copy_of or ""]
        assert original.copy_of is None
        assert original.published_at < copy.published_at
        if copy.role == "copy":
            assert overlap(copy.versions[0].text, original.versions[0].text) > 0.6, copy.key


def test_copies_own_up_to_whose_words_they_print_in_many_ways_or_in_none(press: Press) -> None:
    manners = Counter(t.credit for t in press.edition.tellings if t.copy_of)
    assert manners.keys() == {"", *CREDITS}
    assert min(manners.values()) >= 4
    for telling in press.edition.tellings:
        first, last = (
            (telling.versions[0].text.paragraphs or ("",))[0],
            (telling.versions[0].text.paragraphs or ("",))[-1],
        )
        if telling.credit == "dateline":
            assert f"({telling.credited}) - " in first, telling.key
        if telling.credit == "byline":
            assert telling.credited in telling.byline
        if telling.credit == "foot":
            assert telling.credited in last


def test_some_copies_are_a_third_of_their_original_or_months_younger(press: Press) -> None:
    tellings = {t.key: t for t in press.edition.tellings}
    pairs = [(t, tellings[t.copy_of]) for t in tellings.values() if t.copy_of and t.role == "copy"]
    shares = [c.versions[0].text.word_count / o.versions[0].text.word_count for c, o in pairs]
    assert sum(0.3 < share < 0.62 for share in shares) >= 15
    assert sum(c.published_at - o.published_at > timedelta(days=40) for c, o in pairs) == 2


def test_who_only_retells_says_so_and_names_nobody_of_its_own(press: Press) -> None:
    tellings = {t.key: t for t in press.edition.tellings}
    derived = [t for t in tellings.values() if t.derived_from]
    assert len(derived) >= 20
    for telling in derived:
        origin = tellings[telling.derived_from or ""]
        said = " ".join(telling.versions[0].text.paragraphs)
        assert said.count(origin.publisher.name) >= 2
        assert telling.event == origin.event
        assert origin.copy_of is None
        assert f"told {telling.publisher.name}" not in said


def test_sister_papers_rewrite_each_other(press: Press) -> None:
    owners = {p.owner: [q.id for q in read_publishers() if q.owner == p.owner] for p in read_publishers() if p.owner}
    assert [len(papers) for papers in owners.values()] == [2, 2, 2]
    rewrites = [t for t in press.edition.tellings if t.role == "rewrite"]
    assert len(rewrites) >= 15
    assert all(t.publisher.owner for t in rewrites)


def test_reviews_and_live_blogs_mention_several_events_and_tell_none(press: Press) -> None:
    reviews = [a for a in press.truth.articles if a.mentions]
    assert {a.role for a in reviews} == {"roundup", "live"}
    assert all(len(a.mentions) >= 3 and a.event is None for a in reviews)


def test_some_entries_are_a_headline_or_have_no_date(press: Press) -> None:
    bare = [t for t in press.edition.tellings if t.role == "bare"]
    assert len(bare) >= 15
    titles = {t.versions[0].text.title for t in press.edition.tellings if t.role != "bare"}
    assert not titles & {t.versions[0].text.title for t in bare}
    assert sum(t.source.is_undated for t in press.edition.tellings) >= 10


def test_every_outage_on_a_status_page_has_a_post_of_its_provider_and_press(press: Press) -> None:
    for told in by_event(press).values():
        roles = {t.role for t in told}
        if "status" in roles:
            assert {"statement", "report"} <= roles


def test_independent_tellings_are_no_near_copies(press: Press) -> None:
    shares = []
    for tellings in by_event(press).values():
        independent = [t.versions[0].text for t in tellings if t.copy_of is None and t.role not in {"status", "bare"}]
        shares += [overlap(one, other) for one, other in combinations(independent, 2)]
    assert max(shares) < 0.6
    assert sorted(shares)[len(shares) // 2] < 0.2


def test_texts_of_different_events_share_little(press: Press) -> None:
    firsts = {name: ts[0].versions[0].text for name, ts in by_event(press).items()}
    assert max(overlap(firsts[a], firsts[b]) for a, b in combinations(firsts, 2)) < 0.45


def test_look_alikes_share_kind_and_company_but_not_articles(press: Press) -> None:
    events = {e.id: e for e in press.truth.events}
    pairs = [(e, events[other]) for e in events.values() for other in e.look_alikes]
    assert len(pairs) >= 8
    for one, other in pairs:
        assert one.id in other.look_alikes
        assert not set(one.articles) & set(other.articles)


def test_articles_are_of_the_length_of_news(press: Press) -> None:
    reports = [t for t in press.edition.tellings if t.role in {"report", "agency", "copy", "follow"}]
    counts = sorted(t.versions[0].text.word_count for t in reports)
    assert counts[0] > 50
    assert counts[len(counts) // 2] > 140
    assert counts[-1] < 450


def test_no_slot_or_bracket_is_left_in_a_text(press: Press) -> None:
    for telling in press.edition.tellings:
        for version in telling.versions:
            said = " ".join((version.text.title, *version.text.paragraphs))
            assert not re.search(r"[{}|$]|::", said), telling.key


def test_sources_are_counted_once_a_publisher_without_copies(press: Press) -> None:
    event = "velmora-outage-monday"
    before = next(e for e in press.edition.events if e.id == event).at_hours
    at = START + timedelta(hours=before)
    assert press.truth.expected_sources(event, at) == 0
    assert press.truth.expected_sources(event, at + timedelta(hours=1)) == 2  # the provider's status page, a report
    assert press.truth.expected_sources(event, at + timedelta(hours=4)) == 3  # the agency; five reprints add nothing
    assert press.truth.expected_sources(event, at + timedelta(hours=6)) == 4
    assert press.truth.expected_sources(event, END) == 4  # the provider's review: it has spoken already


def test_a_retracted_article_ceases_to_count(press: Press) -> None:
    event = "hospital-shutdown-retracted"
    assert press.truth.expected_sources(event, START + timedelta(days=8)) == 2
    assert press.truth.expected_sources(event, END) == 0
    assert press.truth.expected_sources(event, END, counts_retracted=True) == 2


def test_the_same_seed_gives_the_same_press(press: Press) -> None:
    again = compose.__wrapped__(seed=1, start=START)
    assert again == press.edition


def test_another_seed_words_the_same_events_differently(press: Press, other: Edition) -> None:
    assert [e.id for e in other.events] == [e.id for e in press.edition.events]
    texts = [{t.versions[0].text for t in e.tellings if t.role == "report"} for e in (press.edition, other)]
    assert len(texts[0] & texts[1]) < len(texts[0]) / 10


def test_weekdays_are_those_of_the_calendar(other: Edition) -> None:
    told = next(t for t in other.tellings if t.event == "velmora-outage-wednesday" and t.role == "agency").versions[0]
    said = " ".join((told.text.title, *told.text.paragraphs))
    assert told.at.strftime("%A") == "Friday"
    assert "Friday" in said
    assert "Saturday" not in said


def test_truth_can_be_read_as_json(press: Press) -> None:
    read = json.loads(press.truth.to_json())
    assert len(read["articles"]) == len(press.truth.articles)
    assert Counter(bool(a["copy_of"]) for a in read["articles"])[True] >= 100
