"""The section of pages: what a publication touches is all that it changes, and no more however long the past is."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monitor.jobs import take_down as taking
from monitor.jobs.index import index
from monitor.jobs.look_published import look_published
from monitor.jobs.publish import publish
from monitor.jobs.sections.pages import Pages
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import Document, RevisionKind, Severity, Wire
from monitor.model.feeds import TakeDownReason
from monitor.model.publication import is_path
from monitor.model.tally import Counted
from monitor.store.database import Database
from monitor.store.editions import list_changes, read_edition
from monitor.store.tallies import count_retracted, list_tallies
from tests.conftest import ManualClock
from tests.site.newsroom import HOUSE, SITE, parsed, texts, words
from tests.wires import CODEBOOK, EDITOR, PROVIDERS, a_fit_draft, a_released_wire, an_opened_wire


class Site:
    """A tree of pages that follows the database by what each change touches, and nothing else."""

    def __init__(self, database: Database, clock: ManualClock, section: Pages) -> None:
        self.database, self.clock, self.section = database, clock, section
        self.edition = 0
        self.touched: list[str] = []
        self.documents = self.whole()

    def whole(self) -> dict[str, Document]:
        """Every page there is, rendered anew."""
        with self.database.read() as tx:
            paths = list(self.section.every(tx))
            assert len(paths) == len(set(paths))
            made = {path: self.section.render(tx, path) for path in paths}
        return {path: document for path, document in made.items() if document is not None}

    def publish(self) -> None:
        publish(self.database, self.clock, public_dir=Path(), site=SITE)
        self.follow()

    def follow(self) -> None:
        """What the tree does: render what the new editions touch."""
        with self.database.read() as tx:
            changes = list_changes(tx, after=self.edition, limit=1_000)
            self.edition = read_edition(tx).number
            self.touched = list(dict.fromkeys(p for _, c in changes for p in self.section.touched(tx, c)))
            for path in self.touched:
                document = self.section.render(tx, path)
                if document is None:
                    self.documents.pop(path, None)
                else:
                    self.documents[path] = document

    def wire(self, **fields: object) -> Wire:
        wire = a_released_wire(self.database, self.clock, **fields)  # type: ignore[arg-type]
        self.clock.advance(minutes=10)
        self.publish()
        return wire

    def revise(self, wire: Wire, kind: RevisionKind, **fields: object) -> None:
        opened = start_revision(self.database, self.clock, wire.id, editor=EDITOR, kind=kind)
        draft = replace(opened.draft, **fields)  # type: ignore[arg-type]
        save_draft(self.database, self.clock, wire.id, editor=EDITOR, draft=draft, version_seen=None)
        release(
            self.database, self.clock, wire.id, editor=EDITOR, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS
        )
        self.clock.advance(minutes=10)
        self.publish()

    def take_down(self, wire: Wire) -> None:
        taking.take_down(self.database, self.clock, wire.id, who=EDITOR, reason=TakeDownReason.PRIVACY, note="asked to")
        self.follow()


@pytest.fixture
def site(database: Database, clock: ManualClock) -> Site:
    return Site(database, clock, Pages(HOUSE))


def a_life(site: Site) -> list[Wire]:
    """Wires that are published, moved to other facets, corrected, retracted, restored and taken down."""
    first = site.wire(headline="The first")
    second = site.wire(headline="The second", providers=("meta",), severity=Severity.SEV_4, codes=("M4", "F9"))
    site.clock.advance(days=40)
    third = site.wire(headline="The third", occurred_on=date(2025, 12, 30))
    site.revise(first, RevisionKind.CORRECTION, note="It was two.", providers=("meta", "openai"), codes=("M1", "F5"))
    site.revise(second, RevisionKind.RETRACTION, note="A hoax.")
    site.revise(third, RevisionKind.UPDATE, severity=Severity.SEV_4)
    return [first, second, third]


def test_what_a_change_touches_is_all_that_it_changes(site: Site) -> None:
    """The tree that only follows what is touched is, to the byte, the one that is rendered whole."""
    _, second, third = a_life(site)
    assert site.documents == site.whole()
    site.revise(second, RevisionKind.RESTORATION, note="It was none after all.")
    site.take_down(third)
    assert site.documents == site.whole()
    assert site.documents[f"/wires/{third.slug}"].status == 410
    assert all(is_path(path) for path in site.documents)


def test_a_publication_touches_as_many_pages_late_as_early(site: Site) -> None:
    """Facets and month decide how many, not how many wires there are."""
    site.wire(headline="The first")
    early = len(site.touched)
    for number in range(6):
        site.wire(headline=f"Wire {number}")
    assert len(site.touched) == early
    assert len(site.documents) > early


def test_the_counts_kept_are_those_of_the_wires(site: Site) -> None:
    first, second, third = a_life(site)
    with site.database.read() as tx:
        kept = Counter({(t.counted, t.value, t.month): t.count for t in list_tallies(tx)})
        retracted = count_retracted(tx)
    assert retracted == 1
    assert {k: n for k, n in kept.items() if k[0] is Counted.SEVERITY} == {
        (Counted.SEVERITY, "SEV-3", "2026-03"): 1,
        (Counted.SEVERITY, "SEV-4", "2025-12"): 1,
    }
    assert {k: n for k, n in kept.items() if k[0] is Counted.PROVIDER} == {
        (Counted.PROVIDER, "meta", "2026-03"): 1,
        (Counted.PROVIDER, "openai", "2026-03"): 1,
        (Counted.PROVIDER, "openai", "2025-12"): 1,
    }
    assert kept[Counted.DELAY, "6h", "2026-03"] == 1
    assert kept[Counted.SOURCES, "2", "2026-03"] == kept[Counted.ORIGIN, "press", "2026-04"] == 1
    site.revise(second, RevisionKind.RESTORATION, note="It was none.")
    site.take_down(first)
    with site.database.read() as tx:
        assert count_retracted(tx) == 0
        assert [(t.value, t.count) for t in list_tallies(tx, Counted.SEVERITY)] == [("SEV-4", 1), ("SEV-4", 1)]
    assert third


def test_a_month_of_more_wires_than_a_page_holds_keeps_its_full_parts(
    sqlite_database: Database, clock: ManualClock
) -> None:
    site = Site(sqlite_database, clock, Pages(HOUSE, part=2))
    for number in range(5):
        site.wire(headline=f"Wire {number}")

    def shown(path: str) -> list[str]:
        return texts(parsed(site.documents[path]), "//*[@class='headline']")

    assert shown("/archive/2026-03/1") == ["Wire 1", "Wire 0"]
    assert shown("/archive/2026-03/2") == ["Wire 3", "Wire 2"]
    assert shown("/archive/2026-03") == ["Wire 4"]
    assert site.documents == site.whole()


def test_nothing_that_nobody_released_is_on_any_page(site: Site) -> None:
    wire = site.wire(headline="For readers")
    an_opened_wire(site.database, site.clock, title="Still a draft")
    opened = start_revision(site.database, site.clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    secret = replace(opened.draft, headline="Not yet for readers")
    save_draft(site.database, site.clock, wire.id, editor=EDITOR, draft=secret, version_seen=None)
    site.publish()
    everything = b"".join(d.body for d in site.whole().values())
    assert b"For readers" in everything
    assert b"Not yet for readers" not in everything
    assert b"Still a draft" not in everything


def test_the_statistics_page_is_drawn_from_the_counts_as_of_the_newest_publication(site: Site) -> None:
    a_life(site)
    page = parsed(site.documents["/statistics"])
    assert "2 incidents since Dec 2025" in words(page)
    assert "as of our newest publication on 11 April 2026" in words(page)
    assert "Retracted wires are left out: 1 so far" in words(page)
    site.clock.advance(days=400)
    site.publish()
    assert site.documents == site.whole(), "time alone changes nothing"


# --- search: dynamic, and never of a draft --------------------------------------------------------------------------


def test_readers_find_published_wires_by_the_words_they_see_and_nothing_else(site: Site) -> None:
    wire = site.wire(headline="Pharmacy assistant doubles a dosage")
    waiting = an_opened_wire(site.database, site.clock, title="Dosage in a draft")
    save_draft(
        site.database, site.clock, waiting.id, editor=EDITOR, draft=a_fit_draft(waiting, headline="A dosage again"),
        version_seen=None,
    )  # fmt: skip
    opened = start_revision(site.database, site.clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    draft = replace(opened.draft, headline="Pharmacy assistant halves a dosage, minister resigns")
    save_draft(site.database, site.clock, wire.id, editor=EDITOR, draft=draft, version_seen=None)
    index(site.database, site.clock, providers=PROVIDERS)
    with site.database.read() as tx:

        def found(text: str) -> list[str]:
            shown = look_published(tx, text, providers=PROVIDERS, limit=10).wires
            return [hit.wire.revisions[-1].draft.headline for hit in shown]

        assert found("dosage") == found("provider:openai severity:3") == ["Pharmacy assistant doubles a dosage"]
        assert found("doubles") == found("dosage"), "what readers see is found while another text is written"
        assert found("minister") == found("again") == found("halves") == []
        assert found("is:candidate dosage") == ["Pharmacy assistant doubles a dosage"], "readers are shown wires only"
