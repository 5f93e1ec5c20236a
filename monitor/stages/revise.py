"""A draft of a wire → what still keeps it from readers, what it cites, and under which names it goes out.

The source count of a revision is that of the articles it cites, counted as everywhere (`sourcing`): an editor may lower
the sourcing standard that follows from it, never raise it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from monitor.errors import FaultyFile, IllegalDecision
from monitor.model import (
    Article,
    ArticleId,
    ArticleVersion,
    ButFor,
    Citation,
    Codebook,
    Complaint,
    Confidence,
    Draft,
    Joined,
    Manner,
    Member,
    Missing,
    Origin,
    Rationale,
    Revision,
    RevisionKind,
    Severity,
    Sourcing,
    SourcingStandard,
    Standing,
    Wire,
)
from monitor.stages.butfor import draft_prose
from monitor.stages.canonical import canonical_url, clean_line, clean_text
from monitor.stages.codebook import ProviderIndex
from monitor.stages.crosswalk import crosswalk_words, read_id
from monitor.stages.markup import citation_key, cited_keys, cited_passages, paragraphs
from monitor.stages.quotes import keep_passage
from monitor.stages.sourcing import count_sources

HEADLINE_LIMIT = 200  # characters; the design is drawn for 180
TEXT_LIMIT = 50_000  # characters of a body, a rationale or a note
EARLIEST = date(1940, 1, 1)  # nothing that could be called artificial intelligence is older
FARTHEST_ZONE = timedelta(hours=14)  # it is tomorrow already in Kiritimati: what happened there is not in the future
NOTED = frozenset({RevisionKind.CORRECTION, RevisionKind.RETRACTION, RevisionKind.RESTORATION})  # readers are told why
UNCITED_PARAGRAPH, FOREIGN_CITATION, NO_CODE = "uncited-paragraph", "foreign-citation", "codes"  # rules of the check
STRENGTH = (SourcingStandard.SINGLE_SOURCE, SourcingStandard.STANDARD, SourcingStandard.CONFIRMED)

Citable = Article | Member
Count = Callable[[Sequence[Member]], Sourcing]  # of sources, with what the caller knows of owners and rulings
Versions = Callable[[ArticleId], Sequence[ArticleVersion]]  # what an article's page said later


# --- what is missing --------------------------------------------------------------------------------------------


def what_is_missing(
    draft: Draft,
    citable: Sequence[Citable],
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    kind: RevisionKind = RevisionKind.FIRST,
    now: datetime | None = None,
    standing_codes: Collection[str] = (),
    count: Count = count_sources,
) -> tuple[Missing, ...]:
    """Everything that keeps `draft` from being published, in the order of the form; empty when it is fit.

    `citable`: the articles the wire may cite, narrowed by `draft.sources` where that names any. `now`, where given,
    is what "in the future" means. `standing_codes`: codes of the revision before; retired ones among them may stay.
    `count` knows owners and rulings, where the caller does.
    """
    members = sources_of(draft, citable)
    return (
        *_plainly(_headline(draft)),
        *_plainly(_facts(draft, providers, now)),
        *_body(draft, members),
        *_plainly(_why(draft)),
        *_codes(draft, codebook, standing_codes),
        *_plainly(_standard(draft, members, count)),
        *_elsewhere(draft),
        *_plainly(_note(draft, kind)),
    )


Found = Iterator[tuple[str, str]]


def _plainly(found: Found) -> Iterator[Missing]:
    return (Missing(field=field, reason=reason) for field, reason in found)


def _headline(draft: Draft) -> Found:
    if not draft.headline.strip():
        yield "headline", "A wire needs a headline."
    elif len(draft.headline) > HEADLINE_LIMIT:
        yield "headline", f"The headline has {len(draft.headline)} characters; {HEADLINE_LIMIT} is the most."


def _facts(draft: Draft, providers: ProviderIndex, now: datetime | None) -> Found:
    if draft.severity is None:
        yield "severity", "Choose a severity, SEV-1 to SEV-4."
    if not draft.providers:
        yield "providers", "Name at least one provider from the register."
    for name in draft.providers:
        known = providers.resolve(name)
        if known is None or known.id != name:
            yield "providers", f"“{name}” is not in the provider register."
    if draft.occurred_on is None:
        yield "occurred_on", "Say when it happened."
    elif now is not None and draft.occurred_on > (now + FARTHEST_ZONE).date():
        yield "occurred_on", f"{draft.occurred_on.isoformat()} is in the future."
    elif draft.occurred_on < EARLIEST:
        yield "occurred_on", f"{draft.occurred_on.isoformat()} is too long ago for an AI incident: check the year."


def _body(draft: Draft, members: Sequence[Member]) -> Iterator[Missing]:
    if len(draft.body) > TEXT_LIMIT:
        yield Missing(field="body", reason=f"The text has {len(draft.body)} characters; {TEXT_LIMIT} is the most.")
        return
    blocks = paragraphs(draft.body)
    if not blocks:
        yield Missing(field="body", reason="A wire needs a text.")
    known = by_key(members)
    for number, block in enumerate(blocks, start=1):
        for target in (t for t in block.targets if citation_key(t) not in known):
            reason = f"Paragraph {number} cites {target[:200]}, which is not among this wire's sources."
            yield Missing(field="body", reason=reason, rule=FOREIGN_CITATION, line=block.line)
        if not block.targets:
            reason = f"Paragraph {number} (“{beginning(block.text)}”) cites no source: add [source](article:ID)."
            yield Missing(field="body", reason=reason, rule=UNCITED_PARAGRAPH, line=block.line)


def _why(draft: Draft) -> Found:
    if not draft.rationale.strip():
        yield "rationale", "Say why this is an AI incident."
    if not draft.counterfactual.strip():
        yield "counterfactual", "Answer the but-for test: what would not have occurred without the AI system?"
    for field, text in (("rationale", draft.rationale), ("counterfactual", draft.counterfactual), ("note", draft.note)):
        if len(text) > TEXT_LIMIT:
            yield field, f"This has {len(text)} characters; {TEXT_LIMIT} is the most."


def _codes(draft: Draft, codebook: Codebook, standing: Collection[str]) -> Iterator[Missing]:
    known = {c.id: c for c in codebook.codes}
    usable = [c for c in draft.codes if c in known and (not known[c].is_retired or c in standing)]
    for code in draft.codes:
        if code not in known:
            yield Missing(field="codes", reason=f"{code} is not in the codebook.")
        elif code not in usable:
            yield Missing(field="codes", reason=f"{code} ({known[code].name}) is retired: choose another.")
    for series, name in (("M", "mechanism"), ("F", "failure")):
        if not any(c.startswith(series) for c in usable):
            yield Missing(field="codes", reason=f"Choose at least one {series} code: the {name}.", rule=NO_CODE)


def _standard(draft: Draft, members: Sequence[Member], count: Count) -> Found:
    if draft.standard is None:
        return
    computed = _count(draft, members, count)[1].standard
    if STRENGTH.index(draft.standard) > STRENGTH.index(computed):
        yield (
            "standard",
            f"The sources cited make this {computed.value}: an editor may lower the standard, never raise it.",
        )


def _elsewhere(draft: Draft) -> Iterator[Missing]:
    """Said and no more: how others name their records is theirs to change."""
    for word in draft.crosswalk:
        if read_id(word) is None:
            yield Missing(
                field="crosswalk",
                reason=f"“{word}” is no id of AIID, the OECD's monitor or AIAAIC that we know, and readers are not "
                "shown it: write aiid:123, or the address of its page there.",
                is_blocking=False,
            )


def _note(draft: Draft, kind: RevisionKind) -> Found:
    if kind in NOTED and not draft.note.strip():
        what = "why" if kind is RevisionKind.RESTORATION else "what was wrong"
        yield "note", f"A {kind.value} tells readers {what}: write the note."


def beginning(text: str) -> str:
    """The first words of a paragraph, by which an editor knows it."""
    return text if len(text) <= 40 else text[:40].rstrip() + "…"


# --- citing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What a draft cites, counted."""

    citations: tuple[Citation, ...]  # in order of first appearance
    sourcing: Sourcing
    standard: SourcingStandard  # computed, as lowered by the editor


def _unchanged(article: ArticleId) -> tuple[ArticleVersion, ...]:  # noqa: ARG001 - the callable's shape
    return ()


def cite(
    draft: Draft, citable: Sequence[Citable], *, count: Count = count_sources, versions: Versions = _unchanged
) -> Cited:
    """The sources that the body cites, each frozen as it is now, and the honest count of them.

    `versions` is asked for what the pages of quoted articles said later, where they changed.
    """
    cited, sourcing = _count(draft, sources_of(draft, citable), count)
    pairs = zip(cited, sourcing.standings, strict=True)
    lowered = (
        sourcing.standard if draft.standard is None else min(sourcing.standard, draft.standard, key=STRENGTH.index)
    )
    quoted = quotations(draft, cited)
    return Cited(
        citations=tuple(_citation(m.article, s, quoted.get(m.article.id, ()), versions) for m, s in pairs),
        sourcing=sourcing,
        standard=lowered,
    )


def quotations(draft: Draft, members: Sequence[Member]) -> Mapping[ArticleId, Sequence[str]]:
    """What the body quotes, by the article it says it is from."""
    known = by_key(members)
    quoted: dict[ArticleId, list[str]] = {}
    for key, words in cited_passages(draft.body[:TEXT_LIMIT]):
        if key in known:
            quoted.setdefault(known[key].article.id, []).append(words)
    return quoted


def sources_of(draft: Draft, citable: Sequence[Citable]) -> tuple[Member, ...]:
    """The articles that `draft` may cite: those it names as its sources, or all where it names none."""
    members = (c if isinstance(c, Member) else _alone(c) for c in citable)
    chosen = frozenset(draft.sources)
    return tuple(m for m in members if not chosen or m.article.id in chosen)


def signal_origin(members: Sequence[Member]) -> Origin | None:
    """The origin of the first signal: of the article that was told first."""
    first = min(members, key=lambda m: (m.article.told_at, m.article.id), default=None)
    return None if first is None else first.article.origin


def _count(draft: Draft, members: Sequence[Member], count: Count) -> tuple[list[Member], Sourcing]:
    known = by_key(members)
    found = {known[k].article.id: known[k] for k in cited_keys(draft.body[:TEXT_LIMIT]) if k in known}
    cited = list(found.values())
    return cited, count(cited)


def by_key(members: Sequence[Member]) -> Mapping[str, Member]:
    """The members under every key by which a text may cite them (`markup.citation_key`)."""
    keys: dict[str, Member] = {}
    for member in members:
        article = member.article
        keys[f"article:{article.id}"] = member
        for url in (article.canonical_url, canonical_url(article.url)):
            if url is not None:
                keys.setdefault(url, member)
    return keys


def _alone(article: Article) -> Member:
    return Member(
        article=article,
        joined=Joined.OPENED,
        copy_of=None,
        nearest=None,
        similarity=0.0,
        reason="A source of the wire itself.",
        added_at=article.first_seen_at,
    )


def _citation(article: Article, standing: Standing, quoted: Sequence[str], versions: Versions) -> Citation:
    later = versions(article.id) if quoted and article.version_count else ()
    return Citation(
        passages=tuple(p for words in quoted if (p := keep_passage(words, article, later)) is not None),
        article=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        publisher_name=article.publisher_name,
        origin=article.origin,
        tier=article.tier,
        published_at=article.published_at,
        snapshot=None if article.snapshot is None else article.snapshot.digest,
        counts=standing.counts,
        reason=standing.reason,
    )


# --- why it is an incident --------------------------------------------------------------------------------------


def rationale_of(
    revision: Revision,
    before: Revision | None,
    *,
    origin: Origin | None,
    now: datetime,
    accepted: tuple[str, datetime] | None = None,
) -> Rationale:
    """The rationale to freeze with `revision`: who classified it, when, and in what way.

    Where neither its text nor its but-for test changed since `before`, the classification is still the one made then.
    One made in bulk is that of who `accepted` the wire, and when, whoever has completed its draft since.
    """
    draft = revision.draft
    if before is not None and before.rationale is not None and not amends_rationale(draft, before.draft):
        return before.rationale
    mine = (revision.editor, now)
    who, when = (accepted or mine) if revision.manner is Manner.BULK else mine
    return Rationale(
        text=draft.rationale,
        counterfactual=draft.counterfactual,
        classified_by=who,
        classified_at=when,
        manner=revision.manner,
        signal_origin=origin,
        but_for=draft.but_for,
    )


def amends_rationale(draft: Draft, before: Draft) -> bool:
    """Whether an editor made the classification anew: a bulk stamp ends here."""
    return (draft.rationale, draft.counterfactual, draft.but_for) != (
        before.rationale,
        before.counterfactual,
        before.but_for,
    )


def manner_after(draft: Draft, revision: Revision) -> Manner:
    """The manner of `revision` once `draft` is saved over it."""
    return Manner.EDITOR if amends_rationale(draft, revision.draft) else revision.manner


# --- names ------------------------------------------------------------------------------------------------------


def slug_of(headline: str, suffix: str) -> str:
    """The last part of a wire's address: words of the headline in plain ASCII, at most 80 characters, and `suffix`."""
    plain = unicodedata.normalize("NFKD", headline).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", re.sub(r"['’]", "", plain))
    kept = ""
    for word in words:
        longer = f"{kept}-{word}" if kept else word[:60]
        if len(longer) > 80:
            break
        kept = longer
    return f"{kept or 'wire'}-{suffix}"


def tag_uri(authority: str, founded_on: date, specific: str) -> str:
    """A tag URI (RFC 4151): `authority` named things on `founded_on` (UTC), this one `specific`."""
    return f"tag:{authority},{founded_on.isoformat()}:{specific}"


def tag_authority(host: str) -> str:
    """RFC 4151 authorityName for a site at `host`: a name in lower case; addresses with colons have none."""
    name = host.lower().rstrip(".")
    return name if re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", name) else "localhost"


# --- a draft in a file ------------------------------------------------------------------------------------------

_FIELDS = {
    *("headline", "severity", "providers", "occurred_on", "body", "rationale", "counterfactual", "codes"),
    *("sources", "note", "standard", "but_for", "embargo_until", "crosswalk"),
}
_BUT_FOR = ("outcome", "system", "role", "without", "support", "confidence")


def draft_from_yaml(text: str, file: str, *, providers: ProviderIndex | None = None) -> Draft:
    """The draft that a person wrote as YAML; raises FaultyFile with every fault.

    Names and products become provider ids where `providers` is given; one that the register lacks stays as written,
    so that it is named among what is missing.
    """
    try:
        document = YAML(typ="safe", pure=True).load(text)
    except MarkedYAMLError as error:
        line = None if error.problem_mark is None else error.problem_mark.line + 1
        raise _faulty(file, [(line, "file", f"is not YAML: {error.problem or error.context}")]) from None
    except YAMLError as error:
        raise _faulty(file, [(None, "file", f"is not YAML: {error}")]) from None
    if not isinstance(document, dict):
        raise _faulty(file, [(None, "file", "must be a block of fields, such as headline: …")])
    return draft_from_mapping(document, file=file, providers=providers)


def draft_from_mapping(
    document: Mapping[object, object],
    *,
    file: str,
    line: int | None = None,
    providers: ProviderIndex | None = None,
) -> Draft:
    """As `draft_from_yaml`, from fields that are read already; `line` is where they stand in `file`."""
    faults: list[tuple[int | None, str, str]] = []

    def refuse(field: str, reason: str) -> None:
        faults.append((line, field, reason))

    for key in document:
        if key not in _FIELDS:
            refuse(str(key)[:80], f"is not a field of a wire; known are {', '.join(sorted(_FIELDS))}")
    read = _Reader(document, refuse)
    draft = Draft(
        headline=clean_line(read.text("headline")),
        severity=read.severity(),
        providers=tuple(dict.fromkeys(_provider_id(n, providers) for n in read.names("providers"))),
        occurred_on=read.date("occurred_on"),
        body=read.text("body"),
        rationale=read.text("rationale"),
        counterfactual=read.text("counterfactual"),
        codes=tuple(dict.fromkeys(c.upper() for c in read.names("codes"))),
        sources=read.articles(),
        note=read.text("note"),
        standard=read.standard(),
        but_for=read.but_for(),
        embargo_until=read.instant("embargo_until"),
        crosswalk=crosswalk_words(" ".join(read.names("crosswalk"))),
    )
    if faults:
        raise _faulty(file, faults)
    if draft.but_for is not None and not draft.counterfactual:
        return replace(draft, counterfactual=draft_prose(draft.but_for))
    return draft


def _faulty(file: str, faults: Sequence[tuple[int | None, str, str]]) -> FaultyFile:
    return FaultyFile(
        [Complaint(file=file, line=line, subject=subject, reason=reason) for line, subject, reason in faults]
    )


def _provider_id(name: str, providers: ProviderIndex | None) -> str:
    known = None if providers is None else providers.resolve(name)
    return name if known is None else known.id


class _Reader:
    """Reads one field at a time and tells `refuse` what it cannot read."""

    def __init__(self, document: Mapping[object, object], refuse: Callable[[str, str], None]) -> None:
        self._document = document
        self._refuse = refuse

    def text(self, field: str) -> str:
        value = self._document.get(field)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._refuse(field, "must be a text")
            return ""
        return clean_text(value).strip()

    def names(self, field: str) -> tuple[str, ...]:
        value = self._document.get(field) or []
        names = [value] if isinstance(value, str) else value
        if not isinstance(names, list) or not all(isinstance(n, str) for n in names):
            self._refuse(field, "must be a list of names")
            return ()
        return tuple(clean_line(n) for n in names if n.strip())

    def severity(self) -> Severity | None:
        value = self._document.get("severity")
        if value is None:
            return None
        number = str(value).upper().removeprefix("SEV").lstrip("- ")
        try:
            return Severity(f"SEV-{number}")
        except ValueError:
            self._refuse("severity", f"must be SEV-1, SEV-2, SEV-3 or SEV-4 (it says {value!r})")
            return None

    def standard(self) -> SourcingStandard | None:
        value = self._document.get("standard")
        if value is None:
            return None
        try:
            return SourcingStandard(str(value))
        except ValueError:
            self._refuse("standard", f"must be {', '.join(s.value for s in STRENGTH)} (it says {value!r})")
            return None

    def date(self, field: str) -> date | None:
        value = self._document.get(field)
        if value is None:
            return None
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value)[:10])
        except ValueError:
            self._refuse(field, f"must be a date such as 2025-12-09 (it says {value!r})")
            return None

    def instant(self, field: str) -> datetime | None:
        value = self._document.get(field)
        if value is None:
            return None
        try:
            read = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
        except ValueError:
            self._refuse(field, f"must be an instant such as 2025-12-09T14:00Z (it says {value!r})")
            return None
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)

    def but_for(self) -> ButFor | None:
        value = self._document.get("but_for")
        if not value:
            return None
        if not isinstance(value, dict) or (set(map(str, value)) - set(_BUT_FOR)):
            self._refuse("but_for", f"must be a block of {', '.join(_BUT_FOR)}")
            return None
        sure, support = value.get("confidence"), str(value.get("support") or "").removeprefix("article:")
        if sure is not None and sure not in set(Confidence):
            self._refuse("but_for", f"confidence must be {', '.join(c.value for c in Confidence)} (it says {sure!r})")
            return None
        if support and not re.fullmatch(r"[0-9]{1,18}", support):
            self._refuse("but_for", "support must be an article's number, such as 42")
            return None
        test = ButFor(
            **{part: clean_line(str(value.get(part) or "")) for part in _BUT_FOR[:4]},
            support=ArticleId(int(support)) if support else None,
            confidence=None if sure is None else Confidence(sure),
        )
        return None if test == ButFor() else test

    def articles(self) -> tuple[ArticleId, ...]:
        value = self._document.get("sources") or []
        ids = [str(v).removeprefix("article:") for v in value] if isinstance(value, list) else None
        if ids is None or not all(re.fullmatch(r"[0-9]{1,18}", i) for i in ids):
            self._refuse("sources", "must be a list of article numbers, such as [41, 42]")
            return ()
        return tuple(dict.fromkeys(ArticleId(int(i)) for i in ids))


def draft_with_sources(draft: Draft, sources: Collection[ArticleId]) -> Draft:
    """`draft`, free to cite `sources` too."""
    return replace(draft, sources=tuple(dict.fromkeys((*draft.sources, *sources))))


def cite_at_end(draft: Draft, article: ArticleId) -> Draft:
    """`draft` with a citation of `article` behind its last word, unless it cites it already."""
    if f"article:{article}" in cited_keys(draft.body[:TEXT_LIMIT]):
        return draft
    return replace(draft, body=f"{draft.body.rstrip()} [source](article:{article})".strip())


def refuse_kind(wire: Wire, kind: RevisionKind) -> None:
    """Raise IllegalDecision where such a revision cannot follow."""
    if kind is RevisionKind.FIRST:
        raise IllegalDecision("A wire has one first revision: start an update, a correction or a retraction.")
    if wire.is_retracted and kind is not RevisionKind.RESTORATION:
        raise IllegalDecision(f"Wire {wire.id} is retracted: restore it first, and say why. Nothing was changed.")
    if not wire.is_retracted and kind is RevisionKind.RESTORATION:
        raise IllegalDecision(f"Wire {wire.id} is not retracted: there is nothing to restore.")
