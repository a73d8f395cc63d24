"""Addresses of this room, below /api/."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from backend.mentoring.circle_views import CircleView
from backend.mentoring.cohort_views import CohortView, ProgrammeView
from backend.mentoring.giving_views import CertificatesView, CertificateView, GivingView, TheirGivingView
from backend.mentoring.guiding_views import (
    CollectiveGuidingView,
    GuideWaitView,
    GuidingView,
    MyGuidingView,
    TrainingView,
)
from backend.mentoring.open_hours_views import OpenHourView
from backend.mentoring.pulse_views import HelpCallView, HelpersView, PulseView
from backend.mentoring.suggestion_views import (
    CollaboratorsView,
    DismissalView,
    HelpingView,
    ShownView,
    SuggestionsView,
    SuggestionView,
)
from backend.mentoring.team_views import CompleteView
from backend.mentoring.views import MentorshipRequestView, MentorshipView
from backend.mentoring.weight_views import DecideView, LearnView, WeightsView, WeighView

router = SimpleRouter()
router.register("mentorship-requests", MentorshipRequestView, basename="mentorship-request")
router.register("mentorships", MentorshipView, basename="mentorship")
router.register("dismissals", DismissalView, basename="dismissal")
router.register("open-hours", OpenHourView, basename="open-hour")
router.register("guide-waits", GuideWaitView, basename="guide-wait")
router.register("programmes", ProgrammeView, basename="programme")
router.register("cohorts", CohortView, basename="cohort")
router.register("pulses", PulseView, basename="pulse")
router.register("help-calls", HelpCallView, basename="help-call")
router.register("circles", CircleView, basename="circle")
urlpatterns = [
    path("mentorships/<int:mentorship>/helpers/", HelpersView.as_view(), name="helpers"),
    path("giving/", GivingView.as_view(), name="giving"),
    path("members/<int:member>/giving/", TheirGivingView.as_view(), name="their-giving"),
    path("certificates/", CertificatesView.as_view(), name="certificates"),
    path("certificates/<str:number>/", CertificateView.as_view(), name="certificate"),
    path("suggestions/", SuggestionsView.as_view(), name="suggestions"),
    path("suggestions/shown/", ShownView.as_view(), name="shown"),
    path("weights/", WeightsView.as_view(), name="weights"),
    path("programmes/<int:programme>/weights/", WeighView.as_view(), name="weigh"),
    path("programmes/<int:programme>/weights/learn/", LearnView.as_view(), name="learn"),
    path("programmes/<int:programme>/weights/decide/", DecideView.as_view(), name="decide-weights"),
    path("helping/", HelpingView.as_view(), name="helping"),
    path("suggestions/<int:member>/", SuggestionView.as_view(), name="suggestion"),
    path("me/guiding/", MyGuidingView.as_view(), name="my-guiding"),
    path("me/guiding/training/<slug:key>/", TrainingView.as_view(), name="training"),
    path("members/<int:member>/guiding/", GuidingView.as_view(), name="guiding"),
    path("collectives/<int:collective>/guiding/", CollectiveGuidingView.as_view(), name="collective-guiding"),
    path("collectives/<int:collective>/complete/", CompleteView.as_view(), name="complete"),
    path("collaborators/", CollaboratorsView.as_view(), name="collaborators"),
    *router.urls,
]
