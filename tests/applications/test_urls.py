"""The applicant's road, page by page and without JavaScript, from "Partecipa" to the receipt."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from applications.models import Application, Submission
from applications.progress import rules_of, sections
from tests.builders import WORKDAY, body, load_fixture_call, person, right_answers, small_pdf
from tests.clock import arriving
from workflow.duties import pay


def button(page: str, name: str) -> str:
    """The value of the hidden input ``name`` in a page."""
    return re.search(rf'name="{name}" value="([^"]*)"', page).group(1)


@pytest.mark.django_db
def test_a_proposal_goes_from_the_call_to_its_receipt(client: Client, smtp_server) -> None:
    anna = person("anna@esempio.it", "Anna Bianchi")
    alfa = body("Cooperativa Alfa", by=anna)
    call = load_fixture_call()
    client.force_login(anna)
    with arriving(WORKDAY):
        new = reverse("application_new", args=[call.slug, "area-1"])
        assert client.get(new).status_code == 200
        hub = client.post(new, {"organisation": str(alfa.pk)})
        application = Application.objects.get()
        assert hub.url == reverse("application", args=[application.pk])
        assert "Domanda non ancora inviata" in client.get(hub.url).content.decode()

        for section in sections(application):
            url = reverse("application_section", args=[application.pk, section.code])
            page = client.get(url).content.decode()
            answers = right_answers(section, call.notice, application.area)
            answer = client.post(url, {**answers, "__version": button(page, "__version"), "then": "next"})
            assert answer.status_code == 302, (section.code, answer.context["form"].errors)
        files = reverse("application_attachments", args=[application.pk])
        assert answer.url == files

        for rule in rules_of(application):
            if rule.required:
                upload = SimpleUploadedFile(f"{rule.code}.pdf", small_pdf(rule.code), "application/pdf")
                assert client.post(files, {"rule": rule.code, "file": upload}).status_code == 302

        review = client.get(reverse("application_review", args=[application.pk])).content.decode()
        assert "Invia la domanda" in review
        sent = client.post(reverse("application_submit", args=[application.pk]), {"reviewed": button(review, "reviewed")})
        receipt = client.get(sent.url).content.decode()
        application.refresh_from_db()
        assert application.number in receipt
        assert "La stiamo preparando" in receipt

        assert pay(WORKDAY) == 3  # the receipt, its mail and the protocol of the office
        assert "Scarica la ricevuta" in client.get(sent.url).content.decode()
    assert list(application.steps.values_list("act", flat=True)) == ["submit"]
    assert Submission.objects.count() == 1
    assert [message["To"] for message in smtp_server.messages] == ["anna@esempio.it"]
