import pytest

from network.contents import CONTENTS, guess, missing


def test_the_contents_are_thirteen():
    assert len(CONTENTS) == 13


@pytest.mark.parametrize(
    ("title", "content"),
    [
        ("Oggetto", ""),
        ("Dati personali", ""),
        ("Durata", "duration"),
        ("Impegni del Comune", "commitments"),
        ("Obblighi dell'ente", "commitments"),
        ("Risorse e contributo", "economic_frame"),
        ("Assicurazioni", "insurance"),
        ("RESPONSABILITÀ CIVILE", "insurance"),
        ("Fideiussione", "surety"),
        ("Inadempimento e revoca", "sanctions"),
        ("Governo della collaborazione", "governance"),
        ("Monitoraggio e rendicontazione", "reporting"),
        ("Pagamenti", "payments"),
        ("Limiti alle modifiche", "revision"),
        ("Tracciabilità dei flussi finanziari", "traceability"),
        ("Monitoraggio", "monitoring"),
        ("Valutazione di impatto sociale (VIS)", "impact"),
        ("Visite agli Spazi", ""),
        ("", ""),
    ],
)
def test_a_title_says_what_its_article_is_about(title, content):
    assert guess(title) == content


@pytest.mark.parametrize(
    ("taken", "content"),
    [([], "reporting"), (["reporting"], "monitoring"), (["reporting", "monitoring"], "reporting")],
)
def test_of_two_contents_that_a_title_names_the_one_that_is_still_free_is_meant(taken, content):
    assert guess("Monitoraggio e rendicontazione", taken) == content


def test_what_no_article_says_and_nobody_waives_is_missing():
    said = [{"content": code, "text": "Testo."} for code in CONTENTS]
    assert missing(said) == []
    said[0]["text"], said[3]["content"] = " \n", ""
    assert missing(said) == ["duration", "insurance"]
    assert missing(said, ["duration"]) == ["insurance"]
    assert missing([]) == list(CONTENTS)
