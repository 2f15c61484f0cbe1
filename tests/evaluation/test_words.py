"""Marks and criteria in the words of a page: those that no page of ``test_views_every_type`` shows."""

from fractions import Fraction

import pytest

from evaluation.words import label_of, points_words, range_words, rule_words, value_words
from tests.evaluation.grids import criterion, typed_grid


def in_pairs(variant="sum"):
    return criterion("c", "pairwise", "20", pairwise=(variant, False, 3))


@pytest.mark.parametrize(
    ("variant", "sentence"),
    [
        ("sum", "I punti dei componenti si sommano: la somma più alta diventa 1, le altre in proporzione."),
        (
            "mean",
            "Per ogni componente i punti più alti diventano 1, gli altri in proporzione. "
            "Poi si fa la media tra i componenti: la più alta diventa 1, le altre in proporzione.",
        ),
    ],
)
def test_a_comparison_in_pairs_says_what_is_done_and_what_it_becomes(variant, sentence):
    assert rule_words(in_pairs(variant), Fraction(20)) == [
        "Di ogni due proposte si dice quale è migliore e di quanto: da 2 a 6 punti a lei, o 1 a tutte e due se sono pari.",
        sentence,
    ]
    assert range_words(in_pairs()) == "fino a 20 punti"


def test_with_too_few_to_compare_a_mark_is_a_coefficient_of_the_scale():
    one = in_pairs()
    assert (label_of(typed_grid(one), one, 8_000), value_words(one, 8_000), points_words(one, 8_000)) == ("buono", "0,8", "16")
