"""The newsroom as its readers meet it, read once from the files that its settings name."""

from __future__ import annotations

from pathlib import Path

from monitor.errors import FaultyFile, Unconfigured
from monitor.model import Complaint
from monitor.site.house import House
from monitor.site.look import Image, Look, read_colours, read_image
from monitor.site.typeset import Templates
from monitor.stages.syndicate import Site

FOOTER_LIMIT = 20_000  # characters


def read_house(
    site: Site,
    guide: str,
    *,
    colours: str = "",
    logo: Path | None = None,
    picture: Path | None = None,
    footer: Path | None = None,
    templates: Path | None = None,
    has_digests: bool = False,
) -> House:
    """The house of these files; raises Unconfigured for colours that cannot be read, FaultyFile for a file.

    A template of the newsroom's own that is faulty stops nothing: it is left out, and `templates.faults` says why.
    """
    try:
        pairs = read_colours(colours)
    except ValueError as error:
        raise Unconfigured(f"MONITOR_COLOURS: {error}") from error
    look = Look(
        colours=pairs,
        logo=None if logo is None else _image(logo, "the logo"),
        picture=None if picture is None else _image(picture, "the picture", is_preview=True),
        footer="" if footer is None else _text(footer),
    )
    return House(site=site, guide=guide, look=look, templates=Templates(templates), has_digests=has_digests)


def _image(path: Path, subject: str, *, is_preview: bool = False) -> Image:
    try:
        return read_image(path.read_bytes(), is_preview=is_preview)
    except (OSError, ValueError) as error:
        raise FaultyFile([Complaint(file=str(path), line=None, subject=subject, reason=str(error))]) from error


def _text(path: Path) -> str:
    try:
        text = path.read_text(encoding="utf-8")
        if len(text) > FOOTER_LIMIT:
            raise ValueError(f"must have at most {FOOTER_LIMIT:,} characters")
    except (OSError, ValueError) as error:
        raise FaultyFile([Complaint(file=str(path), line=None, subject="the footer", reason=str(error))]) from error
    return text
