import pytest

from bando.templatetags.bando_ui import form_errors
from network.models import Guarantee
from tests import road as roads
from tests.builders_agreement import (
    DISCLOSURE,
    IN_FORCE,
    of_one_body,
    registered,
)
from tests.network.test_views_agreement_desk import page, typed
from tests.pages import text

pytestmark = pytest.mark.django_db


def test_guarantees_that_end_too_early_are_pointed_out(client):
    made = registered()
    facts = {"kind": "liability", "issuer": "Assicura", "number": "12", "amount": "3.000.000", "add": "1"}
    assert page(client, made, "_guarantees", at=IN_FORCE, data={**facts, "valid_until": "2022-05-31"}).status_code == 302
    said = text(page(client, made, "_guarantees", at=IN_FORCE))
    assert "Scade prima della convenzione: chiedi all'ente di rinnovarla." in said
    assert "È scaduta, o scade entro 30 giorni." in said
    page(client, made, "_guarantees", at=IN_FORCE, data={**facts, "valid_until": "2024-04-30", "number": "13"})
    assert "Scade prima della convenzione" not in text(page(client, made, "_guarantees", at=IN_FORCE))
    first = Guarantee.objects.get(number="12")
    page(client, made, "_guarantees", at=IN_FORCE, data={"drop": first.pk, "reason": "Errore."})
    assert list(Guarantee.objects.values_list("number", flat=True)) == ["13"]


@pytest.mark.parametrize(
    ("part", "data", "sentence"),
    [
        (
            "_guarantees",
            {"kind": "liability", "add": "1"},
            "Scrivi fino a quale importo copre la garanzia, per esempio 3.000.000",
        ),
        ("_payments", {"kind": "payment"}, "Scrivi quanto è stato pagato, per esempio 12.500,00."),
    ],
)
def test_an_amount_left_empty_is_asked_for_by_its_meaning(client, part, data, sentence):
    answer = page(client, registered(), part, at=IN_FORCE, data={**data, "amount": ""})
    assert any(error["message"].startswith(sentence) for error in form_errors(answer.context["form"]))
    assert "cose da correggere" in text(answer)


def test_the_terms_of_the_reports_move_with_a_reason(client):
    made = registered()
    data = typed(page(client, made, "_terms", at=roads.SIGNED))
    data = {name: f"{value:%Y-%m-%d}" if hasattr(value, "year") else value for name, value in data.items()}
    data |= {"due-1": "2022-09-15", "reason": "Agosto."}
    assert page(client, made, "_terms", at=roads.SIGNED, data=data).status_code == 302
    assert f"{made.row.reporting_terms.get(number=1).due_on}" == "2022-09-15"


def test_the_office_publishes_pays_and_ends(client):
    made = registered()
    said = text(page(client, made, "_payments", at=IN_FORCE))
    assert "Nulla si può pagare prima della pubblicazione: art. 26" in said
    data = {**DISCLOSURE, "published_on": "2022-04-20", "publication": "Albo 9", "publish": "1"}
    assert page(client, made, "_publication", at=IN_FORCE, data=data).status_code == 302
    pay = {"kind": "payment", "amount": "10.000", "paid_on": "2022-05-02", "reference": "Mandato 4", "note": ""}
    assert page(client, made, "_payments", at=IN_FORCE, data=pay).status_code == 302
    back = pay | {"kind": "correction", "amount": "1.000", "note": "Doppio."}
    assert page(client, made, "_payments", at=IN_FORCE, data=back).status_code == 302
    assert "Pagati 9.000,00" in text(page(client, made, "_payments", at=IN_FORCE))
    answer = page(client, made, "_payments", at=IN_FORCE, data=pay | {"amount": "21.000,01"})
    assert (answer.status_code, made.row.payments.count()) == (409, 2)
    assert page(client, made, at=IN_FORCE, data={"end": "1", "reason": "Recesso."}).status_code == 302
    assert made.fresh().state == "ended"


def test_the_page_tells_what_the_body_gets_by_other_agreements_of_the_year(client):
    first, second = of_one_body(900_00)
    roads.sign(first.row, by=first.office)
    said = "Con altre convenzioni firmate nel 2022 l'ente riceve già 900,00"
    told = [said in text(page(client, made, "_publication", at=IN_FORCE)) for made in (second, first)]
    assert told == [True, False]


def test_where_the_office_decides_so_no_publication_is_needed(client):
    made = registered()
    data = {"needs": "no", "why": "Il contributo è in un altro atto.", "judge": "1"}
    assert page(client, made, "_publication", at=IN_FORCE, data=data).status_code == 302
    assert page(client, made, "_publication", at=IN_FORCE, data={"effect": "1"}).status_code == 302
    assert (made.fresh().state, made.row.needs_publication) == ("effective", False)
