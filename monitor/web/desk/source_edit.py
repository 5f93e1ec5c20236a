"""Which sources there are: look at an address, add what is found, edit, adopt a new address, remove, bring back.

All of it is written into feeds.yaml, which stays the source of truth; what is wrong with it comes back in the form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.errors import Busy, FaultyFile, IllegalDecision, StaleDecision, Unconfigured, Unknown
from monitor.jobs import catalogue
from monitor.jobs.discover import discover
from monitor.jobs.sources import digest_url
from monitor.model import Catalogue, Discovery, Finding, Kind, Origin, Publisher, Source, SourceId, Tier
from monitor.stages.newcomer import Reception, Wish, with_finding
from monitor.store.database import Transaction
from monitor.store.polls import get_poll_state
from monitor.store.sources import get_source, list_publishers, list_sources
from monitor.web.auth import Visit, Visitor
from monitor.web.desk.source import source_page, source_path
from monitor.web.desk.source_form import Typed, read_source, typed_for, typed_from, typed_into, version_of
from monitor.web.pages import desk_page, see_other

LONGEST_ADDRESS = 2_048
REFUSALS = (FaultyFile, IllegalDecision, StaleDecision, Unconfigured, Busy)

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class Offer:
    """A finding with the form that adds it."""

    finding: Finding
    typed: Typed
    is_known_as: SourceId | None  # a source that has this address already
    reasons: tuple[str, ...] = ()  # why the form begins as it does


# --- add ------------------------------------------------------------------------------------------------------------


@router.get("/desk/sources/add")
def show_add(request: Request, visit: Visitor) -> Response:
    """One field: an address."""
    return _add_page(request, visit)


@router.post("/desk/sources/add")
def look_or_add(request: Request, visit: Visitor) -> Response:
    """Look at an address and show what was found; or add one of the findings, as it now stands in its form."""
    return _add(request, visit) if visit.text("do") == "add" else _look(request, visit)


def _look(request: Request, visit: Visit) -> Response:
    address, selector = visit.text("address").strip(), visit.text("selector").strip()
    if not address or len(address) > LONGEST_ADDRESS:
        problem = f"Type the address of a page, a feed or a mailbox, of {LONGEST_ADDRESS:,} characters at most."
        return _add_page(request, visit, address=address[:LONGEST_ADDRESS], problem=problem, status=422)
    try:
        with visit.context.outside.use() as (fetcher, workers):
            found = discover(fetcher, workers, url=address, clock=visit.context.clock, selector=selector or None)
    except Busy as error:
        return _add_page(request, visit, address=address, problem=str(error), status=503)
    with visit.context.database.read() as tx:
        offers = _offers(tx, found)
    return _add_page(request, visit, address=address, selector=selector, discovery=found, offers=offers)


def _offers(tx: Transaction, found: Discovery) -> tuple[Offer, ...]:
    catalogue = Catalogue(publishers=list_publishers(tx), sources=list_sources(tx))
    known = {source.url: source.id for source in catalogue.sources}
    offers = []
    for finding in found.found:
        newcomer = Reception(catalogue).receive(
            with_finding(Wish(url=finding.url), finding)
        )  # one of several that may be chosen: none knows another
        offers.append(
            Offer(
                finding=finding,
                typed=typed_for(newcomer),
                is_known_as=known.get(finding.url),
                reasons=newcomer.reasons,
            )
        )
    return tuple(offers)


def _add(request: Request, visit: Visit) -> Response:
    context, typed = visit.context, typed_into(visit.text)
    try:
        source, publisher = read_source(typed, _publishers(visit))
        catalogue.add_source(
            context.database,
            context.clock,
            file=context.sources,
            source=source,
            publisher=publisher,
            by=visit.who,
            providers=_provider_ids(visit),
            address=visit.address,
        )
    except REFUSALS as error:
        offer = Offer(finding=_as_finding(typed), typed=typed, is_known_as=None)
        return _add_page(
            request, visit, address=typed.url, offers=(offer,), problem=_said(error), status=_status(error)
        )
    return see_other(f"{source_path(source.id)}?done=add")


def _as_finding(typed: Typed) -> Finding:
    """What was typed, in the place of what was found: the form comes back as it was."""
    kind = Kind(typed.kind) if typed.kind in set(Kind) else Kind.FEED
    return Finding(kind=kind, url=typed.url, title=typed.name, why="As you typed it.")


def _add_page(
    request: Request,
    visit: Visit,
    *,
    address: str = "",
    selector: str = "",
    discovery: Discovery | None = None,
    offers: Sequence[Offer] = (),
    problem: str = "",
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        visit,
        "desk/source_add.html",
        status=status,
        address=address,
        selector=selector,
        discovery=discovery,
        offers=offers,
        problem=problem,
        **_choices(visit),
    )


# --- edit -----------------------------------------------------------------------------------------------------------


@router.get("/desk/sources/{source}/edit")
def show_edit(request: Request, visit: Visitor, source: str) -> Response:
    """The form of a source."""
    known = _source(visit, source)
    return _edit_page(request, visit, known, typed_from(known))


@router.post("/desk/sources/{source}/edit")
def edit(request: Request, visit: Visitor, source: str) -> Response:
    """Save the form into feeds.yaml."""
    context, known, typed = visit.context, _source(visit, source), typed_into(visit.text)
    try:
        if visit.text("version") != version_of(known):
            words = (
                "Somebody changed this source since you opened the form. What is saved now stands beside each field."
            )
            raise StaleDecision(f"{words} Yours is kept below: look at both, then save again.")
        wanted, publisher = read_source(replace(typed, id=known.id), _publishers(visit))
        catalogue.change_source(
            context.database,
            context.clock,
            file=context.sources,
            source=wanted,
            publisher=publisher,
            by=visit.who,
            providers=_provider_ids(visit),
            address=visit.address,
        )
    except REFUSALS as error:
        is_stale = isinstance(error, StaleDecision)
        return _edit_page(request, visit, known, typed, is_stale=is_stale, problem=_said(error), status=_status(error))
    return see_other(f"{source_path(known.id)}?done=edit")


def _edit_page(
    request: Request,
    visit: Visit,
    source: Source,
    typed: Typed,
    *,
    is_stale: bool = False,
    problem: str = "",
    status: int = 200,
) -> Response:
    return desk_page(
        request,
        visit,
        "desk/source_edit.html",
        status=status,
        source=source,
        typed=typed,
        saved=typed_from(source) if is_stale else None,
        version=version_of(source),
        problem=problem,
        **_choices(visit),
    )


# --- adopt, remove, bring back --------------------------------------------------------------------------------------


@router.post("/desk/sources/{source}/adopt")
def adopt(request: Request, visit: Visitor, source: str) -> Response:
    """Write the learnt address into feeds.yaml: nothing starts anew (P15)."""
    context, known = visit.context, _source(visit, source)
    try:
        with context.database.read() as tx:
            learnt = get_poll_state(tx, known.id).url
        if visit.text("saw") != digest_url(learnt):
            raise StaleDecision("The address has changed since you opened the page. Look again, then decide.")
        catalogue.adopt_url(
            context.database,
            context.clock,
            file=context.sources,
            source=known.id,
            by=visit.who,
            providers=_provider_ids(visit),
            address=visit.address,
        )
    except REFUSALS as error:
        return source_page(request, visit, known.id, problem=_said(error), status=_status(error))
    return see_other(f"{source_path(known.id)}?done=adopt")


@router.post("/desk/sources/{source}/remove")
def remove(request: Request, visit: Visitor, source: str) -> Response:
    """Take it out of feeds.yaml; what it brought stays, and it can be brought back."""
    context, known = visit.context, _source(visit, source)
    try:
        catalogue.remove_source(
            context.database,
            context.clock,
            file=context.sources,
            source=known.id,
            by=visit.who,
            providers=_provider_ids(visit),
            address=visit.address,
        )
    except (*REFUSALS, Unknown) as error:
        return source_page(request, visit, known.id, problem=_said(error), status=_status(error))
    return see_other(f"/desk/sources?done=remove&source={known.id}")


@router.post("/desk/sources/{source}/return")
def bring_back(request: Request, visit: Visitor, source: str) -> Response:
    """Put a removed source back into feeds.yaml as it was: it comes with its history."""
    context, known = visit.context, _source(visit, source)
    publisher = next(each for each in _publishers(visit) if each.id == known.publisher)
    try:
        catalogue.add_source(
            context.database,
            context.clock,
            file=context.sources,
            source=known,
            publisher=publisher,
            by=visit.who,
            providers=_provider_ids(visit),
            address=visit.address,
        )
    except REFUSALS as error:
        return source_page(request, visit, known.id, problem=_said(error), status=_status(error))
    return see_other(f"{source_path(known.id)}?done=return")


# --- shared ---------------------------------------------------------------------------------------------------------


def _source(visit: Visit, source: str) -> Source:
    with visit.context.database.read() as tx:
        return get_source(tx, SourceId(source))


def _publishers(visit: Visit) -> tuple[Publisher, ...]:
    with visit.context.database.read() as tx:
        return list_publishers(tx)


def _provider_ids(visit: Visit) -> list[str]:
    return [provider.id for provider in visit.context.providers]


def _choices(visit: Visit) -> dict[str, object]:
    """What the selects of the form offer."""
    return {
        "kinds": tuple(Kind),
        "origins": tuple(Origin),
        "tiers": tuple(Tier),
        "publishers": sorted(_publishers(visit), key=lambda each: each.name.casefold()),
        "providers": sorted(visit.context.providers, key=lambda each: each.name.casefold()),
    }


def _said(error: Exception) -> str:
    if isinstance(error, FaultyFile):
        reasons = "; ".join(dict.fromkeys(f"{each.subject}: {each.reason}" for each in error.complaints[:5]))
        return f"feeds.yaml was not changed. {reasons}."
    return str(error)


def _status(error: Exception) -> int:
    if isinstance(error, StaleDecision):
        return 409
    return 503 if isinstance(error, Busy) else 422
