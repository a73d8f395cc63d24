import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import backend.members.models


class Migration(migrations.Migration):

    replaces = [
        ('members', '0001_initial'),
        ('members', '0002_members_are_found_whatever_their_accents'),
        ('members', '0003_blocks'),
        ('members', '0004_member_changes'),
        ('members', '0005_presence_is_a_choice'),
        ('members', '0006_days_away'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('skills', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, unique=True)),
                ('slug', models.SlugField(max_length=60, unique=True)),
                ('country', models.CharField(max_length=2)),
                ('timezone', models.CharField(default='Europe/Brussels', max_length=64)),
                ('is_open', models.BooleanField(default=True, help_text='New members may choose it when they join.')),
            ],
        ),
        migrations.CreateModel(
            name='Member',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('email', models.EmailField(max_length=254, unique=True)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('is_active', models.BooleanField(default=True)),
                ('is_staff', models.BooleanField(default=False)),
                ('joined_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('onboarded_at', models.DateTimeField(blank=True, null=True)),
                ('changed_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, help_text='When anything that matching looks at last changed.')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='members', to='members.organisation')),
                ('country', models.CharField(blank=True, max_length=2)),
                ('city', models.CharField(blank=True, max_length=80)),
                ('folded', backend.members.models.FoldedName(db_index=True, default='', editable=False, max_length=200)),
                ('timezone', models.CharField(default='Europe/Brussels', max_length=64)),
                ('language', models.CharField(default='en', help_text='Of the interface and of mails.', max_length=2)),
                ('about', models.TextField(blank=True, max_length=1000)),
                ('photo', models.ImageField(blank=True, upload_to='members')),
                ('profession', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='skills.profession')),
                ('seen_by', models.CharField(choices=[('everyone', 'Everyone'), ('organisation', 'Organisation'), ('nobody', 'Nobody')], default='everyone', max_length=12)),
                ('shows_presence', models.BooleanField(default=True, help_text='Others in a room may see that this member is there.')),
                ('wishes_abroad', models.BooleanField(default=True, help_text='Likes to meet people in other countries.')),
                ('meets_online', models.BooleanField(default=True)),
                ('meets_in_person', models.BooleanField(default=True)),
                ('guide_capacity', models.PositiveSmallIntegerField(default=0, help_text='People guided at once; 0 is not a guide.')),
                ('guide_paused', models.BooleanField(default=False)),
                ('guides_social', models.BooleanField(default=False)),
                ('guides_economic', models.BooleanField(default=False)),
                ('guides_cooperative', models.BooleanField(default=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('sectors', models.ManyToManyField(blank=True, related_name='members', to='skills.sector')),
            ],
            options={
                'indexes': [models.Index(fields=['country', 'id'], name='member_by_country'), models.Index(fields=['organisation', 'id'], name='member_by_organisation')],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='an_email_belongs_to_one_member'), models.CheckConstraint(condition=models.Q(('guide_capacity__lte', 20)), name='a_guide_has_at_most_20_places')],
            },
        ),
        migrations.CreateModel(
            name='Block',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='blocks', to=settings.AUTH_USER_MODEL)),
                ('whom', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('by', 'whom'), name='somebody_is_blocked_once'), models.CheckConstraint(condition=models.Q(('by', models.F('whom')), _negated=True), name='nobody_blocks_themselves')],
            },
        ),
        migrations.CreateModel(
            name='MemberChange',
            fields=[
                ('member', models.BigIntegerField(primary_key=True, serialize=False)),
                ('number', models.BigIntegerField(db_index=True)),
                ('within', models.BigIntegerField(db_index=True, help_text='The transaction, on PostgreSQL.')),
            ],
        ),
        migrations.CreateModel(
            name='SpokenLanguage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='languages', to=settings.AUTH_USER_MODEL)),
                ('code', models.CharField(max_length=3)),
                ('level', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['-level', 'code'],
                'constraints': [models.UniqueConstraint(fields=('member', 'code'), name='a_language_is_named_once'), models.CheckConstraint(condition=models.Q(('level__range', (1, 7))), name='a_language_level_is_1_to_7')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offers', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='offers', to='skills.skill')),
                ('level', models.PositiveSmallIntegerField(default=3)),
            ],
            options={
                'ordering': ['-level', 'id'],
                'constraints': [models.UniqueConstraint(fields=('member', 'skill'), name='a_skill_is_offered_once'), models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='an_offer_level_is_1_to_5')],
            },
        ),
        migrations.CreateModel(
            name='Want',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='wants', to=settings.AUTH_USER_MODEL)),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='wants', to='skills.skill')),
                ('level_now', models.PositiveSmallIntegerField(default=0)),
                ('priority', models.PositiveSmallIntegerField(default=2)),
            ],
            options={
                'ordering': ['-priority', 'id'],
                'constraints': [models.UniqueConstraint(fields=('member', 'skill'), name='a_skill_is_wanted_once'), models.CheckConstraint(condition=models.Q(('level_now__range', (0, 4))), name='a_want_level_is_0_to_4'), models.CheckConstraint(condition=models.Q(('priority__range', (1, 3))), name='a_want_priority_is_1_to_3')],
            },
        ),
        migrations.CreateModel(
            name='FreeHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='free_hours', to=settings.AUTH_USER_MODEL)),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.')),
                ('from_minute', models.PositiveSmallIntegerField()),
                ('until_minute', models.PositiveSmallIntegerField()),
            ],
            options={
                'ordering': ['weekday', 'from_minute'],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__range', (0, 6))), name='free_hours_are_on_a_weekday'), models.CheckConstraint(condition=models.Q(('from_minute__lt', models.F('until_minute')), ('until_minute__lte', 1440)), name='free_hours_end_after_they_start')],
            },
        ),
        migrations.CreateModel(
            name='Away',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='away', to=settings.AUTH_USER_MODEL)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
            ],
            options={
                'ordering': ['first_day', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='away_ends_after_it_begins')],
            },
        ),
    ]
