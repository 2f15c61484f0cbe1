import pytest
from django.conf.locale import LANG_INFO

from network.languages import NAMED_HERE, SPOKEN, name_of


def test_each_language_that_is_offered_has_a_name_and_only_one_place_gives_it():
    assert [code for code in SPOKEN if name_of(code) == code] == []
    assert NAMED_HERE.keys() & LANG_INFO.keys() == set()
    assert set(SPOKEN) >= NAMED_HERE.keys()


@pytest.mark.parametrize(("code", "name"), [("tl", "filippino"), ("zh", "cinese"), ("ar", "Arabo"), ("xx", "xx")])
def test_a_language_is_called_as_people_call_it(code, name):
    assert name_of(code) == name
