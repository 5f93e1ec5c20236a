"""Templates of a newsroom's own: they take the place of the shipped ones, reach nothing, and can break nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.model import RevisionKind
from monitor.site.house import House
from monitor.site.lists import latest_page
from monitor.site.pages import wire_page
from monitor.site.sheet import line_of
from monitor.site.typeset import SHIPPED, Templates
from tests.site.newsroom import HOUSE, SITE, XSS, a_wire, parsed, revised, words


def house_with(folder: Path, **templates: str) -> House:
    for name, text in templates.items():
        (folder / f"{name}.html").write_text(text)
    return House(site=SITE, guide=HOUSE.guide, templates=Templates(folder))


A_WIRE = a_wire(headline="A headline")


def front(house: House, headline: str = "") -> str:
    wire = a_wire(headline=headline) if headline else A_WIRE
    return latest_page(house, [line_of(wire, SITE.providers)], total=1).body.decode()


def test_a_template_of_ones_own_takes_the_place_of_the_shipped_one(tmp_path: Path) -> None:
    house = house_with(tmp_path, latest="<p>{{ page.newsroom }}: {{ lines | length }}</p>")
    assert front(house) == "<p>The Wire: 1</p>"
    assert house.templates.faults == []
    assert house.version != HOUSE.version


def test_it_may_build_on_the_shipped_ones(tmp_path: Path) -> None:
    house = house_with(tmp_path, latest='{% extends "base.html" %}{% block main %}<h1>Ours</h1>{% endblock %}')
    assert "Ours" in front(house)
    assert "Skip to the text" in front(house)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("fine\n{% if %}", 2),
        ("fine\n\n{{ lines | safe }}", 3),
        ("{% autoescape false %}{{ lines }}{% endautoescape %}", 1),
        ("one\ntwo\n{{ nothing.of.the.kind }}", 3),
        ("{{ ''.__class__.__mro__ }}", 1),
        ("\n{{ lines.append(1) }}", 2),
        ("{% for n in range(10000000) %}{{ n }}{% endfor %}", 1),
        ('{% include "../secrets.html" %}', 1),
        ("{{ 1 / 0 }}", 1),
    ],
)
def test_a_faulty_one_is_named_by_file_and_line_and_the_shipped_one_is_used(
    tmp_path: Path, text: str, line: int
) -> None:
    house = house_with(tmp_path, latest=text)
    assert front(house) == front(HOUSE)
    (fault,) = house.templates.faults
    assert (fault.file, fault.line) == (str(tmp_path / "latest.html"), line)
    assert fault.reason.endswith("the shipped one is used")
    front(house)
    assert len(house.templates.faults) == 1


def test_only_the_faulty_one_is_left_out(tmp_path: Path) -> None:
    house = house_with(tmp_path, latest="{{ nothing }}", wire="<h1>{{ sheet.line.headline }}</h1>")
    front(house)
    wire = a_wire()
    assert wire_page(house, wire, wire.revisions[0], is_permanent=False).body == b"<h1>Chatbot invents a ruling</h1>"
    assert [Path(f.file).name for f in house.templates.faults] == ["latest.html"]


def test_what_it_prints_is_escaped_whatever_it_does_h23(tmp_path: Path) -> None:
    house = house_with(
        tmp_path, latest="{{ lines[0].headline }}{{ '%s' % lines[0].headline }}{{ lines[0].headline | e }}"
    )
    assert "<script" not in front(house, XSS)
    assert "<img" not in front(house, XSS)


def test_what_lies_there_and_is_no_template_is_said(tmp_path: Path) -> None:
    house = house_with(tmp_path, lastest="a slip of the pen")
    assert [f.reason for f in house.templates.faults] == ["the site has no template lastest.html: it is never used"]
    assert "no such folder" in Templates(tmp_path / "nowhere").faults[0].reason


def test_every_shipped_template_is_used_on_some_page() -> None:
    """What nobody renders is dead; the parts are loaded by others."""
    used = "".join(p.read_text() for p in [*SHIPPED.parent.glob("*.py"), *SHIPPED.glob("*.html")])
    used += (SHIPPED.parents[1] / "web" / "subscribe.py").read_text()
    assert [p.name for p in SHIPPED.glob("*.html") if f'"{p.name}"' not in used] == []


def test_a_page_of_a_hostile_wire_has_no_markup_of_it_h23() -> None:
    wire = revised(a_wire(headline=XSS, rationale=XSS, counterfactual=XSS), RevisionKind.CORRECTION, note=XSS, body=XSS)
    page = parsed(wire_page(HOUSE, wire, wire.revisions[1], is_permanent=True))
    assert not page.xpath("//img | //*[@onerror] | //*[@style]")
    assert len(page.xpath("//script")) == 2  # the switch of themes, and JSON-LD
    assert "<script>alert(1)</script>" in words(page)
