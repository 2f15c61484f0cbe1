import io
from collections import Counter

import pytest
import yaml
from django.core.management import call_command
from django.urls import reverse

from network.example_spaces import SOURCE, load_example_spaces
from network.models import Space, SpaceStep
from tests.pages import text
from tests.road import agreed

pytestmark = pytest.mark.django_db


def test_the_twenty_load_and_load_again():
    assert load_example_spaces() == (20, 0)
    Space.objects.filter(slug="wemi-capuana").update(address="via Sbagliata 1")
    assert load_example_spaces() == (0, 20)
    assert Space.objects.get(slug="wemi-capuana").address == "via Capuana 3"
    assert not SpaceStep.objects.exists()


def test_the_command_tells_what_it_did():
    out = io.StringIO()
    call_command("load_example_spaces", stdout=out)
    assert out.getvalue() == "Spazi di esempio: 20 nuovi, 0 aggiornati.\n"


def test_each_has_its_certainty_and_its_source():
    load_example_spaces()
    rows = Space.objects.all()
    assert Counter(row.certainty for row in rows) == {"high": 9, "med": 8, "low": 3}
    assert [row.name for row in rows if not row.source] == []
    assert [row.name for row in rows if (row.certainty == "low") != (not row.address)] == []


def test_nothing_that_no_source_says_is_written():
    load_example_spaces()
    facts = ("hours", "phone", "email", "latitude", "longitude", "languages", "exceptions", "step_free")
    assert {tuple(bool(getattr(row, name)) for name in facts) for row in Space.objects.all()} == {(False,) * 8}


def test_a_space_of_an_agreement_is_left_alone():
    space = agreed().space
    Space.objects.filter(pk=space.pk).update(slug="wemi-capuana", name="Nostro")
    assert load_example_spaces() == (19, 0)
    assert Space.objects.get(slug="wemi-capuana").name == "Nostro"


def test_the_pages_say_that_they_are_examples(client):
    load_example_spaces()
    page = text(client.get(reverse("spaces")))
    assert "20 Spazi" in page
    assert page.count("Esempio preso dalla stampa.") == 20
    for row in yaml.safe_load(SOURCE.read_text()):
        assert "È un esempio" in text(client.get(reverse("space", args=[row["slug"]])))
