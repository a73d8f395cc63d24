"""A database that is only partly up to date is refused before anything is done to it."""

import pytest
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

pytestmark = pytest.mark.django_db


def test_a_database_that_stopped_half_way_is_refused_with_what_it_lacks() -> None:
    MigrationRecorder(connection).record_unapplied("collectives", "0002_stewards_steer_the_room")
    with pytest.raises(SystemCheckError) as refused:
        call_command("migrate", skip_checks=False, verbosity=0)
    words = str(refused.value)
    assert "collectives lacks 0002_stewards_steer_the_room" in words
    assert "docs/operations.md" in words
    assert "bookings" not in words


def test_one_that_is_whole_or_new_is_taken() -> None:
    call_command("check", database=["default"], verbosity=0)
