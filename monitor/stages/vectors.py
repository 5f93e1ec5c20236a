"""Title and lead → a vector of what they mean, by a small sentence encoder in plain NumPy.

The encoder is MiniLM (Wang et al. 2020), six layers of a BERT (Devlin et al. 2019) fine-tuned on sentence pairs
(Reimers and Gurevych 2019). It knows English only: an article in another language has no vector, and is compared by
words. Vectors are kept as whole numbers of eight bits; a cosine loses less than a hundredth by it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from mmap import mmap

import numpy as np
from numpy.typing import NDArray

from monitor.model import Article

LEAD_CHARACTERS = 800  # of a text that are read: what happened stands first
PIECES = 126  # of words that are read
WORD_LIMIT = 100  # characters: a longer word is no word
BATCH = 16  # passages of one length, encoded together
WIDTH, LAYERS, HEADS = 384, 6, 12

_UNKNOWN, _BEGIN, _END = "[UNK]", "[CLS]", "[SEP]"
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Encoder:
    """The weights of the encoder and its vocabulary, as `read_encoder` finds them. Not changed once read."""

    tensors: Mapping[str, Floats]
    vocabulary: Mapping[str, int]

    def encode(self, passages: Sequence[str]) -> list[bytes]:
        """The packed vector of each passage, in their order; of an empty one, none.

        Some 15 ms of processor time for a headline, 120 for a lead. Passages of one length go together, which
        saves a third.
        """
        by_length: dict[int, list[int]] = defaultdict(list)
        pieces = [_pieces(passage, self.vocabulary) for passage in passages]
        for number, found in enumerate(pieces):
            if len(found) > 2:
                by_length[len(found)].append(number)
        vectors = [b""] * len(passages)
        for numbers in by_length.values():
            for start in range(0, len(numbers), BATCH):
                some = numbers[start : start + BATCH]
                for number, vector in zip(some, self._forward([pieces[n] for n in some]), strict=True):
                    vectors[number] = pack(vector)
        return vectors

    def _forward(self, batch: Sequence[Sequence[int]]) -> Floats:
        ids = np.array(batch)
        embedded = self._of("embeddings.word_embeddings.weight")[ids]
        embedded = embedded + self._of("embeddings.position_embeddings.weight")[: ids.shape[1]]
        hidden = self._norm(embedded + self._of("embeddings.token_type_embeddings.weight")[0], "embeddings.LayerNorm")
        for layer in range(LAYERS):
            hidden = self._layer(hidden, f"encoder.layer.{layer}")
        mean: Floats = hidden.mean(1)
        return mean

    def _layer(self, hidden: Floats, name: str) -> Floats:
        attended = self._linear(self._attend(hidden, f"{name}.attention.self"), f"{name}.attention.output.dense")
        hidden = self._norm(hidden + attended, f"{name}.attention.output.LayerNorm")
        inner = _gelu(self._linear(hidden, f"{name}.intermediate.dense"))
        return self._norm(hidden + self._linear(inner, f"{name}.output.dense"), f"{name}.output.LayerNorm")

    def _attend(self, hidden: Floats, name: str) -> Floats:
        size, length, _ = hidden.shape
        query, key, value = (
            self._linear(hidden, f"{name}.{part}").reshape(size, length, HEADS, WIDTH // HEADS).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.float32(math.sqrt(WIDTH // HEADS))
        shares = np.exp(scores - scores.max(-1, keepdims=True))
        shares /= shares.sum(-1, keepdims=True)
        together: Floats = (shares @ value).transpose(0, 2, 1, 3).reshape(size, length, WIDTH)
        return together

    def _linear(self, hidden: Floats, name: str) -> Floats:
        out: Floats = hidden @ self._of(f"{name}.weight").T + self._of(f"{name}.bias")
        return out

    def _norm(self, hidden: Floats, name: str) -> Floats:
        spread = np.sqrt(hidden.var(-1, keepdims=True) + np.float32(1e-12))
        out: Floats = (hidden - hidden.mean(-1, keepdims=True)) / spread * self._of(f"{name}.weight")
        return out + self._of(f"{name}.bias")

    def _of(self, name: str) -> Floats:
        return self.tensors[name]


def read_encoder(weights: bytes | mmap, vocabulary: str) -> Encoder:
    """The encoder in a safetensors file and a WordPiece vocabulary; raises ValueError where they are something else.

    safetensors: eight bytes of length, so much JSON that says where each tensor lies, and the tensors.
    """
    size = int.from_bytes(weights[:8], "little")
    try:
        places = json.loads(weights[8 : 8 + size])
        tensors = {
            name: np.frombuffer(
                weights, np.dtype("<f4"), math.prod(place["shape"]), 8 + size + place["data_offsets"][0]
            ).reshape(place["shape"])
            for name, place in places.items()
            if name != "__metadata__" and place["dtype"] == "F32"
        }
        words = vocabulary.split("\n")
        return Encoder(tensors, {word: number for number, word in enumerate(words) if word})
    except (KeyError, TypeError, AttributeError, UnicodeDecodeError) as error:
        raise ValueError(f"no weights of a sentence encoder: {error}") from error


def passage(article: Article) -> str:
    """What of an article the encoder reads; empty for one in a language that it does not know."""
    if article.language and article.language.partition("-")[0].casefold() != "en":
        return ""
    lead = article.text[:LEAD_CHARACTERS].strip()
    return f"{article.title}. {lead}" if lead else article.title


def pack(vector: Floats) -> bytes:
    """A vector's direction in one byte for each of its numbers."""
    largest = float(np.abs(vector).max())
    return np.rint(vector * np.float32(127 / largest)).astype(np.int8).tobytes() if largest else b""


def likeness(a: bytes, b: bytes) -> float:
    """The cosine of two packed vectors; 0 where one is missing."""
    if not a or len(a) != len(b):
        return 0.0
    one, other = np.frombuffer(a, np.int8).astype(np.int32), np.frombuffer(b, np.int8).astype(np.int32)
    return float(one @ other) / math.sqrt(float(one @ one) * float(other @ other) or 1.0)


def _gelu(x: Floats) -> Floats:
    """Exact to 1e-6: the error function after Abramowitz and Stegun 7.1.26."""
    scaled = np.abs(x) * np.float32(math.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * scaled)
    series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    error = np.sign(x) * (1 - series * np.exp(-scaled * scaled))
    out: Floats = x * np.float32(0.5) * (1 + error)
    return out.astype(np.float32)


def _pieces(text: str, vocabulary: Mapping[str, int]) -> list[int]:
    """WordPiece: each word as the longest pieces that the vocabulary has (Devlin et al. 2019, uncased)."""
    found = [vocabulary[_BEGIN]]
    for word in _words(text):
        if len(found) > PIECES:
            break
        found.extend(_split(word, vocabulary))
    return [*found[: PIECES + 1], vocabulary[_END]]


def _split(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    pieces: list[int] = []
    start = 0
    while start < len(word) <= WORD_LIMIT:
        mark = "##" if start else ""
        end = next((e for e in range(len(word), start, -1) if mark + word[start:e] in vocabulary), None)
        if end is None:
            break
        pieces.append(vocabulary[mark + word[start:end]])
        start = end
    return pieces if pieces and start == len(word) else [vocabulary[_UNKNOWN]]


def _words(text: str) -> Iterator[str]:
    """Words in lower case without accents; each mark and each CJK character a word of its own."""
    spaced = "".join(" " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c)[0] != "C")
    parts: list[str] = []
    for c in unicodedata.normalize("NFD", spaced.lower()):
        if unicodedata.category(c) != "Mn":
            parts.append(f" {c} " if _stands_alone(c) else c)
    yield from "".join(parts).split()


def _stands_alone(c: str) -> bool:
    is_ascii_mark = c.isascii() and c.isprintable() and not c.isalnum() and c != " "
    return is_ascii_mark or unicodedata.category(c)[0] == "P" or "\u3400" <= c <= "\u9fff"
