"""Static files: each is asked for by an address with a digest of what is in it: a browser need never ask again."""

from __future__ import annotations

from os import PathLike

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from monitor.site.assets import STATIC as SITE_STATIC

FOR_EVER = "public, max-age=31536000, immutable"  # RFC 8246


class Assets(StaticFiles):
    """The desk's static files and the site's; one asked for without a digest is asked for again each time."""

    def get_directories(
        self, directory: str | PathLike[str] | None = None, packages: list[str | tuple[str, str]] | None = None
    ) -> list[str | PathLike[str]]:
        """Where files are looked for: those of the public site lie in its own room."""
        return [SITE_STATIC, *super().get_directories(directory, packages)]

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, with how long a browser may keep it."""
        response = await super().get_response(path, scope)
        if response.status_code in {200, 304}:
            response.headers["cache-control"] = FOR_EVER if scope.get("query_string") else "no-cache"
        return response
