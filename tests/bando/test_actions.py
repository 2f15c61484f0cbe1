from datetime import timedelta

import pytest

from bando.actions import load, publish
from bando.deadlines import rome
from bando.models import Call, CallVersion
from bando.notice_yaml import DocumentFaults
from bando.states import CallState
from tests.bando.small import SMALL
from tests.builders import official, person
from tests.builders_amending import revoke
from workflow.transition import Refused

pytestmark = pytest.mark.django_db
AT, DEADLINE = rome(2021, 8, 20), rome(2021, 10, 18, 12)


def stored() -> tuple:
    call = Call.objects.with_notice().get()
    return (call.state, call.title, call.version.number, call.published_at, list(call.steps.values_list("act", flat=True)))


def test_a_document_becomes_a_draft_call_with_its_window_and_its_hash():
    call = load(SMALL, at=AT)
    assert stored() == (CallState.DRAFT, "Avviso di prova", 1, None, [])
    assert (call.slug, call.opens_at, call.closes_at) == ("prova", rome(2021, 9, 1, 9), DEADLINE)
    assert (call.version.text, len(call.version.sha256)) == (SMALL, 64)


def test_a_draft_is_written_again_as_a_new_version_and_the_former_stays():
    load(SMALL, at=AT)
    load(SMALL.replace("Avviso di prova", "Avviso corretto"), at=AT)
    assert stored() == (CallState.DRAFT, "Avviso corretto", 2, None, [])
    assert [v.notice.title for v in CallVersion.objects.all()] == ["Avviso di prova", "Avviso corretto"]


def test_the_same_document_again_is_the_same_version():
    first, again = load(SMALL, at=AT), load(SMALL, at=AT)
    assert (again.pk, again.version) == (first.pk, first.version)
    assert CallVersion.objects.count() == 1


def test_a_document_with_faults_changes_nothing():
    load(SMALL, at=AT)
    with pytest.raises(DocumentFaults):
        load(SMALL.replace("title: Avviso di prova", "titolo: Avviso"), at=AT)
    assert stored() == (CallState.DRAFT, "Avviso di prova", 1, None, [])


def test_publication_freezes_the_rules_and_says_which():
    call, by = load(SMALL, at=AT), official()
    step = publish(call, by=by, at=AT)
    assert stored() == (CallState.PUBLISHED, "Avviso di prova", 1, AT, ["publish"])
    assert step.facts == {"version": 1, "sha256": call.version.sha256, "deadline": "2021-10-18T10:00:00.000000Z"}
    with pytest.raises(Refused) as refused:
        load(SMALL, at=AT)
    assert refused.value.reasons == ["L'avviso «prova» è già pubblicato: le sue regole non si cambiano più."]
    assert CallVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("is_official", "text", "at", "expected"),
    [
        (True, SMALL, DEADLINE, []),
        (
            True,
            SMALL,
            DEADLINE + timedelta(microseconds=1),
            ["La scadenza dell'avviso è già passata: cambiala prima di pubblicare."],
        ),
        (False, SMALL, AT, ["Lo può fare solo chi lavora nell'ufficio."]),
        (
            True,
            SMALL.replace("purpose: Provare.\n", ""),
            AT,
            ["Nel documento dell'avviso purpose: manca: scrivi lo scopo e l'oggetto della co-progettazione."],
        ),
    ],
)
def test_who_publishes_when_and_what(is_official, text, at, expected):
    call, by = load(text, at=AT), person(is_official=is_official)
    reasons = []
    try:
        publish(call, by=by, at=at)
    except Refused as refused:
        reasons = refused.reasons
    assert reasons == expected
    assert stored()[0] == (CallState.DRAFT if expected else CallState.PUBLISHED)
    assert (stored()[3] is None) == bool(expected)


@pytest.mark.parametrize(
    ("published", "reason", "expected"),
    [
        (True, "Errore nelle aree.", CallState.REVOKED),
        (True, " ", CallState.PUBLISHED),
        (False, "Errore nelle aree.", CallState.DRAFT),
    ],
)
def test_a_public_call_is_revoked_with_a_reason(published, reason, expected):
    call, by = load(SMALL, at=AT), official()
    if published:
        publish(call, by=by, at=AT)
    if expected == CallState.REVOKED:
        assert revoke(call, by=by, at=AT, reason=reason).reason == reason
    else:
        with pytest.raises(Refused):
            revoke(call, by=by, at=AT, reason=reason)
    assert stored()[0] == expected
