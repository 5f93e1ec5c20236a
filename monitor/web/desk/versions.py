"""What a page, and each feed that brought it, said first and later: any two of the texts as a readable difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from monitor.errors import Unknown
from monitor.model import Article, ArticleId, CandidateId
from monitor.stages.difference import Difference, as_it_is, compare
from monitor.stages.exhibit import as_lines
from monitor.store.articles import get_article
from monitor.store.candidates import list_candidates_of
from monitor.store.said import Track, Words, list_tracks
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page

COMPARED_LIMIT = 20  # texts whose changes are counted in the list, the newest

router = APIRouter()


@dataclass(frozen=True, kw_only=True)
class VersionLine:
    """One text of the list."""

    words: Words
    change: Difference | None  # against the one before; None for the first, and for old ones of very many
    has_new_title: bool


@dataclass(frozen=True, kw_only=True)
class VersionsPage:
    """What the page shows."""

    article: Article
    candidate: CandidateId | None
    tracks: tuple[Track, ...]
    track: Track
    lines: tuple[VersionLine, ...]  # newest first
    old: Words | None  # None: there is one text only
    new: Words
    title: Difference
    text: Difference

    @property
    def path(self) -> str:
        """This page, without what was chosen on it."""
        return f"/desk/articles/{self.article.id}/versions"


@router.get("/desk/articles/{article}/versions")
def show_versions(
    request: Request,
    visit: Visitor,
    article: int,
    of: str = Query("", max_length=32),
    old: int = Query(-1, ge=-1, le=1_000_000),
    new: int = Query(-1, ge=-1, le=1_000_000),
) -> Response:
    """The texts of one voice, and two of them compared: the last two where none are named."""
    with visit.context.database.read() as tx:
        found = get_article(tx, ArticleId(article))
        tracks = tuple(_plain(track) for track in list_tracks(tx, found))
        candidates = list_candidates_of(tx, found.id)
    track = _chosen(tracks, of)
    after = _at(track, new) if new >= 0 else track.words[-1]
    before = _at(track, old) if old >= 0 else _before(track, after)
    page = VersionsPage(
        article=found,
        candidate=candidates[0] if candidates else None,
        tracks=tuple(t for t in tracks if t.key == "page" or len(t.words) > 1 or t is track),
        track=track,
        lines=_lines(track.words),
        old=before,
        new=after,
        title=as_it_is(after.title) if before is None else compare(before.title, after.title),
        text=as_it_is(after.text) if before is None else compare(before.text, after.text),
    )
    return desk_page(request, visit, "desk/versions.html", page=page)


def _plain(track: Track) -> Track:
    if not track.is_html:
        return track
    words = tuple(
        Words(number=w.number, title=w.title, text=as_lines(w.text), seen_at=w.seen_at, note=w.note)
        for w in track.words
    )
    return Track(key=track.key, name=track.name, is_html=False, words=words)


def _chosen(tracks: Sequence[Track], key: str) -> Track:
    """The one named; else the first that changed; else the page."""
    if key:
        found = next((t for t in tracks if t.key == key), None)
        if found is None:
            raise Unknown("Nothing of that kind was said about this article.")
        return found
    return next((t for t in tracks if len(t.words) > 1), tracks[0])


def _at(track: Track, number: int) -> Words:
    found = next((w for w in track.words if w.number == number), None)
    if found is None:
        raise Unknown(f"There is no text {number} of this article.")
    return found


def _before(track: Track, words: Words) -> Words | None:
    return next((w for w in reversed(track.words) if w.number < words.number), None)


def _lines(words: Sequence[Words]) -> tuple[VersionLine, ...]:
    changes = {new.number: compare(old.text, new.text) for old, new in list(pairwise(words))[-COMPARED_LIMIT:]}
    renamed = {new.number for old, new in pairwise(words) if old.title != new.title}
    return tuple(
        VersionLine(words=w, change=changes.get(w.number), has_new_title=w.number in renamed) for w in reversed(words)
    )
