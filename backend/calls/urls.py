"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.calls.views import CallView

router = SimpleRouter()
router.register("calls", CallView, basename="call")
urlpatterns = router.urls
