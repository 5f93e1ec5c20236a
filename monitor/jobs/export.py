"""export: the publication tree as a folder that any web server can serve, identical byte for byte.

The folder keeps a note of what was written into it. So a later run copies only what differs and takes away what is no
longer published, but touches no file that it did not write: one that was changed by hand since stays, and is named.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import IllegalDecision
from monitor.jobs.tree import Tree, sync_all, write_beside
from monitor.model import Progress, no_progress

NOTE = ".monitor-export.json"  # file → SHA-256 of what was written


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What one run did."""

    file_count: int  # files of the site, compressed forms too
    written_count: int
    removed_count: int
    left: tuple[str, ...]  # files that are no longer of the site, and were changed by somebody else: they stay


def export(public_dir: Path, folder: Path, *, progress: Progress = no_progress) -> ExportReport:
    """Make `folder` hold what the tree in `public_dir` holds; no publication changes the tree meanwhile.

    Raises IllegalDecision, before anything is written, where the folder overlaps the tree or has a file of somebody
    else in the place of one of ours. Killed at any point and run again, it ends the same.
    """
    here, there = public_dir.resolve(), folder.resolve()
    if here == there or here in there.parents or there in here.parents:
        raise IllegalDecision(f"{folder} overlaps {public_dir}, from which is copied. Choose another folder.")
    tree = Tree(public_dir)
    with tree.locked():
        files = {file: _digest(public_dir / file) for file in tree.list_files()}
        known = _read_note(folder / NOTE)
        _refuse_foreign(folder, files, known)
        write_beside(folder / NOTE, _note({**known, **files}))
        written = _copy(public_dir, folder, files, progress)
    removed, left = _remove(folder, {file: d for file, d in known.items() if file not in files})
    write_beside(folder / NOTE, _note(files | {file: known[file] for file in left}))
    return ExportReport(file_count=len(files), written_count=written, removed_count=removed, left=tuple(left))


def _copy(public_dir: Path, folder: Path, files: Mapping[str, str], progress: Progress) -> int:
    """Copy what differs, each file beside its place, synced together, and renamed; how many that were."""
    wanted = [file for file, digest in files.items() if _digest(folder / file) != digest]
    beside: list[tuple[Path, Path]] = []
    for done, file in enumerate(wanted, start=1):
        place, times = folder / file, (public_dir / file).stat()
        place.parent.mkdir(parents=True, exist_ok=True)
        new = place.with_name(f".{place.name}.new")
        new.write_bytes((public_dir / file).read_bytes())
        os.utime(new, ns=(times.st_mtime_ns, times.st_mtime_ns))
        beside.append((new, place))
        progress(done, len(wanted))
    sync_all([new for new, _ in beside])
    for new, place in beside:
        new.replace(place)
    sync_all({place.parent for _, place in beside})
    return len(wanted)


def _remove(folder: Path, gone: Mapping[str, str]) -> tuple[int, list[str]]:
    removed, left = 0, []
    for file, digest in gone.items():
        place = folder / file
        found = _digest(place)
        if not found:
            continue
        if found != digest:
            left.append(file)
            continue
        place.unlink()
        removed += 1
        _prune(place.parent, folder)
    return removed, left


def _prune(empty: Path, folder: Path) -> None:
    while empty != folder:
        try:
            empty.rmdir()
        except OSError:
            return
        empty = empty.parent


def _refuse_foreign(folder: Path, files: Mapping[str, str], known: Mapping[str, str]) -> None:
    for file, digest in files.items():
        if file not in known and _digest(folder / file) not in {"", digest}:
            raise IllegalDecision(
                f"{folder / file} is there, and no export wrote it. Choose an empty folder, or move that file away. "
                "Nothing was written."
            )


def _digest(file: Path) -> str:
    """Of the file's bytes; "" where there is none."""
    try:
        with file.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _note(files: Mapping[str, str]) -> bytes:
    return json.dumps(files, indent=0, sort_keys=True).encode()


def _read_note(file: Path) -> dict[str, str]:
    try:
        value = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(k): str(v) for k, v in value.items() if _is_inside(str(k))} if isinstance(value, dict) else {}


def _is_inside(file: str) -> bool:
    """A note that somebody edited leads nowhere else."""
    return not file.startswith("/") and ".." not in file.split("/")
