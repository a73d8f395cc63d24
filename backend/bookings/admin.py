"""Looking after places, resources and bookings. Bookings are changed by the same actions as everywhere."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from backend.bookings import actions, terms
from backend.bookings.availability import most_held
from backend.bookings.models import Allocation, Booking, Place, Resource
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


class ResourceForm(WithPhoto):
    def clean_capacity(self) -> int:
        """Fewer units than are booked at once would break promises; asked under the lock that booking takes."""
        units: int = self.cleaned_data["capacity"]
        if self.instance.pk is not None:
            Resource.objects.select_for_update(no_key=True).get(pk=self.instance.pk)
            held = most_held(self.instance.pk, timezone.now())
            if units < held:
                raise forms.ValidationError(_("%(held)d are booked at the same time.") % {"held": held})
        return units


@admin.register(Place)
class PlaceAdmin(admin.ModelAdmin[Place]):
    form = WithPhoto
    list_display = ["name", "city", "country", "organisation", "timezone", "is_active"]
    list_filter = ["organisation", "country", "is_active"]
    search_fields = ["name", "city", "address"]
    list_select_related = ["organisation"]


@admin.register(Resource)
class ResourceAdmin(admin.ModelAdmin[Resource]):
    form = ResourceForm
    list_display = ["name", "kind", "place", "capacity", "is_active"]
    list_filter = ["kind", "place__organisation", "is_active"]
    search_fields = ["name", "place__name", "place__city"]
    list_select_related = ["place"]
    autocomplete_fields = ["place"]

    def save_model(self, request: HttpRequest, obj: Resource, form: Any, change: bool) -> None:
        """What is set here are rules of the resource itself."""
        super().save_model(request, obj, form, change)
        terms.write_down_own([obj], form.changed_data if change else None)


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
