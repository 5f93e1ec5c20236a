"""What happened to wires → a digest as plain text and as HTML, and the letters around it.

A letter carries no picture, no script, nothing of anybody else's and no mark of who opened it. Headlines and notes come
from outside: they are one line in the text part, and escaped and isolated in the HTML part.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.model import Severity
from monitor.model.subscriber import Event, Happening, Issue, Letter, Period, Subscriber, Wanted
from monitor.stages.canonical import clean_line, cut
from monitor.stages.markup import plain_summary
from monitor.stages.syndicate import Site
from monitor.stages.telling import count_of_sources, long_date, marked_headline, provider_names

MOST_WIRES = 60  # told one by one in a digest; of the others only the number
SUMMARY_LENGTH = 280  # characters
SUBJECT_LENGTH = 120
_PARTS: tuple[tuple[str, tuple[Event, ...]], ...] = (
    (
        "Corrected, retracted or taken down",
        (Event.RETRACTED, Event.TAKEN_DOWN, Event.CORRECTED, Event.RESTORED),
    ),
    ("New", (Event.PUBLISHED,)),
    ("Updated", (Event.UPDATED,)),
)
_NOTED = frozenset({Event.RETRACTED, Event.CORRECTED, Event.RESTORED})
_GRAVITY = {severity: place for place, severity in enumerate(Severity)}
_MUTED = "color:#5c574d"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestText:
    """A digest without its salutation and its foot."""

    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Item:
    headline: str
    facts: str
    said: str
    url: str


def describe(wanted: Wanted, site: Site) -> str:
    """A choice in words: "SEV-1 or SEV-2, OpenAI"; "all wires"."""
    codes = {c.id: f"{c.id} {c.name}" for c in site.codebook.codes}
    facets = (
        [name for _, name in provider_names(wanted.providers, site.providers)],
        [s.value for s in wanted.severities],
        [codes.get(c, c) for c in wanted.codes],
        [s.value for s in wanted.standards],
    )
    return clean_line(", ".join(" or ".join(names) for names in facets if names)) or "all wires"


def masked(address: str) -> str:
    """An address as its owner recognises it and nobody learns it: a…@example.org."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}…@{host}"


# --- digest ------------------------------------------------------------------------------------------------------


def write_digest(
    site: Site, happenings: Sequence[Happening], *, wanted: Wanted, from_at: datetime, until_at: datetime
) -> DigestText:
    """What happened, gravest first in each part; corrections and retractions stand above everything."""
    ordered = [(name, sorted((h for h in happenings if h.event in events), key=_place)) for name, events in _PARTS]
    left = MOST_WIRES
    text, markup = [_span(from_at, until_at), ""], [f'<p style="{_MUTED}">{_escaped(_span(from_at, until_at))}</p>']
    for name, found in ordered:
        shown = found[:left]
        left -= len(shown)
        if not shown:
            continue
        text += [name.upper(), ""]
        markup.append(f'<h2 style="font-size:18px;margin:28px 0 8px">{_escaped(name)}</h2>')
        for happening in shown:
            item = _item(site, happening)
            text += [item.headline, item.facts, *([item.said] if item.said else []), item.url, ""]
            markup.append(_html_item(item))
    if hidden := len(happenings) - (MOST_WIRES - left):
        more, url = f"and {hidden} more, in the archive:", site.url("/archive")
        text += [f"{more} {url}", ""]
        markup.append(f'<p>{more} <a href="{html.escape(url, quote=True)}">{_escaped(url)}</a></p>')
    subject = _subject(site, ordered, wanted)
    return DigestText(subject=subject, text="\n".join(text), html="\n".join(markup))


def _place(happening: Happening) -> tuple[int, float]:
    shown = None if happening.wire is None else happening.wire.published
    severity = None if shown is None else shown.draft.severity
    return (len(_GRAVITY) if severity is None else _GRAVITY[severity], -happening.at.timestamp())


def _subject(site: Site, ordered: Sequence[tuple[str, Sequence[Happening]]], wanted: Wanted) -> str:
    marked, new, updated = (found for _, found in ordered)
    counts = [
        f"{len(found)} {word}"
        for found, word in (
            (new, "new wire" if len(new) == 1 else "new wires"),
            (updated, "updated"),
            (marked, "corrected or retracted"),
        )
        if found
    ]
    about = "" if wanted.is_everything else f" ({describe(wanted, site)})"
    return cut(clean_line(f"{site.name}: {', '.join(counts)}{about}"), SUBJECT_LENGTH)


def _span(from_at: datetime, until_at: datetime) -> str:
    return f"From {long_date(from_at)}, {from_at:%H:%M}, to {long_date(until_at)}, {until_at:%H:%M} UTC"


def _item(site: Site, happening: Happening) -> _Item:
    url = site.url(f"/wires/{happening.slug}")
    shown = None if happening.wire is None else happening.wire.published
    if happening.wire is None or shown is None:
        return _Item(headline="A wire was taken down", facts=long_date(happening.at), said="", url=url)
    draft = shown.draft
    facts = (
        *([draft.severity.value] if draft.severity else []),
        *(name for _, name in provider_names(draft.providers, site.providers)),
        count_of_sources(shown.source_count),
        shown.standard.value,
        *([long_date(draft.occurred_on)] if draft.occurred_on else []),
    )
    said = draft.note if happening.event in _NOTED or (happening.event is Event.UPDATED and draft.note) else draft.body
    return _Item(
        headline=marked_headline(happening.wire, shown),
        facts=clean_line(" · ".join(facts)),
        said=clean_line(plain_summary(said, SUMMARY_LENGTH)),
        url=url,
    )


def _html_item(item: _Item) -> str:
    url = html.escape(item.url, quote=True)
    said = f'<p style="margin:0"><bdi>{_escaped(item.said)}</bdi></p>' if item.said else ""
    return (
        f'<div style="margin:0 0 20px"><p style="margin:0;font-size:18px"><a href="{url}" style="color:#0b5394">'
        f"<bdi>{_escaped(item.headline)}</bdi></a></p>"
        f'<p style="margin:2px 0 4px;{_MUTED}"><bdi>{_escaped(item.facts)}</bdi></p>{said}</div>'
    )


# --- letters -----------------------------------------------------------------------------------------------------


def digest_letter(site: Site, issue: Issue, subscriber: Subscriber, *, key: str) -> Letter:
    """An issue for one subscriber, with the way out below it."""
    leave = leave_url(site, subscriber)
    why = f"You get this {subscriber.period} digest ({describe(subscriber.wanted, site)}) because you asked for it."
    text = f"{issue.text}\n-- \n{why}\nEnd it: {leave}\nThe feeds: {site.url('/feeds')}\n"
    foot = (
        f'<p style="margin:32px 0 0;border-top:1px solid #dcd7cb;padding-top:12px;{_MUTED}"><bdi>{_escaped(why)}</bdi> '
        f'<a href="{html.escape(leave, quote=True)}" style="color:#0b5394">End this subscription</a>.</p>'
    )
    return Letter(
        to=subscriber.address,
        subject=issue.subject,
        text=text,
        html=_page(site, issue.subject, issue.html + foot),
        key=key,
        leave_url=leave,
    )


def confirmation_letter(site: Site, subscriber: Subscriber, *, token: str, hours: int, key: str) -> Letter:
    """Asks the address whether it wants what somebody asked for in its name."""
    url = site.url(f"/subscribe/confirm?token={token}")
    text = (
        f"Somebody, most likely you, asked {clean_line(site.name)} to send a {subscriber.period} digest "
        f"({describe(subscriber.wanted, site)}) to this address.\n\n"
        f"To get it, open this page and confirm, within {hours} hours:\n{url}\n\n"
        "If it was not you, do nothing: without an answer nothing is sent, and the address is forgotten.\n"
    )
    subject = cut(f"Confirm your digest of {clean_line(site.name)}", SUBJECT_LENGTH)
    return Letter(to=subscriber.address, subject=subject, text=text, html=None, key=key)


def standing_letter(site: Site, subscriber: Subscriber, *, key: str) -> Letter:
    """To an address that has what somebody asked for: the page that asked must not tell strangers so."""
    leave = leave_url(site, subscriber)
    text = (
        f"Somebody, most likely you, asked {clean_line(site.name)} to send a {subscriber.period} digest "
        f"({describe(subscriber.wanted, site)}) to this address.\n"
        "You have that subscription already; nothing changed.\n\n"
        f"End it: {leave}\n"
    )
    subject = cut(f"Your digest of {clean_line(site.name)}", SUBJECT_LENGTH)
    return Letter(to=subscriber.address, subject=subject, text=text, html=None, key=key, leave_url=leave)


def leave_url(site: Site, subscriber: Subscriber) -> str:
    """The page that ends a subscription, and takes a mail program's POST (RFC 8058)."""
    return site.url(f"/unsubscribe/{subscriber.leave_token}")


def _page(site: Site, title: str, inner: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{html.escape(site.language, quote=True)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light">'
        f"<title>{_escaped(title)}</title></head>"
        '<body style="margin:0;padding:16px;background:#fbfaf7;color:#1b1a17;font:16px/24px Georgia,serif">'
        '<div style="max-width:600px;margin:0 auto"><h1 style="font-size:22px;margin:0 0 4px">'
        f"<bdi>{_escaped(site.name)}</bdi></h1>\n{inner}\n</div></body></html>\n"
    )


def _escaped(text: str) -> str:
    return html.escape(clean_line(text), quote=True)


def period_end(period: Period, now: datetime, *, hour: int) -> datetime:
    """The newest instant, not after `now` (UTC), at which digests are made: at `hour`, weekly ones on Mondays."""
    day = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    back = day.weekday() if period is Period.WEEKLY else 0
    end = day - timedelta(days=back)
    return end if end <= now else end - timedelta(days=7 if period is Period.WEEKLY else 1)
