"""How facts become texts."""

from __future__ import annotations

import random

from monitor.press.prose import Text, Voice, overlap, shift_weekdays
from monitor.press.wording import HouseStyle


def voice(turn: int) -> Voice:
    return Voice(turn=turn, rng=random.Random(1), slots={"town": "Eskerton"})


def test_neighbouring_voices_choose_other_words() -> None:
    frame = "The {red|green} door in $town || A door, {red|green}, in $town"
    said = {voice(turn).say(frame) for turn in range(4)}
    assert said == {
        "The red door in Eskerton", "The green door in Eskerton",
        "A door, red, in Eskerton", "A door, green, in Eskerton",
    }  # fmt: skip


def test_the_same_voice_says_the_same_again() -> None:
    assert voice(3).say("{One|Two|Three} things") == voice(3).say("{One|Two|Three} things")


def test_house_style_leaves_quotations_alone() -> None:
    style = HouseStyle(turn=1, rng=random.Random(2))
    said = style.reword('The company was nearly gone. "The company was nearly gone," she said.')
    assert said.endswith('"The company was nearly gone," ' + said.rpartition('" ')[2])
    assert not said.startswith("The company was")


def test_weekdays_move_with_the_beginning_of_the_fortnight() -> None:
    assert shift_weekdays("From Monday to Sunday", begins_on=5) == "From Monday to Sunday"
    assert shift_weekdays("From Monday to Sunday", begins_on=6) == "From Tuesday to Monday"
    assert shift_weekdays("am Samstag", begins_on=0, language="de") == "am Montag"


def test_overlap_is_the_share_of_the_shorter_text() -> None:
    long = Text(title="", paragraphs=("one two three four five six seven eight",))
    short = Text(title="", paragraphs=("one two three four five",))
    assert overlap(long, short) == 1.0
    assert overlap(short, Text(title="", paragraphs=("nothing in it is like that",))) == 0.0
