"""The PDF of the minutes of a table, made after the commit; the mails are in test_actions_tables."""

import io
import subprocess

import pikepdf
import pytest

from network.models import TableMinutes
from network.table_duties import make_table_minutes_pdf
from network.table_minutes import fingerprint
from tests.builders_table import approved, fresh, opened, pdf_of
from workflow.models import Duty

pytestmark = pytest.mark.django_db


def words(pdf):
    told = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return " ".join(told.stdout.decode().split())


def test_approved_minutes_are_a_tagged_pdf_made_once_with_all_that_they_say():
    seats = opened()
    session = approved(seats, decisions=[("Si apre la mattina.", ""), ("Un budget solo.", "Coop Seconda: costa troppo.")])
    content = pdf_of(session)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Verbale dell'incontro n. 1 del tavolo di co-progettazione"
    said = words(content)
    expected = [
        "Rita Responsabile, responsabile del procedimento",
        "Coop Prima: Carla Presidente, presidente; Ivo Educatore",
        "Enti del tavolo assenti: Associazione Compagna.",
        "Decisione n. 2. Un budget solo. Non è d'accordo: Coop Seconda: costa troppo.",
    ]
    assert [words for words in expected if words not in said] == []
    assert fingerprint(fresh(session)) in said.replace(" ", "")
    make_table_minutes_pdf(str(session.pk), session.closed_at)
    assert TableMinutes.objects.get().document_id == session.minutes.document_id
    assert Duty.objects.filter(name="network.table_minutes_to_sign").count() == 2
