"""The same event in other databases, on a wire's page and for programs."""

from __future__ import annotations

import json

from lxml import html as lxml_html

from monitor.site.pages import wire_page
from tests.site.newsroom import HOUSE, a_wire


def test_a_wire_says_where_else_its_event_is_recorded_and_so_does_its_json_ld_o10() -> None:
    wire = a_wire(crosswalk=("aiid:123", "aiaaic:AIAAIC0042", "not an id"))
    assert wire.published is not None
    page = lxml_html.fromstring(wire_page(HOUSE, wire, wire.published, is_permanent=False).body)
    (section,) = [s for s in page.iter("section") if "In other databases" in s.text_content()]
    assert [" ".join(li.text_content().split()) for li in section.iter("li")] == [
        "AI Incident Database: 123",
        "AIAAIC Repository: AIAAIC0042",
    ]
    assert [a.get("href") for a in section.iter("a")] == ["https://incidentdatabase.ai/cite/123"]
    (text,) = page.xpath("//script[@type='application/ld+json']/text()")
    assert json.loads(text)["sameAs"] == ["https://incidentdatabase.ai/cite/123"]


def test_a_wire_that_nobody_looked_up_elsewhere_says_nothing_of_it() -> None:
    wire = a_wire()
    assert wire.published is not None
    body = wire_page(HOUSE, wire, wire.published, is_permanent=False).body
    assert b"In other databases" not in body
    assert b"sameAs" not in body
