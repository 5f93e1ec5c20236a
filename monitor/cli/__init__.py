"""The command line: one command per job, and what an operator needs around them.

Exit status: 0 the command itself worked (a source that is down does not change that), 1 it was refused or failed,
2 it was called wrongly.
"""

from __future__ import annotations

import gc
import sys

from monitor.cli.commands import make_app
from monitor.cli.voice import err
from monitor.errors import MonitorError


def main() -> None:
    """Run the command line; a refusal is one plain message and exit status 1."""
    try:
        gc.disable()  # what is loaded stays: it is never looked through for garbage
        app = make_app(sys.argv[1:])
        gc.freeze()
        gc.enable()
        app()
    except MonitorError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
