"""The newsroom as its readers meet it, by what its settings say."""

from __future__ import annotations

from monitor.jobs.house import read_house
from monitor.jobs.rulebook import Rulebook
from monitor.settings import Settings
from monitor.site.house import House
from monitor.stages.syndicate import Site


def site_of(settings: Settings, rules: Rulebook) -> Site:
    """What published feeds and pages say of the newsroom."""
    return Site(
        name=settings.newsroom,
        base_url=settings.base_url,
        codebook=rules.codebook,
        providers=rules.providers,
        hub=settings.hub,
    )


def house_of(settings: Settings, rules: Rulebook) -> House:
    """The newsroom's words and look; raises Unconfigured and FaultyFile."""
    return read_house(
        site_of(settings, rules),
        rules.guide,
        colours=settings.colours,
        logo=settings.logo,
        picture=settings.picture,
        footer=settings.footer,
        templates=settings.templates,
        has_digests=bool(settings.smtp_host and settings.smtp_from),
    )
