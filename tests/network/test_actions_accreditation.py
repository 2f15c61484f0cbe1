from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Membership, Role
from bando.deadlines import rome
from documents.uploads import Unacceptable
from network import actions
from network.models import Accreditation, AccreditationNotice, Service
from network.written_at_once import BothWrote
from tests.builders import body, official, person, small_pdf
from tests.builders_catalogue import REQUIREMENTS, catalogue
from tests.history import history
from workflow.duties import pay
from workflow.transition import Refused

pytestmark = pytest.mark.django_db

NOON = rome(2022, 5, 3, 12)
LATER = rome(2022, 5, 4, 12)
DECLARED = {"r1": {"declared": True, "text": "RUNTS 123"}, "r2": {"declared": True, "text": ""}}
MET = {"r1": {"met": True, "note": ""}, "r2": {"met": True, "note": "Letto."}}
UNMET = {"r1": {"met": True, "note": ""}, "r2": {"met": False, "note": "Un anno solo."}}
BOTH = ["Qualcun altro ha cambiato lo stesso testo. Qui sotto trovi il suo e il tuo: uniscili e salva."]
ASKED = [{key: one[key] for key in ("title", "hint", "needs_file")} for one in REQUIREMENTS]


@pytest.fixture
def office():
    return official()


@pytest.fixture
def chief():
    return person(name="Rita Rappresenta")


@pytest.fixture
def coop(chief):
    return body("La Lucerna", by=chief)


@pytest.fixture
def notice(office):
    row = written(office)
    actions.open_notice(row, by=office, at=NOON)
    return row


def written(office, **changes):
    details = {"title": "Accreditamento", "text": "Chi può.", "requirements": ASKED, "valid_months": 36, "closes_at": None}
    return actions.save_notice(None, **{**details, **changes}, by=office, at=NOON)


def pdf(name="runts.pdf"):
    return SimpleUploadedFile(name, small_pdf(name), "application/pdf")


def declared(notice, coop, by, at=NOON):
    row = actions.begin_accreditation(notice, coop, by=by, at=at)
    actions.save_accreditation(row, DECLARED, by=by, at=at)
    if not row.files.exists():
        actions.attach_to_accreditation(row, "r1", pdf(), by=by, at=at)
    return row


def sent(notice, coop, by, at=NOON):
    row = declared(notice, coop, by, at)
    actions.send_accreditation(row, by=by, at=at)
    return row


def accredited(notice, coop, by, office, at=NOON):
    row = sent(notice, coop, by, at)
    actions.check_accreditation(row, MET, by=office, at=at)
    actions.accredit(row, by=office, at=at)
    return row


def refused(act, *args, **kwargs):
    with pytest.raises(Refused) as found:
        act(*args, **kwargs)
    return found.value.reasons


# The notice


@pytest.mark.parametrize(
    ("changes", "reasons"),
    [
        ({"requirements": []}, ["Prima di aprire scrivi: almeno un requisito."]),
        ({"title": " ", "text": ""}, ["Prima di aprire scrivi: il titolo, che cosa dice."]),
        ({"closes_at": NOON}, ["Il giorno della chiusura è già passato: cambialo, oppure lascialo vuoto."]),
    ],
)
def test_a_notice_opens_whole(office, changes, reasons):
    row = written(office, **changes)
    assert refused(actions.open_notice, row, by=office, at=NOON) == reasons
    assert history(row) == []


def test_an_open_notice_stays_as_it_was_read(notice, office):
    assert refused(actions.save_notice, notice, requirements=[], by=office, at=LATER, title="Altro") == [
        "L'avviso è già stato aperto: il testo e i requisiti non cambiano più. Chiudilo e scrivine uno nuovo."
    ]
    actions.close_notice(notice, by=office, at=LATER, reason="Posti esauriti.")
    assert not notice.is_open(LATER)
    actions.open_notice(notice, by=office, at=LATER)
    assert (notice.is_open(LATER), history(notice)) == (True, ["open", "close", "open"])


def test_only_the_office_writes_a_notice(chief, office):
    assert refused(written, chief) == ["Lo può fare solo chi lavora nell'ufficio."]
    row = written(office)
    assert refused(actions.open_notice, row, by=chief, at=NOON) == ["Lo può fare solo chi lavora nell'ufficio."]


# What a body declares


def test_a_body_is_accredited(notice, coop, chief, office):
    row = accredited(notice, coop, chief, office)
    row = Accreditation.objects.get(pk=row.pk)
    assert (row.state, row.valid_until, row.sent_at, row.decided_at) == ("accredited", date(2025, 5, 3), NOON, NOON)
    assert history(row) == ["send", "accredit"]
    assert list(Accreditation.objects.in_force(date(2025, 5, 3))) == [row]
    assert list(Accreditation.objects.in_force(date(2025, 5, 4))) == []


@pytest.mark.parametrize(
    ("answers", "with_file", "reasons"),
    [
        ({}, True, ["Manca ancora: «Iscrizione al RUNTS»: la dichiarazione; «Esperienza di due anni»: la dichiarazione."]),
        (DECLARED, False, ["Manca ancora: «Iscrizione al RUNTS»: il file."]),
        ({**DECLARED, "r2": {"declared": False}}, True, ["Manca ancora: «Esperienza di due anni»: la dichiarazione."]),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_sent(notice, coop, chief, answers, with_file, reasons):
    row = actions.begin_accreditation(notice, coop, by=chief, at=NOON)
    actions.save_accreditation(row, answers, by=chief, at=NOON)
    if with_file:
        actions.attach_to_accreditation(row, "r1", pdf(), by=chief, at=NOON)
    assert refused(actions.send_accreditation, row, by=chief, at=NOON) == reasons
    assert Accreditation.objects.get().state == "draft"


def test_whoever_works_for_the_body_writes_and_who_represents_it_sends(notice, coop, chief):
    helper = person(name="Carlo Collabora")
    Membership.objects.create(user=helper, organisation=coop, role=Role.COLLABORATOR)
    row = declared(notice, coop, helper)
    assert refused(actions.send_accreditation, row, by=helper, at=NOON) == [
        "Lo invia solo chi rappresenta l'ente: chiedi a Rita Rappresenta (legale rappresentante)."
    ]
    actions.send_accreditation(row, by=chief, at=NOON)
    assert history(row) == ["send"]


def test_where_nobody_represents_the_body_one_reads_what_to_do(notice, coop, chief):
    row = declared(notice, coop, chief)
    coop.memberships.update(role=Role.REFERENT)
    assert refused(actions.send_accreditation, row, by=chief, at=NOON) == [
        "Lo invia solo chi rappresenta l'ente. Nessuna delle sue persone ha questo ruolo: cambialo tra le persone dell'ente."
    ]


def test_a_stranger_neither_begins_nor_writes(notice, coop, chief):
    stranger, row = person(), declared(notice, coop, chief)
    no = ["Lo può fare solo chi lavora per l'ente."]
    assert refused(actions.begin_accreditation, notice, coop, by=stranger, at=NOON) == no
    assert refused(actions.save_accreditation, row, {}, by=stranger, at=NOON) == no
    assert refused(actions.attach_to_accreditation, row, "r1", pdf(), by=stranger, at=NOON) == no
    assert refused(actions.detach_from_accreditation, row.files.get(), by=stranger, at=NOON) == no
    assert refused(actions.send_accreditation, row, by=stranger, at=NOON) == no


def test_a_request_is_begun_once(notice, coop, chief):
    first = actions.begin_accreditation(notice, coop, by=chief, at=NOON)
    assert actions.begin_accreditation(notice, coop, by=chief, at=LATER) == first


def test_what_is_sent_does_not_change(notice, coop, chief):
    row = sent(notice, coop, chief)
    no = ["La richiesta è già inviata. Per cambiarla, prima riprendila."]
    assert refused(actions.save_accreditation, row, {}, by=chief, at=NOON) == no
    assert refused(actions.attach_to_accreditation, row, "r1", pdf(), by=chief, at=NOON) == no
    assert refused(actions.detach_from_accreditation, row.files.get(), by=chief, at=NOON) == no
    assert Accreditation.objects.get().answers == DECLARED


def test_a_request_is_taken_back_until_the_office_begins_to_check(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    actions.take_back_accreditation(row, by=chief, at=NOON)
    actions.send_accreditation(row, by=chief, at=LATER)
    actions.check_accreditation(row, {"r1": MET["r1"]}, by=office, at=LATER)
    assert refused(actions.take_back_accreditation, row, by=chief, at=LATER) == [
        "L'ufficio ha già cominciato il controllo: aspetta l'esito."
    ]
    assert history(row) == ["send", "take_back", "send"]


@pytest.mark.parametrize(
    ("at", "reasons"),
    [(LATER, []), (LATER + timedelta(microseconds=1), ["L'avviso di accreditamento non è aperto: guarda se ce n'è un altro."])],
)
def test_the_closing_moment_is_in_time(office, coop, chief, at, reasons):
    notice = written(office, closes_at=LATER)
    actions.open_notice(notice, by=office, at=NOON)
    row = declared(notice, coop, chief)
    if reasons:
        assert refused(actions.send_accreditation, row, by=chief, at=at) == reasons
        assert refused(actions.begin_accreditation, notice, body(by=chief), by=chief, at=at) == reasons
    else:
        actions.send_accreditation(row, by=chief, at=at)
        assert history(row) == ["send"]


@pytest.mark.parametrize(
    ("code", "upload", "reasons"),
    [
        ("r9", pdf, ["Questo requisito non c'è nell'avviso."]),
        ("r1", None, ["Per ogni requisito bastano 5 file: togline uno, poi riprova."]),
    ],
)
def test_a_file_goes_with_a_requirement_of_the_notice_and_there_are_not_too_many(notice, coop, chief, code, upload, reasons):
    row = actions.begin_accreditation(notice, coop, by=chief, at=NOON)
    for number in range(0 if upload else 5):
        actions.attach_to_accreditation(row, code, pdf(f"{number}.pdf"), by=chief, at=NOON)
    assert refused(actions.attach_to_accreditation, row, code, pdf(), by=chief, at=NOON) == reasons


def test_a_file_of_another_kind_is_not_taken(notice, coop, chief):
    row = actions.begin_accreditation(notice, coop, by=chief, at=NOON)
    with pytest.raises(Unacceptable):
        actions.attach_to_accreditation(row, "r1", SimpleUploadedFile("a.pdf", b"niente"), by=chief, at=NOON)
    assert row.files.count() == 0


# What the office finds


@pytest.mark.parametrize(
    ("checks", "accredit", "refuse"),
    [
        ({}, ["Prima controlla: «Iscrizione al RUNTS», «Esperienza di due anni»."], None),
        ({"r1": MET["r1"]}, ["Prima controlla: «Esperienza di due anni»."], ["Prima controlla: «Esperienza di due anni»."]),
        (UNMET, ["Non è rispettato: «Esperienza di due anni»."], []),
        (MET, [], ["Nessun requisito risulta mancante: segna quale non è rispettato."]),
    ],
)
def test_the_decision_follows_what_was_found(notice, coop, chief, office, checks, accredit, refuse):
    row = sent(notice, coop, chief)
    actions.check_accreditation(row, checks, by=office, at=LATER)
    if accredit:
        assert refused(actions.accredit, row, by=office, at=LATER) == accredit
    if refuse:
        assert refuse[0] in refused(actions.refuse_accreditation, row, by=office, at=LATER, reason="Manca.")
    elif refuse == []:
        actions.refuse_accreditation(row, by=office, at=LATER, reason="Manca un anno.")
        assert history(row) == ["send", "refuse"]


def test_a_refusal_has_its_reason(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    actions.check_accreditation(row, UNMET, by=office, at=LATER)
    assert refused(actions.refuse_accreditation, row, by=office, at=LATER, reason=" ") == [
        "Scrivi il motivo: resta nella storia dell'atto."
    ]


def test_after_a_refusal_a_new_request_has_what_was_declared_and_its_files(notice, coop, chief, office):
    first = sent(notice, coop, chief)
    actions.check_accreditation(first, UNMET, by=office, at=LATER)
    actions.refuse_accreditation(first, by=office, at=LATER, reason="Manca un anno.")
    second = actions.begin_accreditation(notice, coop, by=chief, at=LATER)
    assert second != first
    assert (second.answers, second.checks) == (DECLARED, {})
    assert [file.document for file in second.files.all()] == [file.document for file in first.files.all()]
    actions.detach_from_accreditation(second.files.get(), by=chief, at=LATER)
    assert first.files.count() == 1
    assert refused(actions.check_accreditation, first, MET, by=office, at=LATER) == [
        "Si controlla una richiesta inviata, prima della decisione."
    ]


def test_only_the_office_checks_and_decides(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    no = ["Lo può fare solo chi lavora nell'ufficio."]
    assert refused(actions.check_accreditation, row, MET, by=chief, at=NOON) == no
    actions.check_accreditation(row, MET, by=office, at=NOON)
    assert refused(actions.accredit, row, by=chief, at=NOON) == no
    actions.accredit(row, by=office, at=NOON)
    assert refused(actions.end_accreditation, row, by=chief, at=NOON, reason="Basta.") == no


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2022, 5, 3), 36, date(2025, 5, 3)),
        (date(2022, 1, 31), 1, date(2022, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2022, 12, 31), 1, date(2023, 1, 31)),
        (date(2022, 11, 30), 1, date(2022, 12, 30)),
    ],
)
def test_months_end_on_a_day_that_there_is(day, months, expected):
    assert actions.accreditation.months_after(day, months) == expected


# Its end


def of(coop, row):
    """Ten services of a body under ``row``."""
    catalogue(services=10)
    Service.objects.update(organisation=coop, accreditation=row)


def test_an_ended_accreditation_takes_its_services_with_it(notice, coop, chief, office):
    row = accredited(notice, coop, chief, office)
    of(coop, row)
    assert Service.objects.public(LATER.date()).count() == 10
    actions.end_accreditation(row, by=office, at=LATER, reason="L'ente ha chiuso.")
    assert Service.objects.public(LATER.date()).count() == 0
    assert Service.objects.filter(state="published").count() == 10


@pytest.mark.parametrize(
    ("at", "public"), [(rome(2025, 5, 3, 23, 59), 10), (rome(2025, 5, 4), 0)], ids=["its last minute", "midnight"]
)
def test_an_accreditation_is_over_by_itself(notice, coop, chief, office, at, public):
    row = accredited(notice, coop, chief, office)
    of(coop, row)
    while pay(at):
        pass
    assert Service.objects.public(at.date()).count() == public
    assert history(row) == (["send", "accredit"] if public else ["send", "accredit", "expire"])


def test_nobody_lets_an_accreditation_expire_by_hand_or_early(notice, coop, chief, office):
    row = accredited(notice, coop, chief, office)
    assert refused(actions.expire_accreditation, row, at=LATER) == ["L'accreditamento vale ancora."]


@pytest.mark.parametrize(("is_over", "follow"), [(True, 10), (False, 0)], ids=["over", "in force"])
def test_services_under_another_notice_follow_a_new_accreditation_once_theirs_is_over(
    notice, coop, chief, office, is_over, follow
):
    of(coop, old := accredited(notice, coop, chief, office))
    if is_over:
        actions.end_accreditation(old, by=office, at=LATER, reason="L'ente ha chiuso.")
    other = written(office, title="Un altro avviso")
    actions.open_notice(other, by=office, at=NOON)
    new = accredited(other, coop, chief, office, LATER)
    assert Service.objects.filter(accreditation=new).count() == follow
    assert Service.objects.public(LATER.date()).count() == 10


@pytest.mark.parametrize(("at", "allowed"), [(rome(2025, 2, 1, 12), False), (rome(2025, 2, 3, 12), True)])
def test_an_accreditation_is_renewed_in_its_last_three_months_and_the_services_stay_public(
    notice, coop, chief, office, at, allowed
):
    row = accredited(notice, coop, chief, office)
    of(coop, row)
    if not allowed:
        assert refused(actions.begin_accreditation, notice, coop, by=chief, at=at) == [
            "L'ente è accreditato fino al 3 maggio 2025. Puoi chiedere il rinnovo negli ultimi 90 giorni."
        ]
        return
    renewed = accredited(notice, coop, chief, office, at)
    assert Service.objects.public(date(2028, 2, 3)).count() == 10
    assert (renewed != row, Service.objects.public(date(2028, 2, 4)).count()) == (True, 0)


# The mails


def mails(mailoutbox):
    return [(mail.subject, mail.to) for mail in mailoutbox]


def test_the_people_of_the_body_are_told_of_the_outcome(notice, coop, chief, office, mailoutbox):
    first = sent(notice, coop, chief)
    actions.check_accreditation(first, UNMET, by=office, at=NOON)
    actions.refuse_accreditation(first, by=office, at=NOON, reason="Manca un anno.")
    while pay(NOON):
        pass
    assert mails(mailoutbox) == [("Esito della richiesta di accreditamento di La Lucerna", [chief.email])]
    assert "Motivo: Manca un anno." in mailoutbox[0].body
    accredited(notice, coop, chief, office, LATER)
    while pay(LATER):
        pass
    assert mails(mailoutbox)[1:] == [("La Lucerna è accreditato", [chief.email])]
    assert "fino al 4 maggio 2025" in mailoutbox[1].body


@pytest.mark.parametrize(
    ("ended", "renewed", "expected"),
    [
        (False, False, ["L'accreditamento di La Lucerna finisce il 3 maggio 2025"]),
        (True, False, []),
        (False, True, []),
    ],
)
def test_a_month_before_the_end_the_body_is_warned_unless_it_need_not_be(
    notice, coop, chief, office, mailoutbox, ended, renewed, expected
):
    row = accredited(notice, coop, chief, office)
    before, warned = rome(2025, 4, 3, 7), rome(2025, 4, 3, 8)
    if ended:
        actions.end_accreditation(row, by=office, at=LATER, reason="L'ente ha chiuso.")
    if renewed:
        accredited(notice, coop, chief, office, rome(2025, 3, 1, 9))
    while pay(before):
        pass
    mailoutbox.clear()
    while pay(warned):
        pass
    assert [mail.subject for mail in mailoutbox] == expected


def test_the_body_is_told_why_its_accreditation_ends(notice, coop, chief, office, mailoutbox):
    row = accredited(notice, coop, chief, office)
    actions.end_accreditation(row, by=office, at=LATER, reason="L'ente ha chiuso.")
    while pay(LATER):
        pass
    assert mails(mailoutbox)[1:] == [("L'accreditamento di La Lucerna è concluso", [chief.email])]
    assert "Motivo: L'ente ha chiuso." in mailoutbox[1].body


# Two people at once


def test_two_people_of_a_body_lose_nothing_of_what_each_declared(notice, coop, chief):
    row = actions.begin_accreditation(notice, coop, by=chief, at=NOON)
    one, other = Accreditation.objects.get(pk=row.pk), Accreditation.objects.get(pk=row.pk)
    actions.save_accreditation(one, {"r1": DECLARED["r1"]}, by=chief, at=NOON)
    actions.save_accreditation(other, {"r2": DECLARED["r2"]}, by=chief, at=LATER)
    assert Accreditation.objects.get(pk=row.pk).answers == DECLARED
    mine = {**DECLARED, "r1": {"declared": True, "text": "RUNTS 456"}}
    with pytest.raises(BothWrote) as found:
        actions.save_accreditation(other, mine, by=chief, at=LATER)
    assert (found.value.reasons, found.value.verdicts) == (BOTH, {"r1": "both", "r2": "same"})
    assert Accreditation.objects.get(pk=row.pk).answers == DECLARED


def test_what_somebody_else_wrote_is_read_before_it_is_sent(notice, coop, chief):
    row = declared(notice, coop, chief)
    read = {**DECLARED, "r2": {"declared": True, "text": "Due anni."}}
    assert refused(actions.send_accreditation, row, by=chief, at=NOON, seen=read) == [
        "Nel frattempo qualcuno ha cambiato la richiesta: rileggila, poi inviala."
    ]
    actions.send_accreditation(row, by=chief, at=NOON, seen=DECLARED)
    assert history(row) == ["send"]


def test_two_officials_lose_nothing_of_what_each_found(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    one, other = Accreditation.objects.get(pk=row.pk), Accreditation.objects.get(pk=row.pk)
    actions.check_accreditation(one, {"r1": UNMET["r1"]}, by=office, at=NOON)
    actions.check_accreditation(other, {"r2": UNMET["r2"]}, by=office, at=LATER)
    assert Accreditation.objects.get(pk=row.pk).checks == UNMET
    assert refused(actions.check_accreditation, one, MET, by=office, at=LATER) == BOTH
    actions.check_accreditation(Accreditation.objects.get(pk=row.pk), {"r1": MET["r1"]}, by=office, at=LATER)
    assert Accreditation.objects.get(pk=row.pk).checks == {"r1": MET["r1"]}  # who reads it may take a finding away


def test_what_somebody_else_found_is_read_before_it_is_decided(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    actions.check_accreditation(row, UNMET, by=office, at=NOON)
    again = ["Nel frattempo qualcuno ha cambiato il controllo: rileggilo, poi decidi."]
    assert refused(actions.refuse_accreditation, row, by=office, at=LATER, reason="No.", seen=MET) == again
    actions.refuse_accreditation(row, by=office, at=LATER, reason="No.", seen=UNMET)
    assert history(row) == ["send", "refuse"]


def test_accrediting_is_of_the_checks_that_were_read(notice, coop, chief, office):
    row = sent(notice, coop, chief)
    actions.check_accreditation(row, MET, by=office, at=NOON)
    again = ["Nel frattempo qualcuno ha cambiato il controllo: rileggilo, poi decidi."]
    assert refused(actions.accredit, row, by=office, at=LATER, seen={**MET, "r2": {"met": True, "note": ""}}) == again
    actions.accredit(row, by=office, at=LATER, seen=MET)
    assert history(row) == ["send", "accredit"]


def test_two_officials_write_one_notice(office):
    row = written(office)
    one, other = AccreditationNotice.objects.get(pk=row.pk), AccreditationNotice.objects.get(pk=row.pk)
    actions.save_notice(one, requirements=ASKED[:1], by=office, at=NOON, title="Accreditamento 2022")
    actions.save_notice(other, requirements=ASKED, by=office, at=LATER, title="Accreditamento", text="Chi vuole.")
    now = AccreditationNotice.objects.get(pk=row.pk)
    assert (now.title, now.text, now.requirements) == ("Accreditamento 2022", "Chi vuole.", REQUIREMENTS[:1])
    assert refused(actions.save_notice, other, requirements=ASKED, by=office, at=LATER, title="Altro") == BOTH
    assert AccreditationNotice.objects.get(pk=row.pk).title == "Accreditamento 2022"
