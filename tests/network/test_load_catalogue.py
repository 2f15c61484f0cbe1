from itertools import combinations

import pytest
from django.core.management import call_command

from network import actions
from network.italian import same_words, telling_words
from network.models import Category, Synonym
from tests.builders import official
from tests.builders_catalogue import KINDS, TODAY

pytestmark = pytest.mark.django_db


def test_the_catalogue_is_loaded_once_and_what_the_office_wrote_stays(capsys):
    call_command("load_catalogue")
    assert [row.code for row in Category.objects.all()] == [code for code, _title, _summary in KINDS]
    office, by_term = official(), {row.term: row for row in Synonym.objects.all()}
    actions.save_synonym(by_term["tata"], term="tata", means="asilo", by=office, at=TODAY)
    actions.save_synonym(by_term["badante"], term="guardiana", means="assistenza", by=office, at=TODAY)
    actions.remove_synonym(by_term["oss"], by=office, at=TODAY)
    by_term["colf"].delete()  # as in an older list
    Category.objects.filter(code="italiano").update(title="Altro", position=0)
    call_command("load_catalogue")
    assert capsys.readouterr().out.splitlines() == ["13 categorie, 54 sinonimi nuovi.", "13 categorie, 1 sinonimi nuovi."]
    assert Synonym.objects.get(term="tata").means == "asilo"
    assert sorted(Synonym.objects.in_use().values_list("term", flat=True)) == sorted(
        {*by_term, "guardiana"} - {"badante", "oss"}
    )
    assert Category.objects.last().title == "Corsi di italiano"


def test_each_synonym_says_something_that_no_other_says():
    call_command("load_catalogue")
    said = [telling_words(term) for term in Synonym.objects.values_list("term", flat=True)]
    assert [] not in said
    assert [(a, b) for a, b in combinations(said, 2) if same_words(a, b)] == []
