"""Reports in the admin: what was decided about what; the words of the messages are not here."""

from django.contrib import admin
from django.http import HttpRequest

from backend.trust.models import Report


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin[Report]):
    list_display = ["id", "kind", "rule", "state", "created_at", "decided_at"]
    list_filter = ["state", "rule"]
    fields = ("kind", "rule", "words", "state", "created_at", "decided_by", "decided_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Report | None = None) -> bool:
        return False
