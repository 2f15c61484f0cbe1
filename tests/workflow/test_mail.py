from django.core import mail

from workflow.mail import send


def test_a_name_of_several_lines_writes_no_header_and_stops_no_mail(settings, tmp_path):
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [tmp_path, *settings.TEMPLATES[0]["DIRS"]]}]
    (tmp_path / "news_subject.txt").write_text("{% autoescape off %}{{ body }} vi scrive{% endautoescape %}\n")
    (tmp_path / "news.txt").write_text("Ecco.\n")
    send("news", {"body": "Alfa\r\nBcc: altri@esempio.it"}, to=["anna@esempio.it"], identifier="news-1")
    (sent,) = mail.outbox
    assert (sent.subject, sent.recipients()) == ("Alfa Bcc: altri@esempio.it vi scrive", ["anna@esempio.it"])
