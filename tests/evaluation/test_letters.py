"""The letter of each body about its place."""

import re
import subprocess

import pytest
from django.urls import reverse

from evaluation.actions import publish_provisional, replace_member
from evaluation.duties import send_result_letter
from evaluation.letters import letter_of, remedies
from evaluation.models import Placement, ResultLetter
from tests.builders import official, person
from tests.builders_evaluation import RANKED_AT, admitted, commission, computed, mark_all, published, same, small_call
from tests.clock import arriving
from workflow.duties import pay

pytestmark = pytest.mark.django_db


def made(call):
    """Best, then another, then one below the threshold; the last member is in conflict with the second."""
    proposals = [admitted(call, name=f"Ente {letter}", title=f"Progetto {letter}") for letter in "ABC"]
    given = [same(["ottimo"] * 3), [["buono"] * 3, ["ottimo"] * 3, None], same(["scarso"] * 3)]
    mark_all(commission(call), dict(zip(proposals, given, strict=True)))
    return proposals


def letter(application):
    placement = Placement.objects.select_related("version", "application__call__version").get(application=application)
    return letter_of(placement)


def text(response):
    return response.content.decode()


def test_a_letter_says_marks_reasons_and_why_the_place_is_that():
    call = small_call()
    _best, second, last = made(call)
    published(call)
    found = letter(second)
    part = found.parts[0]
    assert (part.column.code, part.points) == ("a1", "18,00")
    assert [(mark.member, mark.value, mark.level) for mark in part.marks] == [
        ("Presidente", "0,8", "buono"),
        ("Commissario 1", "1", "ottimo"),
        ("Commissario 2", "", None),
    ]
    assert [(reason.member, reason.text) for reason in part.reasons] == [
        ("Presidente", "Motivo di a1"),
        ("Commissario 1", "Motivo di a1"),
    ]
    assert found.neighbours == ["Dopo il posto 1 per il totale: 90,00 contro 100,00."]
    assert letter(last).neighbours == ["Totale 20,00, la soglia è 50."]


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ("labels", ["Presidente", "Commissario 1"]),
        ("names", ["Commissaria 0", "Commissaria 1"]),
        ("none", ["", ""]),
    ],
)
def test_a_letter_shows_the_members_as_the_call_allows(members, told):
    call = small_call(more=f"publication: {{members: {members}}}")
    _best, second, _last = made(call)
    published(call)
    assert [reason.member for reason in letter(second).parts[0].reasons] == told


def test_the_reasons_keep_the_label_of_who_gave_them_after_that_member_has_left():
    call = small_call()
    admitted(call, "area-2")  # the other area is still to be ranked, so that the call goes on
    best, _second, _last = made(call)
    published(call)
    leaving = call.commission.members.marking().last()
    replace_member(
        leaving, person(), reason="Dimissioni.", act_number="240/2021", act_date=RANKED_AT.date(), by=official(), at=RANKED_AT
    )
    assert [reason.member for reason in letter(best).parts[0].reasons] == ["Presidente", "Commissario 1", "Commissario 2"]


def test_why_it_is_ahead_is_said_too():
    call = small_call()
    best, _second, _last = made(call)
    published(call)
    assert letter(best).neighbours == ["Prima del posto 2 per il totale: 100,00 contro 90,00."]


def test_the_words_on_appeals_are_those_of_the_administration_where_it_has_its_own(settings):
    assert [bool(re.search("60 giorni.*120 giorni", part)) for part in remedies()] == [False, True, False]
    settings.REMEDIES = "Scrivi all'URP.\n\nRicorso al TAR.\n"
    assert remedies() == ["Scrivi all'URP.", "Ricorso al TAR."]


def test_nobody_reads_a_letter_before_the_publication_and_then_only_its_body_and_the_office(client):
    call = small_call()
    _best, second, _last = made(call)
    ranking = computed(call)
    address, pdf = reverse("result_letter", args=[second.pk]), reverse("result_letter_pdf", args=[second.pk, 1])
    for user in (second.created_by, official()):
        client.force_login(user)
        assert [client.get(where).status_code for where in (address, pdf)] == [404, 404]
    assert ranking.versions.count() == 0


def test_the_body_reads_its_letter_and_takes_it_as_a_sealed_pdf(client, tmp_path):
    call = small_call()
    best, second, _last = made(call)
    published(call)
    address, pdf = reverse("result_letter", args=[second.pk]), reverse("result_letter_pdf", args=[second.pk, 1])
    for stranger in (best.created_by, person()):
        client.force_login(stranger)
        assert [client.get(where).status_code for where in (address, pdf)] == [404, 404]
    for reader in (official(), second.created_by):
        client.force_login(reader)
        page = text(client.get(address))
        assert "Motivo di a1" in page
        assert client.get(pdf).status_code == 404
    assert "Il PDF è in preparazione" in page
    while pay(RANKED_AT):
        pass
    assert ResultLetter.objects.count() == 3
    assert reverse("result_letter_pdf", args=[second.pk, 1]) in text(client.get(address))
    content = b"".join(client.get(pdf).streaming_content)
    assert content.count(b"/BandoSignature (ed25519:") == 1
    (tmp_path / "esito.pdf").write_bytes(content)
    words = subprocess.run(["pdftotext", "-layout", tmp_path / "esito.pdf", "-"], capture_output=True, text=True, check=True)
    for sentence in (f"Esito della domanda {second.number}", "Motivo di a1", "Tribunale amministrativo regionale"):
        assert sentence in words.stdout


def test_a_letter_is_made_once_whoever_pays_it_again():
    call = small_call()
    made(call)
    published(call)
    while pay(RANKED_AT):
        pass
    first = list(ResultLetter.objects.order_by("pk").values_list("pdf", flat=True))
    send_result_letter(str(Placement.objects.first().pk), RANKED_AT)
    assert list(ResultLetter.objects.order_by("pk").values_list("pdf", flat=True)) == first


@pytest.mark.parametrize(("days", "link"), [("publication: {observations_days: 10}", True), ("", False)])
def test_a_provisional_letter_leads_to_the_observations(client, days, link):
    call = small_call(more=days)
    _best, second, _last = made(call)
    if days:
        publish_provisional(computed(call), act_number="1", act_date=RANKED_AT.date(), by=official(), at=RANKED_AT)
    else:
        published(call)
    client.force_login(second.created_by)
    with arriving(RANKED_AT):
        page = text(client.get(reverse("result_letter", args=[second.pk])))
    assert (reverse("application_observation", args=[second.pk]) in page) is link
