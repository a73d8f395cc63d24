"""Consultations in the admin: to look at, and nothing else; who said what is for those whom it concerns."""

from django.contrib import admin

from backend.consultations.models import Consultation, Theme
from backend.looking import LookOnly


class ThemeInline(LookOnly, admin.TabularInline[Theme, Consultation]):
    model = Theme
    fields = ("title", "summary")
    readonly_fields = fields


@admin.register(Consultation)
class ConsultationAdmin(LookOnly, admin.ModelAdmin[Consultation]):
    list_display = ["title", "organisation", "state", "collects_until", "created_at"]
    list_filter = ["state", "organisation"]
    list_select_related = ["organisation"]
    search_fields = ["title"]
    fields = ("title", "text", "organisation", "state", "collects_until", "facilitators", "created_by", "created_at")
    readonly_fields = fields
    inlines = [ThemeInline]
