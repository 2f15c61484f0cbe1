"""The pages of the office: the commission, its progress, and the publication in three steps."""

from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.urls import reverse

from applications.states import ApplicationState
from evaluation.actions import compute_ranking, declare
from evaluation.models import Commission, Mark, Placement, Ranking
from evaluation.states import RankingState
from tests.builders import official, person
from tests.builders_evaluation import (
    DEADLINE,
    MARKED_AT,
    RANKED_AT,
    admitted,
    commission,
    computed,
    mark,
    mark_all,
    marking,
    same,
    small_call,
)
from tests.history import history

pytestmark = pytest.mark.django_db


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return small_call()


@pytest.fixture
def office(client):
    user = official()
    client.force_login(user)
    return client


def addresses(call):
    return {
        "desk_commission": reverse("desk_commission", args=[call.slug]),
        "desk_evaluation": reverse("desk_evaluation", args=[call.slug]),
        "desk_ranking": reverse("desk_ranking", args=[call.slug, "area-1"]),
    }


def test_the_pages_are_of_the_office_alone(call, client):
    made = commission(call)
    for address in addresses(call).values():
        assert client.get(address).headers["Location"].startswith(reverse("account_login"))
    for stranger in (person(), marking(made)[0].user):
        client.force_login(stranger)
        assert [client.get(address).status_code for address in addresses(call).values()] == [404, 404, 404]
        assert client.post(addresses(call)["desk_ranking"], {"compute": "1"}).status_code == 404


def test_an_area_that_the_call_does_not_have_is_not_found(call, office):
    assert office.get(reverse("desk_ranking", args=[call.slug, "area-9"])).status_code == 404
    assert office.post(reverse("desk_evaluation", args=[call.slug]), {"area": "area-9"}).status_code == 404


# Appointment


def appointment(*people, roles=("chair", "member", "member")):
    data = {"act_number": "120/2021", "act_date": "20/10/2021"}
    for row, (user, role) in enumerate(zip(people, roles, strict=True)):
        data |= {f"email_{row}": user if isinstance(user, str) else user.email, f"role_{row}": role}
    return data


def test_before_the_deadline_the_page_says_from_when(call, office):
    address = reverse("desk_commission", args=[call.slug])
    people = [person() for _ in range(3)]
    act = appointment(*people) | {"act_date": "18/10/2021"}
    with time_machine.travel(DEADLINE, tick=False):
        page = text(office.get(address))
        assert "dopo lunedì 18 ottobre 2021, ore 12:00:00" in page
        assert "Nomina la commissione" not in page
        response = office.post(address, act)
        assert (response.status_code, Commission.objects.count()) == (409, 0)
        assert "L'avviso non è ancora scaduto: si può fare dopo la scadenza." in text(response)
    with time_machine.travel(DEADLINE + timedelta(microseconds=1), tick=False):
        assert office.post(address, act).headers["Location"] == address
    assert [member.user for member in Commission.objects.get().members.all()] == people


def test_before_the_deadline_no_answer_tells_who_has_applied(call, office):
    address = reverse("desk_commission", args=[call.slug])
    applicant = admitted(call, state=ApplicationState.SUBMITTED).created_by
    with time_machine.travel(DEADLINE, tick=False):
        pages = [office.post(address, appointment(who, person(), person())) for who in (applicant, person())]
    assert [page.status_code for page in pages] == [409, 409]
    assert [page.context["warnings"] for page in pages] == [[], []]


def test_an_unknown_person_is_named_and_nothing_is_lost(call, office):
    address = reverse("desk_commission", args=[call.slug])
    page = text(office.post(address, appointment(person(email="anna@esempio.it"), "nessuno@esempio.it", person())))
    assert "Nessuna persona registrata usa nessuno@esempio.it. Chiedile di registrarsi, poi torna qui." in page
    assert 'value="anna@esempio.it"' in page
    assert 'value="120/2021"' in page
    assert not Commission.objects.exists()


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"act_number": ""}, "Scrivi il numero dell'atto."),
        ({"act_date": ""}, "Scrivi la data dell'atto."),
        ({"act_date": "ieri"}, "Scrivi il giorno con i numeri, per esempio 18/10/2021."),
        ({"act_date": "17/10/2021"}, "L'atto di nomina ha una data prima della scadenza dell'avviso."),
        ({"email_2": ""}, "Chi dà i punteggi: l'avviso chiede da 3 a 5 persone, qui sono 2."),
        ({"email_0": "", "email_1": "", "email_2": ""}, "Scrivi le e-mail di chi fa parte della commissione."),
        ({"email_0": "anna"}, "Scrivi un indirizzo e-mail, per esempio nome@esempio.it."),
    ],
)
def test_wrong_input_gets_a_clear_sentence(call, office, change, sentence):
    address = reverse("desk_commission", args=[call.slug])
    page = text(office.post(address, appointment(person(), person(), person()) | change))
    assert sentence in page
    assert not Commission.objects.exists()


def test_warnings_are_read_and_confirmed_before_the_appointment(call, office):
    address = reverse("desk_commission", args=[call.slug])
    data = appointment(person(name="Rita Responsabile"), person(), person())
    response = office.post(address, data)
    page = text(response)
    assert "Rita Responsabile è responsabile del procedimento. Spiega nell'atto perché è nella commissione." in page
    assert "Scrivi perché la nomini lo stesso, oppure scegli un'altra persona." in page
    assert not Commission.objects.exists()
    [(_warning, decision)] = response.context["form"].weighed
    office.post(address, data | {decision.name: "È la sola esperta del tema."})
    page = text(office.get(address))
    assert "È la sola esperta del tema." in page
    assert "n. 120/2021 del 20" in page


# Progress


def test_the_office_sees_how_much_is_missing_and_no_marks_before_the_closing(call, office):
    proposal = admitted(call)
    made = commission(call)
    chair, plain, _last = marking(made)
    mark(chair, proposal, ["buono"] * 3)
    mark(plain, proposal, ["ottimo"] * 3, finish=False)
    pages = [text(office.get(address)) for address in addresses(call).values()]
    assert "1 su 1" in pages[1]
    cells = '<td class="number" data-label="Dichiarazioni da fare">'
    assert [part[0] for part in pages[1].split(cells)[1:]] == ["0", "0", "1"]
    assert "Manca la dichiarazione sui conflitti di" in pages[1]
    assert "Chiudi la valutazione<" not in pages[1]
    assert not [page for page in pages if "Motivo di a1" in page or "ottimo" in page]
    assert office.get(reverse("sheet", args=[chair.sheets.get().pk])).status_code == 404


def test_the_office_reads_the_conflicts_that_stand_with_their_explanations(call, office):
    one, other = admitted(call, name="Coop Alfa"), admitted(call, name="Coop Beta")
    chair, plain, _last = marking(commission(call))
    declare(chair, one, in_conflict=True, note="Ne sono socia.", at=MARKED_AT)
    declare(plain, one, in_conflict=True, note="Ci lavora mio fratello.", at=MARKED_AT)
    declare(plain, one, in_conflict=False, note="Ho sbagliato riga.", at=MARKED_AT)
    declare(chair, other, in_conflict=False, at=MARKED_AT)
    page = text(office.get(reverse("desk_evaluation", args=[call.slug])))
    assert f"{chair.user}, Coop Alfa: Ne sono socia." in page
    assert "Ci lavora mio fratello." not in page
    assert "Coop Beta" not in page


def test_an_area_is_closed_from_the_page_or_says_why_not(call, office):
    proposal = admitted(call)
    made = commission(call)
    address = reverse("desk_evaluation", args=[call.slug])
    response = office.post(address, {"area": "area-1"})
    assert (response.status_code, "Manca la dichiarazione sui conflitti di" in text(response)) == (409, True)
    mark_all(made, {proposal: same(["buono"] * 3)})
    assert "Chiudi la valutazione<" in text(office.get(address))
    assert office.post(address, {"area": "area-1"}).headers["Location"] == address
    assert list(history(proposal)) == ["evaluate"]
    assert "La valutazione è chiusa." in text(office.get(address))


def test_an_area_without_proposals_is_explained(call, office):
    admitted(call, "area-1")
    admitted(call, "area-2", state=ApplicationState.NOT_ADMITTED)
    commission(call)
    page = text(office.get(reverse("desk_evaluation", args=[call.slug])))
    assert page.count("In quest'area non ci sono proposte ammesse: non c'è niente da valutare e non c'è graduatoria.") == 1


# Ranking


@pytest.fixture
def tied(call):
    """Two places: the first proposal is best, the second and third are equal, the fourth is below the threshold."""
    proposals = [admitted(call, name=f"Ente {letter}", title=f"Progetto {letter}") for letter in "ABCD"]
    levels = [["ottimo"] * 3, ["buono"] * 3, ["buono"] * 3, ["scarso"] * 3]
    mark_all(commission(call), {proposal: same(given) for proposal, given in zip(proposals, levels, strict=True)})
    return proposals


def test_nothing_can_be_computed_before_the_closing(call, tied, office):
    address = addresses(call)["desk_ranking"]
    page = text(office.get(address))
    assert "La valutazione di quest'area è ancora aperta." in page
    assert "Calcola la graduatoria" not in page
    response = office.post(address, {"compute": "1"})
    assert (response.status_code, Ranking.objects.count()) == (409, 0)
    assert "Prima chiudi la valutazione di quest'area" in text(response)


def test_the_check_list_says_in_words_what_an_official_must_weigh(call, tied, office):
    computed(call)
    page = text(office.get(addresses(call)["desk_ranking"]))
    for sentence in (
        "Ricalcolata da capo dal solo file, dà gli stessi numeri.",
        "C'è una parità sull'ultimo posto: pubblichi la parità, e nessuna di quelle proposte è selezionata.",
        f"Parità sull'ultimo posto con {tied[2].number}: nessuna è selezionata finché non decide il sorteggio o un atto.",
        "Totale 20,00, la soglia è 50.",
        "Nei testi da pubblicare non ci sono e-mail, telefoni, IBAN, codici fiscali, né nomi di persone che agiscono per gli enti.",
        "I componenti sono vicini tra loro su tutte le proposte",
    ):
        assert sentence in page
    assert page.count("<svg width") == 4  # the strip, and a sign for each of three members


def test_the_preview_opens_the_derivation_of_every_number(call, tied, office):
    computed(call)
    address = f"{addresses(call)['desk_ranking']}?passo=preview"
    page = text(office.get(address))
    assert f'href="?passo=preview&domanda={tied[1].number}#c-b1"' in page
    page = text(office.get(f"{address}&domanda={tied[1].number}"))
    assert 'id="c-b1"' in page
    assert "Media: 2,4 : 3 = 4/5." in page
    assert "0,8 (buono)" in page


def test_a_ranking_is_published_in_three_steps_and_each_proposal_takes_its_outcome(call, tied, office):
    ranking = computed(call)
    address = addresses(call)["desk_ranking"]
    page = text(office.get(f"{address}?passo=confirm"))
    assert f'value="{ranking.sha256}"' in page
    data = {"act_number": "200/2021", "act_date": "01/12/2021", "seen": ranking.sha256}
    assert office.post(address, data).headers["Location"] == address
    ranking.refresh_from_db()
    assert (ranking.state, Placement.objects.count()) == (RankingState.PUBLISHED, 4)
    assert [list(history(proposal))[-1] for proposal in tied] == ["select", "rank", "rank", "fall_below"]
    page = text(office.get(address))
    assert "È pubblicata la graduatoria definitiva, versione n. 1, con atto n. 200/2021 del 1 dicembre 2021." in page
    assert "Correggi la graduatoria" in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"act_number": ""}, "Scrivi il numero dell'atto."),
        ({"act_date": "32/13/2021"}, "Il giorno 32/13/2021 non c'è nel calendario: controllalo."),
        ({"act_date": "01/12/2999"}, "La data dell'atto è nel futuro. Torna qui quando l'atto è firmato."),
        (
            {"act_date": "17/10/2021"},
            "La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno.",
        ),
        (
            {"act_date": "01/12/0021"},
            "La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno.",
        ),
    ],
)
def test_a_wrong_act_publishes_nothing(call, tied, office, change, sentence):
    ranking = computed(call)
    data = {"act_number": "200/2021", "act_date": "01/12/2021", "seen": ranking.sha256} | change
    page = text(office.post(addresses(call)["desk_ranking"], data))
    assert sentence in page
    assert Ranking.objects.get().state == RankingState.COMPUTED


def test_what_was_computed_again_after_the_preview_is_not_published(call, tied, office):
    seen = computed(call).sha256
    Mark.objects.filter(criterion="a1", sheet__member__order=1).update(units=0)
    compute_ranking(call, "area-1", by=official(), at=RANKED_AT)
    response = office.post(addresses(call)["desk_ranking"], {"act_number": "200/2021", "act_date": "01/12/2021", "seen": seen})
    assert response.status_code == 409
    assert "La graduatoria è stata calcolata di nuovo dopo la tua anteprima." in text(response)


def test_nothing_is_published_without_its_preview(call, tied, office):
    computed(call)
    response = office.post(addresses(call)["desk_ranking"], {"act_number": "200/2021", "act_date": "01/12/2021"})
    assert response.status_code == 409
    assert Ranking.objects.get().state == RankingState.COMPUTED


@pytest.mark.parametrize("proposals", [1, 3])
def test_pages_cost_the_same_queries_whatever_the_proposals(call, proposals, office, django_assert_num_queries):
    mark_all(commission(call), {admitted(call): same(["buono"] * 3) for _ in range(proposals)})
    pages = addresses(call)
    with django_assert_num_queries(5):
        office.get(pages["desk_commission"])
    with django_assert_num_queries(12):
        office.get(pages["desk_evaluation"])
    computed(call)
    with django_assert_num_queries(18):
        office.get(pages["desk_ranking"])
