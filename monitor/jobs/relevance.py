"""Which relevance model judges: the one that ships."""

from __future__ import annotations

from functools import cache

from monitor.shipped import shipped_path
from monitor.stages.relevance import Model, read_model


@cache
def shipped_model() -> Model:
    """The model that travels with Monitor, read once."""
    return read_model(shipped_path("relevance.npz").read_bytes())
