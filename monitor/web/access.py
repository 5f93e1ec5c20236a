"""Who may do what: one table of desk routes, methods and the least role (D9). What is not in it is refused.

The table is the whole truth: `auth.guard` looks every desk request up here before anything else happens, and a test
asks every route with every method as everybody.
"""

from __future__ import annotations

from enum import IntEnum

from monitor.model import Role


class Access(IntEnum):
    """The least that a visitor must be."""

    ANYONE = 0  # not signed in: the doors themselves
    EDITOR = 1
    ADMIN = 2


TABLE: dict[tuple[str, str], Access] = {
    ("GET", "/desk"): Access.EDITOR,
    ("GET", "/desk/login"): Access.ANYONE,
    ("POST", "/desk/login"): Access.ANYONE,
    ("GET", "/desk/first"): Access.ANYONE,
    ("POST", "/desk/first"): Access.ANYONE,
    ("POST", "/desk/logout"): Access.EDITOR,
    ("GET", "/desk/queue"): Access.EDITOR,
    ("GET", "/desk/candidates/{candidate}"): Access.EDITOR,
    ("GET", "/desk/candidates/{candidate}/beside/{other}"): Access.EDITOR,
    ("POST", "/desk/candidates/{candidate}/{action}"): Access.EDITOR,
    ("GET", "/desk/wires"): Access.EDITOR,
    ("GET", "/desk/wires/{wire}"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/preview"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/revise"): Access.EDITOR,
    ("POST", "/desk/wires/{wire}/seen"): Access.EDITOR,
    ("GET", "/desk/sources"): Access.EDITOR,
    # What goes on with a source is any editor's; which sources there are, and where, is an admin's.
    ("GET", "/desk/sources/add"): Access.ADMIN,
    ("POST", "/desk/sources/add"): Access.ADMIN,
    ("GET", "/desk/sources/import"): Access.ADMIN,
    ("POST", "/desk/sources/import"): Access.ADMIN,
    ("GET", "/desk/sources/export.opml"): Access.EDITOR,
    ("GET", "/desk/sources/export.csv"): Access.EDITOR,
    ("GET", "/desk/sources/{source}"): Access.EDITOR,
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
    ("GET", "/desk/keys"): Access.EDITOR,
    ("GET", "/desk/account"): Access.EDITOR,
    ("POST", "/desk/account/password"): Access.EDITOR,
    ("POST", "/desk/account/sessions"): Access.EDITOR,
    ("GET", "/desk/people"): Access.ADMIN,
    ("POST", "/desk/people"): Access.ADMIN,
}


def least_access(method: str, route: str) -> Access | None:
    """The least a visitor must be for `method` on `route` (its path template); None refuses everybody."""
    return TABLE.get((method, route))


def access_of(role: Role | None) -> Access:
    """What a visitor of this role is; None is somebody who has not signed in."""
    match role:
        case None:
            return Access.ANYONE
        case Role.EDITOR:
            return Access.EDITOR
        case Role.ADMIN:
            return Access.ADMIN
