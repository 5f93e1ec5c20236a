"""Many hands on one queue: 1,000 decisions from 8 browsers over HTTP, with double clicks and lost answers (F10).

    python -m benchmarks.hands                              two web processes on a fresh SQLite database
    python -m benchmarks.hands --database postgres          on a PostgreSQL of its own, thrown away at the end
    python -m benchmarks.hands --database postgresql://…    on an empty PostgreSQL database
    python -m benchmarks.hands --decisions 200

Each browser loads a candidate, waits a moment, and sends one of the forms that the page has; now and then it sends it
twice at once, or hears no answer and sends it again. The candidates are few, so that most pages are stale by then.
Whatever was answered with "done" must be one decision, whatever was refused none, and no two decisions may have seen
the same version of a candidate.
"""

from __future__ import annotations

import argparse
import multiprocessing
import random
import re
import secrets
import socket
import tempfile
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import uvicorn

from benchmarks.own_postgres import database_url
from monitor.clock import SystemClock
from monitor.jobs.people import add_editor
from monitor.jobs.recount import recount
from monitor.jobs.rulebook import read_rulebook
from monitor.model import (
    CandidateId,
    Decision,
    Joined,
    Match,
    NewArticle,
    Origin,
    Publisher,
    PublisherId,
    Role,
    Tier,
)
from monitor.settings import Settings
from monitor.store.articles import add_article
from monitor.store.candidates import list_decisions
from monitor.store.database import Database
from monitor.store.grouping import add_member, open_candidate
from monitor.store.migrate import upgrade
from monitor.store.sources import record_publishers
from monitor.web.app import create_app

PASSWORD = "a long sentence to remember"
DOUBLE, DEAF = 0.25, 0.15  # of the forms: clicked twice at once; sent again since no answer was heard
_FORM = re.compile(r'action="/desk/candidates/\d+/(reject|snooze|claim|unclaim|takeover|undo)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """One form that a browser sent, once or more, and what it heard."""

    key: str
    candidate: CandidateId
    action: str
    answers: tuple[int, ...]  # of those that were heard

    @property
    def is_done(self) -> bool:
        """Whether the browser was told that it was decided."""
        return 303 in self.answers


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What became of all forms."""

    sent: int  # different ones, each one key
    requests: int
    decided: int  # decisions in the database
    refused: int  # forms that were answered 409
    lost: int  # told as done, and no decision
    double: int  # decisions beyond the first under one key, or beyond the first that saw one version
    unasked: int  # decisions under a key that was only refused
    strange: Counter[int]  # other answers

    @property
    def is_right(self) -> bool:
        """Whether each form that was done is one decision, and each that was refused none."""
        return (
            not (self.lost or self.double or self.unasked or self.strange) and self.decided + self.refused == self.sent
        )


@dataclass(slots=True)
class Hand:
    """A browser: it knows its session, and sends what its pages have."""

    client: httpx.Client
    origin: str
    chance: random.Random
    sent: list[Sent] = field(default_factory=list)
    requests: int = 0

    def decide(self, candidate: CandidateId, clicks: ThreadPoolExecutor) -> bool:
        """Load the candidate and send one of its forms; False where the page has none."""
        page = self.client.get(
            f"/desk/candidates/{candidate}", headers={"hx-request": "true", "hx-target": "detail"}
        ).text
        actions = _FORM.findall(page)
        if not actions:
            return False
        action = self.chance.choice(actions)
        form = page[page.index(f'/{action}"') :]
        fields = {name: _value(form, name) for name in ("csrf", "version", "key", "back")}
        if action == "undo":
            fields["undoes"] = _value(form, "undoes")
        fields |= {"reject": {"reason": "Seen by another hand."}, "snooze": {"hours": "4"}}.get(action, {})
        time.sleep(self.chance.random() * 0.05)
        heard = self._send(f"/desk/candidates/{candidate}/{action}", fields, clicks)
        self.sent.append(Sent(key=fields["key"], candidate=candidate, action=action, answers=heard))
        return True

    def _send(self, path: str, fields: dict[str, str], clicks: ThreadPoolExecutor) -> tuple[int, ...]:
        luck = self.chance.random()
        if luck < DOUBLE:
            both = [clicks.submit(self._post, path, fields) for _ in range(2)]
            return tuple(answer for one in both if (answer := one.result()) is not None)
        if luck < DOUBLE + DEAF:
            first = self._post(path, fields, patience=0.001)
            return tuple(a for a in (first, self._post(path, fields)) if a is not None)
        answer = self._post(path, fields)
        return () if answer is None else (answer,)

    def _post(self, path: str, fields: dict[str, str], *, patience: float = 60.0) -> int | None:
        self.requests += 1
        try:
            wait = httpx.Timeout(60.0, read=patience)
            return self.client.post(path, data=fields, headers={"origin": self.origin}, timeout=wait).status_code
        except httpx.ReadTimeout:
            return None


def _value(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*? value="([^"]*)"', html)
    if found is None:
        raise LookupError(f"the form has no {name}")
    return found[1]


def play(hands: Sequence[Hand], candidates: Sequence[CandidateId], *, decisions: int) -> None:
    """Let all hands send so many forms between them, as fast as they are answered."""
    left = Counter({n: decisions // len(hands) + (n < decisions % len(hands)) for n in range(len(hands))})

    def work(number: int, clicks: ThreadPoolExecutor) -> None:
        while left[number]:
            left[number] -= hands[number].decide(hands[number].chance.choice(candidates), clicks)

    with ThreadPoolExecutor(2 * len(hands)) as clicks, ThreadPoolExecutor(len(hands)) as people:
        for done in [people.submit(work, number, clicks) for number in range(len(hands))]:
            done.result()


def judge(database: Database, hands: Sequence[Hand], candidates: Sequence[CandidateId]) -> Tally:
    """Hold what the browsers heard against what the database has."""
    sent = {s.key: s for hand in hands for s in hand.sent}
    with database.read() as tx:
        decisions = [d for c in candidates for d in list_decisions(tx, c)]
        keys = _keys(database)
    seen: dict[tuple[CandidateId, int], list[Decision]] = defaultdict(list)
    for decision in decisions:
        seen[decision.candidate, decision.version_seen].append(decision)
    return Tally(
        sent=sum(len(hand.sent) for hand in hands),
        requests=sum(hand.requests for hand in hands),
        decided=len(decisions),
        refused=sum(not s.is_done for s in sent.values()),
        lost=sum(s.is_done and keys[s.key] == 0 for s in sent.values()),
        double=sum(max(0, n - 1) for n in keys.values()) + sum(len(same) - 1 for same in seen.values()),
        unasked=sum(key not in sent or not sent[key].is_done for key in keys),
        strange=Counter(a for s in sent.values() for a in s.answers if a not in (303, 409)),
    )


def _keys(database: Database) -> Counter[str]:
    with database.engine.connect() as connection:
        return Counter(connection.exec_driver_sql("SELECT key FROM decisions WHERE key IS NOT NULL").scalars())


# --- a newsroom of its own ----------------------------------------------------------------------------------------


def fill(database: Database, count: int) -> list[CandidateId]:
    """So many open candidates of one article each."""
    now, made = datetime.now(UTC), []
    providers = read_rulebook().index
    with database.write() as tx:
        record_publishers(tx, [Publisher(id=PublisherId("gazette"), name="The Gazette")])
        for number in range(count):
            url = f"https://gazette.example/{number}"
            article = NewArticle(
                canonical_url=url, url=url, title=f"Chatbot story {number}", text="…", publisher=PublisherId("gazette"),
                publisher_name="The Gazette", source=None, origin=Origin.PRESS, tier=Tier.SECONDARY, first_seen_at=now,
            )  # fmt: skip
            candidate = open_candidate(tx, title=article.title, opened_at=now)
            match = Match(
                candidate=candidate, joined=Joined.OPENED, nearest=None, copy_of=None, similarity=1.0, reason="First."
            )
            add_member(tx, candidate, add_article(tx, article), match, now=now)
            recount(tx, candidate, now=now, providers=providers)
            made.append(candidate)
    return made


def serve(url: str, stored_at: str, folder: str, listener: socket.socket) -> None:
    """One web process."""
    with closing(Database(stored_at)) as database:
        app = create_app(Settings(data_dir=Path(folder), base_url=url), database, SystemClock())
        config = uvicorn.Config(app, log_config=None, lifespan="off", proxy_headers=False, timeout_graceful_shutdown=1)
        uvicorn.Server(config).run(sockets=[listener])


@contextmanager
def two_processes(stored_at: str, folder: str) -> Iterator[list[str]]:
    """Two web processes on one database."""
    context = multiprocessing.get_context("spawn")
    running, urls = [], []
    for _ in range(2):
        listener = socket.create_server(("127.0.0.1", 0))
        urls.append(f"http://127.0.0.1:{listener.getsockname()[1]}")
        running.append(context.Process(target=serve, args=(urls[-1], stored_at, folder, listener), daemon=True))
        running[-1].start()
        listener.close()
    try:
        yield urls
    finally:
        for process in running:
            process.terminate()
            process.join(10)


def sign_in(url: str, name: str, *, seed: int) -> Hand:
    """A browser in which `name` has signed in."""
    client = httpx.Client(base_url=url, trust_env=False, timeout=60)
    form = client.get("/desk/login").text
    sent = {"csrf": _value(form, "csrf"), "name": name, "password": PASSWORD}
    answer = client.post("/desk/login", data=sent, headers={"origin": url})
    if answer.status_code != 303:
        raise RuntimeError(f"{name} could not sign in: {answer.status_code}")
    return Hand(client=client, origin=url, chance=random.Random(seed))


def wait_for(urls: Sequence[str]) -> None:
    """Until all answer."""
    ends = time.monotonic() + 60
    for url in urls:
        while time.monotonic() < ends:
            try:
                if httpx.get(f"{url}/healthz", trust_env=False).status_code == 200:
                    break
            except httpx.TransportError:
                threading.Event().wait(0.2)


def main() -> None:
    """Play, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--decisions", type=int, default=1_000)
    parser.add_argument("--browsers", type=int, default=8)
    parser.add_argument("--database", default="")
    parser.add_argument("--seed", type=int, default=10)
    asked = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        database_url(asked.database, folder) as url,
        closing(Database(url)) as database,
    ):
        upgrade(database)
        names = [f"editor{n}-{secrets.token_hex(2)}" for n in range(asked.browsers)]
        for name in names:
            add_editor(database, SystemClock(), name, role=Role.EDITOR, password=PASSWORD)
        candidates = fill(database, max(4, asked.decisions // 25))
        with two_processes(url, folder) as urls:
            wait_for(urls)
            hands = [sign_in(urls[n % 2], name, seed=asked.seed + n) for n, name in enumerate(names)]
            began = time.monotonic()
            play(hands, candidates, decisions=asked.decisions)
            seconds = time.monotonic() - began
        print(said(judge(database, hands, candidates), hands=len(hands), seconds=seconds))


def said(tally: Tally, *, hands: int, seconds: float) -> str:
    """The figures, one line each."""
    strange = ", ".join(f"{count} × {status}" for status, count in tally.strange.items()) or "none"
    return "\n".join(
        (
            f"{tally.sent:,} forms from {hands} browsers, {tally.requests:,} requests in {seconds:.1f} s",
            f"{tally.decided:,} decided, {tally.refused:,} refused as stale or not allowed (409)",
            f"lost {tally.lost}, double {tally.double}, unasked {tally.unasked}; other answers: {strange}",
            "right" if tally.is_right else "WRONG",
        )
    )


if __name__ == "__main__":
    main()
