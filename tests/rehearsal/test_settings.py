"""The settings of a rehearsal are loaded in its own folder and nowhere else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from rehearsal.apart import ROOT, environment
from rehearsal.settings_mark import MARK


def loaded(folder, **more):
    asked = "from rehearsal import settings as s; print(s.CLOCK, s.EMAIL_BACKEND, s.DATABASES['default']['NAME'])"
    made = environment(folder, dict(os.environ)) | more
    return subprocess.run([sys.executable, "-c", asked], cwd=ROOT, env=made, capture_output=True, text=True)


def test_in_a_folder_of_ours_everything_is_there(tmp_path):
    (tmp_path / MARK).touch()
    assert loaded(tmp_path).stdout == f"rehearsal.clock.now rehearsal.mail.Kept {tmp_path}/bando.sqlite3\n"


def test_a_folder_without_the_mark_is_refused(tmp_path):
    assert "BANDO_VAR is no folder of a rehearsal" in loaded(tmp_path).stderr


@pytest.mark.parametrize("name", ["BANDO_DATABASE_URL", "BANDO_STORAGE_URL", "BANDO_MAIL_URL", "BANDO_DEBUG"])
def test_a_variable_of_the_real_set_up_is_refused(tmp_path, name):
    (tmp_path / MARK).touch()
    assert f"a rehearsal has nothing to do with {name}" in loaded(tmp_path, **{name: "1"}).stderr
