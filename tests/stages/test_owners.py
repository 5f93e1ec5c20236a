"""The register of owners: who stands behind whom, how that is known, and what is wrong with a file."""

from __future__ import annotations

from functools import cache

import pytest

from monitor.errors import FaultyFile
from monitor.shipped import shipped_path
from monitor.stages.owners import NO_REGISTER, OwnerIndex, OwnerKind, fold, read_owners

SMALL = """
version: "1"
owners:
  - owner: Advance Publications
    also: [Condé Nast]
    kind: press
    publishers:
      Wired: "wired.com, WIRED"
      Ars Technica: arstechnica.com
  - {owner: Thomson Reuters, kind: agency, publishers: {Reuters: reuters.com}}
  - {owner: Yahoo, kind: press, publishers: {Yahoo News: "news.yahoo.com, Yahoo"}}
  - {owner: Microsoft, kind: company, publishers: {GitHub: "github.blog, githubstatus.com"}}
"""


def small() -> OwnerIndex:
    return OwnerIndex(read_owners(SMALL, file="owners.yaml"))


@cache
def shipped() -> OwnerIndex:
    return OwnerIndex(read_owners(shipped_path("owners.yaml").read_text(encoding="utf-8"), file="owners.yaml"))


@pytest.mark.parametrize(
    ("name", "host", "owner", "evidence"),
    [
        ("Wired", None, "Advance Publications", "the register of owners lists “Wired”"),
        ("wired", "www.wired.com", "Advance Publications", "the register of owners lists wired.com"),
        (None, "feeds.arstechnica.com", "Advance Publications", "the register of owners lists arstechnica.com"),
        ("The Yahoo", None, "Yahoo", "the register of owners lists “Yahoo”"),
        ("Gazette", "gazette.example", None, None),
        ("Gazette", "notwired.com", None, None),
        (None, "com", None, None),
    ],
)
def test_a_publisher_is_known_by_its_host_and_by_its_name(
    name: str | None, host: str | None, owner: str | None, evidence: str | None
) -> None:
    found = small().find(name=name, host=host)
    assert (found and found.owner, found and found.evidence) == (owner, evidence)


def test_an_agency_is_itself_wherever_it_is_printed_and_any_other_name_gives_way_to_the_host() -> None:
    reuters, wired = (
        small().find(name="Reuters", host="news.yahoo.com"),
        small().find(name="Wired", host="news.yahoo.com"),
    )
    assert reuters is not None
    assert reuters.owner == "Thomson Reuters"
    assert wired is not None
    assert wired.owner == "Yahoo"


def test_what_feeds_yaml_says_is_read_under_the_name_that_the_register_has_for_it() -> None:
    assert small().reconcile("conde nast", name="Vogue").owner == "Advance Publications"
    assert small().reconcile("Somebody Else", name="Wired").owner == "Somebody Else"
    assert small().reconcile("Somebody Else").evidence == "feeds.yaml names Somebody Else as its owner"


def test_only_press_and_agencies_report_and_only_in_their_own_spelling() -> None:
    reporters = small().reporters
    assert [reporters.meant_by(n) for n in ("WIRED", "wired", "Reuters", "GitHub")] == ["Wired", None, "Reuters", None]


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("owners: [", "owners.yaml:1: file: is not YAML"),
        ("owners: {}", "owners.yaml: owners: the file needs a version and a list of owners"),
        ("owners: []", "version: is missing"),
        ('version: "1"\nowners:\n  - x', "owners.yaml:3: owner: must be a block"),
        (
            'version: "1"\nowners:\n  - {owner: A, kind: pres, publishers: {X: x.com}}',
            "owners.yaml:3: owner A: kind must be",
        ),
        (
            'version: "1"\nowners:\n  - {owner: A, kind: press}',
            "owners.yaml:3: owner A: publishers must name at least one",
        ),
        ('version: "1"\nowners:\n  - {kind: press, publishers: {X: x.com}}', "owners.yaml:3: owner ?: needs a name"),
        (
            'version: "1"\nowners:\n  - owner: A\n    kind: press\n    publishers:\n      X: x.com\n      Y: [1]',
            "owners.yaml:7: owner A: Y: write its hosts",
        ),
        (
            'version: "1"\nowners:\n  - {owner: A, kind: press, publishers: {X: x.com}, boss: Q}',
            "owners.yaml:3: owner A: 'boss' is not a field here",
        ),
        (
            (
                'version: "1"\nowners:\n  - {owner: A, kind: press, publishers: {Xylo: x.com}}\n'
                "  - {owner: B, kind: press, publishers: {The Xylo: y.com}}"
            ),
            "owners.yaml:4: owner B: “xylo” belongs to A already",
        ),
    ],
)
def test_a_faulty_register_is_refused_with_the_line(text: str, complaint: str) -> None:
    with pytest.raises(FaultyFile) as refused:
        read_owners(text, file="owners.yaml")
    assert complaint in str(refused.value)


def test_the_shipped_register_is_right_and_large_enough_to_matter() -> None:
    register = shipped().register
    assert len(register.owners) > 200
    assert sum(len(o.outlets) for o in register.owners) > 700
    assert {o.kind for o in register.owners} == set(OwnerKind)


@pytest.mark.parametrize(
    "together",
    [
        ("theverge.com", "Vox"),
        ("DeepMind", "Google", "blog.youtube", "waymo.com"),
        ("github.blog", "Microsoft", "LinkedIn"),
        ("therecord.media", "Recorded Future"),
        ("spiegel.de", "SPIEGEL ONLINE", "manager-magazin.de"),
        ("ft.com", "Nikkei Asia"),
        ("elpais.com", "as.com"),
        ("volkskrant.nl", "AD"),
    ],
)
def test_those_of_one_owner_have_one_owner(together: tuple[str, ...]) -> None:
    found = [shipped().find(host=n) if "." in n else shipped().find(name=n) for n in together]
    assert len({f.owner for f in found if f is not None}) == 1
    assert None not in found


def test_hosts_where_anybody_writes_belong_to_nobody() -> None:
    for host in (
        "github.com",
        "www.youtube.com",
        "medium.com",
        "x.com",
        "someone.substack.com",
        "reddit.com",
        "github.io",
    ):
        assert shipped().find(host=host) is None, host


def test_news_corp_and_fox_are_two_houses_as_are_woodbridge_and_reuters() -> None:
    for one, other in (("wsj.com", "foxnews.com"), ("theglobeandmail.com", "reuters.com"), ("cnbc.com", "nbcnews.com")):
        found = shipped().find(host=one), shipped().find(host=other)
        assert found[0] is not None
        assert found[1] is not None
        assert found[0].owner != found[1].owner


def test_an_empty_register_knows_nobody() -> None:
    assert NO_REGISTER.find(name="Wired", host="wired.com") is None
    assert fold("  The  Régister ") == "register"
