import pytest

from bando.typed import whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("007", 7), ("999999999", 999_999_999), ("1000000000", None)]
    + [(text, None) for text in ("", "-1", "+1", "1.0", " 1", "1_0", "uno", "²", "٣")],
)
def test_a_number_is_read_from_digits_alone(text, number):
    assert whole_number(text) == number
