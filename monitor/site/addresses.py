"""Where everything of the site lies: address → what it is, and back. An address given once is valid for ever.

Long lists are cut by the month of first publication, and a month by parts of PART wires from its beginning, so that a
new wire changes the last part only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from urllib.parse import quote, unquote

PART = 200  # wires on one page of a month
FORMS: Mapping[str, str] = MappingProxyType(
    {
        "bib": "application/x-bibtex; charset=utf-8",
        "ris": "application/x-research-info-systems; charset=utf-8",
        "txt": "text/plain; charset=utf-8",
    }
)
FIGURES = ("severity", "provider", "code", "delay", "standard", "sources", "origin")

_MONTH = r"[0-9]{4}-(?:0[1-9]|1[0-2])"
_LIST = re.compile(
    r"/(?:archive|(?P<kind>providers|codes|severities)/(?P<value>[^/]+))"
    rf"(?:/(?P<month>{_MONTH})(?:/(?P<part>[1-9][0-9]{{0,5}}))?)?"
)
_WIRE = re.compile(r"/wires/(?P<slug>[^/]+)(?:/revisions/(?P<number>[1-9][0-9]{0,5})(?:\.(?P<form>bib|ris|txt))?)?")
_SITEMAP = re.compile(rf"/sitemaps/(?P<month>{_MONTH})(?:-(?P<part>[1-9][0-9]{{0,3}}))?\.xml")


class Kind(StrEnum):
    """By what lists are kept, as `store.editions` names facets."""

    ALL = ""
    PROVIDER = "provider"
    CODE = "code"
    SEVERITY = "severity"


PLACES: Mapping[Kind, str] = MappingProxyType(
    {Kind.PROVIDER: "/providers", Kind.CODE: "/codes", Kind.SEVERITY: "/severities"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListAddress:
    """A list of wires: all of them or those of one provider, code or severity; whole, or one month of it."""

    kind: Kind = Kind.ALL
    value: str = ""
    month: str | None = None  # 2026-03
    part: int | None = None  # of the month, from 1; None: its newest part

    @property
    def facet(self) -> str:
        """What the store calls it."""
        return f"{self.kind}:{self.value}" if self.kind else ""

    @property
    def path(self) -> str:
        """Where it lies."""
        value = self.value.lower() if self.kind is Kind.SEVERITY else quote(self.value, safe="")
        place = f"{PLACES[self.kind]}/{value}" if self.kind else "/archive"
        return "/".join((place, *([self.month] if self.month else []), *([str(self.part)] if self.part else [])))


@dataclass(frozen=True, slots=True, kw_only=True)
class WireAddress:
    """A wire, one revision of it, or a citation of that revision."""

    slug: str
    number: int | None = None
    form: str | None = None  # of FORMS

    @property
    def path(self) -> str:
        """Where it lies."""
        revision = "" if self.number is None else f"/revisions/{self.number}"
        return f"/wires/{quote(self.slug, safe='')}{revision}{f'.{self.form}' if self.form else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapAddress:
    """The wires of one month for whoever gathers pages, cut where there are too many for one file."""

    month: str
    part: int = 1

    @property
    def path(self) -> str:
        """Where it lies."""
        return f"/sitemaps/{self.month}{f'-{self.part}' if self.part > 1 else ''}.xml"


def read_list(path: str) -> ListAddress | None:
    """The list at this address; None where none can be."""
    found = _LIST.fullmatch(path)
    if found is None:
        return None
    kind = {place.removeprefix("/"): kind for kind, place in PLACES.items()}.get(found["kind"], Kind.ALL)
    value = unquote(found["value"] or "")
    if kind is Kind.SEVERITY:
        value = value.upper()
    part = None if found["part"] is None else int(found["part"])
    address = ListAddress(kind=kind, value=value, month=found["month"], part=part)
    return address if address.path == path else None  # one address for one page


def read_wire(path: str) -> WireAddress | None:
    """The wire, revision or citation at this address; None where none can be."""
    found = _WIRE.fullmatch(path)
    if found is None:
        return None
    number = None if found["number"] is None else int(found["number"])
    return WireAddress(slug=unquote(found["slug"]), number=number, form=found["form"])


def read_sitemap(path: str) -> SitemapAddress | None:
    """The part of the sitemap at this address; None where none can be."""
    found = _SITEMAP.fullmatch(path)
    if found is None or found["part"] == "1":
        return None
    return SitemapAddress(month=found["month"], part=int(found["part"] or 1))
