"""One address for each feed; any other spelling is understood, and leads there."""

from __future__ import annotations

import pytest

from monitor.model import Severity, SourcingStandard
from monitor.model.feeds import FeedAddress, FeedFormat
from monitor.model.publication import is_path, media_type_of
from monitor.model.subscriber import Wanted
from monitor.stages.codebook import ProviderIndex
from monitor.stages.feed_names import (
    VALUE_LIMIT,
    is_single,
    key_of,
    path_of,
    read_path,
    read_spelling,
    told_as,
    wanted_of_key,
)
from tests.published import CODEBOOK, PROVIDERS

INDEX = ProviderIndex(PROVIDERS)
S1, S2, S3, S4 = Severity
CHOICES = {
    "/feed": Wanted(),
    "/providers/openai/feed": Wanted(providers=("openai",)),
    "/feeds/sev/1": Wanted(severities=(S1,)),
    "/feeds/sev/1-3": Wanted(severities=(S1, S2, S3)),
    "/feeds/sev/1,3": Wanted(severities=(S1, S3)),
    "/feeds/code/F2,F10,M1": Wanted(codes=("F2", "F10", "M1")),
    "/feeds/standard/confirmed": Wanted(standards=(SourcingStandard.CONFIRMED,)),
    "/feeds/provider/anthropic,openai": Wanted(providers=("anthropic", "openai")),
    "/feeds/provider/openai/sev/1-2/code/M2/standard/confirmed": Wanted(
        providers=("openai",), severities=(S1, S2), codes=("M2",), standards=(SourcingStandard.CONFIRMED,)
    ),
}


@pytest.mark.parametrize("stem", CHOICES)
@pytest.mark.parametrize("form", FeedFormat)
def test_every_choice_has_one_address_that_a_file_can_have(stem: str, form: FeedFormat) -> None:
    address = FeedAddress(wanted=CHOICES[stem], format=form)
    assert path_of(address) == f"{stem}.{form.value}"
    assert read_path(path_of(address)) == address
    assert read_spelling(path_of(address), INDEX, CODEBOOK) == address
    assert wanted_of_key(key_of(address.wanted)) == address.wanted
    archive = FeedAddress(wanted=CHOICES[stem], format=form, archive=12)
    assert read_path(path_of(archive)) == archive
    assert path_of(archive).startswith("/feeds/")
    assert path_of(archive).endswith(f"/archive/12.{form.value}")
    assert all(map(is_path, (path_of(address), path_of(archive))))
    assert form.value in media_type_of(path_of(archive)) or form is FeedFormat.JSON


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("/feeds.atom", "/feed.atom"),
        ("/feeds/provider/openai.atom", "/providers/openai/feed.atom"),
        ("/feeds/provider/ChatGPT.atom", "/providers/openai/feed.atom"),
        ("/feeds/sev/2,1.atom", "/feeds/sev/1-2.atom"),
        ("/feeds/sev/SEV-2.rss", "/feeds/sev/2.rss"),
        ("/feeds/severity/1-2.ATOM", "/feeds/sev/1-2.atom"),
        ("/feeds/sev/1-4.json", "/feed.json"),
        ("/feeds/code/m2,f4,M2.atom", "/feeds/code/F4,M2.atom"),
        ("/feeds/sev/1/provider/openai.atom", "/feeds/provider/openai/sev/1.atom"),
        ("/feeds/sev/1/sev/2.atom", "/feeds/sev/1-2.atom"),
        ("/feeds/standard/Confirmed.atom", "/feeds/standard/confirmed.atom"),
        ("/providers/chatgpt/feed.rss", "/providers/openai/feed.rss"),
        ("/feeds/provider/openai/archive/2.atom", "/feeds/provider/openai/archive/2.atom"),
    ],
)
def test_another_spelling_means_the_same_feed(spelled: str, path: str) -> None:
    found = read_spelling(spelled, INDEX, CODEBOOK)
    assert found is not None
    assert path_of(found) == path


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/provider/nobody-at-all.atom",
        "/feeds/sev/5.atom",
        "/feeds/sev/3-1.atom",
        "/feeds/sev/.atom",
        "/feeds/code/M99.atom",
        "/feeds/standard/good.atom",
        "/feeds/colour/red.atom",
        "/feeds/sev.atom",
        "/feeds/sev/1.html",
        "/feeds/sev/1/archive/0.atom",
        "/feeds/sev/1/archive/x.atom",
        "/feed/sev/1.atom",
        "/wires/feed.atom",
        "/feeds/code/" + ",".join(f"M{n}" for n in range(VALUE_LIMIT + 1)) + ".atom",
        "/",
        "/feeds",
    ],
)
def test_what_names_no_feed_is_none(path: str) -> None:
    assert read_spelling(path, INDEX, CODEBOOK) is None


def test_one_value_of_one_facet_is_single_and_all_values_are_everything() -> None:
    assert [is_single(w) for w in CHOICES.values()] == [True, True, True, False, False, False, True, False, False]
    assert key_of(Wanted(severities=tuple(Severity))) == ""


def test_a_choice_is_told_in_words() -> None:
    wanted = Wanted(providers=("openai", "gone"), severities=(S1,), codes=("F4",))
    assert told_as(wanted, PROVIDERS, CODEBOOK) == "gone or OpenAI, SEV-1, F4 Privacy"
    assert told_as(Wanted(), PROVIDERS, CODEBOOK) == ""
