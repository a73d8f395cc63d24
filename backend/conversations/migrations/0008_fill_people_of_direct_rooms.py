"""Direct rooms say whose they are."""

from collections import defaultdict
from typing import Any

from django.db import migrations


def fill(apps: Any, schema_editor: Any) -> None:
    Room, Membership = apps.get_model("conversations", "Room"), apps.get_model("conversations", "Membership")
    people: dict[int, list[int]] = defaultdict(list)
    rows = Membership.objects.filter(room__kind="direct").order_by("room", "member")
    for room, member in rows.values_list("room", "member"):
        people[room].append(member)
    taken: set[str] = set()
    for room, members in people.items():
        those = ",".join(map(str, members))
        if len(members) > 1 and those not in taken:
            taken.add(those)
            Room.objects.filter(pk=room).update(direct_of=those)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0007_people_of_a_direct_room")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
