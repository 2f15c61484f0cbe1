import pytest

from network.italian import STOP_WORDS, likeness, one_letter_apart, plain, same_words, stems, telling_words, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Città", ["citta"]),
        ("citta'", ["citta"]),
        ("perché PERCHÈ", ["perche", "perche"]),
        ("l'anziano", ["l", "anziano"]),
        ("dell’età", ["dell", "eta"]),
        ("baby-sitter", ["baby", "sitter"]),
        ("assistenza, 24 ore", ["assistenza", "24", "ore"]),
        ("100% _gratis_", ["100", "gratis"]),
        ("ﬁdarsi", ["fidarsi"]),
        ("\x00 \n", []),
        ("", []),
    ],
)
def test_words_have_no_accents_and_end_at_every_sign(text, expected):
    assert words(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cerco una badante per la mia mamma", ["badante", "mamma"]),
        ("ho bisogno di qualcuno che mi faccia la spesa", ["faccia", "spesa"]),
        ("l'anziano", ["anziano"]),
        ("di che", []),
    ],
)
def test_what_a_need_is_wrapped_in_is_left_out(text, expected):
    assert telling_words(text) == expected


def test_the_words_that_say_nothing_are_written_as_a_search_reads_them():
    assert {word for word in STOP_WORDS if plain(word) != word} == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anziano", "anziani"),
        ("anziana", "anziano"),
        ("infermiere", "infermieri"),
        ("infermiera", "infermiere"),
        ("familiare", "familiari"),
        ("badante", "badanti"),
        ("assistenza", "assistenze"),
        ("amica", "amiche"),
        ("psicologo", "psicologhe"),
        ("compito", "compiti"),
        ("cane", "cani"),
        ("aiuto", "aiutare"),
        ("attivita", "attivita"),
        ("24", "24"),
        ("oss", "oss"),
    ],
)
def test_endings_make_no_difference(one, other):
    assert stems(one) & stems(other) != frozenset()


@pytest.mark.parametrize(("one", "other"), [("cane", "casa"), ("pasto", "posto"), ("medico", "mercato"), ("oss", "ossa")])
def test_other_words_are_other_words(one, other):
    assert stems(one) & stems(other) == frozenset()


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("badante", "badnte", True),
        ("badnte", "badante", True),
        ("badante", "badanre", True),
        ("badante", "bdaante", True),
        ("badante", "badantee", True),
        ("badante", "abadante", True),
        ("badante", "badante", False),
        ("badante", "badnt", False),
        ("badante", "dabante", False),
        ("badante", "bandate", False),
        ("ab", "ba", True),
        ("", "a", True),
    ],
)
def test_one_slip_of_the_fingers(a, b, expected):
    assert one_letter_apart(a, b) is expected


@pytest.mark.parametrize(("a", "b", "expected"), [("casa", "casa", 100), ("casa", "case", 42), ("casa", "zio", 0)])
def test_likeness_is_in_percent(a, b, expected):
    assert likeness(a, b) == expected


@pytest.mark.parametrize(
    ("some", "others", "expected"),
    [
        (["corso", "italiano"], ["corsi", "italiani"], True),
        (["corso", "italiano"], ["italiano", "corso"], False),
        (["corso"], ["corso", "italiano"], False),
        ([], [], True),
    ],
)
def test_words_are_the_same_one_by_one(some, others, expected):
    assert same_words(some, others) is expected
