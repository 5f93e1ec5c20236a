"""Published wires with the worst of titles, and the documents of feeds that show them. For tests of feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

from monitor.model import (
    ArticleId,
    CandidateId,
    Citation,
    Codebook,
    Draft,
    Manner,
    Newsroom,
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
from monitor.model.feeds import FeedAddress, FeedFormat, TakeDown, TakeDownReason
from monitor.model.subscriber import Wanted
from monitor.shipped import shipped_path
from monitor.stages.codebook import read_codebook, read_providers
from monitor.stages.syndicate import FeedDocument, Item, Place, Site, document_of, item_of

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NEWSROOM = Newsroom(tag_authority="wire.example", founded_on=date(2026, 3, 2), founded_at=START)
CODEBOOK: Codebook = read_codebook(shipped_path("codebook.yaml").read_text(), file="c")
PROVIDERS = read_providers(shipped_path("providers.yaml").read_text(), file="p")
SITE = Site(name="Wire & <Co>", base_url="https://wire.example", codebook=CODEBOOK, providers=PROVIDERS)
HOSTILE = [
    "<b>Bold</b> & <script>alert(1)</script>",
    "]]> <![CDATA[ x",
    "&lt;i&gt; &amp; &#0; &nbsp;",
    "Control \x00\x08\x0b\x1f\x7f\x85\ud800\ufffe signs",
    "\u202eright to left\u202c and " + "e\u0301" * 40,
    "عنوان عن نموذج لغوي",
    "漢字の見出し",
    "x" * 200,
    "\"quoted\" 'single' `tick`",
    "javascript:alert(1)",
    "<!-- comment --> <?php ?> <!DOCTYPE x>",
    "emoji 🧪 and \U000e0001 tag",
    "https://evil.example/<script>",
    "{{7*7}} ${7*7} %s",
    "\r\nHeader: injected\r\n",
]


def a_wire(number: int, headline: str, *, kinds: tuple[RevisionKind, ...] = (RevisionKind.FIRST,)) -> Wire:
    at = START + timedelta(hours=number)
    citation = Citation(
        article=ArticleId(number),
        url=f"https://gazette.example/{number}?a=1&b=<2>",
        title=headline,
        publisher=PublisherId("gazette"),
        publisher_name=headline[:50],
        origin=Origin.PRESS,
        tier=Tier.SECONDARY,
        published_at=at,
        snapshot="ab" * 32,
        counts=True,
        reason="counts",
    )
    unopenable = replace(citation, article=ArticleId(100_000 + number), url="javascript:alert(1)")
    draft = Draft(
        headline=headline,
        severity=Severity.SEV_2,
        providers=("openai", "gone-from-register"),
        occurred_on=date(2026, 3, 1),
        body=f"{headline}\n\nText. [source](article:{number}) [x](javascript:alert(1)) [r](/relative)",
        rationale=headline,
        counterfactual=headline,
        codes=("M2", "F5"),
        note=f"Note: {headline}",
        crosswalk=("aiid:123", "AIAAIC1234", "nonsense"),
    )
    why = Rationale(text=headline, counterfactual=headline, classified_by="ada", classified_at=at)
    revisions = tuple(
        Revision(
            wire=WireId(number),
            number=n,
            kind=kind,
            status=RevisionStatus.PUBLISHED,
            draft=draft,
            manner=Manner.EDITOR,
            editor="ada",
            saved_at=at,
            version=1,
            standard=SourcingStandard.SINGLE_SOURCE,
            source_count=1,
            citations=(citation, unopenable),
            rationale=why,
            published_at=at + timedelta(minutes=n),
        )
        for n, kind in enumerate(kinds, start=1)
    )
    return Wire(
        id=WireId(number),
        tag=f"tag:wire.example,2026-03-02:wire/{number}",
        slug=f"wire-{number}",
        candidate=CandidateId(number),
        accepted_at=at,
        accepted_by="ada",
        first_published_at=at,
        is_retracted=False,
        revisions=revisions,
    )


KINDS = (
    (RevisionKind.FIRST,),
    (RevisionKind.FIRST, RevisionKind.UPDATE),
    (RevisionKind.FIRST, RevisionKind.CORRECTION),
    (RevisionKind.FIRST, RevisionKind.RETRACTION),
)
WIRES = [a_wire(n, HOSTILE[n % len(HOSTILE)] + f" {n}", kinds=KINDS[n % 4]) for n in range(1, 301)]


@cache
def items() -> tuple[Item, ...]:
    """All of WIRES as feeds tell them."""
    return tuple(item_of(SITE, wire) for wire in WIRES)


def a_take_down(number: int = 900) -> TakeDown:
    return TakeDown(
        wire=WireId(number),
        tag=f"tag:wire.example,2026-03-02:wire/{number}",
        slug=f"wire-{number}",
        at=START + timedelta(days=2),
        who="grace",
        reason=TakeDownReason.PRIVACY,
        note="a letter of a lawyer, not for readers",
    )


def a_document(
    form: FeedFormat,
    shown: Sequence[Item] | None = None,
    *,
    wanted: Wanted | None = None,
    archive: int | None = None,
    archive_count: int = 0,
    taken: Sequence[TakeDown] = (),
    site: Site = SITE,
) -> FeedDocument:
    """The document of a feed with these items; all of them by default."""
    address = FeedAddress(wanted=wanted or Wanted(), format=form, archive=archive)
    told = items() if shown is None else shown
    return document_of(
        site, NEWSROOM, Place(address=address, archive_count=archive_count, items=told, take_downs=taken)
    )
