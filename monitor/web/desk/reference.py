"""What a program can ask, as a page: read from the same document that describes the API to programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from monitor.web.access import API
from monitor.web.api.keys import PATH
from monitor.web.auth import Visitor
from monitor.web.pages import desk_page

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One thing that can be asked."""

    method: str
    path: str  # behind PATH
    words: str  # what it does
    scope: str  # that a token must have
    query: tuple[str, ...]  # parameters of its address
    body: tuple[str, ...]  # fields of what is sent; where there are several kinds, the kinds

    @property
    def about(self) -> str:
        """The things it is about: the first word of its path."""
        return self.path.split("/")[1]


@router.get("/desk/api")
def show_reference(request: Request, visit: Visitor) -> Response:
    """Everything under /api/v1, by what it is about."""
    document = request.app.state.api.openapi()
    asked = sorted(_asked(document), key=lambda a: a.about)
    parts = tuple((about, tuple(some)) for about, some in groupby(asked, key=lambda a: a.about))
    about = document["info"]["description"].strip().split("\n\n")
    return desk_page(request, visit, "desk/reference.html", about=about, parts=parts, api_path=PATH)


def _asked(document: Mapping[str, Any]) -> Iterator[Asked]:
    for path, methods in document["paths"].items():
        for method, its in methods.items():
            yield Asked(
                method=method.upper(),
                path=path,
                words=its["description"],
                scope=API[(method.upper(), f"{PATH}{path}")].value,
                query=tuple(p["name"] for p in its.get("parameters", ()) if p["in"] == "query"),
                body=_fields(its, document["components"]["schemas"]),
            )


def _fields(its: Mapping[str, Any], schemas: Mapping[str, Any]) -> tuple[str, ...]:
    sent = its.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if kinds := sent.get("oneOf"):
        return tuple(kind["$ref"].rpartition("/")[2].lower() for kind in kinds)
    named = schemas.get(sent.get("$ref", "").rpartition("/")[2], {})
    return tuple(named.get("properties", ()))
