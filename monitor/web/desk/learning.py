"""What decisions taught: the model that judges, how good it has been week by week, and another one's turn."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.errors import IllegalDecision
from monitor.jobs.learn import LEAST_DECISIONS, WINDOW, choose_model
from monitor.jobs.suggestions import Fate, fates
from monitor.model import LearntModel, ModelChoice, Role
from monitor.stages.relevance_report import Report, report
from monitor.store.learning import find_choice, list_choices, list_models, list_trials
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page, see_other

MODELS = 20
SHIPPED = "shipped"

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class LearningPage:
    """What is shown."""

    choice: ModelChoice
    choices: tuple[ModelChoice, ...]
    models: tuple[LearntModel, ...]
    report: Report
    fates: tuple[Fate, ...]
    can_choose: bool
    key: str
    window: int = WINDOW
    least: int = LEAST_DECISIONS


@router.get("/desk/learning")
def show_learning(request: Request, visit: Visitor) -> Response:
    """What was learnt from whom, and how well decisions had been foreseen."""
    with visit.context.database.read() as tx:
        page = LearningPage(
            choice=find_choice(tx),
            choices=list_choices(tx, limit=MODELS),
            models=list_models(tx, limit=MODELS),
            report=report(list_trials(tx, limit=WINDOW)),
            fates=fates(tx),
            can_choose=visit.editor.role.may(Role.SENIOR),
            key=secrets.token_hex(12),
        )
    return desk_page(request, visit, "desk/learning.html", page=page)


@router.post("/desk/learning")
def choose(visit: Visitor) -> Response:
    """Let another model judge from now on."""
    wanted = visit.text("model")
    if wanted != SHIPPED and not (wanted.isascii() and wanted.isdigit() and len(wanted) < 10):
        raise IllegalDecision("No model was named. Nothing was changed.")
    choose_model(
        visit.context.database,
        visit.context.clock,
        None if wanted == SHIPPED else int(wanted),
        by=visit.editor,
        note=visit.text("note"),
        key=visit.text("key")[:64] or None,
        address=visit.address,
    )
    return see_other("/desk/learning")
