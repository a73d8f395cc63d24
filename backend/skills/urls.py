"""Addresses of this room, below /api/."""

from rest_framework.routers import SimpleRouter

from backend.skills.views import ProfessionView, SectorView, SkillView

router = SimpleRouter()
router.register("skills", SkillView, basename="skill")
router.register("sectors", SectorView, basename="sector")
router.register("professions", ProfessionView, basename="profession")
urlpatterns = router.urls
