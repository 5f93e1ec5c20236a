"""The form of a source: what it proposes of itself, and what it makes of what was typed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from monitor.errors import IllegalDecision
from monitor.model import Catalogue, Finding, Kind, Origin, Publisher, PublisherId, Source, Tier
from monitor.stages.newcomer import Reception, Wish, with_finding
from monitor.web.desk.source_form import Typed, read_source, typed_for, typed_from, version_of
from tests.web.newsroom_sources import PAPER, a_source

FOUND = Finding(
    kind=Kind.FEED,
    url="https://lab.example/feed",
    title="Lab",
    language="en",
    suggested_id="lab",
    suggested_name="The Lab",
    suggested_domain="lab.example",
)


def found(*publishers: Publisher, sources: tuple[Source, ...] = ()) -> Typed:
    catalogue = Catalogue(publishers=publishers, sources=sources)
    return typed_for(Reception(catalogue).receive(with_finding(Wish(url=FOUND.url), FOUND)))


def test_a_finding_fills_in_all_that_can_be_found_out() -> None:
    source, publisher = read_source(found(PAPER), [PAPER])
    assert (source.id, source.name, source.url, source.language) == ("lab", "The Lab", "https://lab.example/feed", "en")
    assert publisher == Publisher(id=PublisherId("lab"), name="The Lab", domains=("lab.example",))


def test_a_known_publisher_lends_its_voice() -> None:
    paper = replace(PAPER, domains=("lab.example",))
    like = a_source("other", origin=Origin.PROVIDER, tier=Tier.PRIMARY, provider="acme")
    typed = found(paper, sources=(like,))
    assert (typed.publisher, typed.origin, typed.tier, typed.provider) == ("paper", "provider", "primary", "acme")
    assert read_source(typed, [paper])[1] is paper


def test_a_new_publisher_never_takes_the_id_of_another() -> None:
    others = [Publisher(id=PublisherId(key), name=key) for key in ("lab", "lab-2")]
    assert read_source(found(), others)[1].id == "lab-3"


def test_a_form_gives_back_what_it_was_made_of() -> None:
    source = a_source("board", kind=Kind.PAGE, selector="h2 a", cadence=timedelta(hours=6), is_aggregator=True)
    assert read_source(typed_from(source), [PAPER])[0] == source


def test_a_selector_is_only_of_a_page() -> None:
    typed = replace(typed_from(a_source()), selector="h2 a")
    assert read_source(typed, [PAPER])[0].selector is None


def test_every_change_is_another_version() -> None:
    source = a_source()
    changed = (replace(source, name="X"), replace(source, url="https://x.example/"), replace(source, selector="a"))
    assert len({version_of(each) for each in (source, *changed)}) == 4
    assert version_of(source) == version_of(a_source())


@pytest.mark.parametrize("every", ["0", "6", "h", "6 weeks", "-1h", "1h30"])
def test_a_cadence_is_a_number_and_a_unit(every: str) -> None:
    with pytest.raises(IllegalDecision, match="30m, 6h or 1d"):
        read_source(replace(typed_from(a_source()), every=every), [PAPER])


def test_an_empty_form_says_what_is_wanted_first() -> None:
    with pytest.raises(IllegalDecision, match="Give the source a name"):
        read_source(Typed(), [])
