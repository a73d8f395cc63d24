"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.consultations.views import (
    ConsultationView,
    DropThemeView,
    PlaceView,
    RecommendationsView,
    RecommendationView,
    SupportView,
    ThemeView,
)

router = SimpleRouter()
router.register("consultations", ConsultationView, basename="consultation")
ONE = "consultations/<int:number>/"
SAID = f"{ONE}recommendations/<int:recommendation>/"
urlpatterns = [
    path(f"{ONE}recommendations/", RecommendationsView.as_view(), name="recommendations"),
    path(SAID, RecommendationView.as_view(), name="recommendation"),
    path(f"{SAID}support/", SupportView.as_view(), name="recommendation-support"),
    path(f"{SAID}place/", PlaceView.as_view(), name="recommendation-place"),
    path(f"{ONE}themes/<int:theme>/", ThemeView.as_view(), name="consultation-theme"),
    path(f"{ONE}themes/<int:theme>/drop/", DropThemeView.as_view(), name="consultation-theme-drop"),
    *router.urls,
]
