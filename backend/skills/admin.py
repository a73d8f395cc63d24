"""The vocabulary in the admin: to look things up and to see what members proposed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from backend.skills.models import Label, Profession, Sector, Skill


class LookOnly:
    """The vocabulary is kept in files and changed through its actions."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class LabelInline(LookOnly, admin.TabularInline[Label, Any]):
    model = Label
    fields = ["language", "text", "is_preferred"]
    extra = 0


@admin.register(Skill)
class SkillAdmin(LookOnly, admin.ModelAdmin[Skill]):
    list_display = ["__str__", "key", "family", "status"]
    list_filter = ["status", "family"]
    list_select_related = ["family"]
    search_fields = ["key", "labels__text"]
    fields = ["key", "names", "family", "status", "merged_into", "esco_uri"]
    inlines = [LabelInline]

    def has_merge_permission(self, request: HttpRequest) -> bool:
        """For the action that the room of members adds: merging moves what members chose."""
        return request.user.is_staff


@admin.register(Profession)
class ProfessionAdmin(LookOnly, admin.ModelAdmin[Profession]):
    list_display = ["__str__", "key", "sector"]
    list_select_related = ["sector"]
    search_fields = ["key", "labels__text"]
    fields = ["key", "names", "sector", "skills", "esco_uri"]


@admin.register(Sector)
class SectorAdmin(LookOnly, admin.ModelAdmin[Sector]):
    list_display = ["__str__", "key", "nace"]
    search_fields = ["key", "labels__text"]
    fields = ["key", "names", "nace"]
