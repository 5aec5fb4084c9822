"""Settings of the tests: the product's own, with a data folder of this process and quick logins.

`MUSTER_TEST_DATABASE=postgresql` runs the same tests on the PostgreSQL of this run; the fixture
`django_db_modify_db_settings` puts its port in once the server is there.
"""

import atexit
import os
import shutil
import tempfile

_FOLDER = tempfile.mkdtemp(prefix="muster-data-")
atexit.register(shutil.rmtree, _FOLDER, ignore_errors=True)
for name in ("DATABASE_URL", "REDIS_URL", "MUSTER_FAILPOINT", "MUSTER_BASE_URL", "MUSTER_DEMO"):
    os.environ.pop(name, None)
os.environ["MUSTER_DATA_DIR"] = _FOLDER
os.environ["MUSTER_REQUIRE_MFA"] = "0"

from triage.settings import *  # noqa: E402, F403
from triage.settings import DATABASES  # noqa: E402

ON_POSTGRESQL = os.environ.get("MUSTER_TEST_DATABASE") == "postgresql"
if ON_POSTGRESQL:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "muster",
        "USER": "muster",
        "HOST": "127.0.0.1",
    }
else:
    # A file, as in real life: an in-memory database has other locks.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_FOLDER, "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
