"""What every test stands on: the engine that the environment names, quick passwords, an empty cache, files of its own.

`DATABASE_URL` and `REDIS_URL` choose PostgreSQL and Redis; without them it is SQLite and the in-memory layer. With `REQUIRE_ALL`
nothing may be left out: a test that skips itself fails, except where it belongs to the other engine.
"""

import hashlib
import os
import shutil
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from channels.layers import channel_layers
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.db.backends.sqlite3.base import DatabaseWrapper as Sqlite
from pytest_django import DjangoDbBlocker, Settings

from tests import servers

POSTGRESQL = os.environ.get("DATABASE_URL", "") != ""
REDIS = os.environ.get("REDIS_URL", "") != ""
REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in ("", "0")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")

# What a migrated database is made of.
OF_MIGRATIONS = ("backend/*/migrations/*.py", "backend/mentoring/starter_*.py", "requirements.txt")

# What the migrations wrote stays when tables are emptied: whoever stands on it may come after whoever commits.
WRITTEN = {"mentoring_journey", "mentoring_journeystep", "mentoring_trainingstep"}
delete_on_sqlite = Sqlite.ops_class.sql_flush

# The same examples every time: a test run never depends on luck.
hypothesis.settings.register_profile("house", derandomize=True, deadline=None)
hypothesis.settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if POSTGRESQL:
        # Test databases come and go while a pool would still hold connections to them.
        settings.DATABASES["default"]["OPTIONS"].pop("pool", None)
        DatabaseOperations.sql_flush = emptied  # type: ignore[assignment]
    Sqlite.ops_class.sql_flush = emptied_on_sqlite  # type: ignore[assignment]
    if REDIS:
        # Each test process has a Redis database and a channel prefix of its own.
        number = int(WORKER.removeprefix("gw")) + 1
        settings.CACHES["default"]["LOCATION"] = f"{settings.REDIS_URL.rsplit('/', 1)[0]}/{number}"
        settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = f"test-{WORKER}"


def emptied(operations: DatabaseOperations, style: object, tables: Sequence[str], **options: bool) -> list[str]:
    """What empties these tables: rows are deleted from the few that have any.

    TRUNCATE makes every table and index anew, which takes PostgreSQL longer than most tests that write for themselves.
    """
    names = {table: operations.quote_name(table) for table in tables if table not in WRITTEN}
    with operations.connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {name} LIMIT 1)" for table, name in names.items()))
        filled = [names[table] for (table,) in cursor.fetchall()]
    # No trigger and no foreign key has a say in it.
    return ["SET LOCAL session_replication_role = replica", *(f"DELETE FROM {name}" for name in filled)]


def emptied_on_sqlite(operations: Any, style: Any, tables: Sequence[str], **options: bool) -> list[str]:
    return delete_on_sqlite(operations, style, [table for table in tables if table not in WRITTEN], **options)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    elsewhere = {"postgresql": not POSTGRESQL, "redis": not REDIS, "sqlite": POSTGRESQL}
    for item in items:
        for name, is_elsewhere in elsewhere.items():
            if is_elsewhere and item.get_closest_marker(name):
                item.add_marker(pytest.mark.skip(reason=f"{name} only: runs in the other half of the checks"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Generator[None, Any, Any]:
    report = yield
    if (
        REQUIRE_ALL
        and report.skipped
        and not hasattr(report, "wasxfail")
        and "only: runs in" not in str(report.longrepr)
    ):
        report.outcome = "failed"
        report.longrepr = f"Nothing may be left out with REQUIRE_ALL, and this was: {report.longrepr}"
    return report


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> None:
    """SQLite in a file rather than in memory, so that threads and processes contend as they do in life."""
    if not POSTGRESQL:
        path = tmp_path_factory.mktemp("database") / "compagnon.sqlite3"
        settings.DATABASES["default"].setdefault("TEST", {})["NAME"] = str(path)
        if (migrated := _migrated(request.config)).exists():
            shutil.copyfile(migrated, path)
    elif hasattr(request.config, "workerinput"):
        request.getfixturevalue("django_db_modify_db_settings_parallel_suffix")


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """A database that was laid ready is taken as it is; where there is none, this changes nothing."""
    return not POSTGRESQL


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker, request: pytest.FixtureRequest) -> None:
    """On SQLite the migrated, empty database is kept for the next run."""
    if POSTGRESQL or (migrated := _migrated(request.config)).exists():
        return
    for outdated in migrated.parent.glob("*.sqlite3"):
        outdated.unlink(missing_ok=True)
    copy = migrated.with_suffix(f".{WORKER}")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(copy)])
    copy.replace(migrated)


def _migrated(config: pytest.Config) -> Path:
    """Where a database of today's migrations lies, or would."""
    assert config.cache
    files = sorted(path for pattern in OF_MIGRATIONS for path in settings.BASE_DIR.glob(pattern))
    name = hashlib.blake2b(b"".join(path.read_bytes() for path in files), digest_size=8).hexdigest()
    return config.cache.mkdir("migrated") / f"{name}.sqlite3"


@pytest.fixture(autouse=True)
def _a_clean_house(tmp_path: Path, settings: Settings) -> Iterator[None]:
    """No test sees the cache, the channel layer or the files of another."""
    settings.MEDIA_ROOT = tmp_path / "media"
    # Each test that wants a file of everyone says so; a thread that writes its name would wait for the test's transaction.
    settings.PEOPLE_ROOT = None
    # Each client would read all files of the web app first, which takes longer than most tests.
    settings.WHITENOISE_AUTOREFRESH = True
    cache.clear()
    yield
    channel_layers.backends = {}


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis of this test process alone, for tests that stop it or count its connections."""
    if servers.redis_program() is None:
        pytest.skip("Redis is not on this machine")
    with servers.redis() as url:
        yield url
