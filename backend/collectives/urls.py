"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.collectives.views import CollectiveView

router = SimpleRouter()
router.register("collectives", CollectiveView, basename="collective")
urlpatterns = router.urls
