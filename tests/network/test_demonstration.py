"""What a visitor finds, thing by thing; that it can be clicked is in tests/journeys/test_demonstration.py."""

from __future__ import annotations

import re

import pytest
from django.utils import timezone

from accounts.models import Membership, Role
from applications.models import (
    Application,
    CompletionRequest,
    DossierPaper,
    Event,
    EventOutcome,
    Participant,
    ProtocolEntry,
    Receipt,
    SectionEdit,
    TroubleReport,
)
from applications.progress import Status, tasks
from bando.models import Call
from documents.models import Document, SignatureReading
from documents.signatures import in_words
from network.demonstration import CONCLUDED, EVALUATION, OPEN, SLUGS, is_loaded, load_demonstration, make_papers

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
