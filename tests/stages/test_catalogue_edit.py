"""feeds.yaml is a person's file: an edit touches the lines it concerns, and every other byte stays as it was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.errors import FaultyFile, Unknown
from monitor.model import Catalogue, Kind, Origin, Publisher, PublisherId, Source, SourceId, Tier
from monitor.shipped import shipped_path
from monitor.stages.catalogue import read_catalogue
from monitor.stages.catalogue_edit import Change, edit_catalogue

HAND_WRITTEN = """\
# Ours. Do not sort.

publishers:
  - id: gazette           # since 2024
    name: The Gazette
    domains: [gazette.example]

sources:

  # --- Press
  - id: gazette-ai
    name: "The Gazette: AI"   # quoted
    url: https://gazette.example/ai.xml?a=1
    origin: press
    tier: secondary
    publisher: gazette
    # every: 15m   (they asked us not to)
    every: 2h      # as they asked
    # its mail: desk@gazette.example

  # --- Probes
  - id: prober
    name: 'The Prober''s log'
    url: https://prober.example/feed
    origin: probe
    tier: primary
    publisher: gazette
# The end.
"""


def read(text: str) -> Catalogue:
    return read_catalogue(text, file="feeds.yaml")


def edit(text: str, **change: object) -> str:
    edited = edit_catalogue(text, Change(**change), file="feeds.yaml")  # type: ignore[arg-type]
    assert read(edited.text) == edited.catalogue
    return edited.text


def refusal(text: str, **change: object) -> str:
    with pytest.raises(FaultyFile) as caught:
        edit(text, **change)
    return str(caught.value)


def a_source(key: str = "new", **more: object) -> Source:
    values: dict[str, object] = {
        "id": SourceId(key),
        "name": "New",
        "url": f"https://{key}.example/feed?x=1&y=2",
        "origin": Origin.PRESS,
        "tier": Tier.SECONDARY,
        "publisher": PublisherId("gazette"),
    }
    return Source(**values | more)  # type: ignore[arg-type]


def only_added(before: str, after: str) -> str:
    """The one piece that `after` has and `before` has not."""
    start = next((i for i, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), len(before))
    length = len(after) - len(before)
    for at in range(start, -1, -1):
        if after[:at] + after[at + length :] == before:
            return after[at : at + length]
    raise AssertionError("more than one piece was added, or something was changed")


# --- what an edit looks like --------------------------------------------------------------------------------------


def test_a_new_source_stands_behind_the_last_of_its_publisher_in_the_files_own_manner() -> None:
    added = only_added(HAND_WRITTEN, edit(HAND_WRITTEN, added=(a_source(cadence=timedelta(hours=6)),)))
    assert added == (
        "  - id: new\n    name: New\n    url: https://new.example/feed?x=1&y=2\n    origin: press\n"
        "    tier: secondary\n    publisher: gazette\n    every: 6h\n"
    )
    assert edit(HAND_WRITTEN, added=(a_source(),)).endswith("publisher: gazette\n# The end.\n")


def test_a_source_of_a_new_publisher_stands_at_the_end_and_both_are_added_in_one_edit() -> None:
    acme = Publisher(id=PublisherId("acme"), name="Acme: the AI", domains=("acme.example", "acme.ai"), owner="Acme AG")
    source = a_source(publisher=acme.id, kind=Kind.PAGE, selector="main h2 > a", name="Acme # 1", is_aggregator=True)
    after = edit(HAND_WRITTEN, publishers=(acme,), added=(source,))
    assert read(after).publishers[-1] == acme
    assert read(after).sources[-1] == source
    assert (
        '  - id: acme\n    name: "Acme: the AI"\n    domains: [acme.example, acme.ai]\n    owner: Acme AG\n\n' in after
    )
    assert set(HAND_WRITTEN.splitlines()) <= set(after.splitlines())


def test_a_changed_key_changes_its_letters_and_keeps_quotes_and_comment() -> None:
    gazette, prober = read(HAND_WRITTEN).sources
    after = edit(HAND_WRITTEN, changed=(replace(gazette, name="Gazette", cadence=timedelta(days=1)),))
    assert after == HAND_WRITTEN.replace('"The Gazette: AI"', '"Gazette"').replace("every: 2h ", "every: 1d ")
    after = edit(HAND_WRITTEN, changed=(replace(prober, name="It's", url="https://prober.example/new"),))
    assert after == HAND_WRITTEN.replace("'The Prober''s log'", "'It''s'").replace("example/feed", "example/new")


def test_a_key_that_comes_stands_at_its_place_and_one_that_goes_takes_its_line_along() -> None:
    gazette, prober = read(HAND_WRITTEN).sources
    after = edit(HAND_WRITTEN, changed=(replace(prober, kind=Kind.STATUS, language="no"),))
    assert after == HAND_WRITTEN.replace("prober.example/feed\n", "prober.example/feed\n    kind: status\n").replace(
        "publisher: gazette\n# The", "publisher: gazette\n    language: no\n# The"
    )
    after = edit(HAND_WRITTEN, changed=(replace(gazette, cadence=None),))
    assert after == HAND_WRITTEN.replace("    every: 2h      # as they asked\n", "")


def test_a_removed_source_takes_the_comments_inside_it_along_and_leaves_the_headings() -> None:
    after = edit(HAND_WRITTEN, removed=("gazette-ai",))
    lines = HAND_WRITTEN.splitlines(keepends=True)
    first = lines.index("  - id: gazette-ai\n")
    assert after == "".join(lines[:first] + lines[first + 9 :])
    assert "# --- Press\n\n  # --- Probes\n" in after


@pytest.mark.parametrize("text", ["", "# Ours.", "# Ours.\r\n\r\n"])
def test_a_file_without_records_is_begun(text: str) -> None:
    gazette = Publisher(id=PublisherId("gazette"), name="The Gazette", domains=("gazette.example",))
    after = edit(text, publishers=(gazette,), added=(a_source("one"), a_source("two")))
    assert after.startswith(text)
    assert read(after) == Catalogue(publishers=(gazette,), sources=(a_source("one"), a_source("two")))
    assert "feeds.yaml: two: the publisher gazette is not under" in refusal(text, added=(a_source("two"),))


def test_a_publisher_that_the_file_names_already_stays_as_it_is() -> None:
    other = Publisher(id=PublisherId("gazette"), name="Another name")
    assert "Another" not in edit(HAND_WRITTEN, publishers=(other,), added=(a_source(),))


def test_the_last_source_cannot_be_removed() -> None:
    said = refusal(HAND_WRITTEN, removed=("gazette-ai", "prober"))
    assert "no source would be left" in said
    assert "was not changed" in said


def test_what_is_added_and_removed_again_leaves_the_shipped_file_byte_for_byte() -> None:
    text = shipped_path("feeds.yaml").read_text(encoding="utf-8")
    publisher = read(text).sources[100].publisher
    after = edit(text, added=(a_source("zz-new", publisher=publisher),))
    only_added(text, after)
    assert len(after.splitlines()) - len(text.splitlines()) == 6
    assert edit(after, removed=("zz-new",)) == text


# --- faults and odd layouts ---------------------------------------------------------------------------------------


def test_a_source_that_collides_is_refused_with_what_it_collides_with() -> None:
    assert "new: the address HTTP://PROBER.example/feed is already that of prober" in refusal(
        HAND_WRITTEN, added=(a_source(url="HTTP://PROBER.example/feed"),)
    )
    assert "prober: the id is taken by https://prober.example/feed" in refusal(
        HAND_WRITTEN, added=(a_source("prober"),)
    )
    gazette = Publisher(id=PublisherId("other"), name="Other", domains=("gazette.example",))
    assert "the domain gazette.example is already on line 6" in refusal(HAND_WRITTEN, publishers=(gazette,))


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({"url": "ftp://new.example/"}, "scheme is ftp"),
        ({"kind": Kind.MAILBOX, "url": "imaps://u:hunter2@new.example/INBOX"}, "secrets/new of the data folder"),
        ({"selector": "a"}, "a selector is for `kind: page`"),
        ({"publisher": "nobody"}, "is not under `publishers:`"),
        ({"name": "x" * 300}, "at most 200"),
        ({"name": "a\x1b[31mb"}, "control characters"),
        ({"name": "a\ud800b"}, "control characters"),
        ({"cadence": timedelta(minutes=5)}, "under 15 minutes"),
        ({"cadence": timedelta(seconds=1000)}, "edited from here"),
    ],
)
def test_a_source_with_a_fault_is_refused_in_the_words_of_the_reader(more: dict[str, Any], reason: str) -> None:
    said = refusal(HAND_WRITTEN, added=(a_source(**more),))
    assert reason in said
    assert "hunter2" not in said
    assert "feeds.yaml: " in said, "no line: it was never written"


def test_a_source_that_is_not_there_is_unknown() -> None:
    with pytest.raises(Unknown, match="no source 'nowhere'"):
        edit(HAND_WRITTEN, removed=("nowhere",))
    with pytest.raises(Unknown, match="no source 'new'"):
        edit(HAND_WRITTEN, changed=(a_source(),))


def test_a_faulty_file_is_not_edited() -> None:
    assert "feeds.yaml:4: gazette: the key nam is unknown" in refusal(
        HAND_WRITTEN.replace("    name: The", "    nam: The"), added=(a_source(),)
    ).replace("feeds.yaml:5", "feeds.yaml:4")


FLOW = """\
publishers: [{id: gazette, name: Gazette}]   # one line
sources: [
  {id: a, name: A, url: "https://a.example/", origin: press, tier: secondary, publisher: gazette},  # first
  {id: b, name: B, url: "https://b.example/", origin: press, tier: secondary, publisher: gazette, every: 2h},
]
"""
JSON = """\
{"publishers": [{"id": "gazette", "name": "Gazette"}],
 "sources": [
   {"id": "a", "name": "A", "url": "https://a.example/", "origin": "press", "tier": "primary", "publisher": "gazette"},
   {"id": "b", "name": "B", "url": "https://b.example/", "origin": "press", "tier": "primary", "publisher": "gazette"}
 ]}
"""
ONE_LINE_EACH = """\
publishers:
- {id: gazette, name: Gazette}
sources:
- {id: a, name: A, url: "https://a.example/", origin: press, tier: secondary, publisher: gazette}
- {id: b, name: B, url: "https://b.example/", origin: press, tier: secondary, publisher: gazette, every: 2h}  # b"""
SPREAD = """\
publishers:
  -
    name: Gazette
    id: gazette
sources:
  - # the first
    name: >-
      A folded
      name
    id: a
    url:
      https://a.example/
    origin: press
    tier: secondary
    publisher: gazette
    language:      # not known
    aggregator: false

  - every: 2h      # asked for
    id: b
    name: B
    url: https://b.example/
    origin: press
    tier: secondary
    publisher: gazette
"""


@pytest.mark.parametrize("text", [FLOW, JSON, ONE_LINE_EACH, SPREAD, SPREAD.replace("\n", "\r\n")])
def test_other_layouts_are_edited_in_their_own_manner(text: str) -> None:
    acme = Publisher(id=PublisherId("acme"), name="Acme: AI", domains=("acme.example",))
    new = a_source(publisher=acme.id, name='A "quoted", [odd] name', selector="a", kind=Kind.PAGE)
    after = edit(text, publishers=(acme,), added=(new,))
    assert (read(after).publishers[-1], read(after).sources[-1]) == (acme, new)
    assert "new" not in edit(after, removed=("new",))
    a, b = read(text).sources
    changed = (replace(a, name="Another", language="de"), replace(b, cadence=None, url="https://b.example/?2"))
    after = edit(text, changed=changed)
    assert read(after).sources == changed
    assert comments(text) <= comments(after) | Counter(["# asked for"])
    assert read(edit(text, removed=("a",))).sources == (b,)
    assert read(edit(text, removed=("b",))).sources == (a,)


def test_a_json_file_stays_json() -> None:
    after = edit(JSON, added=(a_source(),))
    assert '"gazette"},\n   {"id": "new", "name": "New", "url": ' in after
    assert "'" not in after


@pytest.mark.parametrize(
    ("text", "change"),
    [
        (SPREAD.replace("- every: 2h      # asked for", "- ? every\n    : 2h"), {"name": "B2", "cadence": None}),
        (FLOW.replace("every: 2h}", "every: 2h, # asked\n  language: de}"), {"cadence": None}),
    ],
)
def test_an_odd_layout_is_edited_rightly_or_refused_with_a_sentence(text: str, change: dict[str, object]) -> None:
    wanted = replace(read(text).sources[1], **change)  # type: ignore[arg-type]
    try:
        after = edit(text, changed=(wanted,))
    except FaultyFile as error:
        after = str(error)
    assert "change it by hand" in after or read(after).sources[1] == wanted


# --- whatever the file looks like ---------------------------------------------------------------------------------


def comments(text: str) -> Counter[str]:
    return Counter(found[0] for line in text.splitlines() if (found := re.search(r"(?:(?<=\s)|^)#.*", line)))


@dataclass(frozen=True)
class Layout:
    """How somebody writes their file."""

    dash: int
    offset: int
    newline: str
    ends: bool
    comments: tuple[str, ...]
    quotes: tuple[str, ...]
    is_spaced: bool
    order: tuple[str, ...]


KEYS = ("id", "name", "url", "kind", "selector", "origin", "tier", "publisher", "language", "every")
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=20)
COMMENT = st.sampled_from(["", "", "", "# a: comment", "#", "# - id: x", "#{[", "# «naïve» 📰"])
layouts = st.builds(
    Layout,
    dash=st.integers(0, 4),
    offset=st.integers(2, 5),
    newline=st.sampled_from(["\n", "\r\n"]),
    ends=st.booleans(),
    comments=st.lists(COMMENT, min_size=7, max_size=13).map(tuple),
    quotes=st.lists(st.sampled_from(["", '"', "'"]), min_size=3, max_size=7).map(tuple),
    is_spaced=st.booleans(),
    order=st.permutations(KEYS).map(tuple),
)


def said(text: str, quotes: str) -> str:
    if quotes == "'":
        return "'" + text.replace("'", "''") + "'"
    plain = text.replace("/", "").replace(".", "").replace("-", "").replace("https:", "").isalnum()
    if quotes == "" and plain and text.lower() != "null" and text.isascii() and text[0].isalnum():
        return text
    return '"' + "".join(c if c.isalnum() or c in " .,/-" else f"\\U{ord(c):08X}" for c in text) + '"'


def written(sources: list[dict[str, str]], layout: Layout) -> str:
    """A feeds.yaml as somebody could have written it."""
    lines = [
        "# top",
        "publishers:",
        "  - id: gazette",
        "    name: Gazette",
        "  - {id: acme, name: Acme}",
        "",
        "sources:",
    ]
    number = 0

    def comment() -> str:
        nonlocal number
        number += 1
        return layout.comments[number % len(layout.comments)]

    for position, source in enumerate(sources):
        if layout.is_spaced and position:
            lines.append("")
        if above := comment():
            lines.append(" " * (number % 7) + above)
        pad = " " * layout.dash + "-" + " " * (layout.offset - 1)
        for key in (k for k in layout.order if k in source):
            value = said(source[key], layout.quotes[(position + number) % len(layout.quotes)])
            beside = comment()
            lines.append(f"{pad}{key}: {value}" + (f"  {beside}" if beside else ""))
            pad = " " * (layout.dash + layout.offset)
            if (inside := comment()) and number % 3 == 0:
                lines.append(pad + inside)
    return layout.newline.join(lines) + (layout.newline if layout.ends else "")


@st.composite
def records(draw: st.DrawFn, key: str) -> dict[str, str]:
    name = draw(NAMES.map(str.strip).filter(bool))
    record = {"id": key, "name": name, "url": f"https://{key}.example/{draw(st.sampled_from(['', '?a=b', 'x#y']))}"}
    record |= {"origin": draw(st.sampled_from(list(Origin))), "tier": draw(st.sampled_from(list(Tier)))}
    record["publisher"] = draw(st.sampled_from(["gazette", "acme"]))
    if draw(st.booleans()):
        record |= {"language": draw(st.sampled_from(["no", "en", "pt-BR"]))}
    if draw(st.booleans()):
        record |= {"every": draw(st.sampled_from(["30m", "60m", "2h", "1d"]))}
    if draw(st.booleans()):
        record |= {"kind": draw(st.sampled_from(["page", "sitemap", "status"]))}
    if record.get("kind") == "page" and draw(st.booleans()):
        record |= {"selector": draw(st.sampled_from(["main a", "a[href*='x']", "h2 > a"]))}
    return record


@st.composite
def files(draw: st.DrawFn) -> str:
    count = draw(st.integers(1, 4))
    return written([draw(records(f"s{number}")) for number in range(count)], draw(layouts))


def as_source(record: dict[str, str]) -> Source:
    text = written([record], Layout(2, 2, "\n", True, ("",), ('"',), False, KEYS))
    return read(text).sources[0]


@settings(max_examples=40, deadline=None)
@given(text=files(), record=records("new"))
def test_whatever_the_file_looks_like_an_added_source_is_the_only_difference(text: str, record: dict[str, str]) -> None:
    source = as_source(record)
    after = edit(text, added=(source,))
    only_added(text, after)
    assert source in read(after).sources
    assert edit(after, removed=("new",)).splitlines() == text.splitlines()


@settings(max_examples=40, deadline=None)
@given(text=files(), record=records("new"))
def test_whatever_the_file_looks_like_a_change_keeps_comments_and_other_records(
    text: str, record: dict[str, str]
) -> None:
    sources = read(text).sources
    target = len(text) % len(sources)
    wanted = replace(as_source(record), id=sources[target].id)
    after = edit(text, changed=(wanted,))
    assert read(after).sources == (*sources[:target], wanted, *sources[target + 1 :])
    lost = comments(text) - comments(after)
    gone = [key for key in ("kind", "selector", "language", "every") if key not in record]
    assert sum(lost.values()) <= len(gone), "only a key that went took the comment on its line along"
    assert edit(after, changed=(wanted,)) == after


@settings(max_examples=40, deadline=None)
@given(text=files())
def test_whatever_the_file_looks_like_a_removal_takes_nothing_but_the_record(text: str) -> None:
    sources = read(text).sources
    if len(sources) == 1:
        assert "no source would be left" in refusal(text, removed=(sources[0].id,))
        return
    target = len(text) % len(sources)
    after = edit(text, removed=(sources[target].id,))
    assert read(after).sources == (*sources[:target], *sources[target + 1 :])
    only_added(after, text)
