"""What a wire's form sends → a draft, and a draft → the words and values that its form shows."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import UTC, date, datetime

from monitor.model import (
    ArticleId,
    ButFor,
    Confidence,
    Draft,
    Severity,
    SourcingStandard,
)
from monitor.stages.crosswalk import crosswalk_words
from monitor.store.wires import draft_from_json, draft_to_json
from monitor.web.auth import Visit

LABELS = {
    "headline": "Headline",
    "severity": "Severity",
    "providers": "Providers",
    "occurred_on": "When it happened",
    "body": "Text",
    "rationale": "Why this is an AI incident",
    "but_for": "But-for test, as data",
    "counterfactual": "But-for test",
    "codes": "Codes",
    "sources": "Sources",
    "note": "Note to readers",
    "standard": "Sourcing standard",
    "embargo_until": "Embargo",
    "crosswalk": "In other databases",
}
TEST_PARTS = ("outcome", "system", "role", "without")


def read_draft(visit: Visit) -> Draft:
    """The draft as typed; what cannot be read as a date or a level is left empty, and then said to be missing."""
    severity, standard = visit.text("severity"), visit.text("standard")
    return Draft(
        headline=visit.text("headline"),
        severity=Severity(severity) if severity in set(Severity) else None,
        providers=_providers(visit),
        occurred_on=_date(visit.text("occurred_on")),
        body=visit.text("body"),
        rationale=visit.text("rationale"),
        counterfactual=visit.text("counterfactual"),
        codes=visit.texts("codes"),
        sources=tuple(a for text in visit.texts("sources") if (a := _article(text)) is not None),
        note=visit.text("note"),
        standard=SourcingStandard(standard) if standard in set(SourcingStandard) else None,
        but_for=_test(visit),
        embargo_until=instant_of(visit.text("embargo_until")),
        crosswalk=crosswalk_words(visit.text("crosswalk")),
    )


def _providers(visit: Visit) -> tuple[str, ...]:
    """Those that are ticked, and the one whose name is typed."""
    named = visit.context.index.resolve(visit.text("provider_name").strip())
    return tuple(dict.fromkeys((*visit.texts("providers"), *([] if named is None else [named.id]))))


def unknown_provider(visit: Visit) -> str:
    """The name that is typed for a provider and that the register does not have; "" where there is none."""
    typed = visit.text("provider_name").strip()
    return typed if typed and visit.context.index.resolve(typed) is None else ""


def _test(visit: Visit) -> ButFor | None:
    sure = visit.text("test_confidence")
    outcome, system, role, without = (visit.text(f"test_{part}") for part in TEST_PARTS)
    test = ButFor(
        outcome=outcome,
        system=system,
        role=role,
        without=without,
        support=_article(visit.text("test_support")),
        confidence=Confidence(sure) if sure in set(Confidence) else None,
    )
    return None if test == ButFor() else test


def read_base(visit: Visit) -> Draft | None:
    """The draft that the editor began with, where the page says so: what it was when the connection went."""
    try:
        value = json.loads(visit.text("base") or "null")
        return None if value is None else draft_from_json({**draft_to_json(Draft()), **value})
    except (ValueError, TypeError, KeyError, AttributeError):
        return None


def instant_of(text: str) -> datetime | None:
    """A day and a time as a form has them, UTC."""
    try:
        read = datetime.fromisoformat(text)
    except ValueError:
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)


def form_values(draft: Draft) -> dict[str, str | list[str]]:
    """Every control's value, by the name it has in the form: what a page without reload puts there."""
    test = draft.but_for or ButFor()
    return {
        "headline": draft.headline,
        "severity": "" if draft.severity is None else draft.severity.value,
        "providers": list(draft.providers),
        "occurred_on": "" if draft.occurred_on is None else draft.occurred_on.isoformat(),
        "body": draft.body,
        "rationale": draft.rationale,
        "counterfactual": draft.counterfactual,
        "codes": list(draft.codes),
        "sources": [str(a) for a in draft.sources],
        "note": draft.note,
        "standard": "" if draft.standard is None else draft.standard.value,
        "embargo_until": local_instant(draft.embargo_until),
        "crosswalk": " ".join(draft.crosswalk),
        **{f"test_{part}": getattr(test, part) for part in TEST_PARTS},
        "test_support": "" if test.support is None else str(test.support),
        "test_confidence": "" if test.confidence is None else test.confidence.value,
    }


def local_instant(at: datetime | None) -> str:
    """As a control for a day and a time wants it."""
    return "" if at is None else at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M")


def differences(saved: Draft, typed: Draft) -> tuple[tuple[str, str, str], ...]:
    """The fields in which two drafts differ: label, what is saved, what was typed."""
    return tuple(
        (LABELS[f.name], in_words(getattr(saved, f.name)), in_words(getattr(typed, f.name)))
        for f in fields(Draft)
        if getattr(saved, f.name) != getattr(typed, f.name)
    )


def in_words(value: object) -> str:
    """A field's value as a person reads it."""
    match value:
        case None:
            return ""
        case tuple():
            return ", ".join(map(str, value))
        case ButFor():
            parts = [(part, getattr(value, part)) for part in (*TEST_PARTS, "support", "confidence")]
            return "\n".join(f"{name}: {said}" for name, said in parts if said)
        case datetime():
            return value.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC")
        case _:
            return str(value)


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _article(text: str) -> ArticleId | None:
    return ArticleId(int(text)) if text.isascii() and text.isdigit() and len(text) < 10 else None
