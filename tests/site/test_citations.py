"""Citations with one click: whatever a headline holds stays in its field, and names the revision for ever."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from monitor.model import RevisionKind
from monitor.site.citations import apa, bibtex, ris
from monitor.site.house import House
from tests.site.newsroom import BASE, HOUSE, SITE, XSS, a_wire, revised

HOSTILE = [
    XSS,
    "100 % of {models} cost $5 & more: \\input{/etc/passwd} #1 a_b ^c ~d",
    "}, author = {Nobody}, note = {",
    "A headline\r\nER  - \r\nTY  - BOOK\nTI  - Another",
    "شركة تسحب نموذجها",
    "@misc{x, title={y}}",
]


@pytest.mark.parametrize("headline", HOSTILE)
def test_bibtex_stays_one_entry_whatever_the_headline(headline: str) -> None:
    wire = a_wire(headline=headline)
    entry = bibtex(HOUSE, wire, wire.revisions[0])
    depth = 0
    for at, sign in enumerate(entry.rstrip()):
        depth += {"{": 1, "}": -1}.get(sign, 0)  # BibTeX counts braces whether or not a backslash stands before them
        assert depth > 0 or at < entry.index("{") or at == len(entry.rstrip()) - 1
    assert depth == 0
    assert re.findall(r"^  (\w+) = ", entry, re.MULTILINE) == [
        "title", "author", "year", "note", "url", "howpublished", "month",
    ]  # fmt: skip
    assert "\\input" not in entry


@pytest.mark.parametrize("headline", HOSTILE)
def test_ris_stays_one_record_whatever_the_headline(headline: str) -> None:
    wire = a_wire(headline=headline)
    record = ris(HOUSE, wire, wire.revisions[0])
    lines = record.removesuffix("\r\n").split("\r\n")
    assert [line[:2] for line in lines] == ["TY", "TI", "AU", "PB", "PY", "DA", "ET", "UR", "ID", "ER"]
    assert all(re.fullmatch(r"[A-Z][A-Z0-9]  - .*", line) for line in lines)


def test_apa_names_who_when_what_which_revision_and_where() -> None:
    wire = revised(a_wire(), RevisionKind.CORRECTION, note="It was one.")
    assert apa(HOUSE, wire, wire.revisions[1]) == (
        "The Wire. (2026, March 5). Corrected: Chatbot invents a ruling (Revision 2). "
        f"{BASE}/wires/{wire.slug}/revisions/2"
    )
    named = House(site=replace(SITE, name="Monitor Inc."), guide="")
    assert apa(named, wire, wire.revisions[0]).startswith("Monitor Inc. (2026, March 2). Chatbot")


def test_all_forms_lead_to_the_revision_that_was_cited() -> None:
    wire = revised(a_wire(), RevisionKind.UPDATE)
    for number, revision in enumerate(wire.revisions, start=1):
        for form in (bibtex, ris, apa):
            assert f"{BASE}/wires/{wire.slug}/revisions/{number}" in form(HOUSE, wire, revision)
