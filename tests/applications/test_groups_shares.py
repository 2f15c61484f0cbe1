import pytest

from applications.amounts import Unreadable
from applications.groups.shares import percent, share, typed


@pytest.mark.parametrize(
    ("text", "hundredths"),
    [
        ("33,33", 33_33),
        ("33.33", 33_33),
        ("33,33%", 33_33),
        (" 33,33 % ", 33_33),
        ("33,33 per cento", 33_33),
        ("33,3 percento", 33_30),
        ("50", 50_00),
        ("0,01", 1),
        ("100", 100_00),
        ("100,00", 100_00),
    ],
)
def test_a_share_is_read_in_every_usual_spelling(text, hundredths):
    assert share(text) == hundredths


@pytest.mark.parametrize("text", ["", "0", "0,00", "100,01", "-5", "33,333", "33.333", "metà", "50/50", "1e1", "50 50"])
def test_what_is_no_share_is_refused(text):
    with pytest.raises(Unreadable):
        share(text)


@pytest.mark.parametrize(
    ("hundredths", "words", "again"),
    [(95_00, "95,00\u00a0%", "95"), (33_33, "33,33\u00a0%", "33,33"), (1, "0,01\u00a0%", "0,01")],
)
def test_a_share_is_said_with_two_decimals_and_typed_as_people_do(hundredths, words, again):
    assert (percent(hundredths), typed(hundredths), share(again)) == (words, again, hundredths)


def test_a_share_that_is_not_there_is_typed_as_nothing():
    assert typed(None) == ""
