"""Addresses: one for one page, each read back to what it was made of."""

from __future__ import annotations

import pytest

from monitor.model.publication import is_path
from monitor.site.addresses import (
    Kind,
    ListAddress,
    SitemapAddress,
    WireAddress,
    read_list,
    read_sitemap,
    read_wire,
)

LISTS = {
    "/archive": ListAddress(),
    "/archive/2026-03": ListAddress(month="2026-03"),
    "/archive/2026-03/2": ListAddress(month="2026-03", part=2),
    "/providers/openai": ListAddress(kind=Kind.PROVIDER, value="openai"),
    "/codes/M2/2026-12": ListAddress(kind=Kind.CODE, value="M2", month="2026-12"),
    "/severities/sev-1/2026-01/3": ListAddress(kind=Kind.SEVERITY, value="SEV-1", month="2026-01", part=3),
}
WIRES = {
    "/wires/2026-a-b": WireAddress(slug="2026-a-b"),
    "/wires/2026-a-b/revisions/3": WireAddress(slug="2026-a-b", number=3),
    "/wires/2026-a-b/revisions/3.bib": WireAddress(slug="2026-a-b", number=3, form="bib"),
}


@pytest.mark.parametrize(("path", "address"), LISTS.items())
def test_a_list_has_one_address(path: str, address: ListAddress) -> None:
    assert read_list(path) == address
    assert address.path == path
    assert is_path(path)


@pytest.mark.parametrize(("path", "address"), WIRES.items())
def test_a_wire_and_each_of_its_revisions_have_one_address(path: str, address: WireAddress) -> None:
    assert read_wire(path) == address
    assert address.path == path
    assert is_path(path)


@pytest.mark.parametrize("part", [1, 2])
def test_a_part_of_the_sitemap_has_one_address(part: int) -> None:
    address = SitemapAddress(month="2026-03", part=part)
    assert read_sitemap(address.path) == address


@pytest.mark.parametrize(
    "path",
    [
        "/archive/2026-13", "/archive/2026-3", "/archive/2026-03/0", "/archive/2026-03/01", "/severities/SEV-1",
        "/providers/", "/providers/a/b", "/wires/", "/wires/x/revisions/0", "/wires/x/revisions/1.pdf", "/wires/x/1",
        "/sitemaps/2026-03-1.xml", "/sitemaps/2026-3.xml", "/archive/", "/Archive",
    ],
)  # fmt: skip
def test_another_spelling_is_no_address(path: str) -> None:
    assert (read_list(path), read_wire(path), read_sitemap(path)) == (None, None, None)
