"""Which day a telling names, in four languages; never one after it was told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from monitor.stages.days import day_in

TOLD_AT = datetime(2026, 3, 4, 9, tzinfo=UTC)  # a Wednesday


@pytest.mark.parametrize(
    ("text", "tongue", "day"),
    [
        ("It began on 28 February 2026.", "en", date(2026, 2, 28)),
        ("Es geschah am 1. März 2026 in Bern.", "de", date(2026, 3, 1)),
        ("Am 02.03.2026 fiel der Dienst aus.", "de", date(2026, 3, 2)),
        ("Le 1er mars 2026, le service tombe.", "fr", date(2026, 3, 1)),
        ("El 2 de marzo de 2026 cayó el servicio.", "es", date(2026, 3, 2)),
        ("Das Gericht entschied am Montag.", "de", date(2026, 3, 2)),
        ("Le tribunal a tranché mardi, ce mardi.", "fr", date(2026, 3, 3)),
        ("El tribunal falló el lunes.", "es", date(2026, 3, 2)),
        ("Gestern fiel er aus.", "de", date(2026, 3, 3)),
        ("Ayer cayó.", "es", date(2026, 3, 3)),
        ("It is due on 9 December 2026.", "en", None),
        ("On 31 February 2026 nothing happened.", "en", None),
        ("Am Montag.", "en", None),  # another language's weekday
        ("Version 1.2.2026 is out in 2027.", None, date(2026, 2, 1)),
    ],
)
def test_a_day_is_read_as_its_language_writes_it(text: str, tongue: str | None, day: date | None) -> None:
    found = day_in(text, tongue, TOLD_AT)
    assert (None if found is None else found[0]) == day
