"""Around a wire while it is written: a second reader, recusal, embargo, suggestions, notes, restoring, new sources."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from monitor.errors import IllegalDecision, Unpublishable
from monitor.jobs.notes import mentioned, see_mentions, write_note
from monitor.jobs.people import add_editor
from monitor.jobs.publish import publish
from monitor.jobs.suggestions import fates, record_taken, suggest_for, tallies_of
from monitor.jobs.ties import say_tie
from monitor.jobs.wires import add_source, cite_wire, recall, release, save_draft, send_back, start_revision
from monitor.model import (
    Draft,
    Joined,
    Match,
    Revision,
    RevisionKind,
    RevisionStatus,
    Role,
    Severity,
    Suggestion,
    Uptake,
    Wire,
)
from monitor.stages.suggest import Tally, suggest
from monitor.stages.syndicate import Site
from monitor.store.articles import append_version
from monitor.store.database import Database
from monitor.store.grouping import add_member
from monitor.store.wires import get_wire, list_citable
from monitor.store.writing import count_uptakes, list_mentions, list_notes, list_outcomes, list_ties
from tests.conftest import ManualClock
from tests.wires import CODEBOOK, EDITOR, PROVIDERS, a_fit_draft, an_article_in, an_opened_wire

SITE = Site(name="N", base_url="https://monitor.example", codebook=CODEBOOK, providers=PROVIDERS.providers)


def saved(database: Database, clock: ManualClock, *, editor: str = EDITOR, **fields: object) -> Wire:
    wire = an_opened_wire(database, clock)
    save_draft(database, clock, wire.id, editor=editor, draft=a_fit_draft(wire, **fields), version_seen=None)
    return now_of(database, wire)


def now_of(database: Database, wire: Wire) -> Wire:
    with database.read() as tx:
        return get_wire(tx, wire.id)


def let_go(database: Database, clock: ManualClock, wire: Wire, who: str = EDITOR, **more: object) -> Revision:
    return release(
        database, clock, wire.id, editor=who, version_seen=None, codebook=CODEBOOK, providers=PROVIDERS,
        **more,  # type: ignore[arg-type]
    )  # fmt: skip


def run_publish(database: Database, clock: ManualClock, folder: Path) -> int:
    return publish(database, clock, public_dir=folder, site=SITE, providers=PROVIDERS).published_count


# --- a second reader --------------------------------------------------------------------------------------------


def test_a_grave_wire_goes_out_when_another_editor_has_read_that_very_text(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock, severity=Severity.SEV_1)
    asked = let_go(database, clock, wire)
    assert (asked.status, asked.asked_by, asked.asked_at) == (RevisionStatus.DRAFT, EDITOR, clock.now())
    assert let_go(database, clock, wire).status is RevisionStatus.DRAFT  # one's own second look is none
    assert run_publish(database, clock, tmp_path) == 0
    read = let_go(database, clock, wire, "ben")
    assert (read.status, read.editor, read.reader) == (RevisionStatus.RELEASED, EDITOR, "ben")
    assert run_publish(database, clock, tmp_path) == 1
    published = now_of(database, wire).published
    assert published is not None
    assert published.rationale is not None
    assert (published.reader, published.rationale.classified_by) == ("ben", EDITOR)


def test_who_changes_the_text_becomes_its_writer_and_wants_a_reader(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock, severity=Severity.SEV_2)
    let_go(database, clock, wire)
    changed = replace(now_of(database, wire).revisions[-1].draft, headline="Another headline")
    save_draft(database, clock, wire.id, editor="ben", draft=changed, version_seen=None)
    assert now_of(database, wire).revisions[-1].asked_by is None
    assert let_go(database, clock, wire, "ben").status is RevisionStatus.DRAFT
    assert let_go(database, clock, wire).reader == EDITOR


def test_a_second_reader_may_send_it_back(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock, severity=Severity.SEV_1)
    let_go(database, clock, wire)
    assert send_back(database, clock, wire.id, editor="ben").asked_by is None


def test_a_lesser_wire_and_a_newsroom_that_asks_for_none_need_no_reader(database: Database, clock: ManualClock) -> None:
    assert let_go(database, clock, saved(database, clock)).status is RevisionStatus.RELEASED
    grave = saved(database, clock, severity=Severity.SEV_1)
    book = replace(CODEBOOK, rules=replace(CODEBOOK.rules, second_reader=()))
    done = release(database, clock, grave.id, editor=EDITOR, version_seen=None, codebook=book, providers=PROVIDERS)
    assert done.status is RevisionStatus.RELEASED


def test_nobody_is_asked_to_read_what_lacks_something(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock, severity=Severity.SEV_1, but_for=None)
    with pytest.raises(Unpublishable, match="but-for"):
        let_go(database, clock, wire)
    assert now_of(database, wire).revisions[-1].asked_by is None


# --- recusal ----------------------------------------------------------------------------------------------------


def test_an_editor_tied_to_a_provider_neither_writes_nor_releases(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock)
    add_editor(database, clock, "ben", role=Role.EDITOR, password="a long sentence to remember")
    tie = {"editor": "ben", "reason": "worked there until May", "by": EDITOR, "providers": PROVIDERS}
    say_tie(database, clock, provider="ChatGPT", is_tied=True, **tie)  # type: ignore[arg-type]
    draft = now_of(database, wire).revisions[-1].draft
    with pytest.raises(IllegalDecision, match="tied to openai"):
        save_draft(database, clock, wire.id, editor="ben", draft=replace(draft, providers=()), version_seen=None)
    with pytest.raises(IllegalDecision, match="tied to openai"):
        let_go(database, clock, wire, "ben")
    assert now_of(database, wire).revisions[-1].draft == draft
    clock.advance(days=1)
    say_tie(database, clock, provider="openai", is_tied=False, **tie)  # type: ignore[arg-type]
    with database.read() as tx:
        assert list_ties(tx, "ben") == ()
    assert let_go(database, clock, wire, "ben").status is RevisionStatus.RELEASED


# --- later ------------------------------------------------------------------------------------------------------


def test_what_is_scheduled_appears_when_it_is_due_and_not_before(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock)
    due = clock.now() + timedelta(hours=3)
    assert let_go(database, clock, wire, publish_at=due).due_at == due
    assert run_publish(database, clock, tmp_path) == 0
    clock.advance(hours=2, minutes=59)
    assert run_publish(database, clock, tmp_path) == 0
    clock.advance(minutes=1)
    assert run_publish(database, clock, tmp_path) == 1


def test_an_embargo_holds_whoever_presses_publish(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    end = clock.now() + timedelta(days=1)
    wire = saved(database, clock, embargo_until=end)
    assert let_go(database, clock, wire, publish_at=clock.now() + timedelta(hours=1)).due_at == end
    clock.advance(hours=23)
    assert run_publish(database, clock, tmp_path) == 0
    clock.advance(hours=1)
    assert run_publish(database, clock, tmp_path) == 1


def test_what_waits_can_be_taken_back_and_what_readers_have_cannot(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock)
    let_go(database, clock, wire, publish_at=clock.now() + timedelta(hours=3))
    taken = recall(database, clock, wire.id, editor="ben")
    assert (taken.status, taken.due_at) == (RevisionStatus.DRAFT, None)
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    with pytest.raises(IllegalDecision, match="not released"):
        recall(database, clock, wire.id, editor="ben")


# --- quotations -------------------------------------------------------------------------------------------------


def test_a_quoted_passage_is_frozen_with_the_page_on_which_it_stood(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock)
    first = wire.revisions[-1].draft.sources[0]
    quoting = replace(
        wire.revisions[-1].draft,
        body=f'The court was plain. [source](article:{first} "An INVENTED ruling, in a filing")',
    )
    save_draft(database, clock, wire.id, editor=EDITOR, draft=quoting, version_seen=None)
    with database.write() as tx:
        append_version(tx, first, title="T", text="The passage was removed.", now=clock.now())
        (citation,) = cite_wire(tx, get_wire(tx, wire.id)).citations
    assert [p.text for p in citation.passages] == ["an invented ruling in a filing"]
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    published = now_of(database, wire).published
    assert published is not None
    assert published.citations[0].passages == citation.passages
    assert published.rationale is not None
    assert published.rationale.but_for == quoting.but_for


# --- suggestions ------------------------------------------------------------------------------------------------


def test_what_became_of_each_suggestion_is_kept_for_ever(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock, headline="Typed by hand", severity=Severity.SEV_3, codes=("M2", "F5"))
    last = wire.revisions[-1]
    with database.write() as tx:
        offered = suggest_for(tx, wire, CODEBOOK, PROVIDERS)
        headline = next(s for s in offered if s.field == "headline")
        record_taken(tx, last, headline, editor=EDITOR, now=clock.now())
        record_taken(tx, last, headline, editor=EDITOR, now=clock.now())
    let_go(database, clock, wire)
    with database.read() as tx:
        kept = [(o.suggestion.field, o.uptake) for o in list_outcomes(tx, wire.id)]
    assert kept.count(("headline", Uptake.TAKEN)) == 1
    assert ("headline", Uptake.CHANGED) in kept
    assert ("severity", Uptake.TAKEN) in kept  # chosen by hand, and the same
    assert ("occurred_on", Uptake.IGNORED) in kept
    with database.read() as tx:
        told = {f.field: (f.taken, f.changed, f.ignored) for f in fates(tx) if f.model == ""}
    assert told["headline"] == (0, 1, 0)
    assert told["severity"] == (1, 0, 0)
    assert told["occurred_on"] == (0, 0, 1)
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text("UPDATE suggestions SET uptake = 'taken'"))


def test_the_record_of_one_wire_speaks_for_the_next_and_never_for_itself(
    database: Database, clock: ManualClock
) -> None:
    first = saved(database, clock, headline="By hand", codes=("M2", "F5"))
    let_go(database, clock, first)
    with database.read() as tx:
        own = tallies_of(count_uptakes(tx, but=first.id))
        others = tallies_of(count_uptakes(tx))
        kept = {(o.suggestion.field, o.suggestion.value): o.uptake for o in list_outcomes(tx, first.id)}
    assert own == {}
    assert kept[("codes", "M2")] is Uptake.TAKEN
    assert others[("codes", "M2", "")] == Tally(kept=1)
    assert others[("headline", "", "")] == Tally(lost=1)
    second = an_opened_wire(database, clock)
    with database.read() as tx:
        plain = {(s.field, s.value): s.confidence for s in suggest(list_citable(tx, second), CODEBOOK, PROVIDERS)}
        shown = {(s.field, s.value): s.confidence for s in suggest_for(tx, second, CODEBOOK, PROVIDERS)}
    assert shown[("codes", "M2")] > plain[("codes", "M2")]
    (headline,) = [value for field, value in plain if field == "headline"]
    assert shown[("headline", headline)] < plain[("headline", headline)]


def test_what_was_taken_and_then_changed_counts_as_lost() -> None:
    counted = {("severity", "SEV-2", "qwen3"): {Uptake.TAKEN: 5, Uptake.CHANGED: 2, Uptake.IGNORED: 1}}
    assert tallies_of(counted) == {("severity", "SEV-2", "qwen3"): Tally(kept=3, lost=3)}


def test_nothing_is_applied_by_itself(database: Database, clock: ManualClock) -> None:
    wire = an_opened_wire(database, clock)
    with database.read() as tx:
        offered: tuple[Suggestion, ...] = suggest_for(tx, wire, CODEBOOK, PROVIDERS)
    assert {"severity", "occurred_on", "codes"} <= {s.field for s in offered}
    draft: Draft = wire.revisions[-1].draft
    assert (draft.severity, draft.occurred_on, draft.codes) == (None, None, ())


# --- notes ------------------------------------------------------------------------------------------------------


def test_a_note_calls_whom_it_mentions_until_they_have_seen_it(database: Database, clock: ManualClock) -> None:
    wire = saved(database, clock)
    for name in ("ben", "bena"):
        add_editor(database, clock, name, role=Role.EDITOR, password="a long sentence to remember")
    note = write_note(database, clock, wire.id, editor=EDITOR, text="@Ben: who says so in paragraph 2?")
    assert note.mentions == ("ben",)
    with database.read() as tx:
        assert [n.id for n in list_mentions(tx, "ben")] == [note.id]
        assert list_mentions(tx, "bena") == ()
    write_note(database, clock, wire.id, editor="ben", text="The clerk; see her statement.")  # an answer has seen it
    with database.read() as tx:
        assert list_mentions(tx, "ben") == ()
        assert [n.editor for n in list_notes(tx, wire.id)] == [EDITOR, "ben"]
    assert see_mentions(database, clock, wire.id, editor="ben") == 0
    with pytest.raises(IllegalDecision, match="needs words"):
        write_note(database, clock, wire.id, editor="ben", text=" \n ")
    with pytest.raises(DatabaseError, match="append-only"), database.write() as tx:
        tx.execute(text("DELETE FROM wire_notes"))


def test_a_mention_is_a_whole_name() -> None:
    assert mentioned("@ann, and mail@ben.example; (@Cleo)", ["anna", "ann", "ben", "cleo"]) == ("ann", "cleo")


# --- after publication ------------------------------------------------------------------------------------------


def test_a_retracted_wire_is_restored_with_a_reason_and_not_by_an_update(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock)
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    with pytest.raises(IllegalDecision, match="not retracted"):
        start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.RESTORATION)
    retraction = start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.RETRACTION)
    said = replace(retraction.draft, note="It was another company.", headline="Not an incident")
    save_draft(database, clock, wire.id, editor=EDITOR, draft=said, version_seen=None)
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    with pytest.raises(IllegalDecision, match="restore it first"):
        start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    back = start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.RESTORATION)
    assert back.draft.headline == wire.revisions[-1].draft.headline
    with pytest.raises(Unpublishable, match="why"):
        let_go(database, clock, wire)
    save_draft(
        database, clock, wire.id, editor=EDITOR, draft=replace(back.draft, note="It was that one."), version_seen=None
    )
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    found = now_of(database, wire)
    assert not found.is_retracted
    assert [r.kind.value for r in found.revisions] == ["first", "retraction", "restoration"]


def test_an_update_may_begin_with_the_text_of_an_earlier_revision(
    database: Database, clock: ManualClock, tmp_path: Path
) -> None:
    wire = saved(database, clock, headline="What stood first")
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    update = start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE)
    save_draft(
        database, clock, wire.id, editor=EDITOR, draft=replace(update.draft, headline="Second"), version_seen=None
    )
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    again = start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE, text_of=1)
    assert again.draft.headline == "What stood first"
    with pytest.raises(IllegalDecision):
        start_revision(database, clock, wire.id, editor=EDITOR, kind=RevisionKind.UPDATE, text_of=9)


def test_new_coverage_is_cited_with_one_act(database: Database, clock: ManualClock, tmp_path: Path) -> None:
    wire = saved(database, clock)
    let_go(database, clock, wire)
    run_publish(database, clock, tmp_path)
    clock.advance(hours=1)
    with database.write() as tx:
        article = an_article_in(tx, now=clock.now(), publisher="herald")
        match = Match(
            candidate=None, joined=Joined.EVENT, copy_of=None, nearest=None, similarity=0.5, reason="the same event"
        )
        assert wire.candidate is not None
        add_member(tx, wire.candidate, article, match, now=clock.now())
    done = add_source(database, clock, wire.id, article, editor=EDITOR, version_seen=None)
    assert (done.kind, done.status, done.source_count) == (RevisionKind.UPDATE, RevisionStatus.DRAFT, 3)
    assert done.draft.body.endswith(f"[source](article:{article})")
    again = add_source(database, clock, wire.id, article, editor=EDITOR, version_seen=done.version)
    assert again.draft.body == done.draft.body
    with pytest.raises(IllegalDecision, match="may cite"):
        add_source(database, clock, wire.id, type(article)(9999), editor=EDITOR, version_seen=None)
