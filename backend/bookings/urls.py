"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.bookings.views import BookingView, CalendarView, PlaceView, ResourceView

router = SimpleRouter()
router.register("places", PlaceView, basename="place")
router.register("resources", ResourceView, basename="resource")
router.register("bookings", BookingView, basename="booking")

urlpatterns = [path("calendar/", CalendarView.as_view(), name="calendar"), *router.urls]
