"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.conversations.views import RoomView

router = SimpleRouter()
router.register("rooms", RoomView, basename="room")
urlpatterns = router.urls
