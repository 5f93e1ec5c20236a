"""Credits as JSON, in the rows of entries and articles."""

from __future__ import annotations

from collections.abc import Sequence

from monitor.model import Credit, CreditKind


def credits_json(found: Sequence[Credit]) -> list[dict[str, str | None]] | None:
    """None where nobody is credited: most rows have none."""
    return [
        {"kind": credit.kind.value, "name": credit.name, "url": credit.url, "quote": credit.quote} for credit in found
    ] or None


def read_credits(stored: Sequence[dict[str, str | None]] | None) -> tuple[Credit, ...]:
    """What `credits_json` wrote."""
    return tuple(
        Credit(
            kind=CreditKind(credit["kind"] or ""),
            name=credit["name"] or "",
            url=credit["url"],
            quote=credit["quote"] or "",
        )
        for credit in stored or ()
    )
