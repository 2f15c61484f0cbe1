"""The sessions of the commission and their minutes, from the call to the publication."""

from datetime import timedelta
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from applications.merging import fingerprint as fingerprint_of_unit
from bando.deadlines import rome
from evaluation.actions import (
    approve_minutes,
    cancel_session,
    change_attendance,
    close_evaluation,
    close_session,
    declare,
    finish_sheet,
    open_session,
    plan_session,
    publish_minutes,
    reopen_evaluation,
    reopen_sheet,
    save_minutes,
)
from evaluation.minutes import Hidden, fingerprint, told
from evaluation.models import MemberRole, Minutes, Session, SessionKind, Sheet
from evaluation.states import SessionState
from tests.builders import official, person, small_pdf
from tests.builders_amending import revoke
from tests.builders_evaluation import (
    MARKED_AT,
    RANKED_AT,
    admitted,
    commission,
    mark,
    mark_all,
    marking,
    same,
    small_call,
)
from tests.clock import arriving
from tests.history import history
from tests.together import together
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
PLANNED = MARKED_AT + HOUR
OPENED = PLANNED + timedelta(minutes=5)


def text(response):
    return unescape(response.content.decode())


@pytest.fixture
def call():
    return small_call()


@pytest.fixture
def made(call):
    return commission(call, secretary=True)


def chair_of(made):
    return made.members.get(role=MemberRole.CHAIR).user


def secretary_of(made):
    return made.members.get(role=MemberRole.SECRETARY).user


def planned(made, *, kind=SessionKind.RESERVED, area="area-1", at=MARKED_AT, by=None, when=PLANNED):
    about = {"place": "Sala 3, via Larga 12", "agenda": "Esame delle proposte."}
    return plan_session(made, kind=kind, area_code=area, planned_at=when, **about, by=by or chair_of(made), at=at)


def everybody(made):
    return {member.pk: "" for member in made.members.seated()}


def opened(made, *, without=(), at=OPENED, **facts):
    session = planned(made, **facts)
    present = {pk: note for pk, note in everybody(made).items() if pk not in without}
    open_session(session, present, by=secretary_of(made), at=at)
    return session


def closed(made, *, at=OPENED + HOUR, **facts):
    session = opened(made, **facts)
    close_session(session, by=secretary_of(made), at=at)
    return Session.objects.select_related("minutes", "commission__call__version").get(pk=session.pk)


def words(minutes, hidden=Hidden()):  # noqa: B008 - it is frozen
    return [line.text for line in told(minutes, hidden).lines]


# Calling a session


def test_sessions_are_counted_and_their_acts_recorded(made):
    first, second = planned(made), planned(made, by=official())
    assert [first.number, second.number] == [1, 2]
    assert (first.state, history(first)) == (SessionState.PLANNED, ["plan"])
    assert first.steps.get().facts["place"] == "Sala 3, via Larga 12"


@pytest.mark.parametrize("who", ["member", "stranger"])
def test_only_who_leads_and_the_office_call_a_session(made, who):
    by = marking(made)[1].user if who == "member" else person()
    with pytest.raises(Refused) as refused:
        planned(made, by=by)
    assert refused.value.reasons == ["Lo può fare solo chi presiede la commissione, chi fa da segretario o l'ufficio."]
    assert not Session.objects.exists()


@pytest.mark.parametrize(("before", "refuses"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_a_session_is_called_for_an_hour_to_come(made, before, refuses):
    if refuses:
        with pytest.raises(Refused, match="Il giorno e l'ora della seduta sono già passati: scegline altri"):
            planned(made, at=PLANNED - before)
    else:
        assert planned(made, at=PLANNED - before).number == 1


def test_no_session_is_called_in_a_revoked_call(call, made):
    revoke(call, by=official(), at=MARKED_AT, reason="Mancano i fondi.")
    made.refresh_from_db()
    with pytest.raises(Refused, match="L'avviso è «Revocato»: la valutazione è ferma"):
        planned(made)


def test_a_session_is_cancelled_with_a_reason_before_it_opens(made):
    session = planned(made)
    with pytest.raises(Refused, match="Scrivi il motivo"):
        cancel_session(session, reason="", by=official(), at=MARKED_AT)
    cancel_session(session, reason="La sala non è libera.", by=official(), at=MARKED_AT)
    assert session.state == SessionState.CANCELLED
    with pytest.raises(Refused, match="Adesso non si può fare"):
        open_session(session, everybody(made), by=chair_of(made), at=OPENED)


# Opening and closing it


def test_a_public_session_is_not_opened_before_its_hour_and_a_reserved_one_is(made):
    public, reserved = planned(made, kind=SessionKind.PUBLIC), planned(made)
    early = PLANNED - timedelta(microseconds=1)
    with pytest.raises(Refused, match="La seduta è pubblica: si apre all'ora annunciata, non prima"):
        open_session(public, everybody(made), by=chair_of(made), at=early)
    open_session(reserved, everybody(made), by=chair_of(made), at=early)
    close_session(reserved, by=chair_of(made), at=early)
    open_session(public, everybody(made), by=chair_of(made), at=PLANNED)
    assert (public.state, reserved.state) == (SessionState.OPEN, SessionState.CLOSED)


@pytest.mark.parametrize(
    ("here", "sentence"),
    [
        ((0, 1), None),
        ((0, 1, 2), None),
        ((0, 3), "I componenti che danno i punteggi sono 3 e i presenti sono 1: serve più della metà."),
        ((1, 2, 3), "Manca chi presiede. Se non può esserci, l'ufficio lo sostituisce; altrimenti rimanda la seduta."),
    ],
)
def test_a_session_needs_its_chair_and_more_than_half_of_who_marks(made, here, sentence):
    session, seats = planned(made), list(made.members.seated())
    present = {seats[place].pk: "" for place in here}
    if sentence is None:
        open_session(session, present, by=secretary_of(made), at=OPENED)
        assert session.attendances.filter(present=True).count() == len(here)
        assert session.attendances.count() == 4
        return
    with pytest.raises(Refused) as refused:
        open_session(session, present, by=secretary_of(made), at=OPENED)
    assert refused.value.reasons == [sentence]
    assert not session.attendances.exists()


def test_one_session_at_a_time_so_that_what_happens_has_its_minutes(made):
    opened(made)
    with pytest.raises(Refused, match=r"La seduta n\. 1 è ancora aperta: chiudila prima di aprirne un'altra"):
        opened(made)


@pytest.mark.django_db(transaction=True)
def test_of_sessions_opened_at_the_same_moment_one_is_open(made):
    pks = [planned(made).pk for _ in range(3)]
    here, chair = everybody(made), chair_of(made)
    together(*[lambda pk=pk: open_session(Session.objects.get(pk=pk), here, by=chair, at=OPENED) for pk in pks])
    assert Session.objects.filter(state=SessionState.OPEN).count() == 1


@pytest.mark.parametrize("who", ["member", "office"])
def test_a_session_is_led_by_its_chair_and_its_secretary_alone(made, who):
    by = marking(made)[1].user if who == "member" else official()
    session = opened(made)
    with pytest.raises(Refused) as refused:
        close_session(session, by=by, at=OPENED)
    assert refused.value.reasons == ["Lo può fare solo chi presiede la commissione o chi fa da segretario."]


def test_who_comes_late_is_counted(made):
    late = marking(made)[2]
    session = opened(made, without=[late.pk])
    change_attendance(session, everybody(made) | {late.pk: "Arriva alle 15:10."}, by=secretary_of(made), at=OPENED)
    row = session.attendances.get(member=late)
    assert (row.present, row.note, history(session)) == (True, "Arriva alle 15:10.", ["plan", "open", "attend"])


# The minutes


def test_the_minutes_are_drafted_from_what_happened_between_the_opening_and_the_closing(call, made):
    first, second, elsewhere = admitted(call, name="Alfa"), admitted(call, name="Beta"), admitted(call, "area-2", name="Gamma")
    chair, plain, last = marking(made)
    before = mark(chair, first, ["buono"] * 3, finish=False)
    session = opened(made)
    during = OPENED + timedelta(minutes=10)
    declare(plain, first, in_conflict=False, at=during)
    declare(plain, second, in_conflict=False, at=during)
    declare(last, second, in_conflict=True, note="È mia cugina.", at=during)
    declare(plain, elsewhere, in_conflict=False, at=during)
    finish_sheet(before, by=chair.user, at=during)
    close_session(session, by=secretary_of(made), at=OPENED + HOUR)
    one, two = f"{first.number} (Alfa)", f"{second.number} (Beta)"
    assert words(session.minutes) == [
        f"Commissaria 2 è in conflitto di interessi e non partecipa quando si parla di: {two}.",
        f"Commissaria 1 dichiara di non avere conflitti di interessi su: {one}, {two}.",
        f"Commissaria 2 dichiara un conflitto di interessi su: {two}.",
        f"Commissaria 0 conclude la scheda di: {one}.",
    ]
    assert "cugina" not in str(session.minutes.facts)
    assert not [fact for fact in session.minutes.facts if fact["kind"] == "scores"]


def test_the_session_that_closes_an_area_has_its_points_with_the_reasons(call, made):
    proposal = admitted(call, name="Alfa")
    mark_all(made, {proposal: [["buono"] * 3, ["buono"] * 3, ["ottimo"] * 3]})
    session = opened(made)
    close_evaluation(call, "area-1", by=chair_of(made), at=OPENED + timedelta(minutes=10))
    close_session(session, by=secretary_of(made), at=OPENED + HOUR)
    said = told(session.minutes, Hidden())
    assert [line.text for line in said.lines] == ["La valutazione dell'area «Area uno» è chiusa."]
    [score] = said.scores
    assert (score["number"], score["total"]) == (proposal.number, "86,67")
    assert [criterion["points"] for criterion in score["criteria"]] == ["17,33", "26,00", "43,33"]
    assert score["reasons"][0] == {"criterion": "Bisogni", "member": "Commissario 1", "reason": "Motivo di a1"}
    assert len(score["reasons"]) == 9


def test_two_who_write_at_once_lose_nothing(made):
    session = closed(made)
    shown = {"text": [fingerprint_of("")]}
    save_minutes(session, {"text": "Prima."}, shown, by=secretary_of(made), at=OPENED + HOUR)
    merged = save_minutes(session, {"text": "Seconda."}, shown, by=chair_of(made), at=OPENED + HOUR)
    minutes = Minutes.objects.get()
    assert (merged.conflicts, minutes.text, minutes.version) == (["text"], "Prima.", 1)
    again = save_minutes(
        session, {"text": "Tutte e due."}, {"text": [fingerprint_of("Prima.")]}, by=chair_of(made), at=RANKED_AT
    )
    minutes.refresh_from_db()
    assert (again.conflicts, minutes.text, minutes.version, minutes.saved_by) == ([], "Tutte e due.", 2, chair_of(made))


def fingerprint_of(said, unit="text"):
    return fingerprint_of_unit({unit: said})


def test_the_chair_approves_what_was_read_and_it_is_frozen_with_its_hash(made):
    session = closed(made)
    save_minutes(session, {"text": "Testo."}, {"text": [fingerprint_of("")]}, by=secretary_of(made), at=RANKED_AT)
    with pytest.raises(Refused, match="Il verbale lo approva chi presiede la commissione"):
        approve_minutes(session, seen=1, by=secretary_of(made), at=RANKED_AT)
    with pytest.raises(Refused, match=r"Nel frattempo qualcuno ha cambiato il verbale\. Rileggilo e poi approvalo"):
        approve_minutes(session, seen=0, by=chair_of(made), at=RANKED_AT)
    step = approve_minutes(session, seen=1, by=chair_of(made), at=RANKED_AT)
    minutes = Minutes.objects.select_related("session").get()
    assert (session.state, step.facts["sha256"]) == (SessionState.MINUTED, fingerprint(minutes))
    with pytest.raises(Refused, match="Adesso non si può fare"):
        save_minutes(session, {"text": "Altro."}, {"text": [fingerprint_of("Testo.")]}, by=secretary_of(made), at=RANKED_AT)
    while pay(RANKED_AT):
        pass
    minutes.refresh_from_db()
    assert minutes.document.name == "verbale-1-prova.pdf"
    assert minutes.public_document is None


def approved(made, *, said="Testo.", parts=None, **facts):
    session = closed(made, **facts)
    Minutes.objects.filter(session=session).update(text=said, parts=parts or {})
    session = Session.objects.select_related("minutes").get(pk=session.pk)
    approve_minutes(session, seen=0, by=chair_of(made), at=RANKED_AT)
    return session


RELEASE = {"text": "Testo.", "parts": {}, "reasons": False, "weighed": False}


def test_the_office_publishes_the_minutes_once_without_what_must_not_leave(made):
    session = approved(made, said="Chiamare Anna al 347 1234567.")
    release = RELEASE | {"by": official(), "at": RANKED_AT}
    with pytest.raises(Refused, match="Lo può fare solo chi lavora nell'ufficio"):
        publish_minutes(session, **(release | {"by": chair_of(made)}))
    with pytest.raises(Refused, match="Nel testo sembrano esserci dati personali"):
        publish_minutes(session, **(release | {"text": "Chiamare Anna al 347 1234567."}))
    publish_minutes(session, **(release | {"text": "Chiamare Anna."}))
    minutes = Minutes.objects.get()
    assert (minutes.text, minutes.public["text"]) == ("Chiamare Anna al 347 1234567.", "Chiamare Anna.")
    with pytest.raises(Refused, match="Questo verbale è già pubblicato"):
        publish_minutes(session, **release)


def test_minutes_that_hold_marks_wait_for_the_final_ranking(call, made):
    proposal = admitted(call)
    admitted(call, "area-2")  # so that the call goes on
    mark_all(made, {proposal: same(["buono"] * 3)})
    session = opened(made)
    close_evaluation(call, "area-1", by=chair_of(made), at=OPENED)
    close_session(session, by=chair_of(made), at=OPENED + HOUR)
    approve_minutes(session, seen=0, by=chair_of(made), at=OPENED + HOUR)
    with pytest.raises(
        Refused, match="Il verbale contiene i punteggi di «Area uno»: si pubblica dopo la graduatoria definitiva"
    ):
        publish_minutes(session, **RELEASE, by=official(), at=RANKED_AT)


# Who is in conflict


@pytest.fixture
def conflict(call, made):
    """A closed session on two proposals: who is in conflict with the second, and that second one."""
    first, second = admitted(call, name="Alfa"), admitted(call, name="Beta Segreta")
    members = marking(made)
    session = opened(made)
    for member in members:
        for proposal in (first, second):
            declare(member, proposal, in_conflict=member == members[2] and proposal == second, at=OPENED)
    close_session(session, by=chair_of(made), at=OPENED + HOUR)
    parts = {str(first.pk): "Su Alfa si è detto.", str(second.pk): "Sulla Beta si è detto."}
    Minutes.objects.filter(session=session).update(parts=parts, text="Apertura.")
    return members[2].user, members[1].user, second


def page(client, name, call, user, at=RANKED_AT, **post):
    client.force_login(user)
    with arriving(at):
        url = reverse(name, args=[call.slug, 1])
        return client.post(url, post) if post else client.get(url)


def test_who_is_in_conflict_reads_nothing_of_that_proposal_and_another_member_does(client, call, made, conflict):
    touched, free, second = conflict
    for name in ("commission_minutes", "commission_session"):
        hers = text(page(client, name, call, touched))
        assert "Beta" not in hers
        assert second.number not in hers
    assert "Beta Segreta" in text(page(client, "commission_minutes", call, free))
    assert "Su Alfa si è detto." in text(page(client, "commission_minutes", call, touched))


def test_after_the_publication_who_is_in_conflict_reads_what_everybody_reads(client, call, made, conflict):
    touched, free, second = conflict
    session = Session.objects.select_related("minutes").get()
    approve_minutes(session, seen=0, by=chair_of(made), at=RANKED_AT)
    while pay(RANKED_AT):
        pass
    pdf = "commission_minutes_pdf"
    assert page(client, pdf, call, touched).status_code == 404
    assert b"".join(page(client, pdf, call, free).streaming_content).startswith(b"%PDF-")
    assert "Beta" not in text(page(client, "commission_minutes", call, touched))
    parts = {str(second.pk): "Sulla Beta, omissis."}
    publish_minutes(session, **(RELEASE | {"parts": parts}), by=official(), at=RANKED_AT)
    assert "Sulla Beta, omissis." in text(page(client, "commission_minutes", call, touched))
    assert "Sulla Beta si è detto." not in text(page(client, "commission_minutes", call, touched))
    assert "Sulla Beta si è detto." in text(page(client, "commission_minutes", call, free))
    client.logout()
    public = client.get(reverse("public_minutes", args=[call.slug, 1]))
    assert "Sulla Beta, omissis." in text(public)


def test_a_chair_in_conflict_neither_reads_nor_overwrites_the_part_on_that_proposal(client, call, made):
    proposal = admitted(call, name="Beta Segreta")
    declare(marking(made)[0], proposal, in_conflict=True, at=MARKED_AT)
    session = closed(made)
    Minutes.objects.filter(session=session).update(parts={str(proposal.pk): "Detto."})
    shown = page(client, "commission_minutes", call, chair_of(made))
    assert "Beta" not in text(shown)
    typed = {str(proposal.pk): "Cambiato.", "text": "Mio."}
    bases = {str(proposal.pk): [fingerprint_of("Detto.", str(proposal.pk))], "text": [fingerprint_of("")]}
    save_minutes(session, typed, bases, by=chair_of(made), at=RANKED_AT)
    minutes = Minutes.objects.get()
    assert (minutes.text, minutes.parts) == ("Mio.", {str(proposal.pk): "Detto."})


def test_who_still_marks_does_not_read_the_marks_of_an_area_that_was_reopened(client, call, made):
    proposal = admitted(call, name="Alfa")
    mark_all(made, {proposal: same(["buono"] * 3)})
    session = opened(made)
    close_evaluation(call, "area-1", by=chair_of(made), at=OPENED)
    close_session(session, by=chair_of(made), at=OPENED + HOUR)
    reopen_evaluation(call, "area-1", by=official(), at=RANKED_AT, reason="Un errore.")
    member = marking(made)[1]
    reopen_sheet(Sheet.objects.get(member=member), by=member.user, at=RANKED_AT, reason="Rivedo.")
    assert "Motivo di a1" not in text(page(client, "commission_minutes", call, member.user))
    assert "Motivo di a1" in text(page(client, "commission_minutes", call, marking(made)[2].user))


def test_who_has_left_reads_no_session(client, call, made):
    leaving = marking(made)[1]
    closed(made)
    leaving.left_at = RANKED_AT
    leaving.save()
    assert [page(client, name, call, leaving.user).status_code for name in ("commission_session", "commission_minutes")] == [
        404,
        404,
    ]
    client.force_login(leaving.user)
    assert client.get(reverse("commission_sessions", args=[call.slug])).status_code == 404


# The pages


def test_the_office_calls_a_session_and_everybody_reads_of_a_public_one(client, call, made):
    client.force_login(official())
    address = reverse("desk_sessions", args=[call.slug])
    data = {"kind": "public", "area": "", "day": "4/11/2021", "time": "14:30", "place": "Sala Alessi", "agenda": "Apertura."}
    with arriving(MARKED_AT):
        assert "Scrivi dove si tiene la seduta." in text(client.post(address, data | {"place": ""}))
        assert client.post(address, data | {"day": "3/11/2021"}).status_code == 409
        assert client.post(address, data).headers["Location"] == address
        assert client.post(address, data | {"kind": "reserved", "place": "Stanza chiusa"}).status_code == 302
        client.logout()
        page = text(client.get(reverse("call", args=[call.slug])))
    assert "giovedì 4 novembre 2021, ore 14:30" in page
    assert "Sala Alessi" in page
    assert "Stanza chiusa" not in page
    assert "Nominata con l'atto n. 120/2021 del 20 ottobre 2021:" in page
    assert "Commissaria 0, Presidente" in page


def test_a_call_without_a_commission_announces_nothing(client, call):
    page = text(client.get(reverse("call", args=[call.slug])))
    assert "Nominata con l'atto" not in page
    assert "Sedute pubbliche" not in page


def test_the_secretary_takes_a_session_from_the_opening_to_the_minutes(client, call, made):
    planned(made)
    secretary = secretary_of(made)
    present = {f"present_{member.pk}": "on" for member in made.members.seated()}
    first = page(client, "commission_session", call, secretary, at=OPENED, open="1")
    assert first.status_code == 409
    assert "Manca chi presiede." in text(first)
    assert page(client, "commission_session", call, secretary, at=OPENED, open="1", **present).status_code == 302
    assert page(client, "commission_session", call, secretary, at=OPENED + HOUR, close="1").status_code == 302
    session = Session.objects.get()
    assert (session.state, session.opened_at, session.closed_at) == (SessionState.CLOSED, OPENED, OPENED + HOUR)
    base = {"version": 0, "base_text": fingerprint_of("")}
    assert page(client, "commission_minutes", call, secretary, text="Si è parlato.", **base).status_code == 302
    late = page(client, "commission_minutes", call, chair_of(made), text="Io dico altro.", **base)
    assert late.status_code == 409
    assert "Qualcun altro ha cambiato lo stesso testo." in text(late)
    assert "Si è parlato." in text(late)
    assert "Io dico altro.</textarea>" in text(late)
    base = {"version": 1, "base_text": fingerprint_of("Si è parlato.")}
    done = page(client, "commission_minutes", call, chair_of(made), text="Tutti d'accordo.", approve="1", **base)
    assert done.status_code == 302
    assert (Minutes.objects.get().text, Session.objects.get().state) == ("Tutti d'accordo.", SessionState.MINUTED)
    late = page(client, "commission_minutes", call, secretary, text="Dopo.", **base)
    assert (late.status_code, [one["lines"] for one in late.context["unsaved"]]) == (409, [["Dopo."]])


def test_a_part_on_a_proposal_is_added_from_the_page(client, call, made):
    proposal = admitted(call, name="Alfa")
    closed(made)
    base = {"version": 0, "base_text": fingerprint_of(""), "text": ""}
    blank = page(client, "commission_minutes", call, secretary_of(made), more="Detto.", **base)
    assert "Scegli di quale proposta parla questa parte." in text(blank)
    page(client, "commission_minutes", call, secretary_of(made), more="Detto.", about=str(proposal.pk), **base)
    assert Minutes.objects.get().parts == {str(proposal.pk): "Detto."}


def test_the_office_reads_what_looks_like_personal_data_and_publishes(client, call, made):
    approved(made, said="Scrivere a anna@esempio.it.")
    office = official()
    assert "Nel testo sembra esserci: un indirizzo e-mail." in text(page(client, "desk_minutes", call, office))
    refused = page(client, "desk_minutes", call, office, text="Scrivere a anna@esempio.it.")
    assert refused.status_code == 409
    assert page(client, "desk_minutes", call, office, text="Scrivere ad Anna.").status_code == 302
    while pay(RANKED_AT):
        pass
    client.logout()
    with arriving(RANKED_AT):
        public = client.get(reverse("public_minutes", args=[call.slug, 1]))
        pdf = client.get(reverse("public_minutes_pdf", args=[call.slug, 1]))
    assert "Scrivere ad Anna." in text(public)
    assert b"".join(pdf.streaming_content).startswith(b"%PDF-")


@pytest.mark.parametrize(("at", "status"), [(rome(2026, 12, 31, 23, 59, 59), 200), (rome(2027, 1, 1), 410)])
def test_after_five_years_the_minutes_are_asked_for(client, call, made, at, status):
    publish_minutes(approved(made), text="Testo.", parts={}, reasons=True, weighed=False, by=official(), at=RANKED_AT)
    while pay(RANKED_AT):
        pass
    with arriving(at):
        for name in ("public_minutes", "public_minutes_pdf"):
            response = client.get(reverse(name, args=[call.slug, 1]))
            assert (response.status_code, b"".join(response) != b"") == (status, True)


def test_the_signed_minutes_come_back_once_there_is_a_pdf_to_sign(client, call, made):
    session = approved(made)
    signed = SimpleUploadedFile("verbale.pdf", small_pdf("Verbale firmato"))
    early = page(client, "commission_minutes", call, secretary_of(made), sign="1", file=signed)
    assert early.status_code == 409
    while pay(RANKED_AT):
        pass
    signed.seek(0)
    plain = marking(made)[1].user
    assert page(client, "commission_minutes", call, plain, sign="1", file=signed).status_code == 409
    wrong = page(client, "commission_minutes", call, secretary_of(made), sign="1", file=SimpleUploadedFile("a.txt", b"Testo."))
    assert "non si apre come PDF o P7M" in text(wrong)
    assert "Scegli un file" in text(page(client, "commission_minutes", call, secretary_of(made), sign="1"))
    assert not session.steps.filter(act="sign_minutes").exists()
    signed.seek(0)
    assert page(client, "commission_minutes", call, secretary_of(made), sign="1", file=signed).status_code == 302
    minutes = Minutes.objects.select_related("signed").get()
    assert session.steps.get(act="sign_minutes").facts["sha256"] == minutes.signed.sha256
    back = page(client, "commission_minutes_signed", call, plain)
    assert b"".join(back.streaming_content) == small_pdf("Verbale firmato")


def test_what_is_not_published_is_nobodys(client, call, made):
    approved(made)
    for name in ("public_minutes", "public_minutes_pdf"):
        assert client.get(reverse(name, args=[call.slug, 1])).status_code == 404
