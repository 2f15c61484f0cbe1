"""The road clicked in the browser: from a person without an account to a citizen in front of an open Spazio, on the real
document of 2021. Time is moved, nothing else: every act is a click, every letter arrives at a mail server."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from hashlib import sha256
from urllib.parse import urlsplit

import time_machine
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.models import User
from applications.models import Application
from applications.progress import rules_of, sections
from bando.models import Call
from evaluation.published import recompute
from network.models import Agreement, Space
from tests.builders import WORKDAY, load_fixture_call, official, person, submitted_application
from tests.builders_space import school, settle
from tests.journeys.conftest import Look
from tests.journeys.steps import (
    TAX_CODE,
    WRONG_TAX_CODE,
    answers_of,
    follow,
    pdf,
    press,
    sign_in,
    sign_out,
    type_in,
    typed,
    unfold,
    work,
)
from tests.road import ACTS, APPOINTED, CHECKED, MARKED, OPENED, PUBLISHED, RANKED, SIGNED
from tests.servers.smtp import Mailbox

CARLA, PASSWORD = "carla@esempio.it", "verde acqua di fonte"
BODY = {
    "name": "Cooperativa Capuana",
    "legal_form": "social_cooperative",
    "street": "Via Capuana 3",
    "postal_code": "20156",
    "city": "Milano",
    "province": "MI",
    "pec": "capuana@pec.esempio.it",
    "role": "legal_representative",
}
LEVELS = {"Paola Presidente": "Ottimo", "Enrico Membro": "Buono", "Sara Membro": "Buono"}

Open = Callable[..., Page]


def at(moment: datetime) -> AbstractContextManager:
    """From ``moment`` on, on the clock of the server, which runs in this process."""
    return time_machine.travel(moment, tick=True)


def test_a_proposal_goes_from_the_call_to_an_open_space(page_at: Open, look: Look, live_server, smtp_server, settings) -> None:
    settings.SITE_URL = live_server.url
    office = official(name="Anna Ufficio")
    members = [person(name=name) for name in LEVELS]
    call = load_fixture_call(by=office)
    other = submitted_application(call, by=person(name="Luca Referente"))

    with at(WORKDAY):
        work()
        smtp_server.messages.clear()  # what the other body was told
        page = page_at(1280)
        _from_the_call_to_the_registration(page, look, smtp_server)
        application = _from_the_body_to_the_draft(page, look)
        _half_of_the_sections(page, look, application)
        page = page_at(360)
        _the_other_half_in_another_browser(page, look, application)
        _budget_and_declarations(page, look, application)
        _attachments(page, look, application)
        _sending(page, look, application, smtp_server)

    with at(CHECKED):
        _formal_check(page_at(1280), look, office, call, [other, application])
    with at(APPOINTED):
        _appointment(page_at(1280), look, office, call, members)
    for member in members:
        with at(APPOINTED + timedelta(days=1)):
            _declarations(page_at(360), look, member)
        with at(MARKED):
            _sheets(page_at(1280), look, member, {application: LEVELS[member.name], other: "Scarso"})
    with at(RANKED):
        _closing(page_at(360), look, members[0])
        _computation(page_at(1280), look, office, call)
    with at(PUBLISHED):
        _publication(page_at(1280), look, office, call)
        document = _the_public_ranking(page_at(360), look, call)
    with at(SIGNED):
        agreement = _agreement(page_at(1280), look, office, application)
        _the_agreement_of_the_body(page_at(360), look, application, agreement)
    with at(OPENED):
        space = _opening(page_at(1280), look, office, agreement)
        _a_citizen_finds_it(page_at(360), look, space)

    assert [(row["application"], row["position"], row["outcome"]) for row in document["rows"]] == [
        (application.number, 1, "selected"),
        (other.number, None, "below_threshold"),
    ]
    assert recompute(document) == []
    assert list(application.steps.values_list("act", flat=True)) == ACTS
    assert ACTS == ["submit", "start_check", "admit", "evaluate", "rank", "select", "agree", "open"]


# --- the applicant ------------------------------------------------------------------------------------------------------


def _from_the_call_to_the_registration(page: Page, look: Look, mailbox: Mailbox) -> None:
    page.goto("/")
    look(page)
    follow(page, "Co-progettazione e co-gestione degli Spazi WeMi")
    look(page)
    follow(page, "Tutte le domande", "Area 1")
    look(page)
    page.go_back()
    follow(page, "Partecipa", "Area 1")
    look(page)
    follow(page.locator("main"), "Registrati")
    look(page)
    type_in(page, {"name": "Carla Referente", "email": "carla", "password1": PASSWORD})
    press(page.locator("main"), "Registrati")
    expect(page.locator(".bando-summary")).to_contain_text("Scrivi l'indirizzo intero, per esempio nome@esempio.it.")
    look(page)
    type_in(page, {"email": CARLA, "password1": PASSWORD})
    press(page.locator("main"), "Registrati")
    expect(page.locator("h1")).to_have_text("Controlla la tua posta")
    look(page)
    work()
    assert [(letter["To"], letter["Subject"]) for letter in mailbox.messages] == [(CARLA, "Conferma la tua e-mail")]
    page.goto(re.search(r"http\S+", mailbox.messages[0].get_content())[0])
    look(page)
    press(page, "Conferma")
    expect(page.locator("h1")).to_have_text("Partecipa")
    look(page, "without a body")


def _from_the_body_to_the_draft(page: Page, look: Look) -> Application:
    follow(page, "Aggiungi un ente")
    look(page)
    type_in(page, {**BODY, "tax_code": WRONG_TAX_CODE})
    press(page, "Registra l'ente")
    wrong = "Il codice fiscale non torna: l'ultima cifra di controllo è diversa. Ricontrolla."
    expect(page.locator(".bando-summary")).to_contain_text(wrong)
    look(page)
    kept = {name: values[0] for name, values in _filled(page).items()}
    assert kept == {**BODY, "tax_code": WRONG_TAX_CODE}
    type_in(page, {"tax_code": TAX_CODE})
    press(page, "Registra l'ente")
    expect(page.locator("h1")).to_have_text("Partecipa")
    look(page, "with a body")
    press(page, "Inizia la domanda")
    expect(page.locator("h1")).to_have_text("La tua domanda")
    look(page)
    return Application.objects.with_call().get(organisation__tax_code=TAX_CODE)


def _fill(page: Page, look: Look, application: Application, code: str, then: str = "Salva e continua") -> None:
    title = next(section.title for section in sections(application) if section.code == code)
    expect(page.locator("h1")).to_have_text(title)  # the page before is still there for a moment
    look(page, code)
    type_in(page, answers_of(application, code))
    press(page, then)


def _half_of_the_sections(page: Page, look: Look, application: Application) -> None:
    follow(page, "L'ente e chi lo rappresenta")
    press(page, "Salva e continua")  # nothing written yet: the page says what is missing and keeps the rest for later
    expect(page.locator(".bando-summary h2")).to_have_text("Ci sono 6 cose da correggere")
    look(page)
    _fill(page, look, application, "ente")
    expect(page.locator("h1")).to_have_text("Chi partecipa")
    _fill(page, look, application, "chi-partecipa")
    _fill(page, look, application, "esperienza")
    expect(page.locator("h1")).to_have_text("Lo Spazio proposto")
    follow(page, "Indietro")
    expect(page.locator("h1")).to_have_text("Esperienza e radicamento")
    assert _filled(page) == _as_typed(application, "esperienza")
    press(page, "Salva e continua")
    type_in(page, {"orari": "Da lunedì a venerdì 9-13"})
    press(page, "Salva ed esci")
    expect(page.locator("h1")).to_have_text("La tua domanda")
    look(page, "half-written")
    sign_out(page)
    look(page)


def _the_other_half_in_another_browser(page: Page, look: Look, application: Application) -> None:
    sign_in(page, CARLA, PASSWORD)
    expect(page.locator("h1")).to_have_text("Le mie domande")
    look(page)
    follow(page, "Continua da «Lo Spazio proposto»")
    assert typed(page)["orari"] == ["Da lunedì a venerdì 9-13"]
    page.goto(reverse("application_section", args=[application.pk, "ente"]))
    assert _filled(page) == _as_typed(application, "ente")
    for _done in range(3):
        press(page, "Salva e continua")
    for section in sections(application)[3:7]:
        expect(page.locator("h1")).to_have_text(section.title)
        _fill(page, look, application, section.code)


def _budget_and_declarations(page: Page, look: Look, application: Application) -> None:
    expect(page.locator("h1")).to_have_text("Piano economico")
    look(page, "piano-economico")
    type_in(page, {"personale__total": "40.000,00", "personale__own": "50.000,00"})
    press(page, "Salva e continua")
    expect(page.locator(".bando-summary")).to_contain_text("più del costo della voce, che è 40.000,00 €")
    look(page, "budget")
    type_in(page, answers_of(application, "piano-economico"))
    expect(page.locator("tfoot output").last).to_have_text("30.000,00 €")  # before anything is sent
    press(page, "Salva e continua")
    expect(page.locator("h1")).to_have_text("Dichiarazioni")
    _fill(page, look, application, "dichiarazioni")
    expect(page.locator("h1")).to_have_text("Allegati")


def _attachments(page: Page, look: Look, application: Application) -> None:
    look(page)
    letter = {"name": "statuto.docx", "mimeType": "application/msword", "buffer": b"PK\x03\x04 not a PDF"}
    page.locator("#id_statuto_file").set_input_files(letter)
    press(page, "Carica lo stesso", "statuto.docx")
    expect(page.locator("#statuto")).to_contain_text("Il file «statuto.docx» non si apre come PDF o P7M.")
    look(page, "with a file that does not open")
    press(page, "Annulla", "statuto.docx")
    for rule in rules_of(application):
        if rule.required:
            page.locator(f"#id_{rule.code}_file").set_input_files(pdf(rule.code))  # that is enough: it starts by itself
            expect(page.locator(f"#{rule.code}").get_by_role("link", name=f"{rule.code}.pdf")).to_be_visible()
    look(page, "with files")


def _sending(page: Page, look: Look, application: Application, mailbox: Mailbox) -> None:
    follow(page, "Continua: controlla e invia")
    look(page)
    posts = []
    page.on("request", lambda request: posts.append(urlsplit(request.url).path) if request.method == "POST" else None)
    press(page, "Invia la domanda")
    expect(page.locator("h1")).to_have_text("Domanda inviata")
    look(page, "without a file")
    assert posts == [reverse("application_submit", args=[application.pk])]
    application.refresh_from_db()
    expect(page.locator(".bando-number")).to_have_text(application.number)
    work()
    page.reload()
    look(page, "with a file")
    answer = page.request.get(page.get_by_role("link", name="Scarica la ricevuta").get_attribute("href"))
    assert (answer.headers["content-type"], answer.body()[:5]) == ("application/pdf", b"%PDF-")
    receipt = mailbox.messages[-1]
    assert (receipt["To"], application.number in receipt["Subject"] + receipt.get_body().get_content()) == (CARLA, True)
    follow(page, "Torna alla domanda")
    look(page, "sent")
    follow(page, "Le mie domande")
    look(page, "sent")


def _as_typed(application: Application, code: str) -> dict[str, list[str]]:
    """The right answers of a section as its page shows them."""
    right = answers_of(application, code)
    return {name: value if isinstance(value, list) else [value] for name, value in right.items() if value}


def _filled(page: Page) -> dict[str, list[str]]:
    """The fields in which something stands."""
    return {name: values for name, values in typed(page).items() if values}


# --- the office and the commission ----------------------------------------------------------------------------------------


def _formal_check(page: Page, look: Look, office: User, call: Call, applications: list[Application]) -> None:
    sign_in(page, office)
    expect(page.locator("h1")).to_have_text("Scrivania")
    look(page)
    follow(page, call.title)
    look(page)
    follow(page, "Apri le domande")
    look(page)
    for application in applications:
        follow(page, application.number)
        look(page, "received")
        press(page, "Inizia la verifica")
        expect(page.locator("main")).not_to_contain_text("La domanda passa alla commissione.")  # nothing is judged yet
        look(page, "unjudged")
        for point in page.locator("fieldset").all():
            point.get_by_label("Conforme", exact=True).check()
        press(page, "Salva la verifica")
        look(page, "judged")
        press(page, "Ammetti la domanda")
        expect(page.locator("main")).to_contain_text(f"La domanda {application.number} è ammessa.")
        look(page, "admitted")
        page.goto(reverse("desk_applications", args=[call.slug]))


def _appointment(page: Page, look: Look, office: User, call: Call, members: list[User]) -> None:
    sign_in(page, office)
    page.goto(reverse("desk_call", args=[call.slug]))
    follow(page, "Commissione")
    look(page)
    type_in(page, {"act_number": "12", "act_date": "25/10/2021"})
    type_in(page, {f"email_{row}": member.email for row, member in enumerate(members[:2])})
    press(page, "Nomina la commissione")
    expect(page.locator("main")).to_contain_text("l'avviso chiede da 3 a 5 persone, qui sono 2")
    look(page)
    type_in(page, {"email_2": members[2].email})
    press(page, "Nomina la commissione")
    expect(page.locator("main")).to_contain_text("La commissione è nominata.")
    look(page, "appointed")
    follow(page, "Guarda a che punto è la valutazione")
    look(page)


def _declarations(page: Page, look: Look, member: User) -> None:
    sign_in(page, member)
    expect(page.locator("h1")).to_have_text("Valutazioni")
    look(page)
    follow(page.locator("main"), "Fai le dichiarazioni")
    look(page)
    press(page, "Dichiara")
    expect(page.locator(".bando-summary h2")).to_have_text("Ci sono 2 cose da correggere")
    look(page)
    for question in page.locator("fieldset").all():
        question.get_by_label("Non ho rapporti").check()
    press(page, "Dichiara")
    expect(page.locator("h1")).to_have_text("Le tue schede")
    look(page)
    follow(page, "Rivedi le tue dichiarazioni")
    look(page, "made")


def _sheets(page: Page, look: Look, member: User, levels: dict[Application, str]) -> None:
    sign_in(page, member)
    follow(page.locator("main"), "Tutte le tue schede")
    for application, level in levels.items():
        follow(page, application.organisation.name)
        grid = application.call.notice.grid_for("area-1")
        press(page, "Concludi la scheda")
        expect(page.locator(".bando-summary li")).to_have_count(2 * len(grid.criteria))
        look(page)
        for index, criterion in enumerate(grid.criteria):
            reason = f"Motivo di {member.name}: {criterion.title}"
            page.locator(f"#c-{index}").get_by_label(level).check()
            type_in(page, {f"reason-{index}": reason})
        press(page, "Concludi la scheda")
        expect(page.locator("main")).to_contain_text("La scheda è conclusa.")
        page.goto(reverse("sheets", args=[application.call.slug]))
    look(page, "concluded")
    follow(page, next(iter(levels)).organisation.name)
    look(page, "concluded")


def _closing(page: Page, look: Look, chair: User) -> None:
    sign_in(page, chair)
    follow(page.locator("main"), "Le tue schede")
    press(page, "Chiudi la valutazione")
    expect(page.locator("main")).to_contain_text("La valutazione dell'area è chiusa.")
    look(page, "closed")


def _computation(page: Page, look: Look, office: User, call: Call) -> None:
    sign_in(page, office)
    page.goto(reverse("desk_call", args=[call.slug]))
    follow(page, "Graduatoria", "Area 1")
    look(page, "to compute")
    press(page, "Calcola la graduatoria")
    expect(page.locator("main")).to_contain_text("La graduatoria è calcolata.")
    look(page, "computed")
    follow(page, "Guarda l'anteprima")
    look(page, "preview")
    follow(page, "Come nasce")
    look(page, "derivation")


def _publication(page: Page, look: Look, office: User, call: Call) -> None:
    sign_in(page, office)
    page.goto(f"{reverse('desk_ranking', args=[call.slug, 'area-1'])}?passo=preview")
    follow(page, "Vai alla conferma")
    look(page, "confirm")
    press(page, "Pubblica la graduatoria")
    expect(page.locator(".bando-summary")).to_contain_text("Scrivi il numero dell'atto.")
    look(page, "confirm")
    type_in(page, {"act_number": "340", "act_date": "6/12/2021", "unfilled_reason": "È arrivata una sola proposta."})
    press(page, "Pubblica la graduatoria")
    expect(page.locator("main")).to_contain_text("La graduatoria è pubblicata.")
    look(page, "published")
    work()


def _the_public_ranking(page: Page, look: Look, call: Call) -> dict:
    """What a stranger reaches: the page and its three files."""
    page.goto("/")
    look(page, "concluded")
    follow(page, call.title)
    look(page, "concluded")
    follow(page, "Leggi la graduatoria", "Area 1")
    look(page)
    files = {}
    for kind in ("PDF", "CSV", "JSON"):
        answer = page.request.get(page.get_by_role("link", name=kind).get_attribute("href"))
        files[kind] = (answer.status, answer.headers["content-type"].partition(";")[0], answer.body())
    assert [found[:2] for found in files.values()] == [(200, "application/pdf"), (200, "text/csv"), (200, "application/json")]
    assert (files["PDF"][2][:5], files["CSV"][2].count(b"\r\n")) == (b"%PDF-", 3)  # a heading and two rows
    follow(page, "Come nasce")
    look(page, "derivation")
    return json.loads(files["JSON"][2])


# --- the agreement and the Spazio -----------------------------------------------------------------------------------------


def _agreement(page: Page, look: Look, office: User, application: Application) -> Agreement:
    sign_in(page, office)
    page.goto(reverse("desk_application", args=[application.pk]))
    look(page, "selected")
    follow(page, "Prepara la convenzione")
    look(page, "to prepare")
    press(page, "Prepara la convenzione")
    expect(page.locator("h2").filter(has_text="Registra la firma")).to_be_visible()
    look(page, "to sign")
    facts = {"number": "77/2022", "signed_on": "2022-04-11", "starts_on": "2022-05-01", "ends_on": "2022-04-30"}
    facts |= {"reason": "Firmata su carta.", "waiver": "Il resto è nel piano economico."}
    read = ["duration", "commitments"]
    unfold(page, "È stata firmata fuori dal sistema")
    type_in(page, {**facts, "contents": read})
    page.get_by_label("Convenzione firmata").set_input_files(pdf("convenzione"))
    press(page, "Registra la convenzione firmata")
    expect(page.locator(".bando-summary")).to_contain_text("Le date non tornano")
    look(page)
    assert typed(page) == {**{name: [text] for name, text in facts.items()}, "contents": read}
    type_in(page, {"ends_on": "2024-04-30"})
    page.get_by_label("Convenzione firmata").set_input_files(pdf("convenzione"))
    press(page, "Registra la convenzione firmata")
    expect(page.locator("main")).to_contain_text("Convenzione registrata: l'ente è partner della rete.")
    look(page, "signed")
    return Agreement.objects.get(application=application)


def _the_agreement_of_the_body(page: Page, look: Look, application: Application, agreement: Agreement) -> None:
    sign_in(page, CARLA, PASSWORD)
    look(page, "partner")
    page.goto(reverse("application", args=[application.pk]))
    look(page, "partner")
    follow(page, "Leggi la convenzione")
    look(page)
    answer = page.request.get(page.get_by_role("link", name="Convenzione firmata").get_attribute("href"))
    assert (answer.status, sha256(answer.body()).hexdigest()) == (200, agreement.document.sha256)


def _opening(page: Page, look: Look, office: User, agreement: Agreement) -> Space:
    sign_in(page, office)
    follow(page, "Spazi della rete")
    look(page)
    space = Space.objects.get(partnership__agreement=agreement)
    follow(page, space.name)
    expect(page.locator("main")).to_contain_text("prima registra la pubblicazione (art. 26 del D.Lgs. 33/2013)")
    look(page, "planned")
    follow(page, "Vai alla pubblicazione della convenzione")
    type_in(page, {"published_on": "2022-04-20", "publication": "https://esempio.it/trasparenza/77"})
    press(page, "Registra la pubblicazione")
    expect(page.locator(".bando-summary")).to_contain_text("Scrivi chi è responsabile del procedimento.")
    look(page)
    type_in(page, {"official": "Rita Responsabile"})
    press(page, "Registra la pubblicazione")
    expect(page.locator("main")).to_contain_text("La convenzione è pubblicata e ha effetto.")
    look(page, "of effect")
    page.goto(reverse("desk_space", args=[space.pk]))
    press(page, "Avvia l'allestimento")
    expect(page.locator("main")).to_contain_text("Prima concludi, o togli con un motivo: «Locale disponibile")
    look(page, "fitting out")
    follow(page, "Compiti: 0 di 11")
    look(page)
    settle(space, by=office, at=OPENED)
    school(space, at=OPENED)
    page.goto(reverse("desk_space", args=[space.pk]))
    press(page, "Il personale è pronto")
    press(page, "Il personale è formato")
    expect(page.locator("main")).to_contain_text("Prima di aprire scrivi:")
    look(page, "trained")
    unfold(page, "Cambia contatti")
    facts = {"name": "Spazio WeMi Capuana", "phone": "02 0000 0001", "step_free": "yes", "hours_1": "9-13", "hours_2": "nove"}
    type_in(page, {**facts, "functions": ["listening", "information"]})
    press(page, "Salva i dati")
    expect(page.locator(".bando-summary")).to_contain_text("Non capiamo «nove».")
    look(page)
    type_in(page, {"hours_2": "9-13, 14:30-18"})
    press(page, "Salva i dati")
    expect(page.locator("main")).to_contain_text("I dati dello Spazio sono salvati.")
    look(page, "ready")
    type_in(page, {"on": "2022-05-02"})
    press(page, "Apri lo Spazio ai cittadini")
    expect(page.locator("main")).to_contain_text("Lo Spazio è aperto")
    look(page, "open")
    return space


def _a_citizen_finds_it(page: Page, look: Look, space: Space) -> None:
    page.goto("/")
    follow(page, "Spazi WeMi")
    look(page)
    type_in(page, {"q": "capuana", "now": "on"})
    press(page, "Cerca")
    expect(page.locator("#results")).to_have_text("1 Spazio")
    look(page, "found")
    follow(page, "Spazio WeMi Capuana")
    expect(page.locator("main")).to_contain_text("Via Capuana 3")
    expect(page.locator("main")).to_contain_text("Aperto ora, chiude alle")
    look(page)
