"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.decisions.views import DecisionView

router = SimpleRouter()
router.register("decisions", DecisionView, basename="decision")
urlpatterns = router.urls
