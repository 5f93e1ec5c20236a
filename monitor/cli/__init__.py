"""The command line: one command per job, and what an operator needs around them.

Exit status: 0 the command itself worked (a source that is down does not change that), 1 it was refused or failed,
2 it was called wrongly.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Callable, Sequence

from monitor.cli.voice import err
from monitor.errors import MonitorError

_INTERRUPTED = 130  # 128 and the number of SIGINT, as shells have it


def main() -> None:
    """Run the command line; a refusal is one plain message and exit status 1."""
    try:
        gc.disable()  # what is loaded stays: it is never looked through for garbage
        run = _what_runs(sys.argv[1:])
        gc.freeze()
        gc.enable()
        run()
    except MonitorError as error:
        err.print(str(error), style="red", markup=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


def _what_runs(words: Sequence[str]) -> Callable[[], object]:
    """What a call with these words comes to.

    `poll` alone is what a timer calls every minute. What reads options takes as long to load as the round itself, and
    there are none to read.
    """
    if words == ["poll"]:
        run: Callable[[], object] = importlib.import_module("monitor.cli.polling").poll_due_and_say
    else:
        run = importlib.import_module("monitor.cli.commands").make_app(words)
    return run
