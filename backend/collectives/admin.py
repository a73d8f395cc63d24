"""Collectives in the admin: to look at, and to close one; joining and leaving go through the actions."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.collectives.models import Collective, CollectiveMembership


class MembershipInline(admin.TabularInline[CollectiveMembership, Collective]):
    model = CollectiveMembership
    fields = (
        "member",
        "role",
        "state",
        "invited_by",
        "invited_at",
        "joined_at",
        "left_at",
        "steward_until",
        "agreed_to",
    )
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("member", "invited_by")


@admin.register(Collective)
class CollectiveAdmin(admin.ModelAdmin[Collective]):
    list_display = ["name", "organisation", "country", "city", "is_listed", "created_at"]
    list_filter = ["organisation", "country", "is_listed"]
    list_select_related = ["organisation"]
    search_fields = ["name", "purpose"]
    fields = (
        "name",
        "purpose",
        "organisation",
        "country",
        "city",
        "is_listed",
        "created_by",
        "created_at",
        "closed_at",
    )
    readonly_fields = fields
    inlines = [MembershipInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
