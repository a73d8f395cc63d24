"""What was read in topics beyond a room's mark counts as read there, too."""

from django.db import migrations

BEYOND = """
    FROM conversations_topicreading mine
    JOIN conversations_topic topic ON topic.id = mine.topic_id AND topic.room_id = conversations_membership.room_id
    JOIN conversations_event said ON said.topic_id = topic.id AND said.kind = 'message'
        AND said.seq > conversations_membership.read_seq AND said.seq <= mine.read_seq
    WHERE mine.member_id = conversations_membership.member_id
"""
COUNT = f"""
    UPDATE conversations_membership SET read_count = read_count + (SELECT count(*) {BEYOND})
    WHERE EXISTS (SELECT 1 {BEYOND})
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_words_can_be_searched")]
    operations = [migrations.RunSQL(COUNT, migrations.RunSQL.noop)]
