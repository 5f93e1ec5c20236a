"""Two candidates side by side: what they share, what speaks against, and what an editor can do about it."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.jobs.why import Why, why_not_one
from monitor.model import Article, ArticleId, CandidateDetail, CandidateId, CandidateStatus, Joined
from monitor.store.candidates import find_live
from monitor.web.auth import Visitor
from monitor.web.desk.queue import provider_names
from monitor.web.desk.reasons import SCALE_WIDTH, Stage, tell_stages
from monitor.web.desk.view import Telling, fold_copies
from monitor.web.pages import desk_page, see_other

ARTICLES_SHOWN = 6  # of each candidate

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class SidePage:
    """One of the two."""

    detail: CandidateDetail
    tellings: tuple[Telling, ...]
    more: int  # tellings that are not listed
    stages: tuple[Stage, ...]

    @property
    def can_absorb(self) -> bool:
        """Whether articles of another candidate may be moved here."""
        return self.detail.candidate.status in (
            CandidateStatus.OPEN,
            CandidateStatus.SNOOZED,
            CandidateStatus.ACCEPTED,
        )

    @property
    def can_leave(self) -> bool:
        """Whether its articles may be moved into another candidate."""
        return self.detail.candidate.status in (CandidateStatus.OPEN, CandidateStatus.SNOOZED, CandidateStatus.REJECTED)


@dataclass(frozen=True, kw_only=True)
class BesidePage:
    """What the page shows."""

    why: Why
    left: SidePage
    right: SidePage
    articles: Mapping[ArticleId, Article]
    key: str
    path: str
    width: int = SCALE_WIDTH


@router.get("/desk/candidates/{candidate}/beside/{other}")
def show_beside(request: Request, visit: Visitor, candidate: int, other: int) -> Response:
    """Why two candidates are two. One that was merged leads on to where its articles are."""
    left, right = CandidateId(candidate), CandidateId(other)
    with visit.context.database.read() as tx:
        live = find_live(tx, left) or left, find_live(tx, right) or right
        if live != (left, right) and live[0] != live[1]:
            return see_other(f"/desk/candidates/{live[0]}/beside/{live[1]}")
        if live[0] == live[1] and left != right:
            return see_other(f"/desk/candidates/{live[0]}")
        why = why_not_one(tx, left, right)
    page = BesidePage(
        why=why,
        left=_side(why.left),
        right=_side(why.right),
        articles={m.article.id: m.article for d in (why.left, why.right) for m in d.members},
        key=secrets.token_hex(12),
        path=f"/desk/candidates/{left}/beside/{right}",
    )
    return desk_page(request, visit, "desk/beside.html", page=page, providers=provider_names(visit))


def _side(detail: CandidateDetail) -> SidePage:
    pairs = zip(detail.members, detail.sourcing.standings, strict=True)
    tellings = fold_copies([p for p in pairs if p[0].joined is not Joined.MENTION])
    return SidePage(
        detail=detail,
        tellings=tuple(tellings[:ARTICLES_SHOWN]),
        more=max(0, len(tellings) - ARTICLES_SHOWN),
        stages=tell_stages(detail.members),
    )
