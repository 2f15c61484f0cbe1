import pytest

from bando.editor.labels import DECIDES, FREE, WORDS
from bando.notice import checks, document, grid
from bando.notice.kinds import Kind, Unreadable
from bando.notice.shapes import SHAPES, Many, Shape

KEYS = {(shape.title, key.name): key for shape in SHAPES for key in shape.keys}


def test_every_key_of_the_schema_has_its_words_and_every_word_its_key():
    assert set(WORDS) == set(KEYS)


def test_every_list_of_things_says_what_one_is_called_and_what_its_button_does():
    lists = {name for name, key in KEYS.items() if isinstance(key.kind, Many) and isinstance(key.kind.of, Shape)}
    assert {name for name, words in WORDS.items() if words.one and words.add} == lists


def test_every_choice_of_the_schema_is_offered_and_no_other():
    for name, key in KEYS.items():
        kind = key.kind.of if isinstance(key.kind, Many) else key.kind
        offered = [value for value, _label in WORDS[name].options]
        if not isinstance(kind, Kind) or kind.name != "one of" or name == ("calendar", "timezone"):
            assert (name, offered) == (name, [])
            continue
        read = [kind.read(value) for value in offered]
        known = set(type(read[0])) if not isinstance(read[0], str) or hasattr(read[0], "value") else set(FORMATS)
        assert (name, set(read)) == (name, known)


FORMATS = ("pdf", "p7m", "jpg", "png", "docx", "xlsx", "odt", "ods", "zip")


def test_the_counter_of_a_long_text_knows_its_limit():
    texts = {key.kind for key in KEYS.values() if isinstance(key.kind, Kind) and key.kind.name == "text"}
    for kind in texts:
        assert kind.read("a" * 10_000) == "a" * 10_000
        with pytest.raises(Unreadable):
            kind.read("a" * 10_001)


def test_what_applies_to_each_type_of_criterion_is_what_the_checks_say():
    _key, _default, applies = DECIDES["grids.criteria"]
    found = {str(kind): {name for name, kinds in applies.items() if kind in kinds} for kind in grid.CriterionType}
    assert found == {str(kind): set(names) for kind, names in checks._BY_TYPE.items()}


@pytest.mark.parametrize(
    ("shape", "values"),
    [
        ("questions", document.QuestionType),
        ("questions.columns", document.ColumnType),
        ("sections", document.SectionKind),
        ("grids.criteria", grid.CriterionType),
        ("grids.criteria.formula", grid.FormulaKind),
        ("grids.tie_chain", grid.TieStepKind),
        ("replacement", document.ReplacementMode),
    ],
)
def test_what_decides_is_a_key_with_those_values(shape, values):
    key, default, applies = DECIDES[shape]
    assert {value for value, _label in WORDS[shape, key].options} == set(values)
    assert {kind for kinds in applies.values() for kind in kinds} <= set(values)
    assert {(shape, name) for name in applies} <= set(KEYS)
    assert default == ("" if KEYS[shape, key].default not in set(values) else KEYS[shape, key].default)
    assert {name for owner, name in FREE if owner == shape} <= set(applies)
