"""The site that readers see: Latest, Archive, wires and their revisions, providers, the Editor's Guide.

Every page is whole without script and without style. What comes from outside is escaped by the templates and isolated
(`<bdi>`); the only markup let through has passed `stages.markup`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse

from monitor.errors import Unknown
from monitor.model import Citation, Code, Codebook, Manner, Provider, Rationale, Revision, RevisionKind, Severity, Wire
from monitor.stages.markup import linkable_url, plain_summary, render_body, render_guide
from monitor.stages.telling import SAID, long_date, marked_headline, notices, provider_names, source_links
from monitor.store.published import (
    Choice,
    Month,
    count_by_code,
    count_by_provider,
    count_published,
    find_published_by_slug,
    list_months,
    list_published,
)
from monitor.web import feeds
from monitor.web.context import Context
from monitor.web.pages import render, safe_markup

LATEST_COUNT = 24  # wires on the front page: two laptop screens
PAGE_COUNT = 50  # wires on a page of the archive
BAR_WIDTH = 240  # of the longest month, in the units of its drawing
CACHE = "public, max-age=60"  # seconds: a wire is seen within a minute of its publication

router = APIRouter(include_in_schema=False)
router.include_router(feeds.router)


# --- what the templates see ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A wire in a list."""

    slug: str
    severity: Severity | None
    headline: str
    mark: str | None  # "Corrected", "Retracted"
    providers: tuple[str, ...]
    source_count: int
    standard: str
    occurred_on: date | None
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A correction or retraction above the text."""

    said: str
    at: datetime | None
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source in the list below a wire."""

    number: int
    citation: Citation
    url: str | None  # None: it cannot be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A revision of a wire as its page shows it."""

    wire: Wire
    revision: Revision
    newest: Revision
    line: Line
    notices: tuple[Notice, ...]
    body: str  # safe HTML
    why: str  # safe HTML
    counterfactual: str  # safe HTML
    rationale: Rationale | None
    codes: tuple[tuple[str, str, str], ...]  # id, name, definition
    providers: tuple[tuple[str, str, bool], ...]  # id, name, whether it has a page
    sources: tuple[SourceLine, ...]
    address: str  # canonical URL of the wire
    citation: str  # how to cite it

    @property
    def is_newest(self) -> bool:
        return self.revision.number == self.newest.number

    @property
    def is_retracted(self) -> bool:
        return self.revision.kind is RevisionKind.RETRACTION

    @property
    def is_bulk(self) -> bool:
        return self.rationale is not None and self.rationale.manner is Manner.BULK


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One month of the archive, drawn to scale from zero."""

    month: Month
    label: str
    value: str  # 2026-03
    parts: tuple[tuple[Severity, int, float, float], ...]  # severity, count, x, width


def line_of(wire: Wire, providers: tuple[Provider, ...], revision: Revision | None = None) -> Line:
    """The wire as a list shows it."""
    shown = revision or wire.published
    assert shown is not None, "only published wires are listed"
    mark = marked_headline(wire, shown).removesuffix(shown.draft.headline).strip(" :") or None
    return Line(
        slug=wire.slug,
        severity=shown.draft.severity,
        headline=shown.draft.headline,
        mark=mark,
        providers=tuple(name for _, name in provider_names(shown.draft.providers, providers)),
        source_count=shown.source_count,
        standard=shown.standard.value,
        occurred_on=shown.draft.occurred_on,
        published_at=wire.first_published_at,
    )


def sheet_of(context: Context, wire: Wire, revision: Revision) -> Sheet:
    """Everything that the page of a revision shows."""
    newest = wire.published or revision
    draft, why = revision.draft, revision.rationale
    address = f"{context.settings.base_url}/wires/{wire.slug}"
    known, links = {p.id for p in context.providers}, source_links(revision.citations)
    return Sheet(
        wire=wire,
        revision=revision,
        newest=newest,
        line=line_of(wire, context.providers, revision),
        notices=tuple(
            Notice(said=SAID[r.kind], at=r.published_at, html=render_body(r.draft.note))
            for r in notices(wire, revision)
        ),
        body=render_body(draft.body, links),
        why=render_body(why.text if why else draft.rationale, links),
        counterfactual=render_body(why.counterfactual if why else draft.counterfactual, links),
        rationale=why,
        codes=codes_of(draft.codes, context.codebook),
        providers=tuple((i, name, i in known) for i, name in provider_names(draft.providers, context.providers)),
        sources=tuple(
            SourceLine(number=n, citation=c, url=linkable_url(c.url)) for n, c in enumerate(revision.citations, start=1)
        ),
        address=address,
        citation=_how_to_cite(context, wire, revision, address),
    )


def codes_of(codes: tuple[str, ...], codebook: Codebook) -> tuple[tuple[str, str, str], ...]:
    """Each code with name and definition; one that the codebook lacks is its own name."""
    known: dict[str, Code] = {c.id: c for c in codebook.codes}
    return tuple((c, known[c].name, known[c].definition) if c in known else (c, c, "") for c in codes)


def _how_to_cite(context: Context, wire: Wire, revision: Revision, address: str) -> str:
    day = "" if revision.published_at is None else f", {long_date(revision.published_at)}"
    headline = marked_headline(wire, revision)
    return (
        f"{context.settings.newsroom}, “{headline}”, revision {revision.number}{day}, "
        f"{address}/revisions/{revision.number}"
    )


def structured(context: Context, sheet: Sheet) -> dict[str, Any]:
    """The wire as JSON-LD (schema.org NewsArticle), for whoever gathers citations (O10)."""
    wire, revision = sheet.wire, sheet.revision
    corrections = [
        {
            "@type": "CorrectionComment",
            "text": plain_summary(r.draft.note, 2000),
            "datePublished": _stamp(r.published_at),
        }
        for r in notices(wire, revision)
    ]
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": wire.tag,
        "url": sheet.address,
        "headline": marked_headline(wire, revision),
        "datePublished": _stamp(wire.first_published_at),
        "dateModified": _stamp(revision.published_at),
        "author": {"@type": "Organization", "name": context.settings.newsroom, "url": context.settings.base_url},
        "citation": [
            {"@type": "CreativeWork", "name": s.citation.title, "url": s.url, "publisher": s.citation.publisher_name}
            for s in sheet.sources
        ],
        "correction": corrections,
    }


def _stamp(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()


# --- pages ----------------------------------------------------------------------------------------------------------


def page(
    request: Request, template: str, *, path: str, feed: tuple[str, str] | None = None, **values: Any
) -> HTMLResponse:
    """A page of the site: canonical under `path`, with the feed of all wires and, where given, one of its own."""
    context: Context = request.app.state.context
    answer = render(
        request,
        f"public/{template}",
        base_url=context.settings.base_url,
        canonical=f"{context.settings.base_url}{path}",
        own_feed=feed,
        **values,
    )
    answer.headers["cache-control"] = CACHE
    return answer


@router.api_route("/", methods=["GET", "HEAD"])
def latest(request: Request) -> HTMLResponse:
    """The newest wires."""
    context: Context = request.app.state.context
    with context.database.read() as tx:
        wires = list_published(tx, limit=LATEST_COUNT)
        total = count_published(tx) if len(wires) == LATEST_COUNT else len(wires)
    lines = [line_of(w, context.providers) for w in wires]
    return page(request, "latest.html", path="/", here="latest", lines=lines, total=total)


@router.api_route("/archive", methods=["GET", "HEAD"])
def archive(
    request: Request,
    month: str = "",
    provider: str = "",
    severity: str = "",
    code: str = "",
    page_number: str = Query("1", alias="page"),
) -> HTMLResponse:
    """All wires, by month, provider, severity and code."""
    context: Context = request.app.state.context
    choice = read_choice(month=month, provider=provider, severity=severity, code=code)
    number = int(page_number) if re.fullmatch(r"[1-9][0-9]{0,4}", page_number) else 1
    with context.database.read() as tx:
        months, total = list_months(tx), count_published(tx, choice)
        wires = list_published(tx, choice, limit=PAGE_COUNT, offset=(number - 1) * PAGE_COUNT)
        by_provider, by_code = count_by_provider(tx), count_by_code(tx)
    return page(
        request,
        "archive.html",
        path="/archive",
        here="archive",
        lines=[line_of(w, context.providers) for w in wires],
        total=total,
        number=number,
        page_count=max(1, -(-total // PAGE_COUNT)),
        bars=bars_of(months),
        chosen={"month": month, "provider": provider, "severity": severity, "code": code},
        is_chosen=choice != Choice(),
        severities=tuple(Severity),
        providers=[(i, n, by_provider[i]) for i, n in provider_names(sorted(by_provider), context.providers)],
        codes=[(c.id, c.name, by_code[c.id]) for c in context.codebook.codes if c.id in by_code],
        bar_width=BAR_WIDTH,
    )


def read_choice(*, month: str, provider: str, severity: str, code: str) -> Choice:
    """What the address asks for; raises Unknown for what cannot be a month or a severity."""
    year = number = None
    if month:
        found = re.fullmatch(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?", month)
        if found is None or not 1 <= int(found[1]) < 9999:
            raise Unknown(f"“{month[:40]}” is not a month: write it like 2026-03.")
        year, number = int(found[1]), int(found[2]) if found[2] else None
    if severity and severity not in set(Severity):
        raise Unknown(f"“{severity[:40]}” is not a severity: there are SEV-1, SEV-2, SEV-3 and SEV-4.")
    return Choice(
        provider=provider[:200] or None,
        severity=Severity(severity) if severity else None,
        code=code[:8] or None,
        year=year,
        month=number,
    )


def bars_of(months: tuple[Month, ...]) -> list[Bar]:
    """The months, newest first, as bars on one scale."""
    most = max((m.total for m in months), default=1)
    return [_bar(m, BAR_WIDTH / most) for m in months]


def _bar(month: Month, unit: float) -> Bar:
    parts: list[tuple[Severity, int, float, float]] = []
    x = 0.0
    for severity, count in month.counts:
        parts.append((severity, count, round(x, 2), round(count * unit, 2)))
        x += count * unit
    label = long_date(date(month.year, month.month, 1)).split(" ", 1)[1]
    return Bar(month=month, label=label, value=f"{month.year:04}-{month.month:02}", parts=tuple(parts))


@router.api_route("/wires/{slug}", methods=["GET", "HEAD"])
def wire_page(request: Request, slug: str) -> HTMLResponse:
    """One wire, as it stands."""
    return _sheet_page(request, slug, None)


@router.api_route("/wires/{slug}/revisions/{number}", methods=["GET", "HEAD"])
def revision_page(request: Request, slug: str, number: str) -> HTMLResponse:
    """One published revision of a wire, as it stood."""
    return _sheet_page(request, slug, number)


def _sheet_page(request: Request, slug: str, number: str | None) -> HTMLResponse:
    context: Context = request.app.state.context
    with context.database.read() as tx:
        wire = find_published_by_slug(tx, slug[:200])
    if wire is None:
        raise Unknown("There is no wire at this address. Every wire ever published is in the archive.")
    revision = next((r for r in wire.revisions if str(r.number) == number), None) if number else wire.published
    if revision is None:
        raise Unknown(f"This wire has no published revision {(number or '')[:20]}.")
    sheet = sheet_of(context, wire, revision)
    return page(
        request,
        "wire.html",
        path=f"/wires/{wire.slug}",
        here="wire",
        sheet=sheet,
        structured=structured(context, sheet),
        summary=plain_summary(revision.draft.body, 200),
    )


@router.api_route("/providers", methods=["GET", "HEAD"])
def providers_page(request: Request) -> HTMLResponse:
    """The register, those with wires first."""
    context: Context = request.app.state.context
    with context.database.read() as tx:
        counts = count_by_provider(tx)
    named = sorted(context.providers, key=lambda p: p.name.casefold())
    return page(
        request,
        "providers.html",
        path="/providers",
        here="providers",
        told=[(p, counts[p.id]) for p in named if p.id in counts],
        untold=[p for p in named if p.id not in counts],
    )


@router.api_route("/providers/{provider}", methods=["GET", "HEAD"])
def provider_page(request: Request, provider: str) -> HTMLResponse:
    """One provider: its names, its feed, its wires."""
    context: Context = request.app.state.context
    found = next((p for p in context.providers if p.id == provider), None)
    if found is None:
        raise Unknown(f"There is no provider “{provider[:80]}” in the register.")
    with context.database.read() as tx:
        wires = list_published(tx, Choice(provider=found.id), limit=PAGE_COUNT)
        total = count_published(tx, Choice(provider=found.id))
    path = f"/providers/{found.id}"
    return page(
        request,
        "provider.html",
        path=path,
        feed=(f"{path}/feed.atom", found.name) if total else None,
        here="providers",
        provider=found,
        total=total,
        lines=[line_of(w, context.providers) for w in wires],
    )


@router.api_route("/guide", methods=["GET", "HEAD"])
def guide_page(request: Request) -> HTMLResponse:
    """The Editor's Guide, and the codebook behind it."""
    context: Context = request.app.state.context
    guide = safe_markup(render_guide(context.guide))
    return page(request, "guide.html", path="/guide", here="guide", guide=guide, codebook=context.codebook)
