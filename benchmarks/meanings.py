"""Fingerprints with vectors for benchmarks: what the encoder made once is kept in a file, where one is named."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Sequence
from pathlib import Path

from monitor.jobs.meaning import Meaning
from monitor.model import Article
from monitor.stages.fingerprint import Fingerprint, fingerprint
from monitor.stages.vectors import passage


class Meanings:
    """Vectors by passage. Without the encoder's weights every vector is empty."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._meaning = Meaning.installed()
        kept = json.loads(path.read_text()) if path is not None and path.exists() else {}
        self._vectors = {key: b64decode(vector) for key, vector in kept.items()}

    def fingerprints(self, articles: Sequence[Article]) -> list[Fingerprint]:
        """The fingerprint of each article, as the job makes it."""
        new = [article for article in articles if _key(article) not in self._vectors]
        for article, made in zip(new, self._meaning.fingerprints(new), strict=True):
            self._vectors[_key(article)] = made.vector
        return [fingerprint(article, self._vectors[_key(article)]) for article in articles]

    def keep(self) -> None:
        """Write what was made to the file."""
        if self._path is not None:
            self._path.write_text(json.dumps({k: b64encode(v).decode() for k, v in self._vectors.items()}))


def _key(article: Article) -> str:
    return hashlib.sha256(passage(article).encode()).hexdigest()[:32]
