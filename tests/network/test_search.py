from datetime import date

import pytest
from django.core.management import call_command

from network.models import Category, Service
from network.search import Catalogue, Filters, words_of
from network.states import ServiceState
from tests.builders_catalogue import TODAY, UNTIL, accredited, catalogue, service

pytestmark = pytest.mark.django_db

DAY = TODAY.date()


@pytest.fixture
def few():
    """Nine services, of which each word of the tests finds its own."""
    call_command("load_catalogue", verbosity=0)
    here = accredited("La Lucerna")[0]
    rows = [
        service(
            here, "Assistenza familiare", summary="Aiuto di ogni giorno", description="Igiene e compagnia a chi è anziano."
        ),
        service(here, "Compagnia per anziani", summary="Due ore di chiacchiere", price="paid", price_note="10 € l'ora"),
        service(here, "Infermiere a casa", category="assistenza-sanitaria", summary="Prelievi e medicazioni", municipi=[3, 4]),
        service(
            here, "Baby-sitter", category="educativi", summary="Anche la sera", shared=True, price="paid", price_note="9 €"
        ),
        service(here, "Compiti in cortile", category="educativi", individual=False, shared=True, at_home=False, in_space=True),
        service(
            here, "Psicologo in città", category="psicologici", at_home=False, online=True, price="mixed", price_note="ISEE"
        ),
        service(here, "Pasti caldi", category="pasti", summary="Portati a domicilio", description="Anche per gli anziani."),
        service(here, "Tapparelle", category="manutenzione", summary="E altre riparazioni"),
        service(here, "Corsi di italiano", category="italiano", at_home=False, in_space=True, summary="Attività di gruppo"),
    ]
    Service.objects.bulk_create(rows)
    return here


def titles(query, **filters):
    return [one.title for one in Catalogue.of(DAY).look_for(query, Filters(**filters)).services]


CARERS = ["Assistenza familiare", "Compagnia per anziani"]
"""By two meanings of "badante"; the second has one of its words in its category."""
EVERYTHING = [
    "Assistenza familiare",
    "Compagnia per anziani",
    "Infermiere a casa",
    "Baby-sitter",
    "Compiti in cortile",
    "Psicologo in città",
    "Pasti caldi",
    "Tapparelle",
    "Corsi di italiano",
]
"""In the order of the categories."""


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("citta", ["Psicologo in città"]),  # accents
        ("CITTÀ", ["Psicologo in città"]),
        ("psicologa", ["Psicologo in città"]),  # endings
        ("psicologi", ["Psicologo in città"]),
        ("infermieri", ["Infermiere a casa"]),
        ("tapparella", ["Tapparelle"]),
        ("attività", ["Corsi di italiano"]),
        ("l'anziano", ["Compagnia per anziani", "Assistenza familiare", "Pasti caldi"]),  # apostrophes; the title first
        ("dell’anziana", ["Compagnia per anziani", "Assistenza familiare", "Pasti caldi"]),
        ("tapparele", ["Tapparelle"]),  # one letter too few, too many, another one, two swapped
        ("infermiierre", []),
        ("infermiiere", ["Infermiere a casa"]),
        ("psicolpgo", ["Psicologo in città"]),
        ("copmiti", ["Compiti in cortile"]),
        ("badante", CARERS),  # synonyms
        ("badanti", CARERS),
        ("badnate", CARERS),
        ("cerco una badante per la mia mamma", CARERS),
        ("tata", ["Baby-sitter"]),
        ("baby sitter", ["Baby-sitter"]),
        ("imparare l'italiano", ["Corsi di italiano"]),  # of several words
        ("elettricista", ["Tapparelle"]),
        ("la lucerna pasti", ["Pasti caldi"]),  # the name of the body
        ("anziani compagnia", ["Compagnia per anziani", "Assistenza familiare"]),  # all that was asked
        ("pasti tapparelle", ["Pasti caldi", "Tapparelle"]),  # none has both
        ("astronave", []),
        ("%", EVERYTHING),
        ("_", EVERYTHING),
        ("100%", []),
        ("'; DROP TABLE network_service; --", []),
        ("\x00", EVERYTHING),
        ("", EVERYTHING),
        ("   ", EVERYTHING),
        ("che cosa serve", EVERYTHING),
        ("anziani " * 5000, ["Compagnia per anziani", "Assistenza familiare", "Pasti caldi"]),
        ("x" * 100_000, []),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else "",
)
def test_a_need_finds_its_services(few, query, expected):
    assert titles(query) == expected


def test_a_word_counts_where_it_stands(few):
    here = few
    Service.objects.all().delete()
    places = [
        ("Quarto", {"description": "Un giardino."}),
        ("Terzo", {"summary": "Un giardino"}),
        ("Secondo", {"category": "animali"}),
        ("Giardino primo", {}),
        ("Anche quarto", {"audience": "Chi ha un giardino"}),
    ]
    Category.objects.filter(code="animali").update(title="Giardino e animali")
    Service.objects.bulk_create(service(here, title, **fields) for title, fields in places)
    assert titles("giardini") == ["Giardino primo", "Secondo", "Terzo", "Anche quarto", "Quarto"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"category": "educativi"}, ["Baby-sitter", "Compiti in cortile"]),
        ({"price": "paid"}, ["Compagnia per anziani", "Baby-sitter"]),
        ({"way": "several"}, ["Baby-sitter", "Compiti in cortile"]),
        ({"way": "several", "place": "home"}, ["Baby-sitter"]),
        ({"place": "space"}, ["Compiti in cortile", "Corsi di italiano"]),
        ({"place": "online"}, ["Psicologo in città"]),
        ({"category": "assistenza-sanitaria", "municipio": 4}, ["Infermiere a casa"]),
        ({"category": "assistenza-sanitaria", "municipio": 5}, []),
        ({"category": "astronavi"}, []),
    ],
)
def test_filters_leave_what_passes_them_all(few, filters, expected):
    assert titles("", **filters) == expected


def test_each_filter_says_how_many_each_of_its_values_would_leave(few):
    filters = Filters(category="educativi", price="paid")
    counts = Catalogue.of(DAY).look_for("", filters).counts(filters)
    assert counts["category"] == {"socio-assistenziali": 1, "educativi": 1, "": 2}
    assert counts["price"] == {"free": 1, "paid": 1, "mixed": 0, "": 2}
    assert counts["way"] == {"one": 1, "several": 1, "": 1}
    assert counts["place"] == {"home": 1, "space": 0, "online": 0, "": 1}
    assert counts["municipio"] == {**dict.fromkeys(range(1, 10), 1), "": 1}


def test_what_was_read_beside_and_instead_is_told(few):
    found = Catalogue.of(DAY).look_for("badnate")
    assert (found.instead, found.also, found.is_partial) == (
        [("badnate", "badante")],
        ["assistenza familiare", "assistenza anziani"],
        False,
    )


def test_a_synonym_that_led_nowhere_is_not_told(few):
    assert Catalogue.of(DAY).look_for("pedicure").also == []


@pytest.mark.parametrize(
    ("query", "partial", "empty"),
    [("pasti tapparelle", True, False), ("pasti", False, False), ("astronave", False, False), ("di che", False, True)],
)
def test_a_search_says_when_it_is_answered_in_part_or_asks_nothing(few, query, partial, empty):
    found = Catalogue.of(DAY).look_for(query)
    assert (found.is_partial, found.is_empty) == (partial, empty)


def test_the_groups_follow_their_best_service(few):
    groups = Catalogue.of(DAY).look_for("anziano").groups()
    assert [(category.code, [one.title for one in services]) for category, services in groups] == [
        ("socio-assistenziali", ["Compagnia per anziani", "Assistenza familiare"]),
        ("pasti", ["Pasti caldi"]),
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [("psico", ["psicologo", "psicoterapia"]), ("tapparelist", ["tapparellista", "tapparelle"]), ("wzq", []), ("", [])],
)
def test_words_that_look_like_what_was_asked_are_offered(few, query, expected):
    assert Catalogue.of(DAY).near(query) == expected


def test_of_several_words_that_mean_one_thing_the_weakest_counts(few):
    rows = [
        service(few, "Cura dell'orto", category="manutenzione", description="Anche con il cane in giardino."),
        service(few, "Giardino", category="manutenzione", summary="Cura del cane quando non ci sei"),
    ]
    Service.objects.bulk_create(rows)
    known = Catalogue.of(DAY).with_synonym("bassotto", "cura cane")
    assert [one.title for one in known.look_for("bassotto").services] == ["Giardino", "Cura dell'orto"]


def test_a_synonym_can_be_tried_before_it_is_kept(few):
    known = Catalogue.of(DAY)
    assert len(known.look_for("guardiano").services) == 0
    assert [one.title for one in known.with_synonym("guardiano", "compagnia, pasti").look_for("guardiani").services] == [
        "Compagnia per anziani",
        "Pasti caldi",
        "Assistenza familiare",
    ]
    assert [one.title for one in known.with_synonym("badante", "pasti caldi").look_for("badante").services] == ["Pasti caldi"]


@pytest.mark.parametrize(
    ("day", "state", "expected"),
    [
        (UNTIL, ServiceState.PUBLISHED, 9),
        (date(2025, 5, 3), ServiceState.PUBLISHED, 0),
        (UNTIL, ServiceState.DRAFT, 0),
        (UNTIL, ServiceState.WITHDRAWN, 0),
    ],
)
def test_only_what_is_public_that_day_is_found(few, day, state, expected):
    Service.objects.update(state=state)
    assert len(Catalogue.of(day).look_for("").services) == expected


def test_the_words_of_a_service_are_kept_as_stems_and_as_they_are():
    row = Service(title="Città", summary="Per l'anziano", description="Di più", audience="", price_note="9 €")
    assert words_of(row) == "citt\nanzi anzian\n\nanziano citta"


@pytest.mark.parametrize("services", [10, 300])
def test_a_search_takes_three_queries_whatever_is_in_the_catalogue(services, django_assert_num_queries):
    catalogue(services=services, bodies=min(services, 58))
    with django_assert_num_queries(3):
        found = Catalogue.of(DAY).look_for("anziani")
        assert len(found.services) == len([n for n in range(services) if n % 13 == 0])
        assert {one.organisation.name for one in found.services} >= {"Cooperativa 1"}
