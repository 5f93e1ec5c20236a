"""A disk that fails: what could not be written is said, and never called done (F5). strace lets the kernel say so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.store.database import Database
from tests.conftest import need
from tests.newsroom import ROOT, environment, rows

COUNT = 24
KEEP = f"""
import sys
from monitor.clock import SystemClock
from monitor.store.ailing import ailment_of
from monitor.store.database import Database
from monitor.store.people import append_audit
database = Database(sys.argv[1])
for number in range({COUNT}):
    try:
        with database.write() as tx:
            append_audit(tx, at=SystemClock().now(), who="test", what="test", subject=str(number))
    except Exception as error:
        print("refused", number, ailment_of(error), flush=True)
    else:
        print("kept", number, flush=True)
"""
PUBLISH = """
import sys
from pathlib import Path
from monitor.jobs.tree import Tree, TreeState
from monitor.model.publication import HTML, Document
tree = Tree(Path(sys.argv[1]))
pages = [Document(path=f"/wires/{n}", media_type=HTML, body=b"new" * 99) for n in range(int(sys.argv[2]))]
with tree.locked():
    try:
        tree.write("pages", pages)
        tree.write_state(TreeState(edition=2))
        print("published")
    except OSError as error:
        print("refused", error.errno)
"""


def with_faults(inject: str, code: str, *arguments: object, folder: Path) -> list[str]:
    """What a program says in whose kernel some calls fail."""
    if shutil.which("strace") is None:
        need("strace is not installed (apt install strace)")
    calls = inject.partition(":")[0]
    traced = ["strace", "-f", "-qq", "-o", str(folder / "calls"), "-e", f"trace={calls}", "-e", f"inject={inject}"]
    done = subprocess.run(
        [*traced, sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT, env=environment(folder), capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if "PTRACE" in done.stderr or "ptrace" in done.stderr:
        pytest.skip("the kernel of this machine lets nobody trace (ptrace): nothing to install would help")
    assert done.returncode == 0, done.stderr[-2000:]
    assert "(INJECTED)" in (folder / "calls").read_text(), "no call failed"
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    "inject", ["fsync,fdatasync:error=EIO:when=6+3", "pwrite64:error=EIO:when=30+7", "pwrite64:error=ENOSPC:when=30+7"]
)
def test_what_the_disk_did_not_take_is_never_called_kept_f5(sqlite_url: str, tmp_path: Path, inject: str) -> None:
    said = [line.split(maxsplit=2) for line in with_faults(inject, KEEP, sqlite_url, folder=tmp_path)]
    kept = {number for word, number, *_ in said if word == "kept"}
    refused = [rest[0] for word, _, *rest in said if word == "refused"]
    assert len(kept) + len(refused) == COUNT
    assert kept, "it goes on once the disk does"
    assert set(refused) == {"The disk is full." if "ENOSPC" in inject else "The disk fails."}
    database = Database(sqlite_url)
    found = {subject for (subject,) in rows(database, "SELECT subject FROM audit WHERE who = 'test'")}
    assert kept <= found
    assert rows(database, "PRAGMA integrity_check") == [("ok",)]
    database.close()


@pytest.mark.parametrize("count", [3, 40])
def test_a_publication_that_may_not_be_on_disk_is_not_noted_as_shown_f5(tmp_path: Path, count: int) -> None:
    call = "fsync" if count == 3 else "syncfs"
    said = with_faults(f"{call}:error=EIO:when=1+", PUBLISH, tmp_path / "tree", count, folder=tmp_path)
    assert said == ["refused 5"]
    assert not list((tmp_path / "tree").rglob("index.html")), "nothing took its place"
    assert not (tmp_path / "tree" / ".tree" / "state.json").exists()
