"""What bookings so far are of, and a code for each label."""

from typing import Any

from django.db import migrations

from backend.bookings.models.resources import new_code

BATCH = 2_000


def fill(apps: Any, schema_editor: Any) -> None:
    item, allocation = apps.get_model("bookings", "BookingItem"), apps.get_model("bookings", "Allocation")
    rows = allocation.objects.order_by("pk").values_list("booking", "resource", "quantity").iterator(BATCH)
    items = [item(booking_id=booking, resource_id=resource, quantity=units) for booking, resource, units in rows]
    item.objects.bulk_create(items, batch_size=BATCH)
    resource = apps.get_model("bookings", "Resource")
    unnamed = list(resource.objects.filter(code__isnull=True).order_by("pk").only("pk"))
    codes: set[str] = set()
    while len(codes) < len(unnamed):
        codes.add(new_code())
    for row, code in zip(unnamed, codes, strict=True):
        row.code = code
    resource.objects.bulk_update(unnamed, ["code"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0003_what_is_shared")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
