"""How long the queue takes on a large newsroom: python -m benchmarks.desk_queue FILE [--rounds N]

FILE is a newsroom that `benchmarks.desk_stock` made; its copy is used and thrown away. An editor signs in and opens the
queue in all its parts, opens candidates, rejects and takes back, one page at a time. What is measured is the server's
own time for each answer, from the request to the last byte, and of that what the processor worked: on a machine that
does other things besides, the first is longer.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import socket
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import httpx
import uvicorn

from benchmarks.desk_stock import END
from monitor.cli.serve import look_for_garbage_seldom
from monitor.jobs.people import add_editor
from monitor.model import Role
from monitor.settings import Settings
from monitor.store.database import Database
from monitor.store.migrate import upgrade
from monitor.web.app import create_app

NAME, PASSWORD = "bench", "a long sentence to remember"
PARTS = {
    "queue": "/desk/queue",
    "queue, newest": "/desk/queue?order=newest",
    "queue, page 100": "/desk/queue?offset=4000",
    "state: new": "/desk/queue?state=new",
    "state: claimed": "/desk/queue?state=claimed",
    "state: snoozed": "/desk/queue?state=snoozed",
    "state: second source": "/desk/queue?state=awaiting",
    "state: growing": "/desk/queue?state=growing",
    "state: decided": "/desk/queue?state=decided",
    "mine": "/desk/queue?mine=1",
    "by provider": "/desk/queue?provider=openai",
    "by origin and tier": "/desk/queue?origin=regulator&tier=primary",
    "by age and sources": "/desk/queue?age=over-168h&sources=5",
    "what nothing matches": "/desk/queue?origin=probe&tier=primary&sources=1000",
    "words": "/desk/queue?text=kyoto+school",
    "words that nothing has": "/desk/queue?text=zzyzx",
    "search, common words": "/desk/search?q=the+court",
    "search, rare words": "/desk/search?q=kyoto+4711",
    "search, a phrase": "/desk/search?q=%22face+recognition+in+lyon%22",
    "search, long phrase": "/desk/search?q=%22the+a+of+in+after+before+while+court+school+bank+city+users%22",
    "search, beginning": "/desk/search?q=hosp*+is%3Acandidate",
    "wires": "/desk/wires",
    "filters": "/desk/filters",
    "weights": "/desk/order",
}


class StoppedClock:
    """The newsroom's time: the hour in which the made-up news ends."""

    def now(self) -> Any:
        return END

    def real_seconds(self, span: Any) -> float:
        return float(span.total_seconds())


class Measured:
    """An application, and how long each answer took: wall and processor, in milliseconds.

    The client has an answer before the work behind it is done: who asks for the time waits for that.
    """

    def __init__(self, app: Any) -> None:
        self.app = app
        self._times: SimpleQueue[tuple[float, float]] = SimpleQueue()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter(), time.process_time()
        await self.app(scope, receive, send)
        self._times.put(((time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000))

    def last(self) -> tuple[float, float]:
        """Of the answer that was just received."""
        return self._times.get(timeout=60)


def measure(file: Path, rounds: int) -> None:
    """Print a line for each part."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        copy = Path(folder) / "monitor.db"
        shutil.copy(file, copy)
        os.sync()  # a checkpoint of ours would wait for the copy to be written
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        database = Database(f"sqlite:///{copy}")
        upgrade(database)  # the stock may be of an earlier day
        add_editor(database, StoppedClock(), NAME, role=Role.ADMIN, password=PASSWORD)
        app = Measured(create_app(Settings(data_dir=Path(folder), base_url=url), database, StoppedClock()))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", server_header=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        look_for_garbage_seldom()  # as `monitor serve` does
        try:
            with httpx.Client(base_url=url, headers={"origin": url}, timeout=60, trust_env=False) as client:
                _play(client, app, rounds)
        finally:
            server.should_exit = True
            thread.join(10)
            database.close()


@dataclass(frozen=True, kw_only=True)
class Editor:
    """Somebody at work: asks, and notes how long each answer took and how large it was."""

    client: httpx.Client
    app: Measured
    took: dict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))
    sizes: dict[str, int] = field(default_factory=dict)

    def look(self, name: str, path: str) -> str:
        """Open a page."""
        return self._note(name, self.client.get(path), 200).text

    def send(self, name: str, path: str, said: dict[str, str]) -> str:
        """Send a form; where it leads."""
        return self._note(name, self.client.post(path, data=said), 303).headers["location"]

    def _note(self, name: str, answer: httpx.Response, status: int) -> httpx.Response:
        assert answer.status_code == status, (name, answer.status_code, answer.text[:500])
        self.took[name].append(self.app.last())
        self.sizes[name] = max(self.sizes.get(name, 0), len(answer.content))
        return answer


def _play(client: httpx.Client, app: Measured, rounds: int) -> None:
    editor = Editor(client=client, app=app)
    token = _field(editor.look("sign in", "/desk/login"), "csrf")
    editor.send("sign in", "/desk/login", {"csrf": token, "name": NAME, "password": PASSWORD})
    for turn in range(rounds + 1):
        for name, path in PARTS.items():
            editor.look(name, path)
        _decide(editor, turn)
    for name, all_times in editor.took.items():
        if name != "sign in":
            print(_line(name, editor.sizes[name], all_times[1:]))  # the first compiles statements and fills caches


def _line(name: str, size: int, times: Sequence[tuple[float, float]]) -> str:
    walls, works = sorted(t[0] for t in times), sorted(t[1] for t in times)
    place = max(0, round(0.99 * len(walls)) - 1)
    time_ = f"time: median {walls[len(walls) // 2]:6.1f} ms, p99 {walls[place]:6.1f} ms"
    work = f"processor: median {works[len(works) // 2]:6.1f} ms, p99 {works[place]:6.1f} ms"
    return f"{name:24} {size / 1000:6.1f} kB   {time_}   {work}"


def _decide(editor: Editor, turn: int) -> None:
    """Go down the queue: open one, reject it, look at what is left, take that back; the next one each turn."""
    queue = editor.look("queue", "/desk/queue")
    found = re.findall(r'<li class="line" id="c(\d+)" data-id="\d+" data-version="(\d+)"', queue)
    candidate, version = found[turn % len(found)]
    editor.look("candidate", f"/desk/candidates/{candidate}")
    sent = {"csrf": _field(queue, "csrf"), "version": version, "back": "/desk/queue"}
    key = f"bench-{turn}-{time.monotonic_ns()}"
    reason = {"key": key, "reason": "AI news, no incident"}
    there = editor.send("reject", f"/desk/candidates/{candidate}/reject", {**sent, **reason})
    editor.look("queue after a decision", there)
    editor.send("undo", "/desk/undo", {"csrf": sent["csrf"], "key": f"{key}-u", "back": "/desk/queue"})
    version = str(int(version) + 2)
    editor.send("snooze", f"/desk/candidates/{candidate}/snooze", {**sent, "version": version, "hours": "24"})
    editor.send("undo", "/desk/undo", {"csrf": sent["csrf"], "key": f"{key}-v", "back": "/desk/queue"})
    wire = editor.send("accept", f"/desk/candidates/{candidate}/accept", {**sent, "version": str(int(version) + 2)})
    editor.look("wire form", wire)
    editor.send("undo", "/desk/undo", {"csrf": sent["csrf"], "key": f"{key}-w", "back": "/desk/queue"})


def _field(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', html)
    if found is None:
        raise LookupError(f"no field {name}")
    return unescape(found[1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rounds", type=int, default=20)
    asked = parser.parse_args()
    measure(asked.file, asked.rounds)


if __name__ == "__main__":
    main()
