"""How long the queue takes on a large newsroom: python -m benchmarks.desk_queue FILE [--rounds N]

FILE is a newsroom that `benchmarks.desk_stock` made; its copy is used and thrown away. An editor signs in and opens the
queue in all its parts, opens candidates, rejects and takes back, one page at a time. What is measured is the server's
own time for each answer, from the request to the last byte, and of that what the processor worked: on a machine that
does other things besides, the first is longer.
"""

from __future__ import annotations

import argparse
import re
import shutil
import socket
import tempfile
import time
from collections import defaultdict
from html import unescape
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import uvicorn

from benchmarks.desk_stock import END
from monitor.jobs.people import add_editor
from monitor.model import Role
from monitor.settings import Settings
from monitor.store.database import Database
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
    "weights": "/desk/order",
}


class StoppedClock:
    """The newsroom's time: the hour in which the made-up news ends."""

    def now(self) -> Any:
        return END

    def real_seconds(self, span: Any) -> float:
        return float(span.total_seconds())


class Measured:
    """An application, and how long each answer took: wall and processor, in milliseconds."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.last = (0.0, 0.0)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        began = time.perf_counter(), time.process_time()
        await self.app(scope, receive, send)
        self.last = (time.perf_counter() - began[0]) * 1000, (time.process_time() - began[1]) * 1000


def measure(file: Path, rounds: int) -> None:
    """Print a line for each part."""
    with tempfile.TemporaryDirectory() as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        copy = Path(folder) / "monitor.db"
        shutil.copy(file, copy)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        database = Database(f"sqlite:///{copy}")
        add_editor(database, StoppedClock(), NAME, role=Role.ADMIN, password=PASSWORD)
        app = Measured(create_app(Settings(data_dir=Path(folder), base_url=url), database, StoppedClock()))
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", server_header=False))
        thread = Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            with httpx.Client(base_url=url, headers={"origin": url}, timeout=60, trust_env=False) as client:
                _play(client, app, rounds)
        finally:
            server.should_exit = True
            thread.join(10)
            database.close()


def _play(client: httpx.Client, app: Measured, rounds: int) -> None:
    token = _field(client.get("/desk/login").text, "csrf")
    client.post("/desk/login", data={"csrf": token, "name": NAME, "password": PASSWORD})
    took: dict[str, list[tuple[float, float]]] = defaultdict(list)
    sizes: dict[str, int] = {}
    for _ in range(rounds + 1):
        for name, path in PARTS.items():
            answer = client.get(path)
            assert answer.status_code == 200, (path, answer.status_code)
            took[name].append(app.last)
            sizes[name] = max(sizes.get(name, 0), len(answer.content))
        _decide(client, app, took, sizes)
    for name, all_times in took.items():
        times = all_times[1:]  # the first compiles statements and fills caches
        walls, works = sorted(t[0] for t in times), sorted(t[1] for t in times)
        place = max(0, round(0.99 * len(walls)) - 1)
        time_ = f"time: median {walls[len(walls) // 2]:6.1f} ms, p99 {walls[place]:6.1f} ms"
        work = f"processor: median {works[len(works) // 2]:6.1f} ms, p99 {works[place]:6.1f} ms"
        print(f"{name:24} {sizes.get(name, 0) / 1000:6.1f} kB   {time_}   {work}")


def _decide(client: httpx.Client, app: Measured, took: Any, sizes: dict[str, int]) -> None:
    queue = client.get("/desk/queue").text
    number = re.findall(r'<li class="line" id="c(\d+)" data-id="\d+" data-version="(\d+)"', queue)[0]
    page = client.get(f"/desk/candidates/{number[0]}")
    took["candidate"].append(app.last)
    sizes["candidate"] = len(page.content)
    sent = {"csrf": _field(queue, "csrf"), "version": number[1], "back": "/desk/queue"}
    key = f"bench-{time.monotonic_ns()}"
    client.post(f"/desk/candidates/{number[0]}/reject", data={**sent, "key": key, "reason": "AI news, no incident"})
    took["reject"].append(app.last)
    client.post("/desk/undo", data={"csrf": sent["csrf"], "key": f"{key}-u", "back": "/desk/queue"})
    took["undo"].append(app.last)


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
