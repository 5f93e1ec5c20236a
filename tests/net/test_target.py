"""A URL as it goes out."""

from __future__ import annotations

import pytest

from monitor.net.target import read_target


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://news.example/a", "news.example"),
        ("https://news.example:443/a", "news.example"),
        ("http://news.example:8080/a", "news.example:8080"),
        ("https://[2001:DB8::1]:8443/a", "[2001:db8::1]:8443"),
        ("http://[::1]/a", "[::1]"),
    ],
)
def test_the_host_header_names_the_port_only_where_it_is_not_the_usual_one(url: str, host: str) -> None:
    assert read_target(url).authority == host
