"""Who may do what: one table of desk routes, methods and the least role (D9). What is not in it is refused.

The table is the whole truth: `auth.guard` looks every desk request up here before anything else happens, and a test
asks every route with every method as everybody. `API` is the same for programs: the scope that a token must have, which
its editor's role must allow as well.
"""

from __future__ import annotations

from enum import IntEnum

from monitor.model import Role, Scope


class Access(IntEnum):
    """The least that a visitor must be."""

    ANYONE = 0  # not signed in: the doors themselves
    READER = 1  # whoever is signed in
    EDITOR = 2
    SENIOR = 3
    ADMIN = 4


TABLE: dict[tuple[str, str], Access] = {
    ("GET", "/desk"): Access.READER,
    ("GET", "/desk/login"): Access.ANYONE,
    ("POST", "/desk/login"): Access.ANYONE,
    ("GET", "/desk/first"): Access.ANYONE,
    ("POST", "/desk/first"): Access.ANYONE,
    ("GET", "/desk/join"): Access.ANYONE,
    ("POST", "/desk/join"): Access.ANYONE,
    ("GET", "/desk/sign-on"): Access.ANYONE,
    ("GET", "/desk/sign-on/back"): Access.ANYONE,
    ("POST", "/desk/logout"): Access.READER,
    ("GET", "/desk/queue"): Access.READER,
    ("GET", "/desk/providers"): Access.READER,
    ("POST", "/desk/undo"): Access.EDITOR,
    ("GET", "/desk/order"): Access.READER,
    ("POST", "/desk/order"): Access.SENIOR,
    ("GET", "/desk/learning"): Access.READER,
    ("POST", "/desk/learning"): Access.SENIOR,
    ("GET", "/desk/filters"): Access.READER,
    ("POST", "/desk/filters"): Access.EDITOR,
    ("POST", "/desk/filters/{number}/{action}"): Access.EDITOR,
    ("GET", "/desk/candidates/{candidate}"): Access.READER,
    ("GET", "/desk/candidates/{candidate}/beside/{other}"): Access.READER,
    ("POST", "/desk/candidates/{candidate}/{action}"): Access.EDITOR,
    ("GET", "/desk/candidates/{candidate}/alike"): Access.READER,
    ("GET", "/desk/search"): Access.READER,
    ("GET", "/desk/articles/{article}/versions"): Access.READER,
    ("GET", "/desk/articles/{article}/snapshot"): Access.READER,
    ("GET", "/desk/snapshots/{digest}/page"): Access.READER,
    ("GET", "/desk/snapshots/{digest}/source"): Access.READER,
    ("GET", "/desk/bulk"): Access.EDITOR,
    ("POST", "/desk/bulk"): Access.EDITOR,
    ("GET", "/desk/bulk/{bulk}"): Access.EDITOR,
    ("POST", "/desk/bulk/{bulk}/undo"): Access.EDITOR,
    ("GET", "/desk/find/candidates"): Access.EDITOR,
    ("GET", "/desk/find/wires"): Access.EDITOR,
    ("GET", "/desk/live"): Access.READER,
    ("POST", "/desk/live/here"): Access.EDITOR,
    ("GET", "/desk/wires"): Access.READER,
    ("GET", "/desk/guide"): Access.READER,
    ("GET", "/desk/wires/{wire}"): Access.READER,
    ("POST", "/desk/wires/{wire}"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/preview"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/revise"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/seen"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/sources"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/quote"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/notes"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/ask"): Access.EDITOR,
    ("GET", "/desk/wires/{wire}/revisions"): Access.READER,
    ("GET", "/desk/wires/{wire}/take-down"): Access.SENIOR,
    ("POST", "/desk/wires/{wire}/take-down"): Access.SENIOR,
    ("GET", "/desk/ties"): Access.READER,
    ("POST", "/desk/ties"): Access.EDITOR,
    ("GET", "/desk/sources"): Access.READER,
    # What goes on with a source is any editor's; which sources there are, and where, is an admin's.
    ("GET", "/desk/sources/add"): Access.ADMIN,
    ("POST", "/desk/sources/add"): Access.ADMIN,
    ("GET", "/desk/sources/import"): Access.ADMIN,
    ("POST", "/desk/sources/import"): Access.ADMIN,
    ("GET", "/desk/sources/export.opml"): Access.READER,
    ("GET", "/desk/sources/export.csv"): Access.READER,
    ("GET", "/desk/sources/{source}"): Access.READER,
    ("POST", "/desk/sources/{source}/ask"): Access.EDITOR,
    ("POST", "/desk/sources/{source}/pause"): Access.EDITOR,
    ("POST", "/desk/sources/{source}/resume"): Access.EDITOR,
    ("POST", "/desk/sources/{source}/confirm"): Access.EDITOR,
    ("POST", "/desk/sources/{source}/restore"): Access.EDITOR,
    ("POST", "/desk/sources/{source}/password"): Access.ADMIN,
    ("GET", "/desk/sources/{source}/edit"): Access.ADMIN,
    ("POST", "/desk/sources/{source}/edit"): Access.ADMIN,
    ("POST", "/desk/sources/{source}/adopt"): Access.ADMIN,
    ("POST", "/desk/sources/{source}/remove"): Access.ADMIN,
    ("POST", "/desk/sources/{source}/return"): Access.ADMIN,
    ("GET", "/desk/keys"): Access.READER,
    ("GET", "/desk/api"): Access.READER,
    ("GET", "/desk/account"): Access.READER,
    ("POST", "/desk/account/password"): Access.READER,
    ("POST", "/desk/account/sessions"): Access.READER,
    ("POST", "/desk/account/sign-on"): Access.READER,
    ("POST", "/desk/account/tokens"): Access.READER,
    ("POST", "/desk/account/tokens/revoke"): Access.READER,
    ("GET", "/desk/people"): Access.ADMIN,
    ("POST", "/desk/people"): Access.ADMIN,
    ("POST", "/desk/people/invitations"): Access.ADMIN,
    ("POST", "/desk/people/invitations/withdraw"): Access.ADMIN,
    ("POST", "/desk/people/tokens/revoke"): Access.ADMIN,
    ("GET", "/desk/webhooks"): Access.ADMIN,
    ("POST", "/desk/webhooks"): Access.ADMIN,
    ("GET", "/desk/webhooks/{number}"): Access.ADMIN,
    ("POST", "/desk/webhooks/{number}/{action}"): Access.ADMIN,
    ("GET", "/desk/audit"): Access.ADMIN,
    ("POST", "/desk/audit/export"): Access.ADMIN,
}

API: dict[tuple[str, str], Scope] = {
    ("GET", "/api/v1/me"): Scope.READ,
    ("GET", "/api/v1/tokens"): Scope.READ,
    ("DELETE", "/api/v1/tokens/{token}"): Scope.READ,  # giving a right up takes none
    ("GET", "/api/v1/queue"): Scope.READ,
    ("GET", "/api/v1/candidates"): Scope.READ,
    ("GET", "/api/v1/candidates/{candidate}"): Scope.READ,
    ("GET", "/api/v1/candidates/{candidate}/decisions"): Scope.READ,
    ("POST", "/api/v1/candidates/{candidate}/decisions"): Scope.TRIAGE,
    ("POST", "/api/v1/candidates/{candidate}/rulings"): Scope.TRIAGE,
    ("POST", "/api/v1/candidates/{candidate}/never-merge"): Scope.TRIAGE,
    ("POST", "/api/v1/rulings/{ruling}/withdraw"): Scope.TRIAGE,
    ("GET", "/api/v1/decisions"): Scope.READ,
    ("GET", "/api/v1/articles/{article}"): Scope.READ,
    ("GET", "/api/v1/articles/{article}/versions"): Scope.READ,
    ("GET", "/api/v1/filters"): Scope.READ,
    ("POST", "/api/v1/filters"): Scope.TRIAGE,
    ("PATCH", "/api/v1/filters/{filter}"): Scope.TRIAGE,
    ("DELETE", "/api/v1/filters/{filter}"): Scope.TRIAGE,
    ("POST", "/api/v1/filters/{filter}/feed"): Scope.TRIAGE,
    ("DELETE", "/api/v1/filters/{filter}/feed"): Scope.TRIAGE,
    ("GET", "/api/v1/weights"): Scope.READ,
    ("POST", "/api/v1/weights/preview"): Scope.READ,
    ("PUT", "/api/v1/weights"): Scope.TRIAGE,
    ("GET", "/api/v1/ties"): Scope.READ,
    ("POST", "/api/v1/ties"): Scope.TRIAGE,
    ("GET", "/api/v1/presence"): Scope.READ,
    ("PUT", "/api/v1/presence"): Scope.TRIAGE,
    ("DELETE", "/api/v1/presence"): Scope.TRIAGE,
    ("GET", "/api/v1/snapshots/{digest}"): Scope.READ,
    ("GET", "/api/v1/snapshots/{digest}/body"): Scope.READ,
    ("POST", "/api/v1/bulks"): Scope.TRIAGE,
    ("GET", "/api/v1/bulks/{bulk}"): Scope.READ,
    ("POST", "/api/v1/bulks/{bulk}/undo"): Scope.TRIAGE,
    ("GET", "/api/v1/wires"): Scope.READ,
    ("GET", "/api/v1/wires/{wire}"): Scope.READ,
    ("GET", "/api/v1/wires/{wire}/check"): Scope.READ,
    ("GET", "/api/v1/wires/{wire}/suggestions"): Scope.READ,
    ("PUT", "/api/v1/wires/{wire}/draft"): Scope.WRITE,
    ("DELETE", "/api/v1/wires/{wire}/draft"): Scope.WRITE,
    ("POST", "/api/v1/wires/{wire}/release"): Scope.WRITE,
    ("POST", "/api/v1/wires/{wire}/recall"): Scope.WRITE,
    ("POST", "/api/v1/wires/{wire}/send-back"): Scope.WRITE,
    ("POST", "/api/v1/wires/{wire}/revisions"): Scope.WRITE,
    ("POST", "/api/v1/wires/{wire}/seen"): Scope.WRITE,
    ("GET", "/api/v1/wires/{wire}/notes"): Scope.READ,
    ("POST", "/api/v1/wires/{wire}/notes"): Scope.WRITE,
    ("GET", "/api/v1/search"): Scope.READ,
    ("GET", "/api/v1/providers"): Scope.READ,
    ("GET", "/api/v1/codes"): Scope.READ,
    ("GET", "/api/v1/sources"): Scope.READ,
    ("GET", "/api/v1/sources/{source}"): Scope.READ,
    ("POST", "/api/v1/sources/{source}/{deed}"): Scope.TRIAGE,
    ("POST", "/api/v1/sources"): Scope.ADMIN,
    ("POST", "/api/v1/opml"): Scope.ADMIN,
    ("POST", "/api/v1/sources/{source}/adopt"): Scope.ADMIN,
    ("POST", "/api/v1/sources/{source}/return"): Scope.ADMIN,
    ("POST", "/api/v1/sources/{source}/password"): Scope.ADMIN,
    ("PUT", "/api/v1/sources/{source}"): Scope.ADMIN,
    ("DELETE", "/api/v1/sources/{source}"): Scope.ADMIN,
    ("GET", "/api/v1/people"): Scope.ADMIN,
    ("PATCH", "/api/v1/people/{name}"): Scope.ADMIN,
    ("GET", "/api/v1/people/{name}/tokens"): Scope.ADMIN,
    ("DELETE", "/api/v1/people/{name}/tokens/{token}"): Scope.ADMIN,
    ("GET", "/api/v1/invitations"): Scope.ADMIN,
    ("POST", "/api/v1/invitations"): Scope.ADMIN,
    ("DELETE", "/api/v1/invitations/{handle}"): Scope.ADMIN,
    ("GET", "/api/v1/audit"): Scope.ADMIN,
}


def least_access(method: str, route: str) -> Access | None:
    """The least a visitor must be for `method` on `route` (its path template); None refuses everybody."""
    return TABLE.get((method, route))


def access_of(role: Role | None) -> Access:
    """What a visitor of this role is; None is somebody who has not signed in."""
    return Access.ANYONE if role is None else Access[role.name]


def refusal(least: Access) -> str:
    """What somebody who is signed in, and is less than `least`, is told."""
    whom = {Access.EDITOR: "editors", Access.SENIOR: "senior editors", Access.ADMIN: "admins"}
    return f"This is for {whom.get(least, 'people of this desk')} only. Nothing was changed."
