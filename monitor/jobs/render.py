"""Bring the publication tree up to date: what changed since the edition it shows, and no more.

For every edition that the tree does not show, each section names the paths that it alters; those are rendered once,
written, and only then noted as shown. A section whose version moved is rendered whole, in slices, between which new
editions go first; what is no longer at any path is removed at its end. A document that cannot be rendered stays as it
was, is logged, and tried again with the next thorough run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from monitor.jobs.sections.section import Section
from monitor.jobs.tree import Tree, TreeState, check
from monitor.log import get_log
from monitor.model import Change, Document, Progress, no_progress
from monitor.store.database import Database, Transaction
from monitor.store.editions import Edition, find_edition, list_changes, read_edition

CHANGES = 100  # editions that are rendered at once: a path that several touch is rendered once
SLICE = 200  # documents that are rendered between two looks for new editions

log = get_log()


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderReport:
    """What one run did to the tree."""

    written_count: int
    removed_count: int
    failed_count: int
    is_complete: bool


def bring_up_to_date(
    database: Database,
    folder: Path,
    sections: Sequence[Section],
    *,
    progress: Progress = no_progress,
    is_thorough: bool = False,
    is_whole: bool = False,
    has_time: Callable[[], bool] = lambda: True,
) -> RenderReport:
    """Make the tree in `folder` show the newest edition, by these sections and no others; without any, leave it alone.

    `is_thorough`: also look whether every file is there, and try again what failed. `is_whole`: render all anew.
    `has_time` is asked between the slices of a section that is rendered whole; where it says no, the next run goes on.
    """
    if not sections:
        return RenderReport(written_count=0, removed_count=0, failed_count=0, is_complete=True)
    tree = Tree(folder)
    with tree.locked():
        run = _Run(database, tree, sections, progress)
        run.start(is_whole=is_whole)
        run.follow()
        is_complete = all(run.render_whole(s, has_time) for s in sections if run.is_behind(s))
        if is_thorough and is_complete:
            run.mend()
        return RenderReport(
            written_count=run.written, removed_count=run.removed, failed_count=run.failed, is_complete=is_complete
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered:
    section: str  # name
    new: list[Document] = field(default_factory=list)
    changed: list[Document] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class _Run:
    """One run over a tree that is locked."""

    def __init__(self, database: Database, tree: Tree, sections: Sequence[Section], progress: Progress) -> None:
        self.database = database
        self.tree = tree
        self.sections = sections
        self.progress = progress
        self.state = tree.read_state()
        self.written = self.removed = self.failed = 0

    def start(self, *, is_whole: bool) -> None:
        """Settle what of the tree can be relied on."""
        with self.database.read() as tx:
            newest = read_edition(tx)
            shown = find_edition(tx, self.state.edition)
        is_unknown = self.state.edition < 0 or self.state.mark != _mark(shown)  # another past than that of the tree
        if is_unknown or is_whole:
            for section in self.sections:
                self.tree.forget_done(section.name)
            self.state = TreeState(edition=newest.number, mark=_mark(newest), owed=self.state.owed)
            self.tree.write_state(self.state)
        for name in set(self.state.sections) - {s.name for s in self.sections}:
            self.removed += self.tree.remove(self.tree.read_paths(name))
            self.tree.write_paths(name, ())
            del self.state.sections[name]
            self.tree.write_state(self.state)

    def is_behind(self, section: Section) -> bool:
        """Whether the section was never rendered whole in its version."""
        return self.state.sections.get(section.name) != section.version

    def follow(self) -> None:
        """Render what the editions touch that the tree does not show yet."""
        while True:
            with self.database.read() as tx:
                changes = list_changes(tx, after=self.state.edition, limit=CHANGES)
                if not changes:
                    return
                told = [change for _, change in changes]
                self._write(self._rendered(tx, section, _touched(tx, section, told)) for section in self.sections)
                newest = find_edition(tx, changes[-1][0])
            self.state.edition, self.state.mark = newest.number, _mark(newest)
            self.tree.write_state(self.state)

    def render_whole(self, section: Section, has_time: Callable[[], bool]) -> bool:
        """Render all of a section; False where time ran out before the end."""
        with self.database.read() as tx:
            paths = tuple(dict.fromkeys(section.every(tx)))
        done = self.tree.read_done(section.name, section.version)
        todo = [path for path in paths if path not in done]
        self.progress(len(paths) - len(todo), len(paths))
        for start in range(0, len(todo), SLICE):
            if start and not has_time():
                return False
            with self.database.read() as tx:
                self._write([self._rendered(tx, section, todo[start : start + SLICE])])
            self.tree.add_done(section.name, section.version, todo[start : start + SLICE])
            self.progress(len(paths) - len(todo) + min(start + SLICE, len(todo)), len(paths))
            self.follow()
        self._remove_others(section, paths)
        self.state.sections[section.name] = section.version
        self.tree.write_state(self.state)
        self.tree.forget_done(section.name)
        return True

    def _remove_others(self, section: Section, paths: Sequence[str]) -> None:
        """Take away what is at no path any more; what came while all was rendered is there, though not in `paths`."""
        known, all_paths = self.tree.read_paths(section.name), dict.fromkeys(paths)
        with self.database.read() as tx:
            self._write([self._rendered(tx, section, [path for path in known if path not in all_paths])])
        kept = [path for path in known if path not in all_paths and self.tree.has(path)]
        self.tree.write_paths(section.name, [*paths, *kept])

    def mend(self) -> None:
        """Render what is missing, and what could not be rendered before."""
        for section in self.sections:
            owed = self.state.owed.pop(section.name, [])
            missing = [path for path in self.tree.read_paths(section.name) if not self.tree.has(path)]
            for start in range(0, len(paths := [*owed, *missing]), SLICE):
                with self.database.read() as tx:
                    self._write([self._rendered(tx, section, paths[start : start + SLICE])])
            if owed:
                self.tree.write_state(self.state)

    def _rendered(self, tx: Transaction, section: Section, paths: Iterable[str]) -> _Rendered:
        done = _Rendered(section=section.name)
        for path in dict.fromkeys(paths):
            try:
                document = section.render(tx, path)
                if document is not None:
                    check(document)
            except Exception:  # the boundary of a document: the others are rendered
                log.exception("a document could not be rendered, and stays as it was", section=section.name, path=path)
                self.failed += 1
                owed = self.state.owed.setdefault(section.name, [])
                owed += [path] if path not in owed else []
                continue
            if document is None:
                done.gone.append(path)
            elif self.tree.has(path):
                done.changed.append(document)
            else:
                done.new.append(document)
        return done

    def _write(self, rendered: Iterable[_Rendered]) -> None:
        """First what is new, of all sections, then what may lead there; at last what is gone is taken away."""
        ready = list(rendered)
        for one in ready:
            self.written += self.tree.write(one.section, one.new)
        for one in ready:
            self.written += self.tree.write(one.section, one.changed)
        for one in ready:
            self.removed += self.tree.remove(one.gone)


def _touched(tx: Transaction, section: Section, changes: Iterable[Change]) -> Iterable[str]:
    return dict.fromkeys(path for change in changes for path in section.touched(tx, change))


def _mark(edition: Edition) -> str:
    return "" if edition.at is None else edition.at.isoformat()
