import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('collectives', '0001_initial'),
        ('collectives', '0002_stewards_steer_the_room'),
        ('collectives', '0003_states_roles_and_agreements'),
        ('collectives', '0004_what_is_written_down'),
    ]

    initial = True

    dependencies = [
        ('conversations', '0001_tables'),
        ('members', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Collective',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('purpose', models.TextField(blank=True, max_length=600)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='collectives', to='members.organisation')),
                ('country', models.CharField(max_length=2)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('is_listed', models.BooleanField(default=True, help_text='People outside can see that it exists.')),
                ('room', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='collective', to='conversations.room')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='CollectiveMembership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='collectives.collective')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='collective_memberships', to=settings.AUTH_USER_MODEL)),
                ('state', models.CharField(choices=[('invited', 'Invited'), ('applied', 'Applied'), ('member', 'Member'), ('on_leave', 'On Leave'), ('left', 'Left')], max_length=10)),
                ('role', models.CharField(choices=[('steward', 'Steward'), ('member', 'Member'), ('guest', 'Guest')], default='member', max_length=10)),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('left_at', models.DateTimeField(blank=True, null=True)),
                ('words', models.CharField(blank=True, help_text='What somebody says who would like to join.', max_length=600)),
                ('steward_until', models.DateField(blank=True, help_text='Last day as a steward; none: until relieved.', null=True)),
                ('agreed_to', models.PositiveSmallIntegerField(blank=True, help_text='Number of the agreement accepted.', null=True)),
                ('agreed_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('collective', 'member'), name='a_member_is_in_a_collective_once'), models.CheckConstraint(condition=models.Q(('steward_until__isnull', True), ('role', 'steward'), _connector='OR'), name='only_stewards_have_a_last_day')],
            },
        ),
        migrations.CreateModel(
            name='Agreement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='agreements', to='collectives.collective')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.TextField(help_text='Markdown.', max_length=20000)),
                ('in_force_from', models.DateTimeField()),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decision', models.BigIntegerField(blank=True, help_text='The proposal by which it was decided.', null=True)),
            ],
            options={
                'ordering': ['-number'],
                'constraints': [models.UniqueConstraint(fields=('collective', 'number'), name='agreements_are_numbered')],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='collectives.collective')),
                ('title', models.CharField(max_length=110)),
                ('version', models.PositiveIntegerField(default=1)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='NoteText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='collectives.note')),
                ('version', models.PositiveIntegerField()),
                ('text', models.TextField(blank=True, help_text='Markdown.')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-version'],
                'constraints': [models.UniqueConstraint(fields=('note', 'version'), name='a_note_has_each_version_once')],
            },
        ),
    ]
