"""What is asked only after some answer: in the same section, in a later one, in a file; and drafts judged anew when what they
depend on has changed."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from applications import progress
from applications.actions import save_section
from applications.findings import points
from applications.models import Application
from applications.progress import Status, drafts_of, fingerprint, missing, rules_of, tasks
from applications.reading import read_draft, read_submission
from applications.sections import read_values
from bando.models import Call, CallVersion
from bando.notice.canonical import canonical, notice_hash
from bando.notice_yaml import load_notice
from tests.applications.asking import ASKING, asking_call
from tests.builders import WORKDAY, attach_pdf, complete_draft, draft_application, send
from tests.clock import arriving
from workflow.transition import Refused

ALONE = {"nome": "Alfa", "forma": "odv", "anni": "4", "rete": "no", "impegno": "on", "giorni": ["lun"]}
IN_NETWORK = {**ALONE, "rete": "yes", "nome-rete": "Alfa e Beta"}
"""What is typed in the first section."""


@pytest.fixture
def application(db) -> Application:
    return draft_application(asking_call(), "uno")


@pytest.fixture
def client(application: Application) -> Client:
    client = Client()
    client.force_login(application.created_by)
    return client


def address(application: Application, step: str) -> str:
    return reverse("application_section", args=[application.pk, step])


def save(client: Client, application: Application, step: str, *, then: str = "hub", **typed: Any):
    draft = application.drafts.filter(section=step).first()
    version = draft.version if draft else 0
    with arriving(WORKDAY):
        return client.post(address(application, step), {**typed, "__version": version, "then": then})


def gaps(application: Application) -> dict[str, tuple[str, ...]]:
    return {gap.code: gap.sentences for gap in missing(Application.objects.get(pk=application.pk))}


def status(application: Application, code: str) -> tuple[Status, str]:
    task = next(task for task in tasks(Application.objects.get(pk=application.pk)) if task.code == code)
    return task.status, task.hint


# --- in the same section ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "sentences"),
    [
        (ALONE, ()),
        (IN_NETWORK, ()),
        ({**IN_NETWORK, "nome-rete": ""}, ("Scrivi la risposta a «Come si chiama la rete?».",)),
        ({**ALONE, "nome-rete": "x" * 50}, ()),  # too long, and not asked
        ({**ALONE, "impegno": "", "giorni": []}, ("Manca la dichiarazione «Ci impegniamo a restare aperti».",)),
        ({**ALONE, "giorni": []}, ("Scegli almeno una risposta a «In quali giorni?».",)),
        ({**ALONE, "giorni": ["lun", "dom"]}, ("Scrivi la risposta a «Come tenete aperto nei giorni di festa?».",)),
    ],
)
def test_only_what_is_asked_is_required_and_judged(
    client: Client, application: Application, typed: dict, sentences: tuple
) -> None:
    save(client, application, "ente", **typed)
    assert gaps(application).get("ente", ()) == sentences


def test_what_is_not_asked_keeps_its_text_and_is_not_sent(client: Client, application: Application) -> None:
    complete_draft(application)
    save(client, application, "ente", **{**ALONE, "nome-rete": "Un nome", "festivi": "A turno"})
    sent = send(Application.objects.get(pk=application.pk))
    assert sent.answers["ente"] == {
        "nome": "Alfa",
        "forma": "odv",
        "anni": "4",
        "rete": False,
        "impegno": True,
        "giorni": ["lun"],
    }
    assert application.drafts.get(section="ente").answers["nome-rete"] == "Un nome"
    save(client, application, "ente", **{**IN_NETWORK, "nome-rete": "Un nome"})
    assert send(Application.objects.get(pk=application.pk)).answers["ente"]["nome-rete"] == "Un nome"


def test_what_is_not_asked_is_not_read(client: Client, application: Application) -> None:
    save(client, application, "ente", **{**ALONE, "nome-rete": "Un nome"})
    read = {answer.question.code for item in read_draft(application) for answer in item.answers}
    assert read == {"nome", "forma", "anni", "rete", "impegno", "giorni", "municipio", "idea", "funzioni"}


# --- in a later section -----------------------------------------------------------------------------------------------


def test_a_section_of_which_nothing_is_asked_is_done_and_not_read(client: Client, application: Application) -> None:
    save(client, application, "ente", **ALONE)
    assert status(application, "rete") == (Status.DONE, "Niente da compilare, per le risposte che hai dato.")
    assert "rete" not in gaps(application)
    assert "rete" not in [item.section.code for item in read_draft(application)]
    with arriving(WORKDAY):
        page = client.get(address(application, "rete")).content.decode()
    assert "in questa sezione non c'è niente da compilare" in page
    save(client, application, "ente", **IN_NETWORK)
    assert status(application, "rete") == (Status.TODO, "")
    assert gaps(application)["rete"] == ("Questa sezione è ancora da compilare.",)


def test_an_earlier_answer_that_changes_tells_the_truth_at_once_and_loses_no_text(
    client: Client, application: Application
) -> None:
    save(client, application, "ente", **IN_NETWORK)
    save(client, application, "rete", partner__1__nome="Beta", racconto="Siamo in due")
    wrong = (
        "Riga 1, Quota: Scrivi questo dato, o svuota la riga.",
        "Compila almeno 2 righe.",
        "Carica: Accordo di rete.",
    )
    assert gaps(application)["rete"] == wrong
    save(client, application, "ente", **ALONE)
    assert "rete" not in gaps(application)
    with arriving(WORKDAY):
        page = client.get(address(application, "rete")).content.decode()
    assert '<input type="hidden" name="partner__1__nome" value="Beta">' in page
    assert '<input type="hidden" name="racconto" value="Siamo in due">' in page
    # The page carries the text along: saving it keeps what was typed.
    save(client, application, "rete", partner__1__nome="Beta", racconto="Siamo in due")
    assert application.drafts.get(section="rete").problems == {}
    save(client, application, "ente", **IN_NETWORK)
    assert gaps(application)["rete"] == wrong
    with arriving(WORKDAY):
        assert 'value="Siamo in due"' in client.get(address(application, "rete")).content.decode()


def test_what_a_page_hides_is_not_judged_when_it_is_saved(client: Client, application: Application) -> None:
    save(client, application, "ente", **ALONE)
    answer = save(client, application, "rete", then="next", partner__1__nome="x" * 99)
    assert answer["Location"] == address(application, "luogo")


# --- files ------------------------------------------------------------------------------------------------------------


def test_a_file_of_a_question_is_owed_by_its_section_alone(client: Client, application: Application) -> None:
    complete_draft(application)
    file = application.attachments.get(rule="accordo")
    with arriving(WORKDAY):
        client.post(reverse("application_attachment_remove", args=[application.pk, file.pk]))
    assert gaps(application) == {"rete": ("Carica: Accordo di rete.",)}
    assert status(application, "rete") == (Status.DOING, "Manca 1 risposta.")
    assert status(application, "attachments") == (Status.DONE, "")
    assert application.drafts.get(section="rete").problems == {}


def test_the_button_of_a_file_saves_the_page_and_leads_there_and_back(client: Client, application: Application) -> None:
    save(client, application, "ente", **IN_NETWORK)
    answer = save(client, application, "rete", then="file:accordo", racconto="Siamo in due")
    files = reverse("application_attachments", args=[application.pk])
    assert answer["Location"] == f"{files}?next=rete#accordo"
    assert application.drafts.get(section="rete").answers["racconto"] == "Siamo in due"
    with arriving(WORKDAY):
        page = client.get(f"{files}?next=rete").content.decode()
    assert page.count(f'href="{address(application, "rete")}"') == 2
    assert f'action="{files}?next=rete#accordo"' in page
    attach_pdf(application, "accordo")
    with arriving(WORKDAY):
        page = client.get(address(application, "rete")).content.decode()
    assert "accordo.pdf" in page
    assert "PDF, fino a 2 MB ciascuno." in page


@pytest.mark.parametrize("wanted", ["//altrove.example", "https://altrove.example", "nessuna", "", "../"])
def test_the_way_back_is_a_section_of_the_application_or_nothing(client: Client, application: Application, wanted: str) -> None:
    with arriving(WORKDAY):
        page = client.get(reverse("application_attachments", args=[application.pk]), {"next": wanted})
    assert (page.context["section"], page.context["query"]) == (None, "")
    assert 'href="//altrove' not in page.content.decode()


def test_a_button_of_no_file_goes_on_as_usual(client: Client, application: Application) -> None:
    save(client, application, "ente", **ALONE)
    assert save(client, application, "rete", then="file:altro")["Location"] == address(application, "luogo")


def test_files_that_the_answers_no_longer_ask_for_are_no_part_of_what_is_sent(client: Client, application: Application) -> None:
    complete_draft(application)
    assert [rule.code for rule in rules_of(application)] == ["accordo", "statuto"]
    before = fingerprint(application)
    save(client, application, "ente", **ALONE)
    fresh = Application.objects.get(pk=application.pk)
    assert (rules_of(fresh), gaps(fresh)) == ([], {})
    assert fingerprint(fresh) != before
    with arriving(WORKDAY):
        page = client.get(reverse("application_attachments", args=[application.pk])).content.decode()
    assert page.count("questo file non serve più: lo teniamo qui, ma non fa parte della domanda.") == 2
    assert "statuto.pdf" in page
    sent = send(fresh)
    assert sent.manifest == []
    assert [point.code for point in points(fresh) if point.code.startswith("attachment.")] == []


def test_the_files_of_a_question_are_read_beside_it(application: Application) -> None:
    sent = send(complete_draft(application))
    read = read_submission(application.call.notice, "uno", sent.answers, sent.manifest)
    answer = next(a for item in read for a in item.answers if a.question.code == "accordo")
    assert [(file.attachment, file.name) for file in answer.files] == [
        (str(application.attachments.get(rule="accordo").pk), "accordo.pdf")
    ]
    assert answer.text == "accordo.pdf (607\u00a0byte)"


# --- judged anew ------------------------------------------------------------------------------------------------------


def amend(call: Call, was: str, becomes: str) -> None:
    """Put another document in force, as an amendment does."""
    assert was in ASKING
    text = ASKING.replace(was, becomes)
    notice = load_notice(text)
    version = CallVersion.objects.create(
        slug=call.slug, number=2, text=text, canonical=canonical(notice), sha256=notice_hash(notice), made_at=WORKDAY
    )
    Call.objects.filter(pk=call.pk).update(version=version, closes_at=notice.calendar.deadline)


@pytest.mark.parametrize(
    ("was", "becomes", "expected"),
    [
        ("limit: 80", "limit: 4", {"ente": ("«Nome» può avere al massimo 4 caratteri. Ne hai scritti 16: togline 12.",)}),
        ("min: 2\n        max: 6", "min: 3\n        max: 6", {"rete": ("Compila almeno 3 righe.",)}),
        (
            "max_grant: 50000",
            "max_grant: 10000",
            {"costi": ("Hai chiesto 30.000,00\u00a0€. Il massimo è 10.000,00\u00a0€: togli 20.000,00\u00a0€.",)},
        ),
        ("code: registro\n", "code: albo\n", {"firme": ("Manca la dichiarazione «Registro».",)}),
        ("deadline: 2021-10-18T12:00:00", "deadline: 2021-10-25T12:00:00", {}),
    ],
)
def test_an_amendment_is_felt_at_once_and_writes_nothing(
    application: Application, was: str, becomes: str, expected: dict
) -> None:
    complete_draft(application)
    before = list(application.drafts.order_by("pk").values())
    amend(application.call, was, becomes)
    assert gaps(application) == expected
    assert list(application.drafts.order_by("pk").values()) == before
    if expected:
        with pytest.raises(Refused, match="Non puoi ancora inviare"):
            send(Application.objects.get(pk=application.pk))
    else:
        assert send(Application.objects.get(pk=application.pk)).sequence == 1


def test_only_the_sections_that_changed_are_read_again(application: Application, monkeypatch) -> None:
    complete_draft(application)
    read: list[str] = []

    def reading(section, *args):
        read.append(section.code)
        return read_values(section, *args)

    monkeypatch.setattr(progress, "read_values", reading)
    missing(Application.objects.get(pk=application.pk))
    assert read == []
    amend(application.call, "limit: 80", "limit: 4")
    missing(Application.objects.get(pk=application.pk))
    assert read == ["ente"]


def test_a_draft_that_nobody_judged_is_judged_by_who_reads(application: Application) -> None:
    by = application.created_by
    save_section(application, "ente", answers={"nome": "x"}, problems={}, base_version=0, by=by, at=WORKDAY)
    draft = drafts_of(application)["ente"]
    assert draft.problems["forma"] == [{"code": "required", "sentence": "Scegli la risposta a «Forma»."}]
    assert application.drafts.get().problems == {}


def test_the_same_answers_under_other_rules_are_judged_again_and_nobody_wrote_them(
    client: Client, application: Application
) -> None:
    save(client, application, "ente", **ALONE)
    before = application.drafts.get()
    amend(application.call, "limit: 80", "limit: 4")
    save(client, application, "ente", **{**ALONE, "festivi": "", "nome-rete": ""})
    after = application.drafts.get()
    assert (after.version, after.saved_at) == (before.version, before.saved_at)
    assert after.judged_by != before.judged_by
    assert "nome" not in after.problems  # «Alfa» has four letters


# --- what it costs ----------------------------------------------------------------------------------------------------


def queries(client: Client, url: str, data: dict | None = None) -> int:
    with arriving(WORKDAY), CaptureQueriesContext(connection) as captured:
        client.post(url, data) if data else client.get(url)
    return sum("django_session" not in q["sql"] and 'FROM "accounts_user" ' not in q["sql"] for q in captured)


@pytest.mark.parametrize(
    ("step", "shown", "saved"),
    [
        ("ente", 4, 9),  # its conditions read itself
        ("rete", 6, 10),  # the answers of the rest once, and the files where they are shown
    ],
)
def test_a_section_asks_for_the_rest_only_if_its_conditions_read_it(
    client: Client, application: Application, step: str, shown: int, saved: int
) -> None:
    save(client, application, "ente", **IN_NETWORK)
    save(client, application, "rete", racconto="Uno")
    assert queries(client, address(application, step)) == shown
    assert queries(client, address(application, step), {"racconto": "Due", "__version": "1", "then": "hub"}) == saved


def test_looking_at_what_is_missing_costs_the_same_with_conditions(application: Application) -> None:
    complete_draft(application)
    with CaptureQueriesContext(connection) as captured:
        (found,) = Application.objects.with_call().prefetch_related("drafts", "attachments")
        assert (missing(found), len(captured)) == ([], 3)
