"""Who works at the desk, and what they did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monitor.model.ids import EditorId


class Role(StrEnum):
    """What a person at the desk may do: each role may also do all that the ones before it may."""

    READER = "reader"  # sees the desk and changes nothing there
    EDITOR = "editor"  # decides on candidates; writes, publishes, corrects and takes back wires
    SENIOR = "senior"  # settles what binds the others too: the queue's weights, the rules of the check
    ADMIN = "admin"  # sources, people, tokens of others, the audit

    @property
    def rank(self) -> int:
        """0 for a reader, growing with what the role may do."""
        return tuple(Role).index(self)

    @property
    def label(self) -> str:
        """As a page calls it."""
        return "senior editor" if self is Role.SENIOR else self.value

    def may(self, least: Role) -> bool:
        """Whether this role may do what `least` may."""
        return self.rank >= least.rank


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
