import pytest
from django.urls import reverse

from accounts.models import Role
from applications.groups.neighbours import neighbours
from applications.models import Application
from tests.applications.grouping import certified, group_call
from tests.builders import AFTER, complete_draft, draft_application, person, send
from tests.clock import arriving
from tests.pages import office_at, text

pytestmark = pytest.mark.django_db


def sent(call, who, **facts) -> Application:
    application = draft_application(call, "uno", by=who)
    body = application.organisation
    for name, value in {"street": f"Via {who.pk} 1", **facts}.items():
        setattr(body, name, value)
    body.save()
    send(complete_draft(application))
    return application


def received() -> list[Application]:
    return list(Application.objects.received().select_related("organisation", "current").order_by("number"))


def test_the_office_reads_after_the_deadline_what_applications_of_an_area_have_in_common(client):
    call = group_call()
    first = sent(call, person("anna@gmail.com", "Anna Bianchi"), phone="02 1234567")
    second = sent(call, person("bruno@libero.it", "Bruno Neri"), phone="+39 02 1234567")
    alone = sent(call, person("carla@tin.it", "Carla Verdi"))
    second.organisation.memberships.create(user=first.created_by, role=Role.PROXY)
    rows = received()
    names = first.organisation.name, second.organisation.name
    assert [(one.application, one.signs) for one in neighbours(first, rows)] == [
        (
            second,
            (
                "Anna Bianchi rappresenta sia «{}» sia «{}».".format(*names),
                "«{}» e «{}» hanno lo stesso telefono: 02 1234567.".format(*names),
            ),
        )
    ]
    assert neighbours(alone, rows) == []
    office = office_at(client, AFTER)
    page = text(office.get(reverse("desk_application", args=[first.pk])))
    assert "Da guardare" in page
    assert "hanno lo stesso telefono: 02 1234567." in page
    assert "Da guardare" not in text(office.get(reverse("desk_application", args=[alone.pk])))


def test_a_collaborator_of_two_bodies_represents_neither():
    call = group_call()
    first, second = sent(call, person("anna@gmail.com")), sent(call, person("bruno@libero.it"))
    second.organisation.memberships.create(user=first.created_by, role=Role.COLLABORATOR)
    assert neighbours(first, received()) == []


def test_the_members_of_a_group_are_looked_at_too():
    call = group_call()
    group = certified(call, lead=person("lea@tin.it"))
    other = sent(call, person("anna@gmail.com"), pec=group.bodies[0].pec)
    send(group.application, by=group.lead)
    group.application.refresh_from_db()
    pairs = f"«{group.bodies[0]}» e «{other.organisation}»"
    assert [one.signs for one in neighbours(group.application, received())] == [
        (f"{pairs} hanno la stessa PEC: {other.organisation.pec}.",)
    ]


@pytest.mark.parametrize("many", [1, 3])
def test_the_hints_cost_two_queries(django_assert_num_queries, many):
    call = group_call()
    rows = [sent(call, person(f"p{number}@gmail.com"), phone="02 1234567") for number in range(many + 1)]
    known = received()
    with django_assert_num_queries(2):
        assert len(neighbours(rows[0], known)) == many


def test_before_the_deadline_nobody_opens_the_page(client):
    application = sent(group_call(), person("anna@gmail.com"))
    office = office_at(client, application.call.closes_at)
    with arriving(application.call.closes_at):
        assert office.get(reverse("desk_application", args=[application.pk])).status_code == 404
