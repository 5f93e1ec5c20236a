"""What editors accepted before: counted, drawn towards all, and told with its figures."""

from __future__ import annotations

from monitor.model import Precedent, Precedents
from monitor.stages.precedents import LEAST, NAME, judge, traits_of
from monitor.stages.score import DEFAULTS

ACME = "provider:acme"


def known(accepted: int, decided: int, **more: int) -> Precedents:
    return Precedents(
        overall=Precedent(accepted=more.get("all_accepted", 30), decided=more.get("all", 100)),
        by_trait={ACME: Precedent(accepted=accepted, decided=decided)},
    )


def weight(precedents: Precedents) -> float | None:
    cue = judge([ACME], precedents, DEFAULTS, {ACME: "Acme"})
    return None if cue is None else cue.weight


def test_a_trait_that_editors_accept_lifts_and_one_that_they_reject_sinks() -> None:
    assert (weight(known(18, 20)) or 0) > 0 > (weight(known(0, 20)) or 0)
    assert weight(known(6, 20)) == 0


def test_few_precedents_say_little_and_very_few_nothing() -> None:
    assert 0 < (weight(known(5, 5)) or 0) < (weight(known(50, 50)) or 0)
    assert weight(known(3, 3)) is None
    assert weight(known(18, 20, all=LEAST - 1, all_accepted=5)) is None


def test_the_figures_are_told() -> None:
    cue = judge([ACME, "publisher:new"], known(18, 20), DEFAULTS, {ACME: "Acme"})
    assert cue is not None
    assert cue.name == NAME
    assert cue.evidence == "Editors accepted 18 of 20 that named Acme; 30 of 100 in all"


def test_traits_are_providers_words_and_publishers() -> None:
    found = traits_of(["acme"], ["gazette", "gazette"], ["words of a leak or attack", "named provider"])
    assert found == ("provider:acme", "words:words of a leak or attack", "publisher:gazette")
