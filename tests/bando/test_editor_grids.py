"""The three real grids that are known whole, entered through the pages of the editor and read back from the exported file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from bando.drafting import begin, storable
from bando.models import DraftOrigin
from bando.notice.parse import parse
from bando.notice_yaml import dump, load_notice, read
from tests.bando.writing import Writer
from tests.builders import WORKDAY, official

pytestmark = pytest.mark.django_db

GRIDS = {
    grid["code"]: grid for grid in read((Path(__file__).parent.parent / "data/grids/complete.yaml").read_text()).data["grids"]
}
REST = {
    "id": "prova-griglia",
    "title": "Prova di una griglia",
    "summary": "Un avviso che serve a provare una griglia.",
    "administration": {"name": "Comune di Esempio"},
    "calendar": {"deadline": "2026-12-18T12:00:00"},
    "areas": [{"code": "area", "title": "Area unica"}],
    "sections": [
        {"code": "proposta", "title": "La proposta", "questions": [
            {"code": "che-cosa", "label": "Che cosa volete fare?", "type": "long_text", "limit": 3000}]}
    ],
    "agreement": {"title": "Schema", "articles": [{"title": "Oggetto", "text": "Insieme."}]},
}  # fmt: skip


def typed(value: Any) -> str:
    """As an Italian writes it."""
    return str(value).replace(".", ",") if not isinstance(value, str) else value


def add_rows(writer: Writer, name: str, rows: list[dict[str, Any]]) -> None:
    for index, row in enumerate(rows):
        writer.press(f"{name}:add")
        writer.write({f"{name}-{index}-{key}": typed(value) for key, value in row.items()})


def enter(writer: Writer, grid: dict[str, Any]) -> None:
    writer.open("griglie").press("grids:add")
    writer.write({"title": grid["title"], "code": grid["code"], "max_points": typed(grid["max_points"])})
    for name in ("scale", "blocks", "rounding"):
        if grid[name]:
            add_rows(writer, name, grid[name])
        else:
            writer.write({f"{name}-none": "yes"})
    writer.write({"comparison": grid["comparison"], "composition": grid.get("composition", "mean")})
    if grid["threshold"] is None:
        writer.write({"threshold-is": "no"})
    else:
        writer.write({"threshold-is": "yes", "threshold": typed(grid["threshold"])})
    writer.press("criteria:add")
    for index, criterion in enumerate(grid["criteria"]):
        plain = {key: typed(value) for key, value in criterion.items() if not isinstance(value, list)}
        writer.write({"type": "coefficient"} | plain)
        add_rows(writer, "levels", criterion.get("levels", []))
        writer.press("another" if index + 1 < len(grid["criteria"]) else "next")
    # Now the page of the grid knows its criteria, and they can decide a tie.
    add_rows(writer, "tie_chain", grid["tie_chain"])
    writer.press("next")


@pytest.mark.parametrize("code", GRIDS)
def test_a_real_grid_entered_in_the_browser_is_exported_and_loaded_equal(client, code):
    client.force_login(official())
    writer = Writer(client, begin(REST, origin=DraftOrigin.FILE, by=official(), at=WORKDAY))
    enter(writer, GRIDS[code])
    writer.open("aree/0").fill(grid=code).press("save")
    writer.open("domanda/0/0").fill(criterion=GRIDS[code]["criteria"][0]["code"]).press("save")
    members = 3 if GRIDS[code].get("composition") == "sum" else 5
    writer.open("commissione").write({"commission-min_members": "3", "commission-max_members": str(members)}).press("save")

    exported = client.get(reverse("desk_draft_export", args=[writer.draft.pk])).content.decode()
    notice = load_notice(exported)
    wanted = parse(storable({"schema": 1, **REST, "grids": [GRIDS[code]], "areas": [REST["areas"][0] | {"grid": code}],
                             "commission": {"min_members": 3, "max_members": members}})).grids[0]  # fmt: skip
    found = notice.grids[0]
    for what in (
        "criteria",
        "scale",
        "blocks",
        "max_points",
        "rounding",
        "threshold",
        "composition",
        "tie_chain",
        "comparison",
    ):
        assert (what, getattr(found, what)) == (what, getattr(wanted, what))
    assert found == wanted
    assert dump(read(exported).data) == exported
