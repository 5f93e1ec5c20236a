"""When each job runs: APScheduler ticks, and each tick takes what is due from the database.

The scheduler keeps nothing of its own: due times and leases live in our tables, so a restart goes on where it was and a
second daemon shares the work. Each job runs one instance at a time; a tick that was missed runs once, late (F9).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from monitor.clock import SystemClock
from monitor.errors import FaultyFile
from monitor.jobs.alerts import AlertReport, doors_to, raise_alerts
from monitor.jobs.announce import hub_doors
from monitor.jobs.bulks import BulkWork, Rules, carry_out
from monitor.jobs.calm import Calm
from monitor.jobs.claims import end_lapsed
from monitor.jobs.clean import CleanReport, clean
from monitor.jobs.data import make_data
from monitor.jobs.deduplicate import Memory, deduplicate
from monitor.jobs.digests import DigestReport, mail_doors, mail_server, write_digests
from monitor.jobs.extract import ExtractReport, extract
from monitor.jobs.filters import MatchReport, doors_of, tell_matches
from monitor.jobs.index import BUDGET, index
from monitor.jobs.language_model import Consultant, consult, endpoint_with_key, look_ahead
from monitor.jobs.learn import LearnReport, teach
from monitor.jobs.mailbox import Passwords
from monitor.jobs.meaning import Meaning
from monitor.jobs.news import age_news
from monitor.jobs.outbox import OutboxReport, deliver
from monitor.jobs.poll import poll
from monitor.jobs.publish import Timer, publish
from monitor.jobs.push import read_pushes
from monitor.jobs.relevance import judge_grown
from monitor.jobs.sections import Section
from monitor.jobs.sections.pages import Pages
from monitor.jobs.sources_file import SourcesFile
from monitor.jobs.standing import judge_due
from monitor.jobs.subscribe import subscribe
from monitor.jobs.sync import sync
from monitor.jobs.webhooks import AnnounceReport, announce, webhook_doors
from monitor.jobs.weights import WeighReport, adopt_file, weigh
from monitor.jobs.workers import Workers
from monitor.log import get_log
from monitor.model import Clock
from monitor.net.client import Fetcher, user_agent
from monitor.net.language_model import converse
from monitor.net.notify import Notifier
from monitor.net.smtp import MailServer, Postman
from monitor.settings import Settings
from monitor.site.house import House
from monitor.stages.codebook import ProviderIndex
from monitor.stages.dataset import read_licence
from monitor.stages.hub import can_be_called
from monitor.stages.syndicate import Site
from monitor.store.database import Database

log = get_log()

EXTRACT_BATCH = 40  # entries a tick: a burst of news must not hold back the steps after it
DEDUPLICATE_BATCH = 400  # articles a tick
RENDER_SECONDS = 20.0  # of a tick for what is rendered whole; what is new goes first all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Seconds of the machine's time between ticks; a tick that finds nothing due costs one query."""

    poll: float = 5.0
    extract: float = 5.0
    deduplicate: float = 5.0
    publish: float = 2.0
    sync: float = 30.0
    push: float = 5.0
    judge: float = 5.0
    subscribe: float = 30.0
    alerts: float = 3600.0
    matches: float = 30.0
    weigh: float = 5.0
    outbox: float = 10.0
    clean: float = 86_400.0
    bulks: float = 1.0  # an editor watches
    claims: float = 15.0
    index: float = 5.0
    learn: float = 20.0
    digests: float = 60.0
    mail: float = 10.0
    announce: float = 5.0
    webhooks: float = 5.0
    data: float = 30.0
    news: float = 600.0
    consult: float = 10.0
    look_ahead: float = 60.0


# Beside a simulated press.
BRISK = Rhythm(poll=0.5, extract=0.5, deduplicate=0.5, publish=1.0, sync=5.0, push=0.5, judge=1.0, subscribe=1.0)


class Daemon:
    """The jobs of one process. `start()` returns at once; `stop()` within seconds, leaving nothing to repair (F15)."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        clock: Clock,
        *,
        owner: str,
        sources: SourcesFile,
        site: Site,
        sections: Sequence[Section] = (),
        house: House | None = None,
        providers: ProviderIndex,
        rhythm: Rhythm | None = None,
        on_nothing_reached: Callable[[], None] = lambda: None,
    ) -> None:
        """`sections` are all that the publication tree has; without any it is left alone. Without a `house` no files of
        data are made.

        `on_nothing_reached` is called once if a whole round of polls met no server at all."""
        self._settings = settings
        self._database = database
        self._calm = Calm(database)
        self._clock = clock
        self._owner = owner
        self._sources = sources
        self._site = site
        self._sections = sections
        self._house = house
        self._providers = providers
        self._rules = Rules(base_url=site.base_url, codebook=site.codebook, providers=providers)
        self._rhythm = rhythm or Rhythm()
        self._on_nothing_reached = on_nothing_reached
        self._is_first_round_over = False
        self._memory = Memory(meaning=Meaning.installed(is_wanted=settings.meaning != "off"))
        self._sources_seen: tuple[str, int, int] | None = None
        self._stopping = threading.Event()
        self._fetcher = Fetcher(
            user_agent=user_agent(settings.contact, settings.base_url),
            clock=clock,
            allow=settings.allow_addresses,
            find_password=Passwords(settings.secrets_dir, os.environ),
        )
        self._consultant = self._find_consultant()
        self._workers = Workers(settings.workers)
        self._notifier = Notifier()
        self._scheduler = BackgroundScheduler(
            executors={"default": ThreadPoolExecutor(12)},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            timezone="UTC",
        )

    def start(self) -> None:
        """Begin to tick, at once: the scheduler keeps the machine's time, the jobs the newsroom's."""
        jobs: dict[str, Callable[[], object]] = {
            "sync": self._sync,
            "poll": self._poll,
            "extract": self._extract,
            "deduplicate": self._deduplicate,
            "publish": self._publish,
            "push": self._push,
            "judge": self._judge,
            "alerts": self._alerts,
            "matches": self._matches,
            "weigh": self._weigh,
            "outbox": self._outbox,
            "clean": self._clean,
            "index": self._index,
            "learn": self._learn,
            "bulks": self._bulks,
            "claims": self._claims,
            "announce": self._announce,
            "webhooks": self._webhooks,
        }
        if self._house is not None:
            jobs |= {"data": self._data, "news": self._news}
        settings = self._settings
        if self._consultant is not None:
            jobs |= {"look_ahead": self._look_ahead, "consult": self._consult}
        adopt_file(self._database, self._clock, settings.weights)
        if settings.push != "off" and can_be_called(settings.base_url, settings.allow_addresses):
            jobs["subscribe"] = self._subscribe
        if settings.smtp_host:
            jobs |= {"digests": self._digests, "mail": self._mail}
            self._mail_server()  # a wrong setting is said at the start
        for name, job in jobs.items():
            seconds = getattr(self._rhythm, name)
            self._scheduler.add_job(
                self._guarded, "interval", args=(name, job), seconds=seconds, id=name, next_run_time=SystemClock().now()
            )
        self._scheduler.start()

    def stop(self) -> None:
        """Stop ticking, abandon what is under way (its leases are given back or run out) and let go of everything."""
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        self._fetcher.close()
        self._workers.close()
        self._notifier.close()

    def _guarded(self, name: str, job: Callable[[], object]) -> None:
        if self._stopping.is_set() or self._calm.is_away():
            return
        try:
            job()
        except Exception as error:  # the boundary of a tick: the next one tries again
            if not self._stopping.is_set() and not self._calm.note(error):
                log.exception("job failed", job=name)

    def _sync(self) -> None:
        path = self._sources.followed()
        try:
            stat = path.stat()
        except FileNotFoundError:
            return
        seen = (str(path), stat.st_mtime_ns, stat.st_size)
        if self._sources_seen is None:  # read at the start, by whoever started us
            self._sources_seen = seen
        if seen == self._sources_seen:
            return
        try:
            report = sync(self._database, self._clock, path=path, providers=self._providers.ids)
        except FaultyFile as error:
            log.error("feeds.yaml refused, going on with the sources as they were", complaints=str(error))
        else:
            log.info("sources changed", report=str(report))
        self._sources_seen = seen  # also where it was refused; not where the database took nothing

    def _poll(self) -> None:
        report = poll(self._database, self._clock, self._fetcher, self._workers, owner=self._owner)
        if report.lines:
            log.info("polled", sources=len(report.lines), new=report.new_entry_count, failures=report.failure_count)
        if report.lines and not self._is_first_round_over and not self._stopping.is_set():
            self._is_first_round_over = True
            if report.is_nothing_reached:
                self._on_nothing_reached()

    def _extract(self) -> None:
        while not self._stopping.is_set():
            report = extract(
                self._database,
                self._clock,
                self._fetcher,
                self._workers,
                owner=self._owner,
                providers=self._providers,
                limit=EXTRACT_BATCH,
            )
            if report == ExtractReport():
                return
            log.info("extracted", report=str(report))

    def _deduplicate(self) -> None:
        report = deduplicate(
            self._database,
            self._clock,
            owner=self._owner,
            providers=self._providers,
            limit=DEDUPLICATE_BATCH,
            memory=self._memory,
        )
        if report.article_count or report.failed_count:
            log.info("grouped", articles=report.article_count, opened=report.opened_count, failed=report.failed_count)
        if report.article_count:
            judge_grown(self._database, is_stopping=self._stopping.is_set)

    def _publish(self) -> None:
        report = publish(
            self._database,
            self._clock,
            public_dir=self._settings.public_dir,
            site=self._site,
            providers=self._providers,
            sections=self._sections,
            is_thorough=False,
            has_time=self._slot(RENDER_SECONDS),
        )
        if report.published_count or report.failed_count:
            log.info("published", revisions=report.published_count, failed=report.failed_count)

    def _slot(self, seconds: float) -> Callable[[], bool]:
        """Whether a job that can stop in between has time: less than `seconds` went by, and nobody says stop."""
        timer = Timer(seconds)
        return lambda: timer.has_time() and not self._stopping.is_set()

    def _push(self) -> None:
        report = read_pushes(self._database, self._clock, self._workers, owner=self._owner)
        if report.source_count or report.failed_count:
            log.info("deliveries read", report=str(report))

    def _judge(self) -> None:
        while not self._stopping.is_set() and judge_due(self._database, self._clock):
            pass

    def _subscribe(self) -> None:
        report = subscribe(self._database, self._clock, self._fetcher, base_url=self._settings.base_url)
        if report.asked_count or report.left_count:
            log.info("hubs asked", report=str(report))

    def _clean(self) -> None:
        if (report := clean(self._database, self._clock)) != CleanReport():
            log.info("cleaned", report=str(report))

    def _index(self) -> None:
        report = index(
            self._database, self._clock, providers=self._providers, budget=BUDGET, is_stopping=self._stopping.is_set
        )
        if report.total:
            log.info("taken into search", documents=report.total, is_done=report.is_done)

    def _learn(self) -> None:
        while not self._stopping.is_set():
            report = teach(self._database, self._clock)
            if report == LearnReport():
                return
            log.info("learnt", report=str(report))

    def _bulks(self) -> None:
        work = carry_out(
            self._database, self._clock, owner=self._owner, rules=self._rules, is_stopping=self._stopping.is_set
        )
        if work != BulkWork():
            log.info("decided in bulk", bulks=work.bulk_count, decided=work.decided_count, left=work.left_count)

    def _claims(self) -> None:
        if ended := end_lapsed(self._database, self._clock):
            log.info("claims ended by time", claims=ended)

    def _alerts(self) -> None:
        settings = self._settings
        report = raise_alerts(
            self._database,
            self._clock,
            addresses=settings.alerts,
            base_url=settings.base_url,
            newsroom=settings.newsroom,
        )
        if report != AlertReport():
            log.info("operator told", report=str(report))

    def _weigh(self) -> None:
        names = {p.id: p.name for p in self._site.providers}
        while not self._stopping.is_set():
            report = weigh(self._database, self._clock, names=names)
            if report == WeighReport():
                return
            log.info("weighed", report=str(report))

    def _find_consultant(self) -> Consultant | None:
        """Whom to ask for suggestions; None, and no job, where no endpoint is named."""
        settings = self._settings
        endpoint = endpoint_with_key(settings.language_model, settings.language_model_key)
        if not endpoint.is_on:
            return None
        agent = user_agent(settings.contact, settings.base_url)
        return Consultant(
            endpoint=endpoint,
            codebook=self._site.codebook,
            providers=self._providers,
            converse=lambda body, now: converse(endpoint, body, user_agent=agent, now=now),
        )

    def _look_ahead(self) -> None:
        if self._consultant is not None:
            look_ahead(self._database, self._clock, self._consultant)

    def _consult(self) -> None:
        if self._consultant is None:
            return
        machine = SystemClock()  # a budget of a day is a day of the endpoint's, also in a demo
        report = consult(
            self._database, machine, self._consultant, owner=self._owner, is_stopping=self._stopping.is_set
        )
        if report.answered_count or report.failed_count:
            log.info("language model asked", report=str(report))

    def _matches(self) -> None:
        settings = self._settings
        report = tell_matches(
            self._database,
            self._clock,
            newsroom_addresses=settings.alerts,
            folder=settings.secrets_dir,
            base_url=settings.base_url,
            newsroom=settings.newsroom,
            providers={p.id: p.name for p in self._site.providers},
            index=self._rules.providers,
        )
        if report != MatchReport():
            log.info("saved filters told", report=str(report))

    def _outbox(self) -> None:
        settings = self._settings
        doors = doors_to(settings.alerts, self._notifier)
        doors |= doors_of(self._database, settings.alerts, settings.secrets_dir, self._notifier)
        doors |= hub_doors(self._site, self._fetcher)
        report = deliver(self._database, self._clock, doors, owner=self._owner) if doors else OutboxReport()
        if report != OutboxReport():
            log.info("messages sent", report=str(report))

    def _digests(self) -> None:
        report = write_digests(self._database, self._clock, site=self._site, hour=self._settings.digest_hour)
        if report != DigestReport():
            log.info("digests written", report=str(report))

    def _mail_server(self) -> MailServer:
        settings = self._settings
        return mail_server(
            host=settings.smtp_host,
            port=settings.smtp_port,
            security=settings.smtp_security,
            user=settings.smtp_user,
            password=settings.smtp_password,
            sender=settings.smtp_from,
            name=settings.newsroom,
        )

    def _mail(self) -> None:
        with Postman(self._mail_server()) as postman:
            doors = mail_doors(self._database, self._clock, site=self._site, postman=postman)
            while not self._stopping.is_set():
                report = deliver(self._database, self._clock, doors, owner=self._owner)
                if report != OutboxReport():
                    log.info("letters sent", report=str(report))
                if not report.delivered_count:
                    return

    def _announce(self) -> None:
        while not self._stopping.is_set():
            report = announce(self._database, self._clock, site=self._site)
            if report == AnnounceReport():
                return
            log.info("publications announced", report=str(report))

    def _webhooks(self) -> None:
        settings = self._settings
        doors = webhook_doors(
            self._database, self._clock, self._fetcher, alerts=settings.alerts, base_url=settings.base_url
        )
        report = deliver(self._database, self._clock, doors, owner=self._owner) if doors else OutboxReport()
        if report != OutboxReport():
            log.info("webhooks told", report=str(report))

    def _news(self) -> None:
        for section in self._sections:
            if isinstance(section, Pages):
                age_news(self._database, self._clock, public_dir=self._settings.public_dir, pages=section)

    def _data(self) -> None:
        assert self._house is not None
        report = make_data(
            self._database,
            self._clock,
            public_dir=self._settings.public_dir,
            house=self._house,
            licence=read_licence(self._settings.data_licence),
            every=timedelta(minutes=self._settings.data_minutes),
        )
        if report.file_count:
            log.info("data files made", report=str(report))
