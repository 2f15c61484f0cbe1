from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from bando.middleware import arrival, private_pages

HERE = datetime(2021, 10, 18, 9, 59, 59, 999999, tzinfo=UTC)


def arrived_at(settings, header: str | None, *, configured: bool = True) -> datetime:
    """What the view is told about a request that reached the program at ``HERE``."""
    settings.ARRIVAL_HEADER = "Arrival" if configured else ""
    seen = []

    def view(request):
        seen.append(request.arrived_at)
        return HttpResponse()

    with time_machine.travel(HERE, tick=False):
        arrival(view)(RequestFactory().get("/", headers={"Arrival": header} if header is not None else {}))
    return seen[0]


SECOND = timedelta(seconds=1)
AT_CLOCK = HERE.replace(microsecond=0)  # 1634551199


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("1634551199.999", AT_CLOCK + timedelta(milliseconds=999)),
        ("1634551199.5", AT_CLOCK + timedelta(milliseconds=500)),
        ("1634551199.1234569", AT_CLOCK + timedelta(microseconds=123456)),
        ("1634551199", AT_CLOCK),
        ("t=1634551199.000001", AT_CLOCK + timedelta(microseconds=1)),
        ("1634550599.999999", HERE - timedelta(minutes=10)),
        ("1634550599.999998", HERE),
        ("1634551200.999999", HERE + SECOND),
        ("1634551201.000000", HERE),
        ("", HERE),
        ("16345511999999999999", HERE),
        ("1634551199.99a", HERE),
        ("-1634551199", HERE),
        ("１６３４５５１１９９", AT_CLOCK),
        (None, HERE),
    ],
)
def test_the_moment_of_arrival_is_the_proxys_when_it_can_be_believed(settings, caplog, header, expected):
    assert arrived_at(settings, header) == expected
    put_aside = f"Arrival says {header or ''!r}: put aside, the request counts as arrived at {HERE}"
    assert caplog.messages == ([put_aside] if expected == HERE else [])


def test_without_a_proxy_nobody_writes_the_moment_of_arrival(settings):
    assert arrived_at(settings, "1634551190.000", configured=False) == HERE


@pytest.mark.parametrize(
    ("signed_in", "said", "expected"),
    [
        (True, None, "private, no-store"),
        (True, "max-age=60", "max-age=60"),
        (False, None, None),
    ],
)
def test_no_cache_keeps_the_page_of_who_is_signed_in(signed_in, said, expected):
    request = RequestFactory().get("/")
    request.user = SimpleNamespace(is_authenticated=signed_in)
    response = private_pages(lambda request: HttpResponse(headers={"Cache-Control": said} if said else {}))(request)
    assert response.headers.get("Cache-Control") == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/servizi/richieste/%00/a/", 404),
        ("/servizi/?q=a%00b", 200),
        ("/servizi/richieste/nuova/?servizio=%00&spazio=%00", 200),
        ("/servizi/?q=a%2500b", 200),
        ("/rete/convenzioni/99999.csv", 404),
        ("/rete/convenzioni/0.csv", 404),
        ("/rete/convenzioni/12345678901234567890.json", 404),
    ],
)
def test_an_address_that_no_database_takes_is_no_error(client, address, status):
    assert client.get(address).status_code == status
