"""What a member is told: facts with their particulars, put into words by whoever shows them."""

from django.conf import settings
from django.db import models


class Notice(models.Model):
    """One thing that happened and concerns one member. `data` holds what the sentence of this kind needs."""

    class Kind(models.TextChoices):
        REQUEST_RECEIVED = "request_received"
        REQUEST_ACCEPTED = "request_accepted"
        REQUEST_DECLINED = "request_declined"
        REQUEST_WITHDRAWN = "request_withdrawn"
        REQUEST_REMINDER = "request_reminder"
        REQUEST_EXPIRED = "request_expired"
        REQUEST_MISSED = "request_missed"
        REQUEST_PASSED_ON = "request_passed_on"
        REQUEST_SETTLED = "request_settled"
        GUIDE_FREE = "guide_free"
        GUIDE_FREE_OVER = "guide_free_over"
        GUIDING_RESUMED = "guiding_resumed"
        OPEN_HOUR_TAKEN = "open_hour_taken"
        OPEN_HOUR_CANCELLED = "open_hour_cancelled"
        MENTORSHIP_CLOSED = "mentorship_closed"
        MENTORSHIP_PAUSED = "mentorship_paused"
        MENTORSHIP_RESUMED = "mentorship_resumed"
        NEW_GUIDE_WANTED = "new_guide_wanted"
        AGREEMENT_PROPOSED = "agreement_proposed"
        AGREEMENT_ACCEPTED = "agreement_accepted"
        SESSION_PROPOSED = "session_proposed"
        SESSION_AGREED = "session_agreed"
        SESSION_DECLINED = "session_declined"
        SESSION_CANCELLED = "session_cancelled"
        TASK_GIVEN = "task_given"
        GUIDE_PROPOSED = "guide_proposed"
        MENTEE_PROPOSED = "mentee_proposed"
        PROGRAMME_ADDED = "programme_added"
        PROGRAMME_REMOVED = "programme_removed"
        COORDINATOR_NAMED = "coordinator_named"
        COORDINATOR_OVER = "coordinator_over"
        FIRST_TALKS = "first_talks"
        PULSE_ASKED = "pulse_asked"
        HELP_CALLED = "help_called"
        HELP_TAKEN = "help_taken"
        MENTORSHIP_QUIET = "mentorship_quiet"
        MENTORSHIP_LAPSED = "mentorship_lapsed"
        CIRCLE_JOINED = "circle_joined"
        CIRCLE_SEATED = "circle_seated"
        CIRCLE_LEFT = "circle_left"
        CIRCLE_REMOVED = "circle_removed"
        CIRCLE_FACILITATED = "circle_facilitated"
        CIRCLE_CLOSED = "circle_closed"
        CIRCLE_MEETING = "circle_meeting"
        CIRCLE_MEETING_CANCELLED = "circle_meeting_cancelled"
        COLLECTIVE_INVITED = "collective_invited"
        COLLECTIVE_JOINED = "collective_joined"
        COLLECTIVE_LEFT = "collective_left"
        COLLECTIVE_APPLIED = "collective_applied"
        COLLECTIVE_DECLINED = "collective_declined"
        AGREEMENT_CHANGED = "agreement_changed"
        STEWARD_ENDED = "steward_ended"
        STEWARD_WANTED = "steward_wanted"
        CALL_FITS = "call_fits"
        CALL_ANSWERED = "call_answered"
        CALL_ACCEPTED = "call_accepted"
        CALL_DECLINED = "call_declined"
        CALL_WITHDRAWN = "call_withdrawn"
        CALL_OVER = "call_over"
        CALL_EXPIRED = "call_expired"
        PROPOSAL_MADE = "proposal_made"
        VOTE_OPENED = "vote_opened"
        VOTE_ENDS = "vote_ends"
        VOTE_CLOSED = "vote_closed"
        OUTCOME_WRITTEN = "outcome_written"
        REVIEW_DUE = "review_due"
        VOTE_LENT = "vote_lent"
        CONSULTATION_BEGUN = "consultation_begun"
        CONSULTATION_COLLECTED = "consultation_collected"
        CONSULTATION_GROUPED = "consultation_grouped"
        FACILITATOR_NAMED = "facilitator_named"
        BOOKING_MADE = "booking_made"
        BOOKING_MOVED = "booking_moved"
        BOOKING_INVITED = "booking_invited"
        BOOKING_RESTORED = "booking_restored"
        BOOKING_CANCELLED = "booking_cancelled"
        BOOKING_TO_APPROVE = "booking_to_approve"
        BOOKING_APPROVED = "booking_approved"
        BOOKING_DISPLACED = "booking_displaced"
        BOOKING_OFFERED = "booking_offered"
        BOOKING_OFFER_OVER = "booking_offer_over"
        BOOKING_RELEASED = "booking_released"
        BOOKING_LATE = "booking_late"
        BOOKING_OVERDUE = "booking_overdue"
        DAMAGE_REPORTED = "damage_reported"
        INDUCTION_BOOKED = "induction_booked"
        INDUCTION_CANCELLED = "induction_cancelled"
        INDUCTION_GRANTED = "induction_granted"
        RULE_LIFTED = "rule_lifted"
        RULE_LIFTED_UNTIL = "rule_lifted_until"
        MENTIONED = "mentioned"
        MESSAGE_IMPORTANT = "message_important"
        MESSAGE_REPORTED = "message_reported"
        REPORT_DECIDED = "report_decided"
        ROOM_INVITED = "room_invited"
        ROOM_REMOVED = "room_removed"

    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices")
    kind = models.CharField(max_length=40, choices=Kind)
    data = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["member", "-id"], name="notice_newest_first"),
            models.Index(fields=["member"], condition=models.Q(read_at__isnull=True), name="notice_unread"),
        ]


class Circular(models.Model):
    """The same notice to very many, while it is being sent: `told` of `members` have it."""

    kind = models.CharField(max_length=40, choices=Notice.Kind)
    data = models.JSONField(default=dict)
    members = models.JSONField(help_text="Their ids, in order.")
    told = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
