import pytest
from django.core import mail

from bando.deadlines import rome
from workflow import duties
from workflow.mail import send
from workflow.models import Duty

AT = rome(2026, 3, 1, 12)
ROSA = "rosa@esempio.it"


@pytest.fixture
def news(settings, tmp_path, monkeypatch):
    """A mail to Rosa that is owed."""
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    (tmp_path / "news_subject.txt").write_text("Notizie")
    (tmp_path / "news.txt").write_text("Ecco.\n")
    monkeypatch.setattr(duties, "_registry", {"news": lambda subject, at: send("news", {}, to=[ROSA], identifier="news-1")})
    duties.owe("news", 1, at=AT)


def test_a_name_of_several_lines_writes_no_header_and_stops_no_mail(settings, tmp_path):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    (tmp_path / "news_subject.txt").write_text("{% autoescape off %}{{ body }} vi scrive{% endautoescape %}\n")
    (tmp_path / "news.txt").write_text("Ecco.\n")
    send("news", {"body": "Alfa\r\nBcc: altri@esempio.it"}, to=["anna@esempio.it"], identifier="news-1")
    (sent,) = mail.outbox
    assert (sent.subject, sent.recipients()) == ("Alfa Bcc: altri@esempio.it vi scrive", ["anna@esempio.it"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("refuse", "unknown", "said"),
    [
        ("", {ROSA}, "SMTPRecipientsRefused 550"),
        (f"554 5.7.1 <{ROSA}> is not wanted", set(), "SMTPDataError 554"),
        (f"421 4.3.2 no more for <{ROSA}>", set(), "SMTPDataError 421"),
    ],
)
def test_an_address_that_a_server_refuses_stands_neither_in_the_duty_nor_in_the_log(
    smtp_server, news, caplog, refuse, unknown, said
):
    smtp_server.refuse, smtp_server.unknown = refuse, unknown
    assert duties.pay(AT) == 0
    assert Duty.objects.get().last_error == f"Undelivered: news-1: {said}"
    assert (f"Undelivered: news-1: {said}" in caplog.text, ROSA in caplog.text) == (True, False)


@pytest.mark.django_db
def test_a_mail_that_was_refused_arrives_when_it_is_taken(smtp_server, news):
    smtp_server.unknown = {ROSA}
    duties.pay(AT)
    smtp_server.unknown = set()
    assert duties.pay(AT + duties.FIRST_WAIT) == 1
    assert (smtp_server.recipients, Duty.objects.get().last_error) == ([[ROSA]], "")
