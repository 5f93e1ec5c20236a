"""Tokens, what the API answered, and who somebody is elsewhere, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest

from monitor.errors import Denied, IllegalDecision
from monitor.jobs import sign_on
from monitor.jobs.credentials import NO_PASSWORD
from monitor.jobs.people import sign_in
from monitor.model import Claims, Role
from monitor.store import identities, tokens
from monitor.store.database import Database
from monitor.store.people import add_editor, get_editor
from tests.conftest import ManualClock


def test_a_key_belongs_to_the_request_that_took_it_first(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    with database.write() as tx:
        ada = add_editor(tx, name="ada", role=Role.ADMIN, password_hash="x", now=now).id
        assert tokens.find_reply(tx, ada, "k", since=now) is None
        assert tokens.add_reply(tx, ada, "k", request_digest="d", now=now)
        assert not tokens.add_reply(tx, ada, "k", request_digest="e", now=now)
    with database.write() as tx:
        found = tokens.find_reply(tx, ada, "k", since=now)
        assert found is not None
        assert (found.request_digest, found.status) == ("d", None)
        tokens.record_reply(tx, ada, "k", status=201, headers={"location": "/x"}, body="{}")
    with database.write() as tx:
        found = tokens.find_reply(tx, ada, "k", since=now)
        assert found is not None
        assert (found.status, found.headers, found.body) == (201, {"location": "/x"}, "{}")
        later = now + timedelta(days=2)
        assert tokens.find_reply(tx, ada, "k", since=later) is None
        assert tokens.add_reply(tx, ada, "k", request_digest="f", now=later)
        tokens.drop_reply(tx, ada, "k")
        assert tokens.find_reply(tx, ada, "k", since=now) is None


def test_old_answers_are_forgotten(database: Database, clock: ManualClock) -> None:
    now = clock.now()
    with database.write() as tx:
        ada = add_editor(tx, name="ada", role=Role.ADMIN, password_hash="x", now=now).id
        tokens.add_reply(tx, ada, "old", request_digest="d", now=now)
        tokens.add_reply(tx, ada, "new", request_digest="d", now=now + timedelta(hours=1))
        tokens.clear_replies(tx, before=now + timedelta(minutes=1))
        assert tokens.find_reply(tx, ada, "old", since=now) is None
        assert tokens.find_reply(tx, ada, "new", since=now) is not None


def test_one_person_there_is_one_editor_here(database: Database, clock: ManualClock) -> None:
    there = {"issuer": "https://id.example", "subject": "42"}
    with database.write() as tx:
        ada, ben = (
            add_editor(tx, name=name, role=Role.EDITOR, password_hash="x", now=clock.now()) for name in ("ada", "ben")
        )
        identities.add_identity(tx, ada.id, **there, now=clock.now())
        with pytest.raises(IllegalDecision):
            identities.add_identity(tx, ben.id, **there, now=clock.now())
        assert identities.find_editor(tx, **there) == ada
        assert identities.find_editor(tx, issuer="https://other.example", subject="42") is None
        assert identities.drop_identities(tx, ada.id, issuer="https://id.example") == 1
        assert identities.find_editor(tx, **there) is None


def test_whoever_has_no_password_signs_in_with_none(database: Database, clock: ManualClock) -> None:
    with database.write() as tx:
        add_editor(tx, name="fay", role=Role.EDITOR, password_hash=NO_PASSWORD, now=clock.now())
    for guess in ("", NO_PASSWORD, "x"):
        with pytest.raises(Denied):
            sign_in(database, clock, name="fay", password=guess, address="192.0.2.1", block="192.0.2.1", user_agent="")


def test_an_account_is_made_once_and_its_role_follows_the_claim(database: Database, clock: ManualClock) -> None:
    openid = sign_on.OpenId(
        issuer="https://id.example",
        client="x",
        secret="",
        claim="groups",
        mapping=((Role.EDITOR, "writers"), (Role.ADMIN, "heads")),
        redirect="https://newsroom.example/desk/sign-on/back",
        user_agent="test",
    )

    def come(*roles: str) -> Role:
        claims = Claims(issuer="https://id.example", subject="42", name="Dora", roles=roles)
        sign_on.sign_in(database, clock, openid, claims, address="192.0.2.1", user_agent="test")
        with database.read() as tx:
            return get_editor(tx, "Dora").role

    assert [come("writers"), come("writers", "heads"), come("writers")] == [Role.EDITOR, Role.ADMIN, Role.EDITOR]
    with pytest.raises(Denied):
        come("choir")
