"""The ranking as a spreadsheet."""

import io
import zipfile
from xml.etree import ElementTree

import pytest

from evaluation.spreadsheet import ods
from tests.builders_evaluation import RANKED_AT, admitted, commission, mark_all, published, small_call

pytestmark = pytest.mark.django_db

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"


def sheets(content):
    """Sheet name to its rows: a number is ``(type, value)``, a text its words."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
        root = ElementTree.fromstring(archive.read("content.xml"))
    return {
        sheet.get(f"{TABLE}name"): [
            [
                ("number", value) if (value := cell.get(f"{OFFICE}value")) is not None else "".join(cell.itertext())
                for cell in row.iter(f"{TABLE}table-cell")
            ]
            for row in sheet.iter(f"{TABLE}table-row")
        ]
        for sheet in root.iter(f"{TABLE}table")
    }


def test_numbers_are_decimals_and_texts_are_texts():
    call = small_call()
    first = admitted(call, name="Ente A", title="=1+1")
    second = admitted(call, name="Ente\x02 B", title="Due & <tre>")
    given = [["ottimo"] * 3, ["buono"] * 3, ["buono"] * 3]
    mark_all(commission(call), {first: given, second: [["scarso"] * 3] * 3})
    version = published(call).latest
    found = sheets(ods(version.document, at=RANKED_AT))
    header, *rows = found["graduatoria"]
    cells = [dict(zip(header, row, strict=True)) for row in rows]
    assert [(row["position"], row["body"], row["title"], row["points a1"], row["total"]) for row in cells] == [
        (("number", "1"), "Ente A", "=1+1", ("number", "17.33"), ("number", "86.67")),
        ("", "Ente B", "Due & <tre>", ("number", "4.00"), ("number", "20.00")),
    ]
    assert cells[0]["total_exact"] == "260/3"
    assert found["punteggi"][:4] == [
        ["application", "criterion", "commissioner", "mark"],
        [first.number, "a1", "Presidente", ("number", "1")],
        [first.number, "a1", "Commissario 1", ("number", "0.8")],
        [first.number, "a1", "Commissario 2", ("number", "0.8")],
    ]
    assert len(found["punteggi"]) == 1 + 2 * 3 * 3


def test_who_asks_twice_gets_the_same_bytes():
    call = small_call()
    mark_all(commission(call), {admitted(call): [["buono"] * 3] * 3})
    document = published(call).latest.document
    assert ods(document, at=RANKED_AT) == ods(document, at=RANKED_AT)
