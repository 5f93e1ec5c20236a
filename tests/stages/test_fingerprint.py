"""A fingerprint is the same everywhere, compact, and holds what telling events apart needs."""

from __future__ import annotations

from array import array
from itertools import islice

from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Origin
from monitor.stages.fingerprint import SKETCH_SIZE, fingerprint, surfaces, without
from monitor.stages.fingerprint_bytes import Entry, decode, encode, read_entries, read_entry
from tests.builders import an_article


def test_words_are_folded_stemmed_and_freed_of_grammar() -> None:
    made = fingerprint(an_article(title="Judge blocks the Pentagon’s ban on AI-made images: U.S. firms sued"))
    assert made.title == {"judg", "block", "pentagon", "ban", "ai", "made", "imag", "firm", "sue"}


def test_names_are_capitalised_where_prose_would_not_be() -> None:
    made = fingerprint(an_article(title="Father sues Google, claiming Gemini drove son into delusion"))
    assert made.names == {"googl", "gemini"}
    shouting = fingerprint(an_article(title="Man Fell In Love With Google Gemini And It Told Him To Attack"))
    assert shouting.names == frozenset()
    assert fingerprint(an_article(title="OpenAI and xAI fall silent today")).names == {"openai", "xai"}


def test_numbers_are_kept() -> None:
    assert fingerprint(an_article(title="Oracle cuts 30,000 jobs, $110B raised")).numbers == {"30000", "110"}
    assert fingerprint(an_article(title="$110bn, 10percent, GPT-4o")).numbers == {"110", "10", "4o"}


def test_the_address_speaks_too() -> None:
    """An entry that is a headline only has half its words there."""
    url = "https://a.example/2026/03/openai-robotics-leader-resignation-pentagon"
    made = fingerprint(an_article(title="Why she left", url=url))
    assert {"robotic", "resignation", "pentagon"} <= made.words & made.lead
    assert "pentagon" not in made.title
    assert made.page != 0


def test_a_vector_comes_back_out_of_the_bytes() -> None:
    made = fingerprint(an_article(title="OpenAI shelves a chatbot", text="a few words here"), bytes(range(256)))
    assert decode(encode(made)) == made


def test_only_the_opening_speaks_of_the_happening_but_all_of_the_text_of_copies() -> None:
    text = "opening words " + "filler " * 200 + "background story of another affair entirely"
    made = fingerprint(an_article(title="T", text=text))
    assert "background" not in made.words
    assert made.shingle_count > 5


def test_a_long_text_is_sketched_within_bounds() -> None:
    made = fingerprint(an_article(title="T", text=" ".join(f"w{i}" for i in range(5_000))))
    assert len(made.sketch) == SKETCH_SIZE
    assert made.shingle_count == 4_997
    assert len(encode(made)) < 2_500


def test_short_headlines_are_not_told_apart_by_hash() -> None:
    assert fingerprint(an_article(title="Claude is down again")).headline == 0
    one = fingerprint(an_article(title="Oracle plans thousands of job cuts today"))
    other = fingerprint(an_article(title="ORACLE plans thousands of job cuts, today"))
    assert one.headline == other.headline != 0


def test_an_editor_reads_whole_words() -> None:
    assert surfaces(an_article(title="Robotaxis stalled"))["robotaxi"] == "Robotaxis"


@given(st.text(max_size=300), st.text(max_size=2_000), st.none() | st.sampled_from(["en", "de"]))
def test_any_article_survives_encoding(title: str, text: str, language: str | None) -> None:
    made = fingerprint(an_article(id=1, title=title, text=text, language=language))
    assert decode(encode(made)) == made
    assert made.title <= made.words
    assert made.names <= made.words


def test_of_many_is_read_what_is_read_of_each() -> None:
    told = (  # title, words of the text, how it begins
        ("OpenAI shelves a chatbot after a week of complaints", 0, ""),
        ("…", 0, ""),
        ("Elevated errors", 30, "Investigating - "),
        ("Un titre en français, où l’accent reste", 90, ""),
        ("A long report", 2_000, ""),  # more phrases than are kept
        ("A short report", 40, ""),  # fewer
    )
    made = [
        encode(
            fingerprint(
                an_article(
                    title=title,
                    text=begins + ". ".join(f"Word{i} of {title}" for i in range(length)),
                    url="https://a.example/",
                    origin=Origin.PROVIDER,
                )
            )
        )
        for title, length, begins in told
    ]
    found = read_entries(made)
    words, sentences, phrases = iter(found.words), iter(found.sentences.tolist()), iter(found.phrases.tolist())
    assert [
        Entry(
            words=tuple(islice(words, found.word_counts[number])),
            sentences=tuple(islice(sentences, found.sentence_counts[number])),
            headline=int(found.headlines[number]),
            is_status=bool(found.are_status[number]),
            phrases=array("I", islice(phrases, found.phrase_counts[number])),
        )
        for number in range(len(made))
    ] == [read_entry(data) for data in made]
    assert not [*words, *sentences, *phrases]


def test_a_status_page_is_known_by_its_phases_and_speaks_of_its_provider() -> None:
    text = "Investigating - Customers may see elevated errors. (02 Mar, 08:16 UTC)"
    status = fingerprint(an_article(title="Elevated errors", text=text, publisher="kestrane", origin=Origin.PROVIDER))
    assert status.is_status
    assert "kestran" in status.names
    assert "customer" not in status.names  # after a dash a sentence begins
    assert not fingerprint(an_article(title="Elevated errors", text=text)).is_status  # a newspaper may quote one


def test_a_digest_is_known_by_its_title() -> None:
    for title in ("The week in machines: six stories", "Weekend reading: what happened", "AI roundup: chips and songs"):
        assert fingerprint(an_article(title=title)).is_digest, title
    for title in ("A week in court for OpenAI ends with a verdict", "Wrongful arrest: what happened in Fargo"):
        assert not fingerprint(an_article(title=title)).is_digest, title


def test_what_only_a_struck_sentence_says_is_not_compared() -> None:
    said = "Quorvex pulls its voice tool. Wexholm, the capital, has many inhabitants. A boy in Wexholm lent his voice."
    made = fingerprint(an_article(title="Voices mixed up", text=said))
    (standing,) = (key for key, words in made.sentences.items() if "capital" in words)
    assert {"capital", "wexholm", "quorvex"} <= made.words
    struck = without(made, [standing])
    assert "capital" not in struck.words
    assert {"wexholm", "quorvex"} <= struck.words  # said elsewhere too
