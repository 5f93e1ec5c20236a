"""What every page needs, read once when the application is made."""

from __future__ import annotations

from dataclasses import dataclass, field

from monitor.clock import SystemClock
from monitor.jobs.sign_on import OpenId
from monitor.jobs.sources_file import SourcesFile
from monitor.model import Clock, Codebook, Provider
from monitor.settings import Settings
from monitor.site.house import House
from monitor.stages.codebook import ProviderIndex
from monitor.store.database import Database
from monitor.web.outside import Outside


@dataclass(frozen=True, kw_only=True)
class Context:
    """The newsroom as the web sees it; hangs at `app.state.context`."""

    settings: Settings
    database: Database
    clock: Clock  # the newsroom's time
    codebook: Codebook
    providers: tuple[Provider, ...]
    index: ProviderIndex  # of `providers`, with the register of owners
    guide: str  # Markdown
    house: House  # as readers meet it
    sources: SourcesFile = field(default_factory=SourcesFile)  # the feeds.yaml that edits of the desk write
    outside: Outside  # the way out, for looking at an address before it is added
    machine: Clock = field(default_factory=SystemClock)  # sessions and throttles run by it, also in a demo
    openid: OpenId | None = None  # single sign-on, where it is set up
