import pytest

from network.actions import give_back_request
from network.models import Request
from network.models.requests import RequestChannel
from network.rules.requests import the_reason_names_nobody
from tests.builders_request import NOW, desk, received, routed
from workflow.transition import Attempt, Refused

pytestmark = pytest.mark.django_db
NAMED = "Nel motivo non scrivere il nome né i recapiti della persona: il motivo resta nella storia per sempre."
SPELLINGS = [
    "333 0001112",
    "3330001112",
    "333-0001112",
    "333.0001112",
    "333/0001112",
    "+39 333 0001112",
    "0039 (333) 0001112",
    "3 330001112",
]


@pytest.mark.parametrize(
    ("name", "reason", "against"),
    [
        ("Rosa Inventata", "La signora Inventata preferisce un altro ente", NAMED),
        ("Rosa Inventata", "rosa non risponde", NAMED),
        ("Rosa Inventata", "Scrive un'altra persona della famiglia, con le rose", None),
        ("Niccolò D'Amico", "Il sig. d’amico si è trasferito", NAMED),
        ("Niccolò D'Amico", "NICCOLO' si è trasferito", NAMED),
        ("Li Wu", "Li abbiamo cercati due volte", None),
        ("Li Wu", "Li Wu non risponde", NAMED),
        ("Ada", "Ada non risponde", NAMED),
        ("Ada", "Non abbiamo posto in tutta la giornata: adatti altri", None),
        ("A.", "Non abbiamo posto a maggio", None),
        ("A", "Non abbiamo posto a maggio", None),
    ],
)
def test_a_reason_holds_no_word_of_the_name_of_three_letters_or_more(name, reason, against):
    row = Request(name=name)
    assert the_reason_names_nobody(Attempt(row, None, NOW, reason=reason)) == against


def test_a_surname_stays_out_of_the_history():
    made = desk()
    request = routed(made)
    with pytest.raises(Refused) as refusal:
        give_back_request(request, reason="La signora Inventata preferisce un altro ente", by=made.answerer, at=NOW)
    assert (refusal.value.reasons, request.steps.filter(act="give_back").count()) == ([NAMED], 0)


@pytest.mark.parametrize("spelling", [*SPELLINGS, "3340001112"])
def test_a_telephone_is_the_same_however_it_is_spelled(spelling):
    made = desk()
    for one in SPELLINGS[:5]:
        received(made, phone=one, email="")
    if spelling in SPELLINGS:
        with pytest.raises(Refused) as refusal:
            received(made, phone=spelling, email="")
        assert refusal.value.reasons == [
            "Oggi con questi recapiti sono già arrivate 5 richieste. Riprova domani, o telefona a uno Spazio."
        ]
    else:
        received(made, phone=spelling, email="")
    received(made, phone=spelling, email="", by=made.operator, channel=RequestChannel.PHONE)
    assert Request.objects.count() == (6 if spelling in SPELLINGS else 7)
