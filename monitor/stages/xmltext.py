"""An element → the text or markup in it, as feedparser has it."""

from __future__ import annotations

from lxml.etree import _Element as Element

from monitor.stages.xmltree import XHTML, Unsure, is_element, read_attributes

CONTENT_TYPES = {
    **dict.fromkeys(("text", "plain", "text/plain"), "text/plain"),
    **dict.fromkeys(("html", "text/html"), "text/html"),
    **dict.fromkeys(("xhtml", "application/xhtml+xml"), "application/xhtml+xml"),
}
_QUOTE = '"'
_XHTML = "{" + XHTML + "}"
_WINDOWS = {n: bytes([n]).decode("cp1252") for n in range(128, 160) if n not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}
_ELSEWHERE = frozenset({"body", "math", "svg"})  # not mere markup to feedparser


def plain(element: Element) -> str:
    """The text of an element that should hold no other."""
    text = element.text or ""
    if len(element):
        if any(map(is_element, element)):
            raise Unsure
        text += "".join(aside.tail or "" for aside in element)
    return text.strip()


def marked(element: Element, *, is_atom10: bool) -> str:
    """Text or markup, as the element's type says."""
    attributes = read_attributes(element)
    kind = CONTENT_TYPES.get(attributes.get("type", "text"))
    if kind is None or attributes.get("mode") == "base64":
        raise Unsure
    if kind != "application/xhtml+xml":
        return repaired(plain(element))
    pieces: list[str] = []
    _gather(element, pieces)
    return repaired("".join(_unwrapped(pieces) if is_atom10 else pieces).strip())


def repaired(text: str) -> str:
    """Mended where UTF-8 was taken for Latin-1 on the way; C1 that this brings to light are characters of Windows."""
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode().translate(_WINDOWS)
    except UnicodeError:
        return text


def _gather(element: Element, pieces: list[str]) -> None:
    """Start tags, texts and end tags in their order."""
    if element.text:
        pieces.append(_escaped(element.text))
    for child in element:
        if is_element(child):
            tag = str(child.tag)
            name = tag[len(_XHTML) :].lower()
            attributes = read_attributes(child, is_markup=True)
            if not tag.startswith(_XHTML) or name in _ELSEWHERE or any(key[0] == "{" for key in attributes):
                raise Unsure
            stated = [f' {key}="{_escaped(value).replace(_QUOTE, "&quot;")}"' for key, value in attributes.items()]
            pieces.append(f"<{name}{''.join(stated)}>")
            _gather(child, pieces)
            pieces.append(f"</{name}>")
        if child.tail:
            pieces.append(_escaped(child.tail))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _unwrapped(pieces: list[str]) -> list[str]:
    """Without the div that stands around all of it (RFC 4287 3.1.1.3)."""
    kept = pieces.copy()
    while len(kept) > 1 and not kept[-1].strip():
        kept.pop()
    while len(kept) > 1 and not kept[0].strip():
        kept.pop(0)
    if not kept or not (kept[0] == "<div>" or kept[0].startswith("<div ")) or kept[-1] != "</div>":
        return kept
    depth = 0
    for piece in kept[:-1]:
        if piece.startswith("</"):
            depth -= 1
            if depth == 0:
                return kept
        elif piece.startswith("<") and not piece.endswith("/>"):
            depth += 1
    return kept[1:-1]
