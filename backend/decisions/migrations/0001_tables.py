import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('decisions', '0001_initial'),
        ('decisions', '0002_an_agreement_is_decided'),
    ]

    initial = True

    dependencies = [
        ('collectives', '0001_tables'),
        ('conversations', '0001_tables'),
        ('members', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('collective', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='collectives.collective')),
                ('topic', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='proposal', to='conversations.topic')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='proposals', to=settings.AUTH_USER_MODEL)),
                ('title', models.CharField(max_length=110)),
                ('text', models.TextField(blank=True, help_text='Markdown.', max_length=10000)),
                ('method', models.CharField(choices=[('consent', 'Consent'), ('majority', 'Majority'), ('score', 'Score'), ('ranked', 'Ranked'), ('dots', 'Dots'), ('dates', 'Dates')], max_length=8)),
                ('threshold', models.PositiveSmallIntegerField(default=50, help_text='Percent of yes and no, of a majority.')),
                ('quorum', models.PositiveSmallIntegerField(default=50, help_text='Percent of those who may vote.')),
                ('dots', models.PositiveSmallIntegerField(default=8, help_text='How many dots each voter has.')),
                ('is_secret', models.BooleanField(default=False, help_text='Who voted what is told to nobody.')),
                ('hides_results', models.BooleanField(default=False, help_text='Nothing is told of the result until it is closed.')),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('discussion', 'Discussion'), ('voting', 'Voting'), ('closed', 'Closed'), ('concluded', 'Concluded'), ('withdrawn', 'Withdrawn')], default='draft', max_length=10)),
                ('created_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(blank=True, help_text='When voting began.', null=True)),
                ('closes_at', models.DateTimeField(blank=True, null=True)),
                ('reminded_at', models.DateTimeField(blank=True, null=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('verdict', models.CharField(blank=True, choices=[('decided', 'Decided'), ('rejected', 'Rejected'), ('tie', 'Tie'), ('no_quorum', 'No Quorum')], max_length=9)),
                ('result', models.JSONField(blank=True, help_text='The figures of the tally, once it is closed.', null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['collective', 'state', '-id'], name='proposals_of_a_collective'), models.Index(condition=models.Q(('state', 'voting')), fields=['closes_at'], name='votes_that_will_close')],
                'constraints': [models.CheckConstraint(condition=models.Q(('quorum__lte', 100), ('threshold__gte', 50), ('threshold__lte', 100)), name='shares_are_percentages'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', False), ('result__isnull', False), ('state__in', ['closed', 'concluded'])), models.Q(models.Q(('state__in', ['closed', 'concluded']), _negated=True), ('closed_at__isnull', True), ('verdict', '')), _connector='OR'), name='what_is_closed_has_a_result')],
            },
        ),
        migrations.CreateModel(
            name='Option',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='options', to='decisions.proposal')),
                ('position', models.PositiveSmallIntegerField()),
                ('title', models.CharField(blank=True, max_length=160)),
                ('starts_at', models.DateTimeField(blank=True, null=True)),
                ('ends_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'position'), name='options_stand_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Voter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='voters', to='decisions.proposal')),
                ('member', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('delegate', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='votes_for', to='decisions.voter')),
                ('voted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'member'), name='a_member_votes_once')],
            },
        ),
        migrations.CreateModel(
            name='Ballot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ballots', to='decisions.proposal')),
                ('voter', models.OneToOneField(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='ballot', to='decisions.voter')),
                ('content', models.JSONField()),
            ],
        ),
        migrations.CreateModel(
            name='Change',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='changes', to='decisions.proposal')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('booking_rule', 'Booking Rule'), ('agreement', 'Agreement'), ('steward', 'Steward'), ('admission', 'Admission'), ('exclusion', 'Exclusion')], max_length=12)),
                ('terms', models.JSONField()),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('applied', 'Applied'), ('failed', 'Failed')], default='waiting', max_length=7)),
                ('code', models.CharField(blank=True, help_text='Of the refusal, when it could not be.', max_length=40)),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'position'), name='changes_stand_in_order')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='outcomes', to='decisions.proposal')),
                ('text', models.TextField(max_length=4000)),
                ('review_on', models.DateField(blank=True, null=True)),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('written_at', models.DateTimeField()),
                ('reviewed_at', models.DateTimeField(blank=True, help_text='When its review was called for.', null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
    ]
