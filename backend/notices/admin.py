"""Notices in the admin: that they were sent, not what is in them."""

from django.contrib import admin
from django.http import HttpRequest

from backend.notices.models import Notice


@admin.register(Notice)
class NoticeAdmin(admin.ModelAdmin[Notice]):
    list_display = ["member", "kind", "created_at", "read_at"]
    list_filter = ["kind", "created_at"]
    fields = ("member", "kind", "created_at", "read_at")
    readonly_fields = fields
    list_select_related = ["member"]
    search_fields = ["member__name", "member__email"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Notice | None = None) -> bool:
        return False
