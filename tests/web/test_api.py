"""The API: what the desk can do, for programs, by tokens; pages, changes, problems, and requests that come twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from benchmarks.api_questions import ask
from monitor.errors import IllegalDecision
from monitor.jobs.index import index
from monitor.model import CandidateId, Role, Scope, Snapshot
from monitor.store.articles import add_snapshot
from monitor.store.candidates import get_candidate, list_decisions
from monitor.store.people import list_audit
from monitor.web.access import API
from tests.stored import a_candidate_of
from tests.web.conftest import Desk
from tests.web.programs import V1, Program, a_token, fill

NAMES = {Role.READER: "rae", Role.EDITOR: "ben", Role.SENIOR: "sam", Role.ADMIN: "ada"}
Start = Callable[..., Program]


@pytest.fixture
def start(desk: Desk) -> Iterator[Start]:
    """Starts programs with a token of somebody for some scopes."""
    started: list[Program] = []

    def make(name: str = "ada", *scopes: Scope) -> Program:
        started.append(Program(desk, a_token(desk, name, scopes or tuple(Scope))))
        return started[-1]

    yield make
    for program in started:
        program.http.close()


@pytest.fixture
def program(start: Start) -> Program:
    """A program that may everything."""
    return start()


# --- the door -----------------------------------------------------------------------------------------------------


def routes(desk: Desk) -> set[tuple[str, str]]:
    """Method and path of every route of the API, as the application has them."""
    api = next(route for route in desk.app.routes if getattr(route, "path", "") == V1)
    found: set[tuple[str, str]] = set()
    pending = list(api.app.routes)  # type: ignore[attr-defined]
    while pending:
        route = pending.pop()
        pending.extend(getattr(getattr(route, "original_router", None), "routes", None) or [])
        if isinstance(route, APIRoute):
            found.update((method, V1 + route.path) for method in route.methods or ())
    return found


def test_the_table_the_routes_and_the_document_are_the_same_d9(shared_desk: Desk) -> None:
    document = httpx.get(f"{shared_desk.url}{V1}/openapi.json", trust_env=False, timeout=60).json()
    described = {(method.upper(), V1 + path) for path, methods in document["paths"].items() for method in methods}
    assert described == routes(shared_desk) == set(API)


def example(path: str) -> str:
    filled = re.sub(r"\{(candidate|wire|article|ruling|bulk|filter)\}", "999", path.removeprefix(V1))
    filled = filled.replace("{digest}", "0" * 64)
    filled = re.sub(r"\{(token|handle)\}", "abc", filled).replace("{deed}", "ask")
    return filled.replace("{source}", "nowhere").replace("{name}", "nobody")


def test_every_route_method_scope_and_role_answers_as_the_table_says_d9(desk: Desk) -> None:
    """Whoever's role allows it comes in with the one scope that is needed; nobody does with all the others."""
    good = {
        scope: [(name, a_token(desk, name, (scope,))) for role, name in NAMES.items() if role.may(scope.least)]
        for scope in Scope
    }
    assert [len(found) for found in good.values()] == [4, 3, 3, 1]
    bad = {scope: a_token(desk, "ada", tuple(s for s in Scope if s is not scope)) for scope in Scope}
    with httpx.Client(base_url=desk.url + V1, timeout=30, trust_env=False) as http:

        def ask(method: str, path: str, secret: str) -> httpx.Response:
            return http.request(method, example(path), headers={"authorization": f"Bearer {secret}"})

        for path in sorted({path for _, path in API}):
            for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
                needed = API.get((method, path))
                if needed is None:
                    assert ask(method, path, bad[Scope.READ]).status_code == 405, f"{method} {path}"
                    continue
                assert http.request(method, example(path)).status_code == 401
                refused = ask(method, path, bad[needed])
                assert refused.status_code == 403, f"{method} {path}: {refused.status_code}"
                assert f'scope="{needed.value}"' in refused.headers["www-authenticate"]
                for name, secret in good[needed]:
                    status = ask(method, path, secret).status_code
                    assert status not in {401, 403, 405, 500}, f"{name} {method} {path}: {status}"


def test_a_token_for_more_than_its_role_cannot_be_had_d9(desk: Desk) -> None:
    for role, name in NAMES.items():
        for scope in Scope:
            if not role.may(scope.least):
                with pytest.raises(IllegalDecision):
                    a_token(desk, name, (scope,))


def test_a_role_that_was_lowered_takes_its_tokens_along_d9(desk: Desk, start: Start) -> None:
    ben = start("ben", Scope.READ, Scope.TRIAGE)
    assert ben.decide(999, "claim").status_code == 404
    ada = start()
    assert ada.http.patch("/people/ben", json={"role": "reader"}).json()["role"] == "reader"
    assert ben.decide(999, "claim").status_code == 403
    assert ben.get("/me").json()["scopes"] == ["read"]
    with desk.database.read() as tx:
        (line,) = list_audit(tx, what="request.refused")
    assert (line.who, line.subject, line.address) == ("ben", f"POST {V1}/candidates/999/decisions", "127.0.0.1")


@pytest.mark.parametrize("sent", ["", "Bearer", "Bearer x", "Basic YWRhOng=", "Bearer monitor_" + "x" * 43, "Bearer é"])
def test_without_a_token_nothing_is_told(desk: Desk, sent: str) -> None:
    headers = {b"authorization": sent.encode("latin-1")} if sent else {}
    answer = httpx.get(f"{desk.url}{V1}/me", headers=headers, trust_env=False)
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.headers["content-type"] == "application/problem+json"


def test_no_cookie_opens_the_api_d6(desk: Desk) -> None:
    browser = desk.signed_in("ada")
    assert browser.get(f"{V1}/me").status_code == 401
    assert browser.post(f"{V1}/candidates/1/decisions").status_code == 401


def test_a_revoked_token_is_refused_at_once(program: Program) -> None:
    (own,) = program.get("/tokens").json()
    assert program.http.delete(f"/tokens/{own['id']}").status_code == 200
    assert program.get("/me").status_code == 401


def test_over_plain_http_only_this_machine_is_answered_d1(desk_with: Callable[..., Desk]) -> None:
    desk = desk_with(base_url="http://newsroom.example")
    headers = {"authorization": f"Bearer {a_token(desk)}", "host": "newsroom.example"}
    assert httpx.get(f"{desk.url}{V1}/me", headers=headers, trust_env=False).status_code == 403


def test_answers_are_not_kept_by_anybody_d8(program: Program) -> None:
    headers = program.get("/me").headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"


# --- reading ------------------------------------------------------------------------------------------------------


def test_the_queue_as_the_desk_shows_it(desk: Desk, program: Program) -> None:
    one = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    two = a_candidate_of(desk.database, "herald", title="Price of a model rises")
    program.decide(two, "claim")
    said = program.get("/queue").json()
    assert {c["id"] for c in said["items"]} == {one, two}
    assert [c["id"] for c in program.get("/queue", state=["new"]).json()["items"]] == [one]
    assert [c["id"] for c in program.get("/queue", mine=True).json()["items"]] == [two]
    assert [c["id"] for c in program.get("/queue", text="ruling").json()["items"]] == [one]
    assert program.get("/queue", state="odd").status_code == 422


def test_one_candidate_has_articles_standing_and_decisions(desk: Desk, program: Program) -> None:
    number = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    said = program.get(f"/candidates/{number}").json()
    assert said["candidate"]["source_count"] == 2
    assert [s["counts"] for s in said["sourcing"]["standings"]] == [True, True]
    article = said["members"][0]["article"]["id"]
    assert program.get(f"/articles/{article}").json()["text"].startswith("Text")
    assert program.get(f"/articles/{article}/versions").json() == []


def test_search_as_the_desk_has_it(desk: Desk, program: Program) -> None:
    one, two = (a_candidate_of(desk.database, f"paper{n}", title=f"Chatbot invents ruling {n}") for n in range(2))
    index(desk.database, desk.clock, providers=desk.app.state.context.index)
    everything = program.get("/search", q="chatbot").json()
    assert {c["candidate"]["id"] for c in everything["candidates"]} == {one, two}
    assert len(everything["articles"]) == 2
    first = program.get("/search", q="chatbot", kind="article", limit=1).json()
    second = program.get("/search", q="chatbot", kind="article", limit=1, cursor=first["next"]).json()
    assert {f["article"]["title"] for f in first["articles"] + second["articles"]} == {
        "Chatbot invents ruling 0",
        "Chatbot invents ruling 1",
    }
    assert program.get("/search").status_code == 422


def walk(program: Program, path: str, **params: Any) -> list[Any]:
    """The ids of all pages."""
    found, cursor = [], None
    while True:
        said = program.get(path, **params, **({"cursor": cursor} if cursor else {})).json()
        found += [item["id"] for item in said["items"]]
        cursor = said["next"]
        if cursor is None:
            return found


def test_pages_hold_everything_once(desk: Desk, program: Program) -> None:
    ids = [a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(7)]
    for path in ("/candidates", "/queue"):
        assert sorted(walk(program, path, limit=3)) == sorted(ids)
        assert sorted(walk(program, path, limit=7)) == sorted(ids)
    for number in ids[:5]:
        program.decide(number, "reject", reason="No incident")
    assert len(walk(program, "/decisions", limit=2)) == 5


def test_a_page_is_not_disturbed_by_what_changes_meanwhile(desk: Desk, program: Program) -> None:
    ids = [a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(6)]
    first = program.get("/candidates", limit=3).json()
    program.decide(ids[0], "claim")
    rest, cursor = [], first["next"]
    while cursor:
        said = program.get("/candidates", limit=3, cursor=cursor).json()
        rest += [c["id"] for c in said["items"]]
        cursor = said["next"]
    assert rest == [*ids[3:], ids[0]]


def test_what_changed_since(desk: Desk, program: Program) -> None:
    one, two = (a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(2))
    everything = program.get("/candidates").json()
    assert {c["id"] for c in everything["items"]} == {one, two}
    assert everything["changed_until"] is not None
    with desk.database.read() as tx:
        assert get_candidate(tx, CandidateId(one)).version == 1
    assert program.get("/candidates", changed_since="2100-01-01T00:00:00Z").json()["items"] == []
    early = program.get("/candidates", changed_since="1999-01-01T00:00:00+02:00").json()
    assert {c["id"] for c in early["items"]} == {one, two}
    assert program.get("/candidates", changed_since="yesterday").status_code == 422


def test_a_program_that_follows_meets_every_change(desk: Desk, program: Program) -> None:
    ids = [a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(4)]
    cursor = program.get("/candidates", limit=4).json()["next"]
    assert program.get("/candidates", cursor=cursor).json()["items"] == []
    program.decide(ids[2], "reject", reason="No incident")
    program.decide(ids[0], "claim")
    changed = program.get("/candidates", cursor=cursor).json()["items"]
    assert [(c["id"], c["status"], c["claimed_by"]) for c in changed] == [
        (ids[2], "rejected", None),
        (ids[0], "open", "ada"),
    ]


@pytest.mark.parametrize("cursor", ["x", "AAAA", "bnVsbA", "WzEsMl0", "WyIyMDI2LTk5LTk5VDAwOjAwOjAwWiIsIDFd"])
def test_a_cursor_of_another_list_is_told(program: Program, cursor: str) -> None:
    assert program.get("/candidates", cursor=cursor).status_code == 404
    assert program.get("/candidates", cursor="not a cursor").status_code == 422


# --- deciding -----------------------------------------------------------------------------------------------------


def test_everything_an_editor_decides_a_program_can(desk: Desk, program: Program) -> None:
    one, two, three, four = (
        a_candidate_of(desk.database, f"paper{n}", f"daily{n}", title=f"Event {n}") for n in range(4)
    )
    said = [
        program.decide(one, "claim", version=program.get(f"/candidates/{one}").json()["candidate"]["version"]),
        program.decide(one, "unclaim"),
        program.decide(one, "assign", assignee="ben"),
        program.decide(one, "claim", takes_over=True),
        program.decide(one, "snooze", until=(desk.clock.now().replace(year=2027)).isoformat()),
        program.decide(one, "undo"),
        program.decide(one, "merge", others=[two], reason="The same"),
        program.decide(three, "reject", reason="No incident"),
        program.decide(three, "undo"),
        program.decide(four, "accept"),
    ]
    assert [answer.status_code for answer in said] == [201] * len(said), [a.text for a in said]
    wire = said[-1].json()["payload"]["wire"]
    attached = program.decide(three, "attach", wire=wire)
    assert attached.status_code == 201, attached.text
    members = program.get(f"/candidates/{one}").json()["members"]
    split = program.decide(one, "split", articles=[members[0]["article"]["id"]])
    assert split.status_code == 201, split.text
    kinds = [d["kind"] for d in program.get(f"/candidates/{three}/decisions").json()]
    assert kinds == ["reject", "undo", "attach"]


def test_a_candidate_that_was_merged_leads_on_through_every_merge(desk: Desk, program: Program) -> None:
    one, two, three = (a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(3))
    assert program.decide(two, "merge", others=[one], reason="The same").status_code == 201
    assert program.decide(three, "merge", others=[two], reason="The same").status_code == 201
    answer = program.get(f"/candidates/{one}")
    assert (answer.status_code, answer.next_request and answer.next_request.url.path) == (
        307,
        f"{V1}/candidates/{three}",
    )
    signpost = program.get(f"/candidates/{one}", signpost=True)
    assert (signpost.status_code, signpost.json()["candidate"]["merged_into"]) == (200, two)
    assert program.decide(three, "undo").status_code == 201
    assert program.get(f"/candidates/{two}").status_code == 200


def test_a_stale_decision_brings_what_stands_now_d10(desk: Desk, program: Program) -> None:
    number = a_candidate_of(desk.database, "gazette", title="Event")
    assert program.decide(number, "claim", version=1).status_code == 201
    answer = program.decide(number, "reject", version=1, reason="No incident")
    said = answer.json()
    assert (answer.status_code, said["type"]) == (409, "urn:monitor:problem:stale")
    assert said["current"]["claimed_by"] == "ada"
    with desk.database.read() as tx:
        assert [d.kind for d in list_decisions(tx, CandidateId(number))] == ["claim"]


def test_a_ruling_is_laid_down_and_withdrawn(desk: Desk, program: Program) -> None:
    one, two = (a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(2))
    never = program.post(f"/candidates/{one}/never-merge", {"other": two, "reason": "Two events", "version": 1})
    assert never.status_code == 201, never.text
    assert program.decide(one, "merge", others=[two]).status_code == 409
    assert program.post(f"/rulings/{never.json()['id']}/withdraw", {"reason": "One after all"}).status_code == 200
    assert program.decide(one, "merge", others=[two]).status_code == 201


def test_many_are_decided_under_one_rationale(desk: Desk, program: Program) -> None:
    ids = [a_candidate_of(desk.database, f"paper{n}", title=f"Event {n}") for n in range(3)]
    chosen = [{"candidate": number, "version": 1} for number in ids]
    said = program.post("/bulks", {"kind": "reject", "reason": "An old archive", "candidates": chosen})
    assert (said.status_code, said.json()["total"]) == (202, 3)
    bulk = said.json()["id"]
    assert program.get(f"/bulks/{bulk}").json()["status"] == "running"
    assert program.post(f"/bulks/{bulk}/undo").json()["undo_by"] == "ada"
    unknown = [{"candidate": 999, "version": 1}]
    assert program.post("/bulks", {"kind": "reject", "reason": "Old", "candidates": unknown}).status_code == 404


# --- wires --------------------------------------------------------------------------------------------------------


def test_from_candidate_to_published_wire_and_back(desk: Desk, program: Program, start: Start) -> None:
    number = a_candidate_of(desk.database, "gazette", "courier", title="Chatbot invents a ruling")
    wire = program.decide(number, "accept").json()["payload"]["wire"]
    draft = program.get(f"/wires/{wire}").json()["revisions"][-1]
    assert {m["field"] for m in program.get(f"/wires/{wire}/check").json()} >= {"severity", "body", "codes"}
    refused = program.post(f"/wires/{wire}/release", {"version": draft["version"]})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:monitor:problem:unpublishable")
    assert refused.json()["missing"]
    saved = save(desk, program, wire, draft["version"])
    assert saved.status_code == 200, saved.text
    assert saved.json()["draft"]["crosswalk"] == ["aiid:123", "aiaaic:AIAAIC0007", "no-database:9"]
    assert [(m["field"], m["is_blocking"]) for m in program.get(f"/wires/{wire}/check").json()] == [
        ("crosswalk", False)
    ]
    stale = save(desk, program, wire, draft["version"])
    assert (stale.status_code, stale.json()["current"]["version"]) == (409, saved.json()["version"])
    released = program.post(f"/wires/{wire}/release", {"version": saved.json()["version"]})
    assert released.status_code == 200, released.text
    assert released.json()["status"] == "released"
    assert program.post(f"/wires/{wire}/recall").json()["status"] == "draft"
    note = program.post(f"/wires/{wire}/notes", {"text": "Look at this, @ben"})
    assert note.json()["mentions"] == ["ben"]
    assert [n["text"] for n in start("ben", Scope.READ).get(f"/wires/{wire}/notes").json()] == ["Look at this, @ben"]
    assert [w["id"] for w in program.get("/wires").json()["items"]] == [wire]
    assert program.get("/wires", changed_since="2100-01-01T00:00:00Z").json()["items"] == []


def save(desk: Desk, program: Program, wire: int, version: int) -> httpx.Response:
    """Save a draft that is fit to be published."""
    found = program.get(f"/wires/{wire}").json()
    sources = found["revisions"][-1]["draft"]["sources"]
    cited = " ".join(f"[source](article:{a})" for a in sources)
    draft = {
        "headline": "Chatbot invents a ruling",
        "severity": "SEV-3",
        "providers": ["openai"],
        "occurred_on": "2026-03-01",
        "body": f"A lawyer filed a brief with rulings that do not exist. {cited}",
        "rationale": "The chatbot produced the rulings.",
        "counterfactual": "Without the chatbot the invented rulings would not have been in the brief.",
        "codes": ["M2", "F5"],
        "sources": sources,
        "crosswalk": ["https://incidentdatabase.ai/cite/123/", "AIAAIC7", "no-database:9"],
        "but_for": {
            "outcome": "the invented rulings in the brief",
            "system": "the chatbot",
            "role": "wrote them",
            "without": "the brief would have cited rulings that exist",
            "support": sources[0],
            "confidence": "high",
        },
    }
    return program.http.put(f"/wires/{wire}/draft", json={"draft": draft, "version": version})


# --- once ---------------------------------------------------------------------------------------------------------


def test_a_request_that_comes_twice_is_done_once_d10(desk: Desk, program: Program) -> None:
    number = a_candidate_of(desk.database, "gazette", title="Event")
    first = program.decide(number, "reject", reason="No incident", key="a")
    again = program.decide(number, "reject", reason="No incident", key="a")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    with desk.database.read() as tx:
        assert len(list_decisions(tx, CandidateId(number))) == 1
    other = program.decide(number, "undo", key="a")
    assert (other.status_code, other.json()["type"]) == (422, "urn:monitor:problem:key-reused")


def test_a_refusal_is_repeated_too_and_a_key_is_ones_own(desk: Desk, program: Program, start: Start) -> None:
    number = a_candidate_of(desk.database, "gazette", title="Event")
    assert program.decide(number, "undo", key="k").status_code == 409
    program.decide(number, "claim")
    assert program.decide(number, "undo", key="k").status_code == 409  # as the first time, though it would work now
    assert start("ben", Scope.TRIAGE).decide(number, "undo", key="k").status_code == 201
    desk.machine.advance(hours=25)
    assert program.decide(number, "undo", key="k").headers.get("idempotent-replayed") is None


@pytest.mark.parametrize("key", ["x" * 201, ""])
def test_a_key_that_is_none_is_told(program: Program, key: str) -> None:
    assert program.post("/candidates/1/decisions", {"kind": "claim"}, idempotency_key=key).status_code == 400


# --- people -------------------------------------------------------------------------------------------------------


def test_an_admins_program_looks_after_people(desk: Desk, program: Program) -> None:
    made = program.post("/invitations", {"role": "reader", "for_whom": "Dora"}).json()
    link = made["link"].removeprefix(desk.url)
    assert desk.browser().get(link).status_code == 200
    assert program.get("/invitations").json()[0]["note"] == "Dora"
    assert program.http.delete(f"/invitations/{made['invitation']['handle']}").status_code == 204
    assert desk.browser().get(link).status_code == 403
    a_token(desk, "ben", (Scope.READ,))
    (token,) = program.get("/people/ben/tokens").json()
    assert program.http.delete(f"/people/ben/tokens/{token['id']}").json()["revoked_at"] is not None
    assert program.http.patch("/people/ben", json={"is_disabled": True}).json()["is_disabled"] is True
    assert program.http.patch("/people/ada", json={"role": "reader"}).status_code == 409
    assert [e["name"] for e in program.get("/people").json()] == ["ada", "ben", "rae", "sam"]
    lines = program.get("/audit", what="editor").json()["items"]
    assert [(line["who"], line["what"]) for line in lines[:1]] == [("ada", "editor.disable")]
    everything, cursor = [], None
    while True:
        said = program.get("/audit", limit=2, **({"cursor": cursor} if cursor else {})).json()
        everything += [line["id"] for line in said["items"]]
        cursor = said["next"]
        if cursor is None:
            break
    assert everything == sorted(set(everything), reverse=True)


def test_no_answer_holds_a_secret_d13(desk: Desk, program: Program) -> None:
    told = "".join(program.get(path).text for path in ("/me", "/tokens", "/people", "/invitations", "/audit"))
    assert "monitor_" not in told
    assert "argon2" not in told
    assert "csrf" not in told


# --- sources ------------------------------------------------------------------------------------------------------


def test_sources_are_looked_after(desk_with: Callable[..., Desk], tmp_path: Path) -> None:
    desk = desk_with(sources=tmp_path / "feeds.yaml")
    fill(desk)
    program = Program(desk, a_token(desk))
    assert walk(program, "/sources", limit=1) == ["gazette", "herald"]
    assert program.post("/sources/gazette/pause").json()["paused_by"] == "ada"
    assert program.post("/sources/gazette/resume").json()["paused_by"] is None
    assert program.post("/sources/gazette/confirm").status_code == 409
    new = {
        "id": "lab",
        "name": "Lab",
        "url": "https://lab.example/feed",
        "origin": "press",
        "tier": "secondary",
        "publisher": "lab",
        "new_publisher": {"id": "lab", "name": "The Lab", "domains": ["lab.example"]},
    }
    assert program.post("/sources", new).status_code == 201
    wrong = program.post("/sources", new | {"id": "lab2", "url": "ftp://x"})
    assert (wrong.status_code, wrong.json()["type"]) == (409, "urn:monitor:problem:faulty")
    del new["id"], new["new_publisher"]
    assert program.http.put("/sources/lab", json=new | {"name": "The Laboratory"}).json()["name"] == "The Laboratory"
    assert program.http.delete("/sources/lab").json()["retired_at"] is not None
    program.http.close()


def test_sources_come_as_a_list_leave_and_return_and_a_mailbox_gets_its_password(
    desk_with: Callable[..., Desk], tmp_path: Path
) -> None:
    desk = desk_with(sources=tmp_path / "feeds.yaml")
    fill(desk)
    program = Program(desk, a_token(desk))
    outlines = '<outline text="Lab" xmlUrl="https://lab.example/feed"/><outline text="No" xmlUrl="ftp://no"/>'
    opml = f'<opml version="2.0"><body>{outlines}</body></opml>'
    report = program.post("/opml", {"name": "reader.opml", "opml": opml}).json()
    assert (len(report["added"]), report["refused_count"]) == (1, 1)
    (added,) = report["added"]
    assert program.http.delete(f"/sources/{added}").json()["retired_at"] is not None
    assert program.post(f"/sources/{added}/return").json()["retired_at"] is None
    assert program.post("/sources/gazette/adopt").status_code == 409  # no redirect has taught anything
    refused = program.post("/sources/gazette/password", {"password": "a secret"})
    assert (refused.status_code, "only mailboxes" in refused.json()["detail"]) == (409, True)
    program.http.close()


# --- a newsroom's own ---------------------------------------------------------------------------------------------


def test_a_filter_is_saved_shared_fed_and_removed(desk: Desk, program: Program) -> None:
    a_candidate_of(desk.database, "gazette", title="Robotaxi stops a train")
    saved = program.post("/filters", {"name": "Taxis", "query": "text=robotaxi&state=new"}).json()
    assert (saved["filter"]["text"], saved["filter"]["states"]) == ("robotaxi", ["new"])
    changed = program.http.patch(f"/filters/{saved['id']}", json={"is_shared": True, "alerts": "me"}).json()
    assert (changed["is_shared"], changed["alerts"]) == (True, "me")
    feed = program.post(f"/filters/{saved['id']}/feed").json()["feed"]
    assert "Robotaxi stops a train" in httpx.get(feed, trust_env=False).text
    assert program.http.delete(f"/filters/{saved['id']}/feed").json()["has_feed"] is False
    assert httpx.get(feed, trust_env=False).status_code == 404
    assert program.http.delete(f"/filters/{saved['id']}").status_code == 204
    assert program.get("/filters").json() == []


def test_what_weighs_is_tried_out_and_settled_by_senior_editors(desk: Desk, program: Program, start: Start) -> None:
    held = program.get("/weights").json()
    reason = held["reasons"][0]["reason"]
    a_candidate_of(desk.database, "gazette")
    assert len(program.post("/weights/preview", {"weights": {reason: 3.0}}).json()) == 1
    assert program.get("/weights").json()["held"] == held["held"]
    wanted = {"weights": {reason: 3.0}, "note": "Tried for a week."}
    assert start("ben", Scope.TRIAGE).http.put("/weights", json=wanted).status_code == 403
    assert program.http.put("/weights", json=wanted).json()["weights"][reason] == 3.0
    assert program.get("/weights").json()["held"]["note"] == "Tried for a week."


def test_ties_are_ones_own_to_say_and_presence_is_seen_by_the_others(program: Program, start: Start) -> None:
    ben = start("ben", Scope.READ, Scope.TRIAGE)
    provider = program.get("/providers").json()[0]["id"]
    assert ben.post("/ties", {"provider": provider, "reason": "Owns shares"}).json()["editor"] == "ben"
    assert ben.post("/ties", {"provider": provider, "editor": "ada"}).status_code == 403
    assert [tie["editor"] for tie in program.get("/ties").json()] == ["ben"]
    assert ben.http.put("/presence", json={"candidate": 7}).status_code == 204
    assert [(p["editor"], p["subject"]) for p in program.get("/presence").json()] == [("ben", "candidate 7")]
    assert ben.http.delete("/presence").status_code == 204
    assert program.get("/presence").json() == []


def test_the_evidence_of_a_wire_is_read_as_it_was_kept(desk: Desk, program: Program) -> None:
    candidate = a_candidate_of(desk.database, "gazette", title="AcmeChat invents a ruling")
    wire = program.decide(candidate, "accept", version=1).json()["payload"]["wire"]
    fields = {s["field"] for s in program.get(f"/wires/{wire}/suggestions").json()}
    assert "headline" in fields
    body = b"<p>As it looked"
    snapshot = Snapshot(
        digest=hashlib.sha256(body).hexdigest(), url="https://gazette.example/1", fetched_at=desk.clock.now(),
        content_type="text/html", size_bytes=len(body),
    )  # fmt: skip
    with desk.database.write() as tx:
        add_snapshot(tx, snapshot, body)
    assert program.get(f"/snapshots/{snapshot.digest}").json()["size_bytes"] == len(body)
    answer = program.get(f"/snapshots/{snapshot.digest}/body")
    assert (answer.content, answer.headers["content-type"]) == (body, "application/octet-stream")
    assert program.get(f"/snapshots/{'0' * 64}").status_code == 404


# --- everything at once -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        b"",
        b"{",
        b"[]",
        b'{"kind": "reject"}',
        b'{"kind": "reject", "reason": "\\ud800"}',
        b'{"kind": "claim", "version": true}',
        b'{"kind": "claim", "version": 1.5}',
        b'{"kind": "claim", "version": 1, "odd": 1}',
        b"\xff",
        b"9" * 5000,
        b"[" * 100_000,
    ],
    ids=range(11),
)
def test_a_body_that_cannot_be_read_is_a_problem_and_no_bug(desk: Desk, program: Program, said: bytes) -> None:
    number = a_candidate_of(desk.database, "gazette", title="Event")
    answer = program.http.post(
        f"/candidates/{number}/decisions", content=said, headers={"content-type": "application/json"}
    )
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "PATCH", "POST", "DELETE"])
def test_an_address_with_a_line_break_is_a_problem_and_no_page(program: Program, method: str) -> None:
    answer = program.http.request(method, "/people/a%0Ab", json={})
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_bug_is_a_problem_with_an_id_d12(desk: Desk, program: Program) -> None:
    api = next(route for route in desk.app.routes if getattr(route, "path", "") == V1).app  # type: ignore[attr-defined]

    def broken() -> None:
        raise RuntimeError("secret detail of a bug")

    api.router.routes.insert(0, APIRoute("/me", broken, methods=["GET"]))
    answer = program.get("/me")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:monitor:problem:bug")
    assert "secret detail" not in answer.text


def test_schemathesis_finds_nothing(desk_with: Callable[..., Desk], tmp_path: Path) -> None:
    """For longer: python -m benchmarks.api_questions"""
    desk = desk_with(sources=tmp_path / "feeds.yaml")
    fill(desk)
    done = ask(desk, "--max-time", "15", "--max-examples", "2", folder=tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_reference_at_the_desk_names_all_that_a_program_can_ask_and_what_that_takes(shared_desk: Desk) -> None:
    rae = shared_desk.signed_in("rae")
    page = rae.get("/desk/api").text
    for (method, path), scope in API.items():
        asked = (
            f'<dt><b>{method}</b> <code>{path.removeprefix(V1)}</code> <span class="muted">{scope.value}</span></dt>'
        )
        assert asked in page
    assert "Sent: accept, reject, snooze" in page
    assert len(page) < 60_000
    assert 'href="/desk/api"' in rae.get("/desk/account").text
