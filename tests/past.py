"""Wires that were published, made quickly and by the store's own deeds: for tests that need many."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from monitor.model import (
    ArticleId,
    Citation,
    Draft,
    Manner,
    Origin,
    PublisherId,
    Rationale,
    RevisionKind,
    Severity,
    SourcingStandard,
    Tier,
    WireId,
)
from monitor.store.database import Database, Transaction
from monitor.store.published import next_free_instant
from monitor.store.wires import Count, add_revision, add_wire, found_newsroom, record_publication, record_release

START = datetime.fromisoformat("2026-01-05T08:00:00+00:00")


def a_past_draft(number: int, **fields: object) -> Draft:
    given: dict[str, object] = {
        "headline": f"Chatbot <b>invents</b> a ruling & more, {number}",
        "severity": tuple(Severity)[number % 4],
        "providers": (("openai", "anthropic", "google")[number % 3],),
        "occurred_on": date(2026, 1, 1),
        "body": f"A lawyer filed a brief with ruling {number}. [source](article:{number})",
        "rationale": "The chatbot produced the rulings.",
        "counterfactual": "Without the chatbot the rulings would not have been in the brief.",
        "codes": ("M2", ("F4", "F5")[number % 2]),
        **fields,
    }
    return Draft(**given)  # type: ignore[arg-type]


def publish_past(tx: Transaction, number: int, *, at: datetime, **fields: object) -> WireId:
    """A wire that readers see since `at`."""
    found_newsroom(tx, tag_authority="wire.example", now=START)
    wire = add_wire(
        tx,
        tag=f"tag:wire.example,2026-01-05:wire/{number}",
        slug=f"wire-{number}",
        candidate=None,
        draft=a_past_draft(number, **fields),
        editor="ada",
        manner=Manner.EDITOR,
        now=at,
    )
    _publish(tx, wire, at=at)
    return wire


def revise_past(
    tx: Transaction, wire: WireId, number: int, *, kind: RevisionKind, at: datetime, **fields: object
) -> None:
    """A later revision of it that readers see."""
    draft = a_past_draft(number, **{"note": "The court was another one.", **fields})
    add_revision(tx, wire, kind=kind, draft=draft, manner=Manner.EDITOR, editor="ada", now=at)
    _publish(tx, wire, at=at)


def many_past(database: Database, count: int, *, first: int = 1, start: datetime = START) -> tuple[WireId, ...]:
    """So many wires, an hour apart."""
    with database.write() as tx:
        return tuple(publish_past(tx, n, at=start + timedelta(hours=n)) for n in range(first, first + count))


def _publish(tx: Transaction, wire: WireId, *, at: datetime) -> None:
    record_release(tx, wire, editor="ada", version_seen=None, now=at)
    citation = Citation(
        article=ArticleId(wire),
        url=f"https://gazette.example/{wire}",
        title="A ruling",
        publisher=PublisherId("gazette"),
        publisher_name="Gazette",
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        published_at=at,
        snapshot=None,
        counts=True,
        reason="counts",
    )
    why = Rationale(text="It made it up.", counterfactual="Not without it.", classified_by="ada", classified_at=at)
    record_publication(
        tx,
        wire,
        citations=[citation],
        count=Count(standard=SourcingStandard.SINGLE_SOURCE, source_count=1),
        rationale=why,
        origin=Origin.PRESS,
        published_at=next_free_instant(tx, at),
    )
