"""The shapes of what the API takes and gives beside the nouns, and the places in a list that a cursor stands for.

What comes in is strict: no number for a text, no truth for a number, no field that is not known. Text loses what no
database can keep (NUL, half of a surrogate pair); an instant beyond reason becomes the nearest within.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated, Any, Generic, TypeVar

from fastapi import Path, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field

from monitor.errors import Unknown
from monitor.store.changes import SETTLE, Place

T = TypeVar("T")
LARGEST = 2**31 - 1
_EARLIEST, _LATEST = datetime(1970, 1, 2, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def plain(text: str) -> str:
    """`text` as both databases can keep it."""
    return text.replace("\0", "").encode("utf-8", "ignore").decode("utf-8")


def _whole(value: object) -> object:
    if isinstance(value, float) and value.is_integer():  # 8.0 is an integer in JSON
        return int(value)
    if type(value) is not int:
        raise ValueError("must be a whole number")
    return value


def _is_instant(value: object) -> object:
    if not isinstance(value, str) or not _INSTANT.fullmatch(value):
        raise ValueError("must be an instant as RFC 3339 writes it, with its offset")
    return value


def _is_day(value: object) -> object:
    if value is not None and not (isinstance(value, str) and _DAY.fullmatch(value)):
        raise ValueError("must be a date, as 2026-03-02")
    return value


def _within(at: datetime) -> datetime:
    try:
        moved = at.astimezone(UTC)
    except OverflowError:
        return _EARLIEST if at.year < 2000 else _LATEST
    return min(max(moved, _EARLIEST), _LATEST)


PLAIN = AfterValidator(plain)  # stands behind the bounds of a text, so that the document names these
WHOLE = BeforeValidator(_whole)
Instant = Annotated[AwareDatetime, BeforeValidator(_is_instant), AfterValidator(_within)]
Day = Annotated[date, BeforeValidator(_is_day)]
Number = Annotated[int, Field(ge=1, le=LARGEST), WHOLE]
Version = Annotated[int, Field(ge=0, le=LARGEST, description="What was on screen: an older one is refused."), WHOLE]
Id = Annotated[int, Path(ge=1, le=LARGEST)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at the most.")]
Cursor = Annotated[
    str | None,
    Query(pattern=r"^[A-Za-z0-9_-]{1,200}$", description="`next` of the page before; with the same parameters."),
]
Since = Annotated[
    Instant | None,
    Query(description="Only what changed at or after this instant: `changed_until` of an earlier answer."),
]


class Asked(BaseModel):
    """A body that the API takes."""

    model_config = ConfigDict(extra="forbid")


class Page(BaseModel, Generic[T]):
    """Some of a list."""

    items: list[T]
    next: str | None = Field(description="`cursor` of the next page; null at the end.")
    changed_until: datetime | None = Field(
        default=None,
        description="Ask with this as `changed_since` later: what changed meanwhile, and perhaps a little before.",
    )


def page(items: Sequence[T], following: str | None, *, now: datetime | None = None) -> Page[T]:
    """A page; `now`, the machine's, where the list is in the order of change."""
    until = None if now is None else now - SETTLE
    return Page[T].model_construct(items=list(items), next=following, changed_until=until)


def write_cursor(*values: object) -> str:
    """A place in a list, as nobody need read it."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).rstrip(b"=").decode()


def read_cursor(cursor: str | None, *kinds: type[Any]) -> tuple[Any, ...] | None:
    """What `write_cursor` was given; raises Unknown where that is none of this list's."""
    if cursor is None:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list) or [type(v) for v in values] != list(kinds):
        raise Unknown("This cursor is none of this list's. Begin without one.")
    return tuple(values)


def write_place(place: Place | None) -> str | None:
    """A place in the order of change as a cursor."""
    return None if place is None else write_cursor(place.at.isoformat(), place.id)


def read_place(cursor: str | None) -> Place:
    """The place a cursor stands for; the beginning without one."""
    values = read_cursor(cursor, str, int)
    if values is None:
        return Place()
    if not _INSTANT.fullmatch(values[0]) or not 0 <= values[1] <= LARGEST:
        raise Unknown("This cursor is none of this list's. Begin without one.")
    try:
        at = datetime.fromisoformat(values[0])
    except ValueError as error:
        raise Unknown("This cursor is none of this list's. Begin without one.") from error
    return Place(at=_within(at) if at.year > 1970 else Place().at, id=values[1])
