import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from network.gazetteer import streets
from network.models import Street
from tests.pages import text

pytestmark = pytest.mark.django_db

REGISTER = """street,from,to,latitude,longitude
via Capuana,1,9,45.5100,9.1300
via Capuana,11,40,45.5140,9.1340
viale Monza,1,99,45.4900,9.2170
via Monza,,,45.4800,9.2000
"""


@pytest.fixture
def load(tmp_path):
    def loaded(register: str | bytes) -> None:
        file = tmp_path / "streets.csv"
        file.write_bytes(register if isinstance(register, bytes) else register.encode())
        call_command("load_streets", file)

    return loaded


def test_a_register_takes_the_place_of_the_one_before(load, capsys):
    load(REGISTER)
    load("street,from,to,latitude,longitude\nvia Lulli,,,45.4871,9.2233\n")
    assert capsys.readouterr().out.splitlines() == ["3 streets, 4 stretches.", "1 streets, 1 stretches."]
    assert list(Street.objects.values_list("name", flat=True)) == ["via Lulli"]


@pytest.mark.parametrize(
    ("register", "told"),
    [
        (
            REGISTER + "via Lulli,,,9.2233,45.4871\n",
            "streets.csv: 1 lines to correct, nothing was loaded.\nline 6: the point is outside the city",
        ),
        (b"street\xe8", "streets.csv could not be read: write a CSV file in UTF-8."),
    ],
)
def test_a_file_that_cannot_be_read_leaves_the_register_as_it_was(load, register, told):
    load(REGISTER)
    with pytest.raises(CommandError) as refused:
        load(register)
    assert (str(refused.value), Street.objects.count()) == (told, 3)


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("via Capuana 12", ["via Capuana 12"]),
        ("monza", ["via Monza", "viale Monza"]),
        ("v.le Monza 8", ["viale Monza 8", "via Monza"]),
        ("via", []),
        ("12", []),
        ("", []),
    ],
)
def test_streets_are_found_by_the_words_of_their_names(load, asked, names):
    load(REGISTER)
    assert [place.name for place in streets(asked)] == names


def test_people_find_the_spazi_near_their_own_address(load, client):
    page = text(client.get(reverse("spaces")))
    assert ("l'indirizzo di uno Spazio" in page, "Una via con il numero" in page) == (True, False)
    load(REGISTER)
    page = text(client.get(reverse("spaces")))
    assert ("l'indirizzo di uno Spazio" in page, "Una via con il numero" in page) == (False, True)
    assert "Prima i più vicini a via Capuana 12, in linea d'aria." in text(
        client.get(reverse("spaces"), {"near": "via Capuana 12"})
    )
