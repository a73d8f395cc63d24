import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('skills', '0001_initial'),
        ('skills', '0002_retired_professions_and_sectors'),
        ('skills', '0003_esco_and_near_skills'),
        ('skills', '0004_labels_have_a_number'),
    ]

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Sector',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=120, unique=True)),
                ('names', models.JSONField(default=dict)),
                ('esco_uri', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('nace', models.CharField(max_length=12)),
                ('is_retired', models.BooleanField(default=False, help_text='Left the vocabulary; kept for those who chose it.')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Family',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=120, unique=True)),
                ('names', models.JSONField(default=dict)),
                ('esco_uri', models.CharField(blank=True, max_length=255, null=True, unique=True)),
            ],
            options={
                'verbose_name_plural': 'families',
            },
        ),
        migrations.CreateModel(
            name='SkillGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=120, unique=True)),
                ('names', models.JSONField(default=dict)),
                ('esco_uri', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='children', to='skills.skillgroup')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Skill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=120, unique=True)),
                ('names', models.JSONField(default=dict)),
                ('esco_uri', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('family', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='skills', to='skills.family')),
                ('group', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='skills', to='skills.skillgroup')),
                ('said_by', models.CharField(choices=[('core', 'Core'), ('esco', 'Esco'), ('member', 'Member')], default='core', max_length=6)),
                ('description', models.TextField(blank=True, help_text='In English; only to work out which skills are alike.')),
                ('status', models.CharField(choices=[('active', 'Active'), ('proposed', 'Proposed'), ('retired', 'Retired')], default='active', max_length=10)),
                ('merged_into', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='merged_from', to='skills.skill')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SkillLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_out', to='skills.skill')),
                ('target', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links_in', to='skills.skill')),
                ('kind', models.CharField(choices=[('broader', 'Broader'), ('near', 'Near'), ('essential', 'Essential'), ('optional', 'Optional')], max_length=10)),
                ('said_by', models.CharField(choices=[('core', 'Core'), ('esco', 'Esco'), ('member', 'Member')], default='core', max_length=6)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('source', 'target', 'kind'), name='two_skills_are_linked_once_per_kind'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='a_skill_is_not_linked_to_itself')],
            },
        ),
        migrations.CreateModel(
            name='Profession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.SlugField(max_length=120, unique=True)),
                ('names', models.JSONField(default=dict)),
                ('esco_uri', models.CharField(blank=True, max_length=255, null=True, unique=True)),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='professions', to='skills.sector')),
                ('said_by', models.CharField(choices=[('core', 'Core'), ('esco', 'Esco'), ('member', 'Member')], default='core', max_length=6)),
                ('is_retired', models.BooleanField(default=False, help_text='Left the vocabulary; kept for those who chose it.')),
                ('skills', models.ManyToManyField(related_name='professions', to='skills.skill')),
                ('optional_skills', models.ManyToManyField(related_name='optional_for', to='skills.skill')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Label',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.CharField(max_length=255)),
                ('folded', models.CharField(max_length=255)),
                ('language', models.CharField(max_length=8)),
                ('is_preferred', models.BooleanField(default=False)),
                ('said_by', models.CharField(choices=[('core', 'Core'), ('esco', 'Esco'), ('member', 'Member')], default='core', max_length=6)),
                ('joined', models.CharField(blank=True, help_text='Words that are written with a hyphen, folded without it.', max_length=255)),
                ('skill', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='skills.skill')),
                ('profession', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='skills.profession')),
                ('sector', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='labels', to='skills.sector')),
            ],
            options={
                'indexes': [models.Index(fields=['folded'], name='labels_by_beginning', opclasses=['varchar_pattern_ops']), models.Index(fields=['language', 'said_by', 'folded'], name='labels_of_language', opclasses=['varchar_ops', 'varchar_ops', 'varchar_pattern_ops'])],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('profession__isnull', True), ('sector__isnull', True), ('skill__isnull', False)), models.Q(('profession__isnull', False), ('sector__isnull', True), ('skill__isnull', True)), models.Q(('profession__isnull', True), ('sector__isnull', False), ('skill__isnull', True)), _connector='OR'), name='a_label_belongs_to_one_concept')],
            },
        ),
        migrations.CreateModel(
            name='NearSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='near_skills', to='skills.skill')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='skills.skill')),
                ('percent', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('skill', 'other'), name='two_skills_are_near_once'), models.CheckConstraint(condition=models.Q(('percent__range', (1, 100))), name='near_is_1_to_100_percent')],
            },
        ),
        migrations.CreateModel(
            name='Complement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='complements', to='skills.skill')),
                ('other', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='skills.skill')),
                ('percent', models.PositiveSmallIntegerField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('skill', 'other'), name='two_skills_complete_each_other_once')],
            },
        ),
        migrations.CreateModel(
            name='VocabularyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(default=0)),
                ('labels', models.PositiveIntegerField(default=0)),
                ('relations', models.PositiveIntegerField(default=0)),
                ('related_from', models.CharField(blank=True, help_text='The vocabulary from which it was worked out what is near.', max_length=255)),
            ],
        ),
    ]
