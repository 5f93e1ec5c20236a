"""A page to look at: what it said, and nothing that runs, asks or leads on (D7)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.stages.exhibit import as_lines, exhibit, is_showable

PIXEL = "data:image/png;base64,iVBORw0KGgo="


def test_words_order_styles_and_pictures_of_the_page_itself_stay() -> None:
    shown = exhibit(
        b'<html><head><style>p{color:red}</style></head><body><h1 class="big">Outage</h1>'
        b'<p style="margin:0">It <b>broke</b>.</p><img src="' + PIXEL.encode() + b'" alt="A chart"></body></html>'
    )
    assert "<style>p{color:red}</style>" in shown
    assert '<h1 class="big">Outage</h1><p style="margin:0">It <b>broke</b>.</p>' in shown
    assert f'src="{PIXEL}"' in shown


@pytest.mark.parametrize(
    ("markup", "gone"),
    [
        ("<script>alert(1)</script>", "alert"),
        ("<p onclick=alert(1)>x</p>", "alert"),
        ("<a href=http://evil.example ping=http://evil.example>x</a>", "evil.example"),
        ("<img src=http://evil.example/x.png srcset=http://evil.example/y.png>", "evil.example"),
        ("<img src='data:image/svg+xml,<svg onload=alert(1)>'>", "alert"),
        ("<link rel=preconnect href=http://evil.example>", "evil.example"),
        ("<meta http-equiv=refresh content='0;url=http://evil.example'>", "evil.example"),
        ("<base href=http://evil.example>", "evil.example"),
        ("<iframe src=http://evil.example>x</iframe>", "evil.example"),
        ("<form action=http://evil.example><input name=q></form>", "evil.example"),
        ("<object data=http://evil.example></object><embed src=http://evil.example>", "evil.example"),
        ("<video src=http://evil.example poster=http://evil.example></video>", "evil.example"),
        (
            "<style>p{background:url( 'http://evil.example/x' )} @import 'http://evil.example/y';</style>",
            "evil.example",
        ),
        ('<p style="background:URL(http://evil.example/x)">x</p>', "evil.example"),
        ("<svg><script>alert(1)</script></svg><math><a href=javascript:alert(1)>x</a></math>", "alert"),
    ],
)
def test_nothing_that_runs_asks_or_leads_on_is_left_d7(markup: str, gone: str) -> None:
    shown = exhibit(f"<p>before</p>{markup}<p>after</p>".encode())
    assert gone not in shown
    assert "<p>before</p>" in shown
    assert "<p>after</p>" in shown


def test_a_title_is_escaped() -> None:
    assert "<title>&lt;script&gt;" in exhibit(b"x", title="<script>").replace("&#32;", " ")


@given(st.binary(max_size=400))
def test_any_bytes_become_a_document_without_a_script(body: bytes) -> None:
    shown = exhibit(b"<script>" + body)
    assert shown.startswith("<!doctype html>")
    assert "<script" not in shown.lower()


@pytest.mark.parametrize(
    ("content_type", "shown"),
    [("text/html; charset=utf-8", True), ("application/xhtml+xml", True), (None, True), ("application/pdf", False)],
)
def test_only_markup_is_shown(content_type: str | None, shown: bool) -> None:
    assert is_showable(content_type) is shown


def test_html_of_a_feed_becomes_a_line_for_each_block() -> None:
    said = as_lines("<p>It &amp; <b>that</b></p><ul><li>one</li><li>two<script>x</script></li></ul>")
    assert said == "It & that\none\ntwo"
