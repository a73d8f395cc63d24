"""The weights that programmes have now become versions of their own."""

from typing import Any

from django.db import migrations


def keep(apps: Any, _editor: Any) -> None:
    version = apps.get_model("mentoring", "WeightsVersion")
    for programme in apps.get_model("mentoring", "Programme").objects.all():
        version.objects.get_or_create(
            programme=programme,
            number=programme.weights_version,
            defaults={"points": programme.weights, "source": "given", "made_at": programme.created_at},
        )


class Migration(migrations.Migration):
    dependencies = [("mentoring", "0005_weights_and_showings")]

    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
