import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.bookings.models.feeds
import backend.bookings.models.resources
import backend.bookings.times


class Migration(migrations.Migration):

    replaces = [
        ('bookings', '0001_initial'),
        ('bookings', '0003_what_is_shared'),
        ('bookings', '0004_fill_items_and_codes'),
        ('bookings', '0005_every_label_has_its_code'),
        ('bookings', '0006_windows_have_their_indexes'),
        ('bookings', '0007_own_terms_become_rules'),
        ('bookings', '0008_inductions_hold_a_room'),
        ('bookings', '0009_answers_are_kept_for_who_asks_again'),
        ('bookings', '0010_calendars_know_what_is_newer'),
        ('bookings', '0011_answers_are_kept_by_the_door'),
        ('bookings', '0012_a_rule_says_where_it_was_decided'),
        ('bookings', '0013_a_decided_rule_names_its_collective'),
        ('bookings', '0014_who_decided'),
        ('bookings', '0015_things_with_more_to_ask_have_an_index'),
    ]

    initial = True

    dependencies = [
        ('collectives', '0001_tables'),
        ('members', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='GivenAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('key', models.UUIDField()),
                ('asked', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.TextField(blank=True)),
                ('given_at', models.DateTimeField(db_index=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('member', 'key'), name='a_key_has_one_answer')],
            },
        ),
        migrations.CreateModel(
            name='Place',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='places', to='members.organisation')),
                ('description', models.TextField(blank=True, max_length=1000)),
                ('address', models.CharField(blank=True, max_length=160)),
                ('city', models.CharField(max_length=80)),
                ('country', models.CharField(max_length=2)),
                ('region', models.CharField(blank=True, help_text='For public holidays: the part of ISO 3166-2 after the country, such as BY.', max_length=6)),
                ('timezone', models.CharField(max_length=64, validators=[backend.bookings.times.known_zone])),
                ('latitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)])),
                ('longitude', models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)])),
                ('house_rules', models.TextField(blank=True, max_length=1000)),
                ('closed_on_holidays', models.BooleanField(default=False, help_text='On the public holidays of its country and region.')),
                ('photo', models.ImageField(blank=True, upload_to='places')),
                ('is_active', models.BooleanField(default=True)),
                ('hosts', models.ManyToManyField(blank=True, related_name='places_hosted', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='a_position_has_two_coordinates')],
            },
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='bookings.place')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.', validators=[django.core.validators.MaxValueValidator(6)])),
                ('opens_minute', models.PositiveSmallIntegerField()),
                ('closes_minute', models.PositiveSmallIntegerField()),
            ],
            options={
                'indexes': [models.Index(fields=['weekday', 'place'], name='opening_by_weekday')],
                'constraints': [models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='a_week_has_seven_days'), models.CheckConstraint(condition=models.Q(('opens_minute__lt', models.F('closes_minute')), ('closes_minute__lte', 2880), ('opens_minute__lt', 1440)), name='a_place_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='OpeningException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_exceptions', to='bookings.place')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('opens_minute', models.PositiveSmallIntegerField(blank=True, help_text='Empty: closed.', null=True)),
                ('closes_minute', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=120)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='an_exception_ends_on_or_after_its_first_day'), models.CheckConstraint(condition=models.Q(models.Q(('closes_minute__isnull', True), ('opens_minute__isnull', True)), models.Q(('opens_minute__lt', models.F('closes_minute')), ('closes_minute__lte', 2880), ('opens_minute__lt', 1440)), _connector='OR'), name='an_exception_closes_after_it_opens')],
            },
        ),
        migrations.CreateModel(
            name='Resource',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resources', to='bookings.place')),
                ('kind', models.CharField(choices=[('workspace', 'Workspace'), ('equipment', 'Equipment'), ('material', 'Material')], max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True, max_length=1000)),
                ('accessibility', models.TextField(blank=True, max_length=400)),
                ('photo', models.ImageField(blank=True, upload_to='resources')),
                ('manual', models.TextField(blank=True, help_text='How it is used; shown to who books it.', max_length=8000)),
                ('manual_file', models.FileField(blank=True, help_text='PDF.', upload_to='manuals')),
                ('value_cents', models.PositiveBigIntegerField(blank=True, null=True)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('code', models.CharField(default=backend.bookings.models.resources.new_code, editable=False, help_text='On its label.', max_length=8, unique=True)),
                ('owner_collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resources', to='collectives.collective')),
                ('owner_member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resources_owned', to=settings.AUTH_USER_MODEL)),
                ('travels', models.BooleanField(default=False, help_text='Goes from place to place; `place` is where it is now.')),
                ('seats', models.PositiveSmallIntegerField(blank=True, help_text='People who fit; empty when it has no seats.', null=True)),
                ('capacity', models.PositiveSmallIntegerField(default=1)),
                ('is_composed', models.BooleanField(default=False, editable=False, help_text='Made of other resources.')),
                ('opens_minute', models.PositiveSmallIntegerField(default=0, help_text="On the place's clock, every day it is open.")),
                ('closes_minute', models.PositiveSmallIntegerField(default=1440)),
                ('step_minutes', models.PositiveSmallIntegerField(default=30)),
                ('min_minutes', models.PositiveIntegerField(default=30)),
                ('max_minutes', models.PositiveIntegerField(default=1440)),
                ('lead_minutes', models.PositiveIntegerField(default=0, help_text='How long before its start a booking must be made.')),
                ('ahead_days', models.PositiveSmallIntegerField(default=180, help_text='How far ahead a booking may start.')),
                ('buffer_before_minutes', models.PositiveSmallIntegerField(default=0)),
                ('buffer_after_minutes', models.PositiveSmallIntegerField(default=0)),
                ('cancel_notice_minutes', models.PositiveIntegerField(default=0)),
                ('release_minutes', models.PositiveSmallIntegerField(blank=True, help_text='Freed when nobody has checked in so long after the start; empty: never.', null=True)),
                ('own_organisation_only', models.BooleanField(default=False)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'indexes': [models.Index(fields=['kind', 'id'], name='resource_by_kind'), models.Index(fields=['name', 'id'], name='resource_by_name'), models.Index(condition=models.Q(('capacity__gt', 1), ('buffer_before_minutes__gt', 0), ('buffer_after_minutes__gt', 0), _connector='OR'), fields=['id', 'capacity', 'buffer_before_minutes', 'buffer_after_minutes'], name='resource_with_more_to_ask')],
                'constraints': [models.CheckConstraint(condition=models.Q(('capacity__gte', 1)), name='a_resource_has_at_least_one_unit'), models.CheckConstraint(condition=models.Q(('is_composed', False), ('capacity', 1), _connector='OR'), name='what_is_made_of_others_is_no_pool'), models.CheckConstraint(condition=models.Q(('owner_collective__isnull', True), ('owner_member__isnull', True), _connector='OR'), name='a_resource_has_one_owner'), models.CheckConstraint(condition=models.Q(('closes_minute__lte', 1440), ('opens_minute__lt', models.F('closes_minute'))), name='a_resource_closes_after_it_opens'), models.CheckConstraint(condition=models.Q(('min_minutes__gte', 1), ('min_minutes__lte', models.F('max_minutes')), ('step_minutes__gte', 5)), name='booking_lengths_are_possible')],
            },
        ),
        migrations.CreateModel(
            name='Component',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('whole', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='bookings.resource')),
                ('part', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='component_of', to='bookings.resource')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('whole', 'part'), name='a_whole_names_each_part_once'), models.CheckConstraint(condition=models.Q(('whole', models.F('part')), _negated=True), name='nothing_is_part_of_itself'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='a_component_has_at_least_one_unit')],
            },
        ),
        migrations.CreateModel(
            name='Feature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='features', to='bookings.resource')),
                ('code', models.CharField(choices=[('step_free', 'Step Free'), ('accessible_toilet', 'Accessible Toilet'), ('hearing_loop', 'Hearing Loop'), ('quiet', 'Quiet'), ('daylight', 'Daylight'), ('blackout_curtains', 'Blackout Curtains'), ('soundproof', 'Soundproof'), ('wifi', 'Wifi'), ('screen', 'Screen'), ('projector', 'Projector'), ('video_calls', 'Video Calls'), ('whiteboard', 'Whiteboard'), ('sound_system', 'Sound System'), ('stage_light', 'Stage Light'), ('sprung_floor', 'Sprung Floor'), ('piano', 'Piano'), ('water', 'Water'), ('kitchen', 'Kitchen'), ('extraction', 'Extraction'), ('three_phase_power', 'Three Phase Power'), ('loading_bay', 'Loading Bay'), ('parking', 'Parking'), ('bike_parking', 'Bike Parking'), ('children_welcome', 'Children Welcome')], max_length=20)),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'resource'], name='resource_by_feature')],
                'constraints': [models.UniqueConstraint(fields=('resource', 'code'), name='a_feature_is_named_once')],
            },
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.place')),
                ('resource', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.resource')),
                ('image', models.ImageField(upload_to='photos')),
                ('words', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', True), ('resource__isnull', False)), models.Q(('place__isnull', False), ('resource__isnull', True)), _connector='OR'), name='a_photo_shows_a_place_or_a_resource')],
            },
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='bookings.resource')),
                ('label', models.CharField(max_length=40)),
                ('serial', models.CharField(blank=True, max_length=80)),
                ('minutes_used', models.PositiveBigIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('resource', 'label'), name='a_unit_has_a_label_of_its_own')],
            },
        ),
        migrations.CreateModel(
            name='Blackout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blackouts', to='bookings.place')),
                ('resource', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blackouts', to='bookings.resource')),
                ('quantity', models.PositiveSmallIntegerField(blank=True, help_text='Units of a pool; empty: all of them.', null=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('closed', 'Closed'), ('repair', 'Repair'), ('maintenance', 'Maintenance'), ('event', 'Event')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('created_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='a_blackout_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', True), ('resource__isnull', False)), models.Q(('place__isnull', False), ('quantity__isnull', True), ('resource__isnull', True)), _connector='OR'), name='a_blackout_is_of_a_place_or_a_resource')],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_rules', to='members.organisation')),
                ('place', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='bookings.place')),
                ('resource', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='bookings.resource')),
                ('kind', models.CharField(blank=True, choices=[('workspace', 'Workspace'), ('equipment', 'Equipment'), ('material', 'Material')], help_text='Only this kind of resource.', max_length=10)),
                ('what', models.CharField(choices=[('length', 'Length'), ('lead', 'Lead'), ('ahead', 'Ahead'), ('buffers', 'Buffers'), ('notice', 'Notice'), ('release', 'Release'), ('cost', 'Cost'), ('deposit', 'Deposit'), ('who', 'Who'), ('quota', 'Quota'), ('induction', 'Induction'), ('approval', 'Approval')], max_length=10)),
                ('terms', models.JSONField(default=dict)),
                ('message', models.JSONField(blank=True, default=dict, help_text='Why, in the host\'s words: {"en": …, "fr": …}.')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Smaller ones are asked first.')),
                ('is_active', models.BooleanField(default=True)),
                ('decision', models.BigIntegerField(blank=True, help_text='The proposal by which a collective decided it.', null=True)),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='collectives.collective')),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('place__isnull', True), ('resource__isnull', True)), models.Q(('organisation__isnull', True), ('place__isnull', False), ('resource__isnull', True)), models.Q(('kind', ''), ('organisation__isnull', True), ('place__isnull', True), ('resource__isnull', False)), _connector='OR'), name='a_rule_is_about_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemptions', to='bookings.rule')),
                ('member', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_exemptions', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_exemptions', to='collectives.collective')),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('collective__isnull', True), ('member__isnull', False)), models.Q(('collective__isnull', False), ('member__isnull', True)), _connector='OR'), name='an_exemption_is_for_a_person_or_a_collective')],
            },
        ),
        migrations.CreateModel(
            name='Induction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inductions', to='bookings.place')),
                ('name', models.CharField(max_length=120)),
                ('description', models.TextField(blank=True, max_length=1000)),
                ('valid_days', models.PositiveSmallIntegerField(blank=True, help_text='Empty: for good.', null=True)),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='InductionGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('induction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='bookings.induction')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inductions', to=settings.AUTH_USER_MODEL)),
                ('granted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('granted_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['member', 'induction'], name='inductions_of_member')],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_series', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booking_series', to='collectives.collective')),
                ('timezone', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=200)),
                ('starts_wall', models.CharField(max_length=16)),
                ('ends_wall', models.CharField(max_length=16)),
                ('on_conflict', models.CharField(choices=[('skip', 'Skip'), ('shift', 'Shift'), ('all_or_nothing', 'All Or Nothing')], max_length=14)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField(blank=True, help_text='Empty: as it was made.', null=True)),
                ('sequence', models.PositiveIntegerField(db_default=0, default=0, help_text='How often it has changed, for calendars.')),
                ('continues', models.ForeignKey(blank=True, help_text='Of which it was split off.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bookings.series')),
            ],
        ),
        migrations.CreateModel(
            name='SkippedOccurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skipped', to='bookings.series')),
                ('occurrence', models.CharField(max_length=16)),
                ('reason', models.CharField(choices=[('taken', 'Taken'), ('no_such_time', 'No Such Time'), ('rule', 'Rule'), ('chosen', 'Chosen')], max_length=12)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('series', 'occurrence'), name='an_occurrence_is_skipped_once'), models.CheckConstraint(condition=models.Q(('occurrence', ''), _negated=True), name='a_skipped_occurrence_has_a_time')],
            },
        ),
        migrations.CreateModel(
            name='Booking',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='collectives.collective')),
                ('title', models.CharField(blank=True, max_length=120)),
                ('note', models.TextField(blank=True, max_length=1000)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('status', models.CharField(choices=[('confirmed', 'Confirmed'), ('requested', 'Requested'), ('offered', 'Offered'), ('cancelled', 'Cancelled')], default='confirmed', max_length=10)),
                ('held_until', models.DateTimeField(blank=True, help_text='An offer holds until then.', null=True)),
                ('series', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.series')),
                ('occurrence', models.CharField(blank=True, help_text='Wall time in its series: 2027-03-28T02:30.', max_length=16)),
                ('cost_cents', models.PositiveBigIntegerField(default=0, help_text='Contribution, recorded when booked; nothing is paid here.')),
                ('cost_credits', models.PositiveIntegerField(default=0)),
                ('deposit_cents', models.PositiveBigIntegerField(default=0)),
                ('currency', models.CharField(default='EUR', max_length=3)),
                ('approval_rule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bookings.rule')),
                ('approved_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('approved_at', models.DateTimeField(blank=True, null=True)),
                ('checked_in_at', models.DateTimeField(blank=True, null=True)),
                ('checked_out_at', models.DateTimeField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField(blank=True, help_text='Empty: as it was made.', null=True)),
                ('sequence', models.PositiveIntegerField(db_default=0, default=0, help_text='How often it has changed, for calendars.')),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('cancelled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ending', models.CharField(blank=True, choices=[('by_person', 'By Person'), ('not_approved', 'Not Approved'), ('not_taken_up', 'Not Taken Up'), ('nobody_came', 'Nobody Came'), ('out_of_use', 'Out Of Use'), ('fewer_units', 'Fewer Units')], max_length=12)),
                ('people', models.ManyToManyField(blank=True, related_name='bookings_invited', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-starts_at'], name='booking_of_member'), models.Index(fields=['collective', '-starts_at'], name='booking_of_collective')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='a_booking_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('occurrence', ''), _negated=True), fields=('series', 'occurrence'), name='an_occurrence_is_booked_once')],
            },
        ),
        migrations.CreateModel(
            name='InductionSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('induction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='bookings.induction')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('seats', models.PositiveSmallIntegerField(default=4)),
                ('host', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
                ('booking', models.ForeignKey(blank=True, help_text='Holds its room or thing.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bookings.booking')),
            ],
            options={
                'indexes': [models.Index(fields=['induction', 'starts_at'], name='induction_sessions_in_order')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='an_induction_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('seats__gte', 1)), name='an_induction_has_a_seat')],
            },
        ),
        migrations.CreateModel(
            name='InductionSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='booked', to='bookings.inductionsession')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='induction_seats', to=settings.AUTH_USER_MODEL)),
                ('booked_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('session', 'member'), name='a_member_has_one_seat_in_a_session')],
            },
        ),
        migrations.CreateModel(
            name='BookingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='bookings.booking')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_items', to='bookings.resource')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('booking', 'resource'), name='a_booking_names_each_resource_once'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='an_item_has_at_least_one_unit')],
            },
        ),
        migrations.CreateModel(
            name='Allocation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='bookings.booking')),
                ('blackout', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='bookings.blackout')),
                ('resource', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='allocations', to='bookings.resource')),
                ('busy_from', models.DateTimeField()),
                ('busy_until', models.DateTimeField()),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('active', models.BooleanField(default=True)),
                ('exclusive', models.BooleanField(default=True)),
                ('is_long', models.BooleanField(default=False, help_text='Longer than a day, see SHORT.')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('active', True)), fields=['resource', 'busy_until', 'busy_from'], name='allocation_of_resource'), models.Index(condition=models.Q(('active', True), ('is_long', False)), fields=['busy_until', 'busy_from', 'resource', 'quantity'], name='allocation_short'), models.Index(condition=models.Q(('active', True), ('is_long', True)), fields=['busy_until', 'busy_from', 'resource', 'quantity'], name='allocation_long')],
                'constraints': [models.CheckConstraint(condition=models.Q(('busy_from__lt', models.F('busy_until'))), name='an_allocation_ends_after_it_starts'), models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='an_allocation_holds_at_least_one_unit'), models.CheckConstraint(condition=models.Q(models.Q(('blackout__isnull', True), ('booking__isnull', False)), models.Q(('blackout__isnull', False), ('booking__isnull', True)), _connector='OR'), name='an_allocation_is_held_for_one_reason')],
            },
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=backend.bookings.models.feeds.new_token, max_length=43, unique=True)),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='collectives.collective')),
                ('resource', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='bookings.resource')),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('collective__isnull', True), ('resource__isnull', True), _connector='OR'), name='a_feed_is_about_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booking', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='bookings.booking')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='bookings.resource')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='bookings.unit')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('taken_at', models.DateTimeField()),
                ('taken_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
                ('returned_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('returned_at__isnull', True)), fields=['resource'], name='handover_still_out')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('returned_at__isnull', True)), fields=('unit',), name='a_unit_is_with_one_booking_at_a_time'), models.CheckConstraint(condition=models.Q(('returned_at__isnull', True), ('returned_at__gte', models.F('taken_at')), _connector='OR'), name='what_is_returned_was_taken_before')],
            },
        ),
        migrations.CreateModel(
            name='ConditionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='bookings.handover')),
                ('moment', models.CharField(choices=[('taken', 'Taken'), ('returned', 'Returned')], max_length=8)),
                ('state', models.CharField(choices=[('fine', 'Fine'), ('worn', 'Worn'), ('damaged', 'Damaged')], default='fine', max_length=8)),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('reported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reported_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('handover', 'moment'), name='a_handover_has_one_report_each_way')],
            },
        ),
        migrations.CreateModel(
            name='ConditionPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.conditionreport')),
                ('image', models.ImageField(upload_to='conditions')),
            ],
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='damages', to='bookings.resource')),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damages', to='bookings.unit')),
                ('report', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damages', to='bookings.conditionreport')),
                ('words', models.TextField(max_length=1000)),
                ('status', models.CharField(choices=[('open', 'Open'), ('in_repair', 'In Repair'), ('fixed', 'Fixed'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('blackout', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damage', to='bookings.blackout')),
                ('reported_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reported_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='booking_waits', to=settings.AUTH_USER_MODEL)),
                ('collective', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_waits', to='collectives.collective')),
                ('resource', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='bookings.resource')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('title', models.CharField(blank=True, max_length=120)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('offered', 'Offered'), ('booked', 'Booked'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='waiting', max_length=10)),
                ('offer', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wait', to='bookings.booking')),
                ('created_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['resource', 'created_at'], name='waiting_in_line')],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='a_wait_ends_after_it_starts'), models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'offered'])), fields=('member', 'resource', 'starts_at', 'ends_at'), name='nobody_waits_twice_for_one_window')],
            },
        ),
    ]
