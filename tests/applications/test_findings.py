"""What the program finds about each point of a check: a proposal in words."""

from copy import deepcopy

import pytest

from applications.findings import Finding, Point, Sign, _signature, files_of, points
from applications.models import Attachment
from documents.models import Document, SignatureReading
from tests.builders import AFTER, DEADLINE, submitted_application

pytestmark = pytest.mark.django_db


def test_what_speaks_for_each_point_is_told_in_words():
    application = submitted_application()
    submission = application.current
    found = {point.code: [(f.sign, f.words) for f in point.findings] for point in points(application)}
    assert found["in-time"] == [
        (
            Sign.FOR,
            "Arrivata lunedì 11 ottobre 2021, ore 10:42:00,000000\u00a0CEST. "
            "La scadenza era lunedì 18 ottobre 2021, ore 12:00:00: in tempo.",
        )
    ]
    assert found["requirement.terzo-settore"] == [(Sign.FOR, "Dichiarato nella domanda.")]
    assert found["requirement.chi-presenta"] == [(Sign.OFFICE, "Lo verifica l'ufficio.")]
    assert found["attachment.procura"] == [(Sign.OFFICE, "Nessun file: è facoltativo.")]
    size = submission.manifest[0]["size"]
    assert found["attachment.statuto"] == [(Sign.FOR, f"«statuto.pdf», {size}\u00a0byte: aperto e controllato all'arrivo.")]
    assert found["budget"] == [
        (Sign.FOR, "Chiedi 30.000,00\u00a0€: il massimo è 60.000,00\u00a0€."),
        (Sign.FOR, "La quota degli enti è il 25% del totale: rispetta il minimo del 20%."),
        (Sign.FOR, "Costi indiretti: 0% del totale. Il massimo è il 7%."),
    ]


@pytest.mark.parametrize(
    ("arrived", "sign", "ending"),
    [(DEADLINE, Sign.FOR, "in tempo."), (AFTER, Sign.AGAINST, "in ritardo.")],
)
def test_the_moment_of_arrival_is_judged_to_the_microsecond(arrived, sign, ending):
    application = submitted_application()
    application.current.arrived_at = arrived
    (finding,) = points(application)[0].findings
    assert (finding.sign, finding.words.split(": ")[-1]) == (sign, ending)


def test_what_speaks_against_a_point_is_told_too():
    application = submitted_application()
    submission = application.current
    submission.answers, submission.manifest = deepcopy(submission.answers), []
    for section in submission.answers.values():
        section.pop("terzo-settore", None)
        if "items" in section:
            for line in section["items"].values():
                line["own"] = 0
    found = {point.code: [(f.sign, f.words) for f in point.findings] for point in points(application)}
    assert found["requirement.terzo-settore"] == [(Sign.AGAINST, "Non è dichiarato nella domanda.")]
    assert found["attachment.statuto"] == [(Sign.AGAINST, "Manca: l'avviso lo chiede.")]
    assert [sign for sign, _words in found["budget"]] == [Sign.FOR, Sign.AGAINST, Sign.FOR]


def found_of(application, code):
    return [(f.sign, f.words) for point in points(application) if point.code == code for f in point.findings]


READ = {
    "format": "pades",
    "who": {"given_name": "Ada", "surname": "Neri", "name": "", "tax_code": "", "organisation": ""},
    "claimed_at": None,
    "stamped_at": None,
    "stamped_by": "",
    "intact": True,
    "later": "",
    "valid_from": "2020-01-01T00:00:00+00:00",
    "valid_to": "2023-01-01T00:00:00+00:00",
    "in_force": True,
    "known": True,
    "issuer": "Autorità",
}


@pytest.mark.parametrize(
    ("signatures", "fault", "sign", "start"),
    [
        (None, "", Sign.OFFICE, "Stiamo leggendo le firme del file «firmato.pdf»."),
        ([], "", Sign.AGAINST, "Nel file «firmato.pdf» non troviamo la firma digitale."),
        ([READ], "", Sign.FOR, "Firmato da Ada Neri."),
        ([READ | {"intact": False}], "", Sign.OFFICE, "Firmato da Ada Neri. La firma non corrisponde al file"),
        ([READ | {"later": "changed"}], "", Sign.OFFICE, "Firmato da Ada Neri. Dopo questa firma il file è stato cambiato."),
        ([READ | {"in_force": False}], "", Sign.OFFICE, "Firmato da Ada Neri."),
        ([READ | {"known": False}], "", Sign.OFFICE, "Firmato da Ada Neri."),
        ([READ], "deep", Sign.OFFICE, "Firmato da Ada Neri."),
    ],
)
def test_what_a_signature_says_is_a_proposal(signatures, fault, sign, start):
    document = Document(name="firmato.pdf", media_type="application/pdf", by_id=1)
    if signatures is not None:
        document.signature_reading = SignatureReading(signatures=signatures, fault=fault)
    finding = _signature(Attachment(document=document))
    assert (finding.sign, finding.words[: len(start)]) == (sign, start)


@pytest.mark.parametrize(
    ("shares", "certified", "expected"),
    [
        ((6000, 4000), True, [Sign.FOR, Sign.FOR, Sign.FOR]),
        ((6000, 4000), False, [Sign.FOR, Sign.FOR, Sign.AGAINST]),
        ((6000, 3999), True, [Sign.FOR, Sign.AGAINST, Sign.FOR]),
    ],
)
def test_a_group_is_told_with_its_shares_and_its_certificates(shares, certified, expected):
    application = submitted_application()
    answers = application.current.answers = deepcopy(application.current.answers)
    members = [
        {
            "body": {"name": name, "tax_code": "97000000001"},
            "lead": lead,
            "share": share,
            "tasks": "",
            "certified_at": "2021-10-10T10:00:00+00:00" if certified and not lead else None,
            "certified_by": "Luca Verdi" if certified and not lead else "",
        }
        for name, lead, share in zip(("Capofila", "Altro ente"), (True, False), shares, strict=True)
    ]
    code = next(section.code for section in application.call.notice.sections if section.kind == "group")
    answers[code] = {"form": "ats", "constituted": False, "members": members}
    found = found_of(application, "group")
    assert [sign for sign, _words in found] == expected
    assert found[2][1].startswith(f"Altro ente ({shares[1] // 100},{shares[1] % 100:02d}\u00a0%): ")


def test_who_applies_alone_is_told_so():
    assert [sign for sign, _words in found_of(submitted_application(), "group")] == [Sign.FOR]


def test_a_file_with_a_virus_speaks_against_its_rule():
    application = submitted_application()
    held = files_of(application)
    infected = next(file for file in held.values() if file.rule == "statuto")
    infected.verdict = "infected"
    [point] = [point for point in points(application, held) if point.code == "attachment.statuto"]
    assert [(f.sign, f.words) for f in point.findings] == [(Sign.AGAINST, "«statuto.pdf» contiene un virus: è bloccato.")]
    assert point.speaks_for is False


@pytest.mark.parametrize(
    ("signs", "speaks_for"),
    [([], False), ([Sign.FOR], True), ([Sign.FOR, Sign.OFFICE], False), ([Sign.FOR, Sign.AGAINST], False)],
)
def test_a_point_is_accepted_with_others_when_everything_speaks_for_it(signs, speaks_for):
    assert Point("x", "X", "", "", tuple(Finding(sign, "") for sign in signs)).speaks_for is speaks_for
