"""What all pages share."""

from __future__ import annotations

from monitor.web.pages import TEMPLATES, compile_templates


def test_every_template_can_be_compiled_before_the_first_request() -> None:
    compile_templates()
    assert TEMPLATES.cache is not None
    assert {str(name) for _, name in TEMPLATES.cache.keys()} >= set(TEMPLATES.list_templates())  # noqa: SIM118
