"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.bookings.blackout_views import BlackoutView, CapacityView, DamageView
from backend.bookings.feed_views import BookingIcsView, FeedView
from backend.bookings.series_views import BookingSeriesView, CancelSeriesView, SeriesView
from backend.bookings.views import BookingView, CalendarView, PlaceView, ResourceView
from backend.bookings.waiting_views import WaitView

router = SimpleRouter()
router.register("places", PlaceView, basename="place")
router.register("resources", ResourceView, basename="resource")
router.register("bookings", BookingView, basename="booking")
router.register("booking-series", SeriesView, basename="booking-series")
router.register("feeds", FeedView, basename="feed")
router.register("waits", WaitView, basename="wait")
router.register("blackouts", BlackoutView, basename="blackout")
router.register("damages", DamageView, basename="damage")

urlpatterns = [
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("resources/<int:pk>/capacity/", CapacityView.as_view(), name="resource-capacity"),
    path("bookings/<int:pk>/ics/", BookingIcsView.as_view(), name="booking-ics"),
    path("bookings/<int:pk>/series/", BookingSeriesView.as_view(), name="booking-series-of"),
    path("bookings/<int:pk>/cancel-series/", CancelSeriesView.as_view(), name="booking-series-cancel"),
    *router.urls,
]
