from datetime import date, timedelta

import pytest

from applications.models import Application
from network.actions import draft_agreement
from network.models import Agreement, Partnership, Space
from network.states import AgreementState
from tests import road as roads
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
