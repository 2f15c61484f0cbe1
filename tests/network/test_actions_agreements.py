from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation

from applications.merging import fingerprint
from applications.models import Application
from bando.models import Call
from network.actions import (
    accept_copy,
    change_parties,
    draft_agreement,
    judge_publication,
    prepare_agreement,
    reopen_agreement,
    save_text,
    sign_agreement,
    sign_part,
)
from network.agreement_signing import Signed, signatures_of
from network.agreement_text import units_of
from network.agreement_words import TITLES, contents_of, named
from network.contents import CONTENTS
from network.models import Agreement, Partnership, Space
from network.states import AgreementState
from network.transitions import SIGN
from tests import road as roads
from tests.builders import body, person, small_pdf
from tests.builders_agreement import (
    CARLA,
    DRAFTED,
    MAYOR,
    PREPARED,
    STRANGER,
    UPLOADED,
    drafted,
    of_one_body,
    pay_all,
    prepared,
    registered,
    signed_by_all,
    signed_file,
    written,
)
from tests.history import history
from workflow.perform import reasons_against
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
LONG = "La convenzione durerebbe più di 20 anni: controlla l'anno della scadenza."
KEPT = [code for code in CONTENTS if code not in ("surety", "monitoring")]


def test_the_agreement_makes_the_partner_and_plans_the_space():
    road = roads.agreed()
    partnership = Partnership.objects.get()
    assert partnership.organisation == road.application.organisation
    assert partnership.since == date(2022, 4, 11)
    assert list(history(road.agreement)) == ["sign"]
    assert list(history(road.application)) == ["submit", "start_check", "admit", "evaluate", "rank", "select", "agree"]
    assert road.fresh().state == "agreed"
    assert (road.space.state, road.space.address, road.space.municipio) == ("planned", "Via Capuana 3, 20156, Milano", 9)
    assert Space.objects.public().count() == 0


def test_an_agreement_lasts_twenty_years_at_most():
    road = roads.published()
    agreement = draft_agreement(road.fresh(), at=roads.SIGNED)
    roads.sign(agreement, by=road.office, ends_on=date(2042, 5, 1))
    assert (agreement.state, agreement.reporting_terms.count()) == ("signed", 82)


def test_an_agreement_is_made_once():
    road = roads.published()
    first = draft_agreement(road.fresh(), at=roads.SIGNED)
    assert draft_agreement(road.fresh(), at=roads.SIGNED + timedelta(days=1)) == first
    assert Agreement.objects.count() == 1


def test_there_is_no_agreement_for_who_was_not_selected():
    road = roads.ranked()
    with pytest.raises(Refused) as refusal:
        draft_agreement(road.fresh(), at=roads.SIGNED)
    assert refusal.value.reasons == ["La convenzione si prepara solo per una domanda selezionata."]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"ends_on": date(2022, 5, 1)}, "Le date non tornano: prima la firma, poi la decorrenza, poi la scadenza."),
        ({"starts_on": date(2022, 4, 10)}, "Le date non tornano: prima la firma, poi la decorrenza, poi la scadenza."),
        ({"ends_on": date(2042, 5, 2)}, LONG),
        ({"ends_on": date(9999, 12, 31)}, LONG),
        ({"signed_on": date(2022, 4, 12)}, "La data della firma è nel futuro: registra la convenzione dopo la firma."),
    ],
)
def test_a_signature_with_wrong_dates_changes_nothing(changes, reason):
    road = roads.published()
    agreement = draft_agreement(road.fresh(), at=roads.SIGNED)
    with pytest.raises(Refused) as refusal:
        roads.sign(agreement, by=road.office, **changes)
    assert refusal.value.reasons == [reason]
    agreement.refresh_from_db()
    assert (agreement.state, agreement.number, agreement.document) == ("draft", "", None)
    assert Partnership.objects.count() == Space.objects.count() == 0
    assert road.fresh().state == "selected"


@pytest.mark.parametrize(
    ("reserve", "refused"),
    [
        ("", []),
        (
            "L'iscrizione al RUNTS.",
            ["La domanda è ammessa con riserva: prima di firmare sciogli la riserva. Manca ancora: L'iscrizione al RUNTS."],
        ),
    ],
)
def test_who_was_admitted_with_a_reserve_signs_once_it_is_lifted(reserve, refused):
    road = roads.published()
    Application.objects.update(reserve=reserve)
    agreement, said = draft_agreement(road.fresh(), at=roads.SIGNED), []
    try:
        roads.sign(agreement, by=road.office)
    except Refused as against:
        said = against.reasons
    assert said == refused
    assert Agreement.objects.get().state == (AgreementState.DRAFT if refused else AgreementState.SIGNED)


def test_only_the_office_signs():
    road = roads.published()
    agreement = draft_agreement(road.fresh(), at=roads.SIGNED)
    with pytest.raises(Refused) as refusal:
        roads.sign(agreement, by=road.applicant)
    assert refusal.value.reasons == ["Lo può fare solo chi lavora nell'ufficio."]


# --- the draft --------------------------------------------------------------------------------------------------------


def said(act, *args, **kwargs):
    """Why an act is refused; none when it is done."""
    try:
        act(*args, **kwargs)
    except Refused as refusal:
        return refusal.reasons
    return []


def test_the_draft_comes_from_the_call_and_from_what_was_declared():
    made = drafted()
    row = made.row
    assert row.preamble.startswith("Il Comune e l'ente hanno scritto insieme il progetto definitivo")
    assert [(article["title"], article["content"]) for article in row.articles[:4]] == [
        ("Oggetto", ""),
        ("Durata", "duration"),
        ("Impegni del Comune", "commitments"),
        ("Impegni dell'ente", "commitments"),
    ]
    assert len({article["key"] for article in row.articles}) == 10
    assert [(party.organisation, party.signer, party.position) for party in row.parties.all()] == [
        (None, "", ""),
        (made.road.application.organisation, "Carla Referente", "Legale rappresentante"),
    ]
    assert (row.amount_cents, row.needs_publication, row.project) == (3_000_000, True, None)


def test_the_paper_is_italian_whatever_language_the_office_reads():
    with translation.override("en"):
        made = drafted()
        save_text(made.row, {}, {}, change="add", of="surety", by=made.office, at=DRAFTED)
    assert made.body.position == "Legale rappresentante"
    assert made.fresh().articles[-1]["title"] == "Fideiussione"


# --- the text ---------------------------------------------------------------------------------------------------------


def unit(row, key):
    """What a page shows of a unit, and its fingerprint."""
    shown = units_of(row)[key]
    return dict(shown), {key: [fingerprint(shown)]}


def test_of_two_who_write_at_once_nobodys_text_is_lost():
    made = drafted()
    shown, base = unit(made.row, "a1")
    other, other_base = unit(made.row, "a2")
    hers = {"a1": {**shown, "a1-text": "Il testo di lei."}}
    his = {"a1": {**shown, "a1-text": "Il testo di lui."}, "a2": {**other, "a2-text": "Dura un anno."}}
    save_text(made.row, hers, base, by=made.office, at=DRAFTED)
    merged = save_text(made.row, his, base | other_base, by=made.office, at=DRAFTED)
    assert merged.conflicts == ["a1"]
    texts = {article["key"]: article["text"] for article in made.fresh().articles}
    assert (texts["a1"], texts["a2"], made.row.version) == ("Il testo di lei.", "Dura un anno.", 2)
    assert [step.facts["version"] for step in made.row.steps.filter(act="edit")] == [1, 2]


def test_a_text_that_nobody_changed_leaves_no_trace():
    made = drafted()
    shown, base = unit(made.row, "a1")
    save_text(made.row, {"a1": {**shown, "a1-text": shown["a1-text"] + "\r\n"}}, base, by=made.office, at=DRAFTED)
    assert (made.fresh().version, history(made.row)) == (0, [])


def test_articles_come_go_and_move():
    made = drafted()

    def keys():
        return [article["key"] for article in made.fresh().articles]

    before = keys()
    save_text(made.row, {}, {}, change="add", of="surety", by=made.office, at=DRAFTED)
    assert (keys(), made.row.articles[-1]) == (
        [*before, "n1"],
        {"key": "n1", "title": "Fideiussione", "text": "", "content": "surety"},
    )
    save_text(made.row, {}, {}, change="up", of="n1", by=made.office, at=DRAFTED)
    assert keys() == [*before[:-1], "n1", before[-1]]
    save_text(made.row, {}, {}, change="down", of="a1", by=made.office, at=DRAFTED)
    assert keys()[:2] == ["a2", "a1"]
    shown, base = unit(made.row, "n1")
    save_text(made.row, {"n1": shown}, base, change="remove", of="n1", by=made.office, at=DRAFTED)
    assert sorted(keys()) == sorted(before)
    save_text(made.row, {}, {}, change="add", of="", by=made.office, at=DRAFTED)
    assert keys()[-1] == "n5"


def test_nobody_takes_away_what_another_has_just_written():
    made = drafted()
    shown, base = unit(made.row, "a1")
    save_text(made.row, {"a1": {**shown, "a1-text": "Nuovo."}}, base, by=made.office, at=DRAFTED)
    remove = {"change": "remove", "of": "a1", "by": made.office, "at": DRAFTED}
    assert said(save_text, made.row, {"a1": shown}, base, **remove) == [
        "Nel frattempo qualcuno ha cambiato questo articolo: rileggilo, poi toglilo."
    ]
    assert made.fresh().articles[0]["text"] == "Nuovo."


def test_what_one_writes_in_an_article_that_another_took_away_is_not_lost():
    made = drafted()
    shown, base = unit(made.row, "a1")
    save_text(made.row, {"a1": shown}, base, change="remove", of="a1", by=made.office, at=DRAFTED)
    mine = {"a1": {**shown, "a1-text": "Il mio."}}
    assert save_text(made.row, mine, base, by=made.office, at=DRAFTED).conflicts == ["a1"]
    assert "a1" not in [article["key"] for article in made.fresh().articles]
    save_text(made.row, mine, {"a1": [fingerprint({})]}, by=made.office, at=DRAFTED)
    assert made.fresh().articles[-1] == {"key": "a1", "title": "Oggetto", "text": "Il mio.", "content": ""}


def test_only_the_office_writes_the_text():
    made = drafted()
    assert said(save_text, made.row, {}, {}, change="add", by=made.road.applicant, at=DRAFTED) == [
        "Lo può fare solo chi lavora nell'ufficio."
    ]


def test_the_parties_the_amount_and_the_days_are_kept_together():
    made = written()
    assert [(p.signer, p.position) for p in made.row.parties.all()] == [
        ("Paola Sindaca", "Direttrice"),
        ("Carla Referente", "Legale rappresentante"),
    ]
    facts = {"amount_cents": 100_000, "by": made.office, "at": DRAFTED}
    signers = {party.pk: ("", "") for party in made.row.parties.all()}
    days = {"starts_on": date(2022, 5, 1), "ends_on": date(2022, 5, 1)}
    seen = made.row.version
    assert said(change_parties, made.row, signers, **facts, **days, seen=seen) == [
        "La scadenza viene dopo la decorrenza: correggi le date."
    ]
    days["ends_on"] = date(2922, 5, 2)
    assert said(change_parties, made.row, signers, **facts, **days, seen=seen) == [LONG]
    days["ends_on"] = date(2022, 5, 2)
    assert said(change_parties, made.row, signers, **facts, **days, seen=seen - 1) == [
        "Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova."
    ]
    assert said(change_parties, made.row, signers, **facts, **days, seen=seen) == []
    assert (made.fresh().amount_cents, made.row.needs_publication, made.row.version) == (100_000, False, seen + 1)


def test_what_was_decided_of_the_publication_below_the_threshold_says_nothing_of_an_amount_above_it():
    made = written()
    act = {"by": made.office, "at": DRAFTED}
    signers = {party.pk: (party.signer, party.position) for party in made.row.parties.all()}
    days = {"starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    found = []
    for cents in (100_000, 50_000, 100_001):
        change_parties(made.row, signers, amount_cents=cents, **days, seen=made.fresh().version, **act)
        if cents == 100_000:
            judge_publication(made.row, needs=False, reason="È poco.", **act)
        found.append((made.fresh().needs_publication, made.row.publication_reason))
    assert found == [(False, "È poco."), (False, "È poco."), (True, "")]


@pytest.mark.parametrize(
    ("other_signed", "decided", "needs"),
    [
        (None, "", False),
        (date(2022, 1, 1), "", True),
        (date(2021, 12, 31), "", False),
        (date(2022, 1, 1), "È un altro provvedimento.", False),
    ],
)
def test_what_one_body_gets_in_a_calendar_year_is_counted_together(other_signed, decided, needs):
    """And what the office has decided stands."""
    made, other = of_one_body(900_00)
    Agreement.objects.filter(pk=other.row.pk).update(signed_on=other_signed)
    Agreement.objects.filter(pk=made.row.pk).update(publication_reason=decided)
    roads.sign(made.row, by=made.office)
    assert (made.fresh().state, made.row.needs_publication) == ("signed", needs)


def test_an_amount_is_judged_with_what_was_signed_in_the_year():
    first, second = of_one_body(900_00)
    roads.sign(first.row, by=first.office)
    signers = {party.pk: (party.signer, party.position) for party in second.row.parties.all()}
    days = {"starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    found = []
    for cents in (100_00, 100_01):
        change_parties(second.row, signers, amount_cents=cents, **days, seen=second.row.version, by=first.office, at=DRAFTED)
        found.append(Agreement.objects.get(pk=second.row.pk).needs_publication)
    assert found == [False, True]


def test_no_agreement_of_a_revoked_call_is_prepared_or_signed():
    made = written()
    Call.objects.update(state="revoked")
    refused = ["L'avviso è revocato: la convenzione non si prepara e non si firma."]
    found = said(prepare_agreement, made.row, seen=made.row.version, by=made.office, at=PREPARED)
    assert [found, said(roads.sign, made.row, by=made.office)] == [refused, refused]


@pytest.mark.parametrize(
    ("contents", "waiver", "reasons"),
    [
        (CONTENTS, "", []),
        (KEPT, "Il piano non lo prevede.", []),
        (
            KEPT,
            " ",
            [
                "Nel file firmato non hai trovato: Fideiussione, Monitoraggio. Spunta ciò che c'è, oppure scrivi perché non "
                "serve."
            ],
        ),
    ],
)
def test_somebody_answers_for_what_a_file_signed_elsewhere_does_not_say(contents, waiver, reasons):
    made = drafted()
    Agreement.objects.update(waived={"impact": "Dopo.", "duration": "È nel file."})
    contents = [code for code in contents if code != "impact"]
    facts = {"reason": "Su carta.", "contents": contents, "waiver": waiver, "by": made.office}
    assert said(roads.sign, made.fresh(), **facts) == reasons
    made.fresh()
    if reasons:
        assert made.row.state == "draft"
        return
    absent = {"surety": "Il piano non lo prevede.", "monitoring": "Il piano non lo prevede."} if waiver else {}
    assert made.row.waived == {**absent, "impact": "Dopo."}
    facts = made.row.steps.get(act="sign").facts
    assert (facts["contents"], facts["waived"]) == (contents, made.row.waived)
    assert [(row["title"], row["reason"]) for row in contents_of(made.row)][-1] == (TITLES["impact"], "Dopo.")


def test_a_file_signed_elsewhere_is_registered_with_what_is_in_it_and_with_the_reason():
    made = drafted()
    refusals = [said(roads.sign, made.fresh(), by=made.office, **lack) for lack in ({"contents": ()}, {"reason": " "})]
    assert refusals == [
        [
            f"Nel file firmato non hai trovato: {named(CONTENTS)}. Spunta ciò che c'è, oppure scrivi perché non serve.",
        ],
        ["Scrivi il motivo: resta nella storia dell'atto."],
    ]
    facts = {"number": "77/2022", "signed_on": date(2022, 4, 11), "starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    assert said(sign_agreement, made.fresh(), **facts, by=made.office, at=roads.SIGNED) == [refusals[0][0], refusals[1][0]]
    assert made.fresh().state == "draft"
    assert reasons_against(SIGN, made.row, by=made.office, at=roads.SIGNED) == []
    assert said(roads.sign, made.row, by=made.office) == []
    assert made.row.steps.get(act="sign").reason == "Firmata su carta."


# --- ready to sign ----------------------------------------------------------------------------------------------------


def test_a_text_is_prepared_when_nothing_is_missing():
    made = drafted()
    assert said(prepare_agreement, made.row, seen=0, by=made.office, at=PREPARED) == [
        "Nel testo manca ancora: Fideiussione, Pagamenti, Limiti alle modifiche, Tracciabilità dei flussi finanziari, "
        "Monitoraggio, Valutazione di impatto sociale (VIS). Aggiungi un articolo, oppure scrivi perché non serve.",
        "Manca chi firma per: Comune di Milano. Scrivilo nella pagina delle parti.",
    ]
    written(made)
    assert said(prepare_agreement, made.row, seen=made.row.version - 1, by=made.office, at=PREPARED) == [
        "Nel frattempo qualcuno ha cambiato la convenzione. Rileggila e poi riprova."
    ]
    save_text(made.row, {}, {}, change="add", of="surety", by=made.office, at=DRAFTED)
    now = made.fresh().version
    assert said(prepare_agreement, made.row, seen=now, by=made.office, at=PREPARED) == [
        "Manca il titolo o il testo di questi articoli: 11. Scrivili o toglili."
    ]
    shown, base = unit(made.row, "n3")
    save_text(made.row, {"n3": {**shown, "n3-text": "Nessuna."}}, base, by=made.office, at=DRAFTED)
    assert said(prepare_agreement, made.row, seen=now + 1, by=made.office, at=PREPARED) == []
    assert (made.fresh().state, made.row.text) == ("ready", None)


def test_a_prepared_text_changes_only_when_it_is_opened_again():
    made = prepared()
    assert said(save_text, made.row, {}, {}, change="add", by=made.office, at=UPLOADED) == [
        "Adesso non si può fare: lo stato è «Da firmare»."
    ]
    sign_part(made.row, [made.body], signed_file(made, CARLA), by=made.road.applicant, at=UPLOADED)
    assert said(reopen_agreement, made.row, reason="", by=made.office, at=UPLOADED) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    first, kept = made.row.text, made.body.signed
    reopen_agreement(made.fresh(), reason="Manca un articolo.", by=made.office, at=UPLOADED)
    assert (made.fresh().state, made.row.text, made.body.signed) == ("draft", None, None)
    assert made.row.steps.get(act="reopen").facts == {"text": str(first.pk), "signed": [str(kept.pk)]}
    prepare_agreement(made.row, seen=made.row.version, by=made.office, at=UPLOADED)
    pay_all(UPLOADED)
    assert made.fresh().text not in (None, first)


# --- the signatures ---------------------------------------------------------------------------------------------------


def states(made):
    return [sign.state for sign in signatures_of(made.row)]


def test_each_party_brings_its_file_and_the_last_one_makes_it_signed():
    made = prepared()
    sign_part(made.row, [made.body], signed_file(made, CARLA), by=made.road.applicant, at=UPLOADED)
    assert states(made) == [Signed.MISSING, Signed.WAITING]
    pay_all(UPLOADED)
    assert states(made) == [Signed.MISSING, Signed.DONE]
    facts = {"number": "77/2022", "signed_on": date(2022, 4, 11), "starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    assert said(sign_agreement, made.row, **facts, by=made.office, at=roads.SIGNED) == [
        "Manca la firma di: Comune di Milano. Aspetta i file, oppure scrivi perché registri un file firmato altrove."
    ]
    sign_part(made.row, [made.administration], signed_file(made, MAYOR), by=made.office, at=UPLOADED)
    pay_all(UPLOADED)
    assert states(made) == [Signed.DONE, Signed.DONE]
    sign_agreement(made.row, **facts, by=made.office, at=roads.SIGNED)
    assert (made.fresh().state, made.row.document) == ("signed", made.administration.signed)
    assert Partnership.objects.get().organisation == made.road.application.organisation
    assert Space.objects.get().state == "planned"


def test_one_file_with_all_signatures_serves_for_all():
    made = prepared()
    sign_part(made.row, [made.administration, made.body], signed_file(made, CARLA, MAYOR), by=made.office, at=UPLOADED)
    pay_all(UPLOADED)
    assert states(made) == [Signed.DONE, Signed.DONE]


def test_what_a_file_leaves_in_doubt_the_office_decides():
    made = prepared()
    strange = signed_file(made, STRANGER)
    sign_part(made.row, [made.body], strange, by=made.road.applicant, at=UPLOADED)
    first = {"file": str(made.body.signed_id), "by": made.office, "at": UPLOADED}
    assert said(accept_copy, made.row, made.body, reason="Procura agli atti.", **first) == [
        "Su questo file non c'è niente da decidere."
    ]
    pay_all(UPLOADED)
    sign = signatures_of(made.row)[1]
    assert (sign.state, sign.doubts) == (
        Signed.DOUBTFUL,
        ("Doveva firmare Carla Referente. Nel file c'è la firma di: Mario Rossi.",),
    )
    assert said(accept_copy, made.row, made.body, reason=" ", **first) == ["Scrivi il motivo: resta nella storia dell'atto."]
    accept_copy(made.row, made.body, reason="Procura agli atti.", **first)
    assert states(made) == [Signed.MISSING, Signed.ACCEPTED]
    sign_part(made.row, [made.body], signed_file(made, CARLA), by=made.office, at=UPLOADED)
    pay_all(UPLOADED)
    assert states(made) == [Signed.MISSING, Signed.DONE]


def test_the_office_accepts_the_file_that_it_read_and_no_later_one():
    made = prepared()
    sign_part(made.row, [made.body], signed_file(made, STRANGER), by=made.road.applicant, at=UPLOADED)
    pay_all(UPLOADED)
    read = {"file": str(made.body.signed_id), "reason": "Procura agli atti.", "by": made.office, "at": UPLOADED}
    another = SimpleUploadedFile("a.pdf", small_pdf("Un altro testo"))
    sign_part(made.row, [made.body], another, by=made.road.applicant, at=UPLOADED)
    pay_all(UPLOADED)
    assert said(accept_copy, made.row, made.body, **read) == [
        "Nel frattempo è arrivato un altro file: aprilo e leggi che cosa c'è dentro, poi decidi."
    ]
    assert states(made) == [Signed.MISSING, Signed.DOUBTFUL]


def test_a_reason_alone_registers_no_file_that_not_all_have_signed():
    made = prepared()
    sign_part(made.row, [made.body], signed_file(made, CARLA), by=made.road.applicant, at=UPLOADED)
    pay_all(UPLOADED)
    facts = {"number": "77/2022", "signed_on": date(2022, 4, 11), "starts_on": date(2022, 5, 1), "ends_on": date(2024, 4, 30)}
    assert said(sign_agreement, made.row, **facts, reason="Su carta.", by=made.office, at=roads.SIGNED) == [
        "Manca la firma di: Comune di Milano. Hai scritto un motivo: carica anche il file firmato altrove."
    ]


def test_another_file_takes_the_place_of_what_all_have_signed_only_with_a_reason():
    made = signed_by_all()
    assert said(roads.sign, made.row, by=made.office) == [
        "Tutti hanno firmato qui: lascia vuoto il file, oppure scrivi perché ne registri un altro."
    ]
    roads.sign(made.fresh(), by=made.office, reason="Rifirmata su carta.")
    assert (made.fresh().document.name, made.row.steps.get(act="sign").reason) == ("convenzione.pdf", "Rifirmata su carta.")


def test_a_body_signs_for_itself_alone():
    made = prepared()
    stranger = person()
    body(by=stranger)
    refused = ["Lo può fare solo l'ufficio o chi lavora per l'ente che firma."]
    file = signed_file(made, CARLA)
    assert said(sign_part, made.row, [made.body], file, by=stranger, at=UPLOADED) == refused
    both = [made.body, made.administration]
    assert said(sign_part, made.row, both, file, by=made.road.applicant, at=UPLOADED) == refused
    assert said(sign_part, made.row, [made.body], file, by=made.road.applicant, at=UPLOADED) == []


def test_nobody_signs_a_paper_that_is_not_there_yet():
    made = written()
    prepare_agreement(made.row, seen=made.row.version, by=made.office, at=PREPARED)
    upload = SimpleUploadedFile("a.pdf", small_pdf("Convenzione"))
    assert said(sign_part, made.row, [made.body], upload, by=made.road.applicant, at=PREPARED) == [
        "Il PDF della convenzione non è ancora pronto: torna tra un minuto."
    ]


def test_a_file_signed_elsewhere_is_registered_with_the_reason():
    made = prepared()
    assert said(roads.sign, made.row, by=made.office) == [
        f"Manca la firma di: Comune di Milano, {made.body.organisation}. Aspetta i file, oppure scrivi perché registri un file "
        "firmato altrove."
    ]
    roads.sign(made.fresh(), by=made.office, reason="Firmata su carta.")
    assert (made.fresh().state, made.row.steps.get(act="sign").reason) == ("signed", "Firmata su carta.")


def test_the_signature_makes_the_calendar_of_the_reports():
    made = registered()
    rows = list(made.row.reporting_terms.values_list("number", "kind", "first_day", "last_day", "due_on"))
    assert (len(rows), rows[0], rows[-1]) == (
        9,
        (1, "quarterly", date(2022, 5, 1), date(2022, 7, 31), date(2022, 8, 30)),
        (9, "final", date(2022, 5, 1), date(2024, 4, 30), date(2024, 5, 30)),
    )
