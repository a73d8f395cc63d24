"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.notices.views import NoticeView

router = SimpleRouter()
router.register("notices", NoticeView, basename="notice")
urlpatterns = router.urls
