"""Where a language model is asked, and how much it may take."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEndpoint:
    """An endpoint that speaks the chat completions protocol, and what this newsroom lets it take."""

    url: str  # up to and with /v1; "" where there is none
    name: str  # of the model, as the endpoint knows it
    key: str = field(default="", repr=False)
    requests_a_day: int = 200
    tokens_a_day: int = 1_000_000
    requests_a_minute: int = 6
    seconds: float = 60.0  # for one answer
    top: int = 10  # candidates at the top of the queue that are asked about unasked; 0: at an editor's wish alone

    @property
    def is_on(self) -> bool:
        """Whether anything may leave at all."""
        return bool(self.url)
