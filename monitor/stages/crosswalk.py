"""The ids of the same event in other databases of incidents: how an editor may write them, and where they lead.

AIID numbers its incidents (incidentdatabase.ai/cite/123). The OECD's AI Incidents Monitor names each by a day and four
signs (oecd.ai/en/incidents/2024-05-14-1a2b). The AIAAIC repository numbers its entries (AIAAIC1234) and has a page
for each under another name. What these databases come to name otherwise is kept by its address: none of them promises
its form, and an editor is never held up by ours.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from monitor.stages.markup import linkable_url

AIID, OECD_AIM, AIAAIC = "aiid", "oecd-aim", "aiaaic"
DATABASES = {
    AIID: "AI Incident Database",
    OECD_AIM: "OECD AI Incidents Monitor",
    AIAAIC: "AIAAIC Repository",
}
MOST = 20  # ids of one wire
_AIAAIC_PAGES = "https://www.aiaaic.org/aiaaic-repository/ai-algorithmic-and-automation-incidents/"
_NUMBER = re.compile(r"#?0*([1-9][0-9]{0,5})")
_DAY = re.compile(r"((?:19|20)[0-9]{2}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])-[0-9a-z]{4})")
_AIAAIC_NUMBER = re.compile(r"(?:AIAAIC[ -]?)?0*([1-9][0-9]{0,5})", re.IGNORECASE)
_SLUG = re.compile(r"(?=.*[^\W\d])[^\W_]+(?:[-_]+[^\W_]+)*")
_HOSTS = {"incidentdatabase.ai": AIID, "oecd.ai": OECD_AIM, "aiaaic.org": AIAAIC}
_LENGTH = 200  # characters of an id


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """The same event in another database."""

    database: str  # of DATABASES
    id: str  # its address, where that is in no form that we know
    url: str | None  # of its page there; None where its number alone does not say

    @property
    def key(self) -> str:
        """As a wire keeps it: "aiid:123"."""
        return f"{self.database}:{self.id}"


def read_crosswalk(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an editor typed, ids or addresses between spaces or commas → the ids as kept, and what is none of them."""
    found, bad = dict[str, None](), []
    for word in re.split(r"[\s,;]+", text.strip()):
        if not word:
            continue
        one = read_id(word)
        if one is None:
            bad.append(word)
        else:
            found[one.key] = None
    return tuple(found), tuple(bad)


def crosswalk_words(text: str) -> tuple[str, ...]:
    """As a draft keeps what was typed: ids in their one spelling, and what is none as it stands, to be named."""
    found, bad = read_crosswalk(text)
    return tuple(dict.fromkeys((*found, *(word[:200] for word in bad))))[:MOST]


def read_id(word: str) -> Elsewhere | None:
    """One id ("aiid:123", "oecd-aim:2024-05-14-1a2b", "AIAAIC1234") or the address of its page; None for others."""
    database, mark, given = word.partition(":")
    if mark and not given.startswith("//"):
        return of_parts(database, given)
    if mark:
        return _of_url(word)
    return of_parts(AIAAIC, word) if word.upper().startswith("AIAAIC") else None


def of_parts(database: str, given: str) -> Elsewhere | None:
    """The id of a database, or the address of a page of it, in its one spelling; None where it cannot be one."""
    name = database.strip().lower().replace("_", "-")
    if "://" in given:
        named = _of_url(given.strip())
        is_there = named is not None and named.database in {name, f"oecd-{name}", f"{name}-aim"}
        return named if is_there else None
    match name:
        case "aiid" if found := _NUMBER.fullmatch(given.strip()):
            return Elsewhere(database=AIID, id=found[1], url=f"https://incidentdatabase.ai/cite/{found[1]}")
        case "oecd" | "aim" | "oecd-aim" if found := _DAY.fullmatch(given.strip().lower()):
            return Elsewhere(database=OECD_AIM, id=found[1], url=f"https://oecd.ai/en/incidents/{found[1]}")
        case "aiaaic" if found := _AIAAIC_NUMBER.fullmatch(given.strip()):
            return Elsewhere(database=AIAAIC, id=f"AIAAIC{found[1].zfill(4)}", url=None)
        case "aiaaic" if len(given) <= _LENGTH and _SLUG.fullmatch(given.strip()):
            return Elsewhere(database=AIAAIC, id=given.strip(), url=_AIAAIC_PAGES + quote(given.strip()))
    return None


def elsewhere(keys: Iterable[str]) -> tuple[Elsewhere, ...]:
    """What the ids that a wire keeps mean; one that no longer reads is left out."""
    return tuple(found for key in keys if (found := read_id(key)) is not None)


def same_as(keys: Iterable[str]) -> tuple[str, ...]:
    """The pages of the same event elsewhere: for schema.org's sameAs."""
    return tuple(found.url for found in elsewhere(keys) if found.url is not None)


def _of_url(url: str) -> Elsewhere | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    database = _HOSTS.get((parts.hostname or "").removeprefix("www."))
    steps = [unquote(step) for step in parts.path.split("/") if step]
    found = None
    match database, steps:
        case "aiid", [*_, "cite", number]:
            found = of_parts(AIID, number)
        case "oecd-aim", [*_, "incidents", given]:
            found = of_parts(OECD_AIM, given)
        case "aiaaic", [_, _, given]:
            found = of_parts(AIAAIC, given)
    if found is not None or database is None or len(steps) < 2 or len(url) > _LENGTH:
        return found
    address = linkable_url(url)
    return None if address is None else Elsewhere(database=database, id=address, url=address)
