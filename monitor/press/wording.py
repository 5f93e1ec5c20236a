"""House style: how one outlet words what another words otherwise.

Each telling draws one way for every line of the table and keeps to it, so that two independent tellings of one fact
share few runs of words. Quotations are left alone.
"""

from __future__ import annotations

import random
import re
from functools import cache

_TABLE = """
an assistant / a chatbot / an AI assistant
the assistant / the chatbot / the bot / the AI helper
the program / the software / the system
the software / the program / the tool
the company / the firm / the provider
a company / a firm / a business
the firm / the company / the business
the maker / the manufacturer / the developer
a picture / an image / a photo
the picture / the image / the shot
pictures / images / shots
photographs / photos / pictures
nobody / no one / not a soul
because / since / as
although / even though / while
almost / nearly / close to
at least / no fewer than / not less than
more than / over / upwards of
only / just / merely
a person / a human / a human being
children / youngsters / minors
pupils / schoolchildren / students
police / officers / investigators
doctors / physicians / medical staff
customers / clients / users
employees / staff / workers
workers / staff / employees
crowns / Aldermark crowns / kr
began / started / set in
ended / stopped / came to an end
had been / was / turned out to have been
noticed / spotted / realised
received / got / obtained
sent / dispatched / passed on
paid / handed over / spent
removed / taken down / deleted
switched off / turned off / deactivated
was meant / was supposed / had been intended
is meant / is supposed / is intended
three / 3 / three
four / 4 / four
five / 5 / five
seven / 7 / seven
nine / 9 / nine
ten / 10 / ten
eleven / 11 / eleven
twelve / 12 / a dozen
the Data Protection Board / the privacy regulator / the country's data protection authority
the Office for Machine Safety / the machine safety regulator / the OMS
the Devices Inspectorate / the medical devices watchdog / the inspectorate for medicines and devices
the High Court / the country's High Court / Aldermark's High Court
for the time being / for now / at present
according to / in the words of / going by
an hour / one hour / sixty minutes
a week / seven days / one week
a year / twelve months / one year
in spring / this spring / in the spring
in summer / over the summer / last summer
by hand / manually / the old way
still / even now / to this day
now / by now / at this point
again / once more / anew
several / a number of / various
often / frequently / time and again
mistake / error / slip
fault / defect / flaw
the town / the municipality / the place
the council / the local authority / the town hall
the city / the capital / the municipality
has been / was
have been / were
two / 2
six / 6
per cent / percent
says / states
said / stated
wants / would like
found / discovered
could not / was not able to
every / each
used / relied on
hospital / infirmary
"""
_QUOTED = re.compile(r'("[^"]*")')


@cache
def _ways() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(w.strip() for w in line.split(" / ")) for line in _TABLE.strip().splitlines())


@cache
def _pattern() -> re.Pattern[str]:
    longest = sorted((ways[0] for ways in _ways()), key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, longest)) + r")\b", re.IGNORECASE)


class HouseStyle:
    """One outlet's choices, drawn once; `turn` keeps neighbours apart."""

    def __init__(self, *, turn: int, rng: random.Random) -> None:
        self._chosen = {ways[0]: ways[(turn + rng.randrange(2)) % len(ways)] for ways in _ways()}

    def reword(self, text: str) -> str:
        """`text` in this style; what stands in quotation marks stays."""
        return "".join(p if p.startswith('"') else _pattern().sub(self._swap, p) for p in _QUOTED.split(text))

    def _swap(self, match: re.Match[str]) -> str:
        found = match[0]
        new = self._chosen.get(found) or self._chosen.get(found[0].lower() + found[1:]) or found
        return new[0].upper() + new[1:] if found[0].isupper() else new
