"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.conversations.views import MentionView, MessageSearchView, RoomView

router = SimpleRouter()
router.register("rooms", RoomView, basename="room")
router.register("messages", MessageSearchView, basename="message")
router.register("mentions", MentionView, basename="mention")
urlpatterns = router.urls
