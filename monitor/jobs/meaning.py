"""What articles mean, as vectors, where the weights of the encoder are installed; else nothing, and words decide alone.

The weights are opened when the first article asks: a process that only polls or serves pages never pays for them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monitor.log import get_log
from monitor.model import Article
from monitor.shipped.encoder import AlteredError, find_encoder, open_encoder
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.vectors import Encoder, passage, read_encoder

log = get_log()


@dataclass(slots=True)
class Meaning:
    """The encoder of one process, opened when first needed. Not safe to share between threads."""

    folder: Path | None = None  # None: words alone
    _encoder: Encoder | None = None

    @classmethod
    def installed(cls, *, is_wanted: bool = True) -> Meaning:
        """With the weights that are installed, if they are, and are wanted."""
        return cls(find_encoder() if is_wanted else None)

    def fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """The fingerprint of each article, with its vector where its language is known to the encoder."""
        vectors = self._vectors(articles)
        return [fingerprint(article, vector) for article, vector in zip(articles, vectors, strict=True)]

    def _vectors(self, articles: Sequence[Article]) -> list[bytes]:
        passages = [passage(article) for article in articles]
        encoder = self._open() if any(passages) else None
        return [b""] * len(articles) if encoder is None else encoder.encode(passages)

    def _open(self) -> Encoder | None:
        if self._encoder is None and self.folder is not None:
            try:
                self._encoder = read_encoder(*open_encoder(self.folder))
            except (AlteredError, OSError, ValueError) as error:
                log.warning("articles are grouped by words alone: the encoder cannot be used", reason=str(error))
                self.folder = None
        return self._encoder
