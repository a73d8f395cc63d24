from django.db import migrations, models

MORE_TO_ASK = (
    models.Q(capacity__gt=1) | models.Q(buffer_before_minutes__gt=0) | models.Q(buffer_after_minutes__gt=0)
)


class Migration(migrations.Migration):
    dependencies = [("bookings", "0014_who_decided")]
    operations = [
        migrations.RemoveIndex(model_name="resource", name="resource_by_buffers"),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(
                fields=["id", "capacity", "buffer_before_minutes", "buffer_after_minutes"],
                condition=MORE_TO_ASK,
                name="resource_with_more_to_ask",
            ),
        ),
    ]
