"""A web server in front of Monitor: the example in docs/examples serves the tree as the application does."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import need
from tests.web.test_documents import FEED, PAGE, Shop, a_shop

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "nginx-tree.conf"
ALIKE = (
    "content-type", "cache-control", "vary", "access-control-allow-origin", "cross-origin-resource-policy",
    "cross-origin-opener-policy", "content-security-policy", "permissions-policy", "referrer-policy",
    "x-content-type-options", "x-frame-options",
)  # fmt: skip


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Shop, httpx.Client]]:
    """The application over a tree, and nginx in front of it."""
    if shutil.which("nginx") is None:
        need("nginx is not installed (apt install nginx-light)")
    folder = tmp_path_factory.mktemp("front")
    with a_shop(folder / "public", base_url="http://wire.example.org") as shop:
        for path, body in (("/", PAGE), ("/wires/x", PAGE), ("/feed.atom", FEED), ("/static/site.css", FEED)):
            shop.put(path, body)
        for path in ("/feed.json", "/feeds/sev/1.json", "/data/datapackage.json", "/data/wires.csv", "/sitemap.xml"):
            shop.put(path, FEED)
        shop.put("/wires/gone", b"taken down" * 50, 410)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        server = _start(folder, port, backend=shop.reader.base_url.port or 0)
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as reader:
                _wait(reader)
                yield shop, reader
        finally:
            server.terminate()
            server.wait(20)


def _start(folder: Path, port: int, *, backend: int) -> subprocess.Popen[bytes]:
    """nginx as whoever runs the tests, with the example as it is but for ports and folder."""
    example = EXAMPLE.read_text().replace("listen 80;", f"listen 127.0.0.1:{port};")
    example = example.replace("/var/lib/monitor/public", str(folder / "public")).replace(":8000;", f":{backend};")
    kept = "".join(
        f"{kind}_temp_path {folder}/{kind}; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root; " if os.getuid() == 0 else ""  # else its worker could not read this folder
    (folder / "nginx.conf").write_text(
        f"{user}daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/log; events {{ }}\n"
        f"http {{ access_log off; {kept}\n{example}\n}}\n"
    )
    return subprocess.Popen(["nginx", "-e", f"{folder}/log", "-c", f"{folder}/nginx.conf"])


def _wait(reader: httpx.Client) -> None:
    for _ in range(100):
        try:
            reader.get("/feed.atom")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("nginx does not answer")


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_nginx_serves_the_tree_with_the_same_bytes_types_and_headers_o4(
    front: tuple[Shop, httpx.Client], coding: str
) -> None:
    shop, reader = front
    for path in ("/", "/wires/x", "/feed.atom", "/feed.json", "/feeds/sev/1.json", "/data/datapackage.json",
                 "/data/wires.csv", "/sitemap.xml", "/static/site.css?0a1b2c", "/wires/gone"):  # fmt: skip
        ours = shop.reader.get(path, headers={"accept-encoding": coding})
        theirs = reader.get(path, headers={"accept-encoding": coding})
        assert (theirs.status_code, theirs.content) == (ours.status_code, ours.content), path
        assert theirs.headers.get("content-encoding") == ours.headers.get("content-encoding"), path
        assert {n: theirs.headers.get(n) for n in ALIKE} == {n: ours.headers.get(n) for n in ALIKE}, path
        assert "x-from" not in theirs.headers, f"{path} came from the application"
        if theirs.status_code == 200:
            known = {"accept-encoding": coding, "if-none-match": theirs.headers["etag"]}
            assert reader.get(path, headers=known).status_code == 304


def test_nginx_passes_on_what_only_the_application_can_answer(front: tuple[Shop, httpx.Client]) -> None:
    _, reader = front
    for path in ("/desk", "/search?q=x", "/archive?month=2026-03", "/wires/none", "/feeds/sev/1-2.json"):
        answer = reader.get(path)
        assert (answer.text, answer.headers.get("x-from")) == ("routed", "application"), path
    assert reader.post("/wires/x").text == "routed"
    for path in ("/.tree/state.json", "/.gone/wires/gone/index.html", "/wires/.index.html.new"):
        assert reader.get(path).status_code == 404, path
