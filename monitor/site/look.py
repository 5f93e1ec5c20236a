"""The newsroom's own look: colours whose contrast is sure, logo, picture for previews, footer.

Contrast is that of WCAG 2.2 (1.4.3): text has at least 4.5 : 1 on the page and on raised surfaces. A colour that fails
is refused, with the nearest shade of it that would do.
"""

from __future__ import annotations

import colorsys
import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

TEXT_CONTRAST = 4.5
COLOUR_NAMES = ("accent", "accent-dark", "paper", "paper-dark")
LOGO_LIMIT = 256_000  # bytes
PICTURE_LIMIT = 2_000_000  # bytes

_HEX = re.compile(r"#[0-9a-f]{6}")
_ACTIVE_SVG = re.compile(
    rb"<\s*(script|foreignObject|iframe|embed|object)|\son[a-z]+\s*=|javascript:|<!ENTITY", re.IGNORECASE
)
# The tokens that stand as text on the paper and on raised surfaces (static/tokens.css), light and dark.
_TEXT = {
    "": ("#1b1a17", "#5c574d", "#a3121a", "#a04a00", "#6b5a00", "#4a5560", "#1e6b3a"),
    "-dark": ("#eceae4", "#a8a294", "#ff8a85", "#f2a35e", "#d9c25a", "#a9b4bf", "#7fce9a"),
}
_LINK = {"": "#0b5394", "-dark": "#8ab8ea"}
_PAPER = {"": "#fbfaf7", "-dark": "#151412"}
_PANEL = {"": "#ffffff", "-dark": "#1d1c19"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A file that pages show."""

    media_type: str
    body: bytes
    width: int | None = None  # pixels; None of an SVG
    height: int | None = None

    @property
    def name(self) -> str:
        """A file name that moves with the content."""
        ending = {"image/svg+xml": "svg", "image/png": "png"}[self.media_type]
        return f"{hashlib.sha256(self.body).hexdigest()[:12]}.{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How the site of this newsroom differs from the shipped one."""

    colours: tuple[tuple[str, str], ...] = ()  # by COLOUR_NAMES; checked by `read_colours`
    logo: Image | None = None
    picture: Image | None = None  # for link previews, which take no SVG
    footer: str = ""  # Markdown


PLAIN = Look()


# --- colours ------------------------------------------------------------------------------------------------------


def read_colours(text: str) -> tuple[tuple[str, str], ...]:
    """`accent=#7a1fa2 paper=#ffffff` → the pairs; raises ValueError with every colour that readers could not read."""
    pairs: dict[str, str] = {}
    for word in text.split():
        name, _, value = word.partition("=")
        if name not in COLOUR_NAMES or not _HEX.fullmatch(value.lower()):
            raise ValueError(
                f"must be pairs such as accent=#7a1fa2, where a name is {', '.join(COLOUR_NAMES)}: {word[:60]}"
            )
        pairs[name] = value.lower()
    faults = [fault for theme in ("", "-dark") for fault in _faults(pairs, theme)]
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(sorted(pairs.items()))


def _faults(pairs: Mapping[str, str], theme: str) -> Iterable[str]:
    paper, accent = pairs.get(f"paper{theme}", _PAPER[theme]), pairs.get(f"accent{theme}", _LINK[theme])
    papers = (paper, _PANEL[theme])
    if f"paper{theme}" in pairs:
        worst = min(contrast(colour, paper) for colour in _TEXT[theme])
        if worst < TEXT_CONTRAST:
            yield f"paper{theme} {paper} leaves text a contrast of {worst:.1f} : 1, and needs {TEXT_CONTRAST} : 1"
            return
    if (least := min(contrast(accent, p) for p in papers)) < TEXT_CONTRAST:
        nearest, name = readable(accent, papers), f"accent{theme}"
        yield f"{name} {accent} has a contrast of {least:.1f} : 1, and needs {TEXT_CONTRAST} : 1; {nearest} has it"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours written as #rrggbb (WCAG 2.2, "contrast ratio")."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable(colour: str, papers: Iterable[str]) -> str:
    """The nearest shade of `colour` that text may have on all of `papers`: darker on light ones, lighter on dark."""
    papers = tuple(papers)
    to_light = all(_luminance(p) < 0.18 for p in papers)
    hue, lightness, saturation = colorsys.rgb_to_hls(*(c / 255 for c in _channels(colour)))
    for step in range(101):
        share = step / 100
        shade = lightness + (1 - lightness) * share if to_light else lightness * (1 - share)
        found = "#{:02x}{:02x}{:02x}".format(*(round(c * 255) for c in colorsys.hls_to_rgb(hue, shade, saturation)))
        if all(contrast(found, p) >= TEXT_CONTRAST for p in papers):
            return found
    return "#ffffff" if to_light else "#000000"


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (v / 255 for v in _channels(colour))]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def look_css(look: Look) -> str:
    """The style sheet that lays the newsroom's colours over the shipped ones; empty where it has none."""
    tokens = {"accent": "--link", "paper": "--bg"}
    light = [f"{tokens[n]}: {v};" for n, v in look.colours if not n.endswith("-dark")]
    dark = [f"{tokens[n.removesuffix('-dark')]}: {v};" for n, v in look.colours if n.endswith("-dark")]
    rules = []
    if light:  # must reach no dark page, whether that is the system's wish or the reader's
        by_system = f':root:not([data-theme="dark"]) {{ {" ".join(light)} }}'
        rules.append(f"@media not all and (prefers-color-scheme: dark) {{ {by_system} }}")
        rules.append(f':root[data-theme="light"] {{ {" ".join(light)} }}')
    if dark:
        rules.append(
            f'@media (prefers-color-scheme: dark) {{ :root:not([data-theme="light"]) {{ {" ".join(dark)} }} }}'
        )
        rules.append(f':root[data-theme="dark"] {{ {" ".join(dark)} }}')
    return "@media screen {\n" + "\n".join(rules) + "\n}\n" if rules else ""


# --- images -------------------------------------------------------------------------------------------------------


def read_image(body: bytes, *, is_preview: bool = False) -> Image:
    """A logo, or with `is_preview` a picture for link previews; raises ValueError with why it cannot be one."""
    limit = PICTURE_LIMIT if is_preview else LOGO_LIMIT
    if len(body) > limit:
        raise ValueError(f"must have at most {limit:,} bytes")
    if body.startswith(b"\x89PNG\r\n\x1a\n") and len(body) > 24:
        width, height = struct.unpack(">II", body[16:24])
        return Image(media_type="image/png", body=body, width=width, height=height)
    if is_preview:
        raise ValueError("must be a PNG: link previews show no SVG")
    if b"<svg" in body[:2000]:
        if _ACTIVE_SVG.search(body):
            raise ValueError("is an SVG with scripts or embedded documents: a logo has none")
        return Image(media_type="image/svg+xml", body=body)
    raise ValueError("must be an SVG or a PNG")
