from datetime import date

import pytest

from network.actions import (
    add_guarantee,
    approve_report,
    change_terms,
    close_space,
    drop_guarantee,
    end_agreement,
    judge_publication,
    pay_agreement,
    publish_agreement,
    suspend_space,
    take_effect,
)
from network.models import Agreement, Guarantee, Report, ReportingTerm, Space
from network.rules.agreements import paid_cents
from network.rules.spaces import places_of
from tests import road as roads
from tests.builders_agreement import (
    DISCLOSURE,
    IN_FORCE,
    effective,
    registered,
)
from tests.builders_report import AFTER, sent
from tests.history import history
from tests.network.test_actions_agreements import said

pytestmark = pytest.mark.django_db


def test_the_office_moves_a_term_before_the_first_report_is_sent():
    made = registered()
    act = {"by": made.office, "at": roads.SIGNED}
    assert said(change_terms, made.row, {1: date(2022, 7, 31)}, reason="Agosto.", **act) == [
        "Il termine è prima della fine del periodo, per i rendiconti: 1."
    ]
    assert said(change_terms, made.row, {1: date(2022, 9, 15)}, reason="", **act) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    change_terms(made.row, {1: date(2022, 9, 15)}, reason="Agosto.", **act)
    term = ReportingTerm.objects.get(agreement=made.row, number=1)
    assert term.due_on == date(2022, 9, 15)
    Report.objects.create(space=Space.objects.get(), term=term, state="sent")
    assert said(change_terms, made.row, {2: date(2022, 12, 15)}, reason="Agosto.", **act) == [
        "Un rendiconto è già stato inviato: i termini non cambiano più."
    ]


def test_a_guarantee_is_registered_and_taken_away_with_a_reason():
    made = registered()
    act = {"by": made.office, "at": roads.SIGNED}
    facts = {"kind": "liability", "issuer": "Assicura", "number": "12", "amount_cents": 300_000_000}
    guarantee = add_guarantee(made.row, **facts, valid_until=date(2023, 1, 1), **act)
    assert Guarantee.objects.get() == guarantee
    assert said(drop_guarantee, guarantee, reason="", **act) == ["Scrivi il motivo: resta nella storia dell'atto."]
    drop_guarantee(guarantee, reason="Scritta due volte.", **act)
    assert (Guarantee.objects.count(), history(made.row)[-2:]) == (0, ["guarantee", "drop_guarantee"])


# --- effect, payments, end --------------------------------------------------------------------------------------------

PUBLISHED = {"publication": "https://esempio.it/77", "disclosure": DISCLOSURE}


@pytest.mark.parametrize(
    ("published_on", "reasons"),
    [
        (date(2022, 4, 10), ["La convenzione è stata firmata il 11 aprile 2022: la pubblicazione non può essere prima."]),
        (date(2022, 4, 11), []),
        (date(2022, 5, 11), []),
        (date(2022, 5, 12), ["La data della pubblicazione è nel futuro: registrala dopo che è avvenuta."]),
    ],
)
def test_an_agreement_has_effect_since_it_is_published(published_on, reasons):
    made = registered()
    found = said(publish_agreement, made.row, published_on=published_on, **PUBLISHED, by=made.office, at=IN_FORCE)
    assert found == reasons
    made.fresh()
    assert (made.row.state, made.row.published_on) == (("signed", None) if reasons else ("effective", published_on))
    if not reasons:
        owner = made.road.application.organisation
        assert made.row.disclosure == {
            "beneficiary": owner.name,
            "tax_code": owner.tax_code,
            "amount_cents": 3_000_000,
            **DISCLOSURE,
        }


def test_where_the_publication_is_not_needed_an_act_says_that_it_has_effect():
    made = registered()
    act = {"by": made.office, "at": IN_FORCE}
    assert said(take_effect, made.row, **act) == [
        "Questa convenzione ha effetto solo dopo la pubblicazione (art. 26 del D.Lgs. 33/2013): registrala."
    ]
    assert said(judge_publication, made.row, needs=False, reason="", **act) == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]
    judge_publication(made.row, needs=False, reason="Il contributo passa da un altro atto.", **act)
    assert said(take_effect, made.row, by=made.office, at=roads.SIGNED) == [
        "La convenzione decorre dal 1 maggio 2022: prima non ha effetto."
    ]
    pay = {"amount_cents": 100, "reference": "1", **act}
    assert said(pay_agreement, made.row, paid_on=date(2022, 5, 1), **pay) == [
        "Nulla si può pagare prima che la convenzione abbia effetto: prima registra che è efficace."
    ]
    take_effect(made.row, **act)
    assert said(pay_agreement, made.row, paid_on=date(2022, 4, 30), **pay) == [
        "La data del pagamento è prima della decorrenza (1 maggio 2022): prima non si può pagare."
    ]
    assert said(pay_agreement, made.row, paid_on=date(2022, 5, 1), **pay) == []


def test_nothing_is_paid_before_the_publication():
    made = registered()
    pay = {"amount_cents": 100, "paid_on": date(2022, 4, 20), "reference": "1", "by": made.office, "at": IN_FORCE}
    refused = ["Nulla si può pagare prima della pubblicazione: art. 26 del D.Lgs. 33/2013. Prima registra la pubblicazione."]
    assert said(pay_agreement, made.row, **pay) == refused
    end_agreement(made.row, reason="Rinuncia.", by=made.office, at=IN_FORCE)
    assert said(pay_agreement, made.row, **pay) == refused


@pytest.mark.parametrize(
    ("cents", "paid_on", "note", "reasons"),
    [
        (2_000_000, date(2022, 4, 20), "", []),
        (2_000_000, date(2022, 5, 11), "", []),
        (
            2_000_000,
            date(2022, 4, 19),
            "",
            ["La data del pagamento è prima della pubblicazione (20 aprile 2022): prima non si può pagare."],
        ),
        (2_000_000, date(2022, 5, 12), "", ["La data del pagamento è nel futuro: registralo dopo che è avvenuto."]),
        (
            2_000_001,
            date(2022, 5, 1),
            "",
            [
                "Il contributo è di 30.000,00\u00a0€ e ne hai già registrati 10.000,00\u00a0€: puoi pagare al massimo "
                "20.000,00\u00a0€."
            ],
        ),
        (-1_000_000, date(2022, 5, 1), "Pagato due volte.", []),
        (-1_000_000, date(2022, 5, 1), " ", ["Scrivi nella nota che cosa correggi e perché."]),
        (
            -1_000_001,
            date(2022, 5, 1),
            "Pagato due volte.",
            ["Hai registrato pagamenti per 10.000,00\u00a0€: la correzione non può togliere di più."],
        ),
    ],
)
def test_payments_stay_within_the_amount(cents, paid_on, note, reasons):
    made = effective()
    act = {"by": made.office, "at": IN_FORCE}
    pay_agreement(made.row, amount_cents=1_000_000, paid_on=date(2022, 4, 20), reference="Mandato 1", **act)
    found = said(pay_agreement, made.row, amount_cents=cents, paid_on=paid_on, reference="2", note=note, **act)
    assert found == reasons
    amounts = list(made.row.payments.order_by("pk").values_list("amount_cents", flat=True))
    assert amounts == ([1_000_000] if reasons else [1_000_000, cents])


def test_the_same_payment_is_registered_again_only_with_a_note_that_says_why():
    made = effective()
    paid = {"amount_cents": 500_000, "paid_on": date(2022, 4, 20), "by": made.office, "at": IN_FORCE}
    again = ["È già registrato: stesso mandato, stesso giorno, stesso importo. Se è un altro, scrivi nella nota perché."]
    pay_agreement(made.row, reference="Mandato 1", **paid)
    assert said(pay_agreement, made.row, reference=" mandato 1 ", **paid) == again
    for other in ({"amount_cents": 499_999}, {"paid_on": date(2022, 4, 21)}, {"reference": "Mandato 2", "amount_cents": 1}):
        assert said(pay_agreement, made.row, **{"reference": "Mandato 1", **paid, **other}) == []
    why = {"reference": "Mandato 1", "note": "Due bonifici con lo stesso mandato.", **paid}
    assert said(pay_agreement, made.row, **why) == []
    assert said(pay_agreement, made.row, **{**why, "note": "Due bonifici con lo stesso mandato. "}) == again
    assert made.row.payments.count() == 5


def test_an_agreement_ends_with_a_reason_and_what_is_owed_is_still_paid():
    made = effective()
    act = {"by": made.office, "at": IN_FORCE}
    assert said(end_agreement, made.row, reason="", **act) == ["Scrivi il motivo: resta nella storia dell'atto."]
    end_agreement(made.row, reason="Recesso consensuale.", **act)
    assert (made.fresh().state, made.road.fresh().state) == ("ended", "agreed")
    assert said(pay_agreement, made.row, amount_cents=100, paid_on=date(2022, 5, 1), reference="9", **act) == []


def test_no_agreement_ends_while_a_door_under_it_is_not_closed():
    road = roads.opened()
    act = {"by": road.office, "at": IN_FORCE}
    refused = [f"Prima chiudi questi Spazi, ognuno con il motivo che leggono i cittadini: «{road.space.name}»."]
    assert said(end_agreement, road.agreement, reason="Recesso.", **act) == refused
    suspend_space(road.space, reason="Lavori.", **act)
    assert said(end_agreement, road.agreement, reason="Recesso.", **act) == refused
    close_space(road.space, reason="L'ente ha lasciato il servizio.", **act)
    assert said(end_agreement, road.agreement, reason="Recesso.", **act) == []
    assert Agreement.objects.get().state == "ended"


def test_after_the_end_the_last_report_is_sent_and_approved_and_what_is_owed_is_paid():
    road = roads.opened()
    act = {"by": road.office, "at": AFTER}
    close_space(road.space, reason="Scaduta.", **act)
    end_agreement(road.agreement, reason="Scadenza.", **act)
    report = sent(road)
    approve_report(report, seen=report.version, **act)
    pay_agreement(road.agreement, amount_cents=3_000_000, paid_on=date(2022, 8, 1), reference="Saldo", **act)
    assert (Report.objects.get().state, paid_cents(Agreement.objects.get())) == ("approved", 3_000_000)


def test_a_spazio_that_never_opened_leaves_its_place_when_its_agreement_ends():
    road = roads.agreed()
    before = places_of(road.call, "area-1").taken
    end_agreement(road.agreement, reason="Rinuncia.", by=road.office, at=IN_FORCE)
    assert (before, places_of(road.call, "area-1").taken) == (1, 0)


def test_the_whole_life_is_in_the_record():
    made = effective()
    assert history(made.row) == ["edit", "change_parties", "prepare", "sign_part", "sign_part", "sign", "publish"]
