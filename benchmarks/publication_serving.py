"""The application beside nginx, serving the same files: python -m benchmarks.publication_serving

One worker each, 50 connections on loopback, one after the other in turns: the Atom feed, the same zipped, as programs
ask for it, and the 304 for who has it. Printed are requests a second and their ratio, the 99th percentile, and requests
a second of the server's own processor time, which says the same on a machine that has other things to do. Wants nginx
and wrk (apt install nginx-light wrk).
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.publication_cost import the_site
from benchmarks.publication_stock import fill
from monitor.jobs.rulebook import read_rulebook
from monitor.jobs.sections import House
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.tree import Tree

CONNECTIONS = 50
PATH = "/feed.atom"
NGINX = """
worker_processes 1; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off; gzip_static on; sendfile on; tcp_nopush on; keepalive_requests 1000000000;
    types {{ application/atom+xml atom; }}
    client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
    uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
    server {{ listen 127.0.0.1:{port}; root {root}; }}
}}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """One that answers on loopback."""

    name: str
    port: int
    pid: int  # of the process that answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What the load generator saw, and what the server spent."""

    rate: float  # requests a second
    p99: float  # milliseconds
    per_cpu: float  # requests a second of the server's processor time


def a_free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def served(folder: Path) -> Iterator[tuple[Server, Server]]:
    """nginx and the application over one tree."""
    ports = (a_free_port(), a_free_port())
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=ports[0], root=folder / "public"))
    settings = {
        "MONITOR_DATA_DIR": str(folder),
        "MONITOR_PORT": str(ports[1]),
        "MONITOR_BASE_URL": f"http://127.0.0.1:{ports[1]}",
        "MONITOR_LOG_LEVEL": "error",
        "MONITOR_CONTACT": "benchmark@example.org",
    }
    commands = (["nginx", "-c", str(folder / "nginx.conf")], [sys.executable, "-m", "monitor", "serve"])
    started = [
        subprocess.Popen(command, env={**os.environ, **settings}, stdout=subprocess.DEVNULL) for command in commands
    ]
    try:
        for port in ports:
            _wait(port)
        worker = Path(f"/proc/{started[0].pid}/task/{started[0].pid}/children").read_text().split()[0]
        yield (
            Server(name="nginx", port=ports[0], pid=int(worker)),
            Server(name="application", port=ports[1], pid=started[1].pid),
        )
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(30)


def _wait(port: int) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{PATH}", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"nothing answers on port {port}")


def load(server: Server, *, seconds: int, header: str) -> Run:
    """Ask as fast as it answers, with one header or none."""
    asked = ["-H", header] if header else []
    url = f"http://127.0.0.1:{server.port}{PATH}"
    begun = _processor_time(server.pid)
    done = subprocess.run(
        ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--latency", *asked, url],
        capture_output=True,
        text=True,
        check=True,
    )
    spent = _processor_time(server.pid) - begun
    words = done.stdout
    count = int(re.findall(r"(\d+) requests in", words)[0])
    value, unit = re.findall(r"99%\s+([\d.]+)(us|ms|s)", words)[0]
    return Run(
        rate=float(re.findall(r"Requests/sec:\s+([\d.]+)", words)[0]),
        p99=float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit],
        per_cpu=count / max(spent, 0.01),
    )


def _processor_time(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _tag(server: Server) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{PATH}", timeout=10) as answer:
        return str(answer.headers["etag"])


def _header(server: Server, what: str) -> str:
    return {"feed": "", "gzip": "Accept-Encoding: gzip", "304": f"If-None-Match: {_tag(server)}"}[what]


def compare(servers: tuple[Server, Server], what: str, *, rounds: int, seconds: int) -> None:
    """Both in turns, and what came of it."""
    headers = [_header(server, what) for server in servers]
    runs: list[list[Run]] = [[], []]
    for _ in range(rounds):
        for place, server in enumerate(servers):
            runs[place].append(load(server, seconds=seconds, header=headers[place]))
    for server, found in zip(servers, runs, strict=True):
        print(
            f"{what:>5} {server.name:<12} {median(r.rate for r in found):9,.0f} requests/s   "
            f"p99 {median(r.p99 for r in found):6.1f} ms   "
            f"{median(r.per_cpu for r in found):9,.0f} a second of its processor time",
            flush=True,
        )
    ratio = median(ours.rate / theirs.rate for theirs, ours in zip(*runs, strict=True))
    by_time = median(r.per_cpu for r in runs[1]) / median(r.per_cpu for r in runs[0])
    tails = [median(r.p99 for r in found) for found in runs]
    print(
        f"{what:>5} ratio {ratio:.2f} of nginx's requests, {by_time:.2f} by processor time; "
        f"99th percentile {tails[1]:.1f} ms beside its {tails[0]:.1f} ms",
        flush=True,
    )


def main() -> None:
    """The feed as it is, zipped as programs ask for it, then the 304."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--seconds", type=int, default=4, help="of each run")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each server")
    given = parser.parse_args()
    for program in ("nginx", "wrk"):
        if shutil.which(program) is None:
            raise SystemExit(f"{program} is missing: apt install nginx-light wrk")
    rules = read_rulebook()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        database, tree = fill(folder / "monitor.db", rules, wires=200), Tree(folder / "public")
        section = Feeds(House(site=the_site(rules), guide=rules.guide))
        with database.read() as tx, tree.locked():
            document = section.render(tx, PATH)
            assert document is not None
            tree.write(section.name, [document])
        database.close()
        print(f"{PATH}: {len(document.body):,} bytes, {CONNECTIONS} connections, one worker each")
        with served(folder) as servers:
            for what in ("feed", "gzip", "304"):
                compare(servers, what, rounds=given.rounds, seconds=given.seconds)


if __name__ == "__main__":
    main()
