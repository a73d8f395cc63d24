"""Guidance in the admin: how it goes, never what was written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.mentoring.models import (
    Cohort,
    GuideWait,
    Guiding,
    Mentorship,
    MentorshipRequest,
    OpenHour,
    Programme,
    TrainingStep,
)


class LookOnly:
    """Everything here is done by the people concerned, through the actions."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(MentorshipRequest)
class MentorshipRequestAdmin(LookOnly, admin.ModelAdmin[MentorshipRequest]):
    list_display = ["mentee", "mentor", "kind", "track", "status", "decline_reason", "created_at", "answered_at"]
    list_filter = ["status", "kind", "track", "decline_reason"]
    list_select_related = ["mentee", "mentor"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = [
        "mentee",
        "mentor",
        "kind",
        "track",
        "status",
        "decline_reason",
        "created_at",
        "reminded_at",
        "answered_at",
    ]


@admin.register(GuideWait)
class GuideWaitAdmin(LookOnly, admin.ModelAdmin[GuideWait]):
    list_display = ["member", "mentor", "track", "status", "left_out", "offered", "held_until", "created_at"]
    list_filter = ["status", "track"]
    list_select_related = ["member", "mentor", "offered"]
    fields = ["member", "mentor", "track", "status", "left_out", "offered", "held_until", "created_at", "ended_at"]


@admin.register(OpenHour)
class OpenHourAdmin(LookOnly, admin.ModelAdmin[OpenHour]):
    list_display = ["guide", "starts_at", "ends_at", "status"]
    list_filter = ["status"]
    list_select_related = ["guide"]
    fields = ["guide", "starts_at", "ends_at", "status"]


@admin.register(Guiding)
class GuidingAdmin(admin.ModelAdmin[Guiding]):
    """Who is employed as an adviser is for the office to say; the rest is the guide's own."""

    list_display = ["member", "role", "talks_a_month", "circle_seats", "paused_until"]
    list_filter = ["role"]
    list_select_related = ["member"]
    autocomplete_fields = ["member"]
    fields = ["member", "role", "talks_a_month", "circle_seats", "paused_until"]
    readonly_fields = ["talks_a_month", "circle_seats", "paused_until"]


@admin.register(TrainingStep)
class TrainingStepAdmin(admin.ModelAdmin[TrainingStep]):
    list_display = ["key", "place", "is_shown"]
    fields = ["key", "place", "titles", "texts", "is_shown"]


@admin.register(Mentorship)
class MentorshipAdmin(LookOnly, admin.ModelAdmin[Mentorship]):
    list_display = ["mentor", "mentee", "track", "status", "started_at", "closed_at"]
    list_filter = ["status", "track"]
    list_select_related = ["mentor", "mentee"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = ["mentor", "mentee", "track", "status", "started_at", "closed_at"]


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin[Programme]):
    list_display = ["name", "organisation", "track", "state", "weights_version"]
    list_select_related = ["organisation"]
    autocomplete_fields = ["coordinators"]
    fields = ["organisation", "partners", "name", "track", "state", "takes", "coordinators", "floor", "weights"]
    # Coordinators change them in the web app, where every version is kept.
    readonly_fields = ["weights"]


@admin.register(Cohort)
class CohortAdmin(LookOnly, admin.ModelAdmin[Cohort]):
    list_display = ["programme", "status", "objective", "asked_by", "asked_at", "finished_at", "published_at"]
    list_filter = ["status"]
    list_select_related = ["programme", "asked_by"]
    fields = [
        "programme", "status", "objective", "seed", "asked_by", "asked_at", "finished_at", "published_at", "failure",
        "failure_detail", "certificate",
    ]  # fmt: skip
