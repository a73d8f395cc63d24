import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('collectives', '0001_tables'),
        ('conversations', '0001_tables'),
        ('members', '0001_tables'),
        ('skills', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('author', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calls', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='collectives.collective')),
                ('formed', models.ForeignKey(blank=True, help_text='Where those who came together are.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='collectives.collective')),
                ('title', models.CharField(max_length=100)),
                ('text', models.TextField(max_length=3000)),
                ('offer', models.TextField(blank=True, help_text='What is offered in return.', max_length=600)),
                ('is_remote', models.BooleanField(default=True, help_text='It can be done from anywhere.')),
                ('country', models.CharField(blank=True, help_text='Where it is done in place.', max_length=2)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('starts_on', models.DateField(blank=True, null=True)),
                ('ends_on', models.DateField(blank=True, null=True)),
                ('open_until', models.DateField(help_text='The last day on which it can be answered, where its author lives.')),
                ('closes_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', 'Open'), ('filled', 'Filled'), ('closed', 'Closed'), ('expired', 'Expired')], default='open', max_length=7)),
                ('created_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('suggested_at', models.DateTimeField(blank=True, help_text='When those whom it fits were told.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['state', '-id'], name='calls_by_state'), models.Index(condition=models.Q(('state', 'open')), fields=['closes_at'], name='calls_that_will_expire')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on', None), ('ends_on', None), ('starts_on__lte', models.F('ends_on')), _connector='OR'), name='work_ends_after_it_begins'), models.CheckConstraint(condition=models.Q(('is_remote', True), models.Q(('country', ''), _negated=True), _connector='OR'), name='a_call_says_where_unless_it_is_anywhere'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='a_call_that_is_not_open_has_ended')],
            },
        ),
        migrations.CreateModel(
            name='CallSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skills', to='calls.call')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='skills.skill')),
                ('level', models.PositiveSmallIntegerField(default=1)),
                ('people', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('call', 'skill'), name='a_skill_is_called_for_once'), models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='a_called_level_is_1_to_5'), models.CheckConstraint(condition=models.Q(('people__range', (1, 9))), name='a_call_has_1_to_9_seats_a_skill')],
            },
        ),
        migrations.CreateModel(
            name='CallLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to='calls.call')),
                ('code', models.CharField(max_length=3)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('call', 'code'), name='a_call_names_a_language_once')],
            },
        ),
        migrations.CreateModel(
            name='CallCountry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='countries', to='calls.call')),
                ('code', models.CharField(max_length=2)),
            ],
            options={
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(fields=('call', 'code'), name='a_call_names_a_country_once')],
            },
        ),
        migrations.CreateModel(
            name='CallAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='calls.call')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='call_answers', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='skills.skill')),
                ('message', models.TextField(max_length=2000)),
                ('state', models.CharField(choices=[('sent', 'Sent'), ('accepted', 'Accepted'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], default='sent', max_length=9)),
                ('room', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='conversations.room')),
                ('sent_at', models.DateTimeField()),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('call', 'member'), name='a_call_is_answered_once')],
            },
        ),
        migrations.CreateModel(
            name='CallChoice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='call_choice', to=settings.AUTH_USER_MODEL)),
                ('is_suggested', models.BooleanField(default=True)),
            ],
        ),
    ]
