"""Who may come in, and as what: roles, invitations, tokens, one's own sessions (D1, D2, D9, D11, D13)."""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor.errors import Denied, IllegalDecision, Unknown
from monitor.jobs import invitations, people, tokens
from monitor.model import Editor, Role, Scope
from monitor.store.database import Database
from monitor.store.people import add_editor, get_editor, list_audit
from tests.conftest import ManualClock
from tests.web.conftest import PASSWORD, Browser, Desk
from tests.web.programs import fill


def invited(admin: Browser, **form: str) -> str:
    """The path of a new invitation's link."""
    page = admin.submit("/desk/people", "/desk/people/invitations", {"for_whom": "Dora, by mail", **form})
    link = re.search(r'value="http://[^/]+(/desk/join\?token=[^"]+)"', page.text)
    assert link, page.text
    return link[1]


def join(browser: Browser, link: str, name: str = "dora") -> int:
    token = link.partition("token=")[2]
    form = {"token": token, "name": name, "password": PASSWORD, "again": PASSWORD, "csrf": browser.token(link)}
    return browser.post("/desk/join", form).status_code


# --- roles --------------------------------------------------------------------------------------------------------


def test_each_role_may_what_the_ones_before_it_may() -> None:
    assert [role.label for role in Role] == ["reader", "editor", "senior editor", "admin"]
    assert all(higher.may(lower) == (higher.rank >= lower.rank) for higher in Role for lower in Role)


def test_a_reader_sees_the_desk_and_changes_nothing_d9(desk: Desk) -> None:
    rae = desk.signed_in("rae")
    for page in ("/desk/queue", "/desk/wires", "/desk/sources", "/desk/keys", "/desk/account"):
        assert rae.get(page).status_code == 200
    csrf = rae.token("/desk/account")
    for path in ("/desk/candidates/1/reject", "/desk/wires/1", "/desk/sources/x/pause", "/desk/people"):
        answer = rae.post(path, {"csrf": csrf})
        assert answer.status_code == 403
        assert "Nothing was changed" in answer.text


def test_a_reader_is_shown_no_button_that_would_refuse_them(desk_with: Callable[..., Desk], tmp_path: Path) -> None:
    desk = desk_with(sources=tmp_path / "feeds.yaml")
    fill(desk)
    rae = desk.signed_in("rae")
    for page in ("/desk/queue", "/desk/candidates/1", "/desk/sources", "/desk/sources/gazette"):
        main = rae.get(page).text.partition("<main")[2].partition("</main>")[0]
        forms = re.findall(r'<form method="post".*?</form>', main, re.DOTALL)
        assert not [form for form in forms if "<button" in form], page


def test_what_somebody_may_not_do_is_in_the_audit_d11(desk: Desk) -> None:
    rae = desk.signed_in("rae")
    rae.post("/desk/people", {"csrf": rae.token("/desk/account")})
    rae.post("/desk/account/tokens", {"csrf": "x" * 32})
    with desk.database.read() as tx:
        lines = list_audit(tx, what="request.refused")
    assert [(line.who, line.subject) for line in lines] == [
        ("rae", "POST /desk/account/tokens"),
        ("rae", "POST /desk/people"),
    ]
    assert all(line.address == "127.0.0.1" for line in lines)


def test_an_admin_gives_roles_and_the_old_sessions_end_d2(desk: Desk) -> None:
    ada, ben = desk.signed_in("ada"), desk.signed_in("ben")
    assert (
        ada.submit("/desk/people", "/desk/people", {"name": "ben", "do": "role", "role": "senior"}).status_code == 303
    )
    assert ben.get("/desk/queue").status_code == 303
    with desk.database.read() as tx:
        assert get_editor(tx, "ben").role is Role.SENIOR
        line = list_audit(tx, limit=1, what="editor.role")[0]
    assert (line.who, line.before, line.after, line.address) == (
        "ada", {"role": "editor"}, {"role": "senior"}, "127.0.0.1",
    )  # fmt: skip
    for form in ({"name": "ada", "do": "role", "role": "reader"}, {"name": "ben", "do": "role", "role": "king"}):
        assert ada.submit("/desk/people", "/desk/people", form).status_code == 409


# --- invitations --------------------------------------------------------------------------------------------------


def test_an_invitation_makes_an_account_of_its_role_once(desk: Desk) -> None:
    link = invited(desk.signed_in("ada"), role="reader")
    stranger = desk.browser()
    assert "ada invited you as <b>reader</b>" in stranger.get(link).text
    assert join(stranger, link) == 303
    assert "<h1>dora" in stranger.get("/desk/account").text
    with desk.database.read() as tx:
        assert get_editor(tx, "dora").role is Role.READER
        assert list_audit(tx, what="editor.join")[0].after == {
            "role": "reader", "invited_by": "ada", "handle": list_audit(tx, what="invitation.make")[0].after["handle"],  # type: ignore[index]
        }  # fmt: skip
    assert desk.browser().get(link).status_code == 403


def test_an_invitation_runs_out_and_can_be_withdrawn(desk: Desk) -> None:
    ada = desk.signed_in("ada")
    late = invited(ada, role="editor")
    desk.machine.advance(days=7, minutes=1)
    assert desk.browser().get(late).status_code == 403
    ada = desk.signed_in("ada")
    taken = invited(ada, role="editor")
    handle = re.search(r'name="handle" value="([^"]+)"', ada.get("/desk/people").text)
    assert handle
    again = {"handle": handle[1]}
    assert ada.submit("/desk/people", "/desk/people/invitations/withdraw", again).status_code == 303
    assert desk.browser().get(taken).status_code == 403
    assert ada.submit("/desk/people", "/desk/people/invitations/withdraw", again).status_code == 409


def test_a_bad_password_or_a_taken_name_does_not_use_the_invitation_up(desk: Desk) -> None:
    link = invited(desk.signed_in("ada"), role="editor")
    stranger = desk.browser()
    token = link.partition("token=")[2]
    for form in ({"name": "dora", "password": "short", "again": "short"}, {"name": "BEN"}, {"again": "different"}):
        sent = {"token": token, "name": "dora", "password": PASSWORD, "again": PASSWORD, **form}
        assert stranger.post("/desk/join", sent | {"csrf": stranger.token(link)}).status_code == 422
    assert join(stranger, link) == 303


def test_of_an_invitation_only_the_hash_is_kept_d13(database: Database, clock: ManualClock) -> None:
    made = invitations.invite(database, clock, role=Role.EDITOR, for_whom="Dora", by="ada")
    with database.read() as tx:
        kept = str(tx.execute(text("SELECT * FROM invitations")).all()) + str(list_audit(tx))
    assert made.token not in kept
    assert sha256(made.token.encode()).hexdigest() in kept


def test_two_who_open_one_invitation_make_one_account(database: Database, clock: ManualClock) -> None:
    made = invitations.invite(database, clock, role=Role.EDITOR, for_whom="Dora", by="ada")
    first = {"password": PASSWORD, "newsroom": "Monitor", "address": "192.0.2.1"}
    invitations.accept(database, clock, made.token, name="dora", **first)
    with pytest.raises(Denied, match="has been used"):
        invitations.accept(database, clock, made.token, name="emil", **first)
    with pytest.raises(Unknown):
        invitations.withdraw(database, clock, made.invitation.handle, by="ada")


def test_an_invitation_says_for_whom_and_only_so_many_are_open(database: Database, clock: ManualClock) -> None:
    with pytest.raises(IllegalDecision, match="for whom"):
        invitations.invite(database, clock, role=Role.EDITOR, for_whom=" ", by="ada")
    for number in range(invitations.MAX_OPEN):
        invitations.invite(database, clock, role=Role.EDITOR, for_whom=f"number {number}", by="ada")
    with pytest.raises(IllegalDecision, match="withdraw some"):
        invitations.invite(database, clock, role=Role.EDITOR, for_whom="one more", by="ada")


# --- tokens -------------------------------------------------------------------------------------------------------


def an_editor(database: Database, clock: ManualClock, role: Role = Role.EDITOR, name: str = "ben") -> Editor:
    with database.write() as tx:
        return add_editor(tx, name=name, role=role, password_hash="x", now=clock.now())


def test_a_token_is_shown_once_and_kept_as_a_hash_d13(desk: Desk) -> None:
    ben = desk.signed_in("ben")
    page = ben.submit("/desk/account", "/desk/account/tokens", {"name": "report", "scope": "read", "days": "30"})
    secret = re.search(r'value="(monitor_[^"]+)"', page.text)
    assert secret
    assert "this once" in page.text
    assert secret[1] not in ben.get("/desk/account").text
    with desk.database.read() as tx:
        kept = str(tx.execute(text("SELECT * FROM api_tokens")).all()) + str(list_audit(tx))
    assert secret[1] not in kept
    assert sha256(secret[1].encode()).hexdigest() in kept


def test_a_token_runs_out_and_ends_when_revoked_or_its_editor_is_barred(database: Database, clock: ManualClock) -> None:
    ben = an_editor(database, clock)
    made = [
        tokens.make_token(database, clock, ben, name=f"n{i}", scopes=[Scope.READ], days=1 + i).secret for i in range(3)
    ]
    assert [tokens.find_token(database, clock, secret) is not None for secret in made] == [True, True, True]
    clock.advance(days=1)
    assert tokens.find_token(database, clock, made[0]) is None
    found = tokens.find_token(database, clock, made[1])
    assert found
    tokens.revoke_token(database, clock, found.id, by=ben)
    assert tokens.find_token(database, clock, made[1]) is None
    people.disable_editor(database, clock, "ben")
    assert tokens.find_token(database, clock, made[2]) is None
    people.disable_editor(database, clock, "ben", is_disabled=False)
    assert tokens.find_token(database, clock, made[2]) is not None
    with pytest.raises(Unknown):
        tokens.revoke_token(database, clock, found.id, by=ben)


def test_a_token_may_never_more_than_its_editor_does(database: Database, clock: ManualClock) -> None:
    ben = an_editor(database, clock)
    with pytest.raises(IllegalDecision, match="does not allow: admin"):
        tokens.make_token(database, clock, ben, name="all", scopes=list(Scope), days=7)
    secret = tokens.make_token(database, clock, ben, name="desk", scopes=[Scope.READ, Scope.WRITE], days=7).secret
    people.change_role(database, clock, "ben", role=Role.READER)
    found = tokens.find_token(database, clock, secret)
    assert found
    assert [scope for scope in Scope if found.allows(scope)] == [Scope.READ]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"name": "x" * 81}, {"scopes": []}, {"days": 0}, {"days": 400}])
def test_a_token_says_what_for_and_does_not_live_for_ever(
    sqlite_database: Database, clock: ManualClock, wrong: dict[str, object]
) -> None:
    ben = an_editor(sqlite_database, clock)
    asked = {"name": "report", "scopes": [Scope.READ], "days": 7} | wrong
    with pytest.raises(IllegalDecision, match="Nothing was made"):
        tokens.make_token(sqlite_database, clock, ben, **asked)  # type: ignore[arg-type]


def test_only_an_admin_revokes_anybodys_token(desk: Desk) -> None:
    ben, ada = desk.signed_in("ben"), desk.signed_in("ada")
    ben.submit("/desk/account", "/desk/account/tokens", {"name": "report", "scope": "read", "days": "30"})
    with desk.database.read() as tx:
        key = tx.scalar(text("SELECT id FROM api_tokens"))
        sam = get_editor(tx, "sam")
    with pytest.raises(Denied):
        tokens.revoke_token(desk.database, desk.machine, str(key), by=sam, is_own=False)
    rae = desk.signed_in("rae")
    assert rae.submit("/desk/account", "/desk/account/tokens/revoke", {"token": str(key)}).status_code == 409
    assert ada.submit("/desk/people", "/desk/people/tokens/revoke", {"token": str(key)}).status_code == 303
    assert "revoked" in ben.get("/desk/account").text
    with desk.database.read() as tx:
        assert list_audit(tx, limit=1)[0].before == {"name": "report", "editor": "ben"}


def test_refused_tokens_are_noted_and_do_not_flood_the_audit_d11(database: Database, clock: ManualClock) -> None:
    for address in ("192.0.2.7",) * 12 + ("192.0.2.8",):
        tokens.note_refused(database, clock, address=address, block=address)
    with database.read() as tx:
        assert len(list_audit(tx, what="token.refused")) == people.MAX_FAILURES + 1
    clock.advance(minutes=6)
    tokens.note_refused(database, clock, address="192.0.2.7", block="192.0.2.7")
    with database.read() as tx:
        assert len(list_audit(tx, what="token.refused")) == people.MAX_FAILURES + 2
