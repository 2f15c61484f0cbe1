"""Sending: on both sides of the deadline, once however often one presses, and exactly what was read."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Organisation
from applications.actions import (
    ChangedSinceReview,
    remove_attachment,
    save_section,
    start_application,
    submit,
    withdraw,
)
from applications.models import Application, NumberGiven, Submission
from applications.progress import fingerprint
from bando.deadlines import rome
from tests.applications.grouping import certified
from tests.builders import (
    AFTER,
    DEADLINE,
    OPENING,
    WORKDAY,
    attach_pdf,
    complete_draft,
    draft_application,
    official,
    person,
    send,
)
from tests.clock import arriving
from workflow.ledger import digest
from workflow.models import Duty
from workflow.transition import Refused

TICK = timedelta(microseconds=1)


@pytest.fixture
def application(db) -> Application:
    return complete_draft(draft_application())


def change(application: Application, title: str = "Un altro titolo", *, at: datetime = WORKDAY) -> None:
    draft = application.drafts.get(section="proposta")
    save_section(
        application,
        "proposta",
        answers={**draft.answers, "titolo": title},
        problems={},
        base_version=draft.version,
        by=application.created_by,
        at=at,
    )


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        (OPENING - TICK, False),
        (OPENING, True),
        (DEADLINE - TICK, True),
        (DEADLINE, True),
        (DEADLINE + TICK, False),
        (DEADLINE + timedelta(seconds=33), False),
        (DEADLINE.astimezone(UTC), True),
        (DEADLINE.astimezone(UTC) + TICK, False),
    ],
)
def test_it_is_in_time_if_and_only_if_it_arrived_by_the_deadline(
    application: Application, moment: datetime, in_time: bool
) -> None:
    if in_time:
        assert send(application, at=moment).arrived_at == moment
        return
    with pytest.raises(Refused):
        send(application, at=moment)
    application.refresh_from_db()
    assert (application.state, application.number, application.current) == ("draft", None, None)
    assert not Submission.objects.exists()
    assert not NumberGiven.objects.exists()
    assert not application.steps.exists()
    assert not Duty.objects.filter(name__startswith="applications.").exists()


@pytest.mark.parametrize(
    ("moment", "in_time"),
    [
        (datetime(2021, 10, 31, 0, 30, tzinfo=UTC), True),  # 02:30 the first time, summer time
        (datetime(2021, 10, 31, 1, 30, tzinfo=UTC), True),  # 02:30 the second time, one hour later
        (datetime(2021, 10, 31, 2, 30, tzinfo=UTC), True),  # 03:30, the deadline
        (datetime(2021, 10, 31, 2, 30, 0, 1, tzinfo=UTC), False),
    ],
)
def test_the_night_when_summer_time_ends_moves_nothing(application: Application, moment: datetime, in_time: bool) -> None:
    call = application.call
    call.closes_at = rome(2021, 10, 31, 3, 30)
    call.save(update_fields=["closes_at"])
    if in_time:
        assert send(application, at=moment).arrived_at == moment
    else:
        with pytest.raises(Refused, match="Il termine è scaduto"):
            send(application, at=moment)


def test_what_was_read_is_frozen_with_its_hashes(application: Application) -> None:
    committed = WORKDAY + timedelta(seconds=2)
    reviewed = fingerprint(application)
    sent = submit(application, reviewed=reviewed, by=application.created_by, at=WORKDAY, clock=lambda: committed)
    content = json.loads(sent.content)
    assert sent.sha256 == digest(sent.content)
    assert (sent.sequence, sent.arrived_at, sent.committed_at, sent.reviewed) == (1, WORKDAY, committed, reviewed)
    assert content["arrived_at"] == "2021-10-11T08:42:00.000000Z"
    assert content["call"] == {
        "id": "spazi-wemi-2021",
        "version": 1,
        "sha256": application.call.version.sha256,
    }
    assert content["body"]["tax_code"] == application.organisation.tax_code
    assert content["answers"] == sent.answers
    assert content["files"] == sent.manifest
    assert sent.answers["piano-economico"]["total"] == 4_000_000
    assert sent.answers["spazio"]["municipio-dello-spazio"] == 9
    assert [(file["rule"], file["name"]) for file in sent.manifest] == [
        ("statuto", "statuto.pdf"),
        ("curriculum", "curriculum.pdf"),
        ("planimetria", "planimetria.pdf"),
    ]
    documents = {str(a.pk): a.document.sha256 for a in application.attachments.select_related("document")}
    assert {file["attachment"]: file["sha256"] for file in sent.manifest} == documents


def test_the_step_keeps_number_and_hash_and_on_whose_behalf(application: Application) -> None:
    sent = send(application)
    step = application.steps.get()
    assert step.facts == {"number": application.number, "sequence": 1, "sha256": sent.sha256}
    assert (step.act, step.by, step.on_behalf_of) == ("submit", application.created_by, application.organisation.name)
    assert sorted(Duty.objects.filter(subject=sent.pk).values_list("name", flat=True)) == [
        "applications.protocol",
        "applications.receipt",
        "applications.receipt_mail",
    ]


def test_a_second_click_is_the_same_sending(application: Application) -> None:
    reviewed, by = fingerprint(application), application.created_by
    first = submit(application, reviewed=reviewed, by=by, at=WORKDAY)
    second = submit(Application.objects.get(pk=application.pk), reviewed=reviewed, by=by, at=WORKDAY + TICK)
    assert second == first
    assert Submission.objects.count() == NumberGiven.objects.count() == application.steps.count() == 1


def test_a_retry_after_the_deadline_answers_what_arrived_before_it(application: Application) -> None:
    reviewed, by = fingerprint(application), application.created_by
    first = submit(application, reviewed=reviewed, by=by, at=DEADLINE)
    assert submit(Application.objects.get(pk=application.pk), reviewed=reviewed, by=by, at=AFTER) == first
    assert application.steps.count() == 1


def test_something_saved_since_the_review_stops_the_sending(application: Application) -> None:
    reviewed = fingerprint(application)
    change(application)
    with pytest.raises(ChangedSinceReview):
        submit(application, reviewed=reviewed, by=application.created_by, at=WORKDAY)
    assert not Submission.objects.exists()


@pytest.mark.parametrize("by_file", [True, False])
def test_files_are_part_of_what_was_read(application: Application, by_file: bool) -> None:
    reviewed = fingerprint(application)
    if by_file:
        attach_pdf(application, "lettere-della-rete")
    else:
        attach_pdf(application, "statuto", name="altro.pdf")
        remove_attachment(application.attachments.first(), by=application.created_by, at=WORKDAY)
    assert fingerprint(application) != reviewed


def test_the_body_is_part_of_what_was_read(application: Application) -> None:
    reviewed, colleague = fingerprint(application), Organisation.objects.get(pk=application.organisation_id)
    colleague.pec = "nuova@pec.esempio.it"
    colleague.save()
    with pytest.raises(ChangedSinceReview):
        submit(application, reviewed=reviewed, by=application.created_by, at=WORKDAY)
    assert not Submission.objects.exists()
    sent = send(Application.objects.get(pk=application.pk))
    assert json.loads(sent.content)["body"]["pec"] == "nuova@pec.esempio.it"


def test_sending_again_keeps_the_number_and_replaces_what_counts(application: Application) -> None:
    first = send(application, at=WORKDAY)
    number = application.number
    change(application)
    assert Application.objects.get(pk=application.pk).current == first
    second = send(application, at=WORKDAY + timedelta(hours=1))
    application.refresh_from_db()
    assert (application.number, application.current, second.sequence) == (number, second, 2)
    assert second.answers["proposta"]["titolo"] == "Un altro titolo"
    assert application.submissions.first().answers["proposta"]["titolo"] == "Risposta a: Titolo della proposta"
    assert list(application.steps.values_list("act", flat=True)) == ["submit", "submit"]


def test_a_change_after_sending_that_is_not_sent_does_not_count(application: Application) -> None:
    first = send(application)
    change(application)
    with pytest.raises(Refused):
        send(application, at=AFTER)
    application.refresh_from_db()
    assert application.current == first


def test_an_incomplete_application_hears_what_is_missing(db) -> None:
    application = draft_application()
    with pytest.raises(Refused) as refused:
        send(application)
    assert refused.value.reasons == [
        "Non puoi ancora inviare. Mancano: «L'ente e chi lo rappresenta», «Chi partecipa», «Esperienza e radicamento», "
        "«Lo Spazio proposto», «La proposta», «Il gruppo di lavoro», «Monitoraggio e impatto», «Piano economico», "
        "«Dichiarazioni», «Allegati»."
    ]


def test_a_draft_that_no_longer_fits_the_rules_is_not_frozen(application: Application) -> None:
    """``problems`` is what was found at the time; what is frozen is read once more."""
    draft = application.drafts.get(section="esperienza")
    draft.answers["anni-di-attivita"] = "tanti"
    draft.save(update_fields=["answers"])
    with pytest.raises(Refused, match="«Esperienza e radicamento» è da correggere"):
        send(application)


@pytest.mark.parametrize("stranger", [person, official])
def test_only_the_body_sends(application: Application, stranger) -> None:
    with pytest.raises(Refused) as refused:
        send(application, by=stranger())
    assert refused.value.reasons == ["Lo può fare solo chi rappresenta l'ente."]


@pytest.mark.parametrize(("moment", "withdrawn"), [(DEADLINE, True), (AFTER, False)])
def test_withdrawing_is_possible_until_the_deadline(application: Application, moment: datetime, withdrawn: bool) -> None:
    send(application)
    if withdrawn:
        withdraw(application, by=application.created_by, at=moment)
    else:
        with pytest.raises(Refused):
            withdraw(application, by=application.created_by, at=moment)
    application.refresh_from_db()
    assert application.state == ("withdrawn" if withdrawn else "submitted")


def test_after_withdrawing_the_body_may_start_again(application: Application) -> None:
    first = send(application)
    withdraw(application, by=application.created_by, at=WORKDAY)
    by, body = application.created_by, application.organisation
    again = complete_draft(start_application(application.call, "area-1", body, by=by, at=WORKDAY))
    send(again)
    assert again.number != application.number
    with pytest.raises(Refused):
        submit(application, reviewed=first.reviewed, by=by, at=WORKDAY)


def test_one_application_per_body_and_area(application: Application) -> None:
    by, body = application.created_by, application.organisation
    with pytest.raises(Refused) as refused:
        start_application(application.call, "area-1", body, by=by, at=WORKDAY)
    assert refused.value.reasons == [f"«{body}» ha già una domanda per questa area: continua quella."]
    assert start_application(application.call, "area-2", body, by=by, at=WORKDAY).pk


def test_two_bodies_get_two_numbers(application: Application) -> None:
    other = complete_draft(draft_application(application.call))
    send(application)
    send(other)
    assert application.number.startswith("SW-2021-")
    assert int(other.number[-5:]) == int(application.number[-5:]) + 1


# --- the pages --------------------------------------------------------------------------------------------------------


@pytest.fixture
def client(application: Application) -> Client:
    client = Client()
    client.force_login(application.created_by)
    return client


def url(name: str, application: Application) -> str:
    return reverse(f"application_{name}", args=[application.pk])


def test_the_review_shows_the_button_or_the_reasons(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        ready = client.get(url("review", application)).content.decode()
        remove_attachment(application.attachments.get(rule="statuto"), by=application.created_by, at=WORKDAY)
        not_ready = client.get(url("review", application)).content.decode()
    assert (ready.count("Invia la domanda"), not_ready.count("Invia la domanda")) == (1, 0)
    assert "Carica: Statuto e atto costitutivo." in not_ready
    assert "Non puoi ancora inviare: manca «Allegati»." in not_ready


def test_the_review_says_everything_that_will_be_sent(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        page = client.get(url("review", application)).content.decode()
    for words in ("Via Capuana 3, 20156 Milano", "Municipio 9", "40.000,00\u00a0€", "Trovare ascolto", "statuto.pdf"):
        assert words in page, words
    for attachment in application.attachments.select_related("document"):
        assert attachment.document.sha256 in page


def test_a_stale_review_is_shown_again_and_says_why(client: Client, application: Application) -> None:
    reviewed = fingerprint(application)
    change(application)
    with arriving(WORKDAY):
        answer = client.post(url("submit", application), {"reviewed": reviewed})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "La domanda, o quello che l&#x27;avviso chiede, è cambiata dopo che l&#x27;hai riletta" in page
    assert "Un altro titolo" in page
    assert f'value="{fingerprint(application)}"' in page


def test_a_late_sending_is_told_so_and_changes_nothing(client: Client, application: Application) -> None:
    with arriving(AFTER):
        answer = client.post(url("submit", application), {"reviewed": fingerprint(application)})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Il termine è scaduto: la domanda non si può più inviare." in page
    assert "Domanda non inviata" in page
    assert not Submission.objects.exists()


def test_both_clicks_of_a_double_click_lead_to_the_receipt(client: Client, application: Application) -> None:
    reviewed = fingerprint(application)
    with arriving(WORKDAY):
        answers = [client.post(url("submit", application), {"reviewed": reviewed}) for _click in range(2)]
        assert [answer["Location"] for answer in answers] == [url("receipt", application)] * 2
        assert "non c'è niente di nuovo da inviare" in client.get(url("review", application)).content.decode().replace(
            "&#x27;", "'"
        )
    assert application.steps.count() == 1


def test_reloading_the_address_of_the_sending_sends_nothing(client: Client, application: Application) -> None:
    with arriving(WORKDAY):
        assert client.get(url("submit", application))["Location"] == url("review", application)
    assert not Submission.objects.exists()


def test_withdrawing_asks_whether_it_is_meant(client: Client, application: Application) -> None:
    send(application)
    with arriving(WORKDAY):
        assert "Per ritirare la domanda spunta la casella." in client.post(url("withdraw", application)).content.decode()
        answer = client.post(url("withdraw", application), {"sure": "on"})
        assert answer["Location"] == reverse("application", args=[application.pk])
        assert "Domanda ritirata" in client.get(answer["Location"]).content.decode()


def test_a_late_withdrawal_is_told_so(client: Client, application: Application) -> None:
    send(application)
    with arriving(AFTER):
        answer = client.post(url("withdraw", application), {"sure": "on"})
    assert answer.status_code == 409
    assert "Il termine è scaduto" in answer.content.decode()


@pytest.mark.parametrize("name", ["review", "submit", "withdraw", "receipt", "receipt_pdf"])
def test_strangers_and_officials_find_nothing(application: Application, name: str) -> None:
    send(application)
    with arriving(WORKDAY):
        for user in (person(), official()):
            other = Client()
            other.force_login(user)
            assert other.post(url(name, application)).status_code == 404, user.email
        assert Client().get(url(name, application)).status_code == 302


@pytest.mark.parametrize("members", [0, 1, 2])
def test_queries_of_the_review_do_not_grow(db, members: int) -> None:
    application = certified(members=members).application if members else complete_draft(draft_application())
    client = Client()
    client.force_login(application.created_by)
    with arriving(WORKDAY), CaptureQueriesContext(connection) as captured:
        assert client.get(reverse("application_review", args=[application.pk])).status_code == 200
    # Session, user, application, drafts, files, participants; who writes, who sends, who writes again.
    assert len(captured) == 9


@pytest.mark.parametrize("sections", [1, 8])
def test_queries_of_a_sending_do_not_grow(client: Client, sections: int) -> None:
    area = "area-1" if sections == 8 else "area-2"
    application = complete_draft(draft_application(Application.objects.get().call, area))
    for _file in range(sections - 1):
        attach_pdf(application, "lettere-della-rete")
    client.force_login(application.created_by)
    reviewed = fingerprint(application)
    with arriving(WORKDAY), CaptureQueriesContext(connection) as captured:
        assert client.post(url("submit", application), {"reviewed": reviewed}).status_code == 302
    assert len(captured) == 21


@pytest.mark.parametrize("signed", [True, False])
def test_a_page_that_asks_for_json_gets_the_receipt_the_reasons_or_the_way_to_sign_in(db, signed: bool) -> None:
    application = complete_draft(draft_application())
    client = Client()
    if signed:
        client.force_login(application.created_by)
    url, reviewed = reverse("application_submit", args=[application.pk]), fingerprint(application)

    def press(at, said):
        with arriving(at):
            response = client.post(url, {"reviewed": said}, headers={"Accept": "application/json"})
        return response.status_code, response.json()

    if not signed:
        back = f"/accesso/accedi/?next=%2Fdomande%2F{application.pk}%2Friepilogo%2F"
        assert press(WORKDAY, reviewed) == (401, {"sign_in": back})
        return
    late = ["Il termine è scaduto: la domanda non si può più inviare."]
    assert press(AFTER, reviewed) == (409, {"reasons": late})
    status, told = press(WORKDAY, "un'altra")
    assert (status, list(told)) == (409, ["reasons"])
    receipt = {"receipt": reverse("application_receipt", args=[application.pk])}
    assert [press(WORKDAY, reviewed), press(AFTER, reviewed)] == [(200, receipt)] * 2
    assert application.submissions.count() == 1
