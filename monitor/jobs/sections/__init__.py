"""The sections of the publication tree: what documents there are, said by one module each.

A section is added here, in the order in which its documents are written: what is led to before what leads there.
"""

from __future__ import annotations

from monitor.jobs.sections.assets import Assets
from monitor.jobs.sections.feeds import Feeds
from monitor.jobs.sections.pages import Pages
from monitor.jobs.sections.section import House as House
from monitor.jobs.sections.section import Section as Section


def sections_of(house: House) -> tuple[Section, ...]:
    """All sections of this newsroom; made once by a process, for their versions are worked out then."""
    return (Assets(), Feeds(house), Pages(house))
