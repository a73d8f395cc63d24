"""Calls in the admin: to look at; opening, answering and closing go through the actions. Answers are between the people."""

from django.contrib import admin
from django.http import HttpRequest

from backend.calls.models import Call


@admin.register(Call)
class CallAdmin(admin.ModelAdmin[Call]):
    list_display = ["title", "author", "collective", "state", "open_until", "created_at"]
    list_filter = ["state", "country"]
    list_select_related = ["author", "collective"]
    search_fields = ["title"]
    fields = ("title", "text", "offer", "author", "collective", "state", "open_until", "created_at", "ended_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Call | None = None) -> bool:
        return False
