"""What the program finds about each point of a check: a proposal in words."""

from copy import deepcopy

import pytest

from applications.findings import Sign, points
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
