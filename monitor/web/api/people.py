"""Whose token it is; and, for admins, people, invitations, tokens and the audit.

A token makes no tokens and changes no password: that takes an editor at the desk.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field, StrictBool

from monitor.errors import IllegalDecision
from monitor.jobs import audit, invitations, people, tokens
from monitor.model import ApiToken, AuditEntry, Editor, Invitation, Role, Scope
from monitor.store.audit import AuditQuery
from monitor.store.invitations import list_invitations
from monitor.store.people import get_editor, list_editors
from monitor.web.api.keys import Call
from monitor.web.api.values import PLAIN, Asked, Cursor, Limit, Page, Since, page, read_cursor, write_cursor

router = APIRouter()

PersonName = Annotated[str, Path(min_length=1, max_length=80), PLAIN]
Handle = Annotated[str, Path(pattern=r"^[0-9a-f]{1,16}$")]
Word = Annotated[str, Query(max_length=200), PLAIN]


class Me(BaseModel):
    """Whose token it is, and what it is good for now."""

    editor: Editor
    token: ApiToken
    scopes: list[Scope]


@router.get("/me")
def read_me(call: Call) -> Me:
    """Whose token this is."""
    scopes = [scope for scope in Scope if call.token.allows(scope)]
    return Me.model_construct(editor=call.token.editor, token=call.token, scopes=scopes)


@router.get("/tokens")
def list_own_tokens(call: Call) -> list[ApiToken]:
    """One's own tokens, the newest first; never their secrets."""
    return list(tokens.list_tokens(call.context.database, call.token.editor))


@router.delete("/tokens/{token}")
def revoke_own_token(call: Call, token: Handle) -> ApiToken:
    """Revoke one of one's own tokens, perhaps this one."""
    context = call.context
    return tokens.revoke_token(context.database, context.machine, token, by=call.token.editor, address=call.address)


# --- for admins ---------------------------------------------------------------------------------------------------


@router.get("/people")
def list_people(call: Call) -> list[Editor]:
    """Everybody, by name; those who are barred too."""
    with call.context.database.read() as tx:
        return list(list_editors(tx))


class PersonIn(Asked):
    """What is changed of somebody; what is left out stays."""

    role: Role | None = None
    is_disabled: StrictBool | None = None


@router.patch("/people/{name}")
def change_person(call: Call, name: PersonName, wanted: PersonIn) -> Editor:
    """Give another role, bar, or let in again; never oneself. Their sessions end."""
    context = call.context
    if name == call.who:
        raise IllegalDecision("Another admin has to do that to your own account. Nothing was changed.")
    with context.database.read() as tx:
        editor = get_editor(tx, name)
    if wanted.role is not None and wanted.role is not editor.role:
        editor = people.change_role(
            context.database, context.machine, name, role=wanted.role, by=call.who, address=call.address
        )
    if wanted.is_disabled is not None and wanted.is_disabled != editor.is_disabled:
        editor = people.disable_editor(
            context.database,
            context.machine,
            name,
            is_disabled=wanted.is_disabled,
            by=call.who,
            address=call.address,
        )
    return editor


@router.get("/people/{name}/tokens")
def list_tokens_of(call: Call, name: PersonName) -> list[ApiToken]:
    """Somebody's tokens; never their secrets."""
    with call.context.database.read() as tx:
        editor = get_editor(tx, name)
    return list(tokens.list_tokens(call.context.database, editor))


@router.delete("/people/{name}/tokens/{token}")
def revoke_token_of(call: Call, name: PersonName, token: Handle) -> ApiToken:
    """Revoke somebody's token."""
    context = call.context
    with context.database.read() as tx:
        editor = get_editor(tx, name)
    if token not in {t.id for t in tokens.list_tokens(context.database, editor)}:
        raise IllegalDecision(f"{name} has no such token. Nothing was changed.")
    return tokens.revoke_token(
        context.database, context.machine, token, by=call.token.editor, address=call.address, is_own=False
    )


@router.get("/invitations")
def list_all_invitations(call: Call) -> list[Invitation]:
    """The newest invitations; never their links."""
    with call.context.database.read() as tx:
        return list(list_invitations(tx))


class InvitationIn(Asked):
    """Whom to invite."""

    role: Role
    for_whom: Annotated[str, Field(min_length=1, max_length=invitations.MAX_NOTE), PLAIN]


class Invited(BaseModel):
    """An invitation with its link, which is told this once."""

    link: str
    invitation: Invitation


@router.post("/invitations", status_code=201)
def invite(call: Call, wanted: InvitationIn) -> Invited:
    """Make a one-time link."""
    context = call.context
    made = invitations.invite(
        context.database,
        context.machine,
        role=wanted.role,
        for_whom=wanted.for_whom,
        by=call.who,
        address=call.address,
    )
    link = f"{context.settings.base_url}/desk/join?token={made.token}"
    return Invited.model_construct(link=link, invitation=made.invitation)


@router.delete("/invitations/{handle}", status_code=204)
def withdraw_invitation(call: Call, handle: Handle) -> None:
    """Take an unused invitation back."""
    context = call.context
    invitations.withdraw(context.database, context.machine, handle, by=call.who, address=call.address)


@router.get("/audit")
def read_audit(
    call: Call,
    cursor: Cursor = None,
    limit: Limit = 100,
    text: Word = "",
    who: Word = "",
    what: Word = "",
    changed_since: Since = None,
) -> Page[AuditEntry]:
    """The audit, newest first. A page may be short, or empty, and still have a `next`."""
    values = read_cursor(cursor, int)
    before = None if values is None else min(max(values[0], 0), 2**62)
    query = AuditQuery(text=text, who=who, what=what, since=changed_since)
    found = audit.search(call.context.database, query, before=before, limit=limit)
    return page(found.lines, None if found.before is None else write_cursor(found.before))
