"""Steps of the first journeys say what there is to read; those that somebody has written since stay as they are."""

from typing import Any

from django.db import migrations

from backend.mentoring.starter_journeys import JOURNEYS, read_at


def write(apps: Any, _editor: Any) -> None:
    steps = apps.get_model("mentoring", "JourneyStep").objects
    for track in JOURNEYS:
        for step in steps.filter(journey__track=track, journey__changed_by=None, readings={}, is_retired=False):
            step.readings = read_at(track, step.position)
            step.save(update_fields=["readings"])


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0004_a_room_for_meetings")]
    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
