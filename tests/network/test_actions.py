from datetime import date, timedelta

import pytest

from applications.models import Application
from network.actions import close_space, describe_space, draft_agreement, open_space
from network.models import Agreement, Partnership, Space
from network.states import AgreementState
from tests import road as roads
from tests.builders import person
from tests.history import history
from workflow.transition import Refused

pytestmark = pytest.mark.django_db


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


def test_an_open_space_is_found_and_ends_the_road():
    road = roads.opened()
    assert list(history(road.application)) == roads.ACTS
    assert road.fresh().state == "open"
    assert list(Space.objects.public()) == [road.space]


def test_nobody_is_sent_to_a_place_that_cannot_be_found():
    road = roads.agreed()
    Space.objects.filter(pk=road.space.pk).update(address="", municipio=None)
    with pytest.raises(Refused) as refusal:
        open_space(road.space, on=date(2022, 5, 2), by=road.office, at=roads.OPENED)
    assert refusal.value.reasons == ["Prima di aprire scrivi: l'indirizzo, il Municipio, gli orari, un telefono o una e-mail."]
    assert road.fresh().state == "agreed"
    assert Space.objects.public().count() == 0


def test_a_space_without_agreement_does_not_open():
    space = Space.objects.create(slug="senza", name="Senza", address="via A 1", municipio=1, phone="02")
    roads.complete(space)
    with pytest.raises(Refused) as refusal:
        open_space(space, on=date(2022, 5, 2), by=person(is_official=True), at=roads.OPENED)
    assert refusal.value.reasons == ["Prima serve la convenzione firmata con chi gestisce lo Spazio."]


def test_a_space_closes_with_a_reason_and_opens_again_with_its_first_date():
    road = roads.opened()
    with pytest.raises(Refused) as refusal:
        close_space(road.space, reason=" ", by=road.office, at=roads.OPENED)
    assert refusal.value.reasons == ["Scrivi il motivo: resta nella storia dell'atto."]
    road.space.refresh_from_db()
    close_space(road.space, reason="Lavori", by=road.office, at=roads.OPENED + timedelta(days=30))
    assert Space.objects.public().count() == 0
    open_space(road.space, on=date(2022, 8, 30), by=road.office, at=roads.OPENED + timedelta(days=120))
    road.space.refresh_from_db()
    assert road.space.opened_on == date(2022, 5, 2)
    assert list(history(road.space)) == ["open", "close", "open"]
    assert list(history(Application.objects.get())) == roads.ACTS


def test_writing_about_a_space_does_not_undo_what_happened_to_it_meanwhile():
    road = roads.opened()
    shown = Space.objects.get(pk=road.space.pk)
    close_space(road.space, by=road.office, at=roads.SIGNED + timedelta(days=30), reason="Lavori.")
    describe_space(shown, by=road.office, at=roads.SIGNED + timedelta(days=30), name="Spazio nuovo", phone="02 999")
    stored = Space.objects.get()
    assert (stored.name, stored.phone, stored.state, stored.opened_on) == ("Spazio nuovo", "02 999", "closed", shown.opened_on)
    assert list(history(stored)) == ["open", "close"]


@pytest.mark.parametrize(
    ("details", "reason"),
    [
        ({"address": ""}, "Lo Spazio è aperto e i cittadini lo cercano. Scrivi: l'indirizzo."),
        ({"hours": [], "municipio": None}, "Lo Spazio è aperto e i cittadini lo cercano. Scrivi: il Municipio, gli orari."),
    ],
)
def test_an_open_space_keeps_what_it_needed_to_open(details, reason):
    road = roads.opened()
    before = Space.objects.values().get()
    with pytest.raises(Refused) as refusal:
        describe_space(road.space, by=road.office, at=roads.SIGNED + timedelta(days=30), **details)
    assert refusal.value.reasons == [reason]
    assert Space.objects.values().get() == before
    close_space(road.space, by=road.office, at=roads.SIGNED + timedelta(days=31), reason="Lavori.")
    describe_space(road.space, by=road.office, at=roads.SIGNED + timedelta(days=31), **details)
    assert Space.objects.values(*details).get() == details


def test_only_the_office_writes_about_a_space():
    road = roads.agreed()
    with pytest.raises(Refused) as refusal:
        describe_space(road.space, by=road.applicant, at=roads.SIGNED, name="Altro")
    assert refusal.value.reasons == ["Lo può fare solo chi lavora nell'ufficio."]
    assert Space.objects.get().name == road.space.name


def test_a_door_is_not_opened_before_its_day():
    road = roads.agreed()
    roads.complete(road.space)
    tomorrow = roads.OPENED.date() + timedelta(days=1)
    with pytest.raises(Refused) as refusal:
        open_space(road.space, on=tomorrow, by=road.office, at=roads.OPENED)
    assert refusal.value.reasons == ["Il giorno dell'apertura è nel futuro: apri lo Spazio quel giorno."]
    assert Space.objects.public().count() == 0
