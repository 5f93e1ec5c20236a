"""A published wire as its page shows it: everything the templates need, worked out; text from outside as it came.

What a template may let through unescaped is of the type `Safe`, and has passed `stages.markup`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from monitor.model import (
    Citation,
    Codebook,
    Manner,
    Origin,
    Provider,
    Rationale,
    Revision,
    RevisionKind,
    Severity,
    Wire,
)
from monitor.site.addresses import WireAddress
from monitor.site.house import House
from monitor.site.typeset import Safe
from monitor.stages.crosswalk import Elsewhere, elsewhere
from monitor.stages.difference import Difference, compare
from monitor.stages.markup import linkable_url, plain_text, render_body
from monitor.stages.telling import SAID, marked_headline, notices, provider_names, source_links

KINDS = {
    RevisionKind.FIRST: "first publication",
    RevisionKind.UPDATE: "update",
    RevisionKind.CORRECTION: "correction",
    RevisionKind.RETRACTION: "retraction",
    RevisionKind.RESTORATION: "restoration",
}
ORIGINS = {
    Origin.PROVIDER: "a provider",
    Origin.REGULATOR: "a regulator or court",
    Origin.PROBE: "a model probe",
    Origin.PRESS: "the press",
    Origin.RESEARCH: "research",
    Origin.INCIDENT_DATABASE: "an incident database",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A wire in a list."""

    slug: str
    path: str
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
    html: Safe


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A source in the list below a wire."""

    number: int
    citation: Citation
    url: str | None  # None: it cannot be opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One revision in the list of them."""

    number: int
    path: str
    at: datetime | None
    kind: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """What a revision says otherwise than the one before it."""

    since: int  # that revision's number
    facts: tuple[tuple[str, str, str], ...]  # name, before, now
    text: Difference | None  # None: the text is the same
    why: Difference | None

    @property
    def is_nothing(self) -> bool:
        """Whether only what was computed changed, or nothing."""
        return not self.facts and self.text is None and self.why is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A revision of a wire as its page shows it."""

    wire: Wire
    revision: Revision
    newest: Revision
    line: Line
    notices: tuple[Notice, ...]
    body: Safe
    why: Safe
    counterfactual: Safe
    rationale: Rationale | None
    origin: str | None  # of the first signal, in words
    codes: tuple[tuple[str, str, str], ...]  # id, name, definition
    providers: tuple[tuple[str, str, bool], ...]  # id, name, whether it has a page
    sources: tuple[SourceLine, ...]
    steps: tuple[Step, ...]  # newest first, up to this revision
    changed: Changed | None
    address: str  # canonical URL of the wire
    permanent: str  # URL of this revision

    @property
    def elsewhere(self) -> tuple[Elsewhere, ...]:
        """The same event in other databases of incidents."""
        return elsewhere(self.revision.draft.crosswalk)

    @property
    def is_newest(self) -> bool:
        return self.revision.number == self.newest.number

    @property
    def is_retracted(self) -> bool:
        return self.revision.kind is RevisionKind.RETRACTION

    @property
    def is_bulk(self) -> bool:
        return self.rationale is not None and self.rationale.manner is Manner.BULK


def line_of(wire: Wire, providers: Sequence[Provider], revision: Revision | None = None) -> Line:
    """The wire as a list shows it."""
    shown = revision or wire.published
    assert shown is not None, "only published wires are listed"
    mark = marked_headline(wire, shown).removesuffix(shown.draft.headline).strip(" :") or None
    return Line(
        slug=wire.slug,
        path=WireAddress(slug=wire.slug).path,
        severity=shown.draft.severity,
        headline=shown.draft.headline,
        mark=mark,
        providers=tuple(name for _, name in provider_names(shown.draft.providers, providers)),
        source_count=shown.source_count,
        standard=shown.standard.value,
        occurred_on=shown.draft.occurred_on,
        published_at=wire.first_published_at,
    )


def sheet_of(house: House, wire: Wire, revision: Revision) -> Sheet:
    """Everything that the page of a revision shows."""
    newest = wire.published or revision
    draft, why = revision.draft, revision.rationale
    links = source_links(revision.citations)
    known = house.providers
    return Sheet(
        wire=wire,
        revision=revision,
        newest=newest,
        line=line_of(wire, house.site.providers, revision),
        notices=tuple(
            Notice(said=SAID[r.kind], at=r.published_at, html=Safe(render_body(r.draft.note)))
            for r in notices(wire, revision)
        ),
        body=Safe(render_body(draft.body, links)),
        why=Safe(render_body(why.text if why else draft.rationale, links)),
        counterfactual=Safe(render_body(why.counterfactual if why else draft.counterfactual, links)),
        rationale=why,
        origin=None if why is None or why.signal_origin is None else ORIGINS[why.signal_origin],
        codes=codes_of(draft.codes, house.site.codebook),
        providers=tuple((i, n, i in known) for i, n in provider_names(draft.providers, house.site.providers)),
        sources=tuple(
            SourceLine(number=n, citation=c, url=linkable_url(c.url)) for n, c in enumerate(revision.citations, start=1)
        ),
        steps=tuple(_step(wire, r) for r in reversed(wire.revisions) if r.number <= revision.number),
        changed=_changed(house, wire, revision),
        address=house.url(WireAddress(slug=wire.slug).path),
        permanent=house.url(WireAddress(slug=wire.slug, number=revision.number).path),
    )


def codes_of(codes: Sequence[str], codebook: Codebook) -> tuple[tuple[str, str, str], ...]:
    """Each code with name and definition; one that the codebook lacks is its own name."""
    known = {c.id: c for c in codebook.codes}
    return tuple((c, known[c].name, known[c].definition) if c in known else (c, c, "") for c in codes)


def _step(wire: Wire, revision: Revision) -> Step:
    return Step(
        number=revision.number,
        path=WireAddress(slug=wire.slug, number=revision.number).path,
        at=revision.published_at,
        kind=KINDS[revision.kind],
        note=revision.draft.note if revision.kind in SAID else "",
    )


# --- what changed -------------------------------------------------------------------------------------------------


def _changed(house: House, wire: Wire, revision: Revision) -> Changed | None:
    before = next((r for r in reversed(wire.revisions) if r.number < revision.number), None)
    if before is None:
        return None
    facts = tuple(
        (n, a, b) for (n, a), (_, b) in zip(_facts(house, before), _facts(house, revision), strict=True) if a != b
    )
    return Changed(
        since=before.number,
        facts=facts,
        text=_difference(before.draft.body, revision.draft.body),
        why=_difference(_why(before), _why(revision)),
    )


def _facts(house: House, revision: Revision) -> tuple[tuple[str, str], ...]:
    draft = revision.draft
    return (
        ("Headline", draft.headline),
        ("Severity", draft.severity.value if draft.severity else ""),
        ("Providers", ", ".join(name for _, name in provider_names(draft.providers, house.site.providers))),
        ("Happened", draft.occurred_on.isoformat() if draft.occurred_on else ""),
        ("Codes", ", ".join(draft.codes)),
        ("Sources", f"{revision.source_count} independent, {len(revision.citations)} cited"),
        ("Standard", revision.standard.value),
    )


def _why(revision: Revision) -> str:
    why = revision.rationale
    return revision.draft.rationale if why is None else f"{why.text}\n\n{why.counterfactual}"


def _difference(before: str, now: str) -> Difference | None:
    found = compare(plain_text(before), plain_text(now))
    return None if found.is_nothing else found
