"""Opening hours, rules, inductions, wholes and kits, series, waiting lists, blackouts, hand-overs, calendar addresses.

Tables that carry the triggers of `0002_refuse_overlaps` are altered in between, as told there.
"""

from importlib import import_module

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import backend.bookings.models.feeds

guard = import_module("backend.bookings.migrations.0002_refuse_overlaps")


class Migration(migrations.Migration):

    dependencies = [
        ('bookings', '0002_refuse_overlaps'),
        ('collectives', '0001_initial'),
        ('members', '0003_blocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RunPython(guard.allow, guard.refuse),
        migrations.CreateModel(
            name='Blackout',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(blank=True, help_text='Units of a pool; empty: all of them.', null=True)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('reason', models.CharField(choices=[('closed', 'Closed'), ('repair', 'Repair'), ('maintenance', 'Maintenance'), ('event', 'Event')], max_length=12)),
                ('note', models.CharField(blank=True, max_length=400)),
                ('created_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='BookingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Component',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
            ],
        ),
        migrations.CreateModel(
            name='ConditionPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ImageField(upload_to='conditions')),
            ],
        ),
        migrations.CreateModel(
            name='ConditionReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('moment', models.CharField(choices=[('taken', 'Taken'), ('returned', 'Returned')], max_length=8)),
                ('state', models.CharField(choices=[('fine', 'Fine'), ('worn', 'Worn'), ('damaged', 'Damaged')], default='fine', max_length=8)),
                ('words', models.TextField(blank=True, max_length=1000)),
                ('reported_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Damage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(max_length=1000)),
                ('status', models.CharField(choices=[('open', 'Open'), ('in_repair', 'In Repair'), ('fixed', 'Fixed'), ('dismissed', 'Dismissed')], default='open', max_length=10)),
                ('reported_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Exemption',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateTimeField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=200)),
                ('granted_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Feature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(choices=[('step_free', 'Step Free'), ('accessible_toilet', 'Accessible Toilet'), ('hearing_loop', 'Hearing Loop'), ('quiet', 'Quiet'), ('daylight', 'Daylight'), ('blackout_curtains', 'Blackout Curtains'), ('soundproof', 'Soundproof'), ('wifi', 'Wifi'), ('screen', 'Screen'), ('projector', 'Projector'), ('video_calls', 'Video Calls'), ('whiteboard', 'Whiteboard'), ('sound_system', 'Sound System'), ('stage_light', 'Stage Light'), ('sprung_floor', 'Sprung Floor'), ('piano', 'Piano'), ('water', 'Water'), ('kitchen', 'Kitchen'), ('extraction', 'Extraction'), ('three_phase_power', 'Three Phase Power'), ('loading_bay', 'Loading Bay'), ('parking', 'Parking'), ('bike_parking', 'Bike Parking'), ('children_welcome', 'Children Welcome')], max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='Feed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.CharField(default=backend.bookings.models.feeds.new_token, max_length=43, unique=True)),
                ('created_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('taken_at', models.DateTimeField()),
                ('returned_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Induction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
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
                ('granted_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='InductionSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('booked_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='InductionSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('seats', models.PositiveSmallIntegerField(default=4)),
                ('cancelled_at', models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Opening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('weekday', models.PositiveSmallIntegerField(help_text='0 is Monday.', validators=[django.core.validators.MaxValueValidator(6)])),
                ('opens_minute', models.PositiveSmallIntegerField()),
                ('closes_minute', models.PositiveSmallIntegerField()),
            ],
        ),
        migrations.CreateModel(
            name='OpeningException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('opens_minute', models.PositiveSmallIntegerField(blank=True, help_text='Empty: closed.', null=True)),
                ('closes_minute', models.PositiveSmallIntegerField(blank=True, null=True)),
                ('reason', models.CharField(blank=True, max_length=120)),
            ],
        ),
        migrations.CreateModel(
            name='Photo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ImageField(upload_to='photos')),
                ('words', models.CharField(blank=True, max_length=200)),
                ('position', models.PositiveSmallIntegerField(default=0)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Rule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(blank=True, choices=[('workspace', 'Workspace'), ('equipment', 'Equipment'), ('material', 'Material')], help_text='Only this kind of resource.', max_length=10)),
                ('what', models.CharField(choices=[('length', 'Length'), ('lead', 'Lead'), ('ahead', 'Ahead'), ('buffers', 'Buffers'), ('notice', 'Notice'), ('release', 'Release'), ('cost', 'Cost'), ('deposit', 'Deposit'), ('who', 'Who'), ('quota', 'Quota'), ('induction', 'Induction'), ('approval', 'Approval')], max_length=10)),
                ('terms', models.JSONField(default=dict)),
                ('message', models.JSONField(blank=True, default=dict, help_text='Why, in the host\'s words: {"en": …, "fr": …}.')),
                ('position', models.PositiveSmallIntegerField(default=0, help_text='Smaller ones are asked first.')),
                ('is_active', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['position', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('timezone', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=200)),
                ('starts_wall', models.CharField(max_length=16)),
                ('ends_wall', models.CharField(max_length=16)),
                ('on_conflict', models.CharField(choices=[('skip', 'Skip'), ('shift', 'Shift'), ('all_or_nothing', 'All Or Nothing')], max_length=14)),
                ('idempotency_key', models.UUIDField(blank=True, null=True)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='SkippedOccurrence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('occurrence', models.CharField(max_length=16)),
                ('reason', models.CharField(choices=[('taken', 'Taken'), ('no_such_time', 'No Such Time'), ('rule', 'Rule'), ('chosen', 'Chosen')], max_length=12)),
            ],
        ),
        migrations.CreateModel(
            name='Unit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(max_length=40)),
                ('serial', models.CharField(blank=True, max_length=80)),
                ('minutes_used', models.PositiveBigIntegerField(default=0)),
                ('is_active', models.BooleanField(default=True)),
            ],
        ),
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveSmallIntegerField(default=1)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField()),
                ('title', models.CharField(blank=True, max_length=120)),
                ('status', models.CharField(choices=[('waiting', 'Waiting'), ('offered', 'Offered'), ('booked', 'Booked'), ('withdrawn', 'Withdrawn'), ('expired', 'Expired')], default='waiting', max_length=10)),
                ('created_at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='booking',
            name='approved_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='approved_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='booking',
            name='checked_in_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='checked_out_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='cost_cents',
            field=models.PositiveBigIntegerField(default=0, help_text='Contribution, recorded when booked; nothing is paid here.'),
        ),
        migrations.AddField(
            model_name='booking',
            name='cost_credits',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='booking',
            name='currency',
            field=models.CharField(default='EUR', max_length=3),
        ),
        migrations.AddField(
            model_name='booking',
            name='deposit_cents',
            field=models.PositiveBigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='booking',
            name='ending',
            field=models.CharField(blank=True, choices=[('by_person', 'By Person'), ('not_approved', 'Not Approved'), ('not_taken_up', 'Not Taken Up'), ('nobody_came', 'Nobody Came'), ('out_of_use', 'Out Of Use'), ('fewer_units', 'Fewer Units')], max_length=12),
        ),
        migrations.AddField(
            model_name='booking',
            name='held_until',
            field=models.DateTimeField(blank=True, help_text='An offer holds until then.', null=True),
        ),
        migrations.AddField(
            model_name='booking',
            name='occurrence',
            field=models.CharField(blank=True, help_text='Wall time in its series: 2027-03-28T02:30.', max_length=16),
        ),
        migrations.AddField(
            model_name='booking',
            name='people',
            field=models.ManyToManyField(blank=True, related_name='bookings_invited', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='place',
            name='closed_on_holidays',
            field=models.BooleanField(default=False, help_text='On the public holidays of its country and region.'),
        ),
        migrations.AddField(
            model_name='place',
            name='hosts',
            field=models.ManyToManyField(blank=True, related_name='places_hosted', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='place',
            name='latitude',
            field=models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-90), django.core.validators.MaxValueValidator(90)]),
        ),
        migrations.AddField(
            model_name='place',
            name='longitude',
            field=models.FloatField(blank=True, null=True, validators=[django.core.validators.MinValueValidator(-180), django.core.validators.MaxValueValidator(180)]),
        ),
        migrations.AddField(
            model_name='place',
            name='region',
            field=models.CharField(blank=True, help_text='For public holidays: the part of ISO 3166-2 after the country, such as BY.', max_length=6),
        ),
        migrations.AddField(
            model_name='resource',
            name='code',
            field=models.CharField(editable=False, help_text='On its label.', max_length=8, null=True),
        ),
        migrations.AddField(
            model_name='resource',
            name='currency',
            field=models.CharField(default='EUR', max_length=3),
        ),
        migrations.AddField(
            model_name='resource',
            name='is_composed',
            field=models.BooleanField(default=False, editable=False, help_text='Made of other resources.'),
        ),
        migrations.AddField(
            model_name='resource',
            name='manual',
            field=models.TextField(blank=True, help_text='How it is used; shown to who books it.', max_length=8000),
        ),
        migrations.AddField(
            model_name='resource',
            name='manual_file',
            field=models.FileField(blank=True, help_text='PDF.', upload_to='manuals'),
        ),
        migrations.AddField(
            model_name='resource',
            name='owner_collective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resources', to='collectives.collective'),
        ),
        migrations.AddField(
            model_name='resource',
            name='owner_member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='resources_owned', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='resource',
            name='release_minutes',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Freed when nobody has checked in so long after the start; empty: never.', null=True),
        ),
        migrations.AddField(
            model_name='resource',
            name='travels',
            field=models.BooleanField(default=False, help_text='Goes from place to place; `place` is where it is now.'),
        ),
        migrations.AddField(
            model_name='resource',
            name='value_cents',
            field=models.PositiveBigIntegerField(blank=True, null=True),
        ),
        migrations.AlterField(
            model_name='allocation',
            name='booking',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='bookings.booking'),
        ),
        migrations.AlterField(
            model_name='booking',
            name='status',
            field=models.CharField(choices=[('confirmed', 'Confirmed'), ('requested', 'Requested'), ('offered', 'Offered'), ('cancelled', 'Cancelled')], default='confirmed', max_length=10),
        ),
        migrations.AlterField(
            model_name='resource',
            name='opens_minute',
            field=models.PositiveSmallIntegerField(default=0, help_text="On the place's clock, every day it is open."),
        ),
        migrations.AddConstraint(
            model_name='place',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('latitude__isnull', True), ('longitude__isnull', True)), models.Q(('latitude__isnull', False), ('longitude__isnull', False)), _connector='OR'), name='a_position_has_two_coordinates'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('is_composed', False), ('capacity', 1), _connector='OR'), name='what_is_made_of_others_is_no_pool'),
        ),
        migrations.AddConstraint(
            model_name='resource',
            constraint=models.CheckConstraint(condition=models.Q(('owner_collective__isnull', True), ('owner_member__isnull', True), _connector='OR'), name='a_resource_has_one_owner'),
        ),
        migrations.AddField(
            model_name='blackout',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='blackout',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blackouts', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='blackout',
            name='resource',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='blackouts', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='allocation',
            name='blackout',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='allocations', to='bookings.blackout'),
        ),
        migrations.AddConstraint(
            model_name='allocation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('blackout__isnull', True), ('booking__isnull', False)), models.Q(('blackout__isnull', False), ('booking__isnull', True)), _connector='OR'), name='an_allocation_is_held_for_one_reason'),
        ),
        migrations.AddField(
            model_name='bookingitem',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='bookings.booking'),
        ),
        migrations.AddField(
            model_name='bookingitem',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_items', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='component',
            name='part',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='component_of', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='component',
            name='whole',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='components', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='conditionreport',
            name='reported_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conditionphoto',
            name='report',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.conditionreport'),
        ),
        migrations.AddField(
            model_name='damage',
            name='blackout',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damage', to='bookings.blackout'),
        ),
        migrations.AddField(
            model_name='damage',
            name='report',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damages', to='bookings.conditionreport'),
        ),
        migrations.AddField(
            model_name='damage',
            name='reported_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='damage',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='damages', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='collective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_exemptions', to='collectives.collective'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exemption',
            name='member',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_exemptions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feature',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='features', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='feed',
            name='collective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='collectives.collective'),
        ),
        migrations.AddField(
            model_name='feed',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='feed',
            name='resource',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='feeds', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='handover',
            name='booking',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='handovers', to='bookings.booking'),
        ),
        migrations.AddField(
            model_name='handover',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='handover',
            name='returned_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='handover',
            name='taken_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='conditionreport',
            name='handover',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='bookings.handover'),
        ),
        migrations.AddField(
            model_name='induction',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inductions', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='inductiongrant',
            name='granted_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='inductiongrant',
            name='induction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='grants', to='bookings.induction'),
        ),
        migrations.AddField(
            model_name='inductiongrant',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='inductions', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='inductionseat',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='induction_seats', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='inductionsession',
            name='host',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='inductionsession',
            name='induction',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sessions', to='bookings.induction'),
        ),
        migrations.AddField(
            model_name='inductionseat',
            name='session',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='booked', to='bookings.inductionsession'),
        ),
        migrations.AddField(
            model_name='opening',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='openings', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='openingexception',
            name='place',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opening_exceptions', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='photo',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='photo',
            name='resource',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='rule',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_rules', to='members.organisation'),
        ),
        migrations.AddField(
            model_name='rule',
            name='place',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='bookings.place'),
        ),
        migrations.AddField(
            model_name='rule',
            name='resource',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='rules', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='exemption',
            name='rule',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='exemptions', to='bookings.rule'),
        ),
        migrations.AddField(
            model_name='booking',
            name='approval_rule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bookings.rule'),
        ),
        migrations.AddField(
            model_name='series',
            name='collective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='booking_series', to='collectives.collective'),
        ),
        migrations.AddField(
            model_name='series',
            name='continues',
            field=models.ForeignKey(blank=True, help_text='Of which it was split off.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='bookings.series'),
        ),
        migrations.AddField(
            model_name='series',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='booking_series', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='booking',
            name='series',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='bookings', to='bookings.series'),
        ),
        migrations.AddConstraint(
            model_name='booking',
            constraint=models.UniqueConstraint(condition=models.Q(('occurrence', ''), _negated=True), fields=('series', 'occurrence'), name='an_occurrence_is_booked_once'),
        ),
        migrations.AddField(
            model_name='skippedoccurrence',
            name='series',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='skipped', to='bookings.series'),
        ),
        migrations.AddField(
            model_name='unit',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='bookings.resource'),
        ),
        migrations.AddField(
            model_name='handover',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='bookings.unit'),
        ),
        migrations.AddField(
            model_name='damage',
            name='unit',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='damages', to='bookings.unit'),
        ),
        migrations.AddField(
            model_name='wait',
            name='collective',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='booking_waits', to='collectives.collective'),
        ),
        migrations.AddField(
            model_name='wait',
            name='member',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='booking_waits', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='wait',
            name='offer',
            field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='wait', to='bookings.booking'),
        ),
        migrations.AddField(
            model_name='wait',
            name='resource',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='bookings.resource'),
        ),
        migrations.AddConstraint(
            model_name='blackout',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='a_blackout_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='blackout',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', True), ('resource__isnull', False)), models.Q(('place__isnull', False), ('quantity__isnull', True), ('resource__isnull', True)), _connector='OR'), name='a_blackout_is_of_a_place_or_a_resource'),
        ),
        migrations.AddConstraint(
            model_name='bookingitem',
            constraint=models.UniqueConstraint(fields=('booking', 'resource'), name='a_booking_names_each_resource_once'),
        ),
        migrations.AddConstraint(
            model_name='bookingitem',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='an_item_has_at_least_one_unit'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.UniqueConstraint(fields=('whole', 'part'), name='a_whole_names_each_part_once'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('whole', models.F('part')), _negated=True), name='nothing_is_part_of_itself'),
        ),
        migrations.AddConstraint(
            model_name='component',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gte', 1)), name='a_component_has_at_least_one_unit'),
        ),
        migrations.AddIndex(
            model_name='feature',
            index=models.Index(fields=['code', 'resource'], name='resource_by_feature'),
        ),
        migrations.AddConstraint(
            model_name='feature',
            constraint=models.UniqueConstraint(fields=('resource', 'code'), name='a_feature_is_named_once'),
        ),
        migrations.AddConstraint(
            model_name='feed',
            constraint=models.CheckConstraint(condition=models.Q(('collective__isnull', True), ('resource__isnull', True), _connector='OR'), name='a_feed_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='conditionreport',
            constraint=models.UniqueConstraint(fields=('handover', 'moment'), name='a_handover_has_one_report_each_way'),
        ),
        migrations.AddIndex(
            model_name='inductiongrant',
            index=models.Index(fields=['member', 'induction'], name='inductions_of_member'),
        ),
        migrations.AddIndex(
            model_name='inductionsession',
            index=models.Index(fields=['induction', 'starts_at'], name='induction_sessions_in_order'),
        ),
        migrations.AddConstraint(
            model_name='inductionsession',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='an_induction_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='inductionsession',
            constraint=models.CheckConstraint(condition=models.Q(('seats__gte', 1)), name='an_induction_has_a_seat'),
        ),
        migrations.AddConstraint(
            model_name='inductionseat',
            constraint=models.UniqueConstraint(fields=('session', 'member'), name='a_member_has_one_seat_in_a_session'),
        ),
        migrations.AddIndex(
            model_name='opening',
            index=models.Index(fields=['weekday', 'place'], name='opening_by_weekday'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('weekday__lte', 6)), name='a_week_has_seven_days'),
        ),
        migrations.AddConstraint(
            model_name='opening',
            constraint=models.CheckConstraint(condition=models.Q(('opens_minute__lt', models.F('closes_minute')), ('closes_minute__lte', 2880), ('opens_minute__lt', 1440)), name='a_place_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.CheckConstraint(condition=models.Q(('first_day__lte', models.F('last_day'))), name='an_exception_ends_on_or_after_its_first_day'),
        ),
        migrations.AddConstraint(
            model_name='openingexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closes_minute__isnull', True), ('opens_minute__isnull', True)), models.Q(('opens_minute__lt', models.F('closes_minute')), ('closes_minute__lte', 2880), ('opens_minute__lt', 1440)), _connector='OR'), name='an_exception_closes_after_it_opens'),
        ),
        migrations.AddConstraint(
            model_name='photo',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('place__isnull', True), ('resource__isnull', False)), models.Q(('place__isnull', False), ('resource__isnull', True)), _connector='OR'), name='a_photo_shows_a_place_or_a_resource'),
        ),
        migrations.AddConstraint(
            model_name='rule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('place__isnull', True), ('resource__isnull', True)), models.Q(('organisation__isnull', True), ('place__isnull', False), ('resource__isnull', True)), models.Q(('kind', ''), ('organisation__isnull', True), ('place__isnull', True), ('resource__isnull', False)), _connector='OR'), name='a_rule_is_about_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='exemption',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('collective__isnull', True), ('member__isnull', False)), models.Q(('collective__isnull', False), ('member__isnull', True)), _connector='OR'), name='an_exemption_is_for_a_person_or_a_collective'),
        ),
        migrations.AddConstraint(
            model_name='series',
            constraint=models.UniqueConstraint(fields=('member', 'idempotency_key'), name='a_series_wish_is_granted_once'),
        ),
        migrations.AddConstraint(
            model_name='skippedoccurrence',
            constraint=models.UniqueConstraint(fields=('series', 'occurrence'), name='an_occurrence_is_skipped_once'),
        ),
        migrations.AddConstraint(
            model_name='skippedoccurrence',
            constraint=models.CheckConstraint(condition=models.Q(('occurrence', ''), _negated=True), name='a_skipped_occurrence_has_a_time'),
        ),
        migrations.AddConstraint(
            model_name='unit',
            constraint=models.UniqueConstraint(fields=('resource', 'label'), name='a_unit_has_a_label_of_its_own'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('returned_at__isnull', True)), fields=['resource'], name='handover_still_out'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.UniqueConstraint(condition=models.Q(('returned_at__isnull', True)), fields=('unit',), name='a_unit_is_with_one_booking_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('returned_at__isnull', True), ('returned_at__gte', models.F('taken_at')), _connector='OR'), name='what_is_returned_was_taken_before'),
        ),
        migrations.AddIndex(
            model_name='wait',
            index=models.Index(condition=models.Q(('status', 'waiting')), fields=['resource', 'created_at'], name='waiting_in_line'),
        ),
        migrations.AddConstraint(
            model_name='wait',
            constraint=models.CheckConstraint(condition=models.Q(('starts_at__lt', models.F('ends_at'))), name='a_wait_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='wait',
            constraint=models.UniqueConstraint(condition=models.Q(('status__in', ['waiting', 'offered'])), fields=('member', 'resource', 'starts_at', 'ends_at'), name='nobody_waits_twice_for_one_window'),
        ),
        migrations.RunPython(guard.refuse, guard.allow),
    ]
