from __future__ import annotations

from random import Random

import pytest

from rehearsal.texts import prose, typed_in_a_browser


@pytest.mark.parametrize("length", [1, 2, 30, 999, 6000])
@pytest.mark.parametrize("strange", [False, True])
@pytest.mark.parametrize("lines", [False, True])
def test_a_text_has_exactly_the_length_and_no_blank_ends(length, strange, lines):
    text = prose(length, Random(length), strange=strange, lines=lines)
    assert (len(text), text.strip()) == (length, text)
    assert lines or "\n" not in text


def test_the_same_chance_gives_the_same_text():
    assert prose(500, Random(3)) == prose(500, Random(3)) != prose(500, Random(4))


def test_a_browser_sends_two_characters_for_each_line_break():
    assert typed_in_a_browser("a\nb") == "a\r\nb"
