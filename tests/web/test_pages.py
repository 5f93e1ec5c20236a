"""What all pages share."""

from __future__ import annotations

import pytest

from monitor.web.pages import TEMPLATES, browser_name, compile_templates


def test_every_template_can_be_compiled_before_the_first_request() -> None:
    compile_templates()
    assert TEMPLATES.cache is not None
    assert {str(name) for _, name in TEMPLATES.cache.keys()} >= set(TEMPLATES.list_templates())  # noqa: SIM118


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
            "Chrome on Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge on Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari on an iPhone"),
        ("Mozilla/5.0 (Android 15; Mobile; rv:132.0) Gecko/132.0 Firefox/132.0", "Firefox on Android"),
        ("lynx/2.9", "lynx/2.9"),
        ("", "unnamed"),
    ],
)
def test_a_session_is_named_by_its_browser(user_agent: str, name: str) -> None:
    assert browser_name(user_agent) == name
