import re
from datetime import UTC, date, timedelta
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils.http import http_date

from bando.actions import load, publish
from bando.clarifying import answer
from bando.deadlines import rome
from bando.models import Amendment, AmendmentKind
from evaluation.transitions import CONCLUDE
from tests.bando.small import SMALL
from tests.builders import AFTER, WORKDAY, official
from tests.builders_amending import revoke
from workflow.models import LedgerEntry

pytestmark = pytest.mark.django_db
BEFORE = rome(2021, 8, 20)
ATOM = "{http://www.w3.org/2005/Atom}"
ONE, ALL = "/avvisi/prova/novita.atom", "/avvisi/novita.atom"
ACT = {"act_number": "12", "act_date": date(2021, 10, 11)}


@pytest.fixture
def office():
    return official()


def published(office, slug="prova", at=BEFORE):
    call = load(SMALL.replace("id: prova", f"id: {slug}"), at=at)
    publish(call, by=office, at=at)
    return call


def clarify(call, office, reply="Gli enti.", at=WORKDAY):
    return answer(call, section="", question="Chi?", reply=reply, explains_only=True, by=office, at=at)


def amend(call, office, kind=AmendmentKind.EXTENSION, at=WORKDAY, number=1):
    same = {"before": call.version, "after": call.version}
    return Amendment.objects.create(call=call, number=number, kind=kind, reason="Più tempo.", by=office, at=at, **ACT, **same)


def read(client, url):
    response = client.get(url)
    assert response["Content-Type"] == "application/atom+xml; charset=utf-8"
    return ElementTree.fromstring(response.content)


def entries(feed) -> list[dict[str, str]]:
    return [
        {
            "title": entry.findtext(f"{ATOM}title"),
            "text": entry.findtext(f"{ATOM}summary"),
            "id": entry.findtext(f"{ATOM}id"),
            "at": entry.findtext(f"{ATOM}updated"),
            "url": entry.find(f"{ATOM}link").get("href").removeprefix(settings.SITE_URL),
        }
        for entry in feed.findall(f"{ATOM}entry")
    ]


def titles(client, url=ONE) -> list[str]:
    return [entry["title"] for entry in entries(read(client, url))]


def test_the_news_of_a_call_are_all_that_happened_to_it_the_last_first(client, office):
    call = published(office)
    first = clarify(call, office)
    extension = amend(call, office, at=WORKDAY + timedelta(hours=1))
    revoke(call, by=office, at=WORKDAY + timedelta(hours=2), reason="Errore nelle aree.")
    feed = read(client, ONE)
    shown = entries(feed)
    assert [(entry["title"], entry["text"], entry["url"]) for entry in shown] == [
        ("Revoca n. 2", "<p>Errore nelle aree.</p>", "/avvisi/prova/modifiche/2/"),
        ("Proroga n. 1", "<p>Più tempo.</p>", "/avvisi/prova/modifiche/1/"),
        ("Chiarimento n. 1", "<p>Chi?</p>\n\n<p>Gli enti.</p>", "/avvisi/prova/chiarimenti/#chiarimento-1"),
        ("Avviso pubblicato", "<p>Avviso pubblicato</p>", "/avvisi/prova/"),
    ]
    assert [shown[1]["id"], shown[2]["id"]] == [extension.pk.urn, first.pk.urn]
    assert [entry["at"] for entry in shown[2:]] == ["2021-10-11T08:42:00+00:00", "2021-08-19T22:00:00+00:00"]
    assert feed.findtext(f"{ATOM}id") == call.pk.urn
    assert feed.findtext(f"{ATOM}title") == "Avviso di prova"
    assert {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")} == {
        "alternate": f"{settings.SITE_URL}/avvisi/prova/",
        "self": f"{settings.SITE_URL}{ONE}",
    }


def test_a_ranking_is_news(client, office):
    call = published(office)
    entry = LedgerEntry.objects.create(
        kind="bando.call", subject=str(call.pk), act=CONCLUDE.name, at=AFTER, content="", hash=""
    )
    call.steps.create(act=CONCLUDE.name, source=CONCLUDE.sources[0], target=CONCLUDE.target, at=AFTER, entry=entry)
    assert titles(client) == ["Avviso concluso", "Avviso pubblicato"]


def test_what_is_written_in_an_answer_is_text_and_not_html(client, office):
    call = published(office)
    clarify(call, office, "Meno di <b>10</b> & più di <script>alert(1)</script>")
    assert entries(read(client, ONE))[0]["text"].endswith(
        "<p>Meno di &lt;b&gt;10&lt;/b&gt; &amp; più di &lt;script&gt;alert(1)&lt;/script&gt;</p>"
    )


def test_names_and_moments_of_the_news_stay_the_same(client, office):
    call = published(office)
    clarify(call, office)
    once = {entry["title"]: (entry["id"], entry["at"]) for entry in entries(read(client, ONE))}
    clarify(call, office, at=WORKDAY + timedelta(days=1))
    again = {entry["title"]: (entry["id"], entry["at"]) for entry in entries(read(client, ONE))}
    assert once == {title: entry for title, entry in again.items() if title != "Chiarimento n. 2"}
    assert len({name for name, _at in again.values()}) == 3


def test_all_calls_have_their_publications_and_amendments_and_no_draft(client, office):
    call = published(office)
    published(office, "altro", WORKDAY - timedelta(days=1))
    load(SMALL.replace("id: prova", "id: bozza").replace("Avviso di prova", "Una bozza segreta"), at=WORKDAY)
    amend(call, office)
    clarify(call, office)
    shown = entries(read(client, ALL))
    assert [(entry["title"], entry["url"]) for entry in shown] == [
        ("Proroga n. 1: Avviso di prova", "/avvisi/prova/modifiche/1/"),
        ("Avviso di prova", "/avvisi/altro/"),
        ("Avviso di prova", "/avvisi/prova/"),
    ]
    assert client.get("/avvisi/bozza/novita.atom").status_code == 404
    client.force_login(office)
    assert [client.get(url).status_code for url in ("/avvisi/bozza/novita.atom", "/avvisi/bozza/")] == [404, 200]
    assert "segreta" not in client.get(ALL).content.decode()


def test_without_calls_the_feed_is_empty_and_still_one(client):
    assert entries(read(client, ALL)) == []


@pytest.mark.parametrize("url", [ONE, ALL])
def test_a_feed_that_has_not_changed_is_not_sent_again(client, office, url):
    call = published(office)
    first = client.get(url)
    assert first["Last-Modified"] == http_date(BEFORE.astimezone(UTC).timestamp())
    for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        assert client.get(url, headers=header).status_code == 304
    amend(call, office)
    for header in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
        assert client.get(url, headers=header).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_feeds_cost_the_same_with_one_entry_and_with_three(client, django_assert_num_queries, office, count):
    call = published(office)
    for number in range(1, count + 1):
        published(office, f"prova-{number}")
        clarify(call, office)
        amend(call, office, number=number)
    with django_assert_num_queries(4):  # call, amendments, steps, clarifications
        client.get(ONE)
    with django_assert_num_queries(2):  # publications, amendments
        client.get(ALL)


@pytest.mark.parametrize(
    ("url", "feeds"), [("/", [ALL]), ("/avvisi/prova/", [ONE, ALL]), ("/avvisi/prova/chiarimenti/", [ONE, ALL])]
)
def test_pages_say_where_their_feed_is(client, office, url, feeds):
    published(office)
    head = client.get(url).content.decode().split("</head>")[0]
    assert (
        re.findall(r'<link rel="alternate" type="application/atom\+xml"(?: lang="it")? title="[^"]+" href="([^"]+)">', head)
        == feeds
    )


def test_what_xml_cannot_hold_is_left_out_and_the_feed_stays(client, office):
    answer(
        published(office),
        section="",
        question="Chi\x0b può\x08?",
        reply="Gli\x0c enti \ufffe<b>.",
        explains_only=True,
        by=office,
        at=WORKDAY,
    )
    newest = entries(read(client, ONE))[0]
    assert newest["text"] == "<p>Chi può?</p>\n\n<p>Gli enti &lt;b&gt;.</p>"
