"""What a page's markup says of a live blog (schema.org LiveBlogPosting) → its text, an update a line with its time.

The markup knows which update was made when, which the extractor of texts cannot tell. In this form it is read as what
it is: a page that tells of many things (`roundup`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from monitor.stages.canonical import clean_line, cut

UPDATES_READ = 200  # of one page
UPDATE_LIMIT = 2_000  # characters
_TYPE = "LiveBlogPosting"
_CLOCK = re.compile(r"T(\d{2}:\d{2})")


def live_text(facts: Sequence[Mapping[str, Any]], strip: Callable[[str], str]) -> str:
    """The updates of a live blog as the page has them, "14:05 - …" each; "" for any other page.

    `facts` are the objects of the page's JSON-LD; `strip` makes text of markup.
    """
    lines = [line for fact in facts if _is_live(fact) for line in _lines(fact.get("liveBlogUpdate"), strip)]
    return "\n".join(lines[:UPDATES_READ])


def _is_live(fact: Mapping[str, Any]) -> bool:
    said = fact.get("@type")
    return _TYPE in said if isinstance(said, list) else said == _TYPE


def _lines(updates: object, strip: Callable[[str], str]) -> Iterator[str]:
    for update in updates[:UPDATES_READ] if isinstance(updates, list) else [updates]:
        if not isinstance(update, dict):
            continue
        clock = _CLOCK.search(str(update.get("datePublished") or update.get("dateModified") or ""))
        said = [value for key in ("headline", "articleBody") if isinstance(value := update.get(key), str)]
        text = cut(clean_line(" ".join(strip(part) for part in said)), UPDATE_LIMIT)
        if clock and text:
            yield f"{clock[1]} - {text}"
