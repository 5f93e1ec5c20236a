"""A page as it was served → one to look at: what it said and how it stood, with nothing that runs, asks or leads on.

An allow-list of elements and attributes (ammonia's): no script, no frame, no form that sends, no address but pictures
that are in the page itself. Its own styles stay, without what they would fetch; however cleverly they ask for it, the
header under which the document is served forbids it.
"""

from __future__ import annotations

import re
from html import unescape

import nh3

from monitor.stages.canonical import clean_text
from monitor.stages.charset import decode

SIZE_LIMIT = 3_000_000  # characters that are shown
_PICTURE_LIMIT = 500_000  # of one picture inside the page
_PICTURES = ("data:image/png", "data:image/jpeg", "data:image/gif", "data:image/webp")
_HTML = ("html", "xml")

_TAGS = """
    a abbr acronym address article aside b bdi bdo big blockquote br caption center cite code col colgroup data dd del
    details dfn dir div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hgroup hr i img ins kbd label
    legend li main map mark menu nav nobr ol p picture pre q rp rt ruby s samp section small span strike strong style
    sub summary sup table tbody td tfoot th thead time tr tt u ul var wbr
"""
_ATTRIBUTES = {
    "*": {"class", "id", "style", "dir", "lang", "title", "hidden", "align", "valign", "bgcolor", "width", "height"},
    "img": {"src", "alt"},
    "td": {"colspan", "rowspan", "nowrap"},
    "th": {"colspan", "rowspan", "scope"},
    "col": {"span"},
    "colgroup": {"span"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "font": {"color", "face", "size"},
    "table": {"border", "cellpadding", "cellspacing"},
    "time": {"datetime"},
    "details": {"open"},
}
_BLOCKS = ("p", "br", "div", "li", "tr", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6")
_BLOCK = re.compile(r"</?(?:p|br|div|li|tr|blockquote|pre|h[1-6])\b[^>]*>")
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)
_FETCHED = re.compile(r"""@import\b[^;<]*;?|url\(\s*(?!["']?data:image/)[^)<]*\)""", re.IGNORECASE)
_DROPPED = {"script", "noscript", "template", "iframe", "object", "embed", "svg", "math", "title", "textarea", "select"}
_HOUSE = (  # of no weight: whatever the page says of itself wins
    "<style>:where(html){background:#fff;color:#111;font:16px/1.5 Georgia,serif;color-scheme:light}"
    ":where(body){max-width:46rem;margin:1rem auto;padding:0 1rem;overflow-wrap:anywhere}"
    ":where(img){max-width:100%;height:auto;border:1px dotted #777;color:#555;font-size:13px}"
    ":where(a){color:#0b5394;text-decoration:underline}</style>"
)


def is_showable(content_type: str | None) -> bool:
    """Whether a page of this type is markup; one without a type is taken for it."""
    kind = (content_type or "text/html").partition(";")[0].strip().lower()
    return any(word in kind for word in _HTML)


def exhibit(body: bytes, content_type: str | None = None, *, title: str = "Snapshot") -> str:
    """A whole document that shows `body`."""
    text, _ = decode(body, content_type)
    shown = nh3.clean(
        clean_text(text)[:SIZE_LIMIT],
        tags=set(_TAGS.split()),
        clean_content_tags=set(_DROPPED),
        attributes=_ATTRIBUTES,
        attribute_filter=_keep,
        url_schemes={"data"},
        link_rel=None,
        strip_comments=True,
    )
    shown = _STYLE.sub(lambda style: _FETCHED.sub("none", style[0]), shown)
    named = nh3.clean_text(title)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{named}</title>'
    return f'<!doctype html><html lang="und"><head>{head}{_HOUSE}</head><body>{shown}</body></html>'


def _keep(tag: str, attribute: str, value: str) -> str | None:
    """An attribute's value as it may stand; None takes it away."""
    if tag == "img" and attribute == "src":
        is_inside = value[:40].lower().startswith(_PICTURES) and len(value) <= _PICTURE_LIMIT
        return value if is_inside else None
    return _FETCHED.sub("none", value) if attribute == "style" else value


def as_lines(html: str) -> str:
    """The words of a piece of HTML as plain text, a line for each block."""
    kept = nh3.clean(html[:SIZE_LIMIT], tags=set(_BLOCKS), clean_content_tags=set(_DROPPED), attributes={})
    lines = (unescape(line).strip() for line in _BLOCK.split(kept))
    return clean_text("\n".join(" ".join(line.split()) for line in lines if line))
