from datetime import timedelta

import pytest

from bando.deadlines import rome
from network.request_keys import address_of, key_of, new_token, opens, read_token
from tests.builders_request import NOW, desk, received

pytestmark = pytest.mark.django_db


def test_a_new_secret_opens_with_the_old_address_and_can_write_it_while_the_old_one_is_remembered(settings):
    request = received(desk())
    old, address = settings.SECRET_KEY, address_of(request)
    key = key_of(request)
    settings.SECRET_KEY = "un altro segreto"
    assert (opens(request, key), key_of(request), address_of(request)) == (True, "", "")
    settings.SECRET_KEY_FALLBACKS = [old]
    assert (key_of(request), address_of(request)) == (key, address)


def test_a_token_tells_its_page_and_its_moment():
    token = read_token(new_token(NOW))
    assert (token.age(NOW + timedelta(seconds=9)), token.pk.version) == (timedelta(seconds=9), 4)
    assert read_token(new_token(NOW)).pk != token.pk


@pytest.mark.parametrize("change", [lambda text: "", lambda text: text[:-1], lambda text: "x" + text, lambda text: "a:b"])
def test_a_token_that_nobody_here_signed_is_none(change):
    assert read_token(change(new_token(rome(2022, 5, 3)))) is None
