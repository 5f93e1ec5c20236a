"""Markdown to HTML: what an editor writes is shown, what an attacker smuggles in stays text."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from monitor.model import ArticleId
from monitor.stages.markup import (
    SourceLink,
    cited_keys,
    paragraphs,
    plain_summary,
    plain_text,
    render_body,
    render_guide,
    safe_html,
)

PATIENCE = 60  # processor seconds: what is quadratic takes hours, a busy machine a few times the usual second

LINK = SourceLink(article=ArticleId(42), number=1, url="https://a.example/x", told='The "Courier" <b>, 9 December 2025')
PAYLOADS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\nscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](vbscript:x)",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](file:///etc/passwd)",
    "[source](javascript:alert(1))",
    "![x](https://tracker.example/pixel.gif)",
    '[x](https://a.example/"onmouseover="alert(1))',
    "[x](<https://a.example/ onclick=alert(1)>)",
    "<svg><script>alert(1)</script></svg>",
    "<!--><script>alert(1)</script>-->",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<a href='https://a.example' ping='https://t.example'>x</a>",
    "<base href=https://evil.example/>",
    "<style>*{display:none}</style>",
    "[x](//evil.example/)",
    "[x](\\\\evil.example)",
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    "`<script>alert(1)</script>`",
    "|a|\n|-|\n|<script>alert(1)</script>|",
    "<math><mtext><script>alert(1)</script></mtext></math>",
]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("render", [render_body, render_guide])
def test_hostile_markdown_stays_text_h21_h22_h24(payload: str, render: object) -> None:
    assert callable(render)
    tree = lxml_html.fragment_fromstring(render(f"before\n\n{payload}\n\nafter"), create_parent=True)
    for element in tree.iter():
        assert element.tag not in {"script", "img", "svg", "math", "iframe", "style", "base", "form", "template"}
        assert not [a for a in element.attrib if a.startswith("on") or a in {"style", "srcdoc", "ping", "src"}]
        href = element.get("href")
        assert href is None or re.match(r"https?://|#", href), href
        assert href is None or "evil.example" not in href
    assert "before" in tree.text_content()
    assert "after" in tree.text_content()


def test_a_citation_is_a_superscripted_link_that_names_its_source() -> None:
    html = render_body("It fell. [source](article:42)", [LINK])
    (link,) = lxml_html.fromstring(html).xpath("//sup[@class='cite']/a")
    assert link.get("href") == "https://a.example/x"
    assert link.get("data-told") == LINK.told
    assert link.text_content() == "[source]"
    assert "fell.\u2060<sup" in html  # it stays with its word


def test_a_citation_by_address_finds_the_same_source_under_another_spelling() -> None:
    assert 'class="cite"' in render_body("x [source](http://A.example/x?utm_source=mail#top)", [LINK])
    assert cited_keys("x [source](http://A.example/x?utm_source=m) [source](article:42) [source](article:042)") == (
        "https://a.example/x",
        "article:42",
    )


def test_a_source_that_cannot_be_opened_leads_to_its_place_in_the_list() -> None:
    gone = SourceLink(article=ArticleId(7), number=3, url="javascript:alert(1)", told="x")
    assert 'href="#source-3"' in render_body("x [source](article:7)", [gone])
    assert "href" not in render_body("x [source](article:7)", [gone], is_page=False)


def test_what_cites_nothing_known_is_left_as_text() -> None:
    assert render_body("x [source](article:9) [source]") == "<p>x [source] [source]</p>\n"


def test_in_a_feed_a_citation_is_a_plain_link_o7() -> None:
    html = render_body("x [source](article:42)", [LINK], is_page=False)
    assert html == f'<p>x<sup><a href="{LINK.url}">[source]</a></sup></p>\n'
    quoting = render_body("x [source](article:42 'so it was')", [LINK], is_page=False)
    assert 'title="“so it was”"' in quoting
    assert "rel=" not in render_body("[the law](https://law.example/1)", is_page=False)


def test_other_links_and_forms_are_kept() -> None:
    html = render_body("See [the law](https://law.example/1), ~~not~~ *this*:\n\n# Head\n\n- a\n- b\n\n> said")
    assert 'href="https://law.example/1"' in html
    assert 'rel="nofollow noopener"' in html
    for tag in ("<s>", "<em>", "<h3>", "<li>", "<blockquote>"):
        assert tag in html


def test_each_block_knows_what_it_cites() -> None:
    found = paragraphs(
        "# Head\n\nOne [source](article:1), two.\n\n- a\n- b [Sources](https://b.example/)\n\n---\n\nthree"
    )
    assert [(p.text, p.targets) for p in found] == [
        ("One, two.", ("article:1",)),
        ("a b", ("https://b.example/",)),
        ("three", ()),
    ]


def test_a_summary_is_plain_and_ends_at_a_word_o7() -> None:
    assert plain_summary("**Bold** <b>x</b> [source](article:1)", 80) == "Bold <b>x</b>"
    assert plain_summary("one two three four", 12) == "one two…"
    assert plain_text("# A\n\nb `c`\n\n    d") == "A\n\nb c\n\nd"


def test_the_guide_keeps_its_anchors_and_local_links() -> None:
    html = render_guide("## Severity {#severity}\n\nSee [codes](#codes) and [x](//evil.example) and [y](/guide).")
    assert '<h2 id="severity">Severity</h2>' in html
    assert 'href="#codes"' in html
    assert 'href="/guide"' in html
    assert "evil.example" not in re.sub(r"\(.*?\)", "", html)


@pytest.mark.parametrize(
    "bomb", [">" * 50_000, "- " * 25_000, "[" * 20_000, "*" * 50_000, "`" * 50_000, "<" * 50_000, "_a" * 25_000]
)
def test_a_pathological_text_is_done_in_bounded_time_h9(bomb: str) -> None:
    began = time.process_time()
    render_body(bomb)
    assert time.process_time() - began < PATIENCE


@given(st.text(alphabet=st.sampled_from("<>&\"'[]()!`*_#-:/\\ javscript=on\n\t\x00\u202e")))
def test_no_text_at_all_makes_an_active_element_h22(text: str) -> None:
    html = render_body(text)
    assert safe_html(html) == html
    assert not re.search(
        r"<(?!/?(p|br|hr|em|strong|s|code|pre|blockquote|ul|ol|li|sup|a|h[3-6]|table|t[hdr]|thead|tbody)\b)[a-z]", html
    )
