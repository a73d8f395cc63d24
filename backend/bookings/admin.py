"""Looking after places, resources and bookings, by the same actions as everywhere."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.bookings import actions, blackouts, sharing, terms, upkeep
from backend.bookings.models import Allocation, Booking, Place, Resource, Rule
from backend.errors import Refusal
from backend.media import clean_photo

WIDE, HIGH = 1200, 800


class WithPhoto(forms.ModelForm[Any]):
    """Cleans an uploaded photo as the API does: decoded, cut to 3:2, encoded anew."""

    def clean_photo(self) -> Any:
        photo = self.cleaned_data.get("photo")
        if not photo or "photo" not in self.changed_data:
            return photo
        try:
            photo.seek(0)
            return clean_photo(photo, size=photo.size, side=WIDE, height=HIGH)
        except Refusal as refusal:
            detail = refusal.extra.get("fields", {}).get("photo", [{"detail": refusal.detail}])[0]["detail"]
            raise forms.ValidationError(detail) from refusal


class ThroughActions(admin.ModelAdmin[Any]):
    """What an action refuses is said on the form's page, and nothing of the form is stored."""

    form = WithPhoto

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refusal as refusal:
            self.message_user(request, " ".join(_words(refusal)), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())


def _words(refusal: Refusal) -> Iterator[str]:
    """What is refused, in sentences: of each field, or as a whole."""
    fields = refusal.extra.get("fields", {})
    yield from (problem["detail"] for found in fields.values() for problem in found)
    if not fields:
        yield refusal.detail


@admin.register(Place)
class PlaceAdmin(ThroughActions):
    list_display = ["name", "city", "country", "organisation", "timezone", "is_active"]
    list_filter = ["organisation", "country", "is_active"]
    search_fields = ["name", "city", "address"]
    list_select_related = ["organisation"]

    def save_model(self, request: HttpRequest, obj: Place, form: Any, change: bool) -> None:
        """With another organisation come its rules."""
        if not change:
            super().save_model(request, obj, form, change)
            return
        facts = {name: getattr(obj, name) for name in form.changed_data if not Place._meta.get_field(name).many_to_many}
        here = list(obj.resources.select_related("place").select_for_update(of=("self",)).order_by("pk"))
        was = set().union(*map(sharing.settled_kinds, here)) if "organisation" in facts else set()
        sharing.change_place(member=request.user, place=obj, **facts)  # type: ignore[arg-type]
        if "organisation" in facts:
            for thing in here:
                thing.place = obj
            terms.settle(here, dropped=was)


@admin.register(Resource)
class ResourceAdmin(ThroughActions):
    list_display = ["name", "kind", "place", "capacity", "is_active"]
    list_filter = ["kind", "place__organisation", "is_active"]
    search_fields = ["name", "place__name", "place__city"]
    list_select_related = ["place"]
    autocomplete_fields = ["place"]

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        """By the actions of its hosts: facts, then units, then rules of its own."""
        staff: Any = request.user
        ruled = {name: what for what, names in terms.COLUMNS.items() for name in names}
        asked = form.changed_data if change else list(form.cleaned_data)
        own = {ruled[name] for name in form.changed_data if name in ruled}
        facts = {name: getattr(obj, name) for name in asked if name not in ruled and name != "capacity"}
        columns = {what: {name: getattr(obj, name) for name in terms.COLUMNS[what]} for what in own}
        if change:
            stored = sharing.change_resource(member=staff, resource=obj, **facts)
            if "capacity" in asked:
                blackouts.set_capacity(member=staff, resource=stored, capacity=obj.capacity, at=timezone.now())
        else:
            stored = sharing.add_resource(member=staff, capacity=obj.capacity, **facts)
        for what, given in sorted(columns.items()):
            if None not in given.values():
                upkeep.add_rule(member=staff, what=what, terms_given=given, resource=stored.pk)
            else:
                for rule in Rule.objects.filter(resource=stored, what=what, is_active=True):
                    upkeep.remove_rule(member=staff, rule=rule)
        obj.pk = stored.pk
        obj.refresh_from_db()


class AllocationInline(admin.TabularInline[Allocation, Booking]):
    model = Allocation
    fields = ["resource", "busy_from", "busy_until", "quantity", "active", "exclusive"]
    readonly_fields = ["resource", "busy_from", "busy_until", "quantity", "active", "exclusive"]
    can_delete = False
    extra = 0

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Booking)
class BookingAdmin(admin.ModelAdmin[Booking]):
    """To read, and to cancel."""

    list_display = ["id", "title", "member", "collective", "starts_at", "ends_at", "status"]
    list_filter = ["status", "starts_at"]
    search_fields = ["title", "member__name", "collective__name", "allocations__resource__name"]
    list_select_related = ["member", "collective"]
    inlines = [AllocationInline]
    actions = ["cancel"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_cancel_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("bookings.change_booking"))

    @admin.action(description="Cancel the selected bookings", permissions=["cancel"])
    def cancel(self, request: HttpRequest, queryset: QuerySet[Booking]) -> None:
        for booking in queryset.order_by("pk"):
            try:
                actions.cancel(member=request.user, booking=booking, at=timezone.now())  # type: ignore[arg-type]
            except Refusal as refusal:
                self.message_user(request, f"{booking}: {refusal.detail}", messages.ERROR)
            else:
                self.message_user(request, f"{booking}: {_('cancelled')}", messages.SUCCESS)
