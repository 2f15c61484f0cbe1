"""The life of a table: who sits at it, its sessions, their minutes, how it ends and begins again."""

import json
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Organisation
from applications.merging import fingerprint as fingerprint_of_unit
from applications.states import ApplicationState as A
from documents.models import Scan
from documents.uploads import Unacceptable
from evaluation.models import Ranking
from evaluation.states import RankingState
from network.actions import (
    approve_table_minutes,
    cancel_table_session,
    change_table_attendance,
    close_table_session,
    conclude_table,
    decide,
    draft_agreement,
    drop_decision,
    join_table,
    leave_table,
    open_table,
    open_table_session,
    publish_table_minutes,
    reopen_table,
    save_table_minutes,
    sign_table_minutes,
)
from network.models import Agreement, SignedMinutes, Table, TablePartner, TableSession
from network.states import AgreementState, TableSessionState, TableState
from network.table_minutes import Standing, fingerprint, signings, told, told_to_all
from tests import road, signing
from tests.builders import person, small_pdf
from tests.builders_amending import revoke
from tests.builders_table import (
    HOUR,
    OPENED,
    PLANNED,
    RANKED,
    approved,
    begun,
    fresh,
    held,
    opened,
    pdf_of,
    planned,
    present,
    ranked,
    seat_of,
    user_of,
)
from tests.history import history
from tests.together import together
from workflow.duties import pay
from workflow.models import Duty, LedgerEntry
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

LATER = OPENED + timedelta(days=1)
SECOND = PLANNED + timedelta(days=14)


def bodies(table):
    return [seat.organisation.name for seat in table.partners.seated().order_by("organisation__name")]


# Who sits


@pytest.mark.parametrize(
    ("mode", "sit"),
    [
        ("selected", ["Associazione Compagna", "Coop Prima", "Coop Seconda"]),
        ("eligible", ["Associazione Compagna", "Coop Attesa", "Coop Bassa", "Coop Prima", "Coop Seconda"]),
        ("merged", ["Associazione Compagna", "Coop Attesa", "Coop Bassa", "Coop Prima", "Coop Seconda"]),
    ],
)
def test_the_call_says_who_sits_at_its_table(mode, sit):
    seats = opened(mode)
    assert (bodies(seats.table), seats.table.state, history(seats.table)) == (sit, TableState.OPEN, ["open"])
    assert [seat.leads for seat in seats.table.partners.filter(application=seats.first)] == [True, False]


def test_the_table_of_the_road_has_the_body_that_was_selected():
    way = road.published()
    table = open_table(way.call, "area-1", by=way.office, at=road.PUBLISHED + HOUR)
    assert bodies(table) == [way.application.organisation.name]
    assert draft_agreement(way.fresh(), at=road.SIGNED).application == way.application


def test_the_office_leaves_a_proposal_out_only_with_a_reason():
    seats = ranked("eligible")
    sit = [seats.first, seats.second, seats.waiting]
    with pytest.raises(Refused) as refused:
        open_table(seats.call, "area-1", applications=sit, left_out={seats.below.pk: " "}, by=seats.office, at=OPENED)
    assert refused.value.reasons == [f"Scrivi perché non siedono al tavolo: {seats.below.number}."]
    assert not Table.objects.exists()
    reasons = {seats.below.pk: "Non raggiunge la soglia dell'avviso."}
    table = open_table(seats.call, "area-1", applications=sit, left_out=reasons, by=seats.office, at=OPENED)
    assert bodies(table) == ["Associazione Compagna", "Coop Attesa", "Coop Prima", "Coop Seconda"]
    assert table.steps.get().facts["left_out"] == {seats.below.number: "Non raggiunge la soglia dell'avviso."}


def no_final_ranking(seats):
    Ranking.objects.update(state=RankingState.PROVISIONAL)


def a_revoked_call(seats):
    revoke(seats.call, by=seats.office, at=RANKED, reason="Mancano i fondi.")


def a_table_already(seats):
    open_table(seats.call, "area-1", by=seats.office, at=OPENED)


def nobody_selected(seats):
    for row in (seats.first, seats.second):
        row.state = A.RENOUNCED
        row.save()


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (no_final_ranking, "Il tavolo si apre dopo la graduatoria definitiva: pubblicala prima."),
        (a_revoked_call, "L'avviso è revocato: il tavolo è fermo."),
        (a_table_already, "Il tavolo di quest'area c'è già."),
        (nobody_selected, "Nessuna proposta di quest'area può sedere al tavolo: senza enti il tavolo non si apre."),
    ],
)
def test_a_table_opens_once_after_the_final_ranking_with_somebody_at_it(after, reason):
    seats = ranked()
    after(seats)
    seats.call.refresh_from_db()
    with pytest.raises(Refused) as refused:
        open_table(seats.call, "area-1", by=seats.office, at=OPENED)
    assert refused.value.reasons == [reason]


def test_nobody_sits_whom_the_call_does_not_foresee():
    seats = ranked()
    with pytest.raises(Refused) as refused:
        open_table(seats.call, "area-1", applications=[seats.first, seats.second, seats.below], by=seats.office, at=OPENED)
    assert refused.value.reasons == [f"Queste domande non possono sedere al tavolo: {seats.below.number}."]
    with pytest.raises(Refused, match="Scegli almeno una proposta"):
        open_table(seats.call, "area-1", applications=[], by=seats.office, at=OPENED)
    with pytest.raises(Refused, match="Lo può fare solo"):
        open_table(seats.call, "area-1", by=person(), at=OPENED)


def test_who_takes_a_place_that_was_given_again_joins_and_hears_of_the_sessions_to_come(smtp_server):
    seats = opened()
    planned(seats)
    with pytest.raises(Refused) as refused:
        join_table(seats.table, seats.waiting, reason="Scorrimento.", by=seats.office, at=LATER)
    assert refused.value.reasons == [
        f"La domanda {seats.waiting.number} non può sedere al tavolo: «Idonea, in lista d'attesa»."
    ]
    seats.waiting.state = A.SELECTED
    seats.waiting.save()
    join_table(seats.table, seats.waiting, reason="Scorrimento dopo la rinuncia.", by=seats.office, at=LATER)
    assert bodies(seats.table) == ["Associazione Compagna", "Coop Attesa", "Coop Prima", "Coop Seconda"]
    with pytest.raises(Refused, match="siede già al tavolo"):
        join_table(seats.table, seats.waiting, reason="Ancora.", by=seats.office, at=LATER)
    pay(LATER)
    told_to = [to for to in smtp_server.recipients if seats.waiting.organisation.pec in to]
    assert told_to == [sorted([user_of(seats.waiting.organisation).email, seats.waiting.organisation.pec])]


def test_a_body_leaves_with_a_reason_and_may_come_back():
    seats = opened()
    partner = seat_of(seats, seats.second)
    with pytest.raises(Refused, match="Scrivi il motivo"):
        leave_table(partner, reason=" ", by=seats.office, at=LATER)
    leave_table(partner, reason="Ha rinunciato.", by=seats.office, at=LATER)
    assert bodies(seats.table) == ["Associazione Compagna", "Coop Prima"]
    assert Table.objects.visible_to(user_of(seats.second.organisation)).count() == 0
    with pytest.raises(Refused, match="non siede più al tavolo"):
        leave_table(partner, reason="Ancora.", by=seats.office, at=LATER)
    join_table(seats.table, seats.second, reason="Ha ritirato la rinuncia.", by=seats.office, at=LATER)
    assert [Table.objects.visible_to(user_of(seats.second.organisation)).count(), TablePartner.objects.count()] == [1, 3]
    assert history(seats.table) == ["open", "change_partners", "change_partners"]


# Calling a session


def test_a_session_is_called_and_each_body_hears_of_it_in_a_mail_of_its_own(smtp_server):
    seats = opened()
    session = planned(seats)
    pay(OPENED)
    assert (session.number, session.state, history(session)) == (1, TableSessionState.PLANNED, ["plan"])
    assert sorted(smtp_server.recipients) == sorted(
        sorted([user_of(body).email, body.pec]) for body in (seats.first.organisation, seats.partner, seats.second.organisation)
    )
    mail = smtp_server.messages[0]
    assert mail["Subject"] == "Tavolo di co-progettazione: incontro n. 1, 11/01/2022, 14:30"
    words = mail.get_body().get_content().replace("\r\n", "\n")
    assert ("Sala 3, via Larga 12" in words, "Il progetto\nIl budget" in words) == (True, True)
    (calendar,) = mail.iter_attachments()
    assert (calendar.get_filename(), calendar.get_content_type()) == ("incontro-1.ics", "text/calendar")
    lines = calendar.get_content().splitlines()
    assert ("DTSTART:20220111T133000Z" in lines, "STATUS:CONFIRMED" in lines) == (True, True)


def test_a_session_is_called_off_with_a_reason_and_leaves_the_calendar(smtp_server):
    seats = opened()
    session = planned(seats)
    with pytest.raises(Refused, match="Scrivi il motivo"):
        cancel_table_session(session, reason="", by=seats.office, at=LATER)
    cancel_table_session(session, reason="La sala non è libera.", by=seats.office, at=LATER)
    pay(LATER)  # the invitations were not sent yet, and are not any more
    assert (session.state, len(smtp_server.messages)) == (TableSessionState.CANCELLED, 3)
    mail = smtp_server.messages[0]
    assert "La sala non è libera." in mail.get_body().get_content()
    assert "STATUS:CANCELLED" in next(mail.iter_attachments()).get_content()
    assert planned(seats, at=LATER).number == 2


@pytest.mark.parametrize(("before", "refuses"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_a_session_is_called_for_an_hour_to_come(before, refuses):
    seats = opened()
    if refuses:
        with pytest.raises(Refused, match="Il giorno e l'ora dell'incontro sono già passati: scegline altri"):
            planned(seats, at=PLANNED - before)
        assert not TableSession.objects.exists()
    else:
        assert planned(seats, at=PLANNED - before).number == 1


# Opening it, deciding, closing it


@pytest.mark.parametrize(("before", "refuses"), [(timedelta(microseconds=1), True), (timedelta(0), False)])
def test_a_session_opens_at_the_hour_that_was_announced(before, refuses):
    seats = opened()
    session = planned(seats)
    if refuses:
        with pytest.raises(Refused, match="si apre all'ora annunciata, non prima"):
            open_table_session(session, present(seats), by=seats.office, at=PLANNED - before)
    else:
        open_table_session(session, present(seats), by=seats.office, at=PLANNED - before)
        assert (session.state, session.presences.count()) == (TableSessionState.OPEN, 4)
        assert "Carla" not in json.dumps(session.steps.get(act="open").facts)  # who was there is in the minutes alone


def without_the_office(seats):
    return {party: people for party, people in present(seats).items() if party is not None}


def without_the_bodies(seats):
    return {None: [("Rita Responsabile", "")], seat_of(seats, seats.first).pk: []}


def with_who_left(seats):
    leave_table(seat_of(seats, seats.second), reason="Ha rinunciato.", by=seats.office, at=LATER)
    return present(seats)


@pytest.mark.parametrize(
    ("here", "reason"),
    [
        (without_the_office, "Manca l'amministrazione: scrivi chi la rappresenta."),
        (without_the_bodies, "Non c'è nessun ente: scrivi chi è presente, oppure annulla l'incontro."),
        (with_who_left, "Uno degli enti non siede più al tavolo: ricarica la pagina e controlla le presenze."),
    ],
)
def test_a_session_needs_the_administration_and_a_body_of_the_table(here, reason):
    seats = opened()
    session = planned(seats)
    with pytest.raises(Refused) as refused:
        open_table_session(session, here(seats), by=seats.office, at=PLANNED)
    assert refused.value.reasons == [reason]
    assert not session.presences.exists()


def test_one_session_is_open_at_a_time():
    seats = opened()
    first, second = begun(seats), planned(seats, when=SECOND)
    with pytest.raises(Refused) as refused:
        open_table_session(second, present(seats), by=seats.office, at=SECOND)
    assert refused.value.reasons == ["L'incontro n. 1 è ancora aperto: chiudilo prima di aprirne un altro."]
    close_table_session(first, by=seats.office, at=SECOND)
    open_table_session(second, present(seats), by=seats.office, at=SECOND)
    assert second.state == TableSessionState.OPEN


def test_who_comes_late_is_written_while_the_session_is_open():
    seats = opened()
    session = begun(seats)
    later = {**present(seats), seat_of(seats, seats.partner).pk: [("Nina Volontaria", "volontaria")]}
    change_table_attendance(session, later, by=seats.office, at=PLANNED + HOUR)
    assert [row.name for row in session.presences.all()] == [
        "Rita Responsabile",
        "Carla Presidente",
        "Ivo Educatore",
        "Dario Direttore",
        "Nina Volontaria",
    ]
    close_table_session(session, by=seats.office, at=PLANNED + HOUR)
    with pytest.raises(Refused, match="Adesso non si può fare: lo stato è «Tenuto»"):
        change_table_attendance(session, present(seats), by=seats.office, at=PLANNED + HOUR)


def test_decisions_are_counted_written_anew_and_kept_with_who_disagrees():
    seats = opened()
    session = begun(seats)
    decide(session, text="Si apre la mattina.", by=seats.office, at=PLANNED)
    decide(session, text="Un budget solo.", against="Coop Seconda: costa troppo.", by=seats.office, at=PLANNED)
    decide(session, text="Si apre anche il sabato.", number=1, by=seats.office, at=PLANNED)
    assert [(row.number, row.text, row.against) for row in session.decisions.all()] == [
        (1, "Si apre anche il sabato.", ""),
        (2, "Un budget solo.", "Coop Seconda: costa troppo."),
    ]
    for wrong, reason in [
        ({"text": " "}, "Scrivi che cosa è stato deciso."),
        ({"text": "A", "number": 3}, "La decisione n. 3 non c'è."),
    ]:
        with pytest.raises(Refused) as refused:
            decide(session, **wrong, by=seats.office, at=PLANNED)
        assert refused.value.reasons == [reason]
    assert history(session) == ["plan", "open", "decide", "decide", "decide"]


def test_a_decision_is_written_once_and_taken_out_while_the_session_is_open():
    seats = opened()
    session = begun(seats)
    act = {"by": seats.office, "at": PLANNED}
    for text in ("Si apre la mattina.", "Un budget solo.", "Si apre il sabato."):
        decide(session, text=text, **act)
    for typed in ({"text": " si apre  la mattina."}, {"text": "Si apre la mattina.", "number": 3}):
        with pytest.raises(Refused) as refused:
            decide(session, **typed, **act)
        assert refused.value.reasons == ["È già scritto nella decisione n. 1: se vuoi, correggi quella."]
    decide(session, text="Si apre la mattina.", against="Coop Prima: è presto.", number=1, **act)
    drop_decision(session, 2, **act)
    with pytest.raises(Refused, match=r"La decisione n\. 2 non c'è"):
        drop_decision(session, 2, **act)
    with pytest.raises(Refused, match="Lo può fare solo"):
        drop_decision(session, 3, by=user_of(seats.first.organisation), at=PLANNED)
    decide(session, text="Un budget solo.", **act)
    assert list(session.decisions.values_list("number", "text")) == [
        (1, "Si apre la mattina."),
        (3, "Si apre il sabato."),
        (4, "Un budget solo."),
    ]
    assert session.steps.get(act="drop_decision").facts == {"number": 2, "text": "Un budget solo.", "against": ""}
    close_table_session(session, by=seats.office, at=PLANNED + HOUR)
    with pytest.raises(Refused, match="Adesso non si può fare: lo stato è «Tenuto»"):
        drop_decision(session, 4, by=seats.office, at=PLANNED + HOUR)


# The minutes


def test_the_draft_of_the_minutes_is_what_happened():
    seats = opened()
    session = held(seats, decisions=[("Si apre la mattina.", ""), ("Un budget solo.", "Coop Seconda: costa troppo.")])
    said = told(session)
    assert [(party.name, party.people) for party in said.parties] == [
        ("Comune di prova", (("Rita Responsabile", "responsabile del procedimento"),)),
        ("Coop Prima", (("Carla Presidente", "presidente"), ("Ivo Educatore", ""))),
        ("Coop Seconda", (("Dario Direttore", "direttore"),)),
    ]
    assert (said.absent, said.agenda, said.text) == (("Associazione Compagna",), ("Il progetto", "Il budget"), "")
    assert [(row.number, row.text, row.against) for row in said.decisions] == [
        (1, "Si apre la mattina.", ""),
        (2, "Un budget solo.", "Coop Seconda: costa troppo."),
    ]


def test_who_joins_after_a_session_was_not_absent_from_it():
    seats = opened()
    session = held(seats)
    seats.waiting.state = A.SELECTED
    seats.waiting.save()
    join_table(seats.table, seats.waiting, reason="Scorrimento.", by=seats.office, at=SECOND)
    leave_table(seat_of(seats, seats.partner), reason="Ha rinunciato.", by=seats.office, at=SECOND)
    assert told(session).absent == ("Associazione Compagna",)


def test_of_two_who_write_the_minutes_at_once_nobody_loses_a_word():
    seats = opened()
    session = held(seats)
    shown = [fingerprint_of_unit({})]
    assert save_table_minutes(session, "Il mio testo.", shown, by=seats.office, at=SECOND).conflicts == []
    theirs = save_table_minutes(session, "Un altro testo.", shown, by=seats.office, at=SECOND)
    assert (theirs.conflicts, fresh(session).minutes.text) == (["text"], "Il mio testo.")
    again = [fingerprint_of_unit({"text": "Il mio testo."})]
    assert save_table_minutes(session, "Uno e l'altro.", again, by=seats.office, at=SECOND).conflicts == []
    assert (fresh(session).minutes.text, fresh(session).minutes.version) == ("Uno e l'altro.", 2)


def test_minutes_are_approved_as_they_were_read_and_change_no_more(smtp_server):
    seats = opened()
    session = held(seats)
    save_table_minutes(session, "Una postilla.", [fingerprint_of_unit({})], by=seats.office, at=SECOND)
    with pytest.raises(Refused) as refused:
        approve_table_minutes(session, seen=0, by=seats.office, at=SECOND)
    assert refused.value.reasons == ["Nel frattempo qualcuno ha cambiato il verbale. Rileggilo e poi approvalo."]
    approve_table_minutes(session, seen=1, by=seats.office, at=SECOND)
    assert session.steps.get(act="approve_minutes").facts == {"sha256": fingerprint(fresh(session)), "version": 1}
    for act in (
        lambda: save_table_minutes(session, "Ancora.", [], by=seats.office, at=SECOND),
        lambda: approve_table_minutes(session, seen=1, by=seats.office, at=SECOND),
    ):
        with pytest.raises(Refused, match="Il verbale è approvato e non cambia più"):
            act()
    while pay(SECOND):
        pass
    asked = [
        to for to, mail in zip(smtp_server.recipients, smtp_server.messages, strict=True) if "Da firmare" in mail["Subject"]
    ]
    assert sorted(asked) == sorted(
        sorted([user_of(row.organisation).email, row.organisation.pec]) for row in (seats.first, seats.second)
    )


def test_who_leaves_joins_again_or_takes_another_name_changes_nothing_of_minutes(smtp_server):
    seats = opened()
    session = held(seats)
    before, said = fingerprint(session), told(session)
    later = session.closed_at + HOUR
    for seat in seats.table.partners.filter(application=seats.first):
        leave_table(seat, reason="Esce per un mese.", by=seats.office, at=later)
    join_table(seats.table, seats.first, reason="Torna.", by=seats.office, at=later + HOUR)
    Organisation.objects.filter(pk__in=[seats.partner.pk, seats.first.organisation_id]).update(name="Altro nome")
    approve_table_minutes(session, seen=0, by=seats.office, at=later + 2 * HOUR)
    session = fresh(session)
    assert (fingerprint(session), told(session)) == (before, said)
    assert (session.steps.get(act="approve_minutes").facts["sha256"], said.absent) == (before, ("Associazione Compagna",))
    assert [sign.party.name for sign in signings(session.minutes)] == ["Comune di prova", "Coop Prima", "Coop Seconda"]


# Their signatures


@pytest.fixture
def signed_by():
    """``signed_by(session, name)``: the approved PDF with a PAdES signature of somebody of that name."""
    authority = signing.authority("Autorità di prova")

    def signed_by(session, surname="Presidente", given_name="Carla"):
        code = f"TINIT-{surname[:3].upper()}CRL80A01F205X"
        who = signing.person(authority, given_name, surname, code)
        return signing.pades(pdf_of(session), who, at=session.closed_at + HOUR)

    return signed_by


def file(content, name="verbale.pdf"):
    return SimpleUploadedFile(name, content)


def standings(session):
    return [(sign.party.name, sign.standing) for sign in signings(fresh(session).minutes)]


def test_each_party_that_was_there_signs_and_its_signature_is_read(signed_by):
    seats = opened()
    session = approved(seats)
    at = session.closed_at + 2 * HOUR
    sign_table_minutes(
        session, file(signed_by(session)), partner=seat_of(seats, seats.first), by=user_of(seats.first.organisation), at=at
    )
    assert standings(session) == [
        ("Comune di prova", Standing.MISSING),
        ("Coop Prima", Standing.READING),
        ("Coop Seconda", Standing.MISSING),
    ]
    while pay(at):
        pass
    assert standings(session)[1] == ("Coop Prima", Standing.SIGNED)
    sentences = signings(fresh(session).minutes)[1].sentences
    assert sentences[0] == "È il verbale approvato, senza cambiamenti."
    assert sentences[1].startswith("Firmato da Carla Presidente (codice fiscale PRECRL80A01F205X)")
    sign_table_minutes(session, file(signed_by(session)), partner=None, by=seats.office, at=at)
    envelope = signing.cades(pdf_of(session), signing.person(signing.authority("Autorità di prova")), at=at)
    kept = sign_table_minutes(
        session, file(envelope, "verbale.pdf.p7m"), partner=seat_of(seats, seats.second), by=seats.office, at=at
    )
    while pay(at):
        pass
    assert SignedMinutes.objects.get(pk=kept.pk).copy == "prepared"
    assert [standing for _name, standing in standings(session)] == [Standing.SIGNED] * 3
    Scan.objects.create(document=kept.document, verdict="infected", finding="Eicar", at=at)
    assert [standing for _name, standing in standings(session)] == [Standing.SIGNED, Standing.SIGNED, Standing.BLOCKED]
    assert signings(fresh(session).minutes)[2].sentences == [
        "Il file contiene un virus: nessuno lo può aprire e non conta come firmato. Carica un'altra copia."
    ]


def another_file(session):
    return small_pdf("Altro")


def the_same_without_a_signature(session):
    return pdf_of(session)


def another_signed_file(session):
    who = signing.person(signing.authority("Autorità di prova"))
    return signing.pades(small_pdf("Altro"), who, at=session.closed_at)


@pytest.mark.parametrize(
    ("brings", "standing", "same"),
    [
        (another_file, Standing.OTHER, "È un altro file, non il verbale approvato."),
        (another_signed_file, Standing.OTHER, "È un altro file, non il verbale approvato."),
        (the_same_without_a_signature, Standing.UNSIGNED, "È il verbale approvato, senza cambiamenti."),
    ],
)
def test_a_file_that_is_not_the_signed_minutes_is_kept_and_told_apart(signed_by, brings, standing, same):
    seats = opened()
    session = approved(seats)
    at = session.closed_at + 2 * HOUR
    partner, by = seat_of(seats, seats.first), user_of(seats.first.organisation)
    sign_table_minutes(session, file(brings(session)), partner=partner, by=by, at=at)
    while pay(at):
        pass
    assert standings(session)[1] == ("Coop Prima", standing)
    assert signings(fresh(session).minutes)[1].sentences[0].startswith(same)
    sign_table_minutes(session, file(signed_by(session)), partner=partner, by=by, at=at)
    while pay(at):
        pass
    assert (standings(session)[1], SignedMinutes.objects.count()) == (("Coop Prima", Standing.SIGNED), 2)


def test_only_who_was_there_signs_and_each_for_its_own(signed_by):
    seats = opened()
    session = approved(seats)
    at = session.closed_at + 2 * HOUR
    content = signed_by(session)
    first, second = seats.first.organisation, seats.second.organisation
    for partner, by, reason in [
        (seat_of(seats, seats.second), user_of(first), "Carica il verbale firmato dal tuo ente."),
        (None, user_of(first), "Carica il verbale firmato dal tuo ente."),
        (seat_of(seats, seats.partner), user_of(seats.partner), "Il verbale lo firma chi era presente all'incontro."),
        (seat_of(seats, seats.second), person(), "Lo può fare solo l'ufficio o chi lavora per un ente del tavolo."),
    ]:
        with pytest.raises(Refused) as refused:
            sign_table_minutes(session, file(content), partner=partner, by=by, at=at)
        assert refused.value.reasons == [reason]
    with pytest.raises(Unacceptable):
        sign_table_minutes(session, file(b"ciao", "a.txt"), partner=seat_of(seats, seats.second), by=user_of(second), at=at)
    assert not SignedMinutes.objects.exists()


def test_minutes_are_signed_once_their_pdf_is_there():
    seats = opened()
    session = held(seats)
    partner, by = seat_of(seats, seats.first), user_of(seats.first.organisation)
    for _moment in ("a draft", "approved, and the PDF owed"):
        with pytest.raises(Refused) as refused:
            sign_table_minutes(session, file(small_pdf()), partner=partner, by=by, at=SECOND)
        assert refused.value.reasons == ["Il PDF del verbale non è ancora pronto: torna tra un minuto."]
        if fresh(session).minutes.approved_at is None:
            approve_table_minutes(session, seen=0, by=seats.office, at=SECOND)


# Their publication


def publish(session, *, by, agenda="Il progetto", text="", decisions=None, weighed=False):
    said = {1: ("Si apre la mattina.", "")} if decisions is None else decisions
    publish_table_minutes(session, agenda=agenda, text=text, decisions=said, weighed=weighed, by=by, at=SECOND)


def test_minutes_are_published_without_the_persons_and_once():
    seats = opened()
    session = held(seats, decisions=[("Si apre la mattina.", "Coop Seconda: no.")])
    with pytest.raises(Refused) as refused:
        publish(session, by=seats.office)
    assert refused.value.reasons == ["Il verbale è ancora una bozza: approvalo prima."]
    approve_table_minutes(session, seen=0, by=seats.office, at=SECOND)
    publish(session, by=seats.office, decisions={1: ("Si apre la mattina.", "Una cooperativa.")})
    said = told_to_all(fresh(session))
    assert [(party.name, party.people) for party in said.parties] == [
        ("Comune di prova", ()),
        ("Coop Prima", ()),
        ("Coop Seconda", ()),
    ]
    assert ([row.against for row in said.decisions], said.agenda) == (["Una cooperativa."], ("Il progetto",))
    with pytest.raises(Refused, match="Questo verbale è già pubblicato"):
        publish(session, by=seats.office)


def test_what_the_office_keeps_back_is_told_to_have_been_decided_and_contested():
    seats = opened()
    session = held(seats, decisions=[("Si apre la mattina.", ""), ("Un budget solo.", "Coop Seconda: no.")])
    approve_table_minutes(session, seen=0, by=seats.office, at=SECOND)
    publish(session, by=seats.office, decisions={1: ("Si apre la mattina.", "")})
    assert [(row.number, row.text, row.against, row.is_contested) for row in told_to_all(fresh(session)).decisions] == [
        (1, "Si apre la mattina.", "", False),
        (2, "", "", True),
    ]


@pytest.mark.parametrize(
    "typed",
    [
        {"agenda": "Chiamare 333 1234567"},
        {"text": "Scrivere a anna@esempio.it"},
        {"decisions": {1: ("Versare su IT60X0542811101000000123456", "")}},
        {"decisions": {1: ("Sì.", "Contraria RSSMRA80A01F205X")}},
    ],
)
def test_what_looks_like_personal_data_is_weighed_before_it_leaves(typed):
    seats = opened()
    session = held(seats)
    approve_table_minutes(session, seen=0, by=seats.office, at=SECOND)
    with pytest.raises(Refused) as refused:
        publish(session, by=seats.office, **typed)
    assert refused.value.reasons == ["Nel testo sembrano esserci dati personali. Toglili, oppure conferma che possono uscire."]
    publish(session, by=seats.office, weighed=True, **typed)
    assert fresh(session).minutes.published_at == SECOND


# How it ends


def with_a_planned_session(seats):
    planned(seats, when=SECOND + 100 * HOUR)


def with_an_open_session(seats):
    begun(seats, when=SECOND)


def with_minutes_to_approve(seats):
    held(seats, when=SECOND)


def with_two_minutes_to_approve(seats):
    held(seats, when=SECOND)
    held(seats, when=SECOND + HOUR)


@pytest.mark.parametrize(
    ("after", "reason"),
    [
        (with_a_planned_session, "L'incontro n. 2 è convocato: tienilo o annullalo prima."),
        (with_an_open_session, "L'incontro n. 2 è ancora aperto: chiudilo prima."),
        (with_minutes_to_approve, "Il verbale dell'incontro n. 2 non è approvato: approvalo prima."),
        (with_two_minutes_to_approve, "I verbali degli incontri n. 2, 3 non sono approvati: approvali prima."),
    ],
)
def test_a_table_is_concluded_once_nothing_is_left_to_say(after, reason):
    seats = opened()
    approved(seats)
    after(seats)
    with pytest.raises(Refused) as refused:
        conclude_table(seats.table, conclusion="Un progetto unico.", by=seats.office, at=SECOND + 3 * HOUR)
    assert refused.value.reasons == [reason]


def test_a_table_lives_two_sessions_ends_and_is_reopened_while_the_agreement_runs():
    seats = opened("merged")
    approved(seats)
    approved(seats, when=SECOND, decisions=[("Un progetto unico.", "")])
    after = SECOND + 5 * HOUR
    with pytest.raises(Refused, match="Scrivi come si conclude il tavolo"):
        conclude_table(seats.table, conclusion=" ", by=seats.office, at=after)
    conclude_table(seats.table, conclusion="Un progetto unico di quattro enti.", by=seats.office, at=after)
    assert (seats.table.state, seats.table.conclusion) == (TableState.CONCLUDED, "Un progetto unico di quattro enti.")
    with pytest.raises(Refused) as refused:
        planned(seats, when=after + HOUR, at=after)
    assert refused.value.reasons == ["Il tavolo è concluso: riaprilo prima di convocare o tenere un incontro."]
    with pytest.raises(Refused, match="Scrivi il motivo"):
        reopen_table(seats.table, reason="", by=seats.office, at=after)
    reopen_table(seats.table, reason="Servono due sportelli in più.", by=seats.office, at=after)
    assert (seats.table.state, seats.table.conclusion, seats.table.concluded_at) == (TableState.OPEN, "", None)
    assert planned(seats, when=after + HOUR, at=after).number == 3
    assert history(seats.table) == ["open", "conclude", "reopen"]


@pytest.mark.parametrize(("state", "refuses"), [(AgreementState.DRAFT, False), (AgreementState.ENDED, True)])
def test_a_table_is_not_reopened_once_its_agreements_are_over(state, refuses):
    way = road.agreed()
    table = open_table(way.call, "area-1", by=way.office, at=road.SIGNED + HOUR)
    conclude_table(table, conclusion="Una convenzione.", by=way.office, at=road.SIGNED + HOUR)
    Agreement.objects.update(state=state)
    if refuses:
        with pytest.raises(Refused) as refused:
            reopen_table(table, reason="Altri bisogni.", by=way.office, at=road.SIGNED + 2 * HOUR)
        assert refused.value.reasons == ["Le convenzioni nate da questo tavolo sono concluse: il tavolo non si riapre."]
    else:
        reopen_table(table, reason="Altri bisogni.", by=way.office, at=road.SIGNED + 2 * HOUR)
        assert table.state == TableState.OPEN


def test_every_act_is_in_the_ledger_and_none_of_them_names_a_person():
    seats = opened()
    approved(seats)
    entries = LedgerEntry.objects.filter(kind__startswith="network.table").order_by("pk")
    assert [entry.act for entry in entries] == ["open", "plan", "open", "decide", "close", "approve_minutes"]
    assert [name for name in ("Rita", "Carla", "Ivo", "Dario") if any(name in entry.content for entry in entries)] == []


# Several at the same moment


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_a_session_at_once_one_does_and_so_with_its_minutes():
    seats = opened()
    session = begun(seats)
    later = PLANNED + HOUR

    def both(act, **facts):
        acts = [lambda: act(TableSession.objects.get(pk=session.pk), by=seats.office, at=later, **facts)] * 2
        return sorted(type(one).__name__ for one in together(*acts))

    assert both(close_table_session) == ["Refused", "TableSessionStep"]
    assert both(approve_table_minutes, seen=0) == ["Refused", "TableSessionStep"]
    assert Duty.objects.filter(name="network.table_minutes_pdf").count() == 1
