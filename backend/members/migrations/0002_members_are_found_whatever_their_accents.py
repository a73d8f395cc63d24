from typing import Any

from django.db import migrations

import backend.members.models
from backend.skills.folding import fold


def fill(apps: Any, schema_editor: Any) -> None:
    members = apps.get_model("members", "Member").objects
    for pk, name, city in members.values_list("pk", "name", "city"):
        members.filter(pk=pk).update(folded=fold(f"{name} {city}")[:200].strip())


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [
        migrations.AddField(
            "member",
            "folded",
            backend.members.models.FoldedName(db_index=True, default="", editable=False, max_length=200),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
