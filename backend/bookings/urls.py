"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.bookings.blackout_views import BlackoutView, CapacityView, DamageView
from backend.bookings.feed_views import BookingIcsView, FeedView
from backend.bookings.figures_views import FiguresTableView, FiguresView
from backend.bookings.hosting_views import (
    ExceptionView,
    ExemptionView,
    HostedPlaceView,
    HostedThingsView,
    HostedThingView,
    HostingView,
    HostsView,
    HoursView,
    PartsView,
    RuleView,
    UnitsView,
)
from backend.bookings.induction_views import GrantView, InductionView, SessionView
from backend.bookings.labels import LabelView
from backend.bookings.photo_views import HostedManualView, ManualView, PhotosView, PhotoView
from backend.bookings.series_views import BookingSeriesView, CancelSeriesView, SeriesView
from backend.bookings.use_views import (
    CheckInView,
    CheckOutView,
    CodeView,
    ConditionView,
    HandOverView,
    ReturnView,
    TodayView,
    UsedBookingView,
)
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
router.register("rules", RuleView, basename="rule")
router.register("exemptions", ExemptionView, basename="exemption")
router.register("inductions", InductionView, basename="induction")
router.register("induction-sessions", SessionView, basename="induction-session")
router.register("induction-grants", GrantView, basename="induction-grant")

urlpatterns = [
    path("hosting/", HostingView.as_view(), name="hosting"),
    path("hosting/places/<int:pk>/", HostedPlaceView.as_view(), name="hosting-place"),
    path("hosting/places/<int:pk>/photo/", PhotoView.as_view(of="place"), name="hosting-place-photo"),
    path("hosting/places/<int:pk>/photos/", PhotosView.as_view(of="place"), name="hosting-place-photos"),
    path("hosting/places/<int:pk>/hosts/", HostsView.as_view(), name="hosting-place-hosts"),
    path("hosting/resources/", HostedThingsView.as_view(), name="hosting-resources"),
    path("hosting/resources/<int:pk>/", HostedThingView.as_view(), name="hosting-resource"),
    path("hosting/resources/<int:pk>/parts/", PartsView.as_view(), name="hosting-resource-parts"),
    path("hosting/resources/<int:pk>/photo/", PhotoView.as_view(), name="hosting-resource-photo"),
    path("hosting/resources/<int:pk>/photos/", PhotosView.as_view(), name="hosting-resource-photos"),
    path("hosting/resources/<int:pk>/manual/", HostedManualView.as_view(), name="hosting-resource-manual"),
    path("hosting/resources/<int:pk>/units/", UnitsView.as_view(), name="hosting-resource-units"),
    path("opening-exceptions/<int:pk>/", ExceptionView.as_view(), name="opening-exception"),
    path("places/<int:pk>/hours/", HoursView.as_view(), name="place-hours"),
    path("calendar/", CalendarView.as_view(), name="calendar"),
    path("resources/<int:pk>/manual/", ManualView.as_view(), name="resource-manual"),
    path("resources/<int:pk>/label/", LabelView.as_view(), name="resource-label"),
    path("resources/<int:pk>/capacity/", CapacityView.as_view(), name="resource-capacity"),
    path("bookings/<int:pk>/ics/", BookingIcsView.as_view(), name="booking-ics"),
    path("bookings/<int:pk>/series/", BookingSeriesView.as_view(), name="booking-series-of"),
    path("bookings/<int:pk>/cancel-series/", CancelSeriesView.as_view(), name="booking-series-cancel"),
    path("bookings/<int:pk>/use/", UsedBookingView.as_view(), name="booking-use"),
    path("bookings/<int:pk>/check-in/", CheckInView.as_view(), name="booking-check-in"),
    path("bookings/<int:pk>/check-out/", CheckOutView.as_view(), name="booking-check-out"),
    path("bookings/<int:pk>/hand-over/", HandOverView.as_view(), name="booking-hand-over"),
    path("handovers/<int:pk>/return/", ReturnView.as_view(), name="handover-return"),
    path("handovers/<int:pk>/report/", ConditionView.as_view(), name="handover-report"),
    path("hosting/figures/", FiguresView.as_view(), name="hosting-figures"),
    path("hosting/figures.csv", FiguresTableView.as_view(), name="hosting-figures-table"),
    path("hosting/today/", TodayView.as_view(), name="hosting-today"),
    path("use/<str:code>/", CodeView.as_view(), name="use"),
    *router.urls,
]
