import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('notices', '0001_initial'),
        ('notices', '0002_a_guide_is_proposed'),
        ('notices', '0003_more_about_bookings'),
        ('notices', '0004_a_mentee_is_proposed'),
        ('notices', '0005_bookings_move_and_come_back'),
        ('notices', '0006_what_happens_in_rooms'),
        ('notices', '0007_requests_that_get_answered'),
        ('notices', '0008_what_happens_between_two'),
        ('notices', '0009_how_it_goes_and_circles'),
        ('notices', '0010_exceptions_are_told'),
        ('notices', '0011_what_is_decided'),
        ('notices', '0012_belonging_is_told'),
        ('notices', '0013_programmes_add_and_remove'),
        ('notices', '0014_calls_are_told'),
        ('notices', '0015_short_talks_are_proposed'),
    ]

    initial = True

    dependencies = [
        ('members', '0001_tables'),
    ]

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('member', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to=settings.AUTH_USER_MODEL)),
                ('kind', models.CharField(choices=[('request_received', 'Request Received'), ('request_accepted', 'Request Accepted'), ('request_declined', 'Request Declined'), ('request_withdrawn', 'Request Withdrawn'), ('request_reminder', 'Request Reminder'), ('request_expired', 'Request Expired'), ('request_missed', 'Request Missed'), ('request_passed_on', 'Request Passed On'), ('request_settled', 'Request Settled'), ('guide_free', 'Guide Free'), ('guide_free_over', 'Guide Free Over'), ('guiding_resumed', 'Guiding Resumed'), ('open_hour_taken', 'Open Hour Taken'), ('open_hour_cancelled', 'Open Hour Cancelled'), ('mentorship_closed', 'Mentorship Closed'), ('mentorship_paused', 'Mentorship Paused'), ('mentorship_resumed', 'Mentorship Resumed'), ('new_guide_wanted', 'New Guide Wanted'), ('agreement_proposed', 'Agreement Proposed'), ('agreement_accepted', 'Agreement Accepted'), ('session_proposed', 'Session Proposed'), ('session_agreed', 'Session Agreed'), ('session_declined', 'Session Declined'), ('session_cancelled', 'Session Cancelled'), ('task_given', 'Task Given'), ('guide_proposed', 'Guide Proposed'), ('mentee_proposed', 'Mentee Proposed'), ('programme_added', 'Programme Added'), ('programme_removed', 'Programme Removed'), ('first_talks', 'First Talks'), ('pulse_asked', 'Pulse Asked'), ('help_called', 'Help Called'), ('help_taken', 'Help Taken'), ('mentorship_quiet', 'Mentorship Quiet'), ('mentorship_lapsed', 'Mentorship Lapsed'), ('circle_joined', 'Circle Joined'), ('circle_seated', 'Circle Seated'), ('circle_left', 'Circle Left'), ('circle_removed', 'Circle Removed'), ('circle_facilitated', 'Circle Facilitated'), ('circle_closed', 'Circle Closed'), ('circle_meeting', 'Circle Meeting'), ('circle_meeting_cancelled', 'Circle Meeting Cancelled'), ('collective_invited', 'Collective Invited'), ('collective_joined', 'Collective Joined'), ('collective_left', 'Collective Left'), ('collective_applied', 'Collective Applied'), ('collective_declined', 'Collective Declined'), ('agreement_changed', 'Agreement Changed'), ('steward_ended', 'Steward Ended'), ('steward_wanted', 'Steward Wanted'), ('call_fits', 'Call Fits'), ('call_answered', 'Call Answered'), ('call_accepted', 'Call Accepted'), ('call_declined', 'Call Declined'), ('call_withdrawn', 'Call Withdrawn'), ('call_over', 'Call Over'), ('call_expired', 'Call Expired'), ('proposal_made', 'Proposal Made'), ('vote_opened', 'Vote Opened'), ('vote_ends', 'Vote Ends'), ('vote_closed', 'Vote Closed'), ('outcome_written', 'Outcome Written'), ('review_due', 'Review Due'), ('booking_made', 'Booking Made'), ('booking_moved', 'Booking Moved'), ('booking_invited', 'Booking Invited'), ('booking_restored', 'Booking Restored'), ('booking_cancelled', 'Booking Cancelled'), ('booking_to_approve', 'Booking To Approve'), ('booking_approved', 'Booking Approved'), ('booking_displaced', 'Booking Displaced'), ('booking_offered', 'Booking Offered'), ('booking_offer_over', 'Booking Offer Over'), ('booking_released', 'Booking Released'), ('booking_late', 'Booking Late'), ('booking_overdue', 'Booking Overdue'), ('damage_reported', 'Damage Reported'), ('induction_booked', 'Induction Booked'), ('induction_cancelled', 'Induction Cancelled'), ('induction_granted', 'Induction Granted'), ('rule_lifted', 'Rule Lifted'), ('rule_lifted_until', 'Rule Lifted Until'), ('mentioned', 'Mentioned'), ('message_important', 'Message Important'), ('message_reported', 'Message Reported'), ('report_decided', 'Report Decided'), ('room_invited', 'Room Invited'), ('room_removed', 'Room Removed')], max_length=40)),
                ('data', models.JSONField(default=dict)),
                ('created_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['member', '-id'], name='notice_newest_first'), models.Index(condition=models.Q(('read_at__isnull', True)), fields=['member'], name='notice_unread')],
            },
        ),
    ]
