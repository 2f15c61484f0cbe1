"""What the minutes of a table say; the rest of them is in test_actions_tables."""

from network.table_minutes import free_texts, points


def test_an_agenda_has_a_point_on_each_line_that_says_something():
    assert points(" Il progetto \n\n  Il budget\r\nAltro") == ("Il progetto", "Il budget", "Altro")


def test_all_that_leaves_and_was_written_by_hand_is_read():
    public = {"agenda": "a", "text": "b", "decisions": [{"number": 1, "text": "c", "against": "d"}]}
    assert list(free_texts(public)) == ["a", "b", "c", "d"]
