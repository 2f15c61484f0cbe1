import pytest

from bando.drafting import begin
from bando.models import DraftOrigin
from bando.notice_yaml import read
from tests.bando.small import SMALL
from tests.bando.writing import Writer
from tests.builders import WORKDAY, official

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(client):
    client.force_login(official(name="Anna Bianchi"))
    return client


def drafted(data=None, by=None):
    data = read(SMALL).data if data is None else data
    return begin(data, origin=DraftOrigin.FILE, by=by or official(), at=WORKDAY)


def test_smoke(office):
    draft = drafted()
    from bando.editor.parts import PARTS

    for part in PARTS:
        w = Writer(office, draft).open(part.slug)
        before = w.data
        w.press("save" if part.slug not in {"aree","domanda","piani","griglie"} else "next")
        assert w.data == before, part.slug
    for slug in ("aree/0", "domanda/0", "domanda/0/0", "griglie/0", "griglie/0/0"):
        w = Writer(office, draft).open(slug)
        before = w.data
        w.press("save")
        assert w.data == before, slug
    for url in ("/ufficio/bozze/", f"/ufficio/bozze/{draft.pk}/", f"/ufficio/bozze/{draft.pk}/storia/", f"/ufficio/bozze/{draft.pk}/storia/1/", f"/ufficio/bozze/{draft.pk}/anteprima/", f"/ufficio/bozze/{draft.pk}/documento.yaml"):
        assert office.get(url).status_code == 200
