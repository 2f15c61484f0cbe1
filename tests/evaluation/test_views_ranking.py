"""The desk page of a ranking: provisional, corrected, with another title, row by row."""

from datetime import timedelta
from html import unescape

import pytest
from django.urls import reverse

from applications.models import Application
from bando.deadlines import rome
from evaluation.models import Mark, Ranking
from tests.builders import official
from tests.builders_evaluation import (
    RANKED_AT,
    admitted,
    call_in_lots,
    commission,
    computed,
    mark_all,
    published,
    same,
    small_call,
)
from tests.clock import arriving

pytestmark = pytest.mark.django_db

LATER = rome(2021, 12, 12, 9)


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def desk(client):
    client.force_login(official())
    return client


def address(call):
    return reverse("desk_ranking", args=[call.slug, "area-1"])


def filled(**more):
    return {"act_number": "200/2021", "act_date": "01/12/2021", "seen": Ranking.objects.get().sha256, **more}


def three(call):
    made = [admitted(call, name=f"Ente {letter}") for letter in "ABC"]
    levels = [["ottimo"] * 3, ["buono"] * 3, ["sufficiente"] * 3]
    mark_all(commission(call), {one: same(given) for one, given in zip(made, levels, strict=True)})
    return made


def test_provisional_then_changed_then_final(desk):
    call = small_call(more="publication: {observations_days: 10}")
    _best, _good, fair = three(call)
    computed(call)
    confirm = f"{address(call)}?passo=confirm"
    with arriving(RANKED_AT):
        assert "Pubblica la graduatoria provvisoria" in text(desk.get(confirm))
        assert desk.post(confirm, filled()).headers["Location"] == address(call)
        page = text(desk.get(address(call)))
    assert "È pubblicata la graduatoria provvisoria, versione n. 1" in page
    assert "Nessuna proposta cambia rispetto alla versione pubblicata." in page
    Mark.objects.filter(sheet__application=fair).update(units=9_000)
    with arriving(LATER):
        desk.post(address(call), {"compute": "1"})
        page = text(desk.get(address(call)))
        assert "posto 3, Idonea, in lista d'attesa, 50,00 punti" in page
        assert "posto 2, Selezionata, 90,00 punti" in page
        page = text(desk.post(confirm, filled(note=" ")))
        assert "La graduatoria è diversa da quella pubblicata prima: scrivi perché è cambiata." in page
        assert 'value="200/2021"' in page
        desk.post(confirm, filled(note="Un punteggio era sbagliato."))
    ranking = Ranking.objects.get()
    assert (ranking.state, ranking.latest.number, ranking.latest.note) == ("published", 2, "Un punteggio era sbagliato.")


def test_a_correction_is_prepared_with_a_reason_and_published_with_another_act(desk):
    call = small_call()
    _best, good, fair = three(call)
    published(call)
    Mark.objects.filter(sheet__application=fair).update(units=9_000)
    with arriving(LATER):
        assert "Correggi la graduatoria" in text(desk.get(address(call)))
        refused = desk.post(address(call), {"compute": "1", "reason": " "})
        assert (refused.status_code, Ranking.objects.get().versions.count()) == (409, 1)
        desk.post(address(call), {"compute": "1", "reason": "Una riga era sbagliata."})
        assert "Che cosa cambia rispetto alla versione pubblicata" in text(desk.get(address(call)))
    with arriving(LATER + timedelta(hours=1)):
        confirm = f"{address(call)}?passo=confirm"
        assert "Pubblica la correzione" in text(desk.get(confirm))
        desk.post(confirm, filled(note="Una riga era sbagliata."))
        page = text(desk.get(address(call)))
    assert "È pubblicata la graduatoria definitiva, versione n. 2" in page
    assert "Pubblica la correzione" not in page
    assert [Application.objects.get(pk=one.pk).state for one in (good, fair)] == ["waiting", "selected"]


def test_a_title_that_names_a_person_is_shown_and_may_be_published_otherwise(desk):
    call = small_call()
    proposal = admitted(call, title="Scrivi a carla@esempio.it")
    Application.objects.filter(pk=proposal.pk).update(reserve="Il DURC è in arrivo.")
    mark_all(commission(call), {proposal: same(["buono"] * 3)})
    computed(call)
    finding = f"Il titolo della domanda {proposal.number} sembra contenere un indirizzo e-mail: «Scrivi a carla@esempio.it»."
    with arriving(RANKED_AT):
        page = text(desk.get(address(call)))
        assert finding in page
        assert f"La domanda {proposal.number} è ammessa con riserva, e la riserva non è sciolta: Il DURC è in arrivo." in page
        confirm = f"{address(call)}?passo=confirm"
        given = filled(unfilled_reason="Una sola proposta.")
        page = text(desk.post(confirm, given))
        assert "Leggi i testi segnalati. Se vanno bene così, confermalo; se no, correggili." in page
        retitle = {"retitle": "1", "application": proposal.number, "title": "Il doposcuola", "title_reason": ""}
        page = text(desk.post(address(call), retitle))
        assert "Scrivi perché il titolo cambia: resta nella storia della graduatoria." in page
        assert 'value="Il doposcuola"' in page
        assert desk.post(address(call), retitle | {"application": "X", "title_reason": "Perché."}).status_code == 404
        desk.post(address(call), retitle | {"title_reason": "C'era un indirizzo."})
        assert finding not in text(desk.get(address(call)))
        desk.post(confirm, filled(unfilled_reason="Una sola proposta."))
    document = Ranking.objects.get().latest.document
    assert (document["rows"][0]["title"], document["unfilled_reason"]) == ("Il doposcuola", "Una sola proposta.")


def test_what_was_read_and_confirmed_is_published(desk):
    call = small_call()
    mark_all(commission(call), {admitted(call, title="Scrivi a carla@esempio.it"): same(["buono"] * 3)})
    computed(call)
    with arriving(RANKED_AT):
        desk.post(f"{address(call)}?passo=confirm", filled(unfilled_reason="Una sola proposta.", confirmed="on"))
    assert Ranking.objects.get().latest.document["rows"][0]["title"] == "Scrivi a carla@esempio.it"


def test_each_place_to_look_at_says_its_lot(desk):
    call = call_in_lots()
    words = {"titolo": "T", "bisogni": "B", "azioni": "A", "squadra": "S"}
    made = [admitted(call, answers={"proposta": {**words, "zona": zone}}) for zone in ("nord", "sud")]
    mark_all(commission(call), {one: same(["buono"] * 3) for one in made})
    computed(call)
    page = " ".join(text(desk.get(address(call))).split())
    assert [f"{one.number} · {lot}" in page for one, lot in zip(made, ("Nord", "Sud"), strict=True)] == [True, True]
