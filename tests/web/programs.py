"""Programs with tokens, and a newsroom in which the API has something of everything to show."""

from __future__ import annotations

from typing import Any

import httpx

from monitor.jobs import invitations, rulings, tokens, triage
from monitor.model import CandidateId, Role, RulingKind, Scope
from monitor.store.candidates import get_detail
from monitor.store.people import get_editor
from tests.stored import a_candidate_of
from tests.web.conftest import Desk
from tests.web.newsroom_sources import a_source, furnish

V1 = "/api/v1"


def a_token(desk: Desk, name: str = "ada", scopes: tuple[Scope, ...] = tuple(Scope)) -> str:
    """A token of `name` for `scopes`."""
    with desk.database.read() as tx:
        editor = get_editor(tx, name)
    return tokens.make_token(desk.database, desk.machine, editor, name="test", scopes=scopes, days=7).secret


class Program:
    """A program that asks with a token, or with none."""

    def __init__(self, desk: Desk, secret: str = "", **headers: str) -> None:
        sent = {"authorization": f"Bearer {secret}"} if secret else {}
        self.desk = desk
        self.http = httpx.Client(base_url=desk.url + V1, headers=sent | headers, timeout=30, trust_env=False)

    def get(self, path: str, **params: Any) -> httpx.Response:
        return self.http.get(path, params=params)

    def post(self, path: str, said: Any = None, **headers: str) -> httpx.Response:
        return self.http.post(path, json=said, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def decide(self, candidate: int, kind: str, *, key: str = "", **said: Any) -> httpx.Response:
        headers = {"idempotency_key": key} if key else {}
        return self.post(f"/candidates/{candidate}/decisions", {"kind": kind, **said}, **headers)


def fill(desk: Desk) -> None:
    """Candidates in every state, a wire, a ruling, an invitation, sources: so that few questions lead to a 404."""
    titles = ("Chatbot invents a ruling", "Price of a model rises", "Robot stops a train", "Model leaks a key")
    ids = [a_candidate_of(desk.database, "gazette", "courier", title=title) for title in titles]
    assert desk.app.state.context.settings.sources is not None, "a test must not write another's feeds.yaml"
    furnish(desk, a_source(), a_source("herald"))
    how: triage.How = {"editor": "ben"}
    triage.reject(desk.database, desk.clock, ids[1], reason="No incident", **how)
    triage.claim(desk.database, desk.clock, ids[2], **how)
    triage.accept(desk.database, desk.clock, ids[3], writing=triage.Writing(base_url=desk.url), **how)
    index = desk.app.state.context.index
    with desk.database.read() as tx:
        left = [get_detail(tx, CandidateId(ids[0])).members[0].article.id]
    rulings.rule(
        desk.database,
        desk.clock,
        ids[0],
        RulingKind.COUNTS,
        left,
        providers=index,
        reason="A telling of its own",
        **how,
    )
    invitations.invite(desk.database, desk.machine, role=Role.READER, for_whom="Dora", by="ada")
