"""What a newsroom settles among its people: what weighs in the queue, who stands back from what, who is where."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field, StrictBool

from monitor.errors import Denied
from monitor.jobs import claims, ties, weights
from monitor.model import CandidateId, Presence, Role, Tie, Weight, Weighting
from monitor.stages.weighing import HEAVIEST
from monitor.store.happenings import list_presences
from monitor.store.weights import list_weightings
from monitor.store.writing import list_ties
from monitor.web.api.keys import Call, Caller
from monitor.web.api.values import PLAIN, Asked, Number

PAST = 20  # earlier weightings
SHOWN = 100  # candidates in the order that is tried out

router = APIRouter()

# --- the order of the queue ---------------------------------------------------------------------------------------


class WeightsOut(BaseModel):
    """What weighs in the order: the reasons there are, what each weighs now, and how that came about."""

    reasons: list[Weight]
    held: Weighting
    past: list[Weighting]


@router.get("/weights")
def read_weights(call: Call) -> WeightsOut:
    """What weighs in the order of the queue."""
    with call.context.database.read() as tx:
        held, past = weights.weights_now(tx), list_weightings(tx, limit=PAST)
    return WeightsOut.model_construct(reasons=list(weights.known_weights()), held=held, past=list(past))


Heavy = Annotated[float, Field(ge=-HEAVIEST, le=HEAVIEST, allow_inf_nan=False, strict=True)]
Reason = Annotated[str, Field(min_length=1, max_length=100), PLAIN]


class TriedIn(Asked):
    """Weights by reason; those not named weigh what they do."""

    weights: Annotated[dict[Reason, Heavy], Field(min_length=1, max_length=100)]


class KeptIn(TriedIn):
    """Weights that are to hold, and why."""

    note: Annotated[str, Field(min_length=1, max_length=weights.LONGEST_NOTE), PLAIN]


@router.post("/weights/preview")
def try_weights(call: Call, wanted: TriedIn) -> list[weights.Moved]:
    """The order that these weights would make; nothing is kept."""
    with call.context.database.read() as tx:
        return list(weights.preview(tx, call.context.clock, wanted.weights, limit=SHOWN))


@router.put("/weights")
def keep_weights(call: Call, wanted: KeptIn) -> Weighting:
    """Let them hold from now on; for senior editors."""
    context = call.context
    return weights.change_weights(
        context.database,
        context.clock,
        wanted.weights,
        by=call.token.editor,
        note=wanted.note,
        key=call.key,
        address=call.address,
    )


# --- ties ---------------------------------------------------------------------------------------------------------


@router.get("/ties")
def read_ties(call: Call) -> list[Tie]:
    """Who stands back from the wires of which providers, and why."""
    with call.context.database.read() as tx:
        return list(list_ties(tx))


class TieIn(Asked):
    """That somebody is tied to a provider, or is no longer."""

    provider: Annotated[str, Field(min_length=1, max_length=80), PLAIN]
    is_tied: StrictBool = True
    reason: Annotated[str, Field(max_length=ties.LONGEST_REASON), PLAIN] = ""
    editor: Annotated[str, Field(min_length=1, max_length=80), PLAIN] | None = Field(
        default=None, description="Yourself, where it is left out; another is for senior editors to say."
    )


@router.post("/ties", status_code=201)
def say_tie(call: Call, wanted: TieIn) -> Tie:
    """Keep it; who said so stays on record."""
    editor = wanted.editor or call.who
    if editor != call.who and not call.token.editor.role.may(Role.SENIOR):
        raise Denied("Only a senior editor says this of another. Nothing was changed.")
    return ties.say_tie(
        call.context.database,
        call.context.clock,
        editor=editor,
        provider=wanted.provider,
        is_tied=wanted.is_tied,
        reason=wanted.reason,
        by=call.who,
        providers=call.context.index,
        address=call.address,
    )


# --- presence -----------------------------------------------------------------------------------------------------


@router.get("/presence")
def read_presence(call: Call) -> list[Presence]:
    """Who is at work on what right now."""
    with call.context.database.read() as tx:
        return list(list_presences(tx, since=call.context.machine.now() - claims.PRESENT_FOR))


class HereIn(Asked):
    """What is worked on: one of the two. It holds for less than a minute: say it again meanwhile."""

    candidate: Number | None = None
    wire: Number | None = None


@router.put("/presence", status_code=204)
def be_here(call: Call, wanted: HereIn) -> Response:
    """Say so to the others; one's own claim on that candidate goes on. Naming neither says nothing."""
    context = call.context
    subject = f"candidate {wanted.candidate}" if wanted.candidate else f"wire {wanted.wire}" if wanted.wire else None
    if subject is not None:
        claims.be_here(
            context.database,
            context.clock,
            context.machine,
            tab=_tab(call),
            editor=call.who,
            subject=subject,
            claimed=CandidateId(wanted.candidate) if wanted.candidate else None,
            lease_for=timedelta(minutes=context.settings.claim_minutes),
        )
    return Response(status_code=204)


@router.delete("/presence", status_code=204)
def go_away(call: Call) -> Response:
    """This program works on nothing any more."""
    claims.go_away(call.context.database, _tab(call))
    return Response(status_code=204)


def _tab(call: Caller) -> str:
    return f"api-{call.token.id}"
