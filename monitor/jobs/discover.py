"""discover: an address a person names → the ways in which it can be followed, best first. Nothing is stored.

The address itself is asked whatever robots.txt says: naming it is an operator's own act, as in a browser. What nobody
named, Monitor's guesses at usual places, goes out only where robots.txt lets us. All of it passes through the one
client, in its hosts' slots, at most MOST_REQUESTS times.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from monitor.jobs.workers import Workers
from monitor.model import (
    Clock,
    Discovery,
    Entry,
    Failed,
    Failure,
    Fetched,
    FetchOutcome,
    FetchRequest,
    Finding,
    Gone,
    Kind,
    ParsedFeed,
    Progress,
    Throttled,
    Unparsable,
    no_progress,
)
from monitor.net.client import Fetcher
from monitor.stages.address import url_fault
from monitor.stages.canonical import canonical_url, cut, registrable_domain
from monitor.stages.discover import (
    MOST_SITEMAPS,
    Robots,
    complete_url,
    has_scheme,
    is_comments,
    is_status_feed,
    newest,
    ranked,
    robots_url,
    sniff_kind,
    status_urls,
    suggest_id,
    suggest_name,
    usual_urls,
    why_found,
)
from monitor.stages.survey import Alternate, Survey, read_language

MOST_REQUESTS = 16  # for one address, robots.txt and redirects apart
MOST_ALTERNATES = 5  # of the feeds that a page names, those that are looked at
SHOWN = 5  # entries of a finding

_SURVEY_PAGE = "monitor.stages.survey:survey_page"
_MAX_BODY = 10_000_000
_ACCEPT = (
    "application/atom+xml, application/rss+xml, application/feed+json, text/html;q=0.9, application/xml;q=0.8, "
    "text/xml;q=0.8, */*;q=0.5"
)
_UNREACHED = (Failure.CONNECT, Failure.TLS)

_KEEP_OUT = (Failure.SERVER_ERROR, Failure.TIMEOUT)  # robots.txt cannot be read for now: nothing is guessed (RFC 9309)


def discover(
    fetcher: Fetcher,
    workers: Workers,
    *,
    url: str,
    clock: Clock,  # noqa: ARG001 - part of every job's call; nothing here depends on the time yet
    selector: str | None = None,
    progress: Progress = no_progress,
) -> Discovery:
    """What the address can be followed as; where nothing was found, `why` is a sentence. Raises nothing for the web.

    With a `selector` the address is taken for a page, and what the selector finds is the first finding.
    """
    asked, fault = complete_url(url)
    if fault is not None:
        return Discovery(url=asked, why=fault[0].upper() + fault[1:] + ".")
    if asked.startswith(("imap:", "imaps:")):
        return _mailbox(asked)
    return _Search(fetcher, workers, asked, selector, progress).run(is_scheme_known=has_scheme(url))


def _mailbox(url: str) -> Discovery:
    """A mailbox is what it says it is; whether it opens shows once its password is there."""
    if fault := url_fault(url, Kind.MAILBOX):
        return Discovery(url=url, why=fault[0].upper() + fault[1:] + ".")
    finding = Finding(
        kind=Kind.MAILBOX,
        url=url,
        format="mailbox",
        suggested_id=suggest_id(name="", url=url, kind=Kind.MAILBOX),
        suggested_name=f"Mail at {registrable_domain(url)}",
        suggested_domain=registrable_domain(url),
        why="the address names a mailbox; it was not opened",
    )
    return Discovery(url=url, found=(finding,), why="A mailbox: its password is asked for when it is added.")


@dataclass(slots=True)
class _Search:
    """One address, and what is known of it so far."""

    fetcher: Fetcher
    workers: Workers
    asked: str
    selector: str | None
    progress: Progress
    found: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)  # addresses that were asked
    request_count: int = 0
    is_silenced: bool = False  # a host asked for silence: no more guesses

    def run(self, *, is_scheme_known: bool) -> Discovery:
        """Ask the address, then whatever it leads to."""
        outcome = self._ask(self.asked)
        if isinstance(outcome, Failed) and outcome.kind in _UNREACHED and not is_scheme_known:
            self.asked = "http:" + self.asked.removeprefix("https:")
            outcome = self._ask(self.asked)
        if not isinstance(outcome, Fetched):
            return Discovery(url=self.asked, why=_unanswered(outcome))
        why = self._follow(outcome)
        found = ranked(self.found, asked=self.asked)
        if self.selector is not None:
            found = tuple(sorted(found, key=lambda finding: finding.selector != self.selector))
        return Discovery(
            url=self.asked, found=found, why="" if found else why, notes=tuple(self.notes) if found else ()
        )

    def _follow(self, fetched: Fetched) -> str:
        """Everything that the answer leads to; why nothing was found, where nothing was."""
        kind = sniff_kind(fetched.body, fetched.content_type)
        if self.selector is not None or kind is Kind.PAGE:
            return self._follow_page(fetched)
        if kind is None:
            return f"{fetched.final_url} is neither a feed nor a sitemap nor a page ({_kind_of(fetched)})."
        problem = self._try(fetched, kind, how="the address itself", survey=Survey())
        return f"{fetched.final_url} looks like a {kind.value}, but cannot be read: {problem}." if problem else ""

    def _follow_page(self, fetched: Fetched) -> str:
        url = fetched.final_url
        survey = self.workers.submit(_SURVEY_PAGE, fetched.body, url=url, content_type=fetched.content_type).result()
        if isinstance(survey, Unparsable):
            return f"{url} cannot be read: {survey.detail}."
        assert isinstance(survey, Survey)
        if self.selector is None:
            self._try_alternates(survey)
            if survey.is_status:
                self._try_first(status_urls(url), how="where status pages have their feed", survey=survey)
            if not self._has_feed():
                self._guess(url, survey)
        self._take_page(fetched, survey)
        return self._why_nothing(url, survey)

    # --- feeds that the page names, or may have -----------------------------------------------------------------

    def _try_alternates(self, survey: Survey) -> None:
        home = registrable_domain(self.asked)
        announced = sorted(
            survey.alternates,
            key=lambda each: (
                "comment" in f"{each.url} {each.title}".lower(),
                each.form == "link",
                registrable_domain(each.url) != home,
            ),
        )
        for alternate in announced[:MOST_ALTERNATES]:
            if alternate.form == "link" and self._has_feed():
                break
            named = "the page announces it" if alternate.form != "link" else "the page links to it"
            self._ask_and_try(alternate.url, how=named, survey=survey, alternate=alternate)

    def _guess(self, url: str, survey: Survey) -> None:
        """Where feeds usually are, then the sitemaps that robots.txt names; where it lets us (P21)."""
        outcome = self._ask(robots_url(url), accept="text/plain, */*;q=0.1", max_bytes=512_000)
        is_kept_out = isinstance(outcome, Throttled) or (isinstance(outcome, Failed) and outcome.kind in _KEEP_OUT)
        robots = Robots(outcome.body if isinstance(outcome, Fetched) else b"")
        if not robots.allows(url):
            self.notes.append(
                "robots.txt asks crawlers to stay away from this page: whether to follow it is yours to say"
            )
        if is_kept_out:
            return
        self._try_first(
            [each for each in usual_urls(url, survey) if robots.allows(each)],
            how="found at a usual place; the page does not name it",
            survey=survey,
        )
        if self._has_feed():
            return
        sitemaps = robots.sitemaps(url)
        for sitemap in sitemaps[:MOST_SITEMAPS]:
            self._ask_and_try(sitemap, how="robots.txt names it", survey=survey)
        if len(sitemaps) > MOST_SITEMAPS:
            self.notes.append(f"robots.txt names {len(sitemaps)} sitemaps; {MOST_SITEMAPS} were looked at")

    def _try_first(self, urls: Iterable[str], *, how: str, survey: Survey) -> None:
        """Until one of them is a feed."""
        for url in urls:
            if self.is_silenced:
                return
            before = len(self.found)
            self._ask_and_try(url, how=how, survey=survey)
            if len(self.found) > before:
                return

    def _ask_and_try(self, url: str, *, how: str, survey: Survey, alternate: Alternate | None = None) -> None:
        key = canonical_url(url) or url
        if key in self.seen or self.request_count >= MOST_REQUESTS or self.is_silenced:
            return
        outcome = self._ask(url)
        if not isinstance(outcome, Fetched):
            if alternate is not None:
                self.notes.append(f"{url} is named as a feed, but {_unanswered(outcome)}")
            return
        kind = sniff_kind(outcome.body, outcome.content_type)
        problem = (
            None if kind in (None, Kind.PAGE) else self._try(outcome, kind, how=how, survey=survey, alternate=alternate)
        )
        if alternate is not None and (kind in (None, Kind.PAGE) or problem):
            self.notes.append(f"{url} is named as a feed, but is none" + (f": {problem}" if problem else ""))

    # --- what an answer is --------------------------------------------------------------------------------------

    def _try(
        self, fetched: Fetched, kind: Kind | None, *, how: str, survey: Survey, alternate: Alternate | None = None
    ) -> str | None:
        """Take the answer for a finding; what is wrong with it, where that fails."""
        assert kind is not None
        url = fetched.final_url if _is_lasting(fetched) else fetched.url
        read = self._read(fetched, kind)
        if isinstance(read, Unparsable):
            return read.detail
        if kind is Kind.FEED and is_status_feed(read, url):
            kind, read = Kind.STATUS, self._as_status(fetched, read)
        sample, count = read.entries, len(read.entries)
        if read.parts:
            sample, count = self._newest_part(read), 0
        is_said_by_readers = kind is Kind.FEED and is_comments(alternate, read, url)
        self.found.append(
            self._finding(
                kind,
                url,
                read,
                survey=survey,
                entries=newest(sample, SHOWN),
                entry_count=count,
                why=why_found(kind, read, how=how, count=count, is_comments=is_said_by_readers),
            )
        )
        return None

    def _read(self, fetched: Fetched, kind: Kind) -> ParsedFeed | Unparsable:
        reading = self.workers.read_document(
            fetched.body, kind=kind, selector=self.selector, url=fetched.final_url, content_type=fetched.content_type
        )
        return reading.result()

    def _as_status(self, fetched: Fetched, feed: ParsedFeed) -> ParsedFeed:
        read = self._read(fetched, Kind.STATUS)
        return feed if isinstance(read, Unparsable) else read

    def _newest_part(self, index: ParsedFeed) -> tuple[Entry, ...]:
        """The entries of the part that changed last, to show what the index leads to."""
        part = max(index.parts, key=lambda each: each.modified or "")
        outcome = self._ask(part.url)
        if not isinstance(outcome, Fetched):
            return ()
        read = self._read(outcome, Kind.SITEMAP)
        return () if isinstance(read, Unparsable) else read.entries

    def _take_page(self, fetched: Fetched, survey: Survey) -> None:
        """The page itself as a source, where it lists something."""
        used = self.selector or next((proposal.selector for proposal in survey.proposals), None)
        if used is None:
            return
        read = self.workers.read_document(
            fetched.body,
            kind=Kind.PAGE,
            selector=used,
            url=fetched.final_url,
            content_type=fetched.content_type,
        ).result()
        if isinstance(read, Unparsable):
            self.notes.append(read.detail)
            return
        if not read.entries and self.selector is None:
            return
        proposal = next((each for each in survey.proposals if each.selector == used), None)
        given = f"your selector finds {len(read.entries)} links"
        finding = self._finding(
            Kind.PAGE,
            fetched.final_url if _is_lasting(fetched) else fetched.url,
            read,
            survey=survey,
            entries=read.entries[:SHOWN],
            entry_count=len(read.entries),
            why=f"the page itself: {proposal.why if proposal and self.selector is None else given}",
        )
        self.found.append(replace(finding, selector=used, proposals=survey.proposals))

    def _finding(
        self,
        kind: Kind,
        url: str,
        read: ParsedFeed,
        *,
        survey: Survey,
        entries: tuple[Entry, ...],
        entry_count: int,
        why: str,
    ) -> Finding:
        name = suggest_name(title=read.title or survey.title, site_name=survey.site_name, url=url, kind=kind)
        return Finding(
            kind=kind,
            url=url,
            title=read.title or survey.title,
            language=read_language(read.language) or survey.language,
            format=read.format,
            suggested_id=suggest_id(name=name, url=url, kind=kind),
            suggested_name=name,
            suggested_domain=registrable_domain(url),
            entry_count=entry_count,
            entries=entries,
            why=why,
            notes=read.notes,
        )

    def _has_feed(self) -> bool:
        return any(finding.kind in (Kind.FEED, Kind.STATUS) and finding.entry_count for finding in self.found)

    def _why_nothing(self, url: str, survey: Survey) -> str:
        reasons = [f"{url} is a page that names no feed"]
        if survey.link_count < 3:
            reasons.append(
                "it has no list of links (it may appear only once scripts have run, which Monitor does not do)"
            )
        else:
            reasons.append(f"none of its {survey.link_count} links look like a list of articles")
        return "; ".join((*reasons, *self.notes)) + ". A CSS selector of your own may find one."

    # --- the web ------------------------------------------------------------------------------------------------

    def _ask(self, url: str, *, accept: str = _ACCEPT, max_bytes: int = _MAX_BODY) -> FetchOutcome:
        self.seen.add(canonical_url(url) or url)
        self.request_count += 1
        outcome = self.fetcher.submit(FetchRequest(url=url, accept=accept, max_bytes=max_bytes)).result()
        self.is_silenced = self.is_silenced or isinstance(outcome, Throttled)
        self.progress(self.request_count, max(self.request_count, MOST_REQUESTS // 2))
        return outcome


# --- sentences --------------------------------------------------------------------------------------------------


def _unanswered(outcome: FetchOutcome) -> str:
    match outcome:
        case Failed(kind=Failure.NOT_FOUND):
            return "there is nothing at this address: it answered 404."
        case Failed(detail=detail, kind=kind):
            return f"the address could not be read ({kind.value}): {detail}."
        case Throttled(host=host):
            return f"{host} asks to wait: try again later."
        case Gone():
            return "the address says that it is gone for good (410)."
        case _:
            return "the address gave no document."


def _is_lasting(fetched: Fetched) -> bool:
    """Whether the redirects on the way are all permanent, so that the target is the address to keep."""
    return all(hop.status in (301, 308) for hop in fetched.hops)


def _kind_of(fetched: Fetched) -> str:
    return cut(fetched.content_type or "no content type", 80)
