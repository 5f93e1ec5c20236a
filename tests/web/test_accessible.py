"""D14: axe-core finds nothing on any page, in light and dark, on a phone and on a desk; and no page asks a third party.

Pages are found by the table of routes: a new one is judged without anybody adding it here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from monitor.jobs import invitations, webhooks
from monitor.jobs.credentials import digest
from monitor.jobs.data import make_data
from monitor.jobs.people import first_editor_link
from monitor.jobs.publish import publish
from monitor.jobs.take_down import take_down
from monitor.jobs.wires import release, save_draft, start_revision
from monitor.model import RevisionKind, Role, Severity, Wire
from monitor.model.feeds import TakeDownReason
from monitor.model.subscriber import Period, Wanted
from monitor.stages.dataset import read_licence
from monitor.store.database import Database
from monitor.store.subscribers import add_subscriber
from monitor.web.access import TABLE
from tests.stored import store_article, store_candidate
from tests.web.conftest import PASSWORD, Desk, open_desk
from tests.web.programs import fill
from tests.web.test_browser import chromium, sign_in
from tests.wires import CODEBOOK, PROVIDERS, a_released_wire

__all__ = ["chromium"]
pytestmark = pytest.mark.browser

AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FORMS = [  # what hangs on neither colour nor width is looked at twice, not four times
    (1280, "light", {"type": "tag", "values": RULES}),
    (360, "dark", {"type": "tag", "values": RULES}),
    (1280, "dark", {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}),
    (360, "light", {"type": "rule", "values": ["color-contrast", "link-in-text-block", "target-size"]}),
]
WHAT = """async only => {
  const found = await axe.run(document, {runOnly: only, resultTypes: ["violations"]});
  const told = (v, first) => `${v.id}: ${v.nodes.length} × ${first.html.slice(0, 160)} ${first.failureSummary}`;
  return found.violations.map(v => told(v, v.nodes[0]));
}"""
ELSEWHERE = {  # no pages: a stream, files, and ways out that answer with a redirect
    "/desk", "/desk/live", "/desk/sign-on", "/desk/sign-on/back", "/desk/sources/export.opml",
    "/desk/sources/export.csv", "/desk/first",
}  # fmt: skip
FRAGMENTS = (
    "/alike",
    "/find/",
    "/snapshots/",
    "/desk/providers",
    "/desk/guide",
)  # parts of a page, or a foreign one in its sandbox
PUBLIC = (
    "/subscribe",
    *("/", "/archive", "/archive?severity=SEV-3", "/providers", "/providers/openai", "/codes", "/guide", "/statistics"),
    *("/corrections", "/search?q=chatbot", "/no-such-page", "/feeds", "/feeds?severity=SEV-1"),
    *("/archive/2026-03", "/severities", "/codes/M2", "/sourcing", "/search", "/search?q=nothingsaysthis"),
)


@pytest.fixture(scope="module")
def newsroom(hashed_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A newsroom with something of everything."""
    folder = tmp_path_factory.mktemp("accessible")
    path = folder / "people.db"
    path.write_bytes(hashed_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with open_desk(database, folder, sources=folder / "feeds.yaml") as desk:
        fill(desk)
        yield desk
    database.close()


def publish_one(desk: Desk) -> Wire:
    """A wire that readers see, corrected once."""
    wire = a_released_wire(desk.database, desk.clock)
    publish(desk.database, desk.clock, public_dir=Path(), site=desk.app.state.context.house.site)
    opened = start_revision(desk.database, desk.clock, wire.id, editor="ada", kind=RevisionKind.CORRECTION)
    told = replace(opened.draft, note="It was two rulings.", severity=Severity.SEV_4)
    save_draft(desk.database, desk.clock, wire.id, editor="ada", draft=told, version_seen=None)
    release(desk.database, desk.clock, wire.id, editor="ada", version_seen=None, codebook=CODEBOOK, providers=PROVIDERS)
    publish(desk.database, desk.clock, public_dir=Path(), site=desk.app.state.context.house.site)
    return wire


def in_every_state(desk: Desk) -> list[str]:
    """A wire at its own address, at those of its revisions, retracted, and taken down; a digest from asked to ended."""
    corrected = publish_one(desk)
    retracted, gone = (a_released_wire(desk.database, desk.clock, headline=name) for name in ("Wrong", "Gone"))
    site = desk.app.state.context.house.site
    publish(desk.database, desk.clock, public_dir=Path(), site=site)
    opened = start_revision(desk.database, desk.clock, retracted.id, editor="ada", kind=RevisionKind.RETRACTION)
    told = replace(opened.draft, note="It was forged.")
    save_draft(desk.database, desk.clock, retracted.id, editor="ada", draft=told, version_seen=None)
    rules: Any = {"codebook": CODEBOOK, "providers": PROVIDERS}
    release(desk.database, desk.clock, retracted.id, editor="ada", version_seen=None, **rules)
    publish(desk.database, desk.clock, public_dir=Path(), site=site)
    take_down(desk.database, desk.clock, gone.id, who="ada", reason=TakeDownReason.PRIVACY, note="a person asked")
    revisions = [f"/wires/{corrected.slug}/revisions/{number}" for number in (1, 2)]
    return [f"/wires/{w.slug}" for w in (corrected, retracted, gone)] + revisions + _a_digest(desk)


def _a_digest(desk: Desk) -> list[str]:
    token, now = "abcdefghijklmnopqrstuvwxyz", desk.clock.now()
    with desk.database.write() as tx:
        add_subscriber(
            tx,
            address="rae@example.org",
            period=Period.DAILY,
            wanted=Wanted(severities=(Severity.SEV_1,)),
            confirm_hash=digest(token),
            confirm_until=now + timedelta(days=1),
            leave_token=token,
            now=now,
        )
    return [f"/subscribe/confirm?token={token}", f"/unsubscribe/{token}", "/unsubscribe/zyxwvutsrqponmlkjihgfe"]


def a_copy(desk: Desk) -> str:
    """A candidate of an original and a copy that says it a little otherwise, at the copy."""
    said = "A chatbot told a teenager to harm himself on {}, his mother’s lawsuit says. Its maker is OpenAI."
    with desk.database.write() as tx:
        texts = {p: said.format(day) for p, day in (("gazette", "Monday"), ("courier", "Tuesday"))}
        first, copy = (store_article(tx, p, title="Chatbot sued after a death", text=t) for p, t in texts.items())
        candidate = store_candidate(tx, first, copy, copies={copy: first})
    return f"candidates/{candidate}?article={copy}"


def addresses(desk: Desk) -> list[str]:
    """One address for each page of the desk that a GET shows."""
    invited = invitations.invite(desk.database, desk.machine, role=Role.EDITOR, for_whom="Dora", by="ada")
    fills = {"{candidate}": "1", "{other}": "2", "{wire}": "1", "{source}": "gazette", "{article}": "1", "{bulk}": "1"}
    fills["{number}"] = str(
        webhooks.add_webhook(
            desk.database, desk.clock, name="mirror", url="https://hooks.example/in", wanted=Wanted(), by="ada"
        ).id
    )
    found = []
    for method, path in TABLE:
        if method != "GET" or path in ELSEWHERE or any(part in path for part in FRAGMENTS):
            continue
        for name, value in fills.items():
            path = path.replace(name, value)
        found.append(path + (f"?token={invited.token}" if path == "/desk/join" else ""))
    return [*found, "/desk/no-such-page", "/desk/audit?text=nothing+says+this", "/desk/queue?state=decided"]


def judge(page: Any) -> list[str]:
    """What axe-core finds on the page in its four forms, and whether it is wider than a phone."""
    page.evaluate(AXE)
    found = []
    for width, scheme, only in FORMS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        found += [f"{width} {scheme} {said}" for said in page.evaluate(WHAT, only)]
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{width} {scheme} wider than its window")
    if page.locator("h1:not([aria-level])").count() != 1 or not page.get_attribute("html", "lang"):
        found.append("wants one h1 and a language")
    return found


@pytest.fixture
def page(chromium: Any, newsroom: Desk) -> Iterator[Any]:
    """A page that fails the test on any request to elsewhere."""
    context = chromium.new_context(base_url=newsroom.url)
    opened = context.new_page()
    strangers: list[str] = []
    opened.on("request", lambda r: None if r.url.startswith((newsroom.url, "data:")) else strangers.append(r.url))
    yield opened
    context.close()
    assert strangers == []


def test_axe_finds_nothing_on_any_page_of_the_desk_d14(page: Any, newsroom: Desk) -> None:
    faults = []
    sign_in(page)
    for address in addresses(newsroom):
        page.goto(address)
        faults += [f"{address} {said}" for said in judge(page)]
    assert faults == [], "\n".join(faults)


def test_axe_finds_nothing_on_pages_in_the_midst_of_work_d14(page: Any, newsroom: Desk) -> None:
    """A copy with its differences and its words for and against; a wire corrected again; what was refused."""
    wire, candidate = publish_one(newsroom), a_copy(newsroom)
    start_revision(newsroom.database, newsroom.clock, wire.id, editor="ada", kind=RevisionKind.UPDATE)
    sign_in(page)
    faults = []
    for address in (
        f"/desk/{candidate}",
        f"/desk/wires/{wire.id}",
        f"/desk/wires/{wire.id}/revisions?before=1&after=2",
        "/desk/queue?text=nothing+says+this",
        "/desk/order?w:regulator=2",
    ):
        page.goto(address)
        faults += [f"{address} {said}" for said in judge(page)]
    page.goto(f"/desk/{candidate}")
    assert page.locator("#text mark.for").count()
    assert page.locator("#text mark.changed").count()
    for version in page.locator("#detail input[name=version]").all():
        version.evaluate("field => { field.value = '99'; }")
    page.keyboard.press("r")
    page.fill("#other", "Told by one blog")
    page.keyboard.press("Enter")
    page.wait_for_selector("#detail [role=alert]")
    assert faults + judge(page) == []


def test_axe_finds_nothing_on_what_is_not_allowed_d14(page: Any, newsroom: Desk) -> None:
    page.goto("/desk/login")
    page.fill("input[name=name]", "rae")
    page.fill("input[name=password]", PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/queue")
    page.goto("/desk/people")
    assert "Not allowed" in page.inner_text("h1")
    assert judge(page) == []


def test_axe_finds_nothing_where_nobody_and_nothing_is_yet_d14(chromium: Any, empty_desk: Desk) -> None:
    with chromium.new_context(base_url=empty_desk.url) as context:
        page = context.new_page()
        link = first_editor_link(empty_desk.database, empty_desk.url, empty_desk.machine.now())
        assert link is not None
        page.goto(link)
        faults = judge(page)
        page.fill("#name", "ada")
        page.fill("#password", PASSWORD)
        page.fill("#again", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/queue")
        assert "Nothing waits" in page.inner_text("#queue")
        assert faults + judge(page) == []


def test_axe_finds_nothing_at_the_doors_d14(page: Any, newsroom: Desk) -> None:
    page.goto("/desk/login")
    faults = judge(page)
    page.fill("input[name=name]", "ada")
    page.fill("input[name=password]", "not the password at all")
    page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    assert faults + judge(page) == []


def test_axe_finds_nothing_on_the_public_pages_d14(page: Any, newsroom: Desk) -> None:
    faults = []
    house = newsroom.app.state.context.house
    public_dir = newsroom.app.state.context.settings.public_dir
    licence = read_licence("CC-BY-4.0")
    make_data(newsroom.database, newsroom.clock, public_dir=public_dir, house=house, licence=licence)
    for address in ("/data", *PUBLIC, *in_every_state(newsroom)):
        page.goto(address)
        faults += [f"{address} {said}" for said in judge(page)]
    assert faults == [], "\n".join(faults)


def test_what_is_shown_once_can_be_read_by_everybody_d14(page: Any, newsroom: Desk) -> None:
    sign_in(page)
    page.goto("/desk/account")
    page.fill("#token-name", "weekly report")
    page.keyboard.press("Enter")
    page.wait_for_selector("#secret")
    faults = judge(page)
    page.goto("/desk/people")
    page.fill("#for_whom", "Emil")
    page.keyboard.press("Enter")
    page.wait_for_selector("#link")
    assert faults + judge(page) == []
