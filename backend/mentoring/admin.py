"""Guidance in the admin: how it goes, never what was written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.mentoring.models import Cohort, Mentorship, MentorshipRequest, Programme


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
    list_display = ["mentee", "mentor", "track", "status", "decline_reason", "created_at", "answered_at"]
    list_filter = ["status", "track", "decline_reason"]
    list_select_related = ["mentee", "mentor"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = ["mentee", "mentor", "track", "status", "decline_reason", "created_at", "answered_at"]


@admin.register(Mentorship)
class MentorshipAdmin(LookOnly, admin.ModelAdmin[Mentorship]):
    list_display = ["mentor", "mentee", "track", "status", "started_at", "closed_at"]
    list_filter = ["status", "track"]
    list_select_related = ["mentor", "mentee"]
    search_fields = ["mentee__name", "mentor__name"]
    fields = ["mentor", "mentee", "track", "status", "started_at", "closed_at"]


@admin.register(Programme)
class ProgrammeAdmin(admin.ModelAdmin[Programme]):
    list_display = ["name", "organisation", "track", "weights_version"]
    list_select_related = ["organisation"]
    autocomplete_fields = ["coordinators"]
    fields = ["organisation", "name", "track", "coordinators", "floor", "weights"]
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
