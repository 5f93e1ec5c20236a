"""A draft → all that is missing or doubtful before readers see it, each by a rule that the Editor's Guide explains.

What no wire can do without (a headline, a severity, sources) always blocks. The other rules block or advise as the
codebook's file says under `check`; each has its own section in the guide, whose anchor is the rule's name.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from monitor.model import (
    ArticleId,
    ArticleVersion,
    Codebook,
    Draft,
    Level,
    Manner,
    Member,
    Missing,
    RevisionKind,
    Tier,
    WritingRules,
)
from monitor.stages import revise
from monitor.stages.butfor import lacking
from monitor.stages.claims import Doubt, private_names, unattributed
from monitor.stages.codebook import ProviderIndex
from monitor.stages.markup import citation_key, cited_keys, paragraphs
from monitor.stages.quotes import has_vanished, keep_passage
from monitor.stages.revise import Citable, Count, amends_rationale, beginning, by_key, sources_of, what_is_missing
from monitor.stages.sourcing import count_sources
from monitor.stages.tongue import READ, tongue_of

SHOWN = 60  # characters of a sentence that is doubted


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of the check, as it is where a newsroom says nothing."""

    name: str
    level: Level
    title: str


UNKNOWN_PASSAGE, VANISHED_PASSAGE = "unknown-passage", "vanished-passage"
UNATTRIBUTED, PRIVATE_PERSON = "unattributed-claim", "private-person"
FEW_SOURCES, BUT_FOR = "few-sources", "but-for"
RULES: Mapping[str, Rule] = {
    name: Rule(name=name, level=level, title=title)
    for name, level, title in (
        (revise.UNCITED_PARAGRAPH, Level.BLOCK, "A paragraph cites no source"),
        (revise.FOREIGN_CITATION, Level.BLOCK, "A citation leads outside the wire"),
        (UNKNOWN_PASSAGE, Level.BLOCK, "A quotation does not stand in its source"),
        (VANISHED_PASSAGE, Level.ADVISE, "A quoted passage has gone from its page"),
        (UNATTRIBUTED, Level.ADVISE, "A charge against a named party is not attributed"),
        (PRIVATE_PERSON, Level.ADVISE, "A private person is named"),
        (revise.NO_CODE, Level.BLOCK, "A code of one series is missing"),
        (FEW_SOURCES, Level.ADVISE, "Few independent sources for this severity"),
        (BUT_FOR, Level.BLOCK, "The but-for test is incomplete"),
    )
}


def level_of(rule: str, rules: WritingRules) -> Level:
    """What the newsroom lets the rule do."""
    return dict(rules.levels).get(rule, RULES[rule].level)


def check_draft(
    draft: Draft,
    citable: Sequence[Citable],
    codebook: Codebook,
    providers: ProviderIndex,
    *,
    kind: RevisionKind = RevisionKind.FIRST,
    manner: Manner = Manner.EDITOR,
    now: datetime | None = None,
    standing: Draft | None = None,
    count: Count = count_sources,
    versions: Callable[[ArticleId], Sequence[ArticleVersion]] = lambda _: (),
) -> tuple[Missing, ...]:
    """All findings, in the order of the form, what blocks before what advises within a field.

    `standing` is what readers see now: a classification that it carries is not asked for anew. The rest is as in
    `revise.what_is_missing`.
    """
    members = sources_of(draft, citable)
    codes: Collection[str] = () if standing is None else standing.codes
    found = (
        *what_is_missing(draft, citable, codebook, providers, kind=kind, now=now, standing_codes=codes, count=count),
        *_passages(draft, members, versions),
        *_claims(draft, providers),
        *_sources(draft, members, codebook.rules, count),
        *_but_for(draft, members, manner, standing),
    )
    judged = (_judged(m, codebook.rules) for m in found)
    return tuple(sorted(filter(None, judged), key=lambda m: (_PLACE.get(m.field, 99), not m.is_blocking)))


_PLACE = {
    name: place
    for place, name in enumerate(
        ("note", "headline", "severity", "occurred_on", "providers", "body", "sources", "rationale", "but_for",
         "counterfactual", "codes", "standard")
    )
}  # fmt: skip


def _judged(found: Missing, rules: WritingRules) -> Missing | None:
    if found.rule not in RULES:
        return found
    level = level_of(found.rule, rules)
    return None if level is Level.OFF else replace(found, is_blocking=level is Level.BLOCK)


def _passages(
    draft: Draft, members: Sequence[Member], versions: Callable[[ArticleId], Sequence[ArticleVersion]]
) -> Iterator[Missing]:
    known = by_key(members)
    for block in paragraphs(draft.body[: revise.TEXT_LIMIT]):
        for target, words in block.passages:
            if (member := known.get(citation_key(target) or "")) is None:
                continue
            article = member.article
            later = versions(article.id) if article.version_count else ()
            said = f"“{_cut(words)}”"
            if keep_passage(words, article, later) is None:
                reason = f"{said} does not stand in the article of {article.publisher_name} that is cited for it."
                yield Missing(field="body", reason=reason, rule=UNKNOWN_PASSAGE, line=block.line)
            elif has_vanished(words, later):
                seen = f"as seen on {later[-1].seen_at:%-d %B %Y}; we keep it as it was"
                reason = f"{said} has gone from the page of {article.publisher_name}, {seen}."
                yield Missing(field="body", reason=reason, rule=VANISHED_PASSAGE, line=block.line)


def _claims(draft: Draft, providers: ProviderIndex) -> Iterator[Missing]:
    texts = tuple(_texts(draft))
    tongue = tongue_of(" ".join(text for _, text, _ in texts))
    if tongue not in READ and draft.body.strip():
        reason = (
            "Whether charges are attributed and private persons are named cannot be told: the text is in no language"
            f" whose words are known here ({', '.join(READ.values())})."
        )
        yield Missing(field="body", reason=reason, rule=UNATTRIBUTED, is_blocking=False)
        return
    for field, text, line in texts:
        for doubt in unattributed(text, providers, tongue or ""):
            reason = f"{doubt.name} is charged with something, and nobody is named who says so: “{_cut(doubt.words)}”."
            yield Missing(field=field, reason=reason, rule=UNATTRIBUTED, line=line)
        for doubt in private_names(text, providers, tongue or ""):
            yield Missing(field=field, reason=_private(doubt), rule=PRIVATE_PERSON, line=line)


def _texts(draft: Draft) -> Iterator[tuple[str, str, int | None]]:
    yield "headline", draft.headline, None
    for block in paragraphs(draft.body[: revise.TEXT_LIMIT]):
        yield "body", block.text, block.line


def _private(doubt: Doubt) -> str:
    return f"{doubt.name} looks like a private person: leave the name out, unless the person spoke in public about it."


def _sources(draft: Draft, members: Sequence[Member], rules: WritingRules, count: Count) -> Iterator[Missing]:
    if draft.severity is None:
        return
    least = dict(rules.least_sources).get(draft.severity, 1)
    known = by_key(members)
    cited = list(
        {known[k].article.id: known[k] for k in cited_keys(draft.body[: revise.TEXT_LIMIT]) if k in known}.values()
    )
    have = count(cited).source_count
    if not cited or have >= least or any(m.article.tier is Tier.PRIMARY for m in cited):
        return
    reason = f"{draft.severity.value} asks for {least} independent sources, or a primary one; the text cites {have}."
    yield Missing(field="severity", reason=reason, rule=FEW_SOURCES)


def _but_for(draft: Draft, members: Sequence[Member], manner: Manner, standing: Draft | None) -> Iterator[Missing]:
    if manner is Manner.BULK or (standing is not None and not amends_rationale(draft, standing)):
        return
    if lacks := lacking(draft.but_for):
        reason = f"The but-for test does not say {_listed(lacks)}."
        yield Missing(field="but_for", reason=reason, rule=BUT_FOR)
    support = None if draft.but_for is None else draft.but_for.support
    if support is not None and f"article:{support}" not in _cited_articles(draft, members):
        reason = "The source that carries the but-for test is not cited in the text."
        yield Missing(field="but_for", reason=reason, rule=BUT_FOR)


def _cited_articles(draft: Draft, members: Sequence[Member]) -> frozenset[str]:
    known = by_key(members)
    keys = cited_keys(draft.body[: revise.TEXT_LIMIT])
    return frozenset(f"article:{known[k].article.id}" for k in keys if k in known)


def _listed(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _cut(text: str) -> str:
    return text.rstrip(".") if len(text) <= SHOWN else beginning(text[:SHOWN])
