import re
from html import unescape

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from bando.deadlines import ROME
from network.actions.accreditation import MOST_FILES
from network.models import Accreditation, AccreditationNotice
from tests.builders import body, official, person, small_pdf
from tests.builders_catalogue import TODAY, offer
from tests.history import history
from tests.pages import carried, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def office():
    return official()


@pytest.fixture
def chief():
    return person(name="Rita Rappresenta")


@pytest.fixture
def offered(office, chief):
    return offer(body("La Lucerna", by=chief), by=chief, office=office)


NOT_SAVED = "Quello che hai scritto adesso non è salvato"
NOTICE = {
    "title": "Accreditamento 2022",
    "text": "Chi ha i requisiti.",
    "valid_months": "12",
    "closes_day": "31/12/2022",
    "closes_time": "12:00",
    "title_1": "Iscrizione al RUNTS",
    "hint_1": "Numero e data.",
    "file_1": "on",
    "title_2": "",
    "hint_2": "",
    "title_3": "Due anni di esperienza",
    "hint_3": "",
}


def test_the_road_of_an_accreditation_from_the_notice_to_the_public_list(client, office, chief):
    client.force_login(office)
    assert client.post(reverse("desk_accreditation_notices"), NOTICE).status_code == 302
    notice = AccreditationNotice.objects.get()
    assert notice.requirements == [
        {"code": "r1", "title": "Iscrizione al RUNTS", "hint": "Numero e data.", "needs_file": True},
        {"code": "r2", "title": "Due anni di esperienza", "hint": "", "needs_file": False},
    ]
    desk_notice = reverse("desk_accreditation_notice", args=[notice.pk])
    assert client.post(desk_notice, {"open": "1"}).status_code == 302

    coop = body("La Lucerna", by=chief)
    client.force_login(chief)
    begun = client.post(reverse("accreditation_notice", args=[notice.pk]), {"organisation": coop.pk})
    row = Accreditation.objects.get()
    mine = reverse("accreditation", args=[row.pk])
    assert begun["Location"] == mine
    pdf = SimpleUploadedFile("runts.pdf", small_pdf(), "application/pdf")
    typed = {"declared_r1": "on", "text_r1": "RUNTS 12", "file_r1": pdf, "declared_r2": "on", "send": "1"}
    assert client.post(mine, {**carried(client, mine), **typed}).status_code == 302
    assert "L'ufficio controlla i requisiti e ti scrive." in text(client.get(mine))

    client.force_login(office)
    desk = reverse("desk_accreditation", args=[row.pk])
    assert "RUNTS 12" in text(client.get(desk))
    assert client.post(desk, {**carried(client, desk), "met_r1": "met", "met_r2": "met", "accredit": "1"}).status_code == 302
    assert history(row) == ["send", "accredit"]
    client.logout()
    assert "La Lucerna dal 3 maggio 2022 al 3 maggio 2023 0" in text(client.get(reverse("accredited")))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": ""}, "Scrivi un titolo."),
        ({"valid_months": "0"}, "I mesi sono un numero da 1 a 120."),
        ({"closes_time": ""}, "Scrivi l'ora della chiusura."),
        ({"closes_day": "presto"}, "Scrivi il giorno con i numeri, per esempio 18/10/2021."),
        ({"hint_2": "Quale?"}, "Scrivi il requisito, oppure svuota la riga."),
    ],
)
def test_a_notice_that_is_not_understood_is_explained_and_stays_typed(client, office, changes, sentence):
    client.force_login(office)
    response = client.post(reverse("desk_accreditation_notices"), {**NOTICE, **changes})
    assert sentence in text(response)
    assert "Due anni di esperienza" in response.content.decode()
    assert AccreditationNotice.objects.count() == 0


def test_a_draft_of_a_notice_is_written_again_with_more_rows(client, office, offered):
    client.force_login(office)
    url = reverse("desk_accreditation_notice", args=[offered.unopened.pk])
    assert 'name="title_5"' in client.get(url).content.decode()
    assert (
        client.post(
            url, {**carried(client, url), **NOTICE, "title_9": "Sede in città", "title_²": "", "hint_9": ""}
        ).status_code
        == 302
    )
    notice = AccreditationNotice.objects.get(pk=offered.unopened.pk)
    assert [one["title"] for one in notice.requirements] == ["Iscrizione al RUNTS", "Due anni di esperienza", "Sede in città"]
    assert client.post(url, {"close": "1", "reason": "Basta."}).status_code == 409


def test_an_opened_notice_is_closed_with_a_reason_and_not_written_again(client, office, offered):
    client.force_login(office)
    url = reverse("desk_accreditation_notice", args=[offered.notice.pk])
    assert client.post(url, NOTICE).status_code == 409
    assert "Scrivi il motivo" in text(client.post(url, {"close": "1", "reason": ""}))
    assert client.post(url, {"close": "1", "reason": "Basta."}).status_code == 302
    assert history(offered.notice) == ["open", "close"]


def test_what_is_missing_is_told_and_what_was_declared_is_kept(client, chief, offered):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    response = client.post(url, {**carried(client, url), "text_r1": "RUNTS 12", "declared_r2": "on", "send": "1"})
    assert response.status_code == 409
    assert "Manca ancora: «Iscrizione al RUNTS»: la dichiarazione; «Iscrizione al RUNTS»: il file." in text(response)
    assert Accreditation.objects.get(pk=offered.unsent.pk).answers == {
        "r1": {"declared": False, "text": "RUNTS 12"},
        "r2": {"declared": True, "text": ""},
    }


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(b"niente", "non si apre come PDF o P7M o JPG o PNG"), (b"", "è vuoto")],
)
def test_a_file_that_is_not_taken_is_explained_at_its_field_and_nothing_is_sent(client, chief, offered, content, sentence):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    typed = {"declared_r1": "on", "declared_r2": "on", "file_r1": SimpleUploadedFile("a.pdf", content), "send": "1"}
    assert sentence in text(client.post(url, {**carried(client, url), **typed}))
    row = Accreditation.objects.get(pk=offered.unsent.pk)
    assert (row.state, row.files.count(), row.answers["r1"]["declared"]) == ("draft", 0, True)


def test_a_file_is_added_read_and_taken_away(client, chief, offered):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    client.post(url, {"file_r1": SimpleUploadedFile("statuto.pdf", small_pdf(), "application/pdf")})
    file = offered.unsent.files.get()
    response = client.get(reverse("accreditation_file", args=[offered.unsent.pk, file.pk]))
    assert b"".join(response.streaming_content) == small_pdf()
    assert client.get(reverse("accreditation_file", args=[offered.unsent.pk, offered.file.pk])).status_code == 404
    assert client.post(url, {"remove": str(offered.file.pk)}).status_code == 404
    assert client.post(url, {"remove": "x"}).status_code == 404
    assert client.post(url, {"remove": str(file.pk)}).status_code == 302
    assert offered.unsent.files.count() == 0


def test_a_sent_request_is_taken_back(client, chief, office):
    made = offer(body("La Lucerna", by=chief), by=chief, office=office)
    client.force_login(chief)
    url = reverse("accreditation", args=[made.unsent.pk])
    pdf = SimpleUploadedFile("runts.pdf", small_pdf(), "application/pdf")
    client.post(url, {**carried(client, url), "declared_r1": "on", "declared_r2": "on", "file_r1": pdf, "send": "1"})
    assert "Riprendi la richiesta" in text(client.get(url))
    assert client.post(url, {"take_back": "1"}).status_code == 302
    assert history(made.unsent) == ["send", "take_back"]


def sent(client, chief, offered):
    client.force_login(chief)
    pdf = SimpleUploadedFile("runts.pdf", small_pdf(), "application/pdf")
    typed = {"declared_r1": "on", "declared_r2": "on", "file_r1": pdf, "send": "1"}
    url = reverse("accreditation", args=[offered.unsent.pk])
    client.post(url, {**carried(client, url), **typed})
    return reverse("desk_accreditation", args=[offered.unsent.pk])


def test_the_office_stops_half_way_and_refuses_with_what_lacks(client, chief, office, offered):
    desk = sent(client, chief, offered)
    client.force_login(office)
    assert client.post(desk, {**carried(client, desk), "met_r1": "met", "save": "1"}).status_code == 302
    assert client.post(desk, {**carried(client, desk), "met_r1": "met", "accredit": "1"}).status_code == 409
    assert "Scrivi che cosa manca: l'ente lo legge." in text(client.post(desk, {"met_r1": "met", "met_r2": "unmet"}))
    found = {"met_r1": "met", "met_r2": "unmet", "note_r2": "Un anno solo."}
    assert "Scrivi il motivo" in text(client.post(desk, {**carried(client, desk), **found, "refuse": "1", "reason": ""}))
    assert client.post(desk, {**carried(client, desk), **found, "refuse": "1", "reason": "Manca un anno."}).status_code == 302
    client.force_login(chief)
    page = text(client.get(reverse("accreditation", args=[offered.unsent.pk])))
    assert "Per l'ufficio: non rispettato Un anno solo." in page
    assert "Manca un anno." in page


def test_the_office_ends_an_accreditation_with_a_reason(client, office, offered):
    client.force_login(office)
    desk = reverse("desk_accreditation", args=[offered.accreditation.pk])
    assert "Scrivi il motivo" in text(client.post(desk, {"end": "1", "reason": ""}))
    assert client.post(desk, {"end": "1", "reason": "L'ente ha chiuso."}).status_code == 302
    assert history(offered.accreditation) == ["send", "accredit", "end"]
    assert client.get(reverse("service", args=[offered.public.slug])).status_code == 404


@pytest.mark.parametrize("organisation", ["", "x", "00000000-0000-0000-0000-000000000000"])
def test_one_begins_only_for_a_body_of_ones_own(client, chief, offered, organisation):
    client.force_login(chief)
    url = reverse("accreditation_notice", args=[offered.notice.pk])
    response = client.post(url, {"organisation": organisation or body("Altra").pk}, follow=True)
    assert "Scegli l'ente per cui chiedi l'accreditamento." in unescape(response.content.decode())
    assert Accreditation.objects.count() == 2


def test_a_notice_says_how_one_comes_in(client, chief, offered):
    url = reverse("accreditation_notice", args=[offered.notice.pk])
    assert "Accedi per il tuo ente" in text(client.get(url))
    client.force_login(person())
    assert "Registra il tuo ente" in text(client.get(url))
    client.force_login(chief)
    assert "Comincia la richiesta" in text(client.get(url))
    assert client.post(reverse("accreditation_notice", args=[offered.notice.pk]), {}).status_code == 302
    assert "Accreditamento due" in text(client.get(reverse("accreditation_notices")))
    assert "Accreditamento tre" not in text(client.get(reverse("accreditation_notices")))


BOTH = "Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva."


def test_two_pages_of_one_request_show_both_texts_and_keep_what_only_one_changed(client, chief, offered):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    before = carried(client, url)
    first = {"declared_r1": "on", "text_r1": "RUNTS 12", "declared_r2": "on", "text_r2": "Dal 2015."}
    assert client.post(url, {**before, **first}).status_code == 302
    late = {**before, "declared_r1": "on", "text_r1": "RUNTS 99", "file_r1": pdf("statuto.pdf")}
    response = client.post(url, {**late, "send": "1"})
    page = text(response)
    assert (response.status_code, BOTH in page) == (409, True)
    assert (
        "Quello che ha scritto l'altra persona: Iscrizione al RUNTS "
        "Dichiaro che l'ente ha questo requisito: Sì Che cosa vuoi aggiungere: RUNTS 12 Compila quando vuoi" in page
    )
    assert ("RUNTS 99" in page, "Dal 2015." in page, "statuto.pdf" in page) == (True, True, True)
    assert Accreditation.objects.get(pk=offered.unsent.pk).answers["r1"]["text"] == "RUNTS 12"
    joined = {"declared_r1": "on", "text_r1": "RUNTS 12 e 99", "declared_r2": "on", "text_r2": "Dal 2015."}
    shown = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', response.content.decode()))
    assert client.post(url, {**shown, **joined}).status_code == 302
    assert Accreditation.objects.get(pk=offered.unsent.pk).answers == {
        "r1": {"declared": True, "text": "RUNTS 12 e 99"},
        "r2": {"declared": True, "text": "Dal 2015."},
    }


def test_a_page_that_was_saved_and_not_sent_is_saved_again(client, chief, offered):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    response = client.post(url, {**carried(client, url), "text_r1": "RUNTS 12", "send": "1"})
    assert response.status_code == 409
    shown = dict(re.findall(r'name="(base-[^"]+)" value="([^"]*)"', response.content.decode()))
    assert client.post(url, {**shown, "text_r1": "RUNTS 13"}).status_code == 302
    assert Accreditation.objects.get(pk=offered.unsent.pk).answers["r1"] == {"declared": False, "text": "RUNTS 13"}


def test_one_file_too_many_is_explained_at_its_field_and_what_was_typed_is_kept(client, chief, offered):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    for n in range(MOST_FILES):
        client.post(url, {**carried(client, url), "text_r1": "Sì.", "file_r1": pdf(f"{n}.pdf")})
    response = client.post(url, {**carried(client, url), "text_r1": "Ecco.", "file_r1": pdf("uno-di-troppo.pdf")})
    assert "Per ogni requisito bastano 5 file: togline uno, poi riprova." in text(response)
    row = Accreditation.objects.get(pk=offered.unsent.pk)
    assert (row.files.filter(code="r1").count(), row.answers["r1"]["text"]) == (5, "Ecco.")


def test_two_officials_who_check_one_request_read_each_other(client, chief, office, offered):
    desk = sent(client, chief, offered)
    client.force_login(office)
    before = carried(client, desk)
    unmet = {"met_r1": "unmet", "note_r1": "È scaduta."}
    assert client.post(desk, {**before, **unmet}).status_code == 302
    response = client.post(desk, {**before, "met_r1": "met", "met_r2": "met", "accredit": "1"})
    page = text(response)
    assert (response.status_code, BOTH in page) == (409, True)
    assert "l'altra persona: Iscrizione al RUNTS Esito: Non rispettato Nota: È scaduta. Salva il controllo 1." in page
    assert Accreditation.objects.get(pk=offered.unsent.pk).checks == {"r1": {"met": False, "note": "È scaduta."}}
    late = client.post(desk, {**before, "met_r2": "met", "accredit": "1"})
    assert "Nel frattempo qualcuno ha cambiato il controllo: rileggilo, poi decidi." in text(late)
    assert Accreditation.objects.get(pk=offered.unsent.pk).checks == {
        "r1": {"met": False, "note": "È scaduta."},
        "r2": {"met": True, "note": ""},
    }


def test_a_note_without_an_outcome_is_not_lost_in_silence(client, chief, office, offered):
    desk = sent(client, chief, offered)
    client.force_login(office)
    page = text(client.post(desk, {**carried(client, desk), "note_r1": "Da sentire."}))
    assert ("Scegli l'esito: senza, la nota non si salva." in page, "Da sentire." in page) == (True, True)


def test_two_officials_who_write_one_notice_read_each_other(client, office, offered):
    client.force_login(office)
    url = reverse("desk_accreditation_notice", args=[offered.unopened.pk])
    before = carried(client, url)
    assert client.post(url, {**before, **NOTICE}).status_code == 302
    mine = {**before, **NOTICE, "text": "Chi ha i requisiti.", "closes_day": "30/11/2022", "title_9": "Sede in città"}
    page = text(client.post(url, mine))
    assert "l'altra persona: Si chiude: giorno 31/12/2022, 12:00 " in page
    assert (
        "l'altra persona: I requisiti Iscrizione al RUNTS. Numero e data. Serve un file. Due anni di esperienza. Titolo" in page
    )
    html = client.post(url, mine).content.decode()
    assert ('value="Sede in città"' in html, 'value="30/11/2022"' in html) == (True, True)
    assert AccreditationNotice.objects.get(pk=offered.unopened.pk).closes_at.astimezone(ROME).day == 31


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "30/12/2022, 12:00"),
        ({"closes_time": ""}, "30/12/2022"),
        ({"closes_day": "domani", "closes_time": "dodici"}, "domani, dodici"),
    ],
)
def test_what_was_typed_in_a_notice_that_a_colleague_opened_meanwhile_is_there_to_copy(client, office, offered, changes, said):
    client.force_login(office)
    url = reverse("desk_accreditation_notice", args=[offered.unopened.pk])
    assert client.post(url, {**carried(client, url), **NOTICE, "save": "1"}).status_code == 302
    before = carried(client, url)
    assert client.post(url, {"open": "1"}).status_code == 302
    mine = {"text": "Chi ha due anni.", "closes_day": "30/12/2022", "title_2": "Sede in città", "title_3": ""}
    late = client.post(url, {**before, **NOTICE, **mine, **changes, "save": "1"})
    page = text(late)
    assert (late.status_code, "L'avviso è già stato aperto: " in page, "Salva la bozza" in page) == (409, True, False)
    assert f"così puoi copiarlo. Che cosa dice l'avviso Chi ha due anni. Si chiude: giorno {said} I requisiti" in page
    assert "I requisiti Iscrizione al RUNTS. Numero e data. Serve un file. Sede in città. " in page
    assert AccreditationNotice.objects.get(pk=offered.unopened.pk).text == "Chi ha i requisiti."


def test_a_reason_to_close_a_notice_that_a_colleague_closed_meanwhile_is_there_to_copy(client, office, offered):
    client.force_login(office)
    url = reverse("desk_accreditation_notice", args=[offered.notice.pk])
    wrong = client.post(url, {"close": "1", "reason": ""})
    assert (wrong.status_code, NOT_SAVED in text(wrong)) == (200, False)
    assert client.post(url, {"close": "1", "reason": "Basta così."}).status_code == 302
    late = client.post(url, {"close": "1", "reason": "Troppe richieste."})
    assert (late.status_code, "così puoi copiarlo. Motivo Troppe richieste. " in text(late)) == (409, True)


def pdf(name):
    return SimpleUploadedFile(name, small_pdf(name), "application/pdf")


@pytest.mark.parametrize("more", ["", "x" * 2001])
def test_what_was_typed_in_a_request_that_a_colleague_sent_meanwhile_is_there_to_copy(client, chief, offered, more):
    client.force_login(chief)
    url = reverse("accreditation", args=[offered.unsent.pk])
    before = carried(client, url)
    sent(client, chief, offered)
    late = client.post(
        url, {**before, "declared_r1": "on", "text_r1": f"RUNTS 12{more}", "file_r2": pdf("due.pdf"), "save": "1"}
    )
    page = text(late)
    assert (late.status_code, "La richiesta è già inviata. Per cambiarla, prima riprendila." in page) == (409, True)
    assert (NOT_SAVED in page, f"Che cosa vuoi aggiungere: RUNTS 12{more}" in page) == (True, True)
    assert "Esperienza di due anni due.pdf" in page
    assert Accreditation.objects.get(pk=offered.unsent.pk).answers["r1"] == {"declared": True, "text": ""}


def test_a_request_that_is_taken_back_twice_loses_nothing_and_shows_nothing_unsaved(client, chief, offered):
    sent(client, chief, offered)
    url = reverse("accreditation", args=[offered.unsent.pk])
    assert client.post(url, {"take_back": "1"}).status_code == 302
    again = client.post(url, {"take_back": "1"})
    assert (again.status_code, NOT_SAVED in text(again), "Invia la richiesta" in text(again)) == (409, False, True)


@pytest.mark.parametrize("note", ["Un anno solo.", ""])
def test_what_was_typed_in_a_check_that_a_colleague_decided_meanwhile_is_there_to_copy(client, chief, office, offered, note):
    desk = sent(client, chief, offered)
    client.force_login(office)
    before = carried(client, desk)
    decided = {**before, "met_r1": "met", "met_r2": "met", "accredit": "1"}
    assert client.post(desk, decided).status_code == 302
    mine = {**before, "met_r1": "met", "met_r2": "unmet", "note_r2": note, "refuse": "1", "reason": "Manca un anno."}
    late = client.post(desk, mine)
    page = text(late)
    assert (late.status_code, "Si controlla una richiesta inviata, prima della decisione." in page) == (409, True)
    found = "Esperienza di due anni Esito: Non rispettato " + (f"Nota: {note} " if note else "")
    assert f"{NOT_SAVED} Te lo mostriamo qui, così puoi copiarlo. {found}Motivo Manca un anno. " in page
    assert Accreditation.objects.get(pk=offered.unsent.pk).state == "accredited"


def test_a_reason_for_what_a_colleague_ended_meanwhile_is_there_to_copy(client, office, offered):
    client.force_login(office)
    desk = reverse("desk_accreditation", args=[offered.accreditation.pk])
    assert client.post(desk, {"end": "1", "reason": "L'ente ha chiuso."}).status_code == 302
    late = client.post(desk, {"end": "1", "reason": "Ha cambiato città."})
    assert (late.status_code, "così puoi copiarlo. Motivo Ha cambiato città." in text(late)) == (409, True)


def test_a_check_of_a_request_that_the_body_took_back_is_there_to_copy_and_the_draft_is_not_shown(
    client, chief, office, offered
):
    desk = sent(client, chief, offered)
    client.force_login(office)
    before = carried(client, desk)
    client.force_login(chief)
    mine = reverse("accreditation", args=[offered.unsent.pk])
    assert client.post(mine, {"take_back": "1"}).status_code == 302
    assert client.post(mine, {**carried(client, mine), "text_r1": "Bozza nuova", "save": "1"}).status_code == 302
    client.force_login(office)
    late = client.post(desk, {**before, "met_r2": "unmet", "note_r2": "Un anno solo.", "save": "1"})
    page = text(late)
    assert (late.status_code, "L'ente ha ripreso la richiesta per cambiarla" in page) == (409, True)
    assert "così puoi copiarlo. Esperienza di due anni Esito: Non rispettato Nota: Un anno solo." in page
    assert ("Bozza nuova" in page, client.get(desk).status_code) == (False, 404)
