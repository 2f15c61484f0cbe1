from datetime import timedelta

import pytest

from accounts.models import Membership, User
from network.actions import route_request
from network.request_erasure import warn
from network.to_each import Letter, mailed_to_each
from tests.builders import person
from tests.builders_request import NOW, desk, received, taken
from workflow import duties
from workflow.duties import LONGEST_SUBJECT, owe, pay
from workflow.models import Duty

pytestmark = pytest.mark.django_db
LONGEST_KEY = len(str(2**63 - 1))


def pay_all(at) -> None:
    while pay(at):
        pass


@pytest.fixture
def made():
    found = desk()
    Duty.objects.all().delete()  # the mails of the road before
    return found


@pytest.fixture
def colleagues(made):
    """Two more at the Spazio: nobody is at the address of the first, who is told after the operator and before the second."""
    body = made.space.partnership.organisation
    found = [person("nessuno@esempio.it"), person("seconda@esempio.it")]
    Membership.objects.bulk_create(Membership(organisation=body, user=user, role="referent") for user in found)
    return found


def test_an_address_that_fails_keeps_nobody_else_from_their_mail_and_brings_none_twice(made, colleagues, smtp_server):
    smtp_server.unknown = {colleagues[0].email}
    received(made, email="")
    for hours in range(6):
        pay_all(NOW + timedelta(hours=2 * hours))
    told = [[made.operator.email], [colleagues[1].email]]
    assert smtp_server.recipients == told
    (owed,) = Duty.objects.filter(done_at=None)
    assert (owed.name, owed.attempts) == ("network.request_arrived_to_one", 6)
    smtp_server.unknown = set()
    pay_all(NOW + timedelta(hours=12))
    assert smtp_server.recipients == [*told, [colleagues[0].email]]


def test_the_citizen_whose_address_fails_keeps_nobody_from_hearing_that_a_request_is_about_to_close(made, smtp_server):
    request = taken(made)
    Duty.objects.all().delete()
    smtp_server.unknown = {request.email}
    warn(NOW + timedelta(days=181))
    pay_all(NOW + timedelta(days=182))
    pay_all(NOW + timedelta(days=183))
    assert smtp_server.recipients == [[made.operator.email]]


def test_who_left_between_the_round_and_their_mail_gets_none(made, colleagues, mailoutbox):
    received(made, email="")
    pay(NOW, limit=1)
    User.objects.filter(pk=colleagues[0].pk).update(is_active=False)
    pay_all(NOW)
    assert [mail.to for mail in mailoutbox] == [[made.operator.email], [colleagues[1].email]]


def test_the_longest_subject_leaves_room_for_the_person(made):
    request = taken(made)
    route_request(request, made.answering, by=made.operator, at=NOW)
    longest = max(len(subject) for subject in Duty.objects.values_list("subject", flat=True))
    assert longest + 1 + LONGEST_KEY == 78 < LONGEST_SUBJECT


def test_each_is_written_to_in_their_own_language_and_old_news_to_nobody(made, monkeypatch, mailoutbox):
    monkeypatch.setattr(duties, "_registry", {})
    people = User.objects.filter(pk__in=[made.operator.pk, made.answerer.pk]).order_by("pk")
    people.filter(pk=made.answerer.pk).update(language="en")
    news = {"number": "R-1", "about": "novità", "said": "Ecco.", "url": "https://esempio.it/"}

    @mailed_to_each("news")
    def tell(subject: str, at) -> Letter | None:
        return None if subject == "old" else Letter("network/requests/email/staff", news, f"news-{subject}", people)

    for subject in ("old", "7:1"):
        owe("news", subject, at=NOW)
    pay_all(NOW)
    hello = {mail.to[0]: mail.body.split()[0] for mail in mailoutbox}
    assert hello == {made.operator.email: "Ciao", made.answerer.email: "Hello"}
    names = [mail.extra_headers["Message-ID"].partition("@")[0] for mail in mailoutbox]
    assert sorted(names) == sorted(f"<news-7:1-{user.pk}" for user in people)
