"""What a merge or a split would become, looked at before it is done: it is asked by a form, and changes nothing."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import Request
from fastapi.responses import Response

from monitor.errors import IllegalDecision, Unknown
from monitor.jobs.foresee import Foresight, foresee_merge, foresee_split
from monitor.model import ArticleId, Candidate, CandidateId
from monitor.store.candidates import get_candidate
from monitor.store.database import Transaction
from monitor.web.auth import Visit
from monitor.web.desk.queue import is_part
from monitor.web.pages import desk_page
from monitor.web.security import local_path

ACTIONS = frozenset({"look-merge", "look-split"})
TURNS_SHOWN = 6  # articles that would begin or cease to count, of each side


@dataclass(frozen=True, kw_only=True)
class WouldPage:
    """What is shown of it."""

    candidate: Candidate
    verb: str  # merge, split
    foresight: Foresight | None
    problem: str  # why nothing can be foreseen; "" where it can
    others: tuple[CandidateId, ...]
    articles: tuple[ArticleId, ...]
    key: str
    back: str
    shown: int = TURNS_SHOWN


def show(request: Request, visit: Visit, candidate: CandidateId, action: str) -> Response:
    """The part of the page that asked for it, or a page of its own, with the form to do it."""
    verb = action.removeprefix("look-")
    with visit.context.database.read() as tx:
        here = get_candidate(tx, candidate)
        foresight, problem = _foresee(tx, visit, candidate, verb)
    page = WouldPage(
        candidate=here,
        verb=verb,
        foresight=foresight,
        problem=problem,
        others=() if foresight is None else tuple(c.id for c in foresight.absorbed),
        articles=_articles(visit),
        key=secrets.token_hex(12),
        back=local_path(visit.text("back"), default="/desk/queue"),
    )
    template = "desk/_would.html" if is_part(request, f"would-{verb}") else "desk/would.html"
    return desk_page(request, visit, template, page=page)


def _foresee(tx: Transaction, visit: Visit, candidate: CandidateId, verb: str) -> tuple[Foresight | None, str]:
    register = visit.context.index.owners
    try:
        if verb == "merge":
            return foresee_merge(tx, candidate, others(visit), register=register), ""
        return foresee_split(tx, candidate, _articles(visit), register=register), ""
    except (IllegalDecision, Unknown) as error:
        return None, str(error)


def _articles(visit: Visit) -> tuple[ArticleId, ...]:
    ticked = (a for a in visit.texts("article") if a.isascii() and a.isdigit() and len(a) < 10)
    return tuple(dict.fromkeys(ArticleId(int(a)) for a in ticked))


def others(visit: Visit) -> list[CandidateId]:
    """The candidates that a form names by their numbers; raises IllegalDecision."""
    words = " ".join(visit.texts("others")).replace(",", " ").replace("#", " ").split()
    if not words or not all(w.isascii() and w.isdigit() and len(w) < 10 for w in words):
        raise IllegalDecision("Name the candidates to merge by their numbers, such as 12 15. Nothing was decided.")
    return [CandidateId(int(w)) for w in words]
