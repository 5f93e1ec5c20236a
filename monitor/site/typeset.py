"""The templates of the site: the shipped ones, and those that a newsroom lays over them, in a sandbox.

A newsroom's own template takes the place of the shipped one of the same name. It is somebody's text, so it reaches
nothing but the values of the page: Jinja's sandbox, escaping that no template can turn off (no `safe`, no
`{% autoescape false %}`). One that cannot be read or fails on a page is left out from then on: the shipped one is
used, and `faults` names file, line and reason.
"""

from __future__ import annotations

import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateNotFound
from jinja2.loaders import BaseLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from monitor.model import Complaint
from monitor.stages.telling import long_date

SHIPPED = Path(__file__).parent / "templates"
SIZE_LIMIT = 200_000  # bytes of a newsroom's own template


class Templates:
    """The templates of one newsroom. `faults` grows while pages are made; the same fault is there once."""

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds the newsroom's own templates, by the names of the shipped ones."""
        self.faults: list[Complaint] = []
        self._shipped = _read_folder(SHIPPED)
        self._own = {} if folder is None else self._read_own(folder)
        self._environment = _environment(_Loader(self._sources()))
        for name in sorted(self._own):
            self._compile(name)

    @property
    def own_names(self) -> tuple[str, ...]:
        """Templates of the newsroom's own that are in use."""
        return tuple(sorted(self._own))

    @property
    def digest(self) -> str:
        """Moves with any word of any template that is in use."""
        used = {name: text for name, (text, _) in self._sources().items()}
        return hashlib.sha256(json.dumps(used, sort_keys=True).encode()).hexdigest()[:16]

    def render(self, name: str, values: Mapping[str, Any]) -> str:
        """The text of the template `name` with `values`."""
        while True:
            try:
                return self._environment.get_template(name).render(values)
            except Exception as error:
                guilty = self._guilty(error)
                if guilty is None:
                    raise
                self._leave_out(guilty[0], guilty[1], _words(error))

    def _sources(self) -> dict[str, tuple[str, Path]]:
        return {**self._shipped, **self._own}

    def _read_own(self, folder: Path) -> dict[str, tuple[str, Path]]:
        """The newsroom's templates that stand in for a shipped one; what else lies there is said and left alone."""
        found = {}
        try:
            paths = sorted(p for p in folder.rglob("*.html") if p.is_file())
        except OSError as error:
            self._complain(folder, None, f"the folder of templates cannot be read: {error}")
            return {}
        if not folder.is_dir():
            self._complain(folder, None, "there is no such folder of templates; the shipped ones are used")
        for path in paths:
            name = path.relative_to(folder).as_posix()
            if name not in self._shipped:
                self._complain(path, None, f"the site has no template {name}: it is never used")
                continue
            try:
                if path.stat().st_size > SIZE_LIMIT:
                    raise ValueError(f"more than {SIZE_LIMIT:,} bytes")
                found[name] = (path.read_text(encoding="utf-8"), path)
            except (OSError, ValueError) as error:
                self._complain(path, None, f"cannot be read: {error}; the shipped one is used")
        return found

    def _compile(self, name: str) -> None:
        text, _ = self._own[name]
        try:
            _refuse_raw(self._environment, text, name)
            self._environment.get_template(name)
        except TemplateSyntaxError as error:
            self._leave_out(name, error.lineno, error.message or "cannot be read")

    def _leave_out(self, name: str, line: int | None, reason: str) -> None:
        _, path = self._own.pop(name)
        self._complain(path, line, f"{reason}; the shipped one is used")
        self._environment = _environment(_Loader(self._sources()))

    def _complain(self, path: Path, line: int | None, reason: str) -> None:
        self.faults.append(Complaint(file=str(path), line=line, subject="the template", reason=reason))

    def _guilty(self, error: Exception) -> tuple[str, int | None] | None:
        """Which own template, and which line of it, was at work when it happened; the innermost one."""
        by_path = {str(path): name for name, (_, path) in self._own.items()}
        if isinstance(error, TemplateSyntaxError) and error.filename in by_path:
            return by_path[error.filename], error.lineno
        for frame in reversed(traceback.extract_tb(error.__traceback__)):
            if frame.filename in by_path:
                return by_path[frame.filename], frame.lineno
        return (next(iter(self._own)), None) if self._own else None


class _Loader(BaseLoader):
    """Templates by name from memory: none is ever asked of the disk again, and no name leads out of the folders."""

    def __init__(self, sources: Mapping[str, tuple[str, Path]]) -> None:
        self.sources = dict(sources)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:  # noqa: ARG002
        """The text of a template and where it lies."""
        if template not in self.sources:
            raise TemplateNotFound(template)
        text, path = self.sources[template]
        return text, str(path), lambda: True

    def list_templates(self) -> list[str]:
        """All names."""
        return sorted(self.sources)


def _read_folder(folder: Path) -> dict[str, tuple[str, Path]]:
    return {
        p.relative_to(folder).as_posix(): (p.read_text(encoding="utf-8"), p) for p in sorted(folder.rglob("*.html"))
    }


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


def _refuse_raw(environment: Environment, text: str, name: str) -> None:
    """Raise TemplateSyntaxError where a template would turn escaping off."""
    tree = environment.parse(text, name)
    for node in tree.find_all((nodes.ScopedEvalContextModifier, nodes.EvalContextModifier)):
        if any(option.key == "autoescape" for option in node.options):
            raise TemplateSyntaxError("escaping cannot be turned off", node.lineno, name)


# --- what templates may use ---------------------------------------------------------------------------------------


def full_time(at: datetime) -> str:
    """Day, month, year, time and zone: nothing to guess."""
    return f"{long_date(at.astimezone(UTC))}, {at.astimezone(UTC):%H:%M} UTC"


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 source", "3 sources"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def path_part(text: str) -> str:
    """Text as a part of an address."""
    return quote(text, safe="")


class Safe(str):
    """HTML that `stages.markup` has sanitised or a template of the site has made: let through as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        return str(self)


def _environment(loader: BaseLoader) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    del environment.filters["safe"]
    environment.filters.update(full_time=full_time, long_date=long_date, path_part=path_part, json_text=json_text)
    environment.globals.update(plural=plural)
    return environment


def json_text(value: Any) -> Markup:
    """JSON as the text of a script element: no character in it can end the element."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    for sign, name in (
        ("&", "\\u0026"),
        ("<", "\\u003c"),
        (">", "\\u003e"),
        ("\u2028", "\\u2028"),
        ("\u2029", "\\u2029"),
    ):
        text = text.replace(sign, name)
    return Markup(text)  # noqa: S704 - JSON whose markup characters are escaped
