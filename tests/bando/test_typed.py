import pytest

from bando.typed import from_script, whole_number


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("12", 12), ("007", 7), ("999999999", 999_999_999), ("1000000000", None)]
    + [(text, None) for text in ("", "-1", "+1", "1.0", " 1", "1_0", "uno", "²", "٣")],
)
def test_a_number_is_read_from_digits_alone(text, number):
    assert whole_number(text) == number


@pytest.mark.parametrize(
    ("body", "read"),
    [
        (b'{"a": ["perch\xc3\xa9", 1, null, true]}', {"a": ["perché", 1, None, True]}),
        ('"\\ud83d\\ude42"', "🙂"),
        ('{"a\\u0000": ["\\ud83d cut", {"b": "\\udc00"}]}', {"a": ["\ufffd cut", {"b": "\ufffd"}]}),
    ],
    ids=["whole", "an emoji in its two halves", "what no database takes"],
)
def test_what_a_script_sends_can_be_stored(body, read):
    assert from_script(body) == read


@pytest.mark.parametrize("body", ["", "{", b"\xff", "[" * 100_000, "[" * 100_000 + "]" * 100_000, "9" * 5000])
def test_what_a_script_sends_and_nobody_can_read_is_one_error(body):
    with pytest.raises(ValueError):  # noqa: PT011 - json's own errors and ours are all of this kind
        from_script(body)
