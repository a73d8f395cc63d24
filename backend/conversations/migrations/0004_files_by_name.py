from django.db import migrations, models

from backend.skills.folding import fold

FOLDED_MAX = 250


def fold_names(apps, schema_editor):
    files = apps.get_model("conversations", "Attachment").objects.using(schema_editor.connection.alias)
    for pk, name in list(files.values_list("pk", "name")):
        files.filter(pk=pk).update(folded=fold(name)[:FOLDED_MAX])


class Migration(migrations.Migration):
    dependencies = [("conversations", "0003_topics_are_read_apart")]

    operations = [
        migrations.AddField("attachment", "folded", models.CharField(default="", help_text="The name as it is searched.", max_length=250)),
        migrations.AlterField("event", "kind", models.CharField(choices=[('message', 'Message'), ('message_edited', 'Message Edited'), ('message_deleted', 'Message Deleted'), ('member_joined', 'Member Joined'), ('member_left', 'Member Left'), ('reaction_added', 'Reaction Added'), ('reaction_removed', 'Reaction Removed'), ('message_hidden', 'Message Hidden'), ('message_shown', 'Message Shown'), ('message_pinned', 'Message Pinned'), ('message_unpinned', 'Message Unpinned'), ('message_acknowledged', 'Message Acknowledged'), ('file_removed', 'File Removed'), ('topic_opened', 'Topic Opened'), ('topic_changed', 'Topic Changed'), ('room_changed', 'Room Changed'), ('room_paused', 'Room Paused'), ('room_resumed', 'Room Resumed'), ('member_removed', 'Member Removed'), ('member_muted', 'Member Muted'), ('member_unmuted', 'Member Unmuted'), ('steward_named', 'Steward Named'), ('steward_relieved', 'Steward Relieved')], max_length=20)),
        migrations.RunPython(fold_names, migrations.RunPython.noop),
    ]
