"""What a visitor finds, thing by thing; that it can be clicked is in tests/journeys/test_demonstration.py."""

from __future__ import annotations

import json
import re

import pytest
from django.utils import timezone

from accounts.models import Membership, Role
from applications.models import (
    AdmissionList,
    Application,
    CompletionRequest,
    DossierPaper,
    Event,
    EventOutcome,
    Participant,
    ProtocolEntry,
    Receipt,
    RejectionNotice,
    SectionEdit,
    TroubleReport,
)
from applications.progress import Status, tasks
from bando.models import Call
from documents.models import Document, SignatureReading
from documents.signatures import in_words
from evaluation.composing import Composition
from evaluation.models import Draw, Member, RankingVersion, Session, Sheet
from evaluation.progress import Progress
from evaluation.published import recompute
from network.demonstration import BY_LOT, CONCLUDED, EVALUATION, OPEN, SLUGS, is_loaded, load_demonstration, make_papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings):
    settings.DEMO = True
    now = timezone.now()
    load_demonstration(now, lambda line: None)
    return now


def test_there_is_something_to_see_of_each_thing_and_the_same_at_each_loading(loaded):
    assert is_loaded()
    for call in Call.objects.with_notice().filter(slug__in=SLUGS):
        assert call.notice.demonstration.startswith("Avviso dimostrativo.")
    draft = Application.objects.get(call__slug=OPEN, state="draft")
    assert [(task.code, task.status) for task in tasks(draft)] == [
        ("ente", Status.DONE),
        ("chi-partecipa", Status.DOING),
        ("esperienza", Status.DONE),
        ("spazio", Status.FIX),
        ("proposta", Status.DOING),
        ("gruppo-di-lavoro", Status.TODO),
        ("monitoraggio", Status.TODO),
        ("piano-economico", Status.DOING),
        ("dichiarazioni", Status.TODO),
        ("attachments", Status.DOING),
        ("review", Status.LOCKED),
    ]
    people = Membership.objects.filter(organisation=draft.organisation).values_list("role", flat=True)
    assert sorted(people) == [Role.COLLABORATOR, Role.LEGAL_REPRESENTATIVE, Role.REFERENT]
    members = Participant.objects.filter(application=draft).order_by("-is_lead")
    assert [(one.is_lead, one.share, one.organisation_id is not None) for one in members] == [
        (True, 6_000, True),
        (False, 4_000, False),
    ]
    written = SectionEdit.objects.filter(draft__application=draft, draft__section="proposta").values_list("by__name", flat=True)
    assert list(written) == ["Giulia Ferri", "Davide Sala"]
    requests = CompletionRequest.objects.order_by("due_at")
    assert [(hasattr(one, "answer"), one.due_at > loaded) for one in requests] == [(True, False), (False, True)]
    [report] = TroubleReport.objects.all()
    refused = Event.objects.filter(call__slug=EVALUATION, outcome=EventOutcome.REFUSED).values_list("application", flat=True)
    assert report.application_id in refused
    assert Application.objects.filter(call__slug=CONCLUDED).exclude(current=None).count() == 13


def test_the_call_in_evaluation_shows_the_check_the_sessions_and_a_new_member(loaded):
    call = Call.objects.with_notice().get(slug=EVALUATION)
    [notice] = RejectionNotice.objects.all()
    assert (notice.application.state, bool(notice.observations), bool(notice.answer)) == ("not_admitted", True, True)
    [listed] = AdmissionList.objects.all()
    outcomes = [row["outcome"] for row in json.loads(listed.content)["rows"]]
    assert {outcome: outcomes.count(outcome) for outcome in outcomes} == {
        "admitted": 8,
        "admitted_with_reserve": 1,
        "not_admitted": 1,
    }
    sessions = Session.objects.filter(commission__call=call).values_list("kind", "state", "planned_at")
    assert [(kind, state, planned_at > loaded) for kind, state, planned_at in sessions] == [
        ("reserved", "minuted", False),
        ("public", "planned", True),
    ]
    joined = Member.objects.select_related("user", "replaces__user").get(commission__call=call, replaces__isnull=False)
    assert (joined.user.name, joined.replaces.user.name) == ("Stefano Marino", "Bruno Longhi")
    assert set(Sheet.objects.filter(member=joined.replaces, marks__isnull=False).values_list("state", flat=True)) == {"void"}
    first, *others = Composition(call, "area-1", Progress(call, "area-1"), user=joined.user).proposals
    assert {code for code, spread in first.disagreement.criteria.items() if spread.discordant} > {"azioni", "rete"}
    assert len(others) == 2


def test_the_call_by_lot_shows_every_version_a_draw_and_a_place_given_again(loaded):
    versions = RankingVersion.objects.filter(ranking__call__slug=BY_LOT, ranking__area_code="area-1").order_by("number")
    told = [
        (
            version.kind,
            bool(version.note),
            [(row["lot"], row["position"], row["outcome"]) for row in version.document["rows"]],
        )
        for version in versions
    ]
    below = ("8", None, "below_threshold")
    assert told == [
        (
            "provisional",
            False,
            [("2", 1, "selected"), ("2", 2, "waiting"), ("4", 1, "tie_pending"), ("4", 1, "tie_pending"), below],
        ),
        ("final", True, [("2", 1, "selected"), ("2", 2, "waiting"), ("4", 1, "selected"), ("4", 2, "waiting"), below]),
        ("final", True, [("2", 1, "selected"), ("2", None, "renounced"), ("4", 1, "selected"), ("4", 2, "waiting"), below]),
    ]
    assert [observed.outcome for version in versions for observed in version.observations.all()] == ["accepted"]
    assert versions.last().document["draw"]["sha256"] == Draw.objects.get().sha256
    compared = RankingVersion.objects.filter(ranking__call__slug=BY_LOT, ranking__area_code="area-2").last()
    assert {criterion: [len(table) for table in tables] for criterion, tables in compared.document["pairs"].items()} == {
        "integrazione": [6, 6, 6]
    }
    assert [recompute(version.document) for version in RankingVersion.objects.all()] == [[]] * 7


def test_what_the_cards_promise_is_ready_at_once(loaded):
    make_papers(lambda line: None)
    [receipt] = Receipt.objects.select_related("submission__application__call")
    assert receipt.submission.application.call.slug == OPEN
    [dossier] = DossierPaper.objects.all()
    for paper in (receipt, dossier):
        with paper.document.file.open("rb") as file:
            assert len(re.findall(rb"/BandoSignature \(ed25519:[0-9a-f]{128}\)", file.read())) == 1
    assert ProtocolEntry.objects.get().submission == receipt.submission
    [reading] = SignatureReading.objects.exclude(signatures=[])
    assert reading.document == Document.objects.get(name="impegno-a-costituirsi.pdf")
    [words, _warning] = in_words(reading)
    assert words.startswith("Firmato da Giulia Ferri")
    assert words.endswith("(autorità non nell'elenco: Autorità dimostrativa inventata).")
