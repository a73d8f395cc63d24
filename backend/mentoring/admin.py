"""Guidance in the admin: how it goes, never what was written."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.mentoring.models import Mentorship, MentorshipRequest


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
