"""The project's settings on a machine of the tests: nothing of the developer's own, everything in the run's own folder.

``BANDO_TEST_BACKEND=postgres`` puts the whole of it on a real PostgreSQL and a real S3 server, started here because the
settings are the first thing that needs their addresses. Without it: SQLite and a local folder.
"""

import os
import tempfile
from pathlib import Path

from tests.servers import shared
from tests.servers.processes import NotInstalled

for _name in [name for name in os.environ if name.startswith("BANDO_") and not name.startswith("BANDO_TEST_")]:
    del os.environ[_name]

_folder = Path(tempfile.mkdtemp(prefix="var-", dir=shared.session()))
os.environ["BANDO_SECRET_KEY"] = "for tests only, and in no other place at all, fifty characters"
os.environ["BANDO_VAR"] = str(_folder)

TEST_BACKEND = os.environ.get("BANDO_TEST_BACKEND", "sqlite")
TEST_BACKEND_MISSING = ""  # why the tests of this backend cannot run: each of them then fails with these words
if TEST_BACKEND == "postgres":
    try:
        os.environ["BANDO_DATABASE_URL"] = shared.address("postgres")
        os.environ["BANDO_STORAGE_URL"] = shared.address("s3")
    except NotInstalled as problem:
        TEST_BACKEND_MISSING = str(problem)
elif TEST_BACKEND != "sqlite":
    raise ValueError(f"BANDO_TEST_BACKEND is {TEST_BACKEND!r}: write sqlite or postgres")

from bando.settings import *  # noqa: E402, F403 - the environment above is what it reads
from bando.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402

# A file and not memory: two connections then meet each other's locks as they do in production.
if TEST_BACKEND == "sqlite":
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
# Files are served as they lie: the manifest of hashed names is made by collectstatic, which no test needs.
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STATIC_ROOT.mkdir(exist_ok=True)  # whitenoise warns without it
