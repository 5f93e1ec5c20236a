"""A desk served over real HTTP on loopback, and browsers that sign in to it."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from monitor.jobs.people import add_editor
from monitor.log import set_up_log
from monitor.model import Role
from monitor.settings import Settings
from monitor.store.database import Database
from monitor.web.app import create_app
from monitor.web.documents import Documents
from monitor.web.front import in_front
from tests.conftest import ManualClock

PASSWORD = "a long sentence to remember"


@dataclass(frozen=True, kw_only=True)
class Desk:
    """A newsroom whose web side is up; `machine` is the clock of sessions and throttles."""

    url: str
    app: FastAPI
    database: Database
    clock: ManualClock
    machine: ManualClock
    browsers: list[Browser] = field(default_factory=list)

    def browser(self, **more: Any) -> Browser:
        """A browser that has not signed in."""
        self.browsers.append(Browser(self, **more))
        return self.browsers[-1]

    def signed_in(self, name: str = "ada", **more: Any) -> Browser:
        """A browser in which `name` has signed in."""
        browser = self.browser(**more)
        assert browser.sign_in(name).status_code == 303
        return browser


class Browser:
    """What a browser without script does: keeps cookies, sends Origin, fills the forms of the page it is on."""

    def __init__(self, desk: Desk, **headers: str) -> None:
        self.desk = desk
        self.http = httpx.Client(
            base_url=desk.url,
            headers={"user-agent": "test browser", **headers},
            timeout=30,
            trust_env=False,
            verify=False,
        )

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.http.get(path, headers=headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """POST as a form of this site would, unless `headers` say otherwise."""
        sent = {"origin": self.desk.url, **{k.replace("_", "-"): v for k, v in headers.items()}}
        return self.http.post(path, data=data or {}, headers={k: v for k, v in sent.items() if v})

    def token(self, path: str) -> str:
        """The form token of a page."""
        return value_of(self.get(path).text, "csrf")

    def submit(self, page: str, action: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Open `page`, then send `data` with its form token to `action`."""
        return self.post(action, {"csrf": self.token(page), **(data or {})}, **headers)

    def sign_in(self, name: str = "ada", password: str = PASSWORD, **more: str) -> httpx.Response:
        return self.submit("/desk/login", "/desk/login", {"name": name, "password": password, **more})


def value_of(html: str, name: str, *, after: str = "") -> str:
    """The value of the first hidden field `name`, after the text `after`."""
    start = html.index(after) if after else 0
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', html[start:])
    assert found, f"no field {name}"
    return found[1]


@contextmanager
def served(
    app: FastAPI | Documents, listener: socket.socket, *, is_in_front: bool = True, keep_alive: int = 5
) -> Iterator[uvicorn.Server]:
    """Serve `app` on a socket that listens already, until the block ends: as `monitor serve` does, or by ASGI alone."""
    documents = app if isinstance(app, Documents) else getattr(app, "documents", None)
    config = uvicorn.Config(
        app,
        http=in_front(documents) if is_in_front and documents is not None else "auto",
        log_config=None,
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=1,
        timeout_keep_alive=keep_alive,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture(scope="session", autouse=True)
def plain_log() -> None:
    set_up_log(level="error", form="text")


@pytest.fixture(scope="session")
def hashed_template(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database with one of each role: rae, ben, sam and ada. Hashing is slow: once."""
    path = tmp_path_factory.mktemp("people") / "monitor.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    for name, role in (("rae", Role.READER), ("ben", Role.EDITOR), ("sam", Role.SENIOR), ("ada", Role.ADMIN)):
        add_editor(database, ManualClock(), name, role=role, password=PASSWORD)
    database.close()
    return path


@pytest.fixture
def empty_desk(sqlite_database: Database, tmp_path: Path) -> Iterator[Desk]:
    """A desk without any editor."""
    with open_desk(sqlite_database, tmp_path) as desk:
        yield desk


@pytest.fixture
def desk(hashed_template: Path, tmp_path: Path) -> Iterator[Desk]:
    """A desk with rae (reader), ben (editor), sam (senior editor) and ada (admin)."""
    path = tmp_path / "people.db"
    path.write_bytes(hashed_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with open_desk(database, tmp_path) as opened:
        yield opened
    database.close()


@pytest.fixture(scope="module")
def shared_desk(hashed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One desk for all tests of a module that leave it as they found it."""
    folder = tmp_path_factory.mktemp("shared")
    path = folder / "people.db"
    path.write_bytes(hashed_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with open_desk(database, folder) as opened:
        yield opened
    database.close()


@pytest.fixture
def desk_with(hashed_template: Path, tmp_path: Path) -> Iterator[Callable[..., Desk]]:
    """Makes desks with settings of their own, such as base_url or trusted_proxies."""
    stack: list[tuple[Any, Database]] = []

    def make(**settings: Any) -> Desk:
        path = tmp_path / f"people{len(stack)}.db"
        path.write_bytes(hashed_template.read_bytes())
        database = Database(f"sqlite:///{path}")
        opening = open_desk(database, tmp_path, **settings)
        desk = opening.__enter__()
        stack.append((opening, database))
        return desk

    yield make
    for opening, database in stack:
        opening.__exit__(None, None, None)
        database.close()


@contextmanager
def open_desk(database: Database, folder: Path, **changes: Any) -> Iterator[Desk]:
    """Serve a desk on a free port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        clock, machine = ManualClock(), ManualClock()
        settings = Settings(**{"data_dir": folder, "base_url": url, **changes})
        app = create_app(settings, database, clock, machine=machine)
        with served(app, listener):
            desk = Desk(url=url, app=app, database=database, clock=clock, machine=machine)
            yield desk
            for browser in desk.browsers:
                browser.http.close()
