"""The list of who was admitted: what it says, who may publish it, what everybody reads."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from applications import admissions, checking
from applications.actions.admissions import publish_admissions
from applications.admissions import Outcome, Why, compose
from applications.models import AdmissionList, Application
from applications.states import ApplicationState as S
from bando.deadlines import rome
from bando.models import Call
from bando.states import CallState
from tests.applications.checks import LATER, NOT_MET, RESERVE, judge, taken
from tests.builders import DEADLINE, person
from tests.clock import arriving
from tests.history import history
from tests.pages import office_at, text
from workflow.ledger import canonical, digest
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
TOLD = rome(2021, 11, 8, 10)
ACT = {"act_number": "40/2021", "act_date": date(2021, 11, 5)}


@pytest.fixture
def area():
    """Three applications of area 1, admitted, admitted with a reserve and not admitted, and the official of all."""
    first, by = taken()
    judge(first, by)
    checking.admit(first, by=by, at=LATER)
    second, by = taken(first.call, by=by)
    judge(second, by, but={"in-time": RESERVE})
    checking.admit_with_reserve(second, reason="Manca l'iscrizione.", by=by, at=LATER)
    third, by = taken(first.call, by=by)
    judge(third, by, but={"in-time": NOT_MET})
    checking.not_admit(third, reason="Anna Bianchi non ha firmato.", by=by, at=LATER)
    return [first, second, third], by


def publish(call, by, *, why="requirement", note="", seen=None, at=TOLD, **act):
    reasons = dict.fromkeys(Application.objects.filter(state=S.NOT_ADMITTED).values_list("number", flat=True), why)
    content = compose(Call.objects.with_notice().get(pk=call.pk), "area-1", reasons=reasons, note=note)
    seen = digest(canonical(content)) if seen is None else seen
    return publish_admissions(call, "area-1", reasons=reasons, note=note, seen=seen, by=by, at=at, **{**ACT, **act})


def test_the_list_says_the_outcome_and_nothing_private(area):
    (first, second, third), by = area
    published = publish(first.call, by)
    assert published.document["rows"] == [
        {"application": one.number, "body": one.organisation.name, "members": [], "outcome": outcome, "reason": reason}
        for one, outcome, reason in (
            (first, "admitted", None),
            (second, "admitted_with_reserve", None),
            (third, "not_admitted", {"code": "requirement", "text": "Manca un requisito di partecipazione"}),
        )
    ]
    assert published.document["version"] == {"number": 1, "replaces": None, "note": ""}
    assert published.document["act"] == {"number": "40/2021", "date": "2021-11-05"}
    assert (canonical(published.document), digest(published.content)) == (published.content, published.sha256)
    assert ["Anna" in published.content, "iscrizione" in published.content] == [False, False]
    assert list(history(first.call))[-1] == "publish_admissions"


NO_NUMBER, NO_DAY = "Scrivi il numero dell'atto.", "Scrivi la data dell'atto."
FUTURE = "La data dell'atto è nel futuro. Torna qui quando l'atto è firmato."
EARLY = "La data dell'atto è prima della scadenza dell'avviso. Controlla il giorno, il mese e l'anno."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"act_number": " "}, [NO_NUMBER]),
        ({"act_date": None}, [NO_DAY]),
        ({"act_date": date(2021, 11, 8)}, []),
        ({"act_date": date(2021, 11, 9)}, [FUTURE]),
        ({"act_date": date(2021, 10, 18)}, []),
        ({"act_date": date(2021, 10, 17)}, [EARLY]),
        ({"why": ""}, ["Scegli il motivo da pubblicare per: %s."]),
        ({"why": "Anna Bianchi"}, ["Scegli il motivo da pubblicare per: %s."]),
        ({"seen": "0" * 64}, ["L'elenco è cambiato dopo la tua anteprima. Guardalo ancora e poi conferma."]),
        (
            {"note": "Scrivi ad anna@esempio.it"},
            ["Nella nota c'è qualcosa che somiglia ai dati di una persona: toglilo, la nota è pubblica."],
        ),
    ],
)
def test_the_list_needs_its_act_its_words_and_its_preview(area, changes, expected):
    (first, _second, third), by = area
    reasons = []
    try:
        publish(first.call, by, **changes)
    except Refused as refused:
        reasons = refused.reasons
    assert reasons == [reason.replace("%s", str(third.number)) for reason in expected]
    assert AdmissionList.objects.count() == (0 if expected else 1)


def refused(act) -> list[str]:
    with pytest.raises(Refused) as found:
        act()
    return found.value.reasons


def test_nobody_is_published_before_all_are_judged(area):
    (first, *_others), by = area
    taken(first.call, by=by)
    assert refused(lambda: publish(first.call, by)) == ["Manca l'esito di 1 domanda: concludi prima la sua verifica."]


def test_only_the_office_publishes_after_the_deadline(area):
    (first, *_others), by = area
    assert refused(lambda: publish(first.call, person())) == ["Lo può fare solo chi lavora nell'ufficio."]
    early = refused(lambda: publish(first.call, by, at=DEADLINE))
    assert early[0] == "L'avviso non è ancora scaduto: si può fare dopo la scadenza."


@pytest.mark.parametrize("state", [CallState.PUBLISHED, CallState.RANKED])
def test_a_later_version_says_what_changed_and_the_former_stays(area, state):
    (first, second, _third), by = area
    before = publish(first.call, by)
    Call.objects.update(state=state)
    Application.objects.filter(pk=second.pk).update(reserve="")
    why = "Scrivi che cosa è cambiato rispetto alla versione di prima: chi legge deve saperlo."
    assert refused(lambda: publish(first.call, by)) == [why]
    after = publish(first.call, by, note="Riserva sciolta.", at=TOLD + timedelta(days=1))
    assert (after.number, after.document["version"]["replaces"]) == (2, before.sha256)
    assert [row["outcome"] for row in after.document["rows"]] == ["admitted", "admitted", "not_admitted"]
    assert AdmissionList.objects.get(number=1).content == before.content
    assert Call.objects.get().state == state


@pytest.mark.parametrize(
    ("state", "reserve", "outcome"),
    [
        (S.SUBMITTED, "", None),
        (S.CHECKING, "", None),
        (S.ADMITTED, "", Outcome.ADMITTED),
        (S.ADMITTED, "x", Outcome.WITH_RESERVE),
        (S.RANKED, "x", Outcome.WITH_RESERVE),
        (S.RENOUNCED, "x", Outcome.ADMITTED),
        (S.EXCLUDED, "x", Outcome.EXCLUDED),
        (S.NOT_ADMITTED, "", Outcome.NOT_ADMITTED),
    ],
)
def test_the_outcome_is_that_of_the_check(state, reserve, outcome):
    assert admissions.outcome_of(Application(state=state, reserve=reserve)) == outcome


def test_a_name_that_looks_like_a_persons_data_is_pointed_out(area):
    (first, *_others), _by = area
    first.organisation.name = "Casa di anna@esempio.it"
    first.organisation.save()
    assert admissions.personal_data(compose(first.call, "area-1", reasons={})) == [(first.number, ["email"])]


def test_a_name_is_no_formula_for_a_spreadsheet(area):
    (first, *_others), _by = area
    first.organisation.name = "=1+1"
    first.organisation.save()
    head, row, *_rest = admissions.csv_rows(compose(first.call, "area-1", reasons={}))
    assert (head, row) == (
        ["domanda", "ente", "altri_enti", "esito", "motivo"],
        [first.number, "'=1+1", "", "admitted", ""],
    )


# The pages


def public(call, name="admissions") -> str:
    return reverse(name, args=[call.slug, "area-1"])


def test_everybody_reads_the_list_and_its_versions(client, area):
    (first, second, third), by = area
    assert client.get(public(first.call)).status_code == 404
    made = publish(first.call, by)
    with arriving(TOLD):
        page = text(client.get(public(first.call)))
        data = client.get(public(first.call, "admissions_json"))
        table = client.get(public(first.call, "admissions_csv"))
        linked = text(client.get(reverse("call", args=[first.call.slug])))
    assert [f"{second.number} {second.organisation.name} Ammessa con riserva" in page, "40/2021" in page] == [True, True]
    assert f"{third.number} {third.organisation.name} Non ammessa Manca un requisito di partecipazione" in page
    assert "Resta qui fino al 31 dicembre 2026." in page
    assert (data.content.decode(), json.loads(data.content)["schema"]) == (made.content, "bando/admissions/1")
    assert table.content.decode().count("\r\n") == 4
    assert "Domande ammesse e non ammesse" in linked
    publish(first.call, by, note="Corretta.", at=TOLD)
    with arriving(TOLD):
        assert "Questa versione è stata sostituita." in text(client.get(public(first.call) + "?versione=1"))
        assert [client.get(public(first.call) + f"?versione={n}").status_code for n in ("2", "3", "x")] == [200, 404, 404]


@pytest.mark.parametrize(
    ("at", "status"),
    [(rome(2026, 12, 31, 23, 59, 59), 200), (rome(2027, 1, 1), 410)],
)
def test_after_five_years_the_list_is_asked_for(client, area, at, status):
    (first, *_others), by = area
    publish(first.call, by)
    with arriving(at):
        for name in ("admissions", "admissions_json", "admissions_csv"):
            assert client.get(public(first.call, name)).status_code == status


def test_the_office_checks_previews_and_confirms(client, area):
    (first, _second, third), _by = area
    office, where = office_at(client, TOLD), reverse("desk_admissions", args=[first.call.slug, "area-1"])
    assert "Scegli il motivo da pubblicare" in text(office.get(where))
    typed = {f"why-{third.number}": "documents", "preview": "1"}
    preview = office.post(where, typed)
    assert "Mancano documenti, o non sono conformi" in text(preview)
    typed = {f"why-{third.number}": "documents", "publish": "1", "act_number": "40", "act_date": "05/11/2021"}
    stale = office.post(where, typed | {"seen": "0" * 64})
    assert (stale.status_code, 'value="40"' in stale.content.decode()) == (409, True)
    assert office.post(where, typed | {"seen": preview.context["seen"]}).status_code == 302
    assert AdmissionList.objects.get().document["rows"][2]["reason"]["code"] == Why.DOCUMENTS


def test_what_was_typed_survives_a_refusal(client, area):
    (first, _second, third), _by = area
    office, where = office_at(client, TOLD), reverse("desk_admissions", args=[first.call.slug, "area-1"])
    page = office.post(where, {f"why-{third.number}": "", "note": "Una nota", "preview": "1"})
    assert (page.status_code, "Una nota" in page.content.decode()) == (409, True)
    assert f"Scegli il motivo da pubblicare per: {third.number}." in text(page)


def test_an_area_that_is_not_there_is_not_found(client, area):
    (first, *_others), _by = area
    office = office_at(client, TOLD)
    assert office.get(reverse("desk_admissions", args=[first.call.slug, "area-9"])).status_code == 404
