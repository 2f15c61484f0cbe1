"""Who is told about a body."""

import pytest

from accounts.models import Membership
from accounts.people import addresses_of, people_of
from tests.builders import body, person

pytestmark = pytest.mark.django_db


def test_the_people_of_bodies_are_those_who_act_for_one_of_them_each_once():
    anna, bruno, carla, gone = (person(f"{name}@esempio.it") for name in ("zanna", "bruno", "carla", "gone"))
    gone.is_active = False
    gone.save()
    one, other, third = body(by=anna), body(by=bruno), body(by=carla)
    for user, organisation in ((gone, one), (bruno, one), (anna, other)):
        Membership.objects.create(user=user, organisation=organisation)
    assert list(people_of(one)) == list(people_of(one.pk)) == list(people_of(one, other.pk)) == [anna, bruno]
    assert list(people_of(third)) == [carla]
    assert list(people_of()) == []


def test_an_act_of_the_office_goes_to_the_people_of_the_body_and_to_its_pec_once():
    anna = person("zanna@esempio.it")
    organisation = body(by=anna, pec="ente@pec.esempio.it")
    for email in ("bruno@esempio.it", "ente@pec.esempio.it"):
        Membership.objects.create(user=person(email), organisation=organisation)
    assert addresses_of(organisation) == ["bruno@esempio.it", "ente@pec.esempio.it", "zanna@esempio.it"]
