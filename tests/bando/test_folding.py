import pytest

from bando.folding import fold, holds


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Perché È così", "perche e cosi"), ("MÜNCHEN Straße", "munchen strasse"), ("e\u0301", "e"), ("ﬁle", "file")],
)
def test_case_and_accents_do_not_count(text, folded):
    assert fold(text) == folded


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", True),
        ("  ", True),
        ("PIÙ enti", True),
        ("piu ente", False),
        ("partner risposta", True),
        ("part", True),
    ],
)
def test_every_word_must_stand_in_one_text_or_another(words, found):
    assert holds(words, "Più enti insieme: chi è il partner?", "La risposta") is found
