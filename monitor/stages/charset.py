"""Bytes of a document → text, whatever its labels say (H10).

Order of trust: a byte order mark; the zero bytes of UTF-16 and UTF-32; bytes that are valid UTF-8 (no other encoding
looks like it by chance); what the document says of itself; what the server says; windows-1252. UTF-7 is never read, as
no browser does. Never raises: where nothing fits, the text carries U+FFFD and the note says so.
"""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_SAID = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:\-]{2,40})""", re.IGNORECASE)
_HEAD = 4_096  # HTML asks for 1,024; some pages put the charset further down
_READABLE = re.compile(
    r"(utf_(8|16|32)(_[lb]e)?|iso8859_\d+|cp\d+|koi8_\w+|mac_\w+|gb2312|gbk|gb18030|big5(hkscs)?|euc_\w+"
    r"|shift_jis(x0213|_2004)?|iso2022_\w+|hz|tis_620|johab|ascii|latin_1)"
)
_MOSTLY = 0.02  # share of broken sequences up to which a text is still taken for damaged UTF-8


def decode(body: bytes, content_type: str | None = None) -> tuple[str, str | None]:
    """The text of `body`, and a note where characters were lost on the way."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return _lossy(body[len(mark) :], name)
    if wide := _wide_encoding(body[:400]):
        return _lossy(body, wide)
    said = [_codec(label) for label in _labels(body, content_type)]
    if b"\x1b" in body and (escaped := next((n for n in said if n and n.startswith("iso2022")), None)):
        return _lossy(body, escaped)
    for candidate in ("utf-8", *said):
        if candidate and (text := _strict(body, candidate)) is not None:
            return text, None
    return _guess(body)


def _strict(body: bytes, name: str) -> str | None:
    try:
        return body.decode(name)
    except UnicodeDecodeError as error:
        is_cut_short = name == "utf-8" and 0 < len(body) - 3 <= error.start  # a document cut inside its last character
        return body[: error.start].decode(name) if is_cut_short else None
    except UnicodeError:
        return None


def _lossy(body: bytes, name: str) -> tuple[str, str | None]:
    text = body.decode(name, "replace")
    return text, f"characters that are not {name} were replaced" if "\ufffd" in text else None


def _guess(body: bytes) -> tuple[str, str | None]:
    damaged = body.decode("utf-8", "replace")
    foreign = sum(1 for c in damaged if c > "\x7f")
    if damaged.count("\ufffd") <= _MOSTLY * foreign:
        return damaged, "characters that are not utf-8 were replaced"
    return body.decode("cp1252", "replace"), "no encoding fits: read as windows-1252"


def _wide_encoding(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: zero bytes stand where Latin markup has none."""
    if len(head) < 8 or head.count(0) < len(head) // 4:
        return None
    zeros = [head[n::4].count(0) * 4 / len(head) for n in range(4)]
    patterns = {
        "utf-32-be": (1, 1, 1, 0),
        "utf-32-le": (0, 1, 1, 1),
        "utf-16-be": (1, 0, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
    }
    for name, pattern in patterns.items():
        if all((share > 0.5) == bool(wanted) for share, wanted in zip(zeros, pattern, strict=True)):
            return name
    return None


def _labels(body: bytes, content_type: str | None) -> list[str]:
    said = _SAID.search(body[:_HEAD])
    served = _SAID.search((content_type or "").encode("ascii", "ignore"))
    return [found[1].decode() for found in (said, served) if found]


def _codec(label: str) -> str | None:
    """Python's codec for a label, with the Web's reading of Latin-1 (WHATWG Encoding, 4.2)."""
    try:
        name = codecs.lookup(label).name.replace("-", "_")
    except LookupError:
        return None
    if name in ("iso8859_1", "ascii", "latin_1"):
        return "cp1252"
    return name if _READABLE.fullmatch(name) else None
