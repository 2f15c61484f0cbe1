from datetime import UTC, timedelta

import pytest
from django.conf import settings
from django.urls import reverse

from bando.actions import load, publish
from bando.deadlines import rome
from bando.following import follow, follows, unfollow
from bando.models import Follower
from tests.bando.small import SMALL
from tests.builders import WORKDAY, official, person
from tests.builders_amending import extend, revoke
from tests.clock import arriving

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
FOLLOW = "/avvisi/prova/segui/"
CALENDAR = "/avvisi/prova/scadenze.ics"


@pytest.fixture
def call():
    call = load(SMALL, at=BEFORE)
    publish(call, by=official(), at=BEFORE)
    return call


def get(client, url, at=WORKDAY, **headers):
    with arriving(at):
        return client.get(url, headers=headers)


def post(client, **data):
    with arriving(WORKDAY):
        return client.post(FOLLOW, data)


# Following


@pytest.mark.parametrize(
    "to", ["home", "https://altrove.it/", "//altrove.it", "/\\altrove.it", "javascript:alert(1)", "\0", ""]
)
def test_the_button_leads_nowhere_else(client, call, to):
    client.force_login(person())
    response = post(client, follow="1", next=to)
    assert (response.status_code, response.headers["Location"]) == (302, to if to == "home" else "/avvisi/prova/")


def test_following_twice_is_following_once_from_the_first_time(call):
    somebody = person()
    follow(call, by=somebody, at=WORKDAY)
    follow(call, by=somebody, at=WORKDAY + timedelta(days=1))
    assert [(row.user, row.since) for row in Follower.objects.all()] == [(somebody, WORKDAY)]
    assert [follows(somebody, call), follows(person(), call)] == [True, False]
    unfollow(call, by=somebody)
    unfollow(call, by=somebody)
    assert follows(somebody, call) is False


def test_the_button_follows_and_stops_and_leads_back_to_where_one_was(client, call):
    somebody = person()
    client.force_login(somebody)
    page = f"{reverse('call_clarifications', args=['prova'])}"
    for wanted, label, there in [
        ("1", "Non seguire più", True),
        ("1", "Non seguire più", True),
        ("0", "Segui questo avviso", False),
    ]:
        response = post(client, follow=wanted, next=page)
        assert (response.status_code, response.url, follows(somebody, call)) == (302, page, there)
        assert f">{label}</button>" in get(client, page).content.decode()


@pytest.mark.parametrize("elsewhere", ["", "https://altrove.example/", "//altrove.example/", "javascript:alert(1)"])
def test_nobody_is_led_to_another_site(client, call, elsewhere):
    client.force_login(person())
    assert post(client, follow="1", next=elsewhere).url == "/avvisi/prova/"


def test_who_is_not_signed_in_signs_in_first_and_then_finds_the_call_unfollowed(client, call):
    assert post(client, follow="1").url == f"{reverse('account_login')}?next={FOLLOW}"
    client.force_login(person())
    assert get(client, FOLLOW).url == "/avvisi/prova/"
    assert Follower.objects.count() == 0


def test_who_is_not_signed_in_is_offered_the_calendar_and_the_feed(client, call):
    page = get(client, "/avvisi/prova/chiarimenti/").content.decode()
    assert [f'href="{url}"' in page for url in (CALENDAR, "/avvisi/prova/novita.atom")] == [True, True]
    assert f'href="{reverse("account_login")}?next=/avvisi/prova/chiarimenti/"' in page
    assert FOLLOW not in page


# The calendar file


def events(response) -> dict[str, dict[str, str]]:
    """The properties of each event by the last part of its name."""
    found: dict[str, dict[str, str]] = {}
    lines = response.content.decode().replace("\r\n ", "").split("\r\n")
    for block in "\n".join(lines).split("BEGIN:VEVENT\n")[1:]:
        own = dict(line.split(":", 1) for line in block.split("BEGIN:VALARM")[0].splitlines() if ":" in line)
        found[own["UID"].split("@")[0].rpartition("-")[2]] = own | {"alarms": str(block.count("BEGIN:VALARM"))}
    return found


def test_the_calendar_has_the_opening_the_term_for_questions_and_the_deadline(client, call):
    response = get(client, CALENDAR)
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="prova.ics"'
    shown = {name: (own["SUMMARY"], own["DTSTART"], own["SEQUENCE"], own["alarms"]) for name, own in events(response).items()}
    assert shown == {
        "opening": ("Si aprono le domande: Avviso di prova", "20210901T070000Z", "1", "0"),
        "questions": ("Ultimo momento per fare domande all'ufficio: Avviso di prova", "20211013T100000Z", "1", "0"),
        "deadline": ("Scadenza: Avviso di prova", "20211018T100000Z", "1", "2"),
    }
    assert events(response)["deadline"]["URL"] == f"{settings.SITE_URL}/avvisi/prova/"
    assert [line for line in response.content.decode().split("\r\n") if "TRIGGER" in line] == ["TRIGGER:-P7D", "TRIGGER:-P1D"]


def test_terms_that_a_call_does_not_have_are_left_out(client):
    text = SMALL.replace("  opens: 2021-09-01T09:00:00\n", "").replace("  questions_until: 2021-10-13T12:00:00\n", "")
    publish(load(text, at=BEFORE), by=official(), at=BEFORE)
    assert list(events(get(client, CALENDAR))) == ["deadline"]


def test_a_new_deadline_moves_the_event_that_people_have(client, call):
    old = events(get(client, CALENDAR))["deadline"]
    extend(call, rome(2021, 10, 25, 12), by=official(), at=WORKDAY)
    new = events(get(client, CALENDAR))["deadline"]
    assert (old["UID"], old["SEQUENCE"], old["DTSTART"]) == (new["UID"], "1", "20211018T100000Z")
    assert (new["SEQUENCE"], new["DTSTART"]) == ("2", "20211025T100000Z")
    assert new["LAST-MODIFIED"] == WORKDAY.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def test_a_revocation_cancels_the_events_that_people_have(client, call):
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    shown = events(get(client, CALENDAR))
    assert {(own["STATUS"], own["SEQUENCE"], own["alarms"], own["LAST-MODIFIED"]) for own in shown.values()} == {
        ("CANCELLED", "2", "0", "20211011T084200Z")
    }


def test_a_calendar_that_has_not_changed_is_not_sent_again(client, call):
    first = get(client, CALENDAR)
    assert get(client, CALENDAR, **{"if-none-match": first["ETag"]}).status_code == 304
    revoke(call, by=official(), at=WORKDAY, reason="Errore.")
    assert get(client, CALENDAR, **{"if-none-match": first["ETag"]}).status_code == 200


def test_a_calendar_costs_one_query(client, django_assert_num_queries, call):
    with django_assert_num_queries(1):
        get(client, CALENDAR)
