"""The documents that ship with the program."""

from decimal import Decimal
from pathlib import Path

import pytest

from bando.deadlines import in_utc
from bando.notice.canonical import notice_hash, to_data
from bando.notice.completeness import checklist
from bando.notice.document import SectionKind
from bando.notice.grid import (
    Comparison,
    Composition,
    CriterionType,
    Rounding,
    RoundingMode,
    RoundingPoint,
    TieStep,
    TieStepKind,
)
from bando.notice.publishable import publishable_faults
from bando.notice_yaml import DocumentFaults, load_notice

FIXTURES = Path(__file__).parents[2] / "fixtures"
NOTICES = FIXTURES / "notices"
WEMI = load_notice((NOTICES / "spazi-wemi-2021.yaml").read_bytes())
GORGONZOLA = load_notice((NOTICES / "gorgonzola-2024.yaml").read_bytes())
PORTICI = load_notice((NOTICES / "portici-2018.yaml").read_bytes())
ANGRI = load_notice((NOTICES / "angri-2020.yaml").read_bytes())
TEMPLATE = (FIXTURES / "templates" / "co-progettazione.yaml").read_text()


@pytest.mark.parametrize(
    ("notice", "sha256"),
    [
        (WEMI, "4a75bf133114203279e7dfb73d72b6815474e099a5069fc34ddf0ce53ffa026c"),
        (GORGONZOLA, "8e5f92d3f7c4640d997d9ec798f17cd74678c779e70eb8b29f765a51d053febb"),
        (PORTICI, "acb0d4e5508476e21a922e274ab106a462afe4cc90e06d4642de3b821eee91b5"),
        (ANGRI, "553913516a0b868da6d037ba6e218f57c318105e38bdaf208736f4699a9daa33"),
    ],
)
def test_a_document_that_ships_has_this_hash_and_may_be_published(notice, sha256):
    assert notice_hash(notice) == sha256
    assert publishable_faults(notice) == ()


def test_the_names_of_the_files_are_those_of_the_calls():
    assert sorted(path.stem for path in NOTICES.glob("*.yaml")) == [ANGRI.id, GORGONZOLA.id, PORTICI.id, WEMI.id]


def test_the_spazi_wemi_close_on_monday_18_october_2021_at_noon_in_rome():
    deadline = WEMI.calendar.deadline
    assert (deadline.isoformat(), deadline.strftime("%A")) == ("2021-10-18T12:00:00+02:00", "Monday")
    assert in_utc(deadline).isoformat() == "2021-10-18T10:00:00+00:00"


def test_the_spazi_wemi_have_twenty_places_in_nine_municipi_and_one_accompaniment():
    assert [(area.code, area.places, area.municipi, area.opens_space) for area in WEMI.areas] == [
        ("area-1", 20, (1, 2, 3, 4, 5, 6, 7, 8, 9), True),
        ("area-2", 1, (), False),
    ]


def test_the_grids_of_the_spazi_wemi_say_that_they_are_a_demonstration():
    assert {grid.demonstration for grid in WEMI.grids} == {
        "Griglia dimostrativa: i criteri veri dell'avviso del Comune di Milano non sono noti a chi ha scritto questo programma."
    }
    assert WEMI.demonstration.startswith("Avviso dimostrativo.")
    assert [(grid.max_points, grid.threshold, len(grid.criteria)) for grid in WEMI.grids] == [(100, 60, 10), (100, 65, 7)]


def test_what_the_press_does_not_say_about_the_spazi_wemi_is_an_assumption():
    assumed = {assumption.path for assumption in WEMI.assumptions}
    assert assumed >= {
        "areas[area-2].places",
        "attachments",
        "budgets",
        "calendar.opens",
        "grids[area-1-dimostrativa]",
        "grids[area-2-dimostrativa]",
        "requirements",
        "sections",
    }


@pytest.mark.parametrize(
    ("area", "sections"),
    [
        (
            "area-1",
            "ente chi-partecipa esperienza spazio proposta gruppo-di-lavoro monitoraggio piano-economico dichiarazioni",
        ),
        (
            "area-2",
            "ente chi-partecipa esperienza proposta accompagnamento gruppo-di-lavoro monitoraggio piano-economico dichiarazioni",
        ),
    ],
)
def test_each_area_of_the_spazi_wemi_has_nine_sections_that_end_with_money_and_declarations(area, sections):
    form = WEMI.sections_for(area)
    assert [section.code for section in form] == sections.split()
    assert [section.kind for section in form][-2:] == [SectionKind.BUDGET, SectionKind.DECLARATIONS]


def test_a_body_of_2021_may_be_in_an_older_register():
    (register,) = [q for section in WEMI.sections for q in section.questions if q.code == "registro"]
    assert [choice.code for choice in register.choices] == [
        "runts",
        "registro-odv",
        "registro-aps",
        "albo-cooperative",
        "registro-imprese",
        "anagrafe-onlus",
        "altro-registro",
    ]


def test_the_grid_of_gorgonzola_is_that_of_the_act():
    (grid,) = GORGONZOLA.grids
    assert [(block.code, block.max_points) for block in grid.blocks] == [("proposta", 80), ("costi", 20)]
    assert [(c.code, c.letter, c.max_points, c.block) for c in grid.criteria] == [
        ("1.a", "A", 3, "proposta"),
        ("1.b", "B", 3, "proposta"),
        ("1.c", "C", 3, "proposta"),
        ("1.d", "D", 3, "proposta"),
        ("1.e", "E", 15, "proposta"),
        ("1.f", "F", 15, "proposta"),
        ("1.g", "G", 8, "proposta"),
        ("1.h", "H", 10, "proposta"),
        ("1.x1", "", 6, "proposta"),
        ("1.i", "I", 4, "proposta"),
        ("1.x2", "", 5, "proposta"),
        ("1.l", "L", 5, "proposta"),
        ("2.a", "A", 10, "costi"),
        ("2.b", "B", 10, "costi"),
    ]
    assert (len(grid.criteria), grid.max_points, grid.threshold, grid.demonstration) == (14, 100, 60, "")
    assert [(level.label, level.coefficient) for level in grid.scale] == [
        ("ottimo", Decimal("1.0")),
        ("distinto", Decimal("0.9")),
        ("buono", Decimal("0.8")),
        ("discreto", Decimal("0.7")),
        ("sufficiente", Decimal("0.6")),
        ("superficiale", Decimal("0.5")),
        ("scarso", Decimal("0.4")),
        ("insufficiente", Decimal("0.3")),
        ("gravemente insufficiente", Decimal("0.2")),
        ("completamente fuori tema", Decimal("0.1")),
        ("argomento non trattato", Decimal("0.0")),
    ]
    assert grid.rounding == (Rounding(RoundingPoint.MEAN, 2, RoundingMode.HALF_UP),)


def test_what_the_act_of_gorgonzola_does_not_say_about_its_grid_is_an_assumption():
    (grid,) = GORGONZOLA.grids
    assert (grid.tie_chain, grid.comparison) == ((TieStep(TieStepKind.DRAW),), Comparison.EXACT)
    assert {a.path for a in GORGONZOLA.assumptions if a.path.startswith("grids")} == {
        "grids[atto-685-2024].comparison",
        "grids[atto-685-2024].criteria",
        "grids[atto-685-2024].rounding[0].mode",
        "grids[atto-685-2024].threshold",
        "grids[atto-685-2024].tie_chain",
    }
    assert "calendar.deadline" in {a.path for a in GORGONZOLA.assumptions}


def test_the_answers_about_the_proposal_of_gorgonzola_follow_the_order_of_its_criteria():
    questions = [q for section in GORGONZOLA.sections for q in section.questions if q.criterion]
    criteria = [c.code for c in GORGONZOLA.grids[0].criteria if c.code != "2.a"]
    assert [q.criterion for q in questions] == criteria


def test_the_grid_of_portici_has_two_judgments_with_their_points_and_counts_certificates():
    (grid,) = PORTICI.grids
    assert (grid.max_points, grid.threshold, grid.rounding, grid.scale, grid.composition) == (
        30,
        None,
        (),
        (),
        Composition.MEAN,
    )
    assert [(c.code, c.type, c.max_points, c.per_unit, c.unit) for c in grid.criteria] == [
        ("1", CriterionType.LEVELS, 10, None, ""),
        ("2", CriterionType.COUNT, 10, 2, "certificati"),
        ("3", CriterionType.LEVELS, 10, None, ""),
    ]
    for criterion in (grid.criteria[0], grid.criteria[2]):
        assert [(level.label, level.points) for level in criterion.levels] == [
            ("ottimo", 10),
            ("buono", 8),
            ("discreto", 5),
            ("sufficiente", 2),
        ]


def test_what_the_judgments_about_portici_do_not_say_is_an_assumption():
    assert {a.path for a in PORTICI.assumptions if a.path.startswith("grids")} == {
        "grids[tre-criteri].blocks",
        "grids[tre-criteri].comparison",
        "grids[tre-criteri].composition",
        "grids[tre-criteri].rounding",
        "grids[tre-criteri].threshold",
        "grids[tre-criteri].tie_chain",
    }
    assert {"calendar.deadline", "areas[itia].places", "replacement.mode"} <= {a.path for a in PORTICI.assumptions}


def test_at_angri_three_commissioners_give_ten_points_each_that_are_summed():
    (grid,) = ANGRI.grids
    (criterion,) = grid.criteria
    assert (grid.max_points, grid.composition, grid.threshold, grid.rounding) == (30, Composition.SUM, None, ())
    assert (criterion.type, criterion.max_points, criterion.step) == (CriterionType.POINTS, 30, Decimal("0.5"))
    assert (ANGRI.commission.min_members, ANGRI.commission.max_members) == (3, 3)
    assert (ANGRI.act.number, ANGRI.act.date.isoformat()) == ("411", "2020-06-10")


def test_what_the_judgment_about_angri_does_not_say_is_an_assumption():
    assert {a.path for a in ANGRI.assumptions if a.path.startswith("grids")} == {
        "grids[proposta-intera].comparison",
        "grids[proposta-intera].composition",
        "grids[proposta-intera].criteria[totale].step",
        "grids[proposta-intera].rounding",
        "grids[proposta-intera].threshold",
        "grids[proposta-intera].tie_chain",
    }


def test_a_real_grid_says_that_the_rest_of_its_call_is_an_example():
    assert [bool(notice.demonstration) for notice in (GORGONZOLA, PORTICI, ANGRI)] == [True, True, True]
    assert [grid.demonstration for notice in (GORGONZOLA, PORTICI, ANGRI) for grid in notice.grids] == ["", "", ""]


def test_the_template_lacks_who_publishes_and_until_when_and_nothing_else_that_stops_it():
    with pytest.raises(DocumentFaults) as refused:
        load_notice(TEMPLATE)
    assert [fault.path for fault in refused.value.faults] == [("administration", "name"), ("calendar", "deadline")]


def test_the_template_with_a_name_and_a_deadline_may_be_published():
    text = TEMPLATE.replace("administration: {}", "administration: {name: Comune di Prova}")
    text = text.replace("timezone: Europe/Rome", "deadline: 2030-06-28T12:00:00")
    notice = load_notice(text)
    assert publishable_faults(notice) == ()
    assert [item.code for item in checklist(to_data(notice)) if not item.done] == [
        "officer",
        "act",
        "coprogramming",
        "publication",
    ]
    assert (notice.demonstration, [grid.demonstration for grid in notice.grids], notice.sources) == ("", [""], ())
