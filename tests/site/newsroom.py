"""A newsroom as its readers see it, and wires that need no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from lxml import html as lxml_html

from monitor.model import (
    ArticleId,
    Citation,
    Document,
    Draft,
    Manner,
    Origin,
    PublisherId,
    Rationale,
    Revision,
    RevisionKind,
    RevisionStatus,
    Severity,
    SourcingStandard,
    Tier,
    Wire,
    WireId,
)
from monitor.shipped import shipped_path
from monitor.site.house import House
from monitor.stages.syndicate import Site
from tests.wires import CODEBOOK, PROVIDERS

BASE = "https://wire.example"
SITE = Site(name="The Wire", base_url=BASE, codebook=CODEBOOK, providers=PROVIDERS.providers)
HOUSE = House(site=SITE, guide=shipped_path("guide.md").read_text())
AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
XSS = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
_numbers = count(1)


def a_citation(publisher: str = "gazette", **fields: Any) -> Citation:
    """An article of `publisher` that counts."""
    number = fields.pop("article", next(_numbers))
    return Citation(
        **{
            "article": ArticleId(number),
            "url": f"https://{publisher}.example/{number}",
            "title": "Lawyer cites rulings that do not exist",
            "publisher": PublisherId(publisher),
            "publisher_name": publisher.title(),
            "origin": Origin.PRESS,
            "tier": Tier.SECONDARY,
            "published_at": AT - timedelta(hours=5),
            "snapshot": "ab" * 32,
            "counts": True,
            "reason": "Reports for itself.",
            **fields,
        }
    )


def a_wire(*, citations: tuple[Citation, ...] | None = None, **fields: Any) -> Wire:
    """A wire with one published revision; `fields` are those of its draft."""
    number, cited = next(_numbers), citations or (a_citation("gazette"), a_citation("courier"))
    draft = Draft(
        **{
            "headline": "Chatbot invents a ruling",
            "severity": Severity.SEV_3,
            "providers": ("openai",),
            "occurred_on": date(2026, 3, 1),
            "body": f"A lawyer filed a brief. Two rulings do not exist. [source](article:{cited[0].article})",
            "rationale": "The chatbot produced the rulings.",
            "counterfactual": "Without the chatbot the rulings would not have been in the brief.",
            "codes": ("M2", "F5"),
            **fields,
        }
    )
    first = Revision(
        wire=WireId(number),
        number=1,
        kind=RevisionKind.FIRST,
        status=RevisionStatus.PUBLISHED,
        draft=draft,
        manner=Manner.EDITOR,
        editor="ada",
        saved_at=AT,
        version=1,
        standard=SourcingStandard.STANDARD,
        source_count=len(cited),
        citations=cited,
        rationale=Rationale(
            text=draft.rationale,
            counterfactual=draft.counterfactual,
            classified_by="ada",
            classified_at=AT,
            signal_origin=Origin.PRESS,
        ),
        signal_origin=Origin.PRESS,
        published_at=AT,
    )
    return Wire(
        id=WireId(number),
        tag=f"tag:wire.example,2026-03-02:wire/{number}",
        slug=f"2026-chatbot-invents-a-ruling-{number}",
        candidate=None,
        accepted_at=AT,
        accepted_by="ada",
        first_published_at=AT,
        is_retracted=False,
        revisions=(first,),
    )


def revised(wire: Wire, kind: RevisionKind, *, days: int = 3, **fields: Any) -> Wire:
    """The wire with one revision more."""
    last = wire.revisions[-1]
    later = replace(
        last,
        number=last.number + 1,
        kind=kind,
        draft=replace(last.draft, **fields),
        published_at=(last.published_at or AT) + timedelta(days=days),
    )
    return replace(wire, revisions=(*wire.revisions, later), is_retracted=kind is RevisionKind.RETRACTION)


def parsed(document: Document) -> lxml_html.HtmlElement:
    """The page as a browser without script and without style reads it."""
    return lxml_html.document_fromstring(document.body.decode())


def texts(page: lxml_html.HtmlElement, path: str) -> list[str]:
    """The words of each element at `path`, in one spelling of spaces."""
    return [" ".join(e.text_content().split()) for e in page.xpath(path)]


def words(page: lxml_html.HtmlElement) -> str:
    """All words of the page in their order."""
    return texts(page, "//body")[0]
