"""The PDFs of the minutes, made after the commit."""

import io

import pikepdf
import pytest

from evaluation.actions import approve_minutes, close_session, open_session, plan_session, publish_minutes
from evaluation.minuting import make_minutes_pdf, make_public_minutes_pdf
from evaluation.models import Minutes, SessionKind
from tests.builders import official
from tests.builders_evaluation import MARKED_AT, RANKED_AT, commission, marking, small_call

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    made = commission(small_call())
    chair = marking(made)[0].user
    about = {"kind": SessionKind.PUBLIC, "area_code": "", "place": "Sala", "agenda": "Apertura."}
    held = plan_session(made, **about, planned_at=RANKED_AT, by=chair, at=MARKED_AT)
    open_session(held, {member.pk: "" for member in marking(made)}, by=chair, at=RANKED_AT)
    close_session(held, by=chair, at=RANKED_AT)
    approve_minutes(held, seen=0, by=chair, at=RANKED_AT)
    return held


def test_approved_minutes_are_a_tagged_pdf_made_once(session):
    make_minutes_pdf(str(session.pk), RANKED_AT)
    minutes = Minutes.objects.select_related("document").get()
    with minutes.document.file.open("rb") as file, pikepdf.open(io.BytesIO(file.read())) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.docinfo["/Title"]) == "Verbale della seduta n. 1"
    first = minutes.document_id
    make_minutes_pdf(str(session.pk), RANKED_AT)
    assert Minutes.objects.get().document_id == first


def test_what_is_published_has_a_pdf_of_its_own(session):
    publish_minutes(session, text="Solo questo.", parts={}, reasons=False, weighed=False, by=official(), at=RANKED_AT)
    make_public_minutes_pdf(str(session.pk), RANKED_AT)
    minutes = Minutes.objects.get()
    assert (minutes.document, minutes.public_document.media_type) == (None, "application/pdf")
