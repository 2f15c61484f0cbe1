"""The pages of a commissioner over a draft call."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse

from bando.drafting import from_file
from bando.notice.parse import parse
from evaluation.models import Sheet
from tests.builders import NOTICES, WORKDAY, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client) -> Client:
    client.force_login(official())
    return client


@pytest.fixture
def draft():
    return from_file((NOTICES / "spazi-wemi-2021.yaml").read_bytes(), by=official(), at=WORKDAY)


def text(response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def test_the_list_has_a_sheet_for_each_area_and_leads_to_it(office, draft):
    page = office.get(reverse("desk_draft_preview_sheets", args=[draft.pk])).content.decode()
    wanted = [reverse("desk_draft_preview_sheet", args=[draft.pk, area.code]) for area in parse(draft.data).areas]
    assert re.findall(r'<th scope="row"><a href="([^"]+)"', page) == wanted


def test_a_sheet_says_what_is_missing_and_keeps_nothing(office, draft):
    url = reverse("desk_draft_preview_sheet", args=[draft.pk, "area-1"])
    finished = "Con l'avviso pubblicato, la scheda si conclude così. Qui non si salva niente."
    saved = "Con l'avviso pubblicato, la bozza della scheda si salva. Qui non si salva niente."

    def pressed(button: str, **typed: str) -> list[bool]:
        answer = office.post(url, {button: "1", **typed})
        return [finished in text(answer), saved in text(answer), "bando-summary" in answer.content.decode()]

    page = office.get(url).content.decode()
    levels = dict(re.findall(r'name="(level-[0-9]+)" value="([^"]+)"', page))
    whole = levels | {name.replace("level", "reason"): "Completa." for name in levels}
    assert len(levels) == len(parse(draft.data).grid_for("area-1").criteria)
    assert [pressed("finish"), pressed("finish", **whole)] == [[False, False, True], [True, False, False]]
    assert pressed("save", **{"reason-0": "Mezza."}) == [False, True, False]
    assert pressed("save", **{"level-0": "inventato"}) == [False, False, True]
    assert "Mezza." in office.post(url, {"save": "", "reason-0": "Mezza."}).content.decode()
    assert Sheet.objects.count() == 0
