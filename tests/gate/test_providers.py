"""Whom the register recognises in records of incidents, pinned. Lowering a pin is an explicit act in review."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.providers import averaged, figures, named_only, read_records, with_gold
from monitor.jobs.rulebook import read_rulebook

pytestmark = pytest.mark.data


def test_makers_and_users_of_a_system_are_suggested_and_hardly_anybody_else(data_dir: Path) -> None:
    index = read_rulebook().index
    records = with_gold(read_records(data_dir / "relevance" / "aiid_incidents.jsonl", index))
    for is_development in (True, False):
        half = [record for record in records if record.is_development is is_development]
        named = figures(with_gold(named_only(half, index)))
        assert figures(half).precision >= 0.95
        assert named.precision >= 0.95
        assert named.recall >= 0.95
        assert averaged(half)[1] >= 0.84
    assert averaged(records)[1] >= 0.85
    assert figures(records).recall >= 0.77  # a quarter of the pairs are named nowhere, ten of them in one record
