"""How a resource is booked so far stands in its columns alone; where it differs from the defaults it becomes rules of the resource.

Otherwise a rule of its place would take its place, and removing that rule would leave the defaults.
"""

from typing import Any

from django.db import migrations

COLUMNS = {
    "length": {"min_minutes": 30, "max_minutes": 24 * 60, "step_minutes": 30},
    "lead": {"lead_minutes": 0},
    "ahead": {"ahead_days": 180},
    "buffers": {"buffer_before_minutes": 0, "buffer_after_minutes": 0},
    "notice": {"cancel_notice_minutes": 0},
}


def write_down(apps: Any, schema_editor: Any) -> None:
    resource, rule = apps.get_model("bookings", "Resource"), apps.get_model("bookings", "Rule")
    known = set(rule.objects.filter(resource__isnull=False).values_list("resource", "what"))
    fresh = []
    for row in resource.objects.order_by("pk").iterator():
        for what, usual in COLUMNS.items():
            own = {name: getattr(row, name) for name in usual}
            if own != usual and (row.pk, what) not in known:
                fresh.append(rule(resource_id=row.pk, what=what, terms=own))
    rule.objects.bulk_create(fresh, batch_size=2_000)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0006_windows_have_their_indexes")]
    operations = [migrations.RunPython(write_down, migrations.RunPython.noop)]
