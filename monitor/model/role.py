"""What people may do at the desk. Apart from them: the settings name a role, and every command reads the settings."""

from __future__ import annotations

from enum import StrEnum


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
