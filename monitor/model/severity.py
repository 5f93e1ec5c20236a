"""How grave an incident is: in four levels, as wires say it and as words suggest it."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """SEV-1 is the gravest; the Editor's Guide defines each level."""

    SEV_1 = "SEV-1"
    SEV_2 = "SEV-2"
    SEV_3 = "SEV-3"
    SEV_4 = "SEV-4"
