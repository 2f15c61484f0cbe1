import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from network.actions import close_space, draft_agreement, open_table, start_project
from network.contents import CONTENTS
from network.models import Agreement, AgreementParty
from tests import road as roads
from tests.builders import small_pdf
from tests.builders_agreement import (
    DRAFTED,
    IN_FORCE,
    MAYOR,
    PREPARED,
    STRANGER,
    UPLOADED,
    Agreed,
    drafted,
    effective,
    pay_all,
    prepared,
    registered,
    signed_by_all,
    signed_file,
    written,
)
from tests.builders_network import two_selected
from tests.clock import arriving
from tests.network.test_agreement_budget import rewritten
from tests.pages import text
from tests.road import PUBLISHED

pytestmark = pytest.mark.django_db


def page(client, made, name="", at=PREPARED, data=None, who=None):
    """The page of the office about the agreement, or what it answers to ``data``."""
    client.force_login(who or made.office)
    url = reverse(f"desk_agreement{name}", args=[made.row.application_id])
    with arriving(at):
        return client.get(url) if data is None else client.post(url, data)


def typed(answer):
    """What a form of a page would send, untouched."""
    form = answer.context["form"]
    return {bound.name: bound.value() if bound.value() is not None else "" for bound in form}


def test_the_draft_is_made_with_one_button_and_leads_to_its_tasks(client):
    road = roads.published()
    client.force_login(road.office)
    url = reverse("desk_agreement", args=[road.application.pk])
    with arriving(DRAFTED):
        assert "prepara la convenzione dallo schema dell'avviso" in text(client.get(url))
        assert client.post(url).headers["Location"] == url
        said = text(client.get(url))
    assert "Mancano: Fideiussione, Pagamenti" in said
    assert "Registra la firma" in said


def test_the_text_is_written_moved_and_prepared_in_the_browser(client):
    made = drafted()
    data = typed(page(client, made, "_text"))
    data |= {"a1-title": "Oggetto e finalità", "change": "down:a1"}
    assert page(client, made, "_text", data=data).headers["Location"].endswith("/testo/#article-a1")
    assert [article["title"] for article in made.fresh().articles[:2]] == ["Durata", "Oggetto e finalità"]
    written(made)
    data = typed(page(client, made, "_text")) | {"prepare": "1"}
    assert page(client, made, "_text", data=data).headers["Location"] == reverse(
        "desk_agreement", args=[made.row.application_id]
    )
    assert made.fresh().state == "ready"


def test_a_text_that_is_not_ready_is_saved_and_says_what_is_missing(client):
    made = drafted()
    data = typed(page(client, made, "_text")) | {"preamble": "Nuove premesse.", "prepare": "1"}
    answer = page(client, made, "_text", data=data)
    assert (answer.status_code, made.fresh().preamble, made.row.state) == (409, "Nuove premesse.", "draft")
    assert "Nel testo manca ancora: Fideiussione" in text(answer)
    assert "Nuove premesse." in text(answer)


def test_of_two_who_change_the_same_article_the_second_sees_both_texts(client):
    made = drafted()
    hers = typed(page(client, made, "_text"))
    his = dict(hers)
    page(client, made, "_text", data=hers | {"a1-text": "Quello di lei."})
    answer = page(client, made, "_text", data=his | {"a1-text": "Quello di lui.", "a2-text": "Due anni."})
    assert answer.status_code == 409
    assert "Qualcun altro ha cambiato lo stesso testo." in text(answer)
    assert "Quello di lei." in text(answer) and "Quello di lui." in text(answer)
    again = typed(answer) | {"a1-text": "Quello di tutti e due."}
    assert page(client, made, "_text", data=again).status_code == 302
    assert [article["text"] for article in made.fresh().articles[:2]] == ["Quello di tutti e due.", "Due anni."]


def test_what_is_written_is_folded_and_what_is_to_write_stands_open(client):
    made = drafted()
    assert open_articles(page(client, made, "_text")) == []
    data = typed(page(client, made, "_text"))
    added = page(client, made, "_text", data=data | {"change": "add:guarantee"}).headers["Location"].rpartition("#article-")[2]
    assert made.fresh().articles[-1]["key"] == added
    assert open_articles(page(client, made, "_text")) == [added]
    answer = page(client, made, "_text", data=data | {"a1-text": "Quello di lui.", "a2-title": "x" * 201})
    assert open_articles(answer) == ["a1", "a2"]


def open_articles(answer):
    return re.findall(r'<details class="bando-details" id="article-([an][0-9]+)" open>', answer.content.decode())


def test_what_was_saved_before_can_be_read_again(client):
    made = drafted()
    for words in ("Prima versione.", "Seconda versione."):
        page(client, made, "_text", data=typed(page(client, made, "_text")) | {"preamble": words})
    url = reverse("desk_agreement_text", args=[made.row.application_id])
    said = text(client.get(f"{url}?versione=1"))
    assert "Prima versione." in said and "Seconda versione." not in said
    assert client.get(f"{url}?versione=9").status_code == 404


def test_the_parties_are_written_by_the_office(client):
    made = drafted()
    data = typed(page(client, made, "_parties"))
    data |= {f"signer-{made.administration.pk}": "Paola Sindaca", "amount": "25.000", "starts_on": "2022-05-01"}
    assert page(client, made, "_parties", data=data).status_code == 302
    assert (made.fresh().amount_cents, made.administration.signer) == (2_500_000, "Paola Sindaca")
    answer = page(client, made, "_parties", data=data)
    assert answer.status_code == 409
    assert "Nel frattempo qualcuno ha cambiato la convenzione." in text(answer)


def test_the_office_brings_a_file_decides_of_a_doubtful_one_and_registers(client):
    made = prepared()
    both = [made.administration.pk, made.body.pk]
    data = {"parties": both, "file": signed_file(made, MAYOR, STRANGER), "upload": "1"}
    assert page(client, made, "_signatures", at=UPLOADED, data=data).status_code == 302
    pay_all(UPLOADED)
    said = text(page(client, made, "_signatures", at=UPLOADED))
    assert "Firmata da 1 di 2" in said
    assert "Doveva firmare Carla Referente. Nel file c'è la firma di: Paola Sindaca, Mario Rossi." in said
    accept = {"accept": made.body.pk, "file": made.body.signed_id, "reason": ""}
    assert "Scrivi il motivo" in text(page(client, made, "_signatures", at=UPLOADED, data=accept))
    accept["reason"] = "Firma il delegato."
    assert page(client, made, "_signatures", at=UPLOADED, data=accept).status_code == 302
    facts = {"number": "77/2022", "signed_on": "2022-04-11", "starts_on": "2022-05-01", "ends_on": "2024-04-30", "sign": "1"}
    assert page(client, made, at=roads.SIGNED, data=facts).status_code == 302
    assert (made.fresh().state, made.row.document) == ("signed", made.administration.signed)


@pytest.mark.parametrize(
    ("file", "doubt"),
    [
        (small_pdf("Un altro testo"), "Non è il file preparato: il testo può essere diverso."),
        (None, "Nel file non troviamo una firma digitale che corrisponde al file."),
    ],
    ids=["another text", "not signed"],
)
def test_a_file_in_doubt_says_why(client, file, doubt):
    made = prepared()
    upload = SimpleUploadedFile("a.pdf", file) if file else signed_file(made)
    page(client, made, "_signatures", at=UPLOADED, data={"parties": [made.body.pk], "file": upload, "upload": "1"})
    pay_all(UPLOADED)
    assert doubt in text(page(client, made, "_signatures", at=UPLOADED))


def test_a_text_is_opened_again_with_a_reason(client):
    made = prepared()
    assert page(client, made, "_signatures", at=UPLOADED, data={"reopen": "1", "reason": ""}).status_code == 200
    assert page(client, made, "_signatures", at=UPLOADED, data={"reopen": "1", "reason": "Refuso."}).status_code == 302
    assert made.fresh().state == "draft"


def test_without_the_files_the_registration_asks_why(client):
    made = drafted()
    upload = SimpleUploadedFile("c.pdf", small_pdf("Convenzione"))
    facts = {"number": "77/2022", "signed_on": "2022-04-11", "starts_on": "2022-05-01", "ends_on": "2024-04-30", "sign": "1"}
    answer = page(client, made, at=roads.SIGNED, data={**facts, "file": upload})
    assert "Scrivi il motivo: resta nella storia dell'atto." in text(answer)
    facts |= {"file": upload, "reason": "Su carta.", "contents": [code for code in CONTENTS if code != "surety"]}
    upload.seek(0)
    answer = page(client, made, at=roads.SIGNED, data=facts)
    assert (answer.status_code, "Nel file firmato non hai trovato: Fideiussione." in text(answer)) == (409, True)
    upload.seek(0)
    assert page(client, made, at=roads.SIGNED, data={**facts, "waiver": "Non è prevista."}).status_code == 302
    assert (made.fresh().state, made.row.steps.get(act="sign").reason) == ("signed", "Su carta.")
    assert "Fideiussione: non serve – Non è prevista." in text(page(client, made))
    told = "Le parti hanno firmato fuori da questo sito. Giorno della firma: 11 aprile 2022. Motivo dell'ufficio: Su carta."
    said = text(page(client, made, "_signatures"))
    assert [word in said for word in (told, "Convenzione firmata", "Firmata da", "Manca il file")] == [True, True, False, False]
    client.force_login(made.road.applicant)
    said = text(client.get(reverse("agreement", args=[made.row.pk])))
    assert [word in said for word in (told, "Durata: c'è")] == [True, True]


def test_what_the_parties_signed_here_is_not_said_to_be_signed_elsewhere(client):
    made = registered()
    said = text(page(client, made, "_signatures"))
    assert [word in said for word in ("Firmata da 2 di 2", "Firmata altrove")] == [True, False]


def test_the_desk_offers_the_amount_of_a_project_that_came_later(client):
    two = two_selected()
    table = open_table(two.road.call, "area-1", by=two.road.office, at=PUBLISHED)
    project = start_project(table, two.both[:1], title="Da sola", by=two.road.office, at=PUBLISHED)
    made = Agreed(two.road, draft_agreement(two.both[0], at=DRAFTED))
    assert "Il progetto è arrivato" not in text(page(client, made))
    read = typed(page(client, made, "_text"))
    rewritten(project, by=two.road.office, less=100_00)
    said = text(page(client, made))
    assert "Il progetto è arrivato alla versione 1" in said and "Nella convenzione c'è scritto 30.000,00" in said
    written(made)
    read |= {"version": str(made.row.version), "prepare": "1"}
    answer = page(client, made, "_text", data={name: read[name] for name in ("version", "project", "prepare")})
    assert answer.status_code == 409
    assert "Il progetto è arrivato alla versione 1: leggila, controlla il contributo e poi prepara" in text(answer)
    assert page(client, made, data={"amount": str(made.row.version)}).status_code == 302
    assert (made.fresh().amount_cents, made.row.project.number) == (2_990_000, 1)
    again = typed(page(client, made, "_text")) | {"prepare": "1"}
    assert page(client, made, "_text", data=again).status_code == 302
    assert made.fresh().state == "ready"


def test_the_page_says_what_stands_open_and_which_doors_to_close_before_the_end(client):
    road = roads.opened()
    made = Agreed(road, road.agreement)
    said = text(page(client, made, at=IN_FORCE))
    assert "Prima chiudi questi Spazi, ognuno con il motivo che leggono i cittadini:" in said
    assert "restano 30.000,00" in said
    answer = page(client, made, at=IN_FORCE, data={"end": "1", "reason": "Recesso."})
    assert (answer.status_code, Agreement.objects.get().state) == (409, "effective")
    close_space(road.space, reason="Recesso.", by=road.office, at=IN_FORCE)
    assert page(client, made, at=IN_FORCE, data={"end": "1", "reason": "Recesso."}).status_code == 302
    said = text(page(client, made, at=IN_FORCE))
    assert "Dopo la fine" in said and "Pagati 0,00" in said


def test_the_pages_of_the_office_ask_little_of_the_database(client, django_assert_num_queries):
    made = signed_by_all()
    client.force_login(made.office)
    for name, count in (("", 13), ("_text", 7), ("_signatures", 7)):
        url = reverse(f"desk_agreement{name}", args=[made.row.application_id])
        with arriving(UPLOADED), django_assert_num_queries(count):
            client.get(url)


def test_the_list_says_what_each_waits_for(client, django_assert_num_queries):
    made = effective()
    client.force_login(made.office)
    with arriving(IN_FORCE), django_assert_num_queries(7):
        said = text(client.get(reverse("desk_agreements")))
    assert "Da pagare: 30.000,00" in said
    Agreement.objects.update(state="ready")
    AgreementParty.objects.filter(organisation=None).update(signed=None)
    assert "Manca il file di 1 parte" in text(client.get(reverse("desk_agreements")))
    assert "Nessuna convenzione" in text(client.get(reverse("desk_agreements") + "?stato=draft"))
