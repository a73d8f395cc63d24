"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.mentoring.views import MentorshipRequestView, MentorshipView

router = SimpleRouter()
router.register("mentorship-requests", MentorshipRequestView, basename="mentorship-request")
router.register("mentorships", MentorshipView, basename="mentorship")
urlpatterns = router.urls
