"""What a visitor finds, thing by thing; that it can be clicked is in tests/journeys/test_demonstration.py."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import datetime, timedelta

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
from network.actions import final_version
from network.demonstration import BY_LOT, CONCLUDED, EVALUATION, OPEN, SLUGS, is_loaded, load_demonstration, make_papers
from network.demonstration.catalogue import EXAMPLE
from network.models import (
    Accreditation,
    AccreditationNotice,
    Agreement,
    Category,
    CheckPlan,
    DeclarationCheck,
    EmptyPlace,
    Guarantee,
    Meeting,
    Miss,
    Payment,
    ProjectVersion,
    Quote,
    Report,
    Request,
    Service,
    ServiceLink,
    Space,
    SpaceAddress,
    SupportAction,
    Synonym,
    Table,
    TableMinutes,
    TableSession,
    Task,
)
from network.rules.checks import declarations_are_confirmed
from tests.remembered import remembered
from workflow.transition import Attempt

pytestmark = pytest.mark.django_db


@pytest.fixture
def loaded(settings):
    settings.DEMO = True
    return demonstration()


@remembered
def demonstration() -> datetime:
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
    assert [draw["sha256"] for draw in versions.last().document["draws"]] == [Draw.objects.get().sha256]
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
    assert Agreement.objects.get(state="ready").text.name.startswith("convenzione-")
    [words, _warning] = in_words(reading)
    assert words.startswith("Firmato da Giulia Ferri")
    assert words.endswith("(autorità non nell'elenco: Autorità dimostrativa inventata).")


def test_the_network_shows_each_thing_in_its_states_and_leads_the_people_of_the_cards_to_it(loaded):
    _the_table_and_the_agreements(loaded)
    _the_spazi_and_who_accompanies_them(loaded)
    _the_catalogue_and_the_requests(loaded)
    _what_the_cards_lead_to(loaded)


def _states(model):
    return dict(Counter(model.objects.values_list("state", flat=True)))


def _the_table_and_the_agreements(now):
    assert [_states(model) for model in (CheckPlan, DeclarationCheck, Table, TableSession, Agreement)] == [
        {"open": 1},
        {"confirmed": 10, "irregular": 1},
        {"open": 1},
        {"closed": 2, "planned": 1},
        {"effective": 4, "signed": 1, "ready": 1, "draft": 1},
    ]
    plan = CheckPlan.objects.get()
    assert (plan.scope, plan.value, plan.checks.count()) == ("sample", "8 61 27 44 90", 11)
    assert [declarations_are_confirmed(Attempt(row, None, now)) for row in Agreement.objects.all()] == [None] * 7
    assert TableMinutes.objects.exclude(published_at=None).count() == 2
    assert (TableSession.objects.get(state="planned").planned_at.date() - now.date()).days == 10
    versions = ProjectVersion.objects.order_by("project__title", "number")
    assert [(row.number, row.touches, bool(row.touches_reason), hasattr(row, "agreed")) for row in versions] == [
        (0, [], False, False),
        (1, ["spazio"], True, True),
        (0, [], False, False),
        (1, ["spazio"], True, True),
        (2, ["spazio"], True, True),
    ]
    paid = Payment.objects.get().agreement
    assert (paid.state, paid.project, paid.amount_cents) == ("effective", final_version(paid.application), 3_330_900)
    assert (Guarantee.objects.filter(agreement=paid).count(), paid.reporting_terms.count()) == (2, 9)
    assert Agreement.objects.get(partnership__accompanies=True).state == "effective"


def _the_spazi_and_who_accompanies_them(now):
    today = now.date()
    assert _states(Space) == {"open": 2, "suspended": 1, "fitting_out": 1, "planned": 1}
    for space in Space.objects.public():
        [closure] = space.exceptions
        assert (closure["hours"], closure["first"] > today.isoformat(), len(space.languages) > 1) == ([], True, True)
        assert space.access_notes.startswith("Luogo inventato per la dimostrazione")
    shut = Space.objects.get(state="suspended")
    assert (shut.closed_note.startswith("Lavori"), (shut.reopens_on - today).days) == (True, 12)
    assert [row.space.state for row in SpaceAddress.objects.filter(first_day__gt=today)] == ["open"]
    tasks = Task.objects.filter(space__state="fitting_out")
    assert Counter(tasks.values_list("state", flat=True)) == {"done": 4, "doing": 2, "not_needed": 1, "to_do": 4}
    assert tasks.to_settle().filter(due_on__lt=today).count() == 1
    assert EmptyPlace.objects.standing().get().reason.startswith("Nessun locale")
    assert _states(Meeting) == {"held": 1, "planned": 1}
    assert [row.done_on is None for row in SupportAction.objects.all()] == [False, True, True]
    assert ServiceLink.objects.count() == 2
    reports = Report.objects.order_by("term__number", "space__name").values_list("term__number", "space__state", "state")
    assert list(reports) == [
        (1, "open", "approved"),
        (1, "suspended", "approved"),
        (1, "open", "approved"),
        (2, "open", "remarked"),
        (2, "open", "approved"),
    ]
    assert shut.partnership.agreement.reporting_terms.get(number=2).due_on < today


def _the_catalogue_and_the_requests(now):
    assert [_states(model) for model in (AccreditationNotice, Accreditation, Service, Request, Quote)] == [
        {"open": 1},
        {"accredited": 11, "sent": 1, "draft": 1},
        {"published": 40},
        {"received": 3, "taken": 3, "routed": 3, "answered": 4, "closed": 11, "withdrawn": 2},
        {"offered": 1, "accepted": 2, "declined": 1},
    ]
    assert Category.objects.filter(services__isnull=False).distinct().count() == 13
    assert Service.objects.exclude(description__endswith=EXAMPLE).count() == 0
    assert Request.objects.filter(received_at__lt=now - timedelta(days=60)).count() == 0
    assert (Synonym.objects.exists(), Miss.objects.values("query").distinct().count()) == (True, 4)


def _what_the_cards_lead_to(now):
    represents = Membership.objects.filter(role=Role.LEGAL_REPRESENTATIVE).select_related("user", "organisation")
    body_of = {row.user.name: row.organisation for row in represents}
    giulia, sara, lucia = (body_of[name] for name in ("Giulia Ferri", "Sara Fontana", "Lucia Conti"))
    irregular = DeclarationCheck.objects.get(state="irregular")
    assert (irregular.application.organisation, (irregular.due_at - now).days >= 7) == (sara, True)
    assert Accreditation.objects.get(state="sent").organisation == sara
    assert Agreement.objects.get(state="ready").application.organisation == lucia
    assert Accreditation.objects.get(state="draft").organisation == lucia
    waits = Request.objects.get(state="received", space__partnership__organisation=giulia)
    assert (now - waits.received_at).days == 2
    assert Quote.objects.get(state="offered").organisation == giulia
