"""What an installation gets from its environment, and what it hears when the environment is wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROGRAM = """
import json, sys
from django.core.exceptions import ImproperlyConfigured
try:
    from bando import settings
except ImproperlyConfigured as problem:
    sys.exit(str(problem))
print(json.dumps({name: getattr(settings, name) for name in sys.argv[1:]}, default=str))
"""


def read(*names: str, **environment: str) -> tuple[dict[str, Any], str]:
    """The settings of these names in a process that has only this environment, and what it complained of."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("BANDO_")}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, *names], env={**own, **environment}, capture_output=True, text=True, check=False
    )
    return json.loads(run.stdout or "{}"), run.stderr.strip()


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    return {"BANDO_SECRET_KEY": "x" * 50, "BANDO_VAR": str(tmp_path / "100% #1")}


def test_a_small_installation_keeps_all_in_its_folder_whatever_its_name(production: dict[str, str]) -> None:
    found, complaint = read("DATABASES", "STORAGES", "DEBUG", "DEMO", **production)
    assert complaint == ""
    assert found["DATABASES"]["default"]["NAME"] == production["BANDO_VAR"] + "/bando.sqlite3"
    assert found["STORAGES"]["default"]["OPTIONS"]["location"] == production["BANDO_VAR"] + "/documents"
    assert (found["DEBUG"], found["DEMO"]) == (False, False)


def test_postgresql_has_a_connection_for_each_thread_and_tries_it_before_use(production: dict[str, str]) -> None:
    found, _complaint = read(
        "DATABASES", **production, BANDO_DATABASE_URL="postgres://bando:se%40greta@db.example:5433/bando?sslmode=require"
    )
    database = found["DATABASES"]["default"]
    assert [database[key] for key in ("ENGINE", "HOST", "PORT", "NAME", "USER", "PASSWORD", "CONN_HEALTH_CHECKS")] == [
        "django.db.backends.postgresql",
        "db.example",
        5433,
        "bando",
        "bando",
        "se@greta",
        True,
    ]
    assert database["OPTIONS"] == {
        "sslmode": "require",
        "pool": {"min_size": 2, "max_size": 16, "timeout": 5, "reconnect_timeout": 4},
    }


def test_a_file_on_its_way_from_s3_goes_through_the_disk_and_not_through_memory(production: dict[str, str]) -> None:
    found, _complaint = read(
        "STORAGES", **production, BANDO_STORAGE_URL="s3://key:sec%2Fret@s3.example.it:9000/bando?tls=0&region=eu-south-1"
    )
    options = found["STORAGES"]["default"]["OPTIONS"]
    assert {
        key: options[key]
        for key in ("bucket_name", "access_key", "secret_key", "endpoint_url", "region_name", "max_memory_size")
    } == {
        "bucket_name": "bando",
        "access_key": "key",
        "secret_key": "sec/ret",
        "endpoint_url": "http://s3.example.it:9000",
        "region_name": "eu-south-1",
        "max_memory_size": 1024 * 1024,
    }


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        (
            {"BANDO_SECRET_KEY": ""},
            "BANDO_SECRET_KEY is missing: bin/run makes one; in production write your own, 50 characters or more",
        ),
        ({"BANDO_DEBUG": "yes"}, "BANDO_DEBUG is 'yes': write 1 or 0"),
        (
            {"BANDO_URL": "servizi.comune.example.it"},
            "BANDO_URL is 'servizi.comune.example.it': write the whole address, for example https://servizi.comune.example.it",
        ),
        (
            {"BANDO_STORAGE_URL": "s3://key:secret@s3.example.it/bando/files"},
            "BANDO_STORAGE_URL: write s3://key:secret@host/bucket, and after the bucket nothing but ?tls=… and region=…",
        ),
        (
            {"BANDO_STORAGE_URL": "http://s3.example.it/bando"},
            "BANDO_STORAGE_URL: write s3://key:secret@host/bucket, and after the bucket nothing but ?tls=… and region=…",
        ),
        (
            {"BANDO_ARRIVAL_HEADER": "X-Arrived"},
            "BANDO_ARRIVAL_HEADER is 'X-Arrived': write a name without - and _, for example Arrived, "
            "because the server takes X_Arrived, which a client may send, for X-Arrived",
        ),
        *(
            ({"BANDO_CLAMD": address}, "BANDO_CLAMD: write clamd://host:port or clamd:///path/to/socket")
            for address in ("127.0.0.1:3310", "http://127.0.0.1:3310", "clamd://", "clamd:///")
        ),
        ({"BANDO_TRUST": "/nowhere"}, "BANDO_TRUST is '/nowhere': write the folder of the certificates"),
        (
            {"BANDO_MAIL_URL": "mail.example.it"},
            "BANDO_MAIL_URL: write smtp://user:password@host:25, or smtps:// for TLS",
        ),
    ],
)
def test_a_wrong_environment_stops_the_start_in_words(
    production: dict[str, str], environment: dict[str, str], complaint: str
) -> None:
    assert read(**{**production, **environment}) == ({}, complaint)
