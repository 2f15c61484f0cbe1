from io import StringIO

import pytest
import time_machine
from django.core.management import call_command

from bando.models import Call, CallVersion
from tests.bando.small import SMALL
from tests.builders import official, person

pytestmark = pytest.mark.django_db
PUBLISH = ["--publish", "--by", "ufficio@comune.esempio.it"]


@pytest.fixture
def run(tmp_path):
    """Write a document and load it: the exit code and the lines printed on either side."""

    def run(content: str | bytes, *options: str, name: str = "avviso.yaml") -> tuple[int, list[str], list[str]]:
        path = tmp_path / name
        if content:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        out, err, code = StringIO(), StringIO(), 0
        with time_machine.travel("2021-08-20T10:00:00+02:00"):
            try:
                call_command("load_call", str(path), *options, stdout=out, stderr=err)
            except SystemExit as end:
                code = end.code
        return code, out.getvalue().splitlines(), [line.replace(str(tmp_path), "") for line in err.getvalue().splitlines()]

    return run


def test_a_sound_document_becomes_a_draft_and_says_its_hash_and_address(run, settings):
    settings.SITE_URL = "https://servizi.comune.example"
    code, out, err = run(SMALL)
    assert (code, err) == (0, [])
    assert out == [
        "Avviso di prova",
        "Stato: In preparazione, versione 1",
        f"Impronta (SHA-256): {CallVersion.objects.get().sha256}",
        "Indirizzo: https://servizi.comune.example/avvisi/prova/",
    ]


def test_every_fault_is_printed_with_its_line_and_nothing_changes(run):
    run(SMALL)
    wrong = SMALL.replace("places: 20", "places: venti").replace("limit: 80", "limit: ottanta")
    code, out, err = run(wrong)
    assert (code, out, err[0]) == (1, [], "/avviso.yaml: ci sono 2 cose da correggere.")
    places, limit = (SMALL[: SMALL.index(words)].count("\n") + 1 for words in ("places: 20", "limit: 80"))
    assert [line.split(": ")[0] for line in err[1:]] == [
        f"riga {places}, areas[0].places",
        f"riga {limit}, sections[0].questions[0].limit",
    ]
    assert CallVersion.objects.count() == 1


@pytest.mark.parametrize(
    ("content", "name", "sentence"),
    [
        ("", "manca.yaml", "/manca.yaml non c'è: controlla il nome."),
        ("", ".", " è una cartella: scrivi il nome del file."),
        (
            "id: città".encode("latin-1"),
            "a.yaml",
            "riga 1: il file non è in UTF-8: salvalo di nuovo scegliendo la codifica UTF-8",
        ),
        ("# niente\n", "a.yaml", "riga 1: il file contiene solo commenti: scrivi l'avviso"),
    ],
)
def test_what_is_no_document_gets_a_sentence(run, content, name, sentence):
    code, out, err = run(content, name=name)
    assert (code, out, err[-1]) == (1, [], sentence)
    assert not Call.objects.exists()


@pytest.mark.parametrize(
    ("options", "state", "err"),
    [
        (PUBLISH, "published", []),
        (["--publish"], None, ["Per pubblicare scrivi chi lo fa: --by seguito dalla sua e-mail."]),
        (
            ["--publish", "--by", "nessuno@esempio.it"],
            None,
            ["Non c'è nessuno con l'e-mail nessuno@esempio.it: controlla come è scritta."],
        ),
        (["--publish", "--by", "altri@esempio.it"], None, ["Lo può fare solo chi lavora nell'ufficio."]),
    ],
)
def test_publishing_at_once_happens_whole_or_not_at_all(run, options, state, err):
    official("ufficio@comune.esempio.it")
    person("altri@esempio.it")
    code, _out, said = run(SMALL, *options)
    assert (code, said) == (1 if err else 0, err)
    assert list(Call.objects.values_list("state", flat=True)) == ([state] if state else [])
    assert CallVersion.objects.exists() == bool(state)


def test_a_public_call_is_not_written_again(run):
    official("ufficio@comune.esempio.it")
    run(SMALL, *PUBLISH)
    assert run(SMALL) == (1, [], ["L'avviso «prova» è già pubblicato: le sue regole non si cambiano più."])
    assert CallVersion.objects.count() == 1
