"""Who works at the desk, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import EditorId
from monitor.model.role import Role


class Scope(StrEnum):
    """What a token of the API may be used for; never more than the role of whoever made it allows."""

    READ = "read"
    TRIAGE = "triage"  # decide on candidates
    WRITE = "write"  # write, publish, correct and take back wires
    ADMIN = "admin"  # sources, people, the audit

    @property
    def least(self) -> Role:
        """The least role that may have a token for this."""
        match self:
            case Scope.READ:
                return Role.READER
            case Scope.TRIAGE | Scope.WRITE:
                return Role.EDITOR
            case Scope.ADMIN:
                return Role.ADMIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """A person who works at the desk."""

    id: EditorId
    name: str  # login, shown as "who"
    role: Role
    is_disabled: bool
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser."""

    id: str  # public handle (not the token, not its hash) by which its owner ends it
    editor: Editor
    csrf: str
    created_at: datetime
    seen_at: datetime
    user_agent: str
    address: str
    call_count: int = 0  # notes that call the editor, who has not said that they were seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time link by which somebody makes their own account."""

    handle: str  # public: not the token, not its hash
    role: Role
    note: str  # for whom it is, as the admin wrote it
    invited_by: str
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: str | None = None  # the name the invited gave themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiToken:
    """A key with which a program acts for an editor."""

    id: str  # public: not the token, not its hash
    editor: Editor
    name: str  # what it is for
    scopes: tuple[Scope, ...]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None  # to the minute
    revoked_at: datetime | None = None

    def allows(self, scope: Scope) -> bool:
        """Whether it is for `scope`, and its editor's role still allows that."""
        return scope in self.scopes and self.editor.role.may(scope.least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """What an OpenID provider says of somebody, after its signature was checked."""

    issuer: str
    subject: str  # who it is there, for ever
    name: str  # "" where it does not say
    roles: tuple[str, ...]  # values of the claim that roles are read from


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """One line of the audit: who did what, when, from where (D11)."""

    at: datetime
    who: str  # editor's name, or the name tried
    what: str  # session.open, session.refused, password.change, candidate.accept, ...
    subject: str
    before: Mapping[str, object] | None = None
    after: Mapping[str, object] | None = None
    address: str | None = None
    id: int = 0  # grows with every line
