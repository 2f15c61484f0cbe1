import pytest

from applications.pairing import paired

KEYS = (lambda row: row[0],)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ([], [], []),
        ([("a", 1)], [("a", 1)], []),
        ([("a", 1), ("b", 2)], [("b", 2), ("a", 1)], []),  # moved is not changed
        ([("a", 1)], [("a", 2)], [(("a", 1), ("a", 2))]),
        ([("a", 1)], [("b", 1)], [(("a", 1), None), (None, ("b", 1))]),
        ([], [("a", 1), ("b", 2)], [(None, ("a", 1)), (None, ("b", 2))]),
        ([("a", 1), ("a", 2)], [("a", 2)], [(("a", 1), None)]),  # the equal one first, then the one alike
        ([("a", 1), ("a", 2)], [("a", 3), ("a", 2)], [(("a", 1), ("a", 3))]),
    ],
)
def test_rows_that_changed_stand_beside_what_they_were(old, new, expected):
    assert list(paired(old, new, KEYS)) == expected
