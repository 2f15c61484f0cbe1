from copy import deepcopy
from fractions import Fraction

import pytest

from evaluation.models import Placement
from network.scored import standing
from tests.builders_project import seated

pytestmark = pytest.mark.django_db


def test_a_proposal_knows_its_points_its_place_and_how_near_the_border_is():
    at_the_table = seated()
    first, second, third = at_the_table.proposals
    content = Placement.objects.get(application=first).version.document
    found = [standing(content, row.number) for row in (first, second, third)]
    assert [row.position for row in found] == [1, 2, 3]
    assert [row.is_selected for row in found] == [True, True, False]
    assert [row.total for row in found] == ["90.00", "86.00", "80.00"]
    # To the best without a place, and from the one without a place to the last that has one.
    assert [row.border for row in found] == [Fraction(10), Fraction(6), Fraction(6)]
    assert {row.ranked for row in found} == {3}
    assert [(row.criterion.letter, row.points) for row in found[0].points] == [
        ("A.1", "20.00"),
        ("B.1", "30.00"),
        ("C.1", "40.00"),
    ]
    assert found[1].of("a1").points == "16.00"
    assert found[1].of("z9") is None
    assert standing(content, "PROVA-9999") is None


def test_where_everybody_has_a_place_there_is_no_border():
    at_the_table = seated(count=1)
    (row,) = at_the_table.proposals
    assert standing(Placement.objects.get(application=row).version.document, row.number).border is None


def test_the_border_is_the_best_without_a_place_in_the_same_lot():
    at_the_table = seated()
    first, second, third = (row.number for row in at_the_table.proposals)
    content = deepcopy(dict(Placement.objects.get(application__number=first).version.document))
    rows = {row["application"]: row for row in content["rows"]}
    rows[second]["outcome"] = rows[third]["outcome"]
    assert (standing(content, first).border, standing(content, first).ranked) == (Fraction(4), 3)
    rows[second]["lot"] = "altro"
    assert (standing(content, first).border, standing(content, first).ranked) == (Fraction(10), 2)
    assert (standing(content, second).border, standing(content, second).ranked) == (None, 1)
