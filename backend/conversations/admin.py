"""Rooms in the admin: that they exist and how busy they are. What is said in them is nobody's but their members'."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.conversations.models import Room


@admin.register(Room)
class RoomAdmin(admin.ModelAdmin[Room]):
    list_display = ["id", "kind", "message_count", "created_at", "last_event_at"]
    list_filter = ["kind"]
    fields = ("kind", "message_count", "last_seq", "created_at", "last_event_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
