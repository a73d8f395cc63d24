"""Members and organisations in the admin: to look after, never a way round the actions, never a secret."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.members import actions
from backend.members.merging import merge_skill
from backend.members.models import Member, Organisation
from backend.members.wishes import countries, zones
from backend.skills.admin import SkillAdmin
from backend.skills.models import Skill

# Signing in happens at one door, with its codes and its limits on guessing.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
# Addresses are shown with their member; changing them here would go round their verification.
admin.site.unregister(EmailAddress)


@admin.action(description=_("Merge the proposed skills with the settled one"), permissions=["merge"])
def merge_proposals(admin: admin.ModelAdmin[Skill], request: HttpRequest, chosen: QuerySet[Skill]) -> None:
    """Of the chosen skills exactly one is settled; the proposed ones become further ways of saying it."""
    settled = [skill for skill in chosen if skill.status == Skill.Status.ACTIVE]
    proposed = [skill for skill in chosen if skill.status == Skill.Status.PROPOSED]
    if len(settled) != 1 or not proposed:
        admin.message_user(request, _("Choose one settled skill and at least one proposed."), messages.ERROR)
        return
    for skill in proposed:
        merge_skill(skill=skill, into=settled[0], at=timezone.now())
    words = _("%(count)s merged with “%(skill)s”.") % {"count": len(proposed), "skill": settled[0]}
    admin.message_user(request, words, messages.SUCCESS)


# Skills know nothing of members; what members chose moves with a merge.
SkillAdmin.actions = [merge_proposals]  # type: ignore[misc]


@admin.register(Member)
class MemberAdmin(admin.ModelAdmin[Member]):
    list_display = ["__str__", "email", "organisation", "country", "city", "is_guide", "is_active", "joined_at"]
    list_filter = ["is_active", "is_staff", "organisation", "country", ("onboarded_at", admin.EmptyFieldListFilter)]
    list_select_related = ["organisation"]
    search_fields = ["email", "name", "folded"]
    date_hierarchy = "joined_at"
    ordering = ["folded", "id"]
    actions = ["close", "reopen"]
    shown = [
        "email", "name", "organisation", "country", "city", "timezone", "language", "profession", "about", "seen_by",
        "guide_capacity", "guide_paused", "is_active", "joined_at", "onboarded_at", "last_login",
    ]  # fmt: skip
    keys = ["is_staff", "is_superuser", "groups"]
    fields = [*shown, *keys]
    filter_horizontal = ["groups"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People join by themselves, or by `import_members`."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What members wrote in rooms and booked stays; an account is closed instead."""
        return False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        has_all_keys = request.user.is_superuser and obj is not None and obj.pk != request.user.pk
        return self.shown if has_all_keys else [*self.shown, *self.keys]

    def save_model(self, request: HttpRequest, obj: Member, form: Any, change: bool) -> None:
        by = request.user
        if form.changed_data and isinstance(by, Member):
            actions.entrust(member=obj, by=by, **{key: form.cleaned_data[key] for key in self.keys})

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The action has written the groups already."""

    @admin.display(boolean=True)
    def is_guide(self, member: Member) -> bool:
        return member.is_guide

    @admin.action(description=_("Close the account"), permissions=["change"])
    def close(self, request: HttpRequest, members: QuerySet[Member]) -> None:
        """Except one's own, and those who have more keys than the one who asks."""
        others = members.exclude(pk=request.user.pk or 0)
        if not request.user.is_superuser:
            others = others.filter(is_staff=False, is_superuser=False)
        self._tell(request, [actions.close_account(member=member, at=timezone.now()) for member in others])

    @admin.action(description=_("Open the account again"), permissions=["change"])
    def reopen(self, request: HttpRequest, members: QuerySet[Member]) -> None:
        if not request.user.is_superuser:
            members = members.filter(is_staff=False, is_superuser=False)
        self._tell(request, [actions.reopen_account(member=member, at=timezone.now()) for member in members])

    def _tell(self, request: HttpRequest, done: list[Member]) -> None:
        self.message_user(request, ", ".join(map(str, done)) or str(_("Nothing was changed.")), messages.SUCCESS)


class OrganisationForm(forms.ModelForm[Organisation]):
    class Meta:
        model = Organisation
        fields = ["name", "slug", "country", "timezone", "is_open"]

    def clean_country(self) -> str:
        country: str = self.cleaned_data["country"].upper()
        if country not in countries():
            raise ValidationError(_("This is not a country that we know."), code="unknown_country")
        return country

    def clean_timezone(self) -> str:
        zone: str = self.cleaned_data["timezone"]
        if zone not in zones():
            raise ValidationError(_("This is not a time zone that we know."), code="unknown_timezone")
        return zone


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin[Organisation]):
    """Changed by those who have all keys."""

    form = OrganisationForm
    list_display = ["name", "slug", "country", "timezone", "is_open", "members_count"]
    list_filter = ["is_open", "country"]
    search_fields = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Organisation]:
        return super().get_queryset(request).annotate(members_count=Count("members"))

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return {} if obj else self.prepopulated_fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Its history belongs to it; an organisation is closed to newcomers instead."""
        return False

    def save_model(self, request: HttpRequest, obj: Organisation, form: Any, change: bool) -> None:
        values = {name: form.cleaned_data[name] for name in OrganisationForm.Meta.fields}
        obj.pk = actions.keep_organisation(organisation=obj if change else None, **values).pk

    @admin.display(ordering="members_count")
    def members_count(self, organisation: Any) -> int:
        return int(organisation.members_count)
