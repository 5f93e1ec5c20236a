"""Full-text search on both databases: what is found, in which order, and that no question is an error."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monitor.jobs import triage
from monitor.jobs.index import index
from monitor.model import ArticleId, Origin, ResultKind, SearchDocument, StatusUpdate
from monitor.stages.query import facet_words, read_query
from monitor.stages.terms import terms_of
from monitor.store.articles import record_growth
from monitor.store.database import Database
from monitor.store.search import add_documents, count_due, find, record_documents, told_before
from monitor.store.tables import CandidateRow
from tests.conftest import ManualClock
from tests.stored import MORNING, PROVIDERS, a_candidate_of, store_article

HARDLY_ANY = 1e-9  # seconds of patience
NASTY = (
    *('"', '""', '"""', "''", "(", ")", "((((", "a AND", "OR", "OR OR OR", "NOT", "NEAR(a b)", "a NEAR/2 b", "-", "--"),
    *("*", "a*", "***", "title:x", "{title body} : x", "^a", "a + b", "a:b:c", "is:", "is:x", "before:", "-a", "a\0b"),
    *("before:0000", "after:9999-99-99", "publisher:", 'publisher:"', "provider:''", "origin:x", "\\", "a\\b", "%"),
    *("'; DROP TABLE articles; --", "_", "_all", "_p_gazette", "\0", "\ud800", "🦊", "\u0301", "\ufb01", "系统 故障"),
    *("x" * 5_000, "a " * 3_000, '"a ' * 500, "a OR " * 300, "-a " * 300, "-is:wire -is:article -is:candidate"),
    *(":*", "'a':*", "a & b | c", "!a", "<->", "a <-> b", "الوكالة"),
)


def search(database: Database, text: str, kind: ResultKind = ResultKind.ARTICLE, *, limit: int = 50) -> tuple[int, ...]:
    with database.read() as tx:
        found = find(tx, read_query(text, PROVIDERS.find), kind, limit=limit)
    assert not found.is_cut
    return found.refs


def indexed(database: Database, clock: ManualClock) -> None:
    assert index(database, clock, providers=PROVIDERS).is_done
    with database.read() as tx:
        assert count_due(tx) == 0


@pytest.fixture
def three(database: Database, clock: ManualClock) -> tuple[ArticleId, ArticleId, ArticleId]:
    """Three articles, a day apart: an outage, a breach, and both in another language."""
    with database.write() as tx:
        made = (
            store_article(
                tx, "gazette", title="AcmeChat outage hits hospitals", text="A data breach was ruled out.",
                first_seen_at=MORNING,
            ),
            store_article(
                tx, "the-courier", title="Data breaches at Nimbus", text="The breach of data came first. Café hit.",
                first_seen_at=MORNING + timedelta(days=1),
            ),
            store_article(
                tx, "herald", title="系统故障影响医院", text="系统出错了。GPT-4o 停止工作。", origin=Origin.REGULATOR,
                first_seen_at=MORNING + timedelta(days=2),
            ),
        )  # fmt: skip
    indexed(database, clock)
    return made


CASES: tuple[tuple[str, set[int]], ...] = (
    ("outage", {0}),
    ("OUTAGES", {0}),
    ("breach", {0, 1}),
    ("data breach", {0, 1}),
    ('"data breach"', {0, 1}),
    ('"breach of data"', {1}),
    ("“breach of data”", {1}),
    ("outage OR nimbus", {0, 1}),
    ("breach -outage", {1}),
    ('breach -"breach of data"', {0}),
    ("breach NOT outage", {1}),
    ("cafe", {1}),
    ("hosp*", {0}),
    ("publisher:gazette", {0}),
    ("publisher:courier", {1}),
    ('publisher:"The Courier"', {1}),
    ("publisher:the-courier.example", {1}),
    ("-publisher:gazette", {1, 2}),
    ("provider:acme", {0}),
    ("provider:AcmeChat", {0}),
    ("origin:regulator", {2}),
    ("-origin:press", {2}),
    ("after:2026-03-03", {1, 2}),
    ("before:2026-03-03", {0}),
    ("after:2026-03-03 before:2026-03-04", {1}),
    ("after:2026 before:2027", {0, 1, 2}),
    ("before:2026", set()),
    ("系统", {2}),
    ("医院", {2}),
    ("gpt-4o", {2}),
    ("GPT4o", set()),
    ("is:article breach", {0, 1}),
    ("is:wire breach", set()),
    ("-is:article", set()),
    ("nothing here says this", set()),
    ("breach outage OR nimbus", {0, 1}),
    ("title:breach", set()),
)


def test_what_is_asked_is_found(database: Database, three: tuple[ArticleId, ...]) -> None:
    for text, found in CASES:
        assert {three.index(ArticleId(a)) for a in search(database, text)} == found, text


def test_the_newest_told_come_first_and_the_next_page_goes_on_where_one_ended(
    database: Database, clock: ManualClock
) -> None:
    with database.write() as tx:
        made = [
            store_article(tx, "gazette", title="An outage", first_seen_at=MORNING - timedelta(days=n)) for n in range(7)
        ]
    indexed(database, clock)
    query, seen, until = read_query("outage"), list[int](), None
    with database.read() as tx:
        for expected in (3, 3, 1):
            page = find(tx, query, ResultKind.ARTICLE, limit=3, until=until)
            assert len(page.refs) == expected
            seen, until = [*seen, *page.refs], page.more
    assert (seen, until) == (list(made), None)


def test_no_question_is_an_error(database: Database, three: tuple[ArticleId, ...]) -> None:
    with database.read() as tx:
        for text in NASTY:
            found = find(tx, read_query(text, PROVIDERS.find), ResultKind.ARTICLE, limit=5)
            assert not found.is_cut, text
            assert set(found.refs) <= {*three}, text
        assert find(tx, read_query("outage"), ResultKind.ARTICLE, limit=5).refs == (three[0],)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("ab \"-*:()|&!'\\OR isé系\0"), max_size=40))
def test_whatever_is_typed_is_answered(sqlite_database: Database, text: str) -> None:
    with sqlite_database.read() as tx:
        assert find(tx, read_query(text), ResultKind.ARTICLE, limit=5).refs == ()


def test_an_outage_that_grew_is_found_by_its_new_words_and_not_by_the_old(
    database: Database, clock: ManualClock
) -> None:
    update = StatusUpdate(at=MORNING, state="Investigating", text="Elevated errors")
    with database.write() as tx:
        article = store_article(tx, "status", title="Errors", text="Elevated errors", timeline=(update,))
    indexed(database, clock)
    with database.write() as tx:
        record_growth(tx, article, text="The incident was resolved", timeline=[update])
    assert search(database, "elevated") == (article,)
    indexed(database, clock)
    assert search(database, "elevated") == ()
    assert search(database, "resolved") == (article,)


def test_a_candidate_is_found_by_the_headlines_publishers_and_providers_of_its_articles(
    database: Database, clock: ManualClock
) -> None:
    one = a_candidate_of(database, "gazette", "courier", title="AcmeChat overdose advice")
    two = a_candidate_of(database, "herald", title="Dosage errors in wards")
    indexed(database, clock)
    for text in ("overdose", "publisher:courier", "provider:acme", "origin:press overdose"):
        assert search(database, text, ResultKind.CANDIDATE) == (one,)
    triage.merge(database, clock, one, [two], providers=PROVIDERS, editor="ada")
    indexed(database, clock)
    assert search(database, "wards", ResultKind.CANDIDATE) == (one,)
    assert search(database, "publisher:herald", ResultKind.CANDIDATE) == (one,)


def document(ref: int, title: str, day: date = date(2026, 3, 2), *, is_fixed: bool = False) -> SearchDocument:
    return SearchDocument(
        kind=ResultKind.WIRE,
        ref=ref,
        told_on=day,
        title=" ".join(terms_of(title)),
        body="",
        facets=facet_words("_v_", "acme"),
        is_fixed=is_fixed,
    )


def test_a_document_replaces_the_one_before_also_under_another_day_and_can_be_taken_out(database: Database) -> None:
    with database.write() as tx:
        add_documents(tx, [document(1, "first words"), document(2, "others")])
        record_documents(tx, ResultKind.WIRE, [1], [document(1, "second words", date(2030, 1, 1))])
    assert search(database, "first", ResultKind.WIRE) == ()
    assert search(database, "second", ResultKind.WIRE) == (1,)
    assert search(database, "provider:acme", ResultKind.WIRE) == (1, 2)
    with database.write() as tx:
        record_documents(tx, ResultKind.WIRE, [1], [])
    assert search(database, "provider:acme", ResultKind.WIRE) == (2,)


def test_days_far_off_are_kept_in_order(database: Database) -> None:
    days = (date(1, 1, 1), date(1969, 1, 1), date(1971, 1, 1), date(2026, 1, 1), date(9999, 1, 1))
    with database.write() as tx:
        add_documents(tx, [document(n, "x", day) for n, day in enumerate(days, 1)])
    assert search(database, "x", ResultKind.WIRE) == (5, 4, 3, 2, 1)


def test_what_is_changed_while_it_is_taken_in_is_due_again(database: Database, clock: ManualClock) -> None:
    candidate = a_candidate_of(database, "gazette", title="One outage", at=datetime(2026, 3, 2, tzinfo=UTC))
    indexed(database, clock)
    with database.write() as tx:
        tx.get_one(CandidateRow, candidate).title = "Another outage"
    with database.read() as tx:
        assert count_due(tx) == 1
    indexed(database, clock)
    assert search(database, "another", ResultKind.CANDIDATE) == (candidate,)


def test_a_question_that_takes_long_is_answered_as_far_as_it_came_and_goes_on_from_there(
    sqlite_database: Database,
) -> None:
    days = [date(2026, 3, 2) - timedelta(days=60 * n) for n in range(20)]
    with sqlite_database.write() as tx:
        add_documents(tx, [document(n, "x", day) for n, day in enumerate(days, 1)])
    query, met, until = read_query("x"), list[int](), None
    with sqlite_database.read() as tx:
        first = find(tx, query, ResultKind.WIRE, limit=50, patience=HARDLY_ANY)
        assert (first.refs, first.is_cut) == ((1,), True)
        assert first.more is not None
        assert told_before(first.more) < days[0]
        while True:
            found = find(tx, query, ResultKind.WIRE, limit=50, until=until, patience=HARDLY_ANY)
            met += found.refs
            until = found.more
            if until is None:
                break
    assert met == list(range(1, 21))


def test_of_several_kinds_one_that_no_time_is_left_for_is_cut_before_it_has_begun(sqlite_database: Database) -> None:
    with sqlite_database.write() as tx:
        add_documents(tx, [document(1, "x", date(2026, 3, 2))])
    query = read_query("x")
    with sqlite_database.read() as tx:
        found = find(tx, query, ResultKind.WIRE, limit=50, patience=0.0)
        assert (found.refs, found.is_cut) == ((), True)
        assert find(tx, query, ResultKind.WIRE, limit=50, until=found.more).refs == (1,)
