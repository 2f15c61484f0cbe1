import json
import re
from dataclasses import replace

import pytest

from bando.deadlines import rome
from bando.notice_yaml import load_notice
from bando.structured_data import data_block, government_service
from tests.bando.small import SMALL

NOTICE = load_notice(SMALL)


@pytest.mark.parametrize("text", ["</script><script>alert(1)</script>", "<!--<script>", "a & b", "\u2028\u2029", '"\\'])
def test_nothing_that_a_call_says_ends_the_data_block(text):
    block = data_block({"name": text})
    assert re.fullmatch(r'<script type="application/ld\+json" data-element="metatag">[^<>&\u2028\u2029]*</script>', block)
    assert json.loads(block.split(">", 1)[1].rsplit("<", 1)[0]) == {"name": text}


def test_what_a_call_does_not_say_is_left_out():
    said = government_service(NOTICE, url="https://a.example/", document_url="https://a.example/d", opens=None)
    assert said["hoursAvailable"] == {"@type": "OpeningHoursSpecification", "validThrough": "2021-10-18T12:00:00+02:00"}
    assert said["serviceOperator"] == {"@type": "GovernmentOrganization", "name": "Comune di Prova"}
    assert "serviceLocation" not in said["availableChannel"]


def test_the_office_and_the_site_are_said_where_they_are_known():
    known = replace(NOTICE, administration=replace(NOTICE.administration, office="Ufficio", url="https://c.example/"))
    said = government_service(known, url="https://a.example/", document_url="https://a.example/d", opens=rome(2021, 9, 1, 9))
    assert said["serviceOperator"]["url"] == "https://c.example/"
    assert said["availableChannel"]["serviceLocation"] == {"@type": "Place", "name": "Ufficio"}
    assert said["hoursAvailable"]["validFrom"] == "2021-09-01T09:00:00+02:00"
