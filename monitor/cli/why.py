"""monitor why: the reasons behind a candidate; monitor relate and unrelate: which candidates tell of one affair."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any

import typer

from monitor.cli.shell import open_shell, out, print_json, read_edge
from monitor.cli.triage import deciding_editor
from monitor.cli.triage_view import evidence_json, relation_json, safe
from monitor.jobs import relate as jobs
from monitor.jobs.why import ArticleWhy, Place, Why, why_here, why_not_one
from monitor.model import Article, ArticleId, CandidateId, Evidence, Relation, Ruling
from monitor.stages.explain import say_shared

PANEL = "Triage"

_Json = Annotated[bool, typer.Option("--json", help="Print one JSON document instead.")]
_Here = Annotated[int, typer.Argument(metavar="CANDIDATE", help="Number of a candidate.", min=1)]
_There = Annotated[int, typer.Argument(metavar="OTHER", help="Number of another.", min=1)]
_Reason = Annotated[str, typer.Option("--reason", help="Why, for those who come later.", show_default=False)]
_Editor = Annotated[str, typer.Option("--editor", help="Who says so; else cli:<your user name>.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the command line."""
    for command in (why, relate, unrelate):
        app.command(rich_help_panel=PANEL)(command)


def why(
    number: Annotated[int, typer.Argument(metavar="ARTICLE|A", help="An article; or a candidate, with B.", min=1)],
    other: Annotated[
        int | None, typer.Argument(metavar="[B]", help="Another candidate.", min=1, show_default=False)
    ] = None,
    as_json: _Json = False,
) -> None:
    """Say why an article is where it is; or, of two candidates, why they are not one.

    Example: monitor why 41

    Example: monitor why 12 15
    """
    with open_shell(read_edge()) as shell, shell.database.read() as tx:
        if other is None:
            of_article = why_here(tx, ArticleId(number))
            print_json(_article_json(of_article)) if as_json else _print(_article_lines(of_article))
        else:
            of_two = why_not_one(tx, CandidateId(number), CandidateId(other))
            print_json(_two_json(of_two)) if as_json else _print(_two_lines(of_two))


def relate(candidate: _Here, other: _There, reason: _Reason = "", editor: _Editor = "", as_json: _Json = False) -> None:
    """Say that two candidates tell happenings of one affair: each stays what it is, and leads to the other.

    Example: monitor relate 12 15 --reason "The lawsuit about it."
    """
    with open_shell() as shell:
        said = jobs.relate(
            shell.database, shell.clock, CandidateId(candidate), CandidateId(other), reason=reason,
            by=deciding_editor(editor),
        )  # fmt: skip
    _say(said, as_json, f"Related to candidate {said.candidate}.")


def unrelate(
    candidate: _Here, other: _There, reason: _Reason = "", editor: _Editor = "", as_json: _Json = False
) -> None:
    """Say that two candidates have nothing to do with each other, whatever is found to be alike.

    Example: monitor unrelate 12 15 --reason "Another Heron."
    """
    with open_shell() as shell:
        said = jobs.dismiss(
            shell.database, shell.clock, CandidateId(candidate), CandidateId(other), reason=reason,
            by=deciding_editor(editor),
        )  # fmt: skip
    _say(said, as_json, f"Not related to candidate {said.candidate}. Take it back with: monitor relate")


def _say(said: Relation, as_json: bool, line: str) -> None:
    if as_json:
        print_json(relation_json(said))
    else:
        out.print(line, markup=False)


# --- for scripts ------------------------------------------------------------------------------------------------


def _article_json(found: ArticleWhy) -> dict[str, Any]:
    return {
        "article": found.article.id,
        "title": found.article.title,
        "publisher": found.article.publisher,
        "candidates": [_place_json(p, found) for p in found.places],
        "rulings": [_ruling_json(r) for r in found.rulings],
    }


def _place_json(place: Place, found: ArticleWhy) -> dict[str, Any]:
    member = place.member
    return {
        "candidate": place.candidate.id,
        "title": place.candidate.title,
        "joined": member.joined,
        "joined_reason": member.reason,
        "similarity": member.similarity,
        "nearest": member.nearest,
        "nearest_title": None if member.nearest is None else found.titles.get(member.nearest),
        "copy_of": member.copy_of,
        "evidence": evidence_json(member.evidence),
        "counts": place.standing.counts,
        "reason": place.standing.reason,
    }


def _ruling_json(ruling: Ruling) -> dict[str, Any]:
    return {
        "id": ruling.id,
        "kind": ruling.kind,
        "left": ruling.left,
        "right": ruling.right,
        "reason": ruling.reason,
        "by": ruling.by,
        "at": ruling.at,
    }


def _two_json(found: Why) -> dict[str, Any]:
    beside = found.beside
    return {
        "candidates": [beside.left, beside.right],
        "titles": [found.left.candidate.title, found.right.candidate.title],
        "score": beside.score,
        "threshold": beside.threshold,
        "is_one_by_words": beside.is_one,
        "against": beside.against,
        "pairs": [{"left": p.left, "right": p.right, "evidence": evidence_json(p.evidence)} for p in beside.pairs],
        "kept_apart_by": None if found.apart is None else _ruling_json(found.apart),
        "related": None if found.relation is None else relation_json(found.relation),
        "sample": beside.sample_size,
    }


# --- on a terminal ----------------------------------------------------------------------------------------------


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        out.print(safe(line), soft_wrap=True)


def _article_lines(found: ArticleWhy) -> Iterator[str]:
    yield _titled(found.article)
    for place in found.places:
        member = place.member
        yield f"In candidate {place.candidate.id}: {place.candidate.title}"
        yield f"  {member.reason}"
        if member.evidence is not None:
            yield from (f"  {line}" for line in _figures(member.evidence))
        yield f"  {'Counts' if place.standing.counts else 'Does not count'}: {place.standing.reason}"
    if not found.places:
        yield "In no candidate yet. Group what waits with: monitor deduplicate"
    yield from map(_ruled, found.rulings)


def _two_lines(found: Why) -> Iterator[str]:
    beside = found.beside
    articles = {m.article.id: m.article for d in (found.left, found.right) for m in d.members}
    for detail in (found.left, found.right):
        yield f"{detail.candidate.id}  {detail.candidate.title}"
    if found.apart is not None:
        yield f"Kept apart by an editor. {_ruled(found.apart)}"
    if beside.score is not None:
        verdict = "they would be one by their words" if beside.is_one else "two"
        yield f"Score {beside.score:.2f}, threshold {beside.threshold:.2f}: {verdict}."
    for sentence in beside.against:
        yield f"  Against: {sentence}"
    for pair in beside.pairs:
        yield f"{_titled(articles[pair.left])}"
        yield f"  beside {_titled(articles[pair.right])}"
        yield f"  {say_shared(pair.evidence)}; {pair.evidence.score or 0:.2f}"
    if found.relation is not None:
        yield f"{found.relation.kind}: {found.relation.reason}"
    yield f"Rarity is judged by {beside.sample_size} articles of about the same time."


def _figures(evidence: Evidence) -> Iterator[str]:
    for name, words in (("names", evidence.names), ("numbers", evidence.numbers), ("rare words", evidence.words)):
        if words:
            yield f"{name}: {', '.join(words)}"
    if evidence.score is not None and evidence.threshold is not None:
        yield f"score {evidence.score:.2f}, threshold {evidence.threshold:.2f}"
    if evidence.runner_up is not None:
        yield f"next best: candidate {evidence.runner_up} with {evidence.runner_up_score or 0:.2f}"


def _titled(article: Article) -> str:
    return f"{article.id}  {article.title} ({article.publisher_name}, {article.told_at:%-d %B %Y %H:%M})"


def _ruled(ruling: Ruling) -> str:
    return f"Ruling {ruling.id} ({ruling.kind}) by {ruling.by} on {ruling.at:%-d %B %Y}: {ruling.reason}"
