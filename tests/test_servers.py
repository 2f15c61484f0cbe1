"""The servers that other tests lean on are real: they refuse what a real one refuses."""

from __future__ import annotations

import smtplib
import urllib.error
import urllib.request

import pytest
from botocore.exceptions import ClientError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.mail import send_mail
from django.db import DatabaseError, connection
from django.db.models import QuerySet
from django.utils import timezone

from tests.servers import s3
from workflow.models import LedgerSeal


@pytest.mark.django_db
def test_the_database_is_the_one_that_was_asked_for(settings):
    assert connection.vendor == {"sqlite": "sqlite", "postgres": "postgresql"}[settings.TEST_BACKEND]


@pytest.mark.django_db
def test_files_go_where_they_were_asked_to(settings):
    name = default_storage.save("prova/uno.txt", ContentFile(b"uno"))
    try:
        assert (
            type(default_storage._wrapped).__name__
            == {"sqlite": "FileSystemStorage", "postgres": "S3Storage"}[settings.TEST_BACKEND]
        )
        with default_storage.open(name) as file:
            assert file.read() == b"uno"
    finally:
        default_storage.delete(name)
    assert not default_storage.exists(name)


@pytest.mark.parametrize(("secret", "answer"), [(s3.SECRET, 200), ("wrong", 403)])
def test_s3_believes_only_the_right_signature(live_s3, secret, answer):
    s3.client(live_s3).put_object(Bucket=s3.BUCKET, Key="firma.txt", Body=b"firmato")
    signer = s3.client(live_s3.replace(s3.SECRET, secret))
    url = signer.generate_presigned_url("get_object", Params={"Bucket": s3.BUCKET, "Key": "firma.txt"}, ExpiresIn=60)
    try:
        with urllib.request.urlopen(url) as response:
            found, body = response.status, response.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            found, body = refusal.code, b"firmato" if answer == 200 else refusal.read()
    assert found == answer
    assert (body == b"firmato") is (answer == 200)


def test_s3_tells_a_stranger_nothing(live_s3):
    with pytest.raises(ClientError) as refusal:
        s3.client(live_s3.replace(s3.KEY, "nobody")).list_objects_v2(Bucket=s3.BUCKET)
    assert refusal.value.response["Error"]["Code"] == "InvalidAccessKeyId"


def test_mail_arrives_over_smtp_with_its_accents(smtp_server):
    assert send_mail("Ricevuta n. 1: è arrivata", "Perché è così.", "da@example.it", ["a@example.it", "b@example.it"]) == 1
    [message] = smtp_server.messages
    assert (message["Subject"], message["From"]) == ("Ricevuta n. 1: è arrivata", "da@example.it")
    assert message.get_content().strip() == "Perché è così."
    assert smtp_server.recipients == [["a@example.it", "b@example.it"]]


def test_mail_that_the_server_refuses_is_an_error(smtp_server):
    smtp_server.refuse = "451 riprova"
    with pytest.raises(smtplib.SMTPDataError):
        send_mail("Oggetto", "Testo", "da@example.it", ["a@example.it"])
    assert smtp_server.messages == []


@pytest.fixture
def seal(transactional_db) -> LedgerSeal:
    return LedgerSeal.objects.create(number=1, root="0" * 64, count=1, at=timezone.now(), hash="1" * 64)


@pytest.mark.parametrize("time", ["first", "second"])
def test_history_is_gone_after_a_transactional_test_and_still_refuses_to_go_inside_one(seal, time):
    """Run twice: the second finds the number free, so the first was emptied, and the triggers laid again."""
    with pytest.raises(DatabaseError, match="append-only"):
        QuerySet(LedgerSeal).delete()


def test_a_browser_reads_a_page_of_the_live_server(page_at, axe_clean, live_server):
    page = page_at(360)
    page.goto("/")
    assert page.evaluate("document.documentElement.lang") == "it"
    axe_clean(page)


def test_what_axe_finds_is_told(page_at, axe_clean):
    page = page_at(360)
    page.set_content("<html lang='it'><title>T</title><main><h1>T</h1><img src='data:,'></main></html>")
    with pytest.raises(pytest.fail.Exception, match=r"at 360 px:\nimage-alt \(critical\): .*\n    img: <img src"):
        axe_clean(page)


def test_a_page_that_asks_another_site_or_breaks_its_policy_is_noticed(page_at):
    page = page_at(360)
    page.set_content(
        "<meta http-equiv='Content-Security-Policy' content=\"script-src 'none'\">"
        "<img src='http://127.0.0.1:9/elsewhere.png'><script>1</script>"
    )
    page.wait_for_load_state("networkidle")
    elsewhere, policy = sorted(page_at.complaints, key=lambda said: "script-src" in said)
    assert elsewhere == "about:blank asked for http://127.0.0.1:9/elsewhere.png"
    assert "violates the following Content Security Policy directive 'script-src 'none''" in policy
    page_at.complaints.clear()
