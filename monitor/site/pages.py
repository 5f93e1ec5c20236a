"""Published wires and kept counts → the pages of the site, byte for byte the same for the same state.

Every page is whole without script and without style. What comes from outside is escaped by the templates and isolated
(`<bdi>`); the only markup let through has passed `stages.markup`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monitor.model import Document, Revision, RevisionKind, Severity, Wire
from monitor.model.feeds import TakeDown
from monitor.model.publication import HTML
from monitor.model.tally import Tally
from monitor.site import figures
from monitor.site.addresses import FORMS, WireAddress
from monitor.site.citations import apa
from monitor.site.frame import document, fill
from monitor.site.house import House
from monitor.site.lists import month_name
from monitor.site.sheet import Line, sheet_of
from monitor.site.structured import dataset, description, news_article
from monitor.site.typeset import Safe
from monitor.stages.codebook import guide_sections
from monitor.stages.markup import render_body, render_guide
from monitor.stages.syndicate import TOLD_REASONS
from monitor.stages.telling import SAID, marked_headline, provider_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """A correction, retraction or restoration in the log; or a take-down, of which nothing else is said."""

    wire: Wire | None = None
    revision: Revision | None = None
    taken: TakeDown | None = None

    @property
    def at(self) -> datetime:
        """When readers first saw it so."""
        at = self.taken.at if self.taken else self.revision.published_at if self.revision else None
        if at is None:
            raise ValueError("a line of the log is of something published, or taken down")
        return at


# --- wires --------------------------------------------------------------------------------------------------------


def wire_page(house: House, wire: Wire, revision: Revision, *, is_permanent: bool) -> Document:
    """A wire as it stands, or with `is_permanent` one revision of it under its own address, with what changed."""
    sheet = sheet_of(house, wire, revision)
    whole = WireAddress(slug=wire.slug)
    path = WireAddress(slug=wire.slug, number=revision.number).path if is_permanent else whole.path
    headline = marked_headline(wire, revision)
    return document(
        house,
        "wire.html",
        path=path,
        canonical=whole.path,
        here="wire",
        title=f"{headline} · {house.name}",
        text=description(sheet),
        robots="noindex,follow" if is_permanent else "",
        sheet=sheet,
        structured=news_article(house, sheet),
        is_permanent=is_permanent,
        citation=apa(house, wire, revision),
        forms={form: WireAddress(slug=wire.slug, number=revision.number, form=form).path for form in FORMS},
    )


def gone_page(house: House, path: str, taken: TakeDown) -> Document:
    """What stands for ever where a wire was taken down; says why, and not what it was about."""
    text = fill(
        house, "gone.html", path=path, title=f"Taken down · {house.name}", robots="noindex",
        reason=TOLD_REASONS[taken.reason], at=taken.at, tag=taken.tag,
    )  # fmt: skip
    return Document(path=path, media_type=HTML, body=text.encode(), status=410)


# --- what the newsroom says of itself -------------------------------------------------------------------------------


def guide_page(house: House) -> Document:
    """The Editor's Guide, and the codebook behind it."""
    return document(
        house, "guide.html", path="/guide", here="guide", title=f"Editor’s Guide · {house.name}",
        text=f"What {house.name} counts as an AI incident, how grave it is, and on whose word.",
        guide=Safe(render_guide(house.guide)), codebook=house.site.codebook,
    )  # fmt: skip


def sourcing_page(house: House) -> Document:
    """How sources are counted, and what the standards mean, as the Editor's Guide has it."""
    section = guide_sections(house.guide).get("standard", "")
    _, _, body = section.partition("\n")
    return document(
        house, "sourcing.html", path="/sourcing", here="sourcing", title=f"How we count sources · {house.name}",
        text="Ten reprints of one agency story are one source. How independent publishers are told apart and counted.",
        standards=Safe(render_body(body)),
    )  # fmt: skip


def corrections_page(
    house: House, logged: Sequence[Logged], *, year: int | None = None, years: Sequence[tuple[int, int]] = ()
) -> Document:
    """The log, newest first: the newest of all years, or all of one year."""
    entries = [_logged(e) for e in logged]
    title = "Corrections and retractions" + (f" of {year}" if year else "")
    return document(
        house, "corrections.html", path=f"/corrections/{year}" if year else "/corrections", here="corrections",
        title=f"{title} · {house.name}", text="Every time we said that we had been wrong, and what we had said.",
        entries=entries, year=year, years=years,
    )  # fmt: skip


def _logged(entry: Logged) -> dict[str, Any]:
    if entry.taken is not None or entry.wire is None or entry.revision is None:
        reason = TOLD_REASONS[entry.taken.reason] if entry.taken else ""
        path = WireAddress(slug=entry.taken.slug).path if entry.taken else ""
        headline = f"A wire, {reason}"
        return {"said": "Taken down", "tone": "grave", "at": entry.at, "headline": headline, "path": path, "note": ""}
    revision = entry.revision
    return {
        "said": SAID[revision.kind],
        "tone": "grave" if revision.kind is RevisionKind.RETRACTION else "plain",
        "at": entry.at,
        "headline": revision.draft.headline,
        "path": WireAddress(slug=entry.wire.slug, number=revision.number).path,
        "note": Safe(render_body(revision.draft.note)),
    }


def statistics_page(house: House, tallies: Sequence[Tally], *, as_of: datetime | None, retracted: int) -> Document:
    """What was published, drawn; `as_of` is when readers last saw something new."""
    charts = () if as_of is None else figures.charts_of(house, tallies, until=f"{as_of:%Y-%m}")
    total = sum(row.total for chart in charts[:1] for row in chart.rows)
    graph = [dataset(house, c.title, f"{c.told} {c.note}", c.csv_path) for c in charts]
    return document(
        house, "statistics.html", path="/statistics", here="statistics", title=f"Statistics · {house.name}",
        text=charts[0].told if charts else "",
        structured={"@context": "https://schema.org", "@graph": graph} if graph else None,
        charts=charts, total=total, as_of=as_of, retracted=retracted,
    )  # fmt: skip


# --- what is asked of the newsroom ------------------------------------------------------------------------------------


def missing_page(house: House, *, heading: str, message: str) -> str:
    """What is said where a reader's address leads to nothing, in the newsroom's own frame."""
    title = f"{heading} · {house.name}"
    return fill(house, "missing.html", path="/", title=title, robots="noindex,follow", heading=heading, message=message)


def search_page(
    house: House,
    *,
    asked: str = "",
    found: Sequence[Any] = (),
    more: str = "",
    notes: Sequence[str] = (),
    is_cut: bool = False,
    help: Sequence[tuple[str, str]],  # noqa: A002 - as the template calls it
) -> Document:
    """The question, and what was found; without a question it is a document like all others."""
    return document(
        house, "search.html", path="/search", here="search", title=f"Search · {house.name}",
        robots="noindex,follow" if asked else "", asked=asked, found=found, more=more, notes=notes, is_cut=is_cut,
        help=help,
    )  # fmt: skip


def filtered_page(
    house: House,
    lines: Sequence[Line],
    *,
    chosen: Mapping[str, str],
    months: Sequence[str],
    providers: Sequence[str],
    codes: Sequence[str],
    total: int,
    number: int,
    page_count: int,
    address: str,
    newer: str,
    older: str,
) -> Document:
    """The archive by several facets at once."""
    codebook = house.codes
    return document(
        house, "filtered.html", path=address, canonical="/archive", here="archive", title=f"Archive · {house.name}",
        robots="noindex,follow", lines=lines, chosen=chosen, months=[(m, month_name(m)) for m in months],
        providers=sorted(provider_names(providers, house.site.providers), key=lambda p: p[1].casefold()),
        codes=[(c, codebook[c].name if c in codebook else "") for c in codes],
        severities=[s.value for s in Severity], total=total, number=number, page_count=page_count, newer=newer,
        older=older,
    )  # fmt: skip
