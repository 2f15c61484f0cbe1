from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from documents.models import MEDIA_TYPES
from documents.uploads import Unacceptable, check
from rehearsal import files

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("short", sorted(MEDIA_TYPES))
@pytest.mark.parametrize("size", [0, 5000, MEGABYTE, MEGABYTE + 1])
def test_a_file_of_every_format_and_size_opens_as_what_it_is(short, size):
    content = files.make(short, size=size, title="Prova (1)")
    assert len(content) == size or not size
    upload = SimpleUploadedFile(f"x.{short}", content)
    assert check(upload, formats=(short,), max_bytes=len(content)) == MEDIA_TYPES[short]


@pytest.mark.parametrize("short", sorted(MEDIA_TYPES))
def test_a_disguised_file_does_not(short):
    with pytest.raises(Unacceptable):
        check(SimpleUploadedFile(f"x.{short}", files.disguised(short)), formats=(short,), max_bytes=MEGABYTE)


def test_nobody_makes_an_unknown_format():
    assert (files.known("pdf"), files.known("dwg")) == (True, False)
