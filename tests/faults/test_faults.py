"""The fault table: what breaks, and that nothing is lost, nothing happens twice and a sentence says what to do.

Each row runs the web server of production on a PostgreSQL of its own and breaks one thing for real.
"""

from __future__ import annotations

import http.client

import pytest

from applications.merging import fingerprint
from tests.builders import small_pdf
from tests.faults.conftest import RULE
from tests.servers import smtp
from tests.servers.processes import free_port


def sending(case) -> dict[str, str]:
    return {"reviewed": case.review()}


def typing(words: str, *, over: str) -> dict[str, object]:
    """What the page sends while somebody types a title ``over`` the one that it showed."""
    return {"fields": {"titolo": {"typed": {"titolo": words}, "base": fingerprint({"titolo": over})}}, "version": 1}


def sent_once(case) -> bool:
    return (len(case.sendings), case.acts) == (1, ["submit"])


# The process dies between the commit and the answer


def test_a_server_killed_after_the_commit_of_a_sending_answers_the_same_number_to_the_second_press(case):
    with case.site.web():
        said = sending(case)
        case.site.arm("/invia/")
        with pytest.raises((http.client.HTTPException, OSError)):
            case.person.post(case.url("invia/"), said)
    assert sent_once(case)
    [number] = case.sendings
    with case.site.web():
        again = case.person.post(case.url("invia/"), said)
        assert (again.status, again.location) == (302, case.url("ricevuta/"))
        assert number in case.person.get(again.location).text
    assert (sent_once(case), case.sendings) == (True, [number])


def test_a_server_killed_after_the_commit_of_a_save_keeps_it_and_takes_the_same_again(case):
    url = case.url("sezioni/proposta/campi/")
    words = typing("Scritto prima della caduta", over=case.title)
    with case.site.web():
        case.site.arm("/campi/")
        with pytest.raises((http.client.HTTPException, OSError)):
            case.person.post_json(url, words)
    with case.site.web():
        again = case.person.post_json(url, words)
        assert (again.status, again.json["conflicts"]) == (200, [])
    assert case.title == "Scritto prima della caduta"


def test_a_server_killed_after_the_last_part_of_a_file_holds_it_once(case):
    content = small_pdf("Arrivato una volta")
    before = case.make_room()
    with case.site.web():
        begun = case.person.post_json(
            case.url("caricamenti/"), {"rule": RULE, "name": "unica.pdf", "size": len(content), "fingerprint": "f-1"}
        )
        assert begun.status == 201, begun.body
        where = begun.json["url"]
        case.site.arm(where)
        with pytest.raises((http.client.HTTPException, OSError)):
            case.person.post_bytes(where, content, Upload_Offset="0")
    with case.site.web():
        now = case.person.get(where).json
        if now["offset"] < len(content):
            case.person.post_bytes(where, content[now["offset"] :], Upload_Offset=str(now["offset"]))
        else:
            case.person.post_bytes(where, b"", Upload_Offset=str(len(content)))
    assert case.files == sorted([*before, "unica.pdf"])


# The database goes away and comes back


def test_a_database_that_stops_loses_nothing_that_was_acknowledged_and_says_what_to_do(case):
    url = case.url("sezioni/proposta/campi/")
    first, second = typing("Salvato prima", over=case.title), typing("Salvato dopo", over="Salvato prima")
    with case.site.web():
        saved = case.person.post_json(url, first)
        assert saved.status == 200
        said = sending(case)
        case.site.database.stop("immediate")
        try:
            down = [case.person.post(case.url("invia/"), said), case.person.get(case.url(""))]
            not_saved = case.person.post_json(url, first)
        finally:
            case.site.database.start()
        assert [answer.status for answer in (*down, not_saved)] == [500] * 3
        told = "Se stavi inviando una domanda, apri «Le mie domande»: se l'invio è riuscito, lì trovi il numero e la ricevuta."
        assert told in down[0].text
        assert case.person.post_json(url, second).status == 200
        again = case.person.post(case.url("invia/"), sending(case))
        assert (again.status, again.location) == (302, case.url("ricevuta/"))
    assert (case.title, sent_once(case)) == ("Salvato dopo", True)


# What stands beside goes away: a sending depends on none of it


@pytest.mark.parametrize(
    "environment",
    [
        {"BANDO_STORAGE_URL": "s3://key:secret@127.0.0.1:{closed}/bando?tls=0"},
        {"BANDO_CLAMD": "clamd://127.0.0.1:{closed}"},
        {"BANDO_MAIL_URL": "smtp://127.0.0.1:{closed}"},
        {"BANDO_PROTOCOL_URL": "http://127.0.0.1:{closed}/protocollo"},
    ],
    ids=["storage", "antivirus", "mail", "protocol"],
)
def test_a_sending_needs_nothing_but_the_database(case, environment):
    case.site.environment = {name: value.format(closed=free_port()) for name, value in environment.items()}
    with case.site.web():
        sent = case.person.post(case.url("invia/"), sending(case))
        assert (sent.status, sent.location) == (302, case.url("ricevuta/"))
        assert case.person.get(sent.location).status == 200
    assert sent_once(case)


def test_a_storage_that_does_not_answer_refuses_the_file_in_words_and_takes_it_later(case):
    case.site.environment = {"BANDO_STORAGE_URL": f"s3://key:secret@127.0.0.1:{free_port()}/bando?tls=0"}
    before = case.make_room()
    with case.site.web():
        refused = _upload(case)
    assert (refused.status, _SORRY in refused.text) == (503, True), refused.text
    assert case.files == before
    case.site.environment = {}
    with case.site.web():
        assert _upload(case).status == 302
    assert case.files == sorted([*before, "nuovo.pdf"])


def test_a_full_disk_refuses_the_file_in_words_keeps_none_of_it_and_goes_on_with_the_rest(case):
    before = case.make_room()
    case.site.small_disk = 64
    with case.site.web():
        refused = _upload(case, small_pdf("Grande") + b"%" + b" " * 200_000 + b"\nstartxref\n0\n%%EOF\n")
        assert (refused.status, _SORRY in refused.text) == (503, True), refused.text
        words = typing("Il disco è pieno", over=case.title)
        assert case.person.post_json(case.url("sezioni/proposta/campi/"), words).status == 200
    assert (case.files, case.title) == (before, "Il disco è pieno")


_SORRY = "L'archivio dei file non risponde: non abbiamo tenuto niente di questo file. Riprova tra qualche minuto."


def test_an_antivirus_that_is_away_is_asked_again_and_answers_later(case, live_clamav):
    case.site.environment = {"BANDO_CLAMD": f"clamd://127.0.0.1:{free_port()}"}
    case.make_room()
    with case.site.web():
        assert _upload(case).status == 302
    case.site.work()
    assert case.site.database.rows(_SCANS, case.pk) == []
    case.site.environment = {"BANDO_CLAMD": live_clamav}
    case.site.work()
    assert case.site.database.rows(_SCANS, case.pk) == [("clean",)]


_SCANS = (
    "select verdict from documents_scan s join applications_attachment a on a.document_id = s.document_id "
    "join documents_document d on d.id = s.document_id where a.application_id = %s and d.name = 'nuovo.pdf'"
)


def test_a_mail_that_nobody_takes_waits_and_arrives_once(case):
    case.site.environment = {"BANDO_MAIL_URL": f"smtp://127.0.0.1:{free_port()}"}
    with case.site.web():
        assert case.person.post(case.url("invia/"), sending(case)).status == 302
    case.site.work()
    receipts = "select count(*) from applications_receipt r join applications_submission s on s.id = r.submission_id"
    assert case.site.database.rows(f"{receipts} where s.application_id = %s", case.pk) == [(1,)]
    with smtp.running() as mailbox:
        case.site.environment = {"BANDO_MAIL_URL": f"smtp://127.0.0.1:{mailbox.port}"}
        case.site.work()
        case.site.work()
        number = case.sendings[0]
        assert [mail["Subject"] for mail in mailbox.messages if number in mail["Subject"]] == [
            f"Ricevuta della domanda {number}"
        ]


# The device and the line


@pytest.mark.parametrize("device_clock", ["1999-12-31T23:59:59+01:00", "2099-01-01T00:00:00Z", "non lo so"])
def test_a_device_that_has_another_time_changes_nothing_but_a_sentence(case, device_clock):
    words = typing("A un'altra ora", over=case.title) | {"device_clock": device_clock}
    with case.site.web():
        saved = case.person.post_json(case.url("sezioni/proposta/campi/"), words)
        assert saved.status == 200
        assert saved.json["saved_at"][:4] == saved.json["now"][:4] not in {"1999", "2099"}
        assert case.person.post(case.url("invia/"), sending(case)).status == 302
    assert (case.title, sent_once(case)) == ("A un'altra ora", True)


@pytest.mark.parametrize("cut", [150, 600])  # of the file itself, and the closing lines with it
def test_a_file_that_is_cut_on_the_way_is_not_kept_and_comes_again_whole(case, cut):
    before = case.make_room()
    with case.site.web():
        try:
            said = _upload(case, cut=cut)
        except (http.client.HTTPException, OSError):
            said = None  # the server hung up on who had hung up
        assert said is None or said.status != 302
        assert case.files == before
        assert _upload(case).status == 302
    assert case.files == sorted([*before, "nuovo.pdf"])


def _upload(case, content: bytes = b"", *, cut: int = 0):
    content = content or small_pdf("Nuovo")
    return case.person.post_file(case.url("allegati/"), {"rule": RULE}, "nuovo.pdf", content, cut=cut)
