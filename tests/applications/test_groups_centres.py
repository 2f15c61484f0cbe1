import pytest

from applications.groups.centres import Body, Hint, Sign, hints

ALFA = Body(
    "a",
    "Alfa",
    (("1", "Anna Bianchi"),),
    "Piazza del Duomo, 1",
    "20121",
    "Milano",
    "alfa@pec.it",
    "02 1234567",
    ("anna@alfa.example",),
    ("IT60 X054 2811 1010 0000 0123 456",),
)


def other(**facts) -> Body:
    return Body(**{"key": "b", "name": "Beta", **facts})


@pytest.mark.parametrize(
    ("facts", "signs"),
    [
        ({}, []),
        ({"representatives": (("1", "Anna B."),)}, [(Sign.REPRESENTATIVE, "Anna Bianchi")]),
        ({"representatives": (("2", "Anna Bianchi"),)}, []),
        (
            {"street": "P.za del Duomo n. 1", "postal_code": "20121", "city": "MILANO"},
            [(Sign.ADDRESS, "Piazza del Duomo, 1, 20121 Milano")],
        ),
        ({"street": "piazza del duomo 1", "postal_code": "20122", "city": "Milano"}, []),
        ({"street": "Piazza del Duomo 11", "postal_code": "20121", "city": "Milano"}, []),
        ({"street": "Piazza del Duomo", "postal_code": "20121", "city": "Milano"}, []),
        ({"pec": "ALFA@pec.it"}, [(Sign.PEC, "alfa@pec.it")]),
        ({"pec": "beta@pec.it"}, []),
        ({"phone": "+39 02.1234567"}, [(Sign.PHONE, "02 1234567")]),
        ({"phone": "0039021234567"}, [(Sign.PHONE, "02 1234567")]),
        ({"phone": "02 1234568"}, []),
        ({"emails": ("x@gmail.com", "y@ALFA.example")}, [(Sign.DOMAIN, "alfa.example")]),
        ({"emails": ("x@sub.alfa.example",)}, []),
        ({"ibans": ("it60x0542811101000000123456",)}, [(Sign.IBAN, "IT60 X054 2811 1010 0000 0123 456")]),
    ],
)
def test_what_is_equal_is_a_hint_and_what_is_not_is_none(facts, signs):
    assert [(hint.sign, hint.value) for hint in hints([ALFA], [("2", [other(**facts)])])] == signs


def test_providers_that_everybody_uses_make_no_neighbours():
    mine = Body("a", "Alfa", emails=("anna@gmail.com", "b@libero.it"))
    assert hints([mine], [("2", [other(emails=("z@gmail.com", "z@libero.it"))])]) == []


def test_of_a_body_that_takes_part_twice_only_that_is_said():
    assert hints([ALFA], [("2", [ALFA])]) == [Hint(Sign.BODY, "Alfa", "Alfa", "Alfa", "2")]


def test_every_body_of_a_group_is_compared_with_every_body_of_the_others_and_never_inside():
    gamma = Body("g", "Gamma", pec="alfa@pec.it")
    found = hints([ALFA, gamma], [("2", [other(phone="02 1234567")]), ("3", [other(key="d", name="Delta", pec="alfa@pec.it")])])
    assert [(hint.sign, hint.ours, hint.theirs, hint.application) for hint in found] == [
        (Sign.PHONE, "Alfa", "Beta", "2"),
        (Sign.PEC, "Alfa", "Delta", "3"),
        (Sign.PEC, "Gamma", "Delta", "3"),
    ]


@pytest.mark.parametrize("blank", [Body("a", "Alfa"), Body("a", "Alfa", street="", phone="39", ibans=("",), emails=("",))])
def test_what_nobody_knows_is_equal_to_nothing(blank):
    assert hints([blank], [("2", [other(street="", phone="39", ibans=("",), emails=("",))])]) == []
