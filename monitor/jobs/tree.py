"""The publication tree: documents as files that any web server can serve, and how a killed run is taken up again.

Whatever readers see is written beside its place, synced and renamed, its `.gz` beside it (F12). What a run knows it
keeps in the folder `.tree`: the edition that is shown, the version of each section, all paths of a section. Each note
is written after what it speaks of, so that a run that was killed at any point does again what may not be whole, and
nothing else. A document that was taken down leaves what is said of it in `.gone`, to be served with status 410.
"""

from __future__ import annotations

import ctypes
import fcntl
import gzip
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from monitor.model.publication import Document, ending_of, file_of, is_path, media_type_of

NOTES = ".tree"
GONE = ".gone"
UNZIPPED = frozenset({".png", ".sqlite", ".zip"})  # a second copy would be no smaller, or too large
QUICK_ABOVE = 1_000_000  # bytes: beyond, gzip's default effort
FEW = 8  # files that are synced one by one
_OLD_NOTE = "editions.json"
_SYNCFS: Callable[[int], int] | None = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)  # Linux has it


@dataclass(slots=True, kw_only=True)
class TreeState:
    """What the tree shows, as its note says; a tree without a readable note shows nothing that can be relied on."""

    edition: int = -1
    mark: str = ""  # of that edition: a restored database numbers other ones alike
    sections: dict[str, str] = field(default_factory=dict)  # name → version in which all of it is rendered
    owed: dict[str, list[str]] = field(default_factory=dict)  # name → paths that could not be rendered


class Tree:
    """The folder `public_dir`; one process writes at a time, any number read."""

    def __init__(self, folder: Path) -> None:
        """Nothing is read or made until `locked`."""
        self.folder = folder
        self.notes = folder / NOTES

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Wait until nobody else writes here, and keep others out until the block ends. Freed when a process dies."""
        self.notes.mkdir(parents=True, exist_ok=True)
        with (self.notes / "lock").open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    # --- notes --------------------------------------------------------------------------------------------------

    def read_state(self) -> TreeState:
        """What the tree shows; nothing where the note is missing or damaged: then all is rendered anew."""
        try:
            value: Any = json.loads((self.notes / "state.json").read_bytes())
            return TreeState(
                edition=int(value["edition"]),
                mark=str(value["mark"]),
                sections={str(k): str(v) for k, v in value["sections"].items()},
                owed={str(k): [str(p) for p in v] for k, v in value["owed"].items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return TreeState()

    def write_state(self, state: TreeState) -> None:
        """Note what the tree shows, once that is safely on disk."""
        told = {"edition": state.edition, "mark": state.mark, "sections": state.sections, "owed": state.owed}
        write_beside(self.notes / "state.json", json.dumps(told, indent=1, sort_keys=True).encode())
        (self.folder / _OLD_NOTE).unlink(missing_ok=True)

    def read_paths(self, section: str) -> dict[str, None]:
        """Every path at which this section may have written something, in the order in which it first did."""
        return self._read_lines(f"{section}.paths")

    def write_paths(self, section: str, paths: Iterable[str]) -> None:
        """All paths of a section anew."""
        write_beside(self.notes / f"{section}.paths", "".join(f"{p}\n" for p in paths).encode())

    def read_done(self, section: str, version: str) -> dict[str, None]:
        """What a whole rendering of this version has finished already."""
        done = self._read_lines(f"{section}.done")
        return done if next(iter(done), None) == f"version {version}" else {}

    def add_done(self, section: str, version: str, paths: Iterable[str]) -> None:
        """Note what is finished of a whole rendering of this version."""
        if self.read_mark(section) != version:
            write_beside(self.notes / f"{section}.done", f"version {version}\n".encode())
        self._append(f"{section}.done", paths)

    def read_mark(self, section: str) -> str:
        """The version of which a whole rendering is under way; "" where none is."""
        try:
            with (self.notes / f"{section}.done").open(encoding="utf-8") as file:
                return file.readline().strip().removeprefix("version ")
        except (OSError, ValueError):
            return ""

    def forget_done(self, section: str) -> None:
        """The whole rendering is over."""
        (self.notes / f"{section}.done").unlink(missing_ok=True)

    def _read_lines(self, name: str) -> dict[str, None]:
        try:
            lines = (self.notes / name).read_text(encoding="utf-8").split("\n")
        except (OSError, ValueError):
            return {}
        return dict.fromkeys(line for line in lines[:-1] if line)  # what a killed run left of a line counts for nothing

    def _append(self, name: str, lines: Iterable[str]) -> None:
        text = "".join(f"{line}\n" for line in lines)
        if not text:
            return
        with (self.notes / name).open("a+b") as file:
            if file.tell() and not _ends_with_line(file.fileno(), file.tell()):
                text = f"\n{text}"
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())

    def list_files(self) -> Iterator[str]:
        """Every file of the tree, compressed forms and what is gone too, by its name in the folder."""
        for name in sorted(note.stem for note in self.notes.glob("*.paths")):
            for path in self.read_paths(name):
                for file in (file_of(path), f"{GONE}/{file_of(path)}"):
                    yield from (form for form in (file, f"{file}.gz") if (self.folder / form).is_file())

    # --- documents ----------------------------------------------------------------------------------------------

    def has(self, path: str) -> bool:
        """Whether a document lies whole at this path: the file, and its `.gz` where it has one."""
        file = self.folder / file_of(path)
        if (self.folder / GONE / file_of(path)).is_file():
            return True
        return file.is_file() and (ending_of(path) in UNZIPPED or _zipped(file).is_file())

    def write(self, section: str, documents: Sequence[Document]) -> int:
        """Put these documents in their places; how many differ from what was there.

        When this returns, all of it is on disk; while it runs, each file is the old one or the new one.
        """
        for document in documents:
            check(document)
        new = [d for d in documents if not (self.folder / file_of(d.path)).is_file()]
        self._append(f"{section}.paths", (d.path for d in new))
        folders: set[Path] = set()
        written = self._put(documents, folders)
        for document in documents:
            self._clear_other(document, folders)
        sync_all(folders)
        return written

    def remove(self, paths: Iterable[str]) -> int:
        """Take these documents away, with folders that are left empty; how many were there."""
        removed, folders = 0, set[Path]()
        for path in paths:
            for root in (self.folder, self.folder / GONE):
                file = root / file_of(path)
                removed += file.is_file()
                _unlink(file, folders)
        kept = {self._prune(folder) for folder in folders}
        sync_all({folder for folder in kept if folder.is_dir()})
        return removed

    def _put(self, documents: Sequence[Document], folders: set[Path]) -> int:
        ready: list[tuple[Path, Path]] = []
        changed = 0
        for document in documents:
            beside = self._beside(document)
            ready += beside
            changed += bool(beside)
        sync_all([new for new, _ in ready])
        for new, place in ready:
            new.replace(place)
            folders.add(place.parent)
        return changed

    def _beside(self, document: Document) -> list[tuple[Path, Path]]:
        """The new bytes beside their places; nothing for what is there already."""
        root = self.folder if document.status == 200 else self.folder / GONE
        file = root / file_of(document.path)
        is_zipped = ending_of(document.path) not in UNZIPPED
        is_same = file.is_file() and file.stat().st_size == len(document.body) and file.read_bytes() == document.body
        if is_same and not is_zipped:
            return []
        if is_same and _is_of(_zipped(file), document.body):
            return []
        forms = [] if is_same else [(file, document.body)]
        if is_zipped:
            effort = 9 if len(document.body) < QUICK_ABOVE else 6
            forms.insert(0, (_zipped(file), gzip.compress(document.body, effort, mtime=0)))
        file.parent.mkdir(parents=True, exist_ok=True)
        return [(_write_new(place, body), place) for place, body in forms]

    def _clear_other(self, document: Document, folders: set[Path]) -> None:
        """A document is there or gone, never both."""
        other = self.folder / GONE if document.status == 200 else self.folder
        _unlink(other / file_of(document.path), folders)

    def _prune(self, folder: Path) -> Path:
        """Remove a folder of ours that is empty, and those above it; the first that stays."""
        while folder not in {self.folder, self.folder / GONE}:
            try:
                folder.rmdir()
            except FileNotFoundError:
                pass
            except OSError:
                break
            folder = folder.parent
        return folder


def check(document: Document) -> None:
    """Raise ValueError for a document that no web server could serve from a file as it is meant."""
    if not is_path(document.path):
        raise ValueError(f"{document.path!r} cannot be the address of a document")
    if document.media_type != media_type_of(document.path):
        wanted = media_type_of(document.path)
        raise ValueError(f"{document.path} says {document.media_type}, and a web server will say {wanted}")
    if document.status not in {200, 410}:
        raise ValueError(f"{document.path} has status {document.status}: a document is there (200) or gone (410)")


def write_beside(path: Path, body: bytes) -> None:
    """Put `body` at `path` so that whoever reads sees the old file or the new one, also after a crash (F12)."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = _write_new(path, body)
    sync_to_disk(new)
    new.replace(path)
    sync_to_disk(path.parent)


def _write_new(place: Path, body: bytes) -> Path:
    """`body` beside its place, not synced; its time is later than that of what it replaces, by whole seconds.

    HTTP's dates have seconds: two versions of a document within one would look the same to whoever asks by date.
    """
    new = place.with_name(f".{place.name}.new")
    new.write_bytes(body)
    try:
        before = place.stat().st_mtime_ns // 1_000_000_000
    except FileNotFoundError:
        return new
    if new.stat().st_mtime_ns // 1_000_000_000 <= before:
        os.utime(new, (before + 1, before + 1))
    return new


def _zipped(file: Path) -> Path:
    return file.with_name(f"{file.name}.gz")


def _is_of(zipped: Path, body: bytes) -> bool:
    try:
        return gzip.decompress(zipped.read_bytes()) == body
    except (OSError, EOFError, ValueError):
        return False


def _unlink(file: Path, folders: set[Path]) -> None:
    for one in (file, _zipped(file)):
        try:
            one.unlink()
        except (FileNotFoundError, NotADirectoryError):
            continue
        folders.add(file.parent)


def _ends_with_line(number: int, size: int) -> bool:
    return os.pread(number, 1, size - 1) == b"\n"


def sync_all(paths: Collection[Path]) -> None:
    """All of these, which lie on one file system, are on disk when this returns; raises OSError where they may not be.

    Of many, one syncfs(2) of everything costs a fiftieth of one for each. Unlike sync(2) it says what went wrong (F5).
    """
    if len(paths) > FEW and _SYNCFS is not None:
        _call(_SYNCFS, next(iter(paths)))
        return
    for path in paths:
        sync_to_disk(path)


def _call(syncfs: Callable[[int], int], path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        if syncfs(number) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(path))
    finally:
        os.close(number)


def sync_to_disk(path: Path) -> None:
    """Return when the file, or the folder's list of names, is on the disk; raises OSError."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
