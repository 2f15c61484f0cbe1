"""One declaration at the desk."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from evaluation.actions import forfeit
from network.actions import (
    confirm_declaration,
)
from network.models import DeclarationCheck
from tests.builders import official, small_pdf
from tests.builders_checks import (
    AT,
    TERM,
    all_checked,
    call_with_declarations,
    chosen,
    one_of,
)
from tests.pages import text
from tests.pages_checks import DESK, ask, pdf

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    return official()


@pytest.fixture
def call():
    return call_with_declarations()


@pytest.fixture
def checked(call):
    row = chosen(call)
    return row, one_of(all_checked(call), row)


def test_an_authority_is_asked_and_its_paper_is_kept(client, checked, office):
    _row, check = checked
    client.force_login(office)
    typed = {"ask-asked_to": "Procura di Milano", "ask-due_day": "10/01/2022", "ask-note": "Prot. 12"}
    assert ask(client, "desk_check", check.pk, ask="1", **typed).status_code == 302
    check.refresh_from_db()
    assert (check.state, check.asked_to, check.due_at) == ("asked", "Procura di Milano", TERM)
    ask(client, "desk_check", check.pk, confirm="1", **{"confirm-note": "Prot. 12", "confirm-file": pdf()})
    check.refresh_from_db()
    assert (check.state, check.answer.name) == ("confirmed", "risposta.pdf")
    assert b"".join(ask(client, "desk_check_file", check.pk)) == small_pdf("Risposta")
    page = ask(client, "desk_check", check.pk).content.decode()
    assert [name for name in ("ask", "confirm", "irregular", "false", "again") if f'name="{name}"' in page] == ["again"]


def test_what_is_typed_wrong_stays_and_nothing_is_done(client, checked, office):
    _row, check = checked
    client.force_login(office)
    answer = ask(client, "desk_check", check.pk, ask="1", **{"ask-asked_to": "", "ask-due_day": "32/1/2022"})
    assert "32/1/2022" in answer.content.decode()
    assert "Scrivi a chi chiedi la conferma" in text(answer)
    late = ask(client, "desk_check", check.pk, ask="1", **{"ask-asked_to": "INPS", "ask-due_day": "9/12/2021"})
    assert (late.status_code, "Il termine è già passato" in text(late)) == (409, True)
    bad = SimpleUploadedFile("virus.exe", b"MZ")
    wrong = ask(client, "desk_check", check.pk, confirm="1", **{"confirm-file": bad})
    assert "non si apre come PDF o P7M o JPG o PNG" in text(wrong)
    assert DeclarationCheck.objects.get(pk=check.pk).state == "to_do"


def test_what_is_not_true_leads_to_the_forfeiture_and_back(client, checked, office):
    row, check = checked
    client.force_login(office)
    ask(client, "desk_check", check.pk, false="1", **{"false-reason": "Non risulta iscritto."})
    page = ask(client, "desk_check", check.pk).content.decode()
    places = reverse("desk_places", args=DESK)
    assert f'href="{places}?domanda={row.number}#leave"' in page
    assert "art. 75 D.P.R. 445/2000" in page
    assert f'href="{reverse("desk_checks", args=DESK)}"' in ask(client, "desk_places", *DESK).content.decode()
    forfeit(row, reason="Dichiarazione non vera.", act_number="9", act_date=AT.date(), by=office, at=AT)
    after = text(ask(client, "desk_check", check.pk))
    assert "La proposta è uscita: decaduta." in after


def test_an_outcome_is_undone_with_a_reason(client, checked, office):
    _row, check = checked
    confirm_declaration(check, by=office, at=AT)
    client.force_login(office)
    assert "Scrivi il motivo" in text(ask(client, "desk_check", check.pk, again="1", **{"again-reason": ""}))
    ask(client, "desk_check", check.pk, again="1", **{"again-reason": "Era un omonimo."})
    assert DeclarationCheck.objects.get(pk=check.pk).state == "to_do"
