"""What anybody can take away to check a receipt without us."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.urls import reverse

from bando.notice_pdf import make
from tests.builders import PUBLISHED, load_fixture_call
from workflow.models import LedgerSeal
from workflow.sealing import seal
from workflow.signing import key_in_use, rotate

pytestmark = pytest.mark.django_db
PROGRAM = Path(django_settings.BASE_DIR) / "bin" / "verify_receipt"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path: Path) -> None:
    settings.VAR = tmp_path


def page(client, name: str = "verify") -> str:
    return client.get(reverse(name)).content.decode().replace("&#x27;", "'")


def squeezed(text: str) -> str:
    """Without the gaps that help an eye to compare."""
    return text.replace("</span><span>", "")


def test_the_program_is_the_one_of_this_installation_and_the_page_says_its_hash(client) -> None:
    answer = client.get(reverse("verify_program"))
    assert answer.content == PROGRAM.read_bytes()
    assert answer["Content-Disposition"] == 'attachment; filename="verify_receipt.py"'
    assert answer["Content-Type"] == "text/x-python; charset=utf-8"
    assert hashlib.sha256(PROGRAM.read_bytes()).hexdigest() in squeezed(page(client))


def test_before_anything_is_signed_there_is_no_key_and_the_page_says_so(client) -> None:
    assert "la chiave nasce con la prima firma" in page(client)
    assert client.get(reverse("signing_keys")).json() == {
        "format": "bando/keys/1",
        "administration": "Comune dimostrativo",
        "keys": [],
        "seal": None,
    }


def test_the_keys_are_listed_from_the_newest_and_an_earlier_one_stays(client) -> None:
    before = key_in_use()
    assert "Chiavi di prima" not in page(client)
    after = rotate()
    keys = client.get(reverse("signing_keys")).json()["keys"]
    assert [(key["fingerprint"], key["public"]) for key in keys] == [
        (after.fingerprint, after.public),
        (before.fingerprint, before.public),
    ]
    shown = squeezed(page(client))
    assert shown.index(after.fingerprint) < shown.index("Chiavi di prima") < shown.index(before.fingerprint)


def test_the_newest_seal_stands_beside_the_keys(client) -> None:
    load_fixture_call()
    seal(PUBLISHED)
    made = LedgerSeal.objects.get()
    assert client.get(reverse("signing_keys")).json()["seal"] == {
        "number": 1,
        "previous": "",
        "root": made.root,
        "count": made.count,
        "at": "2021-09-16T08:00:00.000000Z",
        "hash": made.hash,
    }


def test_the_page_costs_one_query_and_the_keys_two(client, django_assert_num_queries) -> None:
    key_in_use()
    with django_assert_num_queries(1):
        page(client)
    with django_assert_num_queries(2):
        page(client, "signing_keys")


def test_a_call_names_the_key_on_its_page_and_on_its_paper(client) -> None:
    call = load_fixture_call()
    address = reverse("call", args=[call.slug])
    assert "Come controllare una ricevuta" not in client.get(address).content.decode()
    key = key_in_use()
    assert f'<code translate="no">{key.fingerprint}</code>' in client.get(address).content.decode()
    make(str(call.version.pk), PUBLISHED)
    with call.version.pdf.document.file.open() as paper:
        text = subprocess.run(["pdftotext", "-", "-"], input=paper.read(), capture_output=True, check=True).stdout.decode()
    assert "Firmiamo le ricevute con la chiave che ha questa impronta:" in text
    assert key.fingerprint in "".join(text.split())


@pytest.mark.parametrize("name", ["verify", "verify_program", "signing_keys"])
def test_nothing_is_written_there(client, name: str) -> None:
    assert client.post(reverse(name)).status_code == 405
    assert client.head(reverse(name)).status_code == 200
