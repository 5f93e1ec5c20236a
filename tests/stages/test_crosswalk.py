"""Ids of the same event elsewhere: every way in which an editor may write one leads to one spelling."""

from __future__ import annotations

import pytest

from monitor.stages.crosswalk import crosswalk_words, elsewhere, read_crosswalk, read_id, same_as


@pytest.mark.parametrize(
    ("written", "key", "url"),
    [
        ("aiid:123", "aiid:123", "https://incidentdatabase.ai/cite/123"),
        ("AIID:#0123", "aiid:123", "https://incidentdatabase.ai/cite/123"),
        ("https://incidentdatabase.ai/cite/123/", "aiid:123", "https://incidentdatabase.ai/cite/123"),
        ("https://incidentdatabase.ai/es/cite/123#r45", "aiid:123", "https://incidentdatabase.ai/cite/123"),
        ("oecd:2024-05-14-1A2b", "oecd-aim:2024-05-14-1a2b", "https://oecd.ai/en/incidents/2024-05-14-1a2b"),
        ("https://oecd.ai/fr/incidents/2024-05-14-1a2b", "oecd-aim:2024-05-14-1a2b",
         "https://oecd.ai/en/incidents/2024-05-14-1a2b"),
        ("AIAAIC123", "aiaaic:AIAAIC0123", None),
        ("aiaaic:1234", "aiaaic:AIAAIC1234", None),
        ("https://www.aiaaic.org/aiaaic-repository/ai-algorithmic-and-automation-incidents/air-canada-chatbot",
         "aiaaic:air-canada-chatbot",
         "https://www.aiaaic.org/aiaaic-repository/ai-algorithmic-and-automation-incidents/air-canada-chatbot"),
        ("https://www.aiaaic.org/aiaaic-repository/ai-algorithmic-and-automation-incidents/s%C3%A3o-geraldo",
         "aiaaic:são-geraldo",
         "https://www.aiaaic.org/aiaaic-repository/ai-algorithmic-and-automation-incidents/s%C3%A3o-geraldo"),
        ("aim:https://oecd.ai/en/incidents/2024-05-14-1a2b", "oecd-aim:2024-05-14-1a2b",
         "https://oecd.ai/en/incidents/2024-05-14-1a2b"),
    ],
)  # fmt: skip
def test_an_id_has_one_spelling(written: str, key: str, url: str | None) -> None:
    found = read_id(written)
    assert found is not None
    assert (found.key, found.url) == (key, url)
    assert read_id(found.key) == found


@pytest.mark.parametrize(
    "written",
    ["123", "aiid:", "aiid:0", "aiid:12x", "aiid:javascript:alert(1)", "oecd-aim:2024-13-01-1a2b", "aiaaic:..", "x:1",
     "https://incidentdatabase.ai/cite", "https://evil.example/cite/123", "https://incidentdatabase.ai.evil.example/cite/1",
     "javascript://incidentdatabase.ai/%0aalert(1)", "http://[", "aiid:https://oecd.ai/en/incidents/2024-05-14-1a2b"],
)  # fmt: skip
def test_what_is_none_is_not_guessed_h21(written: str) -> None:
    assert read_id(written) is None


@pytest.mark.parametrize(
    ("written", "database", "url"),
    [
        ("https://oecd.ai/en/hazards/2027/abc", "oecd-aim", "https://oecd.ai/en/hazards/2027/abc"),
        ("https://incidentdatabase.ai/incidents/x-1", "aiid", "https://incidentdatabase.ai/incidents/x-1"),
        ("https://aiaaic.org/a/b/c'><script>", "aiaaic", "https://aiaaic.org/a/b/c'%3E%3Cscript%3E"),
    ],
)
def test_a_page_whose_form_is_not_known_is_kept_by_its_address(written: str, database: str, url: str) -> None:
    found = read_id(written)
    assert found is not None
    assert (found.database, found.id, found.url) == (database, url, url)
    assert read_id(found.key) == found


def test_ids_are_read_from_whatever_stands_between_them() -> None:
    keys, bad = read_crosswalk(" aiid:1, aiid:2;\n nonsense AIAAIC0007 aiid:1 ")
    assert (keys, bad) == (("aiid:1", "aiid:2", "aiaaic:AIAAIC0007"), ("nonsense",))
    assert crosswalk_words("nonsense aiid:1") == ("aiid:1", "nonsense")
    assert same_as(("aiid:1", "nonsense", "aiaaic:AIAAIC0007")) == ("https://incidentdatabase.ai/cite/1",)
    assert [e.database for e in elsewhere(("aiid:1", "nonsense"))] == ["aiid"]
