import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('conversations', '0001_initial'),
        ('conversations', '0002_changes_by_message'),
        ('conversations', '0003_rooms_for_people'),
        ('conversations', '0004_fill_access_and_words'),
        ('conversations', '0005_a_subject_has_one_room'),
        ('conversations', '0007_people_of_a_direct_room'),
        ('conversations', '0008_fill_people_of_direct_rooms'),
        ('conversations', '0009_some_people_have_one_direct_room'),
    ]

    initial = True

    dependencies = [
        ('members', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Room',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('collective', 'Collective'), ('mentorship', 'Mentorship'), ('open', 'Open'), ('direct', 'Direct'), ('circle', 'Circle'), ('trade', 'Trade'), ('place', 'Place'), ('question', 'Question'), ('topic', 'Topic')], max_length=12)),
                ('access', models.CharField(choices=[('open', 'Open'), ('membership', 'Membership'), ('private', 'Private')], default='private', max_length=10)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('purpose', models.CharField(blank=True, max_length=240)),
                ('about_kind', models.CharField(blank=True, max_length=12)),
                ('about_id', models.BigIntegerField(blank=True, null=True)),
                ('direct_of', models.CharField(blank=True, help_text='Ids of the people of a direct room, in order.', max_length=200)),
                ('slow_seconds', models.PositiveSmallIntegerField(default=0, help_text='Seconds between two messages of one member.')),
                ('paused_at', models.DateTimeField(blank=True, null=True)),
                ('last_seq', models.BigIntegerField(default=0)),
                ('message_count', models.BigIntegerField(default=0)),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('last_event_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['access', '-id'], name='rooms_in_the_directory')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('about_id__isnull', False)), fields=('kind', 'about_kind', 'about_id'), name='a_subject_has_one_room_of_a_kind'), models.UniqueConstraint(condition=models.Q(('direct_of', ''), _negated=True), fields=('direct_of',), name='some_people_have_one_direct_room'), models.CheckConstraint(condition=models.Q(('slow_seconds__lte', 3600)), name='slow_mode_is_an_hour_at_most')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='conversations.room')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='room_memberships', to=settings.AUTH_USER_MODEL)),
                ('role', models.CharField(choices=[('member', 'Member'), ('steward', 'Steward')], default='member', max_length=8)),
                ('level', models.CharField(choices=[('everything', 'Everything'), ('mentions', 'Mentions'), ('nothing', 'Nothing')], default='everything', max_length=10)),
                ('shares_seen', models.BooleanField(default=False, help_text='Others may see how far this member has read.')),
                ('read_seq', models.BigIntegerField(default=0)),
                ('read_count', models.BigIntegerField(default=0)),
                ('joined_at', models.DateTimeField()),
                ('last_posted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('room', 'member'), name='a_member_is_in_a_room_once')],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='restrictions', to='conversations.room')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('mute', 'Mute'), ('ban', 'Ban')], max_length=4)),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.CharField(max_length=20)),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('room', 'member', 'kind'), name='a_restriction_is_laid_on_someone_once')],
            },
        ),
        migrations.CreateModel(
            name='Topic',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='topics', to='conversations.room')),
                ('title', models.CharField(max_length=120)),
                ('opened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('opened_at', models.DateTimeField()),
                ('message_count', models.BigIntegerField(default=0)),
                ('last_seq', models.BigIntegerField(default=0)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(models.F('room'), django.db.models.functions.text.Lower('title'), name='a_topic_title_is_used_once_per_room')],
            },
        ),
        migrations.CreateModel(
            name='TopicReading',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('topic', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='readings', to='conversations.topic')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('level', models.CharField(blank=True, choices=[('everything', 'Everything'), ('mentions', 'Mentions'), ('nothing', 'Nothing')], help_text='Empty: as in the room.', max_length=10)),
                ('read_seq', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('topic', 'member'), name='a_topic_is_read_in_one_place')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='events', to='conversations.room')),
                ('seq', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('message', 'Message'), ('message_edited', 'Message Edited'), ('message_deleted', 'Message Deleted'), ('member_joined', 'Member Joined'), ('member_left', 'Member Left'), ('reaction_added', 'Reaction Added'), ('reaction_removed', 'Reaction Removed'), ('message_hidden', 'Message Hidden'), ('message_shown', 'Message Shown'), ('message_pinned', 'Message Pinned'), ('message_unpinned', 'Message Unpinned'), ('message_acknowledged', 'Message Acknowledged'), ('topic_opened', 'Topic Opened'), ('topic_changed', 'Topic Changed'), ('room_changed', 'Room Changed'), ('room_paused', 'Room Paused'), ('room_resumed', 'Room Resumed'), ('member_removed', 'Member Removed'), ('member_muted', 'Member Muted'), ('member_unmuted', 'Member Unmuted'), ('steward_named', 'Steward Named'), ('steward_relieved', 'Steward Relieved')], max_length=20)),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client_id', models.UUIDField(blank=True, null=True)),
                ('body', models.TextField(blank=True, max_length=8000)),
                ('html', models.TextField(blank=True, help_text='The body with its markup; empty where it has none.')),
                ('target_seq', models.BigIntegerField(blank=True, null=True)),
                ('topic', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='events', to='conversations.topic')),
                ('reply_to_seq', models.BigIntegerField(blank=True, null=True)),
                ('language', models.CharField(blank=True, help_text='ISO 639; empty where nobody said.', max_length=3)),
                ('is_important', models.BooleanField(default=False)),
                ('emoji', models.CharField(blank=True, max_length=32)),
                ('subject', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('data', models.JSONField(default=dict)),
                ('message_no', models.BigIntegerField(help_text='How many messages the room has up to and including this event.')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['room', 'seq'],
                'indexes': [models.Index(condition=models.Q(('target_seq__isnull', False)), fields=['room', 'target_seq'], name='changes_of_a_message'), models.Index(condition=models.Q(('kind', 'message')), fields=['room', '-seq'], name='messages_of_a_room'), models.Index(condition=models.Q(('kind', 'message')), fields=['topic', 'seq'], name='messages_of_a_topic')],
                'constraints': [models.UniqueConstraint(fields=('room', 'seq'), name='an_event_number_is_used_once_per_room'), models.UniqueConstraint(fields=('author', 'client_id'), name='a_send_is_stored_once'), models.CheckConstraint(condition=models.Q(('seq__gte', 1)), name='event_numbers_start_at_one')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=32, unique=True)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='conversations.room')),
                ('uploader', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('client_id', models.UUIDField()),
                ('message', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='conversations.event')),
                ('place', models.PositiveSmallIntegerField(default=0, help_text='Where it stands among those of its message.')),
                ('kind', models.CharField(choices=[('image', 'Image'), ('file', 'File')], max_length=5)),
                ('name', models.CharField(max_length=120)),
                ('content_type', models.CharField(max_length=100)),
                ('size', models.PositiveBigIntegerField(help_text='Bytes.')),
                ('width', models.PositiveIntegerField(blank=True, null=True)),
                ('height', models.PositiveIntegerField(blank=True, null=True)),
                ('file', models.FileField(max_length=200, upload_to='rooms')),
                ('thumb', models.FileField(blank=True, max_length=200, upload_to='rooms')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('uploader', 'client_id'), name='an_upload_is_stored_once')],
            },
        ),
        migrations.CreateModel(
            name='Reaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reactions', to='conversations.event')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('emoji', models.CharField(max_length=32)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'member', 'emoji'), name='a_member_reacts_once_with_an_emoji')],
            },
        ),
        migrations.CreateModel(
            name='Pin',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pins', to='conversations.room')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='pin', to='conversations.event')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Acknowledgement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='acknowledgements', to='conversations.event')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('message', 'member'), name='a_message_is_acknowledged_once')],
            },
        ),
        migrations.CreateModel(
            name='Hidden',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='hidden', to='conversations.event')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('rule', models.CharField(max_length=20)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Mention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('message', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mentioned', to='conversations.event')),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='conversations.room')),
                ('seq', models.BigIntegerField()),
                ('member', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='mentions_newest_first'), models.Index(fields=['member', 'room', 'seq'], name='mentions_in_a_room')],
                'constraints': [models.UniqueConstraint(fields=('message', 'member'), name='a_message_mentions_someone_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchText',
            fields=[
                ('event', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='searched', serialize=False, to='conversations.event')),
                ('words', models.TextField()),
            ],
        ),
    ]
