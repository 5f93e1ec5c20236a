"""Templates, and the few words and marks that all pages share. Everything is escaped unless it says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from monitor.log import clean_line
from monitor.site.assets import STATIC as SITE_STATIC
from monitor.stages.telling import long_date
from monitor.web.auth import Visit, set_form_cookie

HERE = Path(__file__).parent
STATIC = HERE / "static"
_BROWSERS = (  # each names itself after those it descends from, so the youngest stands first
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


@cache
def static_url(name: str) -> str:
    """The address of a static file, with a digest of its content: a new version is a new address."""
    folder = SITE_STATIC if (SITE_STATIC / name).is_file() else STATIC
    return f"/static/{name}?{sha256((folder / name).read_bytes()).hexdigest()[:10]}"


def age(then: datetime, now: datetime) -> str:
    """How long ago, short: "now", "4 min", "3 h", "2 d"."""
    span = max(now - then, timedelta())
    if span < timedelta(minutes=1):
        return "now"
    if span < timedelta(hours=1):
        return f"{span // timedelta(minutes=1)} min"
    if span < timedelta(hours=48):
        return f"{span // timedelta(hours=1)} h"
    return f"{span // timedelta(days=1)} d"


def ahead(then: datetime, now: datetime) -> str:
    """How long until: "due", "in 4 min", "in 3 h", "in 2 d"."""
    return "due" if then <= now else f"in {age(now, then).replace('now', '1 min')}"


def provider_name(provider: str, names: Mapping[str, str]) -> str:
    """The name people know; the id where the register no longer has it."""
    return names.get(provider, provider)


def safe_markup(html: str) -> Markup:
    """HTML that `stages.markup` has sanitised, let through the escaping. For nothing else."""
    return Markup(html)  # noqa: S704 - the one place; its input has passed nh3's allow-list


def clock_time(at: datetime) -> str:
    """Hours and minutes, UTC."""
    return at.astimezone(UTC).strftime("%H:%M")


def short_date(at: datetime) -> str:
    """Day and month, UTC."""
    return at.astimezone(UTC).strftime("%-d %b")


def full_time(at: datetime) -> str:
    """Day, month, year, time and zone: nothing to guess."""
    return at.astimezone(UTC).strftime("%-d %B %Y, %H:%M UTC")


def browser_name(user_agent: str) -> str:
    """What a browser calls itself, in words people know; its own words where none of them is known."""
    named = next((name for sign, name in _BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in _SYSTEMS if sign in user_agent), "")
    return " on ".join(part for part in (named, system) if part) if named else user_agent or "unnamed"


def plural(count: int, one: str, many: str | None = None) -> str:
    """ "1 source", "3 sources"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        safe_markup=safe_markup,
        age=age,
        ahead=ahead,
        provider_name=provider_name,
        clock_time=clock_time,
        masked=clean_line,
        browser_name=browser_name,
        full_time=full_time,
        short_date=short_date,
        long_date=long_date,
    )
    environment.globals.update(static_url=static_url, plural=plural)
    return environment


TEMPLATES = _environment()


def compile_templates() -> None:
    """All of them, before the first request: each would else hold up whoever opens its page first."""
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)


def fill(request: Request, template: str, **values: object) -> str:
    """The text of `template` with `values` and what every page knows."""
    context = request.app.state.context
    return TEMPLATES.get_template(template).render(
        request=request, newsroom=context.settings.newsroom, now=context.clock.now(), **values
    )


def render(request: Request, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """The page `template` with `values`."""
    return HTMLResponse(fill(request, template, **values), status_code=status)


def desk_page(request: Request, visit: Visit, template: str, *, status: int = 200, **values: object) -> HTMLResponse:
    """A page of the desk: knows who is signed in, and carries the form token."""
    page = render(request, template, status=status, visit=visit, **values)
    if visit.session is None:
        set_form_cookie(page, visit)
    return page


def see_other(path: str) -> RedirectResponse:
    """After a POST: the next page, by GET."""
    return RedirectResponse(path, status_code=303)
