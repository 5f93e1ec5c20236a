"""The newsroom's own look: no colour that readers could not read, no logo that runs, in both themes."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest

from monitor.errors import FaultyFile, Unconfigured
from monitor.jobs.house import read_house
from monitor.site.house import House
from monitor.site.lists import latest_page
from monitor.site.look import Look, contrast, look_css, read_colours, read_image, readable
from tests.site.newsroom import BASE, HOUSE, SITE, parsed


def a_png(width: int = 1200, height: int = 630) -> bytes:
    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#777777", "#ffffff", 4.48),
        ("#0b5394", "#0b5394", 1.0),
        ("#ffffff", "#767676", 4.54),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("text", ["accent=#ffcc00", "accent-dark=#222222", "paper=#5c574d", "paper-dark=#808080"])
def test_a_colour_that_nobody_could_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"contrast of \d"):
        read_colours(text)


def test_a_refusal_names_the_nearest_shade_that_would_do() -> None:
    with pytest.raises(ValueError, match="has it") as refused:
        read_colours("accent=#ffcc00")
    nearest = str(refused.value).rpartition(" has it")[0].rpartition(" ")[2]
    assert read_colours(f"accent={nearest}") == (("accent", nearest),)


@pytest.mark.parametrize("colour", ["#ffcc00", "#00ffff", "#ff00ff", "#808080", "#123456"])
@pytest.mark.parametrize("papers", [("#fbfaf7", "#ffffff"), ("#151412", "#1d1c19")])
def test_there_is_a_readable_shade_of_every_colour(colour: str, papers: tuple[str, ...]) -> None:
    assert all(contrast(readable(colour, papers), paper) >= 4.5 for paper in papers)


@pytest.mark.parametrize("text", ["accent", "accent=red", "shadow=#000000", "accent=#12345", "accent=#1234567;}body{"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="must be pairs"):
        read_colours(text)


def test_a_colour_of_one_theme_stays_out_of_the_other() -> None:
    """Else the light paper would lie under the light ink of a dark page."""
    css = look_css(Look(colours=read_colours("accent=#7a1fa2 accent-dark=#d0a0f0 paper=#ffffff")))
    light = [rule for rule in css.splitlines() if "--bg: #ffffff" in rule or "--link: #7a1fa2" in rule]
    by_system = ':root:not([data-theme="dark"]) { --link: #7a1fa2; --bg: #ffffff; }'
    assert light == [
        f"@media not all and (prefers-color-scheme: dark) {{ {by_system} }}",
        ':root[data-theme="light"] { --link: #7a1fa2; --bg: #ffffff; }',
    ]
    assert [rule for rule in css.splitlines() if "#d0a0f0" in rule] == [
        '@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) { --link: #d0a0f0; } }',
        ':root[data-theme="dark"] { --link: #d0a0f0; }',
    ]
    assert css.startswith("@media screen"), "paper stays black on white"
    assert look_css(Look()) == ""


@pytest.mark.parametrize(
    "body",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<svg onload='alert(1)'></svg>",
        b"<svg><foreignObject/></svg>",
        b"<svg><a href='javascript:alert(1)'/></svg>",
        b"GIF89a",
        b"",
    ],
)
def test_a_logo_that_runs_or_is_none_is_refused(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"logo has none|must be an SVG or a PNG"):
        read_image(body)


def test_link_previews_have_a_picture_only_where_the_newsroom_gave_one_o10(tmp_path: Path) -> None:
    (tmp_path / "card.png").write_bytes(a_png())
    (tmp_path / "logo.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    house = read_house(SITE, "", picture=tmp_path / "card.png", logo=tmp_path / "logo.svg")
    page = parsed(latest_page(house, [], total=0))
    (image,) = page.xpath("//meta[@property='og:image']/@content")
    assert image == BASE + str(house.picture_path)
    assert page.xpath("//meta[@property='og:image:width']/@content") == ["1200"]
    assert page.xpath("//header//img/@alt") == ["The Wire"]
    assert not parsed(latest_page(HOUSE, [], total=0)).xpath("//meta[@property='og:image'] | //img")
    with pytest.raises(FaultyFile, match=r"logo\.svg.*must be a PNG"):
        read_house(SITE, "", picture=tmp_path / "logo.svg")


def test_the_footer_is_markdown_in_which_nothing_runs(tmp_path: Path) -> None:
    (tmp_path / "foot.md").write_text("[Imprint](https://wire.example/imprint) <script>alert(1)</script>")
    page = parsed(latest_page(read_house(SITE, "", footer=tmp_path / "foot.md"), [], total=0))
    assert page.xpath("//footer//a[text()='Imprint']/@href") == ["https://wire.example/imprint"]
    assert "<script>alert(1)</script>" in page.xpath("//footer")[0].text_content()


def test_faulty_colours_stop_the_start_and_say_so() -> None:
    with pytest.raises(Unconfigured, match="MONITOR_COLOURS: accent #ffff00 has a contrast"):
        read_house(SITE, "", colours="accent=#ffff00")


def test_a_changed_look_is_another_version_of_all_pages() -> None:
    changed = House(site=SITE, guide=HOUSE.guide, look=Look(colours=read_colours("accent=#7a1fa2")))
    assert changed.version != HOUSE.version
    assert House(site=SITE, guide=HOUSE.guide).version == HOUSE.version
