"""Asks the API everything its OpenAPI document allows, and much that it does not, by schemathesis (needs `dev`).

    python -m benchmarks.api_questions              five minutes, until something is found
    python -m benchmarks.api_questions --minutes 30
    python -m benchmarks.api_questions --database postgresql://…   an empty database of its own, which it fills

Serves a furnished newsroom on loopback, asks in the name of an admin with a token for everything, and ends
with what was found: no answer with status 500, none that the document does not describe, no body that is not of its
schema, nothing taken that the schema forbids, nothing refused without reason, no route without a token.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from monitor.jobs.people import add_editor
from monitor.log import set_up_log
from monitor.model import Role
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from tests.conftest import ManualClock
from tests.web.conftest import PASSWORD, Desk, open_desk
from tests.web.programs import V1, a_token, fill


def ask(desk: Desk, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run schemathesis against the desk's API, with no file left behind outside `folder`."""
    command = [
        sys.executable, "-W", "ignore", "-c", "from schemathesis.cli import schemathesis; schemathesis()",
        "run", f"{desk.url}{V1}/openapi.json",
        "--header", f"Authorization: Bearer {a_token(desk)}",
        "--checks", "all",
        "--exclude-path-regex", "/tokens/",  # it would revoke the very token it asks with
        "--no-color", "--suppress-health-check", "all",
        *arguments,
    ]  # fmt: skip
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def main() -> None:
    """Serve, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=5)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--database", help="URL of an empty database; SQLite in a temporary folder unless said")
    given = parser.parse_args()
    set_up_log(level="error", form="text")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = Database(given.database or f"sqlite:///{folder / 'monitor.db'}")
        upgrade(database)
        for person, role in (("ada", Role.ADMIN), ("ben", Role.EDITOR), ("rae", Role.READER)):
            add_editor(database, ManualClock(), person, role=role, password=PASSWORD)
        with open_desk(database, folder, sources=folder / "feeds.yaml") as desk:
            fill(desk)
            seed = [] if given.seed is None else ["--seed", str(given.seed)]
            done = ask(desk, "--max-time", str(round(given.minutes * 60)), *seed, folder=folder)
        database.close()
    print(done.stdout, done.stderr)
    sys.exit(done.returncode)


if __name__ == "__main__":
    main()
