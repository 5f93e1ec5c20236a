"""Static files: each is asked for by an address with a digest of what is in it: a browser need never ask again."""

from __future__ import annotations

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

FOR_EVER = "public, max-age=31536000, immutable"  # RFC 8246


class Assets(StaticFiles):
    """Static files; one asked for without a digest is asked for again each time."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long a browser may keep it."""
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["cache-control"] = FOR_EVER if scope.get("query_string") else "no-cache"
        return response
