"""What all pages of one newsroom share: its name and words, its look, its templates."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from monitor.model import Code, Provider
from monitor.site.assets import NAMES, static_url
from monitor.site.look import PLAIN, Look, look_css
from monitor.site.typeset import Safe, Templates
from monitor.stages.syndicate import Site

VERSION = 3  # moves when the code makes other bytes of the same wires and templates


@dataclass(frozen=True, kw_only=True)
class House:
    """A newsroom as its readers see it."""

    site: Site
    guide: str  # Markdown
    look: Look = PLAIN
    templates: Templates = field(default_factory=Templates)
    has_digests: bool = False  # whether readers can subscribe by e-mail

    @property
    def name(self) -> str:
        """The newsroom's name."""
        return self.site.name

    def url(self, path: str) -> str:
        """The absolute URL of a path."""
        return self.site.url(path)

    @cached_property
    def providers(self) -> dict[str, Provider]:
        """The register by id."""
        return {p.id: p for p in self.site.providers}

    @cached_property
    def codes(self) -> dict[str, Code]:
        """The codebook by id."""
        return {c.id: c for c in self.site.codebook.codes}

    @cached_property
    def colours_path(self) -> str | None:
        """Where the newsroom's own colours lie; None where it has none."""
        css = look_css(self.look)
        return f"/look/{sha256(css.encode()).hexdigest()[:12]}.css" if css else None

    @property
    def logo_path(self) -> str | None:
        """Where its logo lies."""
        return None if self.look.logo is None else f"/look/{self.look.logo.name}"

    @property
    def picture_path(self) -> str | None:
        """Where its picture for link previews lies."""
        return None if self.look.picture is None else f"/look/{self.look.picture.name}"

    @cached_property
    def years(self) -> dict[Any, Safe]:
        """Drawings of an archive's years, by what they show."""
        return {}

    @property
    def version(self) -> str:
        """Moves whenever the same wires give other pages."""
        statics = [static_url(name) for name in NAMES]
        known = (VERSION, self.site, self.guide, self.look, self.has_digests, self.templates.digest, statics)
        return sha256(repr(known).encode()).hexdigest()[:16]
