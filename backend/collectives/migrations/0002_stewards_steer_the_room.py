"""The stewards of a collective are those of its room."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    Membership = apps.get_model("conversations", "Membership")
    stewards = apps.get_model("collectives", "CollectiveMembership").objects.filter(state="member", role="steward")
    for room, member in stewards.values_list("collective__room", "member"):
        Membership.objects.filter(room=room, member=member).update(role="steward")


class Migration(migrations.Migration):
    dependencies = [("collectives", "0001_initial"), ("conversations", "0004_fill_access_and_words")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
