"""Consultations in the admin: to look at, and nothing else; who said what is for those whom it concerns."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.consultations.models import Consultation, Theme


class ThemeInline(admin.TabularInline[Theme, Consultation]):
    model = Theme
    fields = ("title", "summary")
    readonly_fields = fields
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Consultation)
class ConsultationAdmin(admin.ModelAdmin[Consultation]):
    list_display = ["title", "organisation", "state", "collects_until", "created_at"]
    list_filter = ["state", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["title"]
    fields = ("title", "text", "organisation", "state", "collects_until", "facilitators", "created_by", "created_at")
    readonly_fields = fields
    inlines = [ThemeInline]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
