"""Which feeds.yaml is followed, where an edit of it goes, and how it is read and replaced.

Looked up anew at each use, because the first edit may make a file:

1. the file that is configured (MONITOR_SOURCES), whether it exists or not;
2. `feeds.yaml` in the folder where Monitor was started;
3. `feeds.yaml` in the data folder;
4. the one that ships with Monitor. It is never edited: the first edit goes into a copy at place 3, which is followed
   from then on.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from monitor.errors import FaultyFile, Unconfigured
from monitor.model import Complaint
from monitor.shipped import shipped_path
from monitor.stages.catalogue import MAX_CHARACTERS

MAX_BYTES = 4 * MAX_CHARACTERS  # UTF-8 takes at most four bytes a character
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcesFile:
    """The feeds.yaml of this newsroom."""

    configured: Path | None = None
    data_dir: Path | None = None
    folder: Path = Path()  # where Monitor was started

    def followed(self) -> Path:
        """The file that names the sources now."""
        if self.configured is not None:
            return self.configured
        own = (self.folder / "feeds.yaml", *(() if self.data_dir is None else (self.data_dir / "feeds.yaml",)))
        return next((path for path in own if path.exists()), shipped_path("feeds.yaml"))

    def edited(self) -> Path:
        """The file that an edit writes; where it does not exist yet, it begins as a copy of the followed one."""
        followed = self.followed()
        if self.configured is None and self.data_dir is not None and followed == shipped_path("feeds.yaml"):
            return self.data_dir / "feeds.yaml"
        return followed


@dataclass(frozen=True, slots=True, kw_only=True)
class FileText:
    """A file as it was read."""

    text: str
    digest: str  # of its bytes: tells whether somebody wrote it since
    has_bom: bool = False


def read_text(path: Path) -> FileText:
    """A feeds.yaml as text; raises FaultyFile where it cannot be read, is too large or is not UTF-8."""
    try:
        with path.open("rb") as file:
            body = file.read(MAX_BYTES + 1)
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise _unreadable(path, "is not UTF-8: save it as UTF-8", line) from None
    except OSError as error:
        raise _unreadable(path, f"cannot be read: {error.strerror or error}. Set MONITOR_SOURCES to a file") from None
    return FileText(text=text, digest=hashlib.sha256(body).hexdigest(), has_bom=body.startswith(_BOM))


def replace_text(path: Path, text: str, *, has_bom: bool = False) -> None:
    """Put `text` in the place of the file, whole or not at all: beside it, flushed to the disk, then renamed.

    A symbolic link stays one, and what it leads to is replaced; mode and owner are kept. Raises Unconfigured, with
    what the operator can do, where the file cannot be replaced; nothing is changed then.
    """
    target = path.resolve()
    body = (_BOM if has_bom else b"") + text.encode("utf-8")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_beside(target, body)
    except OSError as error:
        raise Unconfigured(f"{path} cannot be changed: {_why(error)} Nothing was changed.") from error


def _write_beside(target: Path, body: bytes) -> None:
    former = target.stat() if target.exists() else None
    if former is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, "it is read-only")
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            _keep_rights(file.fileno(), former)
            os.fsync(file.fileno())
        Path(name).replace(target)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise
    _flush_folder(target.parent)


def _keep_rights(handle: int, former: os.stat_result | None) -> None:
    if former is None:
        os.fchmod(handle, 0o644)
        return
    own = os.fstat(handle)
    if (own.st_uid, own.st_gid) != (former.st_uid, former.st_gid):
        os.fchown(handle, former.st_uid, former.st_gid)
    os.fchmod(handle, stat.S_IMODE(former.st_mode))  # after the owner: changing him clears set-id bits


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _why(error: OSError) -> str:
    if error.errno == errno.EBUSY:
        return "it is mounted by itself, so it cannot be replaced. Mount the folder it lies in instead."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"{error.strerror or error}. Let the user that runs Monitor write the file and its folder, or copy it to a "
            "place of your own and set MONITOR_SOURCES to that, or make the change by hand."
        )
    return f"{error.strerror or error}."


def _unreadable(path: Path, reason: str, line: int | None = None) -> FaultyFile:
    return FaultyFile([Complaint(file=str(path), line=line, subject="the file", reason=reason)])
