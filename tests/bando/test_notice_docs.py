"""docs/notice.md explains the schema that is in force."""

import re
from enum import Enum
from pathlib import Path

import pytest

from bando.notice.kinds import Kind
from bando.notice.shapes import REQUIRED, SHAPES, Many, Shape
from bando.notice_yaml import load_notice

PAGE = (Path(__file__).parents[2] / "docs" / "notice.md").read_text()
ROW = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)


def type_of(kind):
    match kind:
        case Many():
            return f"list of {type_of(kind.of)}"
        case Shape():
            return f"`{kind.title}`"
        case Kind():
            return kind.name


def default_of(key):
    if key.default is REQUIRED:
        return "required, may be null" if key.nullable else "required"
    match key.default:
        case None:
            return "none"
        case "" | ():
            return "empty"
        case bool():
            return f"`{str(key.default).lower()}`"
        case Enum() | str() | int():
            return f"`{key.default}`"
    return "all defaults"


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.title)
def test_each_part_is_explained_key_by_key_with_its_type_and_default(shape):
    (section,) = re.findall(rf"^### `{re.escape(shape.title)}`\n(.*?)(?=^##|\Z)", PAGE, re.MULTILINE | re.DOTALL)
    expected = [(key.name, type_of(key.kind), default_of(key)) for key in shape.keys]
    if shape.title == "notice":
        expected.insert(0, ("schema", "whole number", "required"))
    assert ROW.findall(section) == expected


def test_the_example_of_the_page_is_a_document_that_loads():
    (example,) = re.findall(r"^```yaml\n(schema: 1\n.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert load_notice(example).id == "orti-di-quartiere"
