"""What weighs in the order of the queue: shown to all, tried out before it is kept, settled by senior editors."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.errors import IllegalDecision
from monitor.jobs.weights import PREVIEWED, Moved, change_weights, known_weights, preview, weights_now
from monitor.model import Role, Weight, Weighting
from monitor.stages.weighing import HEAVIEST
from monitor.store.weights import list_weightings
from monitor.web.auth import Visit, Visitor
from monitor.web.pages import desk_page, see_other

SHOWN = 30  # lines of the new order
PAST = 10  # earlier weightings

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class OrderPage:
    """The weights that hold, those that are tried out, and the order these would make."""

    weights: tuple[Weight, ...]  # the reasons in the order of the file
    held: Weighting
    tried: dict[str, float]  # by reason, those that differ
    moved: tuple[Moved, ...]  # the new order, where weights are tried out
    past: tuple[Weighting, ...]
    can_keep: bool
    key: str
    previewed: int = PREVIEWED

    def value(self, reason: str) -> float:
        """What a reason weighs on this page."""
        return self.tried.get(reason, self.held.weights.get(reason, 0.0))


@router.get("/desk/order")
def show_order(request: Request, visit: Visitor) -> Response:
    """The weights; with some in the address, the order that they would make, and nothing is kept."""
    context = visit.context
    reasons = known_weights()
    given = _given(request.query_params.multi_items(), reasons)
    with context.database.read() as tx:
        held = weights_now(tx)
        tried = {r: w for r, w in given.items() if w != held.weights.get(r)}
        page = OrderPage(
            weights=reasons,
            held=held,
            tried=tried,
            moved=preview(tx, context.clock, tried, limit=SHOWN) if tried else (),
            past=list_weightings(tx, limit=PAST),
            can_keep=visit.editor.role.may(Role.SENIOR),
            key=secrets.token_hex(12),
        )
    return desk_page(request, visit, "desk/order.html", page=page)


@router.post("/desk/order")
def keep_order(visit: Visitor) -> Response:
    """Let the weights that were tried out hold from now on."""
    context = visit.context
    change_weights(
        context.database,
        context.clock,
        _sent(visit),
        by=visit.editor,
        note=visit.text("note"),
        key=visit.text("key")[:64] or None,
        address=visit.address,
    )
    return see_other("/desk/order")


def _sent(visit: Visit) -> dict[str, float]:
    pairs = [(name, value) for name, value in visit.form.multi_items() if isinstance(value, str)]
    weights = _given(pairs, known_weights())
    if not weights:
        raise IllegalDecision("No weight was named. Nothing was changed.")
    return weights


def _given(pairs: Iterable[tuple[str, str]], reasons: Iterable[Weight]) -> dict[str, float]:
    """The weights among some fields, each "w:" and its reason; what is no number in range is left out."""
    known = {w.reason for w in reasons}
    found: dict[str, float] = {}
    for name, value in pairs:
        reason = name.removeprefix("w:")
        if name.startswith("w:") and reason in known:
            try:
                weight = round(float(value[:12]), 1)
            except ValueError:
                continue
            if -HEAVIEST <= weight <= HEAVIEST:
                found[reason] = weight
    return found
