"""Rooms say how one comes in, and what was said before can be searched."""

from typing import Any

from django.db import migrations

from backend.skills.folding import fold

BATCH = 500


def fill(apps: Any, schema_editor: Any) -> None:
    Room = apps.get_model("conversations", "Room")
    Room.objects.filter(kind="open").update(access="open")
    Room.objects.filter(kind__in=["collective", "mentorship"]).update(access="membership")
    Event, SearchText = apps.get_model("conversations", "Event"), apps.get_model("conversations", "SearchText")
    changes = Event.objects.filter(kind__in=["message_edited", "message_deleted"], target_seq__isnull=False)
    for room in Room.objects.order_by("pk").values_list("pk", flat=True):
        # The newest words win; those of a deleted message are empty already.
        newest = dict(changes.filter(room=room).order_by("seq").values_list("target_seq", "body"))
        rows = []
        messages = Event.objects.filter(room=room, kind="message").order_by("seq").values_list("pk", "seq", "body")
        for pk, seq, body in messages.iterator():
            if words := fold(newest.get(seq, body)):
                rows.append(SearchText(event_id=pk, words=words))
        SearchText.objects.bulk_create(rows, batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_rooms_for_people")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
