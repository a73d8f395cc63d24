"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.decisions.coming_views import ComingView
from backend.decisions.delegation_views import DelegationsView
from backend.decisions.views import DecisionView

router = SimpleRouter()
router.register("decisions", DecisionView, basename="decision")
urlpatterns = [
    path("collectives/<int:number>/coming/", ComingView.as_view(), name="collective-coming"),
    path("delegations/", DelegationsView.as_view(), name="delegations"),
    *router.urls,
]
