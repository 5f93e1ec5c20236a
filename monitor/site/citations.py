"""How to cite a revision: BibTeX, RIS and APA. Whatever a headline holds, it stays inside its field.

Each form names the revision and its permanent address, so that what was cited can be read for ever as it stood.
"""

from __future__ import annotations

import re
from datetime import datetime

from monitor.model import Revision, Wire
from monitor.site.addresses import WireAddress
from monitor.site.house import House
from monitor.stages.canonical import clean_line
from monitor.stages.telling import long_date, marked_headline

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces before it looks at backslashes, so that a brace of the text cannot stay one, escaped or not.
_TEX = {
    "\\": r"\textbackslash ", "{": r"\textbraceleft ", "}": r"\textbraceright ", "~": r"\textasciitilde ",
    "^": r"\textasciicircum ", **{c: f"\\{c}" for c in "&%$#_"},
}  # fmt: skip
_KEY = re.compile(r"[^a-z0-9]+")


def bibtex(house: House, wire: Wire, revision: Revision) -> str:
    """An entry of BibTeX's type `misc`, with the fields of biblatex for what is on the web."""
    at = _at(wire, revision)
    fields = {
        "title": f"{{{_tex(_title(wire, revision))}}}",
        "author": f"{{{_tex(house.name)}}}",
        "year": str(at.year),
        "note": _tex(f"Revision {revision.number}, published {long_date(at)}"),
        "url": _url(house, wire, revision),
        "howpublished": "Online",
    }
    who = _KEY.sub("-", house.name.lower()).strip("-") or "newsroom"
    key = f"{who}-{at.year}-{_KEY.sub('-', wire.slug)}-{revision.number}"
    told = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{key},\n{told}  month = {_MONTHS[at.month - 1]},\n}}\n"


def ris(house: House, wire: Wire, revision: Revision) -> str:
    """A record of RIS, of the type for electronic articles; a value ends with its line, so none has a line break."""
    at = _at(wire, revision)
    lines = [
        ("TY", "ELEC"),
        ("TI", _title(wire, revision)),
        ("AU", house.name),
        ("PB", house.name),
        ("PY", str(at.year)),
        ("DA", f"{at:%Y/%m/%d}"),
        ("ET", f"Revision {revision.number}"),
        ("UR", _url(house, wire, revision)),
        ("ID", wire.tag),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {clean_line(value)}\r\n" for tag, value in lines)


def apa(house: House, wire: Wire, revision: Revision) -> str:
    """One line in the style of APA, 7th edition, for a page of a group author that says when it was revised."""
    at = _at(wire, revision)
    day = f"{at.year}, {long_date(at).split(' ')[1]} {at.day}"
    name = house.name if house.name.endswith(".") else f"{house.name}."
    title = _title(wire, revision)
    return f"{name} ({day}). {title} (Revision {revision.number}). {_url(house, wire, revision)}"


def cite(house: House, wire: Wire, revision: Revision, form: str) -> str:
    """The citation in one of `addresses.FORMS`."""
    match form:
        case "bib":
            return bibtex(house, wire, revision)
        case "ris":
            return ris(house, wire, revision)
        case _:
            return f"{apa(house, wire, revision)}\n"


def _title(wire: Wire, revision: Revision) -> str:
    return clean_line(marked_headline(wire, revision))


def _url(house: House, wire: Wire, revision: Revision) -> str:
    return house.url(WireAddress(slug=wire.slug, number=revision.number).path)


def _at(wire: Wire, revision: Revision) -> datetime:
    at = revision.published_at or wire.first_published_at
    if at is None:
        raise ValueError(f"revision {revision.number} of wire {wire.id} is not published")
    return at


def _tex(text: str) -> str:
    return "".join(_TEX.get(c, c) for c in clean_line(text))
