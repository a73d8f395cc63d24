"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.decisions.coming_views import ComingView
from backend.decisions.views import DecisionView

router = SimpleRouter()
router.register("decisions", DecisionView, basename="decision")
urlpatterns = [
    path("collectives/<int:number>/coming/", ComingView.as_view(), name="collective-coming"),
    *router.urls,
]
