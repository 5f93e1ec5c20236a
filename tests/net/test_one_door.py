"""Who in the whole package can open a connection, and that nobody else can (H4).

What is asked of the web goes through `net/client.py`. Two ways lead out beside it, both to addresses that the operator
wrote down and nobody else can: mailboxes (`net/mailbox.py`, IMAP over the same guarded connection) and alerts
(`net/apprise_process.py`, Apprise's own clients in a process apart).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import monitor

PACKAGE = Path(monitor.__file__).parent
TALKERS = {
    *("aiohttp", "anyio", "apprise", "asyncio", "ftplib", "h11", "h2", "http", "httpcore", "httpx", "imaplib"),
    *("niquests", "nntplib", "poplib", "pycurl", "requests", "selectors", "smtplib", "socket", "socketserver", "ssl"),
    *("subprocess", "telnetlib", "trafilatura.downloads", "urllib.request", "urllib3", "websockets", "xmlrpc"),
}
LISTENERS = {  # they wait to be asked, and ask nobody
    "cli/beside.py": {"subprocess"},  # of this very program, told what to do by a pipe
    "cli/serve.py": {"socket"},
    "cli/shell.py": {"socket"},
    "press/server.py": {"http.server"},
    "web/api/problems.py": {"http"},  # its names of statuses
    "web/app.py": {"http"},  # the same
    "web/desk/live.py": {"asyncio"},  # waits between two looks
    "web/documents.py": {"asyncio"},  # reads files beside the loop
    "web/front.py": {"asyncio"},  # is told by the loop what came
}
OUTSIDERS = {
    "apprise": {"net/apprise_process.py"},
    "subprocess": {"cli/beside.py", "net/notify.py"},
    "h11": {"net/answers.py"},
}
DIALS = re.compile(
    r"create_connection\(|open_connection\(|sock_connect\(|start_tls\(|getaddrinfo\(|\.connect_ex\(|os\.system\("
    r"|popen\(|fetch_url\(|fetch_response\(|urlopen\(|urlretrieve\(|parse_url\(|load_html\("
)
DIALLERS = {"net/wire.py", "net/mailbox.py"}


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        yield str(path.relative_to(PACKAGE)), path.read_text(encoding="utf-8")


def imported(text: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "later")):
            names |= {arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
    return names


def talkers(text: str) -> set[str]:
    return {name for name in imported(text) for talker in TALKERS if name == talker or name.startswith(talker + ".")}


def test_nobody_outside_net_can_talk_to_the_world_h4() -> None:
    found = {path: names for path, text in sources() if not path.startswith("net/") and (names := talkers(text))}
    roots = {path: {name for name in names if name in TALKERS | {"http.server"}} for path, names in found.items()}
    assert {path: names - ({"http"} if "http.server" in names else set()) for path, names in roots.items()} == LISTENERS


@pytest.mark.parametrize("library", OUTSIDERS)
def test_what_talks_in_a_way_of_its_own_stays_in_its_file_h4(library: str) -> None:
    assert {path for path, text in sources() if library in imported(text)} == OUTSIDERS[library]


def test_whoever_dials_checks_the_address_first_h3_h4() -> None:
    """Addresses are checked where the connection is made, and what was checked is what is connected to."""
    dialling = {path: text for path, text in sources() if DIALS.search(text)}
    assert dialling.keys() == DIALLERS
    for path, text in dialling.items():
        assert re.search(r"\bcheck_address\(", text), path


@pytest.mark.parametrize(
    "line",
    [
        "import requests",
        "from urllib.request import urlopen",
        "import urllib.request as u",
        "from http.client import HTTPConnection",
        "from trafilatura.downloads import fetch_url",
        "def f():\n    import smtplib",
        "importlib.import_module('imaplib')",
        "httpx = later('httpx')",
    ],
)
def test_another_door_would_be_seen_h4(line: str) -> None:
    assert talkers(line)
