"""Rules that were decided before they named their collective: it is the owner of the thing."""

from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    Rule = apps.get_model("bookings", "Rule")
    for rule in Rule.objects.exclude(decision=None).filter(decided_by=None).select_related("resource"):
        rule.decided_by_id = rule.resource.owner_collective_id
        rule.save(update_fields=["decided_by"])


class Migration(migrations.Migration):
    dependencies = [("bookings", "0013_a_decided_rule_names_its_collective")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
