"""Articles that `deduplicate` has put into candidates, for tests of what a desk says of why."""

from __future__ import annotations

from datetime import timedelta

from monitor.jobs.deduplicate import deduplicate
from monitor.model import ArticleId, CandidateId, Origin
from monitor.store.window import list_places
from tests.stored import MORNING, PROVIDERS, store_article
from tests.web.conftest import Desk

BAN = "Anthropic rejects Pentagon’s AI demands"
BLOCK = "Judge temporarily blocks Pentagon's ban on Anthropic"
SORA = "OpenAI Set to Discontinue Sora Video Platform App"
TOLD = (
    ("paper-1", "Parliament debates budget for hospitals and schools", 0.0),
    ("paper-2", "Storm closes ferry line between Esker and Halden", 0.0),
    ("wsj", SORA, 1.0),
    ("variety", "OpenAI Will Shut Down Sora Video Platform", 2.0),
    ("reprint", SORA, 2.5),
    ("politico", BAN, 3.0),
    ("courier", BLOCK, 24.0 * 30),
)
REVIEW = "\n".join(("OpenAI will shut down its Sora video platform.", "A baker has taught a parrot names of loaves."))


def group(desk: Desk, *told: tuple[str, str, float]) -> dict[str, tuple[ArticleId, CandidateId]]:
    """Publisher → its article, and the candidate that it was put into."""
    with desk.database.write() as tx:
        articles = {
            publisher: store_article(
                tx,
                publisher,
                title=title,
                text=REVIEW if publisher == "weekly" else "",
                origin=Origin.PROVIDER if publisher == "openai" else Origin.PRESS,
                first_seen_at=MORNING + timedelta(hours=hours),
            )
            for publisher, title, hours in told
        }
    desk.clock.advance(days=31)
    deduplicate(desk.database, desk.clock, owner="one", providers=PROVIDERS)
    with desk.database.read() as tx:
        places = list_places(tx, list(articles.values()))
    return {p: (a, places[a]) for p, a in articles.items()}
