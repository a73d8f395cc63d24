"""Each track begins with a journey; one that somebody has written already stays."""

from typing import Any

from django.db import migrations
from django.utils import timezone

from backend.mentoring.starter_journeys import JOURNEYS, as_rows


def write(apps: Any, _editor: Any) -> None:
    journeys, steps = apps.get_model("mentoring", "Journey"), apps.get_model("mentoring", "JourneyStep")
    for track in JOURNEYS:
        fields, rows = as_rows(track)
        journey, is_new = journeys.objects.get_or_create(track=track, defaults=fields | {"changed_at": timezone.now()})
        if is_new:
            steps.objects.bulk_create(steps(journey=journey, **row) for row in rows)


class Migration(migrations.Migration):
    replaces = [("mentoring", "0013_starter_journeys")]
    dependencies = [("mentoring", "0002_steps_to_become_a_guide")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
