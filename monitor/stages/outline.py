"""A candidate → the outline of its wire, as YAML that an editor fills in and `draft_from_yaml` reads back.

What the candidate knows is there (headline, providers, articles to cite); what only an editor can judge is left empty,
so that an outline nobody filled in is never fit to publish.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence

from monitor.model import CandidateDetail, Code, Codebook, Member, Standing

TITLE_LENGTH = 100  # characters of a title in a comment


def outline_wire(detail: CandidateDetail, codebook: Codebook) -> str:
    """The YAML, ending in a newline. Texts from outside cannot leave the place they stand in, quoted or commented."""
    return "\n".join(_lines(detail, codebook)) + "\n"


def _lines(detail: CandidateDetail, codebook: Codebook) -> Iterator[str]:
    candidate = detail.candidate
    first = detail.members[0].article if detail.members else None
    yield f"# A wire for candidate {candidate.id}. Fill in what is empty, then:"
    yield f"#   monitor accept {candidate.id} --wire THIS-FILE.yaml"
    yield f"headline: {_quoted(candidate.title)}"
    yield "severity:  # SEV-1 (gravest) to SEV-4"
    yield f"providers: [{', '.join(map(_quoted, candidate.providers))}]"
    yield f"occurred_on:  # the day it happened; first told on {first.told_at:%Y-%m-%d}" if first else "occurred_on:"
    yield "# The text, in Markdown: each paragraph cites at least one source, so:"
    yield "#   body: |"
    yield f"#     What happened. [source](article:{first.id if first else 1})"
    yield 'body: ""'
    yield "# Why this is an AI incident."
    yield 'rationale: ""'
    yield "# The but-for test: what would not have occurred without the AI system, in which role."
    yield "# Its parts first; where counterfactual stays empty, the sentence is drafted from them:"
    yield "but_for:"
    yield '  outcome: ""  # the harm or change'
    yield '  system: ""  # the AI system'
    yield '  role: ""  # what it did: "which ..."'
    yield '  without: ""  # what would have happened instead'
    yield f"  support:  # the article that carries it, such as {first.id if first else 1}"
    yield "  confidence:  # high: a source says so; medium: it follows; low: it is disputed"
    yield 'counterfactual: ""'
    yield "# At least one M (mechanism) and one F (failure):"
    yield from _codes(codebook.codes)
    yield "codes: []"
    yield "# What the wire may cite; those that do not count may be cited too. Take out what does not belong."
    yield "sources:"
    yield from _sources(detail)
    yield 'note: ""  # for readers, with a correction or a retraction'
    yield "standard:  # only to lower the computed one: single-source, standard or confirmed"


def _codes(codes: Sequence[Code]) -> Iterator[str]:
    for code in codes:
        if not code.is_retired:
            yield f"#   {code.id} {_plain(code.name)}"


def _sources(detail: CandidateDetail) -> Iterator[str]:
    for member, standing in zip(detail.members, detail.sourcing.standings, strict=True):
        yield f"  - {member.article.id}  # {_described(member, standing)}"


def _described(member: Member, standing: Standing) -> str:
    article = member.article
    counts = "counts" if standing.counts else "does not count"
    title = _plain(article.title)[:TITLE_LENGTH]
    return f"{_plain(article.publisher_name)}, {article.told_at:%Y-%m-%d}, {counts}: {title}"


def _plain(text: str) -> str:
    """One line without anything that a YAML reader could take for its end."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _quoted(text: str) -> str:
    """A double-quoted scalar that reads back as `text`."""
    return "".join(c if c.isprintable() else _escaped(c) for c in json.dumps(text, ensure_ascii=False))


def _escaped(character: str) -> str:
    point = ord(character)
    return f"\\U{point:08x}" if point > 0xFFFF else f"\\u{point:04x}"
