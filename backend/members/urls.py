"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.members.reach_views import MyReachView, ReachView
from backend.members.views import (
    AwayView,
    BlockView,
    MemberView,
    MeView,
    OnboardView,
    OrganisationView,
    PhotoView,
    RegionView,
    SessionView,
    TownView,
)

router = SimpleRouter()
router.register("members", MemberView, basename="member")
router.register("me/away", AwayView, basename="me-away")
router.register("blocks", BlockView, basename="block")
router.register("organisations", OrganisationView, basename="organisation")
urlpatterns = [
    path("session/", SessionView.as_view(), name="session"),
    path("towns/", TownView.as_view(), name="towns"),
    path("regions/", RegionView.as_view(), name="regions"),
    path("me/", MeView.as_view(), name="me"),
    path("me/onboard/", OnboardView.as_view(), name="me-onboard"),
    path("me/reach/", MyReachView.as_view(), name="me-reach"),
    path("reach/", ReachView.as_view(), name="reach"),
    path("me/photo/", PhotoView.as_view(), name="me-photo"),
    *router.urls,
]
