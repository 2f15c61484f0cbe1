import json
from dataclasses import fields, replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bando.deadlines import ROME
from bando.notice import document, grid
from bando.notice.canonical import canonical, notice_hash, to_data
from bando.notice.parse import parse
from bando.notice.shapes import SHAPES
from bando.notice_yaml import load_notice

SMALL = (Path(__file__).parents[1] / "data" / "notices" / "small.yaml").read_text()
NOTICE = load_notice(SMALL)


def test_the_canonical_text_is_json_that_makes_the_same_notice():
    assert parse(json.loads(canonical(NOTICE))) == NOTICE
    assert parse(to_data(NOTICE, defaults=True)) == NOTICE


def test_the_canonical_text_of_a_part_to_the_letter():
    attachments = json.loads(canonical(NOTICE))["attachments"]
    assert canonical(NOTICE).startswith('{"administration":{"email":"ufficio@comune.example","name":"Comune di Prova"},')
    assert attachments == [{"code": "statuto", "formats": ["pdf", "p7m"], "max_size": "20 MB", "title": "Statuto"}]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("schema: 1\n", "# una nota\nschema: 1\n"),
        ("coefficient: 0.60", "coefficient: 0.6000"),
        ("max_points: 100", 'max_points: "100.00"'),
        ("max_size: 20 MB", "max_size: 20480 KB"),
        ("max_grant: 1250.50", "max_grant: 1250.5"),
        ("  min_members: 3\n  max_members: 5\n", "  max_members: 5\n  min_members: 3\n"),
        ("commission:\n  min_members: 3\n  max_members: 5\n", ""),
        ("summary: Un avviso corto.", "summary: >\n  Un avviso\n  corto.\n"),
        ("opens_space: true", "opens_space: true\n    place_label: posti"),
    ],
)
def test_two_ways_of_writing_the_same_have_the_same_hash(old, new):
    assert SMALL.count(old) == 1
    assert notice_hash(load_notice(SMALL.replace(old, new))) == notice_hash(NOTICE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("summary: Un avviso corto.", "summary: Un avviso corto"),
        ("coefficient: 0.60", "coefficient: 0.6001"),
        ("deadline: 2021-10-18T12:00:00", "deadline: 2021-10-18T12:00:01"),
        ("opens_space: true", "opens_space: false"),
        ("comparison: exact", "comparison: published"),
        ("municipi: [1, 2]", "municipi: [2, 1]"),
    ],
)
def test_any_change_of_a_word_or_a_number_changes_the_hash(old, new):
    assert SMALL.count(old) == 1
    assert notice_hash(load_notice(SMALL.replace(old, new))) != notice_hash(NOTICE)


def test_the_hash_of_the_small_document_never_changes():
    assert notice_hash(NOTICE) == "228e337865c69a59591444d09b0d8b3b57cd7fab597eec06cadbca88ecb5561b"


def test_every_attribute_of_every_part_is_written():
    for shape in SHAPES:
        written = {key.attribute for key in shape.keys if not key.computed}
        assert written == {field.name for field in fields(shape.makes)}, shape.title


LINES = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40).map(str.strip).filter(bool)
TEXTS = st.lists(LINES, min_size=1, max_size=3).map("\n".join)
OPTIONAL = st.just("") | TEXTS
POINTS = st.decimals(0, 100, places=2)
INSTANTS = (
    st.datetimes(datetime(2000, 1, 1), datetime(2099, 1, 1))  # noqa: DTZ001 - a clock on a wall
    .filter(lambda local: local.hour > 3)
    .map(lambda local: local.replace(microsecond=0, tzinfo=ROME))
)


@st.composite
def notices(draw):
    """The small notice with other words, numbers, days and choices wherever they are free."""
    small = NOTICE.grids[0]
    labels = draw(st.lists(LINES, min_size=1, max_size=5, unique_by=str.casefold))
    steps = draw(st.lists(st.integers(0, 10_000), min_size=len(labels), max_size=len(labels), unique=True))
    scale = tuple(
        grid.Level(label, Decimal(step).scaleb(-4), draw(OPTIONAL)) for label, step in zip(labels, steps, strict=True)
    )
    points = draw(st.sampled_from([(), *grid.RoundingPoint]))
    rounding = tuple(
        grid.Rounding(point, draw(st.integers(0, 6)), draw(st.sampled_from(grid.RoundingMode)))
        for point in ([points] if points else [])
    )
    deadline = draw(INSTANTS)
    return replace(
        NOTICE,
        summary=draw(TEXTS),
        demonstration=draw(OPTIONAL),
        act=draw(
            st.none()
            | st.builds(
                document.Act,
                title=LINES,
                number=st.just("") | LINES,
                date=st.none() | st.dates(date(1900, 1, 1), date(2100, 1, 1)),
            )
        ),
        calendar=replace(NOTICE.calendar, deadline=deadline, opens=None, questions_until=draw(st.none() | st.just(deadline))),
        budgets=(
            replace(
                NOTICE.budgets[0],
                max_grant_cents=draw(st.none() | st.integers(1, 10**12)),
                min_own_share_percent=draw(st.none() | POINTS),
            ),
        ),
        grids=(
            replace(
                small,
                scale=scale,
                rounding=rounding,
                comparison=draw(st.sampled_from(grid.Comparison)),
                threshold=draw(st.none() | POINTS),
                demonstration=draw(OPTIONAL),
            ),
        ),
    )


@given(notices())
def test_what_is_written_is_read_again_as_the_same(notice):
    again = parse(json.loads(canonical(notice)))
    assert again == notice
    assert notice_hash(again) == notice_hash(notice)
