from datetime import date, timedelta
from decimal import Decimal

import pytest

from bando.deadlines import rome
from network.actions import cancel_move, describe_space, move_space, open_space, rename_space
from network.actions.spaces import free_slug
from network.directory import Seen
from network.models import FormerSlug, Space
from tests import road as roads
from tests.history import history
from tests.network.test_actions_spaces import refused
from workflow.duties import pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
AT = rome(2022, 9, 1, 10)
PLACE = {"address": "Via Padova 10", "municipio": 2, "latitude": Decimal("45.490000"), "longitude": Decimal("9.220000")}


def spans(space) -> list:
    return list(space.addresses.values_list("address", "first_day", "last_day"))


@pytest.fixture
def road():
    return roads.opened()


def test_an_announced_address_holds_from_its_first_day(road):
    was = road.space.address
    move_space(road.space, **PLACE, first_day=date(2022, 10, 1), by=road.office, at=AT)
    assert spans(road.space) == [
        (was, date(2022, 5, 2), date(2022, 9, 30)),
        ("Via Padova 10", date(2022, 10, 1), None),
    ]
    assert Space.objects.get().address == was
    pay(rome(2022, 9, 30, 23, 59))
    assert Space.objects.get().address == was
    pay(rome(2022, 10, 1, 0))
    assert Space.objects.values("address", "municipio", "latitude", "longitude").get() == PLACE


@pytest.mark.parametrize(
    ("first_day", "holds"), [(AT.date(), True), (AT.date() - timedelta(days=3), True), (AT.date() + timedelta(days=1), False)]
)
def test_a_move_of_today_or_of_before_holds_at_once(road, first_day, holds):
    move_space(road.space, **PLACE, first_day=first_day, by=road.office, at=AT)
    assert (Space.objects.get().address == "Via Padova 10") is holds
    assert Duty.objects.filter(name="network.space_moves").count() == (0 if holds else 1)


def test_a_space_that_was_nowhere_has_no_address_of_before():
    road = roads.agreed()
    Space.objects.update(address="", municipio=None)
    move_space(road.space, **PLACE, first_day=date(2022, 4, 1), by=road.office, at=AT)
    assert spans(road.space) == [("Via Padova 10", date(2022, 4, 1), None)]


def test_a_space_that_moves_before_its_first_day_was_there_for_a_day():
    road = roads.agreed()
    was = road.space.address
    move_space(road.space, **PLACE, first_day=date(2022, 4, 1), by=road.office, at=AT)
    assert spans(road.space)[0] == (was, date(2022, 3, 31), date(2022, 3, 31))


@pytest.mark.parametrize(
    ("second", "reasons"),
    [
        (
            date(2022, 10, 1),
            [
                "C'è già un indirizzo dal 1 ottobre 2022: scegli un giorno dopo, oppure annulla quel trasferimento se non è ancora"
                " avvenuto."
            ],
        ),
        (date(2022, 10, 2), []),
    ],
)
def test_a_move_comes_after_the_one_before(road, second, reasons):
    move_space(road.space, **PLACE, first_day=date(2022, 10, 1), by=road.office, at=AT)
    again = {**PLACE, "address": "Via Meda 5"}
    said = []
    if reasons:
        said = refused(move_space, road.space, **again, first_day=second, by=road.office, at=AT)
    else:
        move_space(road.space, **again, first_day=second, by=road.office, at=AT)
    assert said == reasons
    assert spans(road.space)[1][2] == (None if reasons else date(2022, 10, 1))


def test_an_address_that_was_replaced_before_its_day_never_begins(road):
    """The second duty alone writes where the Spazio is."""
    move_space(road.space, **PLACE, first_day=date(2022, 10, 1), by=road.office, at=AT)
    move_space(road.space, **{**PLACE, "address": "Via Meda 5"}, first_day=date(2022, 10, 2), by=road.office, at=AT)
    pay(rome(2022, 10, 2, 1))
    assert Space.objects.get().address == "Via Meda 5"


def test_of_two_announced_moves_the_first_arrives_too(road):
    move_space(road.space, **PLACE, first_day=date(2022, 10, 1), by=road.office, at=AT)
    move_space(road.space, **{**PLACE, "address": "Via Meda 5"}, first_day=date(2022, 12, 1), by=road.office, at=AT)
    found = []
    for at in (rome(2022, 10, 1, 0), rome(2022, 11, 30, 23), rome(2022, 12, 1, 0)):
        pay(at)
        found.append(Space.objects.get().address)
    assert found == ["Via Padova 10", "Via Padova 10", "Via Meda 5"]


@pytest.mark.parametrize(
    ("first_day", "read"),
    [(AT.date(), ["Via Padova 100"]), (AT.date() + timedelta(days=1), ["Via Padova 100", "Via Padova 10"])],
)
def test_an_address_that_the_office_corrects_is_what_citizens_read(road, first_day, read):
    """Also while another one is announced."""
    move_space(road.space, **PLACE, first_day=first_day, by=road.office, at=AT)
    right = {"address": "Via Padova 100", "latitude": Decimal("45.491000"), "longitude": Decimal("9.221000")}
    describe_space(road.space, **right, by=road.office, at=AT)
    space = Space.objects.get()
    where = Seen(space, AT).where
    assert (where.address, where.latitude) == (space.address, space.latitude) == ("Via Padova 100", right["latitude"])
    assert [row.address for row in space.addresses.filter(first_day__gte=date(2022, 5, 2))][-len(read) :] == read


@pytest.mark.parametrize("state", ["open", "closed"])
def test_a_space_that_moved_is_somewhere(road, state):
    Space.objects.update(state=state)
    move_space(road.space, **PLACE, first_day=AT.date(), by=road.office, at=AT)
    said = refused(describe_space, road.space, municipio=None, by=road.office, at=AT)
    assert said[-1] == "Lo Spazio ha cambiato indirizzo: per i cittadini scrivi l'indirizzo e il Municipio di oggi."
    assert Space.objects.get().municipio == 2


def test_a_move_is_taken_back_while_it_is_ahead(road):
    was = road.space.address
    move_space(road.space, **PLACE, first_day=date(2022, 10, 1), by=road.office, at=AT)
    ahead = road.space.addresses.last()
    late = refused(cancel_move, ahead, reason="Niente.", by=road.office, at=rome(2022, 10, 1, 0))
    assert late == ["Il trasferimento è già avvenuto: scrivi un altro indirizzo."]
    assert refused(cancel_move, ahead, reason="", by=road.office, at=AT) == ["Scrivi il motivo: resta nella storia dell'atto."]
    cancel_move(ahead, reason="Il locale non è pronto.", by=road.office, at=AT)
    assert spans(road.space) == [(was, date(2022, 5, 2), None)]
    pay(rome(2022, 10, 1, 0))
    assert Space.objects.get().address == was
    assert history(road.space)[-2:] == ["move", "cancel_move"]


def test_the_office_alone_moves_and_names(road):
    said = ["Lo può fare solo chi lavora nell'ufficio."]
    assert refused(move_space, road.space, **PLACE, first_day=AT.date(), by=road.applicant, at=AT) == said
    assert refused(rename_space, road.space, name="A", slug="a", by=road.applicant, at=AT) == said
    assert (spans(road.space), FormerSlug.objects.count()) == ([], 0)


def test_a_renamed_space_keeps_the_address_that_its_page_had(road):
    was = road.space.slug
    rename_space(road.space, name=" Spazio WeMi Capuana ", slug="capuana", by=road.office, at=AT)
    assert Space.objects.values_list("name", "slug").get() == ("Spazio WeMi Capuana", "capuana")
    assert list(FormerSlug.objects.values_list("slug", "space", "until")) == [(was, road.space.pk, AT)]
    rename_space(road.space, name="Spazio", slug="capuana", by=road.office, at=AT)
    assert FormerSlug.objects.count() == 1
    rename_space(road.space, name="Spazio", slug=was, by=road.office, at=AT)
    assert list(FormerSlug.objects.values_list("slug", flat=True)) == ["capuana"]


@pytest.mark.parametrize("taken", ["altro", "prima"])
def test_an_address_of_a_page_leads_to_one_space(road, taken):
    other = Space.objects.create(slug="altro", name="Altro")
    FormerSlug.objects.create(space=other, slug="prima", until=AT)
    assert refused(rename_space, road.space, name="Altro", slug=taken, by=road.office, at=AT) == [
        f"L'indirizzo «{taken}» porta già a un altro Spazio: scrivine un altro."
    ]
    assert [free_slug("altro"), free_slug("prima"), free_slug("nuovo")] == ["altro-2", "prima-2", "nuovo"]


def test_the_page_of_a_space_has_an_address_of_its_own_whatever_its_name(road):
    assert [free_slug("中文 😀"), free_slug("Dati")] == ["spazio", "dati-2"]
    assert refused(rename_space, road.space, name="Dati", slug="dati", by=road.office, at=AT) == [
        "L'indirizzo «dati» è di un'altra pagina: scrivine un altro."
    ]


def test_a_moved_space_opens_where_it_is():
    road = roads.agreed()
    move_space(road.space, **PLACE, first_day=date(2022, 4, 20), by=road.office, at=roads.OPENED)
    roads.complete(road.space)
    roads.ready_to_open(road.space, by=road.office, at=roads.OPENED)
    open_space(road.space, on=roads.OPENED.date(), by=road.office, at=roads.OPENED)
    assert Space.objects.public().get().address == "Via Padova 10"
