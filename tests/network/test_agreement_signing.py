import pytest

from network.agreement_signing import is_same_person


@pytest.mark.parametrize(
    ("expected", "certified", "same"),
    [
        ("Carla Referente", "CARLA REFERENTE", True),
        ("Referente Carla", "Carla Referente", True),
        ("Carla Maria Referente", "Carla Referente", True),
        ("Carla Referente", "Carla Maria Referente", True),
        ("Niccolò Bèrti", "NICCOLO BERTI", True),
        ("dott.ssa Carla Referente", "Carla Referente", True),
        ("Carla Referente", "Mario Rossi", False),
        ("Carla Referente", "Carla Rossi", False),
        ("Carla", "Carla Referente", False),
        ("Carla Referente", "Carla", False),
        ("", "Carla Referente", False),
        ("Carla Referente", "", False),
    ],
)
def test_names_are_compared_by_their_words(expected, certified, same):
    assert is_same_person(expected, certified) is same
