"""How much a page of the desk is, with a generous stock: under 60 kB uncompressed, whatever is in it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from monitor.jobs import triage
from monitor.jobs.triage import Writing
from monitor.model import CandidateId, WireId
from monitor.stages.difference import as_it_is
from monitor.store.candidates import get_detail
from monitor.web.desk.view import beginning_of
from tests.stored import MORNING, join, store_article, store_candidate
from tests.web.conftest import Desk

MOST = 60_000
LONG = "A headline of the length that editors of wires are fond of, about a chatbot, a court and {n} rulings & “more”"
TEXT = "\n\n".join(
    f"Paragraph {n} tells it again, at a length that a long read has. The lawyer was fined by the court for what the "
    f"chatbot made up; the vendor said that it regrets what happened to users. Nobody else was told so."
    for n in range(400)
)


@pytest.fixture
def generous(desk: Desk) -> tuple[CandidateId, WireId]:
    """More candidates than a page has, one of thirty long articles, and the wire of another such."""
    papers = [f"the-daily-courier-of-town-{n}" for n in range(30)]
    made = []
    with desk.database.write() as tx:
        for n in range(40):
            store_candidate(tx, store_article(tx, papers[n % 30], title=LONG.format(n=n)), at=MORNING)
        for _ in range(2):
            first = store_article(tx, papers[0], title=LONG.format(n=99), text=TEXT, author="A. N. Author")
            candidate = store_candidate(tx, first, at=MORNING)
            for n, paper in enumerate(papers[1:]):
                article = store_article(
                    tx, paper, title=LONG.format(n=n), text=TEXT, first_seen_at=MORNING + timedelta(minutes=n)
                )
                join(tx, candidate, article, at=MORNING + timedelta(minutes=n), copy_of=first if n % 3 else None)
            made.append(candidate)
    writing = Writing(base_url=desk.url)
    accepted = triage.accept(desk.database, desk.clock, made[1], editor="ada", writing=writing)
    return made[0], WireId(int(str(accepted.payload["wire"])))


def test_no_page_that_an_editor_works_on_reaches_sixty_kilobytes(
    desk: Desk, generous: tuple[CandidateId, WireId]
) -> None:
    candidate, wire = generous
    browser = desk.signed_in()
    pages = ("/desk/queue", "/desk/queue?order=newest", f"/desk/candidates/{candidate}", f"/desk/wires/{wire}")
    sizes = {path: len(browser.get(path).content) for path in pages}
    assert {path: size for path, size in sizes.items() if size >= MOST} == {}


def test_the_rest_of_a_long_text_is_a_link_away(desk: Desk, generous: tuple[CandidateId, WireId]) -> None:
    candidate, _ = generous
    with desk.database.read() as tx:
        article = get_detail(tx, candidate).members[0].article
    browser = desk.signed_in()
    page = browser.get(f"/desk/candidates/{candidate}?article={article.id}").text
    found = re.search(r'<a href="([^"]+)">The rest of the text: ([\d,]+) more characters</a>', page)
    assert found
    assert "Paragraph 3 " in page
    assert "Paragraph 399 " not in page
    whole = browser.get(found[1].replace("&amp;", "&")).text
    assert "Paragraph 399 " in whole
    assert "The rest of the text" not in whole


def test_a_beginning_ends_with_a_sentence_and_nothing_is_left_uncounted() -> None:
    text = as_it_is("One is here. Two is here.\n\nThree is here. Four is here.")
    shown, rest = beginning_of(text, 30)
    assert [[s.text.strip() for s in p] for p in shown.paragraphs] == [["One is here.", "Two is here."]]
    assert rest == sum(len(s.text) for p in text.paragraphs[1:] for s in p)
    assert beginning_of(text, 1_000) == (text, 0)
    endless, rest = beginning_of(as_it_is("word " * 5_000), 100)
    assert len("".join(s.text for p in endless.paragraphs for s in p)) == 100
    assert rest > 20_000
