"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.collectives.note_views import NoteView
from backend.collectives.views import CollectiveView

router = SimpleRouter()
router.register("collectives", CollectiveView, basename="collective")
router.register("notes", NoteView, basename="note")
urlpatterns = router.urls
